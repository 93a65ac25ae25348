/* story_window.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "story_window.h"

#include "gathering.h"
#include "link.h"
#include "selection.h"
#include "temporary_file.h"
#include "text_window.h"
#include "../statistics/telling.h"

#include "../../text/phrases.h"

#include <epan/plugin_if.h>
#include <wsutil/report_message.h>

/* What the buttons of a window need. */
typedef struct story {
    tcpshake_link link;
    GString      *text;    /* as a terminal shows it */
    GString      *picture; /* SVG */
    unsigned      buttons; /* which have it */
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

static tcpshake_window_bool
show_conversation(funnel_text_window_t *window _U_, void *data)
{
    tcpshake_show_linked(&((const story *)data)->link);
    return true;
}

static tcpshake_window_bool
go_to_first(funnel_text_window_t *window _U_, void *data)
{
    const tcpshake_conversation *const now = tcpshake_follow_link(&((const story *)data)->link);

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
    told->buttons = array_length(buttons);
    for (unsigned i = 0; i < array_length(buttons); i++)
        tcpshake_add_text_button(window, tcpshake_phrase_text(buttons[i].label), buttons[i].press, told, release);
}

/* ---- windows ---- */

/* The segments of the selected conversation; or NULL, and why is said. */
static tcpshake_gathering *
gather_selected(uint32_t *stream)
{
    const tcpshake_selection  selection = tcpshake_selected();
    tcpshake_gathering *const gathering = selection.has_stream ? tcpshake_gather(selection.stream) : NULL;

    *stream = selection.stream;
    if (!gathering)
        tcpshake_open_text_window(
            TCPSHAKE_PHRASE_STORY_TITLE,
            tcpshake_phrase_text(selection.has_stream ? TCPSHAKE_PHRASE_NOT_READ : TCPSHAKE_PHRASE_NO_SEGMENT));
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
        .link = tcpshake_link_to(stream),
        .text = tcpshake_tell_text(stream, row, gathering->log),
        .picture = tcpshake_tell_picture(stream, row, gathering->log),
    };
    add_buttons(tcpshake_open_text_window(TCPSHAKE_PHRASE_STORY_TITLE, told->text->str), told);
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
