/* timeline.h
 * What each frame showed, in frame order, for the frames where a state changed or a step happened. An ordinary segment
 * has no entry: the states after it are those of the entry before it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TIMELINE_H
#define TCPSHAKE_TIMELINE_H

#include "../allocator.h"
#include "state.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Steps of the handshake and the teardown, one bit each; a segment can perform more than one. */
enum {
    TCPSHAKE_STEP_SYN = 1 << 0,      /* 3-way 1/3 */
    TCPSHAKE_STEP_SYN_ACK = 1 << 1,  /* 3-way 2/3 */
    TCPSHAKE_STEP_ACK = 1 << 2,      /* 3-way 3/3 */
    TCPSHAKE_STEP_FIN1 = 1 << 3,     /* 4-way 1/4 */
    TCPSHAKE_STEP_FIN1_ACK = 1 << 4, /* 4-way 2/4 */
    TCPSHAKE_STEP_FIN2 = 1 << 5,     /* 4-way 3/4 */
    TCPSHAKE_STEP_FIN2_ACK = 1 << 6, /* 4-way 4/4 */
    TCPSHAKE_STEP_RST = 1 << 7,
};

typedef struct tcpshake_entry {
    uint32_t frame;
    uint8_t  state[2];      /* tcpshake_state of each end after the segment */
    uint8_t  steps;         /* TCPSHAKE_STEP_… */
    uint8_t  from : 1;      /* 0 or 1: who sent it */
    uint8_t  acks_back : 7; /* how many entries back the SYN or FIN is that it acknowledges: tcpshake_acknowledged() */
} tcpshake_entry;

/* The first entries are in the record: to allocate a block for them costs a tenth of what a SYN does. A handshake and a
 * teardown fit. */
enum { TCPSHAKE_FIRST_ENTRIES = 7 };

/* Packed: alignment would leave a hole. */
#pragma pack(push, 4)
typedef struct tcpshake_timeline {
    uint32_t count;
    union {
        tcpshake_entry  first[TCPSHAKE_FIRST_ENTRIES];
        tcpshake_entry *block; /* all of them, once there are more; has room for 7 * 2^n */
    };
} tcpshake_timeline;
#pragma pack(pop)

/* All entries, in frame order. Valid until another is made. */
static inline const tcpshake_entry *
tcpshake_entries(const tcpshake_timeline *timeline)
{
    return timeline->count > TCPSHAKE_FIRST_ENTRIES ? timeline->block : timeline->first;
}

/* To write into them. */
static inline tcpshake_entry *
tcpshake_own_entries(tcpshake_timeline *timeline)
{
    return timeline->count > TCPSHAKE_FIRST_ENTRIES ? timeline->block : timeline->first;
}

/* NULL: there is none. */
static inline const tcpshake_entry *
tcpshake_last_entry(const tcpshake_timeline *timeline)
{
    return timeline->count ? tcpshake_entries(timeline) + timeline->count - 1 : NULL;
}

/* The entry of this frame, made if it is not there yet; frames come in ascending order. A new entry
 * gets from, the end that sent the frame, and state. NULL if there is no memory. Valid until the next call. */
tcpshake_entry *tcpshake_timeline_at(tcpshake_timeline *timeline, const tcpshake_allocator *allocator, uint32_t frame,
                                     uint8_t from, const uint8_t state[2]);

/* The index of the last entry at or before frame, or -1 if there is none. O(log n). */
ptrdiff_t tcpshake_timeline_find(const tcpshake_timeline *timeline, uint32_t frame);

#endif /* TCPSHAKE_TIMELINE_H */
