/* svg_parts.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "svg_parts.h"

#include "../width.h"

#include <string.h>

/* ---- text ---- */

void
tcpshake_svg_escape(GString *to, const char *text)
{
    for (; *text; text++) {
        switch (*text) {
        case '&': g_string_append(to, "&amp;"); break;
        case '<': g_string_append(to, "&lt;"); break;
        case '>': g_string_append(to, "&gt;"); break;
        case '"': g_string_append(to, "&quot;"); break;
        default:
            if ((unsigned char)*text >= ' ')
                g_string_append_c(to, *text);
        }
    }
}

/* Hundredths of the font's size, as wide as the widest font of the list draws them. */
static unsigned
hundredths(gunichar character)
{
    if (character >= 0x80)
        return tcpshake_char_width(character) * 60 > 100 ? 104 : tcpshake_char_width(character) * 84;
    if (strchr("ilj.,:;'|!", (int)character))
        return 34;
    if (strchr("mwMW@%", (int)character))
        return 98;
    if (strchr(" ()[]-/ftr", (int)character))
        return 42;
    return g_unichar_isupper(character) ? 72 : 64;
}

/* What fits into so many pixels, in hundredths. */
static unsigned
room(int width, const tcpshake_style *style)
{
    return (unsigned)(width * 100 / style->size * (style->bold ? 100 : 110) / 110);
}

int
tcpshake_svg_width(const tcpshake_style *style, const char *text)
{
    unsigned sum = 0;

    for (; *text; text = g_utf8_next_char(text))
        sum += hundredths(g_utf8_get_char(text));
    return (int)(sum * (unsigned)style->size / 100 * (style->bold ? 110 : 100) / 100 + 1);
}

void
tcpshake_svg_text(GString *to, int x, int y, const tcpshake_style *style, const char *text)
{
    g_string_append_printf(to, "<text x=\"%d\" y=\"%d\" font-size=\"%d\" fill=\"%s\" text-anchor=\"%s\"%s>", x, y,
                           style->size, style->colour, style->anchor, style->bold ? " font-weight=\"bold\"" : "");
    tcpshake_svg_escape(to, text);
    g_string_append(to, "</text>\n");
}

int
tcpshake_svg_paragraph(GString *to, int x, int y, int width, const tcpshake_style *style, const char *text)
{
    while (*text) {
        const char  *rest;
        const size_t length = tcpshake_break_line(text, room(width, style), hundredths, &rest);
        char *const  line = g_strndup(text, length);
        tcpshake_svg_text(to, x, y, style, line);
        g_free(line);
        text = rest;
        y += style->size * 4 / 3;
    }
    return y;
}

/* ---- shapes ---- */

void
tcpshake_svg_rectangle(GString *to, int x, int y, int width, int height, int round, const char *fill,
                       const char *stroke)
{
    g_string_append_printf(to,
                           "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"%s\" stroke=\"%s\"/>\n",
                           x, y, width, height, round, fill, stroke);
}

const char *
tcpshake_svg_severity_colour(tcpshake_severity severity)
{
    static const char *const colours[] = { [TCPSHAKE_CHAT] = FAINT, [TCPSHAKE_NOTE] = HINT, [TCPSHAKE_WARN] = ALARM };

    return colours[severity];
}

/* A triangle with an exclamation mark, a disc with an i, a ring. */
void
tcpshake_svg_sign(GString *to, int x, int y, tcpshake_severity severity)
{
    const char *const colour = tcpshake_svg_severity_colour(severity);

    switch (severity) {
    case TCPSHAKE_WARN:
        g_string_append_printf(to,
                               "<path d=\"M%d %dl7 13h-14z\" fill=\"%s\" stroke=\"%s\" stroke-linejoin=\"round\"/>"
                               "<path d=\"M%d %dv5m0 2v1\" stroke=\"#ffffff\" stroke-width=\"2\"/>\n",
                               x, y - 7, colour, colour, x, y - 3);
        break;
    case TCPSHAKE_NOTE:
        g_string_append_printf(to,
                               "<circle cx=\"%d\" cy=\"%d\" r=\"7\" fill=\"%s\"/>"
                               "<path d=\"M%d %dv1m0 2v5\" stroke=\"#ffffff\" stroke-width=\"2\"/>\n",
                               x, y, colour, x, y - 4);
        break;
    default:
        g_string_append_printf(
            to, "<circle cx=\"%d\" cy=\"%d\" r=\"5\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n", x, y, colour);
    }
}

const char *
tcpshake_svg_state_colour(tcpshake_state state)
{
    static const char *const colours[TCPSHAKE_STATES] = {
        [TCPSHAKE_UNKNOWN] = "#ffffff",
        [TCPSHAKE_CLOSED] = "#e1e5e9",
        [TCPSHAKE_LISTEN] = "#f2f4f6",
        /* opening: oranges */
        [TCPSHAKE_SYN_SENT] = "#ffe7b0",
        [TCPSHAKE_SYN_RECEIVED] = "#f7c45c",
        [TCPSHAKE_ESTABLISHED] = "#93d6c0",
        /* who closes first: blues, and orange-red at the end */
        [TCPSHAKE_FIN_WAIT_1] = "#c8e4f8",
        [TCPSHAKE_FIN_WAIT_2] = "#8fc6ed",
        [TCPSHAKE_CLOSING] = "#b7b2e2",
        [TCPSHAKE_TIME_WAIT] = "#f0a47c",
        /* who closes second: purples */
        [TCPSHAKE_CLOSE_WAIT] = "#efd0e2",
        [TCPSHAKE_LAST_ACK] = "#d79fc3",
    };

    return colours[state];
}
