/* tracker.h
 * Processes the segments of a conversation, and the ICMP errors about it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TRACKER_H
#define TCPSHAKE_TRACKER_H

#include "../conversation/conversation.h"

/* A record for a conversation whose first segment is about to be processed. previous: the last conversation on the same
 * four-tuple, or NULL; it must live as long. NULL if there is no memory. The record belongs to the allocator. */
tcpshake_conversation *tcpshake_conversation_new(const tcpshake_allocator *allocator, tcpshake_conversation *previous);

/* Newer Wiresharks begin a new stream with this segment. Whether it still belongs to this conversation: the same SYN
 * again after a RST, from an end that has not given up; a SYN-ACK with another number that acknowledges what its
 * receiver has sent (RFC 9293 section 3.10.7); or the same packet where its number is another (numbering.h). */
bool tcpshake_goes_on(const tcpshake_conversation *conversation, const tcpshake_segment *segment);

/* Processes the next segment, in capture order, each once. Allocates nothing for an ordinary one. hosts: what is known
 * across conversations, or NULL; it must live as long. */
void tcpshake_process_segment(tcpshake_conversation *conversation, const tcpshake_segment *segment,
                              const tcpshake_limits *limits, const tcpshake_allocator *allocator,
                              tcpshake_hosts *hosts);

/* An ICMP or ICMPv6 error that quotes a segment of the conversation. */
typedef struct tcpshake_icmp_error {
    int64_t  time;    /* of the error, ns since the epoch */
    uint32_t frame;   /* of the error */
    uint32_t seq;     /* of the quoted segment */
    uint8_t  from;    /* 0 or 1: which end had sent the quoted segment */
    uint8_t  version; /* 4: ICMP, 6: ICMPv6 */
    uint8_t  type, code;
    uint16_t ip_id; /* IPv4 identification of the quoted packet; or 0 */
} tcpshake_icmp_error;

/* Processes an error, in capture order. Returns whether it rejects a SYN that is waiting for its answer. */
bool tcpshake_process_icmp_error(tcpshake_conversation *conversation, const tcpshake_icmp_error *quote,
                                 const tcpshake_allocator *allocator, tcpshake_hosts *hosts);

#endif /* TCPSHAKE_TRACKER_H */
