/* text.c
 * Says it in the language that is spoken.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "parts.h"

#include <string.h>

/* ---- languages ---- */

typedef struct tcpshake_sentences {
#define SAYS(name, parameters) void(*name) parameters;
#include "says.def"
#undef SAYS
} tcpshake_sentences;

static const tcpshake_sentences speakers[TCPSHAKE_LANGUAGES] = {
    [TCPSHAKE_ENGLISH] = {
#define SAYS(name, parameters) tcpshake_##name##_en,
#include "says.def"
#undef SAYS
    },
    [TCPSHAKE_KOREAN] = {
#define SAYS(name, parameters) tcpshake_##name##_ko,
#include "says.def"
#undef SAYS
    },
};

static const char *const codes[TCPSHAKE_LANGUAGES] = {
#define LANGUAGE(name, code) #code,
#include "languages.def"
#undef LANGUAGE
};

static tcpshake_language spoken = TCPSHAKE_ENGLISH;

void
tcpshake_set_language(tcpshake_language language)
{
    spoken = language;
}

tcpshake_language
tcpshake_current_language(void)
{
    return spoken;
}

tcpshake_language
tcpshake_language_among(const char *const *names)
{
    for (; *names; names++)
        for (int language = 0; language < TCPSHAKE_LANGUAGES; language++) {
            const size_t length = strlen(codes[language]);
            if (g_ascii_strncasecmp(*names, codes[language], length) == 0 && !g_ascii_isalpha((*names)[length]))
                return (tcpshake_language)language;
        }
    return TCPSHAKE_ENGLISH;
}

/* ---- why ---- */

typedef enum why {
#define WHY(name, english, korean) WHY_##name,
#include "whys.def"
#undef WHY
    WHYS
} why;

static const char *const whys[WHYS][TCPSHAKE_LANGUAGES] = {
#define WHY(name, english, korean) { english, korean },
#include "whys.def"
#undef WHY
};

/* Told at the step itself, not where it is repeated. */
static int
why_of(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view)
{
    const uint8_t state = view->sender == TCPSHAKE_CLIENT ? view->client_state : view->server_state;
    const struct {
        unsigned        step;
        tcpshake_moment at;
        int             why;
    } steps[] = {
        { TCPSHAKE_STEP_SYN, conversation->syn, WHY_number },
        { TCPSHAKE_STEP_SYN_ACK, conversation->synack, WHY_plus_one },
        { TCPSHAKE_STEP_ACK, conversation->ack, WHY_three },
        { TCPSHAKE_STEP_FIN1_ACK, conversation->fin1_ack, view->steps & TCPSHAKE_STEP_FIN2 ? WHY_in_one : WHY_four },
        { TCPSHAKE_STEP_FIN2_ACK, conversation->fin2_ack, state == TCPSHAKE_TIME_WAIT ? WHY_time_wait : WHYS },
        { TCPSHAKE_STEP_RST, conversation->rst, WHY_no_answer },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++)
        if (view->steps & steps[i].step && segment->frame == steps[i].at.frame)
            return steps[i].why;
    return WHYS;
}

const char *
tcpshake_text_why(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view,
                  char *text, size_t size)
{
    const int why = view->steps ? why_of(conversation, segment, view) : WHYS;

    text[0] = '\0';
    if (why != WHYS)
        tcpshake_append(text, size, "%s", whys[why][spoken]);
    return text;
}

/* ---- the rest, by the language itself ---- */

const char *
tcpshake_text_duration(int64_t duration, char *text, size_t size)
{
    /* A filter on the verdict asks for one duration on each segment of a conversation; numbers with a point are costly.
     */
    static char              last[TCPSHAKE_DURATION_SIZE];
    static int64_t           last_duration;
    static tcpshake_language last_spoken;

    if (!last[0] || duration != last_duration || spoken != last_spoken) {
        last[0] = '\0';
        speakers[spoken].say_duration(duration, last, sizeof last);
        last_duration = duration;
        last_spoken = spoken;
    }
    if (strlen(last) < size)
        return strcpy(text, last);
    text[0] = '\0';
    speakers[spoken].say_duration(duration, text, size); /* it knows where to cut */
    return text;
}

const char *
tcpshake_text_verdict(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                      const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    text[0] = '\0';
    speakers[spoken].say_verdict(conversation, summary, knowledge, text, size);
    return text;
}

const char *
tcpshake_text_note(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                   const tcpshake_view *view, char *text, size_t size)
{
    text[0] = '\0';
    if (view->steps)
        speakers[spoken].say_note(conversation, segment, view, text, size);
    return text;
}

const char *
tcpshake_text_finding(const tcpshake_conversation *conversation, const tcpshake_finding *finding,
                      const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    const tcpshake_sentence sentence = { conversation, finding, knowledge, text, size };

    text[0] = '\0';
    speakers[spoken].say_anomaly(&sentence);
    return text;
}

const char *
tcpshake_text_reset_evidence(const tcpshake_conversation *conversation, const tcpshake_summary *summary, char *text,
                             size_t size)
{
    text[0] = '\0';
    speakers[spoken].say_reset_evidence(conversation, summary, text, size);
    return text;
}

const char *
tcpshake_text_story(tcpshake_story_sentence sentence, const tcpshake_story_facts *facts, char *text, size_t size)
{
    text[0] = '\0';
    speakers[spoken].say_story(sentence, facts, text, size);
    return text;
}
