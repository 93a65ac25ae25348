/* flow_graph.h
 * "TCP Handshake" in Statistics > Flow Graph, and tshark's -z flow,tcpshake,network.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_FLOW_GRAPH_H
#define TCPSHAKE_FLOW_GRAPH_H

/* While protocols are registered: programs look for flow graphs after that. */
void tcpshake_register_flow_graph(void);

#endif /* TCPSHAKE_FLOW_GRAPH_H */
