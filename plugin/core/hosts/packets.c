/* packets.c
 * The packets of the last moment, in pairs by their hash: more than a fast network carries in that time. A packet takes
 * the place of the older one of its pair. Pairs are allocated a few at a time, so that small captures need few.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <string.h>

struct tcpshake_packet_pairs {
    tcpshake_packet pair[32][2];
};

enum { PAIRS = sizeof(tcpshake_packet_pairs) / (2 * sizeof(tcpshake_packet)) };

static tcpshake_packet_pairs *
new_pairs(const tcpshake_allocator *allocator)
{
    tcpshake_packet_pairs *const pairs = allocator->resize(allocator->context, NULL, sizeof *pairs);

    if (pairs)
        memset(pairs, 0, sizeof *pairs);
    return pairs;
}

tcpshake_packet *
tcpshake_hosts_place_of(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, uint32_t low)
{
    if (!hosts)
        return NULL;
    tcpshake_packet_pairs **const pairs = &hosts->packets[low / PAIRS % PACKET_PAIRS];
    if (!*pairs)
        *pairs = new_pairs(allocator);
    if (!*pairs)
        return NULL;
    tcpshake_packet *const pair = (*pairs)->pair[low % PAIRS];
    return &pair[pair[0].low != low && (pair[1].low == low || pair[1].time < pair[0].time)];
}
