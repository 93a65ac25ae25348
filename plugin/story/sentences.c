/* sentences.c
 * What text and picture both say about a row.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "story.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CLOCK_SIZE = 48 };

const char *
tcpshake_clock_text(int64_t time, char *text, size_t size)
{
    static const int64_t SECOND = 1000000000;
    const int64_t        seconds = time / SECOND - (time % SECOND < 0);
    GDateTime *const     when = g_date_time_new_from_unix_utc(seconds);
    char *const          day = when ? g_date_time_format(when, "%Y-%m-%d %H:%M:%S") : NULL;

    if (day)
        snprintf(text, size, "%s.%03d UTC", day, (int)((time - seconds * SECOND) / 1000000));
    else
        snprintf(text, size, "%" PRId64 " s after 1970", seconds);
    g_free(day);
    if (when)
        g_date_time_unref(when);
    return text;
}

const char *
tcpshake_seconds_text(int64_t time, char *text, size_t size)
{
    const uint64_t microseconds = (uint64_t)(time < 0 ? -time : time) / 1000;

    snprintf(text, size, "%s%" PRIu64 ".%06u", time < 0 ? "-" : "", microseconds / 1000000,
             (unsigned)(microseconds % 1000000));
    return text;
}

const char *
tcpshake_story_say(const tcpshake_story *story, tcpshake_story_sentence sentence, char *text, size_t size)
{
    const bool           is_end = sentence == TCPSHAKE_STORY_time_wait;
    tcpshake_story_facts facts = story->whole;
    char                 clock[CLOCK_SIZE];

    facts.clock = tcpshake_clock_text(is_end ? story->summary.time_wait_until : facts.conversation->first.time, clock,
                                      sizeof clock);
    if (sentence == TCPSHAKE_STORY_slant)
        facts.duration = MAX(story->way[0], 0) + MAX(story->way[1], 0);
    return tcpshake_text_story(sentence, &facts, text, size);
}

const char *
tcpshake_story_say_end(const tcpshake_story *story, tcpshake_story_sentence sentence, int end, char *text, size_t size)
{
    tcpshake_story_facts facts = story->whole;

    facts.end = end;
    facts.name = story->teller->address[end];
    return tcpshake_text_story(sentence, &facts, text, size);
}

const char *
tcpshake_story_say_row(const tcpshake_row *row, tcpshake_story_sentence sentence, char *text, size_t size)
{
    return tcpshake_text_story(sentence, &row->facts, text, size);
}

const char *
tcpshake_story_verdict(const tcpshake_story *story, char *text, size_t size)
{
    return tcpshake_text_verdict(story->teller->conversation, &story->summary, &story->teller->knowledge, text, size);
}

const char *
tcpshake_flags_text(uint16_t flags, char *text, size_t size)
{
    static const struct {
        uint16_t    flag;
        const char *name;
    } names[] = {
        { TCPSHAKE_SYN, "SYN" }, { TCPSHAKE_FIN, "FIN" }, { TCPSHAKE_RST, "RST" }, { TCPSHAKE_PSH, "PSH" },
        { TCPSHAKE_ACK, "ACK" }, { TCPSHAKE_URG, "URG" }, { TCPSHAKE_ECE, "ECE" }, { TCPSHAKE_CWR, "CWR" },
    };

    text[0] = '\0';
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        if (!(flags & names[i].flag))
            continue;
        if (text[0])
            g_strlcat(text, ", ", size);
        g_strlcat(text, names[i].name, size);
    }
    if (!text[0])
        tcpshake_text_story(TCPSHAKE_STORY_no_flags, &(tcpshake_story_facts){ 0 }, text, size);
    return text;
}

const char *
tcpshake_numbers_text(const tcpshake_row *row, bool brief, char *text, size_t size)
{
    const char *const seq = brief ? "" : "seq=", *const ack = brief ? "/" : " ack=",
                      *const length = brief ? "+" : " len=";
    size_t                   used = (size_t)snprintf(text, size, "%s%" PRIu32, seq, row->seq);

    if (row->segment.flags & TCPSHAKE_ACK && used < size)
        used += (size_t)snprintf(text + used, size - used, "%s%" PRIu32, ack, row->ack);
    if (row->segment.length && used < size)
        snprintf(text + used, size - used, "%s%" PRIu32, length, row->segment.length);
    return text;
}
