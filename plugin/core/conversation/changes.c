/* changes.c
 * What one segment has changed in a record, remembered so that it can be taken back as a whole.
 *
 * A RST ends a conversation: states, outcome, cause, times, who waits for what. If the conversation goes on as if there
 * had been none, all of that was wrong. The record before and after the RST shows what it changed, so the code that
 * processes a RST need not keep account of it. What has changed again since then is newer, and stays.
 *
 * Values are compared as what they are: a moment as a whole, flags bit by bit. What was seen (numbers, counts, packets)
 * is no conclusion and has no row here: a RST that was ignored was still sent. What it told of the past, in the last
 * entries of the timeline, is remembered as well.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

#include <stddef.h>
#include <string.h>

typedef struct value {
    uint16_t at;
    uint8_t  size;
    bool     rare;  /* of tcpshake_rare, or its part for the end; not of the record itself */
    uint32_t flags; /* of a value that consists of flags: those that are conclusions; else 0 */
} value;

#define VALUE(type, member)                                           \
    {                                                                 \
        offsetof(type, member), sizeof(((type *)0)->member), false, 0 \
    }
#define RARE(type, member)                                           \
    {                                                                \
        offsetof(type, member), sizeof(((type *)0)->member), true, 0 \
    }
#define FLAGS(type, member, flags)                                        \
    {                                                                     \
        offsetof(type, member), sizeof(((type *)0)->member), false, flags \
    }

static const value of_conversation[] = {
    VALUE(tcpshake_conversation, syn),
    VALUE(tcpshake_conversation, synack),
    VALUE(tcpshake_conversation, ack),
    VALUE(tcpshake_conversation, fin1),
    VALUE(tcpshake_conversation, fin1_ack),
    VALUE(tcpshake_conversation, fin2),
    VALUE(tcpshake_conversation, fin2_ack),
    RARE(tcpshake_rare, rst),
    VALUE(tcpshake_conversation, changed),
    VALUE(tcpshake_conversation, time_wait),
    VALUE(tcpshake_conversation, asked),
    VALUE(tcpshake_conversation, lingers),
    RARE(tcpshake_rare, icmp_frame),
    VALUE(tcpshake_conversation, late_data_frame),
    VALUE(tcpshake_conversation, late_data_seq),
    VALUE(tcpshake_conversation, opened_by),
    VALUE(tcpshake_conversation, closed_by),
    RARE(tcpshake_rare, reset_by),
    VALUE(tcpshake_conversation, time_wait_owner),
    VALUE(tcpshake_conversation, handshake),
    VALUE(tcpshake_conversation, first_closer),
    RARE(tcpshake_rare, reset_cause),
    RARE(tcpshake_rare, reset_ttl),
    VALUE(tcpshake_conversation, initial),
    FLAGS(tcpshake_conversation, flags, UINT16_MAX),
};

static const value of_end[] = {
    VALUE(tcpshake_end, fin_seq),
    RARE(tcpshake_rare_end, unseen_frame),
    RARE(tcpshake_rare_end, presumed_frame[TCPSHAKE_PRESUMED_SYN]),
    RARE(tcpshake_rare_end, presumed_frame[TCPSHAKE_PRESUMED_SYN_ACK]),
    RARE(tcpshake_rare_end, presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_SYN]),
    RARE(tcpshake_rare_end, presumed_frame[TCPSHAKE_PRESUMED_ACK_OF_FIN]),
    RARE(tcpshake_rare_end, presumed_frame[TCPSHAKE_PRESUMED_FIN]),
    RARE(tcpshake_rare_end, presumed_frame[TCPSHAKE_PRESUMED_RST]),
    RARE(tcpshake_rare_end, probe_frame),
    VALUE(tcpshake_end, repeats),
    RARE(tcpshake_rare_end, probes),
    VALUE(tcpshake_end, state),
    VALUE(tcpshake_end, before_reset),
    FLAGS(tcpshake_end, pending, UINT8_MAX),
    FLAGS(tcpshake_end, flags, ~(uint32_t)(TCPSHAKE_END_SEEN | TCPSHAKE_END_LAST_WAS_IDLE)),
};

/* Whose values they are: an end's, by its number, or the conversation's. PAST: an end's state in the timeline. */
enum { CONVERSATION = TCPSHAKE_ENDS, VALUED, PAST = VALUED };

static const struct {
    const value *values;
    uint8_t      count;
} owned[VALUED] = {
    { of_end, sizeof of_end / sizeof of_end[0] },
    { of_end, sizeof of_end / sizeof of_end[0] },
    { of_conversation, sizeof of_conversation / sizeof of_conversation[0] },
};

enum { VALUES_MAX = 64, PAST_SIZE = 1 + sizeof(uint32_t) + 2 };

_Static_assert(sizeof of_end / sizeof of_end[0] <= VALUES_MAX &&
                   sizeof of_conversation / sizeof of_conversation[0] <= VALUES_MAX,
               "a byte says whose value, and which");

/* Each change in a row: a byte that says whose value, and which; its bytes before, its bytes after. Of the past the
 * byte says which end, and the index of the entry follows it. */
struct tcpshake_changes {
    uint32_t frame;
    uint32_t size, capacity; /* of bytes */
    uint8_t  bytes[];
};

/* What of the record is rare, and all the frames that are presumed, wherever they are kept. */
static void
read_rare(const tcpshake_conversation *conversation, tcpshake_rare *rare)
{
    *rare = *tcpshake_rare_of(conversation);
    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        tcpshake_read_presumed(conversation, end, rare->end[end].presumed_frame);
}

