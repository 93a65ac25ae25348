/* tap_tree.h
 * The tree of outcomes: how conversations were opened and closed, and their anomalies, with counts.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TAP_TREE_H
#define TCPSHAKE_TAP_TREE_H

#include "calls.h"

/* -z tcpshake,tree */
extern const tcpshake_call_kind tcpshake_tree_call;

/* sharkd's "stat:tcpshake"; nothing in a program with windows. */
void tcpshake_register_tree(void);

#endif /* TCPSHAKE_TAP_TREE_H */
