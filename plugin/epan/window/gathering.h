/* gathering.h
 * All segments of one conversation, for its story: Wireshark reads the capture again for them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_GATHERING_H
#define TCPSHAKE_GATHERING_H

#include "../statistics/conversation_list.h"

#include "../../story/segment_log.h"

typedef struct tcpshake_gathering {
    const tcpshake_conversation *conversation;
    tcpshake_conversation_list  *rows; /* its row, once a segment was met */
    tcpshake_segment_log        *log;
} tcpshake_gathering;

/* NULL if the reader stopped Wireshark before the last segment, or it could not read the capture. */
tcpshake_gathering *tcpshake_gather(uint32_t stream);
void                tcpshake_gathering_free(tcpshake_gathering *gathering);

#endif /* TCPSHAKE_GATHERING_H */
