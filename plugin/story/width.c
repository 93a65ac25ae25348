/* width.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "width.h"

#include <string.h>

unsigned
tcpshake_char_width(gunichar character)
{
    enum { DEL = 0x7f };

    if (character <= DEL) /* nearly all, and without a search in tables */
        return character >= ' ' && character != DEL;
    if (g_unichar_iszerowidth(character) || g_unichar_iscntrl(character))
        return 0;
    return g_unichar_iswide(character) ? 2 : 1;
}

unsigned
tcpshake_text_width(const char *text)
{
    unsigned width = 0;

    for (; *text; text = g_utf8_next_char(text))
        width += tcpshake_char_width(g_utf8_get_char(text));
    return width;
}

size_t
tcpshake_break_line(const char *text, unsigned width, unsigned (*width_of)(gunichar), const char **rest)
{
    const char *at = text, *space = NULL;
    unsigned    used = 0;

    for (; *at; at = g_utf8_next_char(at)) {
        const unsigned wide = width_of(g_utf8_get_char(at));
        if (*at == ' ')
            space = at;
        if (used + wide > width && at > text)
            break;
        used += wide;
    }
    if (!*at) {
        *rest = at;
        return (size_t)(at - text);
    }
    const char *const end = space && space > text ? space : at;
    for (*rest = end; **rest == ' '; (*rest)++)
        ;
    return (size_t)(end - text);
}

void
tcpshake_append_repeated(GString *to, const char *character, unsigned count)
{
    while (count-- > 0)
        g_string_append(to, character);
}

void
tcpshake_append_padded(GString *to, const char *text, unsigned width, gboolean at_right)
{
    const unsigned used = tcpshake_text_width(text), left = used < width ? width - used : 0;

    if (at_right)
        tcpshake_append_repeated(to, " ", left);
    g_string_append(to, text);
    if (!at_right)
        tcpshake_append_repeated(to, " ", left);
}
