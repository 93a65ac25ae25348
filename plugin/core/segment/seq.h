/* seq.h
 * Arithmetic on 32-bit sequence numbers, modulo 2^32 (RFC 9293 section 3.4).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_SEQ_H
#define TCPSHAKE_SEQ_H

#include <stdbool.h>
#include <stdint.h>

/* Distance from b to a, negative if a comes before b. */
static inline int32_t
tcpshake_seq_diff(uint32_t a, uint32_t b)
{
    return (int32_t)(a - b);
}
static inline bool
tcpshake_seq_lt(uint32_t a, uint32_t b)
{
    return tcpshake_seq_diff(a, b) < 0;
}
static inline bool
tcpshake_seq_le(uint32_t a, uint32_t b)
{
    return tcpshake_seq_diff(a, b) <= 0;
}
static inline uint32_t
tcpshake_seq_max(uint32_t a, uint32_t b)
{
    return tcpshake_seq_lt(a, b) ? b : a;
}

/* low <= seq <= high, going upwards from low. */
static inline bool
tcpshake_seq_between(uint32_t low, uint32_t seq, uint32_t high)
{
    return seq - low <= high - low;
}

#endif /* TCPSHAKE_SEQ_H */
