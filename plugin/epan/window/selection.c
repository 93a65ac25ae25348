/* selection.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "selection.h"

#include "../streams.h"

#include <epan/epan_dissect.h>
#include <epan/plugin_if.h>

/* The last of these fields is the innermost: a tunnel's stands before what it carries. */
static void
read_stream(tcpshake_selection *selection, proto_tree *tree)
{
    GPtrArray *const found = proto_find_finfo(tree, proto_registrar_get_id_byname("tcp.stream"));

    if (found->len > 0) {
        selection->stream = tcpshake_field_number(g_ptr_array_index(found, found->len - 1));
        const tcpshake_conversation *const conversation = tcpshake_stream_by_number(selection->stream);
        selection->has_stream = conversation && conversation->first.frame;
    }
    g_ptr_array_free(found, TRUE);
}

/* capture: NULL where none is open. */
static void *
read_selection(capture_file *capture, void *data)
{
    tcpshake_selection *const selection = data;

    if (!capture || !capture->current_frame)
        return NULL;
    selection->frame = capture->current_frame->num;
    if (capture->edt && capture->edt->tree)
        read_stream(selection, capture->edt->tree);
    return NULL;
}

tcpshake_selection
tcpshake_selected(void)
{
    tcpshake_selection selection = { 0 };

    plugin_if_get_capture_file(read_selection, &selection);
    return selection;
}
