/* prefs.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "prefs.h"

#include "fields/fields.h"
#include "statistics/tables/window_table.h"

#include "../text/text.h"

#include <epan/prefs.h>

enum { SECONDS_MAX = 1000000000 }; /* more than 30 years: longer than any capture, and no sum of times overflows */

tcpshake_preferences tcpshake_prefs;

#define LIMIT(member) &tcpshake_prefs.limits.member

/* Wireshark edits whole numbers; it knows no fractions in 4.0. */
static const struct {
    const char *name, *title, *meaning;
    unsigned    preset;
    int64_t    *duration; /* where it goes if it is a number of seconds */
    uint32_t   *count;    /* where it goes if it is not */
} limits[] = {
    { "msl", "Maximum Segment Lifetime (seconds)",
      "How long a segment can live in the network. TIME-WAIT lasts twice as long (RFC 9293 section 3.4.2).", 30,
      LIMIT(msl), NULL },
    { "connection_timeout", "Connection Time limit (seconds)",
      "A handshake that takes longer, or has waited longer, is flagged as connection_timeout. 0 turns it off.", 10,
      LIMIT(connection_timeout), NULL },
    { "slow_handshake", "Slow handshake limit (seconds)",
      "A handshake that completes, but takes longer, is flagged as slow_handshake. 0 turns it off.", 1,
      LIMIT(slow_handshake), NULL },
    { "socket_timeout", "Socket Timeout limit (seconds)",
      "A longer time between two segments of an open conversation is flagged as socket_timeout. 0 turns it off.", 60,
      LIMIT(socket_timeout), NULL },
    { "read_timeout", "Read Timeout limit (seconds)",
      "A request that waits longer for the first byte of its answer is flagged as read_timeout. 0 turns it off.", 10,
      LIMIT(read_timeout), NULL },
    { "close_wait_lingering", "CLOSE-WAIT limit (seconds)",
      "An end that does not close within this time after it has acknowledged its peer's FIN is flagged as "
      "close_wait_lingering. 0 turns it off.",
      10, LIMIT(close_wait_lingering), NULL },
    { "connection_lost", "Repetitions into silence",
      "An end that repeats itself this often, and hears nothing of its peer, is flagged as connection_lost. 0 turns it "
      "off.",
      3, NULL, LIMIT(connection_lost) },
    { "reset_storm", "RSTs in one conversation",
      "A conversation with this many RSTs is flagged as reset_storm. 0 turns it off.", 10, NULL, LIMIT(reset_storm) },
    { "fin_storm", "FINs in one conversation",
      "A conversation with this many FINs is flagged as fin_storm. 0 turns it off.", 10, NULL, LIMIT(fin_storm) },
    { "isn_predictable", "Connections with predictable sequence numbers",
      "A host whose initial sequence numbers repeat, or follow a constant step, over this many connections is flagged "
      "as "
      "isn_predictable. 0 turns it off.",
      5, NULL, LIMIT(isn_predictable) },
    { "syn_flood", "Half-open connections at once",
      "More half-open connections at once at one port of a server are flagged as syn_flood. 0 turns it off.", 100, NULL,
      LIMIT(syn_flood) },
    { "time_wait_exhaustion", "TIME-WAITs at once",
      "More connections of one host in TIME-WAIT at once towards one port of a server are flagged as "
      "time_wait_exhaustion. "
      "0 turns it off.",
      5000, NULL, LIMIT(time_wait_exhaustion) },
};

/* What the user chooses of; below 0: by locale. */
enum { AUTOMATIC = -1 };

static const enum_val_t languages[] = { { "automatic", "Automatic", AUTOMATIC },
                                        { "english", "English", TCPSHAKE_ENGLISH },
                                        { "korean", "한국어", TCPSHAKE_KOREAN },
                                        { NULL, NULL, 0 } };

/* As the user edits them. */
static struct {
    unsigned           limit[array_length(limits)];
    tcpshake_pref_bool annotate_info, chat_steps;
    int                language;
} edited = { .language = AUTOMATIC };

static const struct {
    const char         *name, *title, *meaning;
    tcpshake_pref_bool *value;
} switches[] = {
    { "annotate_info", "Show the step and the states in the Info column",
      "Append what a segment does for the handshake or the teardown, and the states of both ends, to the Info column.",
      &edited.annotate_info },
    { "chat_steps", "Expert information for ordinary steps",
      "Add an expert information of severity Chat to each segment that performs a step of the handshake or the "
      "teardown.",
      &edited.chat_steps },
};

static void
speak(void)
{
    const tcpshake_language language = edited.language == AUTOMATIC ? tcpshake_language_among(g_get_language_names())
                                                                    : (tcpshake_language)edited.language;

    if (language == tcpshake_current_language())
        return;
    tcpshake_set_language(language);
    tcpshake_title_windows();
}

void
tcpshake_read_preferences(void)
{
    for (size_t i = 0; i < array_length(limits); i++) {
        if (limits[i].duration)
            *limits[i].duration = (int64_t)MIN(edited.limit[i], SECONDS_MAX) * 1000000000;
        else
            *limits[i].count = edited.limit[i];
    }
    speak();
    tcpshake_prefs.annotate_info = edited.annotate_info;
    tcpshake_prefs.chat_steps = edited.chat_steps;
}

void
tcpshake_register_preferences(void)
{
    module_t *module = prefs_register_protocol(proto_tcpshake, tcpshake_read_preferences);

    for (size_t i = 0; i < array_length(limits); i++) {
        edited.limit[i] = limits[i].preset;
        prefs_register_uint_preference(module, limits[i].name, limits[i].title, limits[i].meaning, 10,
                                       &edited.limit[i]);
    }
    for (size_t i = 0; i < array_length(switches); i++)
        prefs_register_bool_preference(module, switches[i].name, switches[i].title, switches[i].meaning,
                                       switches[i].value);
    prefs_register_enum_preference(
        module, "language", "Language of notes and messages",
        "In which language notes, messages, stories and statistics are written. Names of fields, "
        "states and anomalies stay English. Automatic: as the locale says.",
        &edited.language, languages, false);
    tcpshake_read_preferences();
}
