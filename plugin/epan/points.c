/* points.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "points.h"

/* What is beyond these has no number. */
enum { POINTS_MAX = 255 };

tcpshake_last_point tcpshake_last_point_seen;

static struct {
    uint64_t key[POINTS_MAX];
    uint8_t  count;
} points;

static void
forget(void)
{
    points.count = 0;
    tcpshake_last_point_seen.number = 0;
}

void
tcpshake_register_points(void)
{
    register_init_routine(forget);
}

uint8_t
tcpshake_look_up_point(uint64_t key)
{
    uint8_t at = 0;

    while (at < points.count && points.key[at] != key)
        at++;
    if (at == POINTS_MAX)
        return 0;
    if (at == points.count)
        points.key[points.count++] = key;
    tcpshake_last_point_seen = (tcpshake_last_point){ key, (uint8_t)(at + 1) };
    return tcpshake_last_point_seen.number;
}

uint8_t
tcpshake_capture_of_point(uint8_t number)
{
    return number ? (uint8_t)(points.key[number - 1] >> TCPSHAKE_POINT_INTERFACE) : 0;
}

uint32_t
tcpshake_cooked_interface(const packet_info *pinfo)
{
    enum { OFFSET = 4, LENGTH = 4, BITS = 0x7fffffff };
    tvbuff_t *const frame = pinfo->data_src ? get_data_source_tvb(pinfo->data_src->data) : NULL;

    if (!frame || !tvb_bytes_exist(frame, OFFSET, LENGTH))
        return 0;
    return tvb_get_ntohl(frame, OFFSET) & BITS;
}
