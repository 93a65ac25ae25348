/* anomalies.h
 * The anomalies by number, from the catalogue.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ANOMALIES_H
#define TCPSHAKE_ANOMALIES_H

#include <stdint.h>

typedef enum tcpshake_anomaly {
#define ANOMALY(name, severity, chapter, source, summary, ...) TCPSHAKE_ANOMALY_##name,
#include "anomalies.def"
#undef ANOMALY
    TCPSHAKE_ANOMALIES
} tcpshake_anomaly;

typedef enum tcpshake_severity { TCPSHAKE_CHAT, TCPSHAKE_NOTE, TCPSHAKE_WARN } tcpshake_severity;

typedef struct tcpshake_anomaly_info {
    const char *name;     /* the contract's name, as in tcpshake.anomaly.<name> */
    uint8_t     severity; /* tcpshake_severity */
    const char *source;   /* RFC and section */
    const char *summary;  /* one sentence without numbers */
} tcpshake_anomaly_info;

/* The row of the catalogue; static. */
const tcpshake_anomaly_info *tcpshake_anomaly_row(tcpshake_anomaly anomaly);

/* One anomaly found on a frame, with the numbers that prove it; what they mean is each anomaly's own (anomalies_en.c).
 */
typedef struct tcpshake_finding {
    uint32_t frame;        /* which it is about */
    uint32_t proven_frame; /* which proved it: the same, or a later one */
    uint8_t  anomaly;      /* tcpshake_anomaly */
    uint8_t  end;          /* whose doing: 0 or 1 */
    uint16_t count;        /* an attempt's number, or how many; stops at 65535 */
    uint32_t other_frame;  /* the frame that it refers to, or 0 */
    uint32_t number;       /* a sequence number or a number of bytes */
    int64_t  duration;     /* nanoseconds, or 0 */
} tcpshake_finding;

#endif /* TCPSHAKE_ANOMALIES_H */
