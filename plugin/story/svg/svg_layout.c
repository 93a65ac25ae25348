/* svg_layout.c
 * Rows follow each other; the time between them is not drawn to scale. An arrow passes the height of its row at the
 * moment of its capture: above it comes from its sender, below it goes on to its receiver, each part as high as the
 * delay on that side of the capture point. A row is high enough that a segment arrives before its answer leaves. Two
 * segments that were in flight at the same time reach so far into each other's rows that they cross.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "svg_layout.h"

#include "../../core/segment/seq.h"

enum {
    ARROW_HEIGHT = 56,
    STRETCH_HEIGHT = 76,
    BREAK_HEIGHT = 48,
    HEADROOM = 26,          /* for the states before the first row, and after the last */
    REACH = 20,             /* how far an arrow goes up or down from its row; two reaches and a line fit between rows */
    CROSSING_DISTANCE = 30, /* between two rows that cross, at least: room for their times */
    CROSSING_LEAVE = 4,     /* the second leaves that much before the first was captured, */
    CROSSING_ARRIVE = 20,   /* and the first arrives that much after the second was */
    BAR_MIN = 16,
};

int
tcpshake_note_lines(const tcpshake_row *row)
{
    int lines = (int)row->view.finding_count;

    for (unsigned steps = row->view.steps; steps; steps &= steps - 1)
        lines++;
    return lines;
}

static int
height_of(const tcpshake_row *row)
{
    const int notes = tcpshake_note_lines(row) * NOTE_LINE + 10;

    switch (row->kind) {
    case TCPSHAKE_ROW_ARROW: return MAX(ARROW_HEIGHT, notes);
    case TCPSHAKE_ROW_STRETCH: return STRETCH_HEIGHT;
    default: return MAX(BREAK_HEIGHT, notes);
    }
}

/* From a delay to pixels: a step for each tenfold, 10 us to 100 ms. */
static int
reach(int64_t delay)
{
    int pixels = 0;

    if (delay < 10000)
        return 0;
    for (int64_t at = 10000; at <= delay && pixels < REACH; at *= 10)
        pixels += REACH / 5;
    return pixels;
}

/* Whether the second left its end before the first arrived there. */
static bool
is_crossing(const tcpshake_story *story, const tcpshake_row *first, const tcpshake_row *second)
{
    const tcpshake_segment *const a = &first->segment, *const b = &second->segment;
    const int64_t delay = story->path_delay[b->from];

    if (first->kind != TCPSHAKE_ROW_ARROW || second->kind != TCPSHAKE_ROW_ARROW || a->from == b->from ||
        reach(delay) == 0)
        return false;
    if (b->flags & TCPSHAKE_ACK && !tcpshake_seq_lt(b->ack, a->seq + tcpshake_segment_span(a)) &&
        tcpshake_segment_span(a) > 0)
        return false; /* the second answers the first */
    const bool moves_receiver = a->from == story->source->conversation->client
                                    ? first->view.server_state != first->view.server_before
                                    : first->view.client_state != first->view.client_before;
    /* Less than four fifths of the way there and back. Times may be centuries apart: no product of one fits. */
    return !moves_receiver && (b->time - a->time) / 8 < delay / 5;
}

/* Moves them closer together than other rows, so that they cross well between the lifelines. */
static void
cross(tcpshake_place *first, tcpshake_place *second, int notes)
{
    const int distance = MAX(CROSSING_DISTANCE, notes * NOTE_LINE / 2 + 2);
    const int up = second->y - first->y - distance;

    if (up > 0) {
        second->top -= up;
        second->y -= up;
        second->arrive -= up;
    }
    second->leave = first->y - CROSSING_LEAVE;
    first->arrive = second->y + CROSSING_ARRIVE;
    first->crosses = second->crosses = true;
}

static void
place_rows(tcpshake_layout *layout, const tcpshake_story *story, int top)
{
    for (unsigned i = 0; i < story->rows->len; i++) {
        const tcpshake_row *const row = tcpshake_story_row(story, i), *const before =
                                                                          i ? tcpshake_story_row(story, i - 1) : NULL;
        tcpshake_place *const place = &layout->places[i];
        const uint8_t         from = row->segment.from;
        *place = (tcpshake_place){ .top = top, .height = height_of(row) };
        place->y = top + place->height / 2;
        place->leave = place->y - reach(story->path_delay[from]);
        place->arrive = place->y + reach(story->path_delay[TCPSHAKE_OTHER(from)]);
        /* Pairs only: three arrows would run through each other's labels. */
        if (before && !place[-1].crosses && is_crossing(story, before, row))
            cross(place - 1, place, tcpshake_note_lines(before) + tcpshake_note_lines(row));
        top = place->top + place->height;
    }
    layout->bottom = top + HEADROOM;
}

/* ---- bars ---- */

static void
change(GArray *bars, int y, uint8_t state)
{
    if (bars->len > 0) {
        const tcpshake_bar *const last = &g_array_index(bars, tcpshake_bar, bars->len - 1);
        if (last->state == state)
            return;
        y = MAX(y, last->y + BAR_MIN);
    }
    const tcpshake_bar bar = { y, state };
    g_array_append_val(bars, bar);
}

static void
draw_states(tcpshake_layout *layout, const tcpshake_story *story)
{
    for (unsigned i = 0; i < story->rows->len; i++) {
        const tcpshake_row *const   row = tcpshake_story_row(story, i);
        const tcpshake_place *const place = &layout->places[i];
        const tcpshake_view *const  view = &row->view;
        if (row->kind == TCPSHAKE_ROW_SILENCE || row->kind == TCPSHAKE_ROW_ERROR || row->kind == TCPSHAKE_ROW_LEFT_OUT)
            continue;
        const int  top = i == 0 ? layout->top : place->top;
        const bool by_client = view->sender == TCPSHAKE_CLIENT;
        change(layout->bars[0], top, view->client_before);
        change(layout->bars[1], top, view->server_before);
        change(layout->bars[0], by_client ? place->leave : place->arrive, view->client_state);
        change(layout->bars[1], by_client ? place->arrive : place->leave, view->server_state);
    }
}

void
tcpshake_lay_out(tcpshake_layout *layout, const tcpshake_story *story, int top)
{
    layout->places = g_new0(tcpshake_place, story->rows->len + 1);
    layout->top = top;
    for (int i = 0; i < 2; i++)
        layout->bars[i] = g_array_new(FALSE, FALSE, sizeof(tcpshake_bar));
    place_rows(layout, story, top + HEADROOM);
    draw_states(layout, story);
}

void
tcpshake_layout_clear(tcpshake_layout *layout)
{
    g_free(layout->places);
    for (int i = 0; i < 2; i++)
        g_array_free(layout->bars[i], TRUE);
}
