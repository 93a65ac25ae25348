/* text_window.h
 * Wireshark's windows of text with buttons.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TEXT_WINDOW_H
#define TCPSHAKE_TEXT_WINDOW_H

#include "../compat.h"

#include "../../text/phrases.h"

/* Wireshark remembers the size of a window by its title. */
funnel_text_window_t *tcpshake_open_text_window(tcpshake_phrase title, const char *text);

/* release is called with data when the window closes. */
void tcpshake_add_text_button(funnel_text_window_t *window, const char *label, funnel_bt_cb_t press, void *data,
                              void (*release)(void *data));

#endif /* TCPSHAKE_TEXT_WINDOW_H */
