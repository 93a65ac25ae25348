/* numbering.h
 * One connection that was captured on both sides of a device that adds a constant to the sequence numbers of an end, as
 * firewalls do so that nobody can guess the ISN. Its record has the numbers of where it was captured first.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_NUMBERING_H
#define TCPSHAKE_NUMBERING_H

#include "../allocator.h"
#include "../segment/segment.h"

#include <stdbool.h>
#include <stdint.h>

struct tcpshake_conversation;

/* At one capture point. */
typedef struct tcpshake_numbering {
    uint32_t ahead[TCPSHAKE_ENDS]; /* how much higher the numbers of each end are there than in the record */
    uint8_t  point;                /* 0: not known */
    bool     is_shared;            /* that point has other numbers as well: only they tell which apply */
} tcpshake_numbering;

enum { TCPSHAKE_NUMBERINGS_MAX = 4 };

typedef struct tcpshake_numbers {
    tcpshake_numbering at[TCPSHAKE_NUMBERINGS_MAX];
    uint8_t            count;
} tcpshake_numbers;

/* What a SYN or SYN-ACK has besides its numbers, and where it was captured. tsval, tsecr: the timestamps in it (RFC
 * 7323 section 3.2). If nothing in it identifies this packet, it is only the point. */
uint32_t tcpshake_syn_mark(const tcpshake_segment *segment, uint32_t tsval, uint32_t tsecr, uint8_t wscale);

/* Where that was captured; 0: not known. */
static inline uint8_t
tcpshake_point_of_mark(uint32_t mark)
{
    return (uint8_t)mark;
}

/* A SYN or SYN-ACK with another number than the last of its sender, which is the same packet all the same. */
bool tcpshake_is_renumbered(const struct tcpshake_conversation *conversation, const tcpshake_segment *segment);

/* Takes note of that one's numbers. Without memory nothing is known. */
void tcpshake_learn_numbering(struct tcpshake_conversation *conversation, const tcpshake_segment *segment,
                              const tcpshake_allocator *allocator);

/* The nth of them, from 0 on, to be told: by what the numbers differ from those where the connection was captured
 * first. False: there are no more. */
bool tcpshake_tell_numbering(const struct tcpshake_conversation *conversation, unsigned nth, tcpshake_numbering *told);

/* The segment with the numbers that the record has: itself where they are the same, else known, filled in. */
const tcpshake_segment *tcpshake_as_in_record(const struct tcpshake_conversation *conversation,
                                              const tcpshake_segment *segment, tcpshake_segment *known);

#endif /* TCPSHAKE_NUMBERING_H */
