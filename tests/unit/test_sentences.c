/* test_sentences.c
 * The templates of all languages: each has the placeholders that its sentence is given, and is well formed. What is not
 * known is left out: no text contradicts itself.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "text/expand.h"
#include "text/phrases.h"
#include "text/text.h"

enum { ROOM = 512, DEPTH_MAX = 8 };

static const struct {
    const char *name;
    bool        is_role, is_number;
} placeholders[] = {
#define ROLE                          true, false
#define NAME                          true, false
#define NUMBER                        false, true
#define POSITIVE                      false, true
#define DURATION                      false, false
#define TEXT                          false, false
#define PLACEHOLDER(kind, type, name) { #name, kind },
#include "text/placeholders.def"
#undef PLACEHOLDER
#undef ROLE
#undef NAME
#undef NUMBER
#undef POSITIVE
#undef DURATION
#undef TEXT
};

static const char *const given_placeholders[TCPSHAKE_SENTENCES] = {
#define SENTENCE(name, placeholders) placeholders,
#include "text/sentences.def"
#undef SENTENCE
};

static const char *const conversions[TCPSHAKE_PHRASES] = {
#define PHRASE(name, conversions) conversions,
#include "text/phrases.def"
#undef PHRASE
};

/* ---- templates ---- */

static int
number_of(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(placeholders); i++)
        if (strcmp(placeholders[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* What sentences.def says: 1 << placeholder. */
static void
read_list(const char *list, uint32_t *all, uint32_t *unsure)
{
    char **const names = g_strsplit(list, " ", -1);

    *all = *unsure = 0;
    for (char **name = names; *name && **name; name++) {
        const bool may_be_unknown = g_str_has_suffix(*name, "?");
        if (may_be_unknown)
            (*name)[strlen(*name) - 1] = '\0';
        const int number = number_of(*name);
        g_assert_cmpint(number, >=, 0);
        *all |= 1u << number;
        *unsure |= may_be_unknown ? 1u << number : 0;
    }
    g_strfreev(names);
}

/* From behind the {; the placeholder's number. *end: behind the }. */
static int
read_placeholder(const char *at, const char **end)
{
    const char *const close = strchr(at, '}');
    char             *inside;

    g_assert_nonnull(close);
    inside = g_strndup(at, (gsize)(close - at));
    g_assert_null(strpbrk(inside, "{[]"));
    char **const parts = g_strsplit(inside, "|", -1);
    const guint  count = g_strv_length(parts);
    parts[0][0] = g_ascii_tolower(parts[0][0]);
    const int number = number_of(parts[0]);
    g_assert_cmpint(number, >=, 0);
    g_assert_true(count == 1 || count == 3); /* two words, or none */
    if (count == 3)
        g_assert_true(placeholders[number].is_role || placeholders[number].is_number);
    g_strfreev(parts);
    g_free(inside);
    *end = close + 1;
    return number;
}

/* *all: the placeholders; *bare: those that do not stand in brackets. A bracket without any would never be left out. */
static void
read_template(const char *at, uint32_t *all, uint32_t *bare)
{
    uint32_t inside[DEPTH_MAX] = { 0 };
    unsigned depth = 0;

    *all = *bare = 0;
    while (*at) {
        if (*at == '{') {
            const uint32_t bit = 1u << read_placeholder(at + 1, &at);
            *all |= bit;
            *bare |= depth == 0 ? bit : 0;
            inside[depth] |= bit;
            continue;
        }
        if (*at == '[') {
            g_assert_cmpuint(++depth, <, DEPTH_MAX);
            inside[depth] = 0;
        } else if (*at == ']') {
            g_assert_cmpuint(depth, >, 0);
            g_assert_cmpuint(inside[depth], !=, 0);
            depth--;
        }
        g_assert_cmpint(*at, !=, '}');
        at++;
    }
    g_assert_cmpuint(depth, ==, 0);
}

static void
test_templates(void)
{
    for (int language = 0; language < TCPSHAKE_LANGUAGES; language++)
        for (int i = 0; i < TCPSHAKE_SENTENCES; i++) {
            const tcpshake_sentence sentence = (tcpshake_sentence)i;
            const char *const template = tcpshake_sentence_template(sentence, (tcpshake_language)language);
            uint32_t all, bare, given, unsure;
            g_test_message("\"%s\"", template);
            g_assert_true(g_utf8_validate(template, -1, NULL));
            g_assert_cmpuint(strlen(template), >, 0);
            read_list(given_placeholders[i], &given, &unsure);
            read_template(template, &all, &bare);
            g_assert_cmphex(all, ==, given);
            g_assert_cmphex(bare & unsure, ==, 0);
        }
}

static void
test_phrases(void)
{
    for (int language = 0; language < TCPSHAKE_LANGUAGES; language++) {
        tcpshake_set_language((tcpshake_language)language);
        for (int i = 0; i < TCPSHAKE_PHRASES; i++) {
            const char *expected = conversions[i];
            const char *text = tcpshake_phrase_text((tcpshake_phrase)i);
            g_assert_cmpuint(strlen(text), >, 0);
            while ((text = strchr(text, '%'))) {
                g_assert_cmpint(text[1], ==, *expected);
                expected++;
                text += 2;
            }
            g_assert_cmpint(*expected, ==, '\0');
        }
    }
    tcpshake_set_language(TCPSHAKE_ENGLISH);
}

/* ---- expanding ---- */

static void
test_expanding(void)
{
    static const struct {
        const char *template, *text;
        tcpshake_arguments arguments;
    } rows[] = {
        { "plain", "plain", { 0 } },
        { "{frame}", "4294967295", { .frame = UINT32_MAX } },
        { "{number}", "0", { 0 } },
        { "{who}, {Who}, {role}",
          "the client, The client, server",
          { .who = TCPSHAKE_CLIENT, .role = TCPSHAKE_SERVER } },
        { "{Who} {who|holds|hold}", "Both ends hold", { .who = TCPSHAKE_BOTH } },
        { "{Who} {who|holds|hold}", "The server holds", { .who = TCPSHAKE_SERVER } },
        { "{bytes} {bytes|byte|bytes}", "1 byte", { .bytes = 1 } },
        { "{bytes} {bytes|byte|bytes}", "0 bytes", { 0 } },
        { "sent[ by {who}][ in {duration}]", "sent", { 0 } },
        { "sent[ by {who}][ in {duration}]", "sent by both ends", { .who = TCPSHAKE_BOTH, .duration = -1 } },
        { "a[ b {frame}[ c {first}] d]", "a", { .first = 1 } },
        { "a[ b {frame}[ c {first}] d]", "a b 1 d", { .frame = 1 } },
        { "a[ b {frame}[ c {first}] d]", "a b 1 c 2 d", { .frame = 1, .first = 2 } },
        { "[{name}: ]x", "x", { .name = "" } },
        { "[{name}: ]x", "n: x", { .name = "n" } },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        char text[ROOM] = "";
        tcpshake_expand(rows[i].template, &rows[i].arguments, text, sizeof text);
        g_assert_cmpstr(text, ==, rows[i].text);
    }
}

/* What has no room ends behind a word, and nothing follows. */
static void
test_cut(void)
{
    const tcpshake_arguments none = { 0 };
    char                     text[16] = "";

    tcpshake_expand("one two threefour", &none, text, sizeof text);
    g_assert_cmpstr(text, ==, "one two…");
    tcpshake_expand(" x", &none, text, sizeof text);
    g_assert_cmpstr(text, ==, "one two…");
    text[0] = '\0';
    tcpshake_expand("one two three 4", &none, text, sizeof text);
    g_assert_cmpstr(text, ==, "one two three 4");
}

static void
test_seconds(void)
{
    static const struct {
        int64_t     time;
        unsigned    decimals;
        const char *text;
    } rows[] = {
        { 0, 6, "0.000000" },
        { 1234567899, 6, "1.234567" },
        { 1234567899, 9, "1.234567899" },
        { -1, 9, "-0.000000001" },
        { -12345678900, 6, "-12.345678" },
        { INT64_MAX, 9, "9223372036.854775807" },
        { INT64_MIN, 9, "-9223372036.854775808" },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        char text[64];
        g_assert_cmpstr(tcpshake_text_seconds(rows[i].time, rows[i].decimals, text, sizeof text), ==, rows[i].text);
    }
}

/* ---- nothing contradicts itself ---- */

/* No end that is not there, no time that runs backwards, no frame that does not exist. */
static void
check_sense(const char *text)
{
    static const char *const nonsense[] = { "nobody", "the both", "both ends's", "frame 0", "프레임 0",
                                            "(null)", "{",        "}",           "[",       "]",
                                            "  ",     " ,",       "( ",          "; ;",     "::" };

    g_test_message("%s", text);
    for (unsigned i = 0; i < G_N_ELEMENTS(nonsense); i++)
        g_assert_null(strstr(text, nonsense[i]));
    for (const char *at = text; (at = strchr(at, '-')); at++)
        g_assert_false(g_ascii_isdigit(at[1]));
    g_assert_false(g_str_has_suffix(text, " "));
    g_assert_false(g_str_has_prefix(text, " "));
    g_assert_cmpuint(strlen(text), <, 240); /* what Wireshark shows of it */
}

/* A conversation of which nothing is known, or all. */
static tcpshake_conversation
conversation_of(bool known, tcpshake_role role, tcpshake_extra *extra)
{
    tcpshake_conversation c = { .opened_by = role, .closed_by = role, .time_wait_owner = role, .extra = extra };

    *extra = (tcpshake_extra){ .rare.reset_by = role };
    if (!known)
        return c;
    tcpshake_moment *const moments[] = { &c.syn,  &c.synack,        &c.ack,      &c.fin1,     &c.fin1_ack,
                                         &c.fin2, &extra->rare.rst, &c.fin2_ack, &c.time_wait };
    /* Each before the one before it: its clock is set back all the time. */
    for (unsigned i = 0; i < G_N_ELEMENTS(moments); i++)
        *moments[i] = (tcpshake_moment){ .time = -(int64_t)i * 4000000000, .frame = i + 1 };
    c.first = (tcpshake_moment){ .frame = 1 };
    c.end[0].last.time = -60000000000;
    c.last_frame = 10;
    return c;
}

static void
check_findings(const tcpshake_conversation *c, bool hindsight, int64_t duration)
{
    const tcpshake_knowledge knowledge = { .hindsight = hindsight };

    for (int anomaly = 0; anomaly < TCPSHAKE_ANOMALIES; anomaly++)
        for (unsigned value = 0; value < 3; value++) {
            tcpshake_finding finding = { .anomaly = (uint8_t)anomaly, .end = value & 1, .duration = duration };
            char             text[ROOM];
            memset(&finding.attempt, value == 2 ? 0 : (int)value, sizeof finding.attempt);
            check_sense(tcpshake_text_finding(c, &finding, &knowledge, text, sizeof text));
        }
}

static void
check_outcomes(const tcpshake_conversation *c, tcpshake_role role, bool hindsight, int64_t duration)
{
    const tcpshake_knowledge knowledge = { .hindsight = hindsight, .capture_end = c->first.time - 1 };
    tcpshake_summary         summary = {
                .opened_by = role,
                .closed_by = role,
                .reset_by = role,
                .time_wait_owner = role,
                .connection_time = duration,
                .reset_idle = duration,
                .time_wait_until = c->time_wait.time + duration,
    };
    const tcpshake_story_facts facts = { .conversation = c, .summary = &summary, .duration = duration, .clock = "now" };
    char                       text[2 * ROOM];

    for (summary.handshake = 0; summary.handshake <= TCPSHAKE_HANDSHAKE_NOT_CAPTURED; summary.handshake++)
        for (summary.teardown = 0; summary.teardown <= TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING; summary.teardown++) {
            check_sense(tcpshake_text_verdict(c, &summary, &knowledge, text, sizeof text));
            check_sense(tcpshake_text_story(TCPSHAKE_STORY_opened, &facts, text, sizeof text));
            check_sense(tcpshake_text_story(TCPSHAKE_STORY_closed, &facts, text, sizeof text));
            check_sense(tcpshake_text_story(TCPSHAKE_STORY_time_wait, &facts, text, sizeof text));
        }
    for (int cause = 0; cause <= TCPSHAKE_CAUSE_UNKNOWN; cause++) {
        summary.reset_cause = (uint8_t)cause;
        check_sense(tcpshake_text_reset_evidence(c, &summary, text, sizeof text));
    }
}

static void
test_sense(void)
{
    static const int64_t durations[] = { 41000000, 0, -1, -4000000, INT64_MIN };

    for (int language = 0; language < TCPSHAKE_LANGUAGES; language++) {
        tcpshake_set_language((tcpshake_language)language);
        for (int role = TCPSHAKE_NOBODY; role <= TCPSHAKE_BOTH; role++)
            for (unsigned i = 0; i < G_N_ELEMENTS(durations); i++)
                for (unsigned known = 0; known < 4; known++) {
                    tcpshake_extra              extra;
                    const tcpshake_conversation c = conversation_of(known & 1, (tcpshake_role)role, &extra);
                    check_findings(&c, known & 2, durations[i]);
                    check_outcomes(&c, (tcpshake_role)role, known & 2, MAX(durations[i], -4000000));
                }
    }
    tcpshake_set_language(TCPSHAKE_ENGLISH);
}

/* Each sentence by itself, with nothing known of what may not be. */
static void
test_unknowns(void)
{
    static const tcpshake_arguments nothing = { .who = TCPSHAKE_CLIENT,
                                                .other = TCPSHAKE_SERVER,
                                                .role = TCPSHAKE_CLIENT,
                                                .duration = -1,
                                                .longest = -1,
                                                .name = "n",
                                                .clock = "now",
                                                .evidence = "e" };

    for (int language = 0; language < TCPSHAKE_LANGUAGES; language++) {
        tcpshake_set_language((tcpshake_language)language);
        for (int sentence = 0; sentence < TCPSHAKE_SENTENCES; sentence++) {
            char text[ROOM] = "x";
            tcpshake_say((tcpshake_sentence)sentence, &nothing, text, sizeof text);
            g_strchomp(text); /* some are said before others */
            check_sense(text);
        }
    }
    tcpshake_set_language(TCPSHAKE_ENGLISH);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sentences/templates", test_templates);
    g_test_add_func("/sentences/phrases", test_phrases);
    g_test_add_func("/sentences/expanding", test_expanding);
    g_test_add_func("/sentences/cut", test_cut);
    g_test_add_func("/sentences/seconds", test_seconds);
    g_test_add_func("/sentences/sense", test_sense);
    g_test_add_func("/sentences/unknowns", test_unknowns);
    return g_test_run();
}
