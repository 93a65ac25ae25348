/* timeline.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "timeline.h"

#include <string.h>

/* Twice as many. The first ones stay where they are, behind the record, and are copied. */
static bool
grow(tcpshake_timeline *timeline, const tcpshake_allocator *allocator)
{
    const bool            has_block = timeline->capacity > TCPSHAKE_FIRST_ENTRIES;
    const uint32_t        capacity = timeline->capacity * 2;
    tcpshake_entry *const entries =
        allocator->resize(allocator->context, has_block ? timeline->entries : NULL, capacity * sizeof(tcpshake_entry));

    if (!entries)
        return false;
    if (!has_block)
        memcpy(entries, timeline->entries, timeline->count * sizeof(tcpshake_entry));
    timeline->entries = entries;
    timeline->capacity = capacity;
    return true;
}

tcpshake_entry *
tcpshake_timeline_at(tcpshake_timeline *timeline, const tcpshake_allocator *allocator, uint32_t frame, uint8_t from,
                     const uint8_t state[2])
{
    if (timeline->count > 0 && timeline->entries[timeline->count - 1].frame == frame)
        return &timeline->entries[timeline->count - 1];
    if (timeline->count == timeline->capacity && !grow(timeline, allocator))
        return NULL;
    tcpshake_entry *const entry = &timeline->entries[timeline->count++];
    *entry = (tcpshake_entry){ .frame = frame, .state = { state[0], state[1] }, .from = from & 1 };
    return entry;
}

ptrdiff_t
tcpshake_timeline_find(const tcpshake_timeline *timeline, uint32_t frame)
{
    ptrdiff_t low = 0, high = (ptrdiff_t)timeline->count;

    while (low < high) {
        const ptrdiff_t middle = low + (high - low) / 2;
        if (timeline->entries[middle].frame <= frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}
