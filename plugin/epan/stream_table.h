/* stream_table.h
 * The streams of a capture file by number, and the latest of each four-tuple.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_STREAM_TABLE_H
#define TCPSHAKE_STREAM_TABLE_H

#include "compat.h"
#include "stream_key.h"

#include "../core/tracking/tracker.h"

typedef struct tcpshake_stream {
    tcpshake_conversation *record; /* NULL: none of its segments was processed */
    tcpshake_stream_key    key;
    uint32_t               first;   /* of the streams with this record: the number of the first */
    uint32_t               earlier; /* the same of the last record before this that has taken in a segment */
} tcpshake_stream;

enum { RECENT_STREAMS = 64 }; /* a power of 2 */

/* Of one capture file. */
typedef struct tcpshake_stream_table {
    tcpshake_stream *streams; /* by tcp.stream */
    uint32_t         capacity;
    uint32_t        *slots;                  /* by four-tuple: its latest stream + 1; 0: free. Linear probing. */
    uint32_t         slot_count, slots_used; /* slot_count is 0 or a power of 2 */
    uint32_t         recent[RECENT_STREAMS]; /* by ports: the stream that was found last + 1; 0: none yet */
} tcpshake_stream_table;

/* Where one of this four-tuple was found last, either direction. Choosing ports that collide gains nothing: they
 * are looked up. */
static inline uint32_t *
tcpshake_stream_recent(tcpshake_stream_table *table, const tcpshake_tuple *tuple)
{
    return &table->recent[(tuple->sport + tuple->dport) % RECENT_STREAMS];
}

/* The stream of this number, with room made for it. Valid until room is made for another. */
tcpshake_stream *tcpshake_stream_at(tcpshake_stream_table *table, uint32_t number);

/* The latest stream of the four-tuple, or NULL. from: tcpshake_sending_end(tuple); hash: tcpshake_tuple_hash(). */
tcpshake_stream *tcpshake_stream_find(tcpshake_stream_table *table, const tcpshake_tuple *tuple, int from,
                                      uint32_t hash);

/* Remembers the stream as the latest of its four-tuple. Its record follows on that of the stream before it, or is the
 * same where the core knows better than Wireshark that nothing new began; one that has taken in no segment (an ICMP
 * error has quoted one) stands for nothing that happened. segment: the stream's first, or NULL. */
tcpshake_stream *tcpshake_stream_remember(tcpshake_stream_table *table, uint32_t number, const tcpshake_tuple *tuple,
                                          int from, uint32_t hash, const tcpshake_segment *segment);

/* The same, but NULL, and nothing remembered, if the four-tuple had a stream before. */
tcpshake_stream *tcpshake_stream_remember_new(tcpshake_stream_table *table, uint32_t number,
                                              const tcpshake_tuple *tuple, int from, uint32_t hash);

#endif /* TCPSHAKE_STREAM_TABLE_H */
