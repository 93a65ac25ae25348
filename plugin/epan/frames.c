/* frames.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frames.h"

#include "../text/phrases.h"

#include <wsutil/report_message.h>

/* Of one capture file. */
static struct {
    int64_t  last_offset; /* of the last frame in the first pass: its place in the file */
    uint32_t last;        /* and its number */
    bool     renumbered, told;
} frames;

static void
begin(void)
{
    memset(&frames, 0, sizeof frames);
}

void
tcpshake_register_frames(void)
{
    register_init_routine(begin);
}

bool
tcpshake_frames_are_renumbered(void)
{
    if (frames.renumbered && !frames.told) {
        frames.told = true;
        report_warning("%s", tcpshake_phrase_text(TCPSHAKE_PHRASE_RENUMBERED));
    }
    return frames.renumbered;
}

bool
tcpshake_frame_is_known(const packet_info *pinfo)
{
    if (pinfo->fd->visited)
        return !tcpshake_frames_are_renumbered();
    if (pinfo->num == frames.last && pinfo->fd->file_off != frames.last_offset)
        frames.renumbered = true;
    frames.last = pinfo->num;
    frames.last_offset = pinfo->fd->file_off;
    return true;
}
