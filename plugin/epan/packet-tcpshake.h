/* packet-tcpshake.h
 * Registers the dissector.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_PACKET_TCPSHAKE_H
#define TCPSHAKE_PACKET_TCPSHAKE_H

void tcpshake_register(void);
void tcpshake_hand_off(void);

#endif /* TCPSHAKE_PACKET_TCPSHAKE_H */
