/* calls.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "calls.h"

#include "export_call.h"
#include "filter_call.h"
#include "../../text/phrases.h"
#include "../capture.h"
#include "../frames.h"
#include "../last_frame.h"
#include "story_calls.h"
#include "tap_conv.h"
#include "tap_hosts.h"
#include "tap_tree.h"
#include "../capture_state.h"

#include <epan/tap.h>
#include <wsutil/report_message.h>

#include <gmodule.h>
#include <stdlib.h>

/* Each stands in the file of its name. */
static const tcpshake_call_kind *const kinds[] = { &tcpshake_tree_call,   &tcpshake_conv_call,
                                                   &tcpshake_hosts_call,  &tcpshake_story_call,
                                                   &tcpshake_ladder_call, &tcpshake_export_call,
                                                   &tcpshake_filter_call, NULL };

bool
tcpshake_has_windows(void)
{
    void    *symbol = NULL;
    GModule *self = g_module_open(NULL, G_MODULE_BIND_LAZY);
    bool     found =
        self && g_module_symbol(self, "qVersion", &symbol); /* Qt's, and what Wireshark's windows are made of */

    if (self)
        g_module_close(self);
    return found;
}

/* While calls draw, others have not: the program ends when all have. */
static bool is_drawing, has_failed;

void
tcpshake_call_is_over(void)
{
    if (tcpshake_has_windows())
        return;
    if (is_drawing)
        has_failed = true;
    else
        exit(EXIT_FAILURE);
}

void
tcpshake_call_failed(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    report_failure("%s", text);
    g_free(text);
    tcpshake_call_is_over();
}

/* ---- what Wireshark calls ---- */

static GPtrArray *under_way; /* all calls */

static void
clear(tcpshake_call *call)
{
    tcpshake_conversation_list_clear(call->gathered);
    if (call->kind->restart)
        call->kind->restart(call);
    call->begun = false;
}

/* The capture is about to be read again. */
static void
reset(void *data)
{
    tcpshake_call *call = data;

    clear(call);
    call->restarted = true;
    call->incomplete = false;
}

/* The conversations are about to go. tshark's -M does that again and again while it reads, and so does a change to the
 * next file of a ring; then even a call whose filter nothing has passed does not know how the conversations began. */
static void
forget(void)
{
    for (unsigned i = 0; i < under_way->len; i++) {
        tcpshake_call *const call = g_ptr_array_index(under_way, i);
        if (call->begun || (tcpshake_capture_hosts() && !call->restarted))
            call->incomplete = true;
        clear(call);
    }
}

static tap_packet_status
take(void *data, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *tapped, tap_flags_t flags _U_)
{
    tcpshake_call *call = data;
    bool           is_new;

    call->begun = true;
    call->restarted = false;
    if (call->kind->take)
        call->kind->take(call, tapped);
    else
        tcpshake_conversation_list_add(call->gathered, tapped, &is_new);
    return call->in_window ? TAP_PACKET_REDRAW : TAP_PACKET_DONT_REDRAW;
}

static void
give_up(const tcpshake_call *call)
{
    if (call->incomplete)
        tcpshake_call_failed(tcpshake_phrase_text(TCPSHAKE_PHRASE_INCOMPLETE), call->kind->name);
    else
        tcpshake_call_is_over();
}

/* Wireshark draws every few seconds, before it has opened a capture too; and it begins the calls of its command line
 * when the capture there was read already. */
static bool
has_read(tcpshake_call *call)
{
    const funnel_ops_t *const ops = funnel_get_funnel_ops();

    if (!tcpshake_capture_is_read())
        return false;
    if (!call->begun && !call->read_again && ops) {
        call->read_again = true;
        ops->retap_packets(ops->ops_id);
    }
    return true;
}

static void
draw(void *data)
{
    tcpshake_call *call = data;

    if (call->in_window && !has_read(call))
        return;
    is_drawing = true;
    if (call->incomplete || tcpshake_frames_are_renumbered())
        give_up(call);
    else
        call->kind->draw(call);
    fflush(stdout);
    is_drawing = false;
}

/* tshark ends its calls when it has printed everything. Its own status would be 0 here. */
static void
finish(void *data)
{
    tcpshake_call *call = data;

    g_ptr_array_remove(under_way, call);
    if (call->kind->end)
        call->kind->end(call);
    tcpshake_conversation_list_free(call->gathered);
    g_free(call->argument);
    g_free(call);
    if (under_way->len == 0 && has_failed)
        tcpshake_call_is_over();
}

/* argument: all of it, "tcpshake,conv,ip.addr == 10.0.0.1". */
static void
begin(const char *argument, void *kind)
{
    const char *const rest = argument + strlen(((const tcpshake_call_kind *)kind)->name);

    if (*rest && *rest != ',') {
        tcpshake_call_failed(tcpshake_phrase_text(TCPSHAKE_PHRASE_NO_SUCH_CALL), argument);
        return;
    }
    tcpshake_call *const call = g_new0(tcpshake_call, 1);
    call->kind = kind;
    call->in_window = tcpshake_has_windows();
    call->argument = g_strdup(*rest ? rest + 1 : rest);
    if (call->kind->takes_filter && *call->argument)
        call->filter = call->argument;
    call->gathered = tcpshake_conversation_list_new();
    if (call->kind->begin)
        call->kind->begin(call);
    g_ptr_array_add(under_way, call);
    if (!call->in_window)
        tcpshake_note_frames();
    GString *error = register_tap_listener(TCPSHAKE_TAP, call, call->filter, 0, reset, take, draw, finish);
    if (error) {
        tcpshake_call_failed("-z %s: %s", argument, error->str);
        g_string_free(error, TRUE);
    }
}

TCPSHAKE_STAT_TAP(begin_call, begin)

void
tcpshake_register_calls(void)
{
    const bool windows = tcpshake_has_windows();

    under_way = g_ptr_array_new();
    register_cleanup_routine(forget);
    for (const tcpshake_call_kind *const *kind = kinds; *kind; kind++) {
        stat_tap_ui call = { .group = REGISTER_STAT_GROUP_GENERIC,
                             .cli_string = (*kind)->name,
                             .tap_init_cb = begin_call };
        if (!(windows && (*kind)->has_window))
            register_stat_tap_ui(&call, (void *)*kind);
    }
}
