/* expert.h
 * The anomalies as expert infos.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_EXPERT_H
#define TCPSHAKE_EXPERT_H

#include "../compat.h"

#include "../../core/conversation/anomalies.h"

/* After the fields. */
void tcpshake_register_expert(void);

/* Whether an expert info can be seen in this packet although nobody looks at our fields. */
bool tcpshake_expert_wanted(const packet_info *pinfo, proto_tree *tree);

/* Adds the anomaly, with the message that proves it, to item, which may be NULL. */
void tcpshake_expert_add(packet_info *pinfo, proto_item *item, tcpshake_anomaly anomaly, const char *message);

/* Adds an ordinary step to item, which may be NULL. */
void tcpshake_expert_chat(packet_info *pinfo, proto_item *item, const char *steps);

#endif /* TCPSHAKE_EXPERT_H */