static void
write_rare(tcpshake_conversation *conversation, const tcpshake_rare *rare)
{
    conversation->extra->rare = *rare;
    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        tcpshake_write_presumed(conversation, end, rare->end[end].presumed_frame, NULL);
}

static size_t
start_of_rare(unsigned owner)
{
    return owner == CONVERSATION ? 0 : offsetof(tcpshake_rare, end) + owner * sizeof(tcpshake_rare_end);
}

static uint8_t *
writable(tcpshake_conversation *conversation, tcpshake_rare *rare, unsigned owner, const value *v)
{
    if (v->rare)
        return (uint8_t *)rare + start_of_rare(owner) + v->at;
    return (owner == CONVERSATION ? (uint8_t *)conversation : (uint8_t *)&conversation->end[owner]) + v->at;
}

static const uint8_t *
value_of(const tcpshake_conversation *conversation, const tcpshake_rare *rare, unsigned owner, const value *v)
{
    if (v->rare)
        return (const uint8_t *)rare + start_of_rare(owner) + v->at;
    return (owner == CONVERSATION ? (const uint8_t *)conversation : (const uint8_t *)&conversation->end[owner]) + v->at;
}

static uint32_t
write_values(const tcpshake_conversation *conversation, const tcpshake_rare *rare, const tcpshake_before *before,
             uint8_t *to)
{
    uint32_t size = 0;

    for (unsigned owner = 0; owner < VALUED; owner++)
        for (unsigned i = 0; i < owned[owner].count; i++) {
            const value *const   v = &owned[owner].values[i];
            const uint8_t *const now = value_of(conversation, rare, owner, v);
            const uint8_t *const then = value_of(&before->conversation, &before->rare, owner, v);
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

/* Of the RST's sender: what it tells of its receiver holds, ignored or not. */
static uint32_t
write_past(const tcpshake_conversation *conversation, const tcpshake_before *before, uint8_t *to)
{
    const uint32_t known = before->conversation.timeline.count;
    uint32_t       size = 0;

    for (uint32_t i = known - before->entries; i < known; i++) {
        const uint8_t now = tcpshake_entries(&conversation->timeline)[i].state[before->from];
        const uint8_t then = before->state[known - 1 - i];
        if (now == then)
            continue;
        if (to) {
            to[size] = (uint8_t)(PAST * VALUES_MAX + before->from);
            memcpy(to + size + 1, &i, sizeof i);
            to[size + 1 + sizeof i] = then;
            to[size + 1 + sizeof i + 1] = now;
        }
        size += PAST_SIZE;
    }
    return size;
}

/* Writes what has changed, and returns how many bytes that takes; to: NULL: only that. */
static uint32_t
write_changes(const tcpshake_conversation *conversation, const tcpshake_rare *rare, const tcpshake_before *before,
              uint8_t *to)
{
    const uint32_t size = write_values(conversation, rare, before, to);

    return size + write_past(conversation, before, to ? to + size : NULL);
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
tcpshake_remember_before(const tcpshake_conversation *conversation, int from, tcpshake_before *before)
{
    const tcpshake_timeline *const timeline = &conversation->timeline;

    before->conversation = *conversation;
    read_rare(conversation, &before->rare);
    before->from = (uint8_t)from;
    before->entries = timeline->count < TCPSHAKE_ENTRIES_BEFORE ? timeline->count : TCPSHAKE_ENTRIES_BEFORE;
    for (uint32_t i = 0; i < before->entries; i++)
        before->state[i] = tcpshake_last_entry(timeline)[-(ptrdiff_t)i].state[from];
}

void
tcpshake_remember_changes(tcpshake_conversation *conversation, const tcpshake_before *before, uint32_t frame,
                          const tcpshake_allocator *allocator)
{
    const uint8_t state = before->conversation.end[before->from].state;
    if (state != conversation->end[before->from].state)
        conversation->end[before->from].before_reset = state; /* and not what the RST told of it first */
    tcpshake_rare rare;
    read_rare(conversation, &rare);
    const uint32_t        size = write_changes(conversation, &rare, before, NULL);
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
    changes->frame = frame;
    changes->size = write_changes(conversation, &rare, before, changes->bytes);
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

/* The state of an end in the timeline, unless it was corrected since. */
static void
take_back_past(tcpshake_conversation *conversation, unsigned end, const uint8_t *row)
{
    uint32_t index;

    memcpy(&index, row + 1, sizeof index);
    if (tcpshake_entries(&conversation->timeline)[index].state[end] == row[1 + sizeof index + 1])
        tcpshake_correct_state(conversation, index, (int)end, (tcpshake_state)row[1 + sizeof index]);
}

uint32_t
tcpshake_take_back_changes(tcpshake_conversation *conversation, int end)
{
    tcpshake_changes *const changes = conversation->extra ? conversation->extra->changes : NULL;
    uint32_t                kept = 0, size;
    tcpshake_rare           rare;

    if (!changes || changes->size == 0)
        return 0;
    read_rare(conversation, &rare);
    for (uint32_t at = 0; at < changes->size; at += size) {
        const uint8_t *const row = &changes->bytes[at];
        const unsigned       owner = *row / VALUES_MAX, which = *row % VALUES_MAX;
        const value *const   v = owner == PAST ? NULL : &owned[owner].values[which];
        size = v ? 1 + 2u * v->size : PAST_SIZE;
        if (owner == CONVERSATION || (v ? owner : which) == (unsigned)end) {
            if (v)
                take_back(writable(conversation, &rare, owner, v), row + 1, row + 1 + v->size, v);
            else
                take_back_past(conversation, which, row);
        } else { /* the other end's: what that sends will tell */
            memmove(&changes->bytes[kept], row, size);
            kept += size;
        }
    }
    write_rare(conversation, &rare);
    if (changes->size == kept)
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
