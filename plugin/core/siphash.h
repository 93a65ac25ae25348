/* siphash.h
 * A hash with a secret key. An attacker chooses the addresses and ports of his packets and can read this source. With a
 * random key he cannot choose them so that they all collide.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_SIPHASH_H
#define TCPSHAKE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct tcpshake_hash_key {
    uint64_t word[2];
} tcpshake_hash_key;

/* Multiplied by 2^64 divided by the golden ratio, made odd: each bit of the word reaches all bits above. No hash by
 * itself. */
static inline uint64_t
tcpshake_mix(uint64_t word)
{
    return word * UINT64_C(0x9e3779b97f4a7c15);
}

/* From one random number. */
static inline tcpshake_hash_key
tcpshake_hash_key_of(uint64_t seed)
{
    return (tcpshake_hash_key){ { seed, tcpshake_mix(seed) } };
}

static inline uint64_t
tcpshake_sip_rotate(uint64_t word, int bits)
{
    return word << bits | word >> (64 - bits);
}

static inline void
tcpshake_sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = tcpshake_sip_rotate(v[1], 13) ^ v[0];
    v[0] = tcpshake_sip_rotate(v[0], 32);
    v[2] += v[3];
    v[3] = tcpshake_sip_rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = tcpshake_sip_rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = tcpshake_sip_rotate(v[1], 17) ^ v[2];
    v[2] = tcpshake_sip_rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson and Bernstein), which Rust and Python use for the same reason; words in the machine's byte
 * order. */
static inline uint64_t
tcpshake_sip_hash(const tcpshake_hash_key *key, const void *data, size_t length)
{
    const uint8_t *bytes = data;
    uint64_t       v[4] = { key->word[0] ^ UINT64_C(0x736f6d6570736575), key->word[1] ^ UINT64_C(0x646f72616e646f6d),
                            key->word[0] ^ UINT64_C(0x6c7967656e657261), key->word[1] ^ UINT64_C(0x7465646279746573) };
    uint64_t       word, last = (uint64_t)length << 56;

    for (; length >= sizeof word; length -= sizeof word, bytes += sizeof word) {
        memcpy(&word, bytes, sizeof word);
        v[3] ^= word;
        tcpshake_sip_round(v);
        v[0] ^= word;
    }
    while (length-- > 0)
        /* Of a struct without padding, which clang-tidy does not see to be filled in. */
        last |= (uint64_t)bytes[length] << 8 * length; /* NOLINT(clang-analyzer-core.UndefinedBinaryOperatorResult) */
    v[3] ^= last;
    tcpshake_sip_round(v);
    v[0] ^= last;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++)
        tcpshake_sip_round(v);
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif /* TCPSHAKE_SIPHASH_H */
