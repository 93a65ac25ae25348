/* tap.h
 * What the statistics get of each segment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TAP_H
#define TCPSHAKE_TAP_H

#include "../compat.h"

#include "../../core/outcome/view.h"

/* Lives until the frame is dissected, the conversation as long as the capture file. */
typedef struct tcpshake_tapped {
    const tcpshake_conversation *conversation; /* this segment already processed */
    tcpshake_segment             segment;
    tcpshake_knowledge           knowledge; /* when it was dissected: listeners always find its frame visited */
    tcpshake_tuple               tuple;     /* whose addresses are borrowed */
} tcpshake_tapped;

/* The name to register listeners with. */
#define TCPSHAKE_TAP "tcpshake"

void tcpshake_register_tap(void);

/* Whether any statistics are. */
bool tcpshake_is_tapped(void);

/* Passes the segment to the statistics that are in use. */
void tcpshake_tap(packet_info *pinfo, const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                  const tcpshake_tuple *tuple);

#endif /* TCPSHAKE_TAP_H */
