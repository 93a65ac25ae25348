/* tree.h
 * What a segment or an ICMP error showed, in the details pane, the Info column and the expert infos.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TREE_H
#define TCPSHAKE_TREE_H

#include "../compat.h"

#include "../../core/conversation/conversation.h"

/* Shows the segment, already processed, if anybody looks at it, and allocates nothing otherwise. before: the item that
 * precedes TCP's in tree, or NULL if TCP's is the first; our subtree goes after TCP's. found: the segment has just
 * brought an anomaly. Never throws. */
void tcpshake_draw(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *before,
                   const tcpshake_conversation *conversation, const tcpshake_segment *segment, bool found);

/* Likewise for an ICMP error that rejects the conversation's SYN, in the first pass just now; our subtree goes after
 * ICMP's. Never throws. */
void tcpshake_draw_error(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, proto_item *before,
                         const tcpshake_conversation *conversation);

#endif /* TCPSHAKE_TREE_H */
