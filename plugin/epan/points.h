/* points.h
 * The points at which a capture was made: the interfaces of a pcapng file, of a Linux cooked capture, and VLANs. They
 * are numbered from 1, in the order in which they appear.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_POINTS_H
#define TCPSHAKE_POINTS_H

#include "compat.h"

#include <wiretap/wtap.h>

void tcpshake_register_points(void);

/* That of the last frame, by what tells it from others. */
typedef struct tcpshake_last_point {
    uint64_t key;
    uint8_t  number; /* 0: there was no frame yet */
} tcpshake_last_point;
extern tcpshake_last_point tcpshake_last_point_seen;

/* Another point than that of the frame before. */
uint8_t tcpshake_look_up_point(uint64_t key);

/* The merged capture that a point belongs to: the number of its interface in the file. If there are many, some share a
 * number. */
uint8_t tcpshake_capture_of_point(uint8_t number);

/* The interface in a Linux cooked capture's header (SLL2). */
uint32_t tcpshake_cooked_interface(const packet_info *pinfo);

/* Where the parts of a point's key begin. */
enum { TCPSHAKE_POINT_COOKED = 31, TCPSHAKE_POINT_VLAN = 32, TCPSHAKE_POINT_INTERFACE = 48 };

static inline uint8_t
tcpshake_point_of(const packet_info *pinfo)
{
    const wtap_rec *const rec = pinfo->rec;
    uint64_t              key = (uint64_t)(uint16_t)pinfo->vlan_id << TCPSHAKE_POINT_VLAN;

    if (rec->presence_flags & WTAP_HAS_INTERFACE_ID)
        key |= (uint64_t)rec->rec_header.packet_header.interface_id << TCPSHAKE_POINT_INTERFACE;
    if (rec->rec_header.packet_header.pkt_encap == WTAP_ENCAP_SLL2)
        key |= UINT64_C(1) << TCPSHAKE_POINT_COOKED | tcpshake_cooked_interface(pinfo);
    if (key == tcpshake_last_point_seen.key && tcpshake_last_point_seen.number)
        return tcpshake_last_point_seen.number;
    return tcpshake_look_up_point(key);
}

#endif /* TCPSHAKE_POINTS_H */
