/* segment.h
 * One captured TCP segment as plain values: everything that the core learns about the wire.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_SEGMENT_H
#define TCPSHAKE_SEGMENT_H

#include <stdbool.h>
#include <stdint.h>

/* In nanoseconds, as all times are. */
#define TCPSHAKE_SECOND      INT64_C(1000000000)
#define TCPSHAKE_MILLISECOND INT64_C(1000000)

/* Control bits, RFC 9293 section 3.1, with the values that they have on the wire. What they say of congestion is the
 * path's matter, not the connection's. */
enum {
    TCPSHAKE_FIN = 0x001,
    TCPSHAKE_SYN = 0x002,
    TCPSHAKE_RST = 0x004,
    TCPSHAKE_PSH = 0x008,
    TCPSHAKE_ACK = 0x010,
    TCPSHAKE_URG = 0x020,
    TCPSHAKE_ECE = 0x040,
    TCPSHAKE_CWR = 0x080,
    TCPSHAKE_AE = 0x100, /* RFC 9768 section 3.1 */
    TCPSHAKE_CONTROL_BITS = 0x1ff,
    TCPSHAKE_CONGESTION_BITS = TCPSHAKE_AE | TCPSHAKE_CWR | TCPSHAKE_ECE,
};

/* The two ends of a conversation, in any order that stays the same. Which one is the client is in the record. */
enum { TCPSHAKE_ENDS = 2 };
#define TCPSHAKE_OTHER(end) (1 - (end))

/* How much of a segment the capture holds. */
typedef enum tcpshake_captured {
    TCPSHAKE_CAPTURED_PART_OF_HEADER, /* not all of its TCP options */
    TCPSHAKE_CAPTURED_PART_OF_DATA,
    TCPSHAKE_CAPTURED_WHOLE,
} tcpshake_captured;

/* As many bytes of data as are looked at, to tell what they are. */
enum { TCPSHAKE_DATA_SEEN = 3 };

typedef struct tcpshake_segment {
    int64_t  time;     /* nanoseconds since the epoch, as captured */
    uint32_t frame;    /* frame number, from 1 */
    uint32_t seq;      /* raw, host order */
    uint32_t ack;      /* raw, host order; means something only with ACK */
    uint32_t length;   /* bytes of data, from the IP length, captured or not; no SYN, no FIN counted */
    uint16_t flags;    /* TCPSHAKE_FIN … */
    uint16_t window;   /* as sent, not scaled */
    uint16_t checksum; /* as sent; 0 if it was not captured */
    uint16_t ip_id;    /* IPv4 identification; 0 for IPv6 and where IP was not seen */
    uint8_t  ttl;      /* TTL or hop limit; 0 where IP was not seen */
    uint8_t  from;     /* 0 or 1: which end sent it */
    uint8_t  captured; /* tcpshake_captured */
    uint8_t  point;    /* the capture point, from 1 in the order in which they appear; 0: not known */
    uint32_t stream;   /* what the caller calls the conversation; only handed back, with its twins */
    uint16_t source_port, destination_port; /* used on the first segment only, to guess the client without a SYN */
    uint8_t  options_length;                /* bytes at options that were captured; may be fewer than the header has */
    const uint8_t *source,
        *destination;              /* addresses, network order, borrowed for the call; NULL where there are none */
    uint8_t        address_length; /* bytes of each */
    const uint8_t *options;        /* the raw TCP options, borrowed for the call; NULL if none were captured */
    const uint8_t *data;           /* the first TCPSHAKE_DATA_SEEN bytes of data, borrowed for the call; or NULL */
    const uint8_t *text;           /* of a RST, the data that were captured, borrowed for the call; or NULL */
    uint8_t        text_length;    /* of them, those at text */
    bool           fills_frame;    /* its data are pushed zeros, no more than fill the smallest Ethernet frame */
} tcpshake_segment;

/* Sequence numbers that a segment takes: data, and one each for SYN and FIN (RFC 9293 section 3.4). */
static inline uint32_t
tcpshake_segment_span(const tcpshake_segment *segment)
{
    return segment->length + ((segment->flags & TCPSHAKE_SYN) != 0) + ((segment->flags & TCPSHAKE_FIN) != 0);
}

/* The number behind the last that its sender has room for (RFC 9293 section 3.3.1); shift: the scale that applies. */
static inline uint32_t
tcpshake_segment_edge(const tcpshake_segment *segment, unsigned shift)
{
    return segment->ack + ((uint32_t)segment->window << shift);
}

/* Both points are known, and they are two. */
static inline bool
tcpshake_is_other_point(uint8_t one, uint8_t other)
{
    return one != 0 && other != 0 && one != other;
}

#endif /* TCPSHAKE_SEGMENT_H */
