/* story.c
 * The rows of the story, made in one pass over the segments. Only the rows that are shown are kept: the first ones, and
 * the last ones in a ring.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "story.h"

/* A run of ordinary segments longer than RUN is folded: all but its first two and its last. */
enum { RUN = 6, RUN_HEAD = 2 };

/* The shortest gap that counts as silence: the next one is tried where this one makes too many rows. */
static const int64_t silences[] = { 1000000000, 10000000000, 60000000000, 600000000000, 3600000000000 };

typedef struct building {
    const tcpshake_story_source *source;
    int64_t                      silence;
    bool                         is_last_try;
    GArray                      *head;
    tcpshake_row                *tail; /* a ring of source->tail */
    uint64_t                     rows; /* with those that are left out */
    tcpshake_row                 left_out;
    tcpshake_row                 run[RUN];   /* ordinary segments without a row so far */
    unsigned                     run_length; /* more than RUN: folded, and run[RUN_HEAD + 1] is its last */
    tcpshake_row                 stretch;
    int64_t                      previous; /* time of the segment before */
    uint32_t                     finding;  /* of the conversation's: those before were about segments, or have a row */
    const tcpshake_conversation *numbered; /* whose numbers these are */
    uint32_t                     base[TCPSHAKE_ENDS];
    bool                         has_base[TCPSHAKE_ENDS];
} building;

/* ---- rows ---- */

static void
count(tcpshake_story_facts *facts, const tcpshake_row *row)
{
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        facts->segments[end] += row->facts.segments[end];
        facts->bytes[end] += row->facts.bytes[end];
    }
}

static void
leave_out(building *to, const tcpshake_row *row)
{
    if (to->left_out.segment.frame == 0)
        to->left_out.segment = row->segment;
    count(&to->left_out.facts, row);
    to->left_out.facts.number += row->view.finding_count;
    if (row->kind == TCPSHAKE_ROW_ARROW || row->kind == TCPSHAKE_ROW_STRETCH)
        to->left_out.view = row->view;
}

static void
add_row(building *to, const tcpshake_row *row)
{
    const tcpshake_story_source *const source = to->source;

    if (to->rows < source->head) {
        g_array_append_vals(to->head, row, 1);
    } else {
        tcpshake_row *const place = &to->tail[(to->rows - source->head) % source->tail];
        if (to->rows >= (uint64_t)source->head + source->tail)
            leave_out(to, place);
        *place = *row;
    }
    to->rows++;
}

static bool
is_too_long(const building *to)
{
    return to->rows > (uint64_t)to->source->head + to->source->tail;
}

/* ---- runs of ordinary segments ---- */

static void
fold_in(building *to, const tcpshake_row *row)
{
    tcpshake_row *const stretch = &to->stretch;

    if (stretch->segment.frame == 0) {
        *stretch = *row;
        stretch->kind = TCPSHAKE_ROW_STRETCH;
        stretch->facts.conversation = to->source->conversation;
    } else {
        const int64_t before = stretch->facts.duration + stretch->segment.time;
        const int64_t gap = row->segment.time - before;
        if (gap >= silences[0] && gap > stretch->facts.longest)
            stretch->facts.longest = gap;
        count(&stretch->facts, row);
        stretch->view = row->view;
    }
    stretch->facts.duration = row->segment.time - stretch->segment.time;
    stretch->last_frame = row->segment.frame;
}

static void
add_to_run(building *to, const tcpshake_row *row)
{
    enum { LAST = RUN_HEAD + 1 };

    if (to->run_length < RUN) {
        to->run[to->run_length] = *row;
    } else if (to->run_length == RUN) {
        for (unsigned i = RUN_HEAD; i < RUN; i++)
            fold_in(to, &to->run[i]);
        to->run[LAST] = *row;
    } else {
        fold_in(to, &to->run[LAST]);
        to->run[LAST] = *row;
    }
    to->run_length++;
}

static void
end_run(building *to)
{
    if (to->run_length <= RUN) {
        for (unsigned i = 0; i < to->run_length; i++)
            add_row(to, &to->run[i]);
    } else {
        for (unsigned i = 0; i < RUN_HEAD; i++)
            add_row(to, &to->run[i]);
        add_row(to, &to->stretch);
        add_row(to, &to->run[RUN_HEAD + 1]);
    }
    to->run_length = 0;
    to->stretch.segment.frame = 0;
}

static bool
is_ordinary(const tcpshake_row *row)
{
    const tcpshake_view *const view = &row->view;

    return !view->steps && !view->finding_count && view->client_state == view->client_before &&
           view->server_state == view->server_before &&
           !(row->segment.flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST));
}

/* ---- rows without a segment ---- */

/* The findings on frames before this one that hold no segment of the conversation: ICMP errors. */
static void
add_errors(building *to, uint32_t before)
{
    const tcpshake_finding *const found = tcpshake_first_finding(to->source->conversation);
    const uint32_t                all = tcpshake_finding_count(to->source->conversation);

    while (to->finding < all && found[to->finding].frame < before) {
        const uint32_t frame = found[to->finding].frame;
        tcpshake_row   row = { .kind = TCPSHAKE_ROW_ERROR, .segment.frame = frame, .segment.time = to->previous };
        for (; to->finding < all && found[to->finding].frame == frame; to->finding++)
            if (row.view.finding_count < TCPSHAKE_VIEW_FINDINGS)
                row.view.findings[row.view.finding_count++] = found[to->finding];
        end_run(to);
        add_row(to, &row);
    }
}

static void
pass_findings(building *to, uint32_t frame)
{
    const tcpshake_finding *const found = tcpshake_first_finding(to->source->conversation);
    const uint32_t                all = tcpshake_finding_count(to->source->conversation);

    while (to->finding < all && found[to->finding].frame == frame)
        to->finding++;
}

