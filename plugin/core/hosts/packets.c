/* packets.c
 * The packets of the last moment, in fours by their hash, with room for 131,072 (PACKET_FOURS x 64). A packet takes
 * the place of the oldest of its four. Fours are allocated a few at a time, so that small captures need few, and only
 * their counts are cleared, which is less work than clearing them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <string.h>

enum { FOURS = 16, IN_EACH = 4 };

struct tcpshake_packet_fours {
    uint8_t         count[FOURS]; /* how many of each are in use */
    tcpshake_packet of[FOURS][IN_EACH];
};

static tcpshake_packet_fours *
new_fours(const tcpshake_allocator *allocator)
{
    tcpshake_packet_fours *const fours = allocator->resize(allocator->context, NULL, sizeof *fours);

    if (fours)
        memset(fours->count, 0, sizeof fours->count);
    return fours;
}

tcpshake_packet *
tcpshake_hosts_place_of(tcpshake_hosts *hosts, const tcpshake_allocator *allocator, uint32_t low)
{
    if (!hosts)
        return NULL;
    tcpshake_packet_fours **const fours = &hosts->packets[low / FOURS % PACKET_FOURS];
    if (!*fours)
        *fours = new_fours(allocator);
    if (!*fours)
        return NULL;
    uint8_t *const         count = &(*fours)->count[low % FOURS];
    tcpshake_packet *const four = (*fours)->of[low % FOURS];
    tcpshake_packet       *oldest = four;
    for (tcpshake_packet *one = four; one < four + *count; one++) {
        if (one->low == low)
            return one;
        if (one->time < oldest->time)
            oldest = one;
    }
    if (*count == IN_EACH)
        return oldest;
    tcpshake_packet *const fresh = &four[(*count)++];
    fresh->frame = 0;
    return fresh;
}
