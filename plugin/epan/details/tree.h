/* tree.h
 * What a segment or an ICMP error showed, in the details pane, the Info column and the expert infos.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TREE_H
#define TCPSHAKE_TREE_H

#include "../compat.h"

#include "../../core/conversation/conversation.h"

/* Draws the segment, which its conversation has taken in, as far as anybody looks; nothing is allocated if nobody does.
 * before: the item behind which TCP's stands in tree, or NULL if it is the first; our subtree goes behind TCP's.
 * found: the segment has just brought an anomaly. Never throws. */
void tcpshake_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *before,
                   const tcpshake_conversation *conversation, const tcpshake_segment *segment, bool found);

/* Draws an ICMP error that rejects the conversation's SYN, and in the first pass has just done so, likewise; our
 * subtree goes behind ICMP's. Never throws. */
void tcpshake_draw_error(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *before,
                         const tcpshake_conversation *conversation);

#endif /* TCPSHAKE_TREE_H */
