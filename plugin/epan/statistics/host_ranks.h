/* host_ranks.h
 * The place of each host among all of the capture, by address: Wireshark sorts a column of addresses as text, and so
 * puts 10.0.0.10 before 10.0.0.9.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_HOST_RANKS_H
#define TCPSHAKE_HOST_RANKS_H

#include "../compat.h"

/* From 1; 0: the host has come since. The hosts are collected when this is first asked. */
uint32_t tcpshake_host_rank(const address *host);

/* The capture is closed, or has grown. */
void tcpshake_forget_host_ranks(void);

#endif /* TCPSHAKE_HOST_RANKS_H */
