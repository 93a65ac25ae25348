/* icmp.h
 * ICMP and ICMPv6 errors that quote a segment, from a router or from the peer's host.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ICMP_H
#define TCPSHAKE_ICMP_H

#include "compat.h"

/* After the fields; and once all protocols are registered. */
void tcpshake_register_icmp(void);
void tcpshake_hand_off_icmp(void);

/* TCP is asked to dissect this, and it is no segment to analyse: takes note of it if an error is quoting it. Never
 * throws. ip: as IP hands its header down, or NULL. */
void tcpshake_icmp_hear(tvbuff_t *tvb, const packet_info *pinfo, void *ip);

#endif /* TCPSHAKE_ICMP_H */
