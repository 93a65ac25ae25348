/* worst_window.h
 * The conversations that are looked for first, one click from their packets.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_WORST_WINDOW_H
#define TCPSHAKE_WORST_WINDOW_H

/* Lists those that failed, those with a Warning and the slowest, with a button for each. */
void tcpshake_show_worst(void);

#endif /* TCPSHAKE_WORST_WINDOW_H */
