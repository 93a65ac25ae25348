/* frames.h
 * Whole frames from the bytes of a fuzzer: TCP segments near enough to what is due to lead somewhere, alone, in
 * tunnels, quoted by ICMP errors and seen again at another capture point; and IP packets as they stand in the input.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_FUZZ_FRAMES_H
#define TCPSHAKE_FUZZ_FRAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FUZZ_FRAME_MAX = 512, FUZZ_TUPLES = 4 };

typedef struct fuzz_frame {
    uint8_t  bytes[FUZZ_FRAME_MAX]; /* from the IP header on */
    unsigned captured, reported;
    int64_t  seconds;
    int32_t  nanoseconds;
    uint32_t interface;
    bool     forget; /* all that was captured before it, as tshark's -M does */
} fuzz_frame;

typedef struct fuzz_input {
    const uint8_t *at, *end;
    uint32_t       next[FUZZ_TUPLES][2]; /* what each end sends next */
    int64_t        seconds;
    int32_t        nanoseconds;
    uint16_t       ip_id;
    bool           with_points; /* packets say where they were captured */
    fuzz_frame     seen;        /* the last segment that was alone */
} fuzz_input;

void fuzz_input_begin(fuzz_input *input, const uint8_t *data, size_t size, bool with_points);

/* False: there is none. */
bool fuzz_input_next(fuzz_input *input, fuzz_frame *frame);

#endif /* TCPSHAKE_FUZZ_FRAMES_H */
