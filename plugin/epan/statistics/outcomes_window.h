/* outcomes_window.h
 * The outcomes as a table in Wireshark's window: a row for each that there is.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_OUTCOMES_WINDOW_H
#define TCPSHAKE_OUTCOMES_WINDOW_H

/* Wireshark's window and sharkd's "nstat:tcpshake,tree". */
void tcpshake_register_outcomes_window(void);

#endif /* TCPSHAKE_OUTCOMES_WINDOW_H */
