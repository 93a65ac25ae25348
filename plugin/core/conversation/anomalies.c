/* anomalies.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "anomalies.h"

#include <assert.h>

static const tcpshake_anomaly_info rows[TCPSHAKE_ANOMALIES] = {
#define ANOMALY(name, severity, chapter, source, summary, ...) { #name, TCPSHAKE_##severity, source, summary },
#include "anomalies.def"
#undef ANOMALY
};

const tcpshake_anomaly_info *
tcpshake_anomaly_row(tcpshake_anomaly anomaly)
{
    assert(anomaly < TCPSHAKE_ANOMALIES);
    return &rows[anomaly];
}
