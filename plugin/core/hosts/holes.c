/* holes.c
 * Where nothing was captured for so long that the capture itself has a hole.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

/* A clock that jumps more often than that tells nothing. */
enum { HOLES_MIN = 4, HOLES_MAX = 1 << 16 };

void
tcpshake_hosts_note_hole(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, uint32_t frame, int64_t before)
{
    if (!hosts || hosts->hole_count == HOLES_MAX)
        return;
    if (hosts->hole_count == hosts->hole_capacity) {
        const uint32_t       capacity = hosts->hole_capacity ? 2 * hosts->hole_capacity : HOLES_MIN;
        tcpshake_hole *const holes =
            allocator->resize(allocator->context, hosts->holes, capacity * sizeof *hosts->holes);
        if (!holes)
            return;
        hosts->holes = holes;
        hosts->hole_capacity = capacity;
    }
    hosts->holes[hosts->hole_count++] = (tcpshake_hole){ before, frame };
}

int64_t
tcpshake_hosts_watched_until(const tcpshake_hosts *hosts, uint32_t frame, int64_t end)
{
    uint32_t low = 0, high = hosts ? hosts->hole_count : 0;

    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (hosts->holes[middle].frame <= frame)
            low = middle + 1;
        else
            high = middle;
    }
    return hosts && low < hosts->hole_count ? hosts->holes[low].before : end;
}
