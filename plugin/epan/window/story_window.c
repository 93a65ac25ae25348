/* story_window.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "story_window.h"

#include "gathering.h"
#include "selection.h"
#include "temporary_file.h"
#include "../statistics/telling.h"
#include "../streams.h"

#include "../../text/phrases.h"

#include <epan/plugin_if.h>
#include <wsutil/report_message.h>

/* What the buttons of a window need. It may be open longer than the capture that it tells of. */
typedef struct story {
    uint32_t stream;
    int64_t  began;   /* when the conversation did: a stream of this number can be another one's by now */
    GString *text;    /* as a terminal shows it */
    GString *picture; /* SVG */
    unsigned buttons; /* which have it */
} story;

static void
open_picture(const GString *picture)
{
    GError           *error = NULL;
    const char *const path = tcpshake_write_temporary_file(".svg", picture, &error);

    if (path) {
        funnel_get_funnel_ops()->browser_open_data_file(path);
        return;
    }
    report_failure("%s", error->message);
    g_error_free(error);
}

/* ---- buttons ---- */

/* Its record now; or NULL, and that is said. */
static const tcpshake_conversation *
conversation_of(const story *told)
{
    const tcpshake_conversation *const now = tcpshake_stream_by_number(told->stream);

    if (now && now->first.frame && now->first.time == told->began)
        return now;
    report_warning("%s", tcpshake_phrase_text(TCPSHAKE_PHRASE_CAPTURE_IS_CLOSED));
    return NULL;
}

static tcpshake_window_bool
show_conversation(funnel_text_window_t *window _U_, void *data)
{
    const story *const told = data;

    if (conversation_of(told)) {
        char *const filter = g_strdup_printf("tcp.stream eq %" PRIu32, told->stream);
        plugin_if_apply_filter(filter, true);
        g_free(filter);
    }
    return true;
}

static tcpshake_window_bool
go_to_first(funnel_text_window_t *window _U_, void *data)
{
    const tcpshake_conversation *const now = conversation_of(data);

    if (now)
        plugin_if_goto_frame(now->first.frame);
    return true;
}

static tcpshake_window_bool
show_picture(funnel_text_window_t *window _U_, void *data)
{
    open_picture(((const story *)data)->picture);
    return true;
}

static tcpshake_window_bool
copy(funnel_text_window_t *window _U_, void *data)
{
    funnel_get_funnel_ops()->copy_to_clipboard(((const story *)data)->text);
    return true;
}

/* Their labels make the window wide enough for most of the story: nothing else does. */
static const struct {
    tcpshake_phrase label;
    funnel_bt_cb_t  press;
} buttons[] = {
    { TCPSHAKE_PHRASE_SHOW_CONVERSATION, show_conversation },
    { TCPSHAKE_PHRASE_GO_TO_FIRST, go_to_first },
    { TCPSHAKE_PHRASE_LADDER_IN_BROWSER, show_picture },
    { TCPSHAKE_PHRASE_COPY_STORY, copy },
};

/* The window closes, and lets go of it once for each button. */
static void
release(void *data)
{
    story *const told = data;

    if (--told->buttons > 0)
        return;
    g_string_free(told->text, TRUE);
    g_string_free(told->picture, TRUE);
    g_free(told);
}

static void
add_buttons(funnel_text_window_t *window, story *told)
{
    const funnel_ops_t *const ops = funnel_get_funnel_ops();

    told->buttons = array_length(buttons);
    for (unsigned i = 0; i < array_length(buttons); i++) {
        funnel_bt_t *const button = g_new0(funnel_bt_t, 1);
        *button = (funnel_bt_t){
            .tw = window, .func = buttons[i].press, .data = told, .free_fcn = g_free, .free_data_fcn = release
        };
        ops->add_button(window, button, tcpshake_phrase_text(buttons[i].label));
    }
}

/* ---- windows ---- */

/* Wireshark remembers the size of a window by its title, so all have the same. It takes what looks like HTML for HTML;
 * what is preformatted it does not wrap. */
static funnel_text_window_t *
open_window(const char *text)
{
    const funnel_ops_t *const   ops = funnel_get_funnel_ops();
    funnel_text_window_t *const window =
        ops->new_text_window(ops->ops_id, tcpshake_phrase_text(TCPSHAKE_PHRASE_STORY_TITLE));
    char *const escaped = g_markup_escape_text(text, -1);
    char *const html = g_strdup_printf("<html><body><pre>%s</pre></body></html>", escaped);

    ops->set_text(window, html);
    g_free(html);
    g_free(escaped);
    return window;
}

/* The segments of the selected conversation; or NULL, and why is said. */
static tcpshake_gathering *
gather_selected(uint32_t *stream)
{
    const tcpshake_selection  selection = tcpshake_selected();
    tcpshake_gathering *const gathering = selection.has_stream ? tcpshake_gather(selection.stream) : NULL;

    *stream = selection.stream;
    if (!gathering)
        open_window(tcpshake_phrase_text(selection.has_stream ? TCPSHAKE_PHRASE_NOT_READ : TCPSHAKE_PHRASE_NO_SEGMENT));
    return gathering;
}

void
tcpshake_show_story(void)
{
    uint32_t                  stream;
    tcpshake_gathering *const gathering = gather_selected(&stream);

    if (!gathering)
        return;
    const tcpshake_conversation_row *const row = tcpshake_conversation_list_at(gathering->rows, 0);
    story *const                           told = g_new0(story, 1);
    *told = (story){
        .stream = stream,
        .began = gathering->conversation->first.time,
        .text = tcpshake_tell_text(stream, row, gathering->log),
        .picture = tcpshake_tell_picture(stream, row, gathering->log),
    };
    add_buttons(open_window(told->text->str), told);
    tcpshake_gathering_free(gathering);
}

void
tcpshake_show_ladder(void)
{
    uint32_t                  stream;
    tcpshake_gathering *const gathering = gather_selected(&stream);

    if (!gathering)
        return;
    GString *const picture =
        tcpshake_tell_picture(stream, tcpshake_conversation_list_at(gathering->rows, 0), gathering->log);
    open_picture(picture);
    g_string_free(picture, TRUE);
    tcpshake_gathering_free(gathering);
}
