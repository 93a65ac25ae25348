/* capture_state.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "capture_state.h"

#include <cfile.h>
#include <epan/plugin_if.h>

/* capture: NULL where none is open. */
static void *
read_state(capture_file *capture, void *data)
{
    *(file_state *)data = capture ? capture->state : FILE_CLOSED;
    return NULL;
}

static file_state
state(void)
{
    file_state now = FILE_CLOSED;

    plugin_if_get_capture_file(read_state, &now);
    return now;
}

bool
tcpshake_capture_is_read(void)
{
    return state() == FILE_READ_DONE;
}

bool
tcpshake_capture_goes_on(void)
{
    return state() == FILE_READ_IN_PROGRESS;
}
