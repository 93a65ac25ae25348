/* options.h
 * What the TCP options of a SYN or SYN-ACK offer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_OPTIONS_H
#define TCPSHAKE_OPTIONS_H

#include "segment.h"

#include <stdbool.h>
#include <stdint.h>

/* What a SYN offers; the ECN ones by its flags, the others by its options. */
enum {
    TCPSHAKE_OFFER_WSCALE = 1 << 0,
    TCPSHAKE_OFFER_SACK = 1 << 1,         /* RFC 2018 */
    TCPSHAKE_OFFER_TIMESTAMPS = 1 << 2,   /* RFC 7323 section 3 */
    TCPSHAKE_OFFER_ECN = 1 << 3,          /* RFC 3168 section 6.1.1 */
    TCPSHAKE_OFFER_TFO = 1 << 4,          /* RFC 7413: the option, with a cookie or asking for one */
    TCPSHAKE_OFFER_MPTCP = 1 << 5,        /* RFC 8684 */
    TCPSHAKE_OFFER_KNOWN = 1 << 6,        /* all of its options were captured */
    TCPSHAKE_OFFER_ACCURATE_ECN = 1 << 7, /* RFC 9768 section 3.1.1 */
    TCPSHAKE_OFFER_OTHERS = 1 << 8,       /* any option that is not named here */
    TCPSHAKE_OFFER_COOKIE = 1 << 9,       /* TFO, with a cookie */
};

typedef struct tcpshake_options {
    uint32_t tsval, tsecr; /* RFC 7323 section 3.2; with timestamps */
    uint16_t mss;          /* RFC 9293 section 3.7.1; 0 if absent */
    uint16_t offers;       /* TCPSHAKE_OFFER_… */
    uint8_t  wscale;       /* RFC 7323 section 2, at most 14 */
} tcpshake_options;

/* Reads the options as far as they were captured; stops at the first malformed one. Absent options are zero. */
tcpshake_options tcpshake_options_read(const tcpshake_segment *segment);

/* The reason code of a RST, RFC 8684 section 3.6, and whether it may be different next time; false: it has none. */
bool tcpshake_options_mptcp_reset(const tcpshake_segment *segment, uint8_t *reason, bool *transient);

#endif /* TCPSHAKE_OPTIONS_H */
