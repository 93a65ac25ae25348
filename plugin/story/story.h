/* story.h
 * A conversation as a story: a row for each segment, with long stretches of data folded into one row and silences
 * marked. story_text.c and svg/ only draw rows.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_STORY_H
#define TCPSHAKE_STORY_H

#include "segment_log.h"

#include "../text/text.h"
#include "../core/outcome/verdict.h"

enum { TCPSHAKE_STEP_NAMES = 8 };

/* What the story is made from. */
typedef struct tcpshake_story_source {
    const tcpshake_conversation *conversation;
    const tcpshake_segment_log  *segment_log; /* all its segments */
    const tcpshake_limits       *limits;
    tcpshake_knowledge           knowledge;
    const char                  *title;                  /* "tcp.stream 0" */
    const char                  *address[TCPSHAKE_ENDS]; /* "10.0.0.1:80" */
    /* What the addresses and ports are at each of its twins, in their order. */
    const char *translated[TCPSHAKE_TWINS_MAX - 1];
    const char *causes[TCPSHAKE_CAUSE_UNKNOWN + 1]; /* names, by tcpshake_reset_cause; NULL: none to be told */
    const char *steps[TCPSHAKE_STEP_NAMES];         /* names, for the bits of tcpshake_view.steps */
    unsigned    head, tail;                         /* how many rows are shown if there are more than both */
} tcpshake_story_source;

typedef enum tcpshake_row_kind {
    TCPSHAKE_ROW_ARROW,    /* a segment: segment, view, seq, ack */
    TCPSHAKE_ROW_STRETCH,  /* ordinary segments: segment (the first), view (after the last), facts */
    TCPSHAKE_ROW_SILENCE,  /* facts */
    TCPSHAKE_ROW_ERROR,    /* an ICMP error: segment.frame, view.findings */
    TCPSHAKE_ROW_LEFT_OUT, /* the rows that are not shown: facts */
} tcpshake_row_kind;

typedef struct tcpshake_row {
    tcpshake_row_kind    kind;
    tcpshake_segment     segment;
    tcpshake_view        view;
    uint32_t             seq, ack;   /* relative, as Wireshark counts: a SYN has 0 */
    uint32_t             last_frame; /* of a stretch */
    tcpshake_story_facts facts;
} tcpshake_row;

typedef struct tcpshake_story {
    const tcpshake_story_source *source;
    tcpshake_summary             summary;
    GArray                      *rows;  /* of tcpshake_row */
    tcpshake_story_facts         whole; /* all segments */
    int64_t path_delay[TCPSHAKE_ENDS];  /* from the capture point to each end, ns; TCPSHAKE_NO_TIME: not known */
} tcpshake_story;

/* What the source points to must live as long. */
tcpshake_story *tcpshake_story_new(const tcpshake_story_source *source);
void            tcpshake_story_free(tcpshake_story *story);

static inline const tcpshake_row *
tcpshake_story_row(const tcpshake_story *story, unsigned index)
{
    return &g_array_index(story->rows, tcpshake_row, index);
}

/* Nanoseconds since the first segment. */
static inline int64_t
tcpshake_story_time(const tcpshake_story *story, const tcpshake_row *row)
{
    return row->segment.time - story->source->conversation->first.time;
}

/* A sentence about the whole story. */
const char *tcpshake_story_say(const tcpshake_story *story, tcpshake_story_sentence sentence, char *text, size_t size);

/* The same about one end. */
const char *tcpshake_story_say_end(const tcpshake_story *story, tcpshake_story_sentence sentence, int end, char *text,
                                   size_t size);

/* What it is at the nth other capture point, from 0 on: the stream of its twin there, or by how much its numbers
 * differ; false: there are no more. */
bool tcpshake_story_say_elsewhere(const tcpshake_story *story, unsigned nth, char *text, size_t size);

/* A sentence about a row. */
const char *tcpshake_story_say_row(const tcpshake_row *row, tcpshake_story_sentence sentence, char *text, size_t size);

const char *tcpshake_story_verdict(const tcpshake_story *story, char *text, size_t size);

/* The segment's flags, "SYN, ACK". */
const char *tcpshake_story_flags(const tcpshake_row *row, char *text, size_t size);

/* The segment's numbers, "seq=1 ack=1 len=100"; without these names if brief. */
const char *tcpshake_numbers_text(const tcpshake_row *row, bool brief, char *text, size_t size);

/* path_delay.c: the delay from the capture point to each end, measured from the log; ns, or TCPSHAKE_NO_TIME. */
void tcpshake_measure_path_delay(const tcpshake_segment_log *log, int64_t delay[TCPSHAKE_ENDS]);

#endif /* TCPSHAKE_STORY_H */
