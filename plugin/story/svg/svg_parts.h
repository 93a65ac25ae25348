/* svg_parts.h
 * The parts of the picture: the places of its columns, shapes, text and its width, colours.
 *
 * Coordinates are whole numbers, since the decimal point of printf() depends on the locale.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_SVG_PARTS_H
#define TCPSHAKE_SVG_PARTS_H

#include "../story.h"

/* From left to right. */
enum {
    PICTURE_WIDTH = 1100,
    MARGIN = 16,
    TIME_RIGHT = 100, /* where times end */
    BAR_WIDTH = 104,
    CLIENT_BAR = 110,
    CLIENT_LINE = CLIENT_BAR + BAR_WIDTH + 10,
    SERVER_LINE = CLIENT_LINE + 480,
    SERVER_BAR = SERVER_LINE + 10,
    NOTES = SERVER_BAR + BAR_WIDTH + 18,
    MIDDLE = (CLIENT_LINE + SERVER_LINE) / 2,
};

/* How text looks. */
typedef struct tcpshake_style {
    int         size; /* pixels */
    bool        bold;
    const char *colour;
    const char *anchor; /* "start", "middle", "end" */
} tcpshake_style;

#define INK   "#17212b"
#define FAINT "#5b6773"
#define ALARM "#b3380a" /* Okabe and Ito's vermilion, darker: legible as text */
#define HINT  "#00609c" /* their blue */

/* Text with what XML needs escaped; what XML cannot hold is left out. */
void tcpshake_svg_escape(GString *to, const char *text);

void tcpshake_svg_text(GString *to, int x, int y, const tcpshake_style *style, const char *text);

/* Lines of at most width pixels, the first at y, each STYLE's size and a third below the one before; returns
 * the y of the line after the last. */
int tcpshake_svg_paragraph(GString *to, int x, int y, int width, const tcpshake_style *style, const char *text);

/* The width in pixels, or a little more: fonts differ. */
int tcpshake_svg_width(const tcpshake_style *style, const char *text);

void tcpshake_svg_rectangle(GString *to, int x, int y, int width, int height, int round, const char *fill,
                            const char *stroke);

/* A sign of how severe it is, its middle at x and y: shapes differ, not only colours. */
void        tcpshake_svg_sign(GString *to, int x, int y, tcpshake_severity severity);
const char *tcpshake_svg_severity_colour(tcpshake_severity severity);

/* The colour of a state's bar: light enough for dark text, different in grey from the states before and after it. */
const char *tcpshake_svg_state_colour(tcpshake_state state);

#endif /* TCPSHAKE_SVG_PARTS_H */
