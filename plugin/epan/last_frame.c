/* last_frame.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "last_frame.h"

#include "capture_time.h"

#include <epan/tap.h>

/* Of the capture that is open. */
static struct {
    int64_t time;     /* of the last frame so far */
    bool    is_found; /* no other comes after it */
} last;

static void
begin(void)
{
    last.time = INT64_MIN;
    last.is_found = false;
}

void
tcpshake_register_last_frame(void)
{
    register_init_routine(begin);
}

static tap_packet_status
note(void *data _U_, packet_info *pinfo, epan_dissect_t *edt _U_, const void *tapped _U_, tap_flags_t flags _U_)
{
    if (!last.is_found && pinfo->fd->has_ts)
        last.time = tcpshake_capture_time(&pinfo->abs_ts);
    return TAP_PACKET_DONT_REDRAW;
}

void
tcpshake_note_frames(void)
{
    static bool is_noting;

    if (is_noting)
        return;
    is_noting = true;
    /* A frame that was cut off within what an ICMP error quotes counts as an error itself. */
    GString *const error =
        register_tap_listener("frame", &last, NULL, TL_REQUIRES_ERROR_PACKETS, NULL, note, NULL, NULL);
    if (error)
        g_string_free(error, TRUE);
}

/* In steps that double, then halve: a few dozen questions at most. A frame without a time counts as none. */
void
tcpshake_find_last_frame(const epan_t *session, uint32_t known)
{
    uint64_t frame = known, step = 1;

    if (last.is_found)
        return;
    while (tcpshake_frame_time(session, frame + step)) {
        frame += step;
        step *= 2;
    }
    for (step /= 2; step > 0; step /= 2)
        if (tcpshake_frame_time(session, frame + step))
            frame += step;
    const nstime_t *const time = tcpshake_frame_time(session, frame);
    last.time = time ? tcpshake_capture_time(time) : INT64_MIN;
    last.is_found = true;
}

int64_t
tcpshake_last_frame_time(void)
{
    return last.time;
}
