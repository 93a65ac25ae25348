/* packet-tcpshake.h
 * The chained dissector's registration.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_PACKET_TCPSHAKE_H
#define TCPSHAKE_PACKET_TCPSHAKE_H

void tcpshake_register(void);
void tcpshake_hand_off(void);

#endif /* TCPSHAKE_PACKET_TCPSHAKE_H */
