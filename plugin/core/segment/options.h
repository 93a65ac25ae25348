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

typedef struct tcpshake_options {
    uint32_t tsval, tsecr; /* RFC 7323 section 3.2; with timestamps */
    uint16_t mss;          /* RFC 9293 section 3.7.1; 0 if absent */
    uint8_t  wscale;       /* RFC 7323 section 2, at most 14 */
    bool     has_wscale : 1;
    bool     sack : 1;       /* RFC 2018 */
    bool     timestamps : 1; /* RFC 7323 section 3 */
    bool     tfo : 1;        /* RFC 7413: the option, with a cookie or asking for one */
    bool     cookie : 1;     /* with one */
    bool     mptcp : 1;      /* RFC 8684 */
    bool     others : 1;     /* any that is not named here */
} tcpshake_options;

/* Reads the options as far as they were captured; stops at the first malformed one. Absent options are zero. */
tcpshake_options tcpshake_options_read(const tcpshake_segment *segment);

/* The reason code of a RST, RFC 8684 section 3.6, and whether it may be different next time; false: it has none. */
bool tcpshake_options_mptcp_reset(const tcpshake_segment *segment, uint8_t *reason, bool *transient);

#endif /* TCPSHAKE_OPTIONS_H */
