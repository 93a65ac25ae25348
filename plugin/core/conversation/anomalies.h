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

#endif /* TCPSHAKE_ANOMALIES_H */
