/* acknowledged.c
 * Which SYN or FIN the segment of an entry acknowledges.
 *
 * Nearly always that has an entry, and not far back: the entry holds how far. What is further away, or has no entry (a
 * FIN that did not count when it came), is in a list, with the first entry that acknowledges it: a SYN-ACK that comes
 * again and again acknowledges the same.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation.h"

#include "../no_inline.h"

/* In acks_back: the list has it. */
enum { FAR = 127 };

typedef struct far_link {
    uint32_t since; /* the frame of the first entry */
    uint32_t acks;  /* the frame of the SYN or FIN */
} far_link;

struct tcpshake_links {
    uint32_t count, capacity;
    far_link one[];
};

static bool
reserve(tcpshake_extra *extra, const tcpshake_allocator *allocator)
{
    tcpshake_links *const old = extra->links;

    if (old && old->count < old->capacity)
        return true;
    const uint32_t        capacity = old ? old->capacity * 2 : 2;
    const size_t          size = sizeof *old + capacity * sizeof old->one[0];
    tcpshake_links *const larger = allocator->resize(allocator->context, old, size);
    if (!larger)
        return false;
    if (!old)
        larger->count = 0;
    larger->capacity = capacity;
    extra->links = larger;
    return true;
}

static bool
is_last_far(const tcpshake_conversation *conversation, uint32_t frame)
{
    const tcpshake_links *const links = conversation->extra ? conversation->extra->links : NULL;

    return links && links->one[links->count - 1].acks == frame;
}

/* False: there is no memory. */
static bool
remember_far(tcpshake_conversation *conversation, far_link link, const tcpshake_allocator *allocator)
{
    tcpshake_extra *const extra = tcpshake_extra_of(conversation, allocator);

    if (!extra || !reserve(extra, allocator))
        return false;
    extra->links->one[extra->links->count++] = link;
    return true;
}

/* Out of line: nearly always it is right in front. */
static TCPSHAKE_NO_INLINE void
look_further(tcpshake_conversation *conversation, uint32_t frame, const tcpshake_allocator *allocator)
{
    const uint32_t        last = conversation->timeline.count - 1;
    tcpshake_entry *const entry = &tcpshake_own_entries(&conversation->timeline)[last];
    const uint32_t        reach = last < FAR ? last : FAR - 1;
    const bool            same_far = is_last_far(conversation, frame);
    uint32_t              back = 1;

    while (!same_far && back <= reach && entry[-(ptrdiff_t)back].frame > frame)
        back++;
    if (!same_far && back <= reach && entry[-(ptrdiff_t)back].frame == frame)
        entry->acks_back = back & FAR;
    else if (same_far || remember_far(conversation, (far_link){ entry->frame, frame }, allocator))
        entry->acks_back = FAR;
}

void
tcpshake_set_acknowledged(tcpshake_conversation *conversation, uint32_t frame, const tcpshake_allocator *allocator)
{
    const uint32_t        last = conversation->timeline.count - 1;
    tcpshake_entry *const entry = &tcpshake_own_entries(&conversation->timeline)[last];

    if (last > 0 && entry[-1].frame == frame)
        entry->acks_back = 1;
    else
        look_further(conversation, frame, allocator);
}

/* The last link that began at or before that frame. */
static uint32_t
find_far(const tcpshake_links *links, uint32_t frame)
{
    uint32_t low = 0, high = links->count;

    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (links->one[middle].since <= frame)
            low = middle;
        else
            high = middle;
    }
    return links->one[low].acks;
}

uint32_t
tcpshake_acknowledged(const tcpshake_conversation *record, ptrdiff_t index)
{
    const tcpshake_entry *const entry = &tcpshake_entries(&record->timeline)[index];

    if (entry->acks_back == 0)
        return 0;
    return entry->acks_back == FAR ? find_far(record->extra->links, entry->frame) : entry[-entry->acks_back].frame;
}
