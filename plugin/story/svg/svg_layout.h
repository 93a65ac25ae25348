/* svg_layout.h
 * Where the rows of the picture are.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_SVG_LAYOUT_H
#define TCPSHAKE_SVG_LAYOUT_H

#include "../story.h"

/* A row from top to bottom. */
typedef struct tcpshake_place {
    int  top, height;
    int  y;             /* the moment of its capture */
    int  leave, arrive; /* where the arrow begins and ends */
    bool crosses;       /* the arrow above or below it */
} tcpshake_place;

/* A state of an end, from y on to the next one. */
typedef struct tcpshake_bar {
    int     y;
    uint8_t state;
} tcpshake_bar;

typedef struct tcpshake_layout {
    tcpshake_place *places;      /* one a row */
    int             top, bottom; /* of the lifelines */
    GArray         *bars[2];     /* of tcpshake_bar: the client's, the server's */
} tcpshake_layout;

/* How many lines the steps and anomalies of a row take beside it. */
enum { NOTE_LINE = 17 };
int tcpshake_note_lines(const tcpshake_row *row);

void tcpshake_lay_out(tcpshake_layout *layout, const tcpshake_story *story, int top);
void tcpshake_layout_clear(tcpshake_layout *layout);

#endif /* TCPSHAKE_SVG_LAYOUT_H */
