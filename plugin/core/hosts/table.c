/* table.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "table.h"

#include <string.h>

enum { CHUNKS_MIN = 8, SLOTS_MIN = 64 }; /* SLOTS_MIN is a power of 2 */

/* The number of the record with this key; 0: there is none. */
uint32_t
tcpshake_table_find(const table *t, uint32_t hash, const void *key)
{
    if (!t->slot_count)
        return 0;
    for (uint32_t at = hash;; at++) {
        const uint32_t number = t->slots[at & (t->slot_count - 1)];
        if (number == 0)
            return 0;
        const head *const record = tcpshake_table_record(t, number);
        if (record->hash == hash && memcmp(record->key, key, t->key_size) == 0)
            return number;
    }
}

static void
take_slot(table *t, uint32_t hash, uint32_t number)
{
    uint32_t at = hash;

    while (t->slots[at & (t->slot_count - 1)])
        at++;
    t->slots[at & (t->slot_count - 1)] = number;
}

/* Makes room for one more: at most every other slot is in use. */
static bool
reserve_slot(table *t, const tcpshake_allocator *allocator)
{
    if (t->records.count < t->slot_count / 2)
        return true;
    const uint32_t  count = t->slot_count ? t->slot_count * 2 : SLOTS_MIN;
    uint32_t *const slots = allocator->resize(allocator->context, t->slots, count * sizeof *slots);
    if (!slots)
        return false;
    t->slots = memset(slots, 0, count * sizeof *slots);
    t->slot_count = count;
    for (uint32_t number = 1; number <= t->records.count; number++)
        take_slot(t, ((const head *)tcpshake_table_record(t, number))->hash, number);
    return true;
}

bool
tcpshake_reserve_record(records *r, const tcpshake_allocator *allocator, size_t size)
{
    const uint32_t chunk = r->count / RECORDS_PER_CHUNK;

    if (r->count % RECORDS_PER_CHUNK != 0)
        return true;
    if (chunk == r->chunk_capacity) {
        const uint32_t  capacity = r->chunk_capacity ? r->chunk_capacity * 2 : CHUNKS_MIN;
        uint8_t **const chunks = allocator->resize(allocator->context, r->chunks, capacity * sizeof *chunks);
        if (!chunks)
            return false;
        r->chunks = chunks;
        r->chunk_capacity = capacity;
    }
    r->chunks[chunk] = allocator->resize(allocator->context, NULL, RECORDS_PER_CHUNK * size);
    return r->chunks[chunk] != NULL;
}

/* The number of the record with this key, made if it is not there yet; 0: there is no memory. */
uint32_t
tcpshake_table_enter(table *t, const tcpshake_allocator *allocator, uint32_t hash, const void *key)
{
    const uint32_t found = tcpshake_table_find(t, hash, key);

    if (found)
        return found;
    if (!reserve_slot(t, allocator) || !tcpshake_reserve_record(&t->records, allocator, t->record_size))
        return 0;
    const uint32_t number = ++t->records.count;
    head *const    record = memset(tcpshake_table_record(t, number), 0, t->record_size);
    record->hash = hash;
    memcpy(record->key, key, t->key_size);
    take_slot(t, hash, number);
    return number;
}
