/* capture_state.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "capture_state.h"

#include <cfile.h>
#include <epan/plugin_if.h>

typedef struct open_capture {
    file_state    state;
    const epan_t *session;
} open_capture;

/* capture: NULL where none is open. */
static void *
read_capture(capture_file *capture, void *data)
{
    if (capture)
        *(open_capture *)data = (open_capture){ capture->state, capture->epan };
    return NULL;
}

static open_capture
look(void)
{
    open_capture now = { FILE_CLOSED, NULL };

    plugin_if_get_capture_file(read_capture, &now);
    return now;
}

bool
tcpshake_capture_is_read(void)
{
    return look().state == FILE_READ_DONE;
}

bool
tcpshake_capture_goes_on(void)
{
    return look().state == FILE_READ_IN_PROGRESS;
}

const epan_t *
tcpshake_capture_session(void)
{
    return look().session;
}
