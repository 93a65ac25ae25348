/* actions.h
 * What Wireshark's window offers of tcpshake beyond columns, fields and statistics: in the menus, on a toolbar, and on
 * a right click.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ACTIONS_H
#define TCPSHAKE_ACTIONS_H

/* Once all protocols are registered. Nothing happens in a program without windows. */
void tcpshake_register_actions(void);

#endif /* TCPSHAKE_ACTIONS_H */
