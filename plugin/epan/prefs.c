/* prefs.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "prefs.h"

#include "fields/fields.h"
#include "statistics/tables/window_table.h"

#include "../text/text.h"

#include <epan/prefs.h>

/* More than 15 years: longer than any capture; and twice that, behind the latest time of capture_time.h, fits into 64
 * bits.
 */
enum { SECONDS_MAX = 500000000 };

tcpshake_preferences tcpshake_prefs;

/* Wireshark edits whole numbers; it knows no fractions in 4.0. */
static const struct {
    const char *name, *label, *sentence;
    unsigned    preset;
    int64_t    *duration; /* where a number of seconds goes */
    uint32_t   *count;    /* where any other number goes */
} limits[] = {
#define SECONDS(name)                              &tcpshake_prefs.limits.name, NULL
#define COUNT(name)                                NULL, &tcpshake_prefs.limits.name
#define LIMIT(name, preset, unit, label, sentence) { #name, label, sentence, preset, unit(name) },
#include "prefs.def"
};

/* The languages to choose from; below 0: the locale decides. */
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
    const char         *name, *label, *sentence;
    tcpshake_pref_bool *value;
} switches[] = {
#define SWITCH(name, label, sentence) { #name, label, sentence, &edited.name },
#include "prefs.def"
};

static void
apply_language(void)
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
    apply_language();
    tcpshake_prefs.annotate_info = edited.annotate_info;
    tcpshake_prefs.chat_steps = edited.chat_steps;
}

void
tcpshake_register_preferences(void)
{
    module_t *module = prefs_register_protocol(proto_tcpshake, tcpshake_read_preferences);

    for (size_t i = 0; i < array_length(limits); i++) {
        edited.limit[i] = limits[i].preset;
        prefs_register_uint_preference(module, limits[i].name, limits[i].label, limits[i].sentence, 10,
                                       &edited.limit[i]);
    }
    for (size_t i = 0; i < array_length(switches); i++)
        prefs_register_bool_preference(module, switches[i].name, switches[i].label, switches[i].sentence,
                                       switches[i].value);
#define CHOICE(name, preset, label, sentence) \
    prefs_register_enum_preference(module, #name, label, sentence, &edited.name, name##s, false);
#include "prefs.def"
    tcpshake_read_preferences();
}
