/* anomaly_index.h
 * Where the anomalies of the capture are: read from the records, without reading the capture again.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ANOMALY_INDEX_H
#define TCPSHAKE_ANOMALY_INDEX_H

#include "../compat.h"

#include <glib.h>

typedef struct tcpshake_anomalous_frame {
    uint32_t frame;
    uint32_t severity; /* tcpshake_severity: of the worst on it */
} tcpshake_anomalous_frame;

/* All of them by their frames: of tcpshake_anomalous_frame. Made when it is first asked for, and again when a record
 * has changed since. Valid until the next call. */
const GArray *tcpshake_anomaly_index(void);

/* The index of the first frame in it from this one on; how many there are if there is none. */
unsigned tcpshake_anomaly_index_from(const GArray *index, uint32_t frame);

void tcpshake_anomaly_index_free(void);

#endif /* TCPSHAKE_ANOMALY_INDEX_H */
