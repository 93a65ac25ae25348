/* text_window.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text_window.h"

/* Wireshark takes what looks like HTML for HTML; what is preformatted it does not wrap. */
funnel_text_window_t *
tcpshake_open_text_window(tcpshake_phrase title, const char *text)
{
    const funnel_ops_t *const   ops = funnel_get_funnel_ops();
    funnel_text_window_t *const window = ops->new_text_window(ops->ops_id, tcpshake_phrase_text(title));
    char *const                 escaped = g_markup_escape_text(text, -1);
    char *const                 html = g_strdup_printf("<html><body><pre>%s</pre></body></html>", escaped);

    ops->set_text(window, html);
    g_free(html);
    g_free(escaped);
    return window;
}

void
tcpshake_add_text_button(funnel_text_window_t *window, const char *label, funnel_bt_cb_t press, void *data,
                         void (*release)(void *data))
{
    funnel_bt_t *const button = g_new0(funnel_bt_t, 1);

    *button = (funnel_bt_t){ .tw = window, .func = press, .data = data, .free_fcn = g_free, .free_data_fcn = release };
    funnel_get_funnel_ops()->add_button(window, button, label);
}
