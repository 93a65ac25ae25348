/* segment_log.h
 * The segments of a conversation in a few bytes each: most take less than ten, so that ten million fit into memory.
 * What the story does not need of a segment (options, addresses, windows) is not kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_SEGMENT_LOG_H
#define TCPSHAKE_SEGMENT_LOG_H

#include "../core/segment/segment.h"

#include <glib.h>

/* What the next segment of an end is compared with. */
typedef struct tcpshake_segment_log_end {
    uint32_t next, ack, length;
} tcpshake_segment_log_end;

/* How far the log has been written or read. */
typedef struct tcpshake_segment_log_place {
    int64_t                  time;
    uint32_t                 frame;
    tcpshake_segment_log_end end[TCPSHAKE_ENDS];
} tcpshake_segment_log_place;

typedef struct tcpshake_segment_log {
    GByteArray                *bytes;
    tcpshake_segment_log_place last;
    uint64_t                   count;
} tcpshake_segment_log;

typedef struct tcpshake_segment_log_reader {
    const uint8_t             *at, *end;
    tcpshake_segment_log_place last;
} tcpshake_segment_log_reader;

tcpshake_segment_log *tcpshake_segment_log_new(void);
void                  tcpshake_segment_log_free(tcpshake_segment_log *log);

/* Keeps time, frame, numbers, length, flags, sender, and how much of it was captured. */
void tcpshake_segment_log_add(tcpshake_segment_log *log, const tcpshake_segment *segment);

/* Starts at the first segment. The log must not change while it is read. */
void tcpshake_segment_log_read(tcpshake_segment_log_reader *reader, const tcpshake_segment_log *log);

/* The next segment; false at the end. */
bool tcpshake_segment_log_next(tcpshake_segment_log_reader *reader, tcpshake_segment *segment);

#endif /* TCPSHAKE_SEGMENT_LOG_H */
