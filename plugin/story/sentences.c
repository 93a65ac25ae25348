/* sentences.c
 * What text and picture both say about the story and its rows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "story.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { CLOCK_SIZE = 48, NUMBERS_SIZE = 240 };

const char *
tcpshake_story_say(const tcpshake_story *story, tcpshake_story_sentence sentence, char *text, size_t size)
{
    const bool           is_end = sentence == TCPSHAKE_STORY_time_wait;
    tcpshake_story_facts facts = story->whole;
    char                 clock[CLOCK_SIZE];

    facts.clock = tcpshake_text_clock(is_end ? story->summary.time_wait_until : facts.conversation->first.time, clock,
                                      sizeof clock);
    if (sentence == TCPSHAKE_STORY_slant)
        facts.duration = MAX(story->path_delay[0], 0) + MAX(story->path_delay[1], 0);
    return tcpshake_text_story(sentence, &facts, text, size);
}

const char *
tcpshake_story_say_end(const tcpshake_story *story, tcpshake_story_sentence sentence, int end, char *text, size_t size)
{
    tcpshake_story_facts facts = story->whole;

    facts.end = end;
    facts.name = story->source->address[end];
    return tcpshake_text_story(sentence, &facts, text, size);
}

static void
say_twin(const tcpshake_story *story, const tcpshake_twin *twin, const char *translated, char *text, size_t size)
{
    tcpshake_story_facts facts = story->whole;

    facts.number = twin->stream;
    facts.name = translated;
    /* Less than a millisecond is the path, not the clock. */
    if (!tcpshake_twin_clock(story->source->conversation, twin, &facts.duration) ||
        (facts.duration < TCPSHAKE_MILLISECOND && facts.duration > -TCPSHAKE_MILLISECOND))
        facts.duration = 0;
    tcpshake_text_story(TCPSHAKE_STORY_twin, &facts, text, size);
}

static bool
say_numbers(const tcpshake_story *story, unsigned nth, char *text, size_t size)
{
    const tcpshake_conversation *const conversation = story->source->conversation;
    tcpshake_story_facts               facts = story->whole;
    tcpshake_numbering                 there;
    char                               numbers[NUMBERS_SIZE];

    if (!tcpshake_tell_numbering(conversation, nth, &there))
        return false;
    facts.name = tcpshake_text_numbering(conversation, &there, numbers, sizeof numbers);
    tcpshake_text_story(TCPSHAKE_STORY_renumbered, &facts, text, size);
    return true;
}

bool
tcpshake_story_say_elsewhere(const tcpshake_story *story, unsigned nth, char *text, size_t size)
{
    const tcpshake_conversation *const conversation = story->source->conversation;
    unsigned                           twins = 0;

    for (const tcpshake_twin *twin = NULL; (twin = tcpshake_next_twin(conversation, twin)) != NULL; twins++)
        if (twins == nth) {
            say_twin(story, twin, story->source->translated[nth], text, size);
            return true;
        }
    return say_numbers(story, nth - twins, text, size);
}

const char *
tcpshake_story_say_row(const tcpshake_row *row, tcpshake_story_sentence sentence, char *text, size_t size)
{
    return tcpshake_text_story(sentence, &row->facts, text, size);
}

const char *
tcpshake_story_verdict(const tcpshake_story *story, char *text, size_t size)
{
    return tcpshake_text_verdict(story->source->conversation, &story->summary, &story->source->knowledge, text, size);
}

const char *
tcpshake_story_flags(const tcpshake_row *row, char *text, size_t size)
{
    if (!tcpshake_text_flags(row->segment.flags, ", ", text, size)[0])
        tcpshake_text_story(TCPSHAKE_STORY_no_flags, &row->facts, text, size);
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
