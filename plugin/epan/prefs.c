/* prefs.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "prefs.h"

#include "fields.h"

#include <epan/prefs.h>

tcpshake_preferences tcpshake_prefs;

/* As Wireshark edits them; it knows no fractions in 4.0, so that all are whole seconds. */
static struct {
    unsigned           msl, connection_timeout, slow_handshake;
    tcpshake_pref_bool annotate_info, chat_steps;
} edited = { .msl = 30, .connection_timeout = 10, .slow_handshake = 1 };

static const struct {
    const char *name, *title, *meaning;
    unsigned   *value;
    int64_t    *limit;
} seconds[] = {
    { "msl", "Maximum Segment Lifetime (seconds)",
      "How long a segment can live in the network. TIME-WAIT lasts twice as long (RFC 9293 section 3.4.2).",
      &edited.msl, &tcpshake_prefs.limits.msl },
    { "connection_timeout", "Connection Time limit (seconds)",
      "A handshake that takes longer, or has waited longer, is flagged as connection_timeout. 0 turns it off.",
      &edited.connection_timeout, &tcpshake_prefs.limits.connection_timeout },
    { "slow_handshake", "Slow handshake limit (seconds)",
      "A handshake that completes, but takes longer, is flagged as slow_handshake. 0 turns it off.",
      &edited.slow_handshake, &tcpshake_prefs.limits.slow_handshake },
};

static const struct {
    const char         *name, *title, *meaning;
    tcpshake_pref_bool *value;
} switches[] = {
    { "annotate_info", "Show the step and the states in the Info column",
      "Append what a segment does for the handshake or the teardown, and the states of both ends, to the Info column.",
      &edited.annotate_info },
    { "chat_steps", "Expert information for ordinary steps",
      "Add an expert information of severity Chat to each segment that performs a step of the handshake or the teardown.",
      &edited.chat_steps },
};

/* From what the user edits to what the core and the tree read; also runs once the saved preferences have been read. */
static void
apply(void)
{
    for (size_t i = 0; i < array_length(seconds); i++)
        *seconds[i].limit = (int64_t)*seconds[i].value * 1000000000;
    tcpshake_prefs.annotate_info = edited.annotate_info;
    tcpshake_prefs.chat_steps = edited.chat_steps;
}

void
tcpshake_register_preferences(void)
{
    module_t *module = prefs_register_protocol(proto_tcpshake, apply);

    for (size_t i = 0; i < array_length(seconds); i++)
        prefs_register_uint_preference(module, seconds[i].name, seconds[i].title, seconds[i].meaning, 10,
                                       seconds[i].value);
    for (size_t i = 0; i < array_length(switches); i++)
        prefs_register_bool_preference(module, switches[i].name, switches[i].title, switches[i].meaning,
                                       switches[i].value);
    apply();
}
