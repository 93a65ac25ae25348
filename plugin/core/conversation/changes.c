/* changes.c
 * What one segment has changed in a record, remembered so that it can be taken back as a whole.
 *
 * A RST ends a conversation: states, outcome, cause, times, who waits for what. If the conversation goes on as if there
 * had been none, all of that was wrong. The record before and after the RST shows what it changed, so the code that
 * processes a RST need not keep account of it. What has changed again since then is newer, and stays.
 *
 * Values are compared as what they are: a moment as a whole, flags bit by bit. What was seen (numbers, counts, packets)
 * is no conclusion and has no row here: a RST that was ignored was still sent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

#include <stddef.h>
#include <string.h>

typedef struct value {
    uint16_t at;
    uint8_t  size;
    uint32_t flags; /* of a value that consists of flags: those that are conclusions; else 0 */
} value;

#define VALUE(type, member)                                    \
    {                                                          \
        offsetof(type, member), sizeof(((type *)0)->member), 0 \
    }
#define FLAGS(type, member, flags)                                 \
    {                                                              \
        offsetof(type, member), sizeof(((type *)0)->member), flags \
    }

static const value of_conversation[] = {
    VALUE(tcpshake_conversation, syn),
    VALUE(tcpshake_conversation, synack),
    VALUE(tcpshake_conversation, ack),
    VALUE(tcpshake_conversation, fin1),
    VALUE(tcpshake_conversation, fin1_ack),
    VALUE(tcpshake_conversation, fin2),
    VALUE(tcpshake_conversation, fin2_ack),
    VALUE(tcpshake_conversation, rst),
    VALUE(tcpshake_conversation, changed),
    VALUE(tcpshake_conversation, time_wait),
    VALUE(tcpshake_conversation, asked),
    VALUE(tcpshake_conversation, lingers),
    VALUE(tcpshake_conversation, icmp_frame),
    VALUE(tcpshake_conversation, late_data_frame),
    VALUE(tcpshake_conversation, late_data_seq),
    VALUE(tcpshake_conversation, opened_by),
    VALUE(tcpshake_conversation, closed_by),
    VALUE(tcpshake_conversation, reset_by),
    VALUE(tcpshake_conversation, time_wait_owner),
    VALUE(tcpshake_conversation, handshake),
    VALUE(tcpshake_conversation, first_closer),
    VALUE(tcpshake_conversation, reset_cause),
    VALUE(tcpshake_conversation, reset_ttl),
    FLAGS(tcpshake_conversation, flags, UINT16_MAX),
};

static const value of_end[] = {
    VALUE(tcpshake_end, fin_seq),
    VALUE(tcpshake_end, unseen_frame),
    VALUE(tcpshake_end, presumed_frame[TCPSHAKE_PRESUMED_SYN]),
    VALUE(tcpshake_end, presumed_frame[TCPSHAKE_PRESUMED_SYN_ACK]),
    VALUE(tcpshake_end, presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_SYN]),
    VALUE(tcpshake_end, presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_FIN]),
    VALUE(tcpshake_end, presumed_frame[TCPSHAKE_PRESUMED_FIN]),
    VALUE(tcpshake_end, presumed_frame[TCPSHAKE_PRESUMED_RST]),
    VALUE(tcpshake_end, probe_frame),
    VALUE(tcpshake_end, repeats),
    VALUE(tcpshake_end, probes),
    VALUE(tcpshake_end, state),
    VALUE(tcpshake_end, before_reset),
    FLAGS(tcpshake_end, pending, UINT8_MAX),
    FLAGS(tcpshake_end, flags, ~(uint32_t)TCPSHAKE_END_SEEN),
};

/* Whose values they are: an end's, by its number, or the conversation's. */
enum { CONVERSATION = TCPSHAKE_ENDS, OWNERS };

static const struct {
    const value *values;
    uint8_t      count;
} owned[OWNERS] = {
    { of_end, sizeof of_end / sizeof of_end[0] },
    { of_end, sizeof of_end / sizeof of_end[0] },
    { of_conversation, sizeof of_conversation / sizeof of_conversation[0] },
};

enum { VALUES_MAX = 64 };

_Static_assert(sizeof of_end / sizeof of_end[0] <= VALUES_MAX &&
                   sizeof of_conversation / sizeof of_conversation[0] <= VALUES_MAX,
               "a byte says whose value, and which");

/* Each change in a row: a byte that says whose value, and which; its bytes before, its bytes after. */
struct tcpshake_changes {
    uint32_t frame;
    uint32_t size, capacity; /* of bytes */
    uint8_t  bytes[];
};

static uint8_t *
owner_of(tcpshake_conversation *conversation, unsigned owner)
{
    return owner == CONVERSATION ? (uint8_t *)conversation : (uint8_t *)&conversation->end[owner];
}

