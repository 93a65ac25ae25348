/* capture_time.h
 * When a frame was captured, in nanoseconds since the epoch.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_CAPTURE_TIME_H
#define TCPSHAKE_CAPTURE_TIME_H

#include "../core/segment/segment.h"

#include <wsutil/nstime.h>

/* A capture may claim the year 9999, or 1600. The difference of any two times from here fits into 64 bits, with
 * 200 days to spare, so the code that uses them need not check. */
enum { TCPSHAKE_EARLY_PERIOD = 500000000, TCPSHAKE_LATE_PERIOD = 1000000000 };
#define TCPSHAKE_EARLIEST INT64_C(-500000000) /* in seconds: 1954 */
#define TCPSHAKE_LATEST   INT64_C(7200000000) /* 2198 */

/* A time outside that range is folded into some years just before or after it. It is no longer the true time, but times
 * that are close together stay close. */
static inline int64_t
tcpshake_capture_time(const nstime_t *time)
{
    int64_t seconds = time->secs;

    if (seconds < TCPSHAKE_EARLIEST)
        seconds = TCPSHAKE_EARLIEST - 1 + seconds % TCPSHAKE_EARLY_PERIOD;
    else if (seconds >= TCPSHAKE_LATEST)
        seconds = TCPSHAKE_LATEST + seconds % TCPSHAKE_LATE_PERIOD;
    return seconds * TCPSHAKE_SECOND + time->nsecs;
}

static inline bool
tcpshake_is_point_in_time(int64_t time)
{
    return time >= TCPSHAKE_EARLIEST * TCPSHAKE_SECOND && time < TCPSHAKE_LATEST * TCPSHAKE_SECOND;
}

#endif /* TCPSHAKE_CAPTURE_TIME_H */
