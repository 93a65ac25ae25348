/* width.h
 * How wide text is, in the cells of a terminal, and where to break it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_WIDTH_H
#define TCPSHAKE_WIDTH_H

#include <glib.h>

/* 2 for Korean, Chinese and Japanese, 0 for what combines with the character before it. */
unsigned tcpshake_char_width(gunichar character);
unsigned tcpshake_text_width(const char *text);

/* The bytes of the next line of at most width cells, broken at a space if there is one, or between characters; always
 * some, if text is not empty. *rest: where the next line begins. width_of() tells the width of a character.
 */
size_t tcpshake_break_line(const char *text, unsigned width, unsigned (*width_of)(gunichar), const char **rest);

/* Appends text and spaces up to width cells; before the text if at_right. */
void tcpshake_append_padded(GString *to, const char *text, unsigned width, gboolean at_right);

/* Appends the character count times. */
void tcpshake_append_repeated(GString *to, const char *character, unsigned count);

#endif /* TCPSHAKE_WIDTH_H */