static const uint8_t *
value_of(const tcpshake_conversation *conversation, unsigned owner, const value *v)
{
    return (owner == CONVERSATION ? (const uint8_t *)conversation : (const uint8_t *)&conversation->end[owner]) + v->at;
}

/* Writes what has changed, and returns how many bytes that takes; to: NULL: only that. */
static uint32_t
write_changes(const tcpshake_conversation *conversation, const tcpshake_conversation *before, uint8_t *to)
{
    uint32_t size = 0;

    for (unsigned owner = 0; owner < OWNERS; owner++)
        for (unsigned i = 0; i < owned[owner].count; i++) {
            const value *const   v = &owned[owner].values[i];
            const uint8_t *const now = value_of(conversation, owner, v), *const then = value_of(before, owner, v);
            if (memcmp(now, then, v->size) == 0)
                continue;
            if (to) {
                to[size] = (uint8_t)(owner * VALUES_MAX + i);
                memcpy(to + size + 1, then, v->size);
                memcpy(to + size + 1 + v->size, now, v->size);
            }
            size += 1u + 2u * v->size;
        }
    return size;
}

/* With room for as many bytes; NULL if there is no memory. */
static tcpshake_changes *
reserve(tcpshake_changes *changes, uint32_t size, const tcpshake_allocator *allocator)
{
    if (changes && changes->capacity >= size)
        return changes;
    tcpshake_changes *const larger = allocator->resize(allocator->context, changes, sizeof *changes + size);
    if (larger)
        larger->capacity = size;
    return larger;
}

void
tcpshake_remember_changes(tcpshake_conversation *conversation, const tcpshake_conversation *before,
                          const tcpshake_allocator *allocator)
{
    const uint32_t        size = write_changes(conversation, before, NULL);
    tcpshake_extra *const extra = tcpshake_extra_of(conversation, allocator);
    tcpshake_changes     *changes;

    if (!extra)
        return;
    changes = reserve(extra->changes, size, allocator);
    if (!changes) {
        tcpshake_forget_changes(conversation);
        return;
    }
    extra->changes = changes;
    changes->frame = conversation->rst.frame;
    changes->size = write_changes(conversation, before, changes->bytes);
}

static uint32_t
read_flags(const uint8_t *bytes, unsigned size)
{
    uint8_t  one;
    uint16_t two;
    uint32_t four;

    switch (size) {
    case sizeof one: memcpy(&one, bytes, sizeof one); return one;
    case sizeof two: memcpy(&two, bytes, sizeof two); return two;
    default: memcpy(&four, bytes, sizeof four); return four;
    }
}

static void
write_flags(uint8_t *bytes, unsigned size, uint32_t flags)
{
    const uint8_t  one = (uint8_t)flags;
    const uint16_t two = (uint16_t)flags;

    memcpy(bytes, size == sizeof one ? &one : size == sizeof two ? (const void *)&two : &flags, size);
}

/* Of flags, those that have changed then and not since. */
static void
take_back(uint8_t *now, const uint8_t *before, const uint8_t *after, const value *v)
{
    if (v->flags) {
        const uint32_t then = read_flags(after, v->size), is = read_flags(now, v->size);
        const uint32_t changed = (read_flags(before, v->size) ^ then) & ~(is ^ then) & v->flags;
        write_flags(now, v->size, is ^ changed);
    } else if (memcmp(now, after, v->size) == 0) {
        memcpy(now, before, v->size);
    }
}

uint32_t
tcpshake_take_back_changes(tcpshake_conversation *conversation, int end)
{
    tcpshake_changes *const changes = conversation->extra ? conversation->extra->changes : NULL;
    uint32_t                kept = 0, next;

    for (uint32_t at = 0; changes && at < changes->size; at = next) {
        const unsigned     owner = changes->bytes[at] / VALUES_MAX;
        const value *const v = &owned[owner].values[changes->bytes[at] % VALUES_MAX];
        const uint8_t     *before = &changes->bytes[at + 1];
        next = at + 1 + 2u * v->size;
        if (owner == CONVERSATION || owner == (unsigned)end) {
            take_back(owner_of(conversation, owner) + v->at, before, before + v->size, v);
        } else { /* the other end's: what that sends will tell */
            memmove(&changes->bytes[kept], &changes->bytes[at], next - at);
            kept += next - at;
        }
    }
    if (!changes || changes->size == kept)
        return 0;
    changes->size = kept;
    return changes->frame;
}

void
tcpshake_forget_changes(tcpshake_conversation *conversation)
{
    if (conversation->extra && conversation->extra->changes)
        conversation->extra->changes->size = 0;
}
