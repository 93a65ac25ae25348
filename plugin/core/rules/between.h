/* between.h
 * A connection that was captured at several points: which is nearer to an end, and what was seen there. For the rules
 * about what happens between two points (RFC 9293 does not know points; RFC 3022 knows NATs).
 *
 * The TTL of what an end sends tells which point is nearer to it. Without a router in between, the handshake does: from
 * the SYN to the SYN-ACK more time passes at the point nearer to the client, by whatever clock.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_BETWEEN_H
#define TCPSHAKE_BETWEEN_H

#include "rules.h"

/* A connection at another point. */
typedef struct tcpshake_point {
    const tcpshake_conversation *conversation;
    int                          end; /* the number of the same end there */
    const tcpshake_twin         *twin;
} tcpshake_point;

/* What was seen at another point of a connection: first, and last of what this end has sent. ahead: the clock there. */
typedef struct tcpshake_seen {
    uint8_t  point;
    uint32_t first_frame;
    int64_t  first, last, ahead;
} tcpshake_seen;

/* The next point nearer to the end, or farther from it: the one with none in between. False: there is none. */
bool tcpshake_next_point(const tcpshake_conversation *here, int end, bool nearer, tcpshake_point *next);

/* What was seen there of what this end has sent. */
tcpshake_seen tcpshake_seen_there(const tcpshake_conversation *here, const tcpshake_point *there);

/* Whether the other point was watched when this passed here, and for so long after that. If the first segment captured
 * there is of this connection, the time before it counts as watched; the time after the last one does not. */
bool tcpshake_was_watched(const tcpshake_ending *ending, uint8_t here, const tcpshake_seen *there, int64_t passed,
                          int64_t after);

/* The server's answer has come to the client without passing the NAT that its SYN has passed. So the client, which
 * never asked that server, resets it; the other point has its SYN, but no answer. */
bool tcpshake_has_bypassed_nat(const tcpshake_conversation *here, const tcpshake_point *there);

/* The nearer point of an end, and the farther one; of one that nothing was captured of twice, by what its peer sends.
 */
uint8_t tcpshake_nearer_point(const tcpshake_copied *copied, int end);

uint8_t tcpshake_farther_point(const tcpshake_copied *copied, int end);

/* The RST of an end that is of interest here; frame 0: there is none. */
tcpshake_end_rst tcpshake_reset_of(const tcpshake_conversation *conversation, int end);

/* How far the clock at the farther point is ahead, as far as both directions tell; or the one that is known. */
int64_t tcpshake_clock_of_farther(const tcpshake_copied *copied, int end);

#endif /* TCPSHAKE_BETWEEN_H */
