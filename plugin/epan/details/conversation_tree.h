/* conversation_tree.h
 * What is known of the whole conversation, as a subtree of each of its segments.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_CONVERSATION_TREE_H
#define TCPSHAKE_CONVERSATION_TREE_H

#include "items.h"

#include "../../core/outcome/view.h"

void tcpshake_draw_conversation(const items *in, tcpshake_fields wanted, const tcpshake_conversation *conversation,
                                const tcpshake_segment *segment, const tcpshake_view *view,
                                const tcpshake_knowledge *knowledge);

#endif /* TCPSHAKE_CONVERSATION_TREE_H */
