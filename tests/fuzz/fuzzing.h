/* fuzzing.h
 * What the harnesses share.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_FUZZING_H
#define TCPSHAKE_FUZZING_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Told apart from g_assert(), which a build without assertions leaves out. */
#define MUST(condition)                                                     \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                        \
        }                                                                   \
    } while (0)

/* A number as it is due, off by a little, by a lot, or anything at all. */
static inline uint32_t
fuzz_number_near(uint32_t due, unsigned how, uint8_t byte)
{
    switch (how) {
    case 0: return due;
    case 1: return due + (uint32_t)(int8_t)byte;
    case 2: return due + ((uint32_t)(int8_t)byte << 10);
    default: return (uint32_t)byte << 24;
    }
}

#endif /* TCPSHAKE_FUZZING_H */
