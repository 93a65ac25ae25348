/* tap_tree.h
 * Statistics: how many conversations were opened and closed how, and what was out of the ordinary.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TAP_TREE_H
#define TCPSHAKE_TAP_TREE_H

#include "calls.h"

/* -z tcpshake,tree */
extern const tcpshake_call_kind tcpshake_tree_call;

/* Wireshark's window and sharkd's "stat:tcpshake". */
void tcpshake_register_tree(void);

#endif /* TCPSHAKE_TAP_TREE_H */