static void
add_silence(building *to, int64_t duration)
{
    const tcpshake_row row = { .kind = TCPSHAKE_ROW_SILENCE, .segment.time = to->previous, .facts.duration = duration };

    end_run(to);
    add_row(to, &row);
}

/* ---- segments ---- */

/* Relative to the initial number. Without one, the first number seen counts as 1, as in Wireshark. */
static void
number(building *to, tcpshake_row *row)
{
    const tcpshake_segment *const segment = &row->segment;
    const int                     from = segment->from, peer = TCPSHAKE_OTHER(from);

    if (!to->has_base[from])
        to->base[from] = segment->seq - (segment->flags & TCPSHAKE_SYN ? 0 : 1);
    to->has_base[from] = true;
    if (!to->has_base[peer] && segment->flags & TCPSHAKE_ACK) {
        to->base[peer] = segment->ack - 1;
        to->has_base[peer] = true;
    }
    row->seq = segment->flags & TCPSHAKE_SYN
                   ? 0
                   : segment->seq - to->base[from]; /* even if another SYN changed the number later */
    row->ack = segment->flags & TCPSHAKE_ACK ? segment->ack - to->base[peer] : 0;
}

static void
begin_numbers(building *to, const tcpshake_conversation *conversation)
{
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        to->has_base[end] = (conversation->end[end].flags & TCPSHAKE_END_HAS_ISN) != 0;
        to->base[end] = conversation->end[end].isn;
    }
    to->numbered = conversation;
}

static void
add_segment(building *to, const tcpshake_segment *segment)
{
    tcpshake_row                       row = { .kind = TCPSHAKE_ROW_ARROW, .segment = *segment };
    const tcpshake_conversation *const own = tcpshake_conversation_at(to->source->conversation, segment->frame);

    if (own != to->numbered)
        begin_numbers(to, own);
    tcpshake_view_segment(to->source->conversation, segment, to->source->limits, &to->source->knowledge, &row.view);
    row.facts.segments[segment->from] = 1;
    row.facts.bytes[segment->from] = segment->length;
    number(to, &row);
    add_errors(to, segment->frame);
    pass_findings(to, segment->frame);
    if (to->previous != INT64_MIN && segment->time - to->previous >= to->silence)
        add_silence(to, segment->time - to->previous);
    to->previous = segment->time;
    if (is_ordinary(&row)) {
        add_to_run(to, &row);
    } else {
        end_run(to);
        add_row(to, &row);
    }
}

/* False if there are too many rows, and another try is left. */
static bool
build(building *to)
{
    tcpshake_segment_log_reader reader;
    tcpshake_segment            segment;

    tcpshake_segment_log_read(&reader, to->source->segment_log);
    while (tcpshake_segment_log_next(&reader, &segment)) {
        add_segment(to, &segment);
        if (is_too_long(to) && !to->is_last_try)
            return false;
    }
    add_errors(to, UINT32_MAX);
    end_run(to);
    return to->is_last_try || !is_too_long(to);
}

static GArray *
join(building *from)
{
    const uint64_t room = from->source->head + (uint64_t)from->source->tail;
    const uint64_t shown =
        from->rows > from->source->head ? MIN(from->rows - from->source->head, from->source->tail) : 0;
    const uint64_t first = is_too_long(from) ? from->rows - from->source->head : 0;

    if (from->rows > room) {
        from->left_out.kind = TCPSHAKE_ROW_LEFT_OUT;
        from->left_out.facts.conversation = from->source->conversation;
        g_array_append_val(from->head, from->left_out);
    }
    for (uint64_t i = 0; i < shown; i++)
        g_array_append_vals(from->head, &from->tail[(first + i) % from->source->tail], 1);
    return from->head;
}

static GArray *
rows_of(const tcpshake_story_source *source)
{
    GArray *rows = NULL;

    for (unsigned try = 0; !rows; try++) {
        building *const to = g_new0(building, 1);
        *to = (building){
            .source = source,
            .silence = silences[try],
            .is_last_try = try + 1 == G_N_ELEMENTS(silences),
            .head = g_array_new(FALSE, FALSE, sizeof(tcpshake_row)),
            .tail = g_new(tcpshake_row, source->tail),
            .previous = INT64_MIN,
        };
        if (build(to))
            rows = join(to);
        else
            g_array_free(to->head, TRUE);
        g_free(to->tail);
        g_free(to);
    }
    return rows;
}

tcpshake_story *
tcpshake_story_new(const tcpshake_story_source *source)
{
    tcpshake_story *const       story = g_new0(tcpshake_story, 1);
    tcpshake_segment_log_reader reader;
    tcpshake_segment            segment;

    story->source = source;
    tcpshake_summarise(source->conversation, source->limits, &source->knowledge, NULL, &story->summary);
    story->whole = (tcpshake_story_facts){
        .conversation = source->conversation,
        .summary = &story->summary,
        .name = source->causes[story->summary.reset_cause],
        .duration = tcpshake_last(source->conversation).time - source->conversation->first.time,
        .goes_on = !source->knowledge.hindsight,
    };
    tcpshake_segment_log_read(&reader, source->segment_log);
    while (tcpshake_segment_log_next(&reader, &segment)) {
        story->whole.segments[segment.from]++;
        story->whole.bytes[segment.from] += segment.length;
        story->whole.number += segment.captured != TCPSHAKE_CAPTURED_WHOLE;
    }
    tcpshake_measure_path_delay(source->segment_log, story->path_delay);
    story->rows = rows_of(source);
    return story;
}

void
tcpshake_story_free(tcpshake_story *story)
{
    g_array_free(story->rows, TRUE);
    g_free(story);
}
