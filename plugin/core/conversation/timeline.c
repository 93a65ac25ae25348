/* timeline.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "timeline.h"

#include "../no_inline.h"

#include <string.h>

/* There is room for 7 * 2^n entries, and all of it is used. Of such a number, 2^n is the lowest bit. */
static bool
is_full(uint32_t count)
{
    const uint32_t lowest = count & (~count + 1);

    return count >= TCPSHAKE_FIRST_ENTRIES && count == TCPSHAKE_FIRST_ENTRIES * lowest;
}

/* Twice as many. The first ones are copied. */
static TCPSHAKE_NO_INLINE bool
grow(tcpshake_timeline *timeline, const tcpshake_allocator *allocator)
{
    const bool            has_block = timeline->count > TCPSHAKE_FIRST_ENTRIES;
    const size_t          size = timeline->count * sizeof(tcpshake_entry);
    tcpshake_entry *const block = allocator->resize(allocator->context, has_block ? timeline->block : NULL, 2 * size);

    if (!block)
        return false;
    if (!has_block)
        memcpy(block, timeline->first, size);
    timeline->block = block;
    return true;
}

tcpshake_entry *
tcpshake_timeline_at(tcpshake_timeline *timeline, const tcpshake_allocator *allocator, uint32_t frame, uint8_t from,
                     const uint8_t state[2])
{
    const uint32_t  count = timeline->count;
    tcpshake_entry *entries = tcpshake_own_entries(timeline);

    if (count > 0 && entries[count - 1].frame == frame)
        return &entries[count - 1];
    if (is_full(count)) {
        if (!grow(timeline, allocator))
            return NULL;
        entries = timeline->block;
    }
    timeline->count++;
    tcpshake_entry *const entry = &entries[count];
    *entry = (tcpshake_entry){ .frame = frame, .state = { state[0], state[1] }, .from = from & 1 };
    return entry;
}

ptrdiff_t
tcpshake_timeline_find(const tcpshake_timeline *timeline, uint32_t frame)
{
    const tcpshake_entry *const entries = tcpshake_entries(timeline);
    ptrdiff_t                   low = 0, high = (ptrdiff_t)timeline->count;

    while (low < high) {
        const ptrdiff_t middle = low + (high - low) / 2;
        if (entries[middle].frame <= frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}
