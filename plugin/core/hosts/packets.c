/* packets.c
 * The packets of the last moment, in fours by their hash, with room for 131,072 (PACKET_FOURS x FOURS x 4). A new
 * packet takes the place of the four's oldest. Fours are allocated many at a time: to allocate them costs more than to
 * use them. Only their turns are cleared, so that small captures touch little of the memory.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <string.h>

enum { FOURS = 512, IN_EACH = 4 };

struct tcpshake_packet_fours {
    uint8_t         turn[FOURS]; /* of each, whose place is taken next; IN_EACH more once all are in use */
    tcpshake_packet of[FOURS][IN_EACH];
};

static tcpshake_packet_fours *
new_fours(const tcpshake_allocator *allocator)
{
    tcpshake_packet_fours *const fours = allocator->resize(allocator->context, NULL, sizeof *fours);

    if (fours)
        memset(fours->turn, 0, sizeof fours->turn);
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
    uint8_t *const         turn = &(*fours)->turn[low % FOURS];
    tcpshake_packet *const four = (*fours)->of[low % FOURS];
    const unsigned         used = *turn < IN_EACH ? *turn : IN_EACH;
    for (tcpshake_packet *one = four; one < four + used; one++)
        if (one->low == low)
            return one;
    tcpshake_packet *const place = &four[*turn % IN_EACH];
    *turn = (uint8_t)(*turn + 1 < 2 * IN_EACH ? *turn + 1 : IN_EACH);
    place->frame = 0;
    return place;
}
