/* log.h
 * The segments of a conversation in few bytes each: most take less than ten, so that ten million fit into memory.
 * What the story does not need of a segment (options, addresses, windows) is not kept.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_LOG_H
#define TCPSHAKE_LOG_H

#include "../core/segment.h"

#include <glib.h>

/* What the next segment of an end is compared with. */
typedef struct tcpshake_log_end {
    uint32_t next, ack, length;
} tcpshake_log_end;

/* Where the log has come to, when it is written or read. */
typedef struct tcpshake_log_place {
    int64_t          time;
    uint32_t         frame;
    tcpshake_log_end end[TCPSHAKE_ENDS];
} tcpshake_log_place;

typedef struct tcpshake_log {
    GByteArray        *bytes;
    tcpshake_log_place last;
    uint64_t           count;
} tcpshake_log;

typedef struct tcpshake_log_reader {
    const uint8_t     *at, *end;
    tcpshake_log_place last;
} tcpshake_log_reader;

tcpshake_log *tcpshake_log_new(void);
void tcpshake_log_free(tcpshake_log *log);

/* Time, frame, numbers, length, flags, sender and how much was captured of it. */
void tcpshake_log_add(tcpshake_log *log, const tcpshake_segment *segment);

/* From the first one on. The log must stay as it is meanwhile. */
void tcpshake_log_read(tcpshake_log_reader *reader, const tcpshake_log *log);

/* The next one; false at the end. */
bool tcpshake_log_next(tcpshake_log_reader *reader, tcpshake_segment *segment);

#endif /* TCPSHAKE_LOG_H */
