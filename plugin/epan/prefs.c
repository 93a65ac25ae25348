/* prefs.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "prefs.h"

#include "fields/fields.h"
#include "statistics/tables/window_table.h"

#include "../text/phrases.h"
#include "../text/text.h"

#include <epan/prefs.h>
#include <wsutil/report_message.h>

enum {
    /* More than 15 years: longer than any capture; twice that, behind the latest time of capture_time.h, fits into 64
     * bits. */
    SECONDS_MAX = 500000000,
    SECOND = 1000000000 /* ns */
};

tcpshake_preferences tcpshake_prefs;

/* Wireshark edits whole numbers and texts, no fractions: a number of seconds is a text. */
static const struct {
    const char *name, *label, *sentence, *preset;
    int64_t    *duration; /* where a number of seconds goes */
    uint32_t   *count;    /* where any other number goes */
} limits[] = {
#define SECONDS(name)                              &tcpshake_prefs.limits.name, NULL
#define COUNT(name)                                NULL, &tcpshake_prefs.limits.name
#define LIMIT(name, preset, unit, label, sentence) { #name, label, sentence, #preset, unit(name) },
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
    const char        *seconds[array_length(limits)];
    unsigned           count[array_length(limits)];
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

/* "10", "0.5". -1: the text is no such number. */
static int64_t
read_seconds(const char *text)
{
    int64_t     whole = 0, fraction = 0;
    const char *at = text;

    for (; g_ascii_isdigit(*at); at++)
        whole = MIN(whole * 10 + (*at - '0'), SECONDS_MAX);
    if (*at == '.')
        at++;
    for (int64_t unit = SECOND / 10; g_ascii_isdigit(*at); at++, unit /= 10)
        fraction += (*at - '0') * unit;
    const bool is_number = *at == '\0' && at > text && g_ascii_isdigit(at[-1]);
    return is_number ? MIN(whole * SECOND + fraction, (int64_t)SECONDS_MAX * SECOND) : -1;
}

/* Wireshark takes any text, so the wrong ones are told here, each once. */
static int64_t
seconds_of(size_t limit)
{
    static char  *told[array_length(limits)];
    char *const   text = g_strstrip(g_strdup(edited.seconds[limit]));
    const int64_t duration = read_seconds(text);

    if (duration < 0 && g_strcmp0(told[limit], text) != 0)
        report_warning(tcpshake_phrase_text(TCPSHAKE_PHRASE_NO_SECONDS), limits[limit].name, text,
                       limits[limit].preset);
    g_free(told[limit]);
    told[limit] = text;
    return duration < 0 ? read_seconds(limits[limit].preset) : duration;
}

void
tcpshake_read_preferences(void)
{
    apply_language();
    for (size_t i = 0; i < array_length(limits); i++) {
        if (limits[i].duration)
            *limits[i].duration = seconds_of(i);
        else
            *limits[i].count = edited.count[i];
    }
    tcpshake_prefs.annotate_info = edited.annotate_info;
    tcpshake_prefs.chat_steps = edited.chat_steps;
}

void
tcpshake_register_preferences(void)
{
    module_t *module = prefs_register_protocol(proto_tcpshake, tcpshake_read_preferences);

    for (size_t i = 0; i < array_length(limits); i++) {
        if (limits[i].duration) {
            edited.seconds[i] = limits[i].preset;
            prefs_register_string_preference(module, limits[i].name, limits[i].label, limits[i].sentence,
                                             &edited.seconds[i]);
        } else {
            edited.count[i] = (unsigned)g_ascii_strtoull(limits[i].preset, NULL, 10);
            prefs_register_uint_preference(module, limits[i].name, limits[i].label, limits[i].sentence, 10,
                                           &edited.count[i]);
        }
    }
    for (size_t i = 0; i < array_length(switches); i++)
        prefs_register_bool_preference(module, switches[i].name, switches[i].label, switches[i].sentence,
                                       switches[i].value);
#define CHOICE(name, preset, label, sentence) \
    prefs_register_enum_preference(module, #name, label, sentence, &edited.name, name##s, false);
#include "prefs.def"
    tcpshake_read_preferences();
}
