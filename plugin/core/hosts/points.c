/* points.c
 * When each capture point was watched: from its first segment to its last, in any conversation. Points of the same
 * capture, such as interfaces of one host, were watched as long as that capture ran.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include "../segment/segment.h"

enum { ANYWHERE = UINT8_MAX + 1 };

/* of: by the number of a capture; capture: by point, the capture that it belongs to; now: the current one. */
struct point_watches {
    tcpshake_watch of[ANYWHERE];
    uint8_t        capture[ANYWHERE], now;
};

void
tcpshake_hosts_change_point(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, uint8_t point, uint8_t capture,
                            int64_t before, tcpshake_sight first)
{
    if (!hosts)
        return;
    if (!hosts->watches) {
        hosts->watches = tcpshake_allocate(allocator, sizeof *hosts->watches);
        if (!hosts->watches)
            return;
    } else if (hosts->watches->of[hosts->watches->now].until < before) {
        hosts->watches->of[hosts->watches->now].until = before;
    }
    hosts->watches->capture[point] = capture;
    hosts->watches->now = capture;
    if (hosts->watches->of[capture].frame == 0)
        hosts->watches->of[capture] = (tcpshake_watch){ first.frame, first.time, first.time };
}

bool
tcpshake_hosts_is_other_capture(const tcpshake_hosts *hosts, uint8_t point, uint8_t other)
{
    const struct point_watches *const all = hosts ? hosts->watches : NULL;

    return all && tcpshake_is_other_point(point, other) && all->capture[point] != all->capture[other];
}

bool
tcpshake_hosts_watch_of(const tcpshake_hosts *hosts, uint8_t point, uint8_t other, int64_t end, tcpshake_watch *watch)
{
    const struct point_watches *const all = hosts ? hosts->watches : NULL;

    if (!tcpshake_hosts_is_other_capture(hosts, point, other))
        return false;
    *watch = all->of[all->capture[other]];
    if (all->capture[other] == all->now)
        watch->until = end;
    return true;
}
