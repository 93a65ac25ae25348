/* conversation_filter.h
 * "TCP handshake and teardown" in Wireshark's menu of conversation filters.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_CONVERSATION_FILTER_H
#define TCPSHAKE_CONVERSATION_FILTER_H

void tcpshake_register_conversation_filter(void);

#endif /* TCPSHAKE_CONVERSATION_FILTER_H */
