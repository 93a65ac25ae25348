/* tap_hosts.h
 * The table of hosts: a row for each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TAP_HOSTS_H
#define TCPSHAKE_TAP_HOSTS_H

#include "calls.h"

/* -z tcpshake,hosts */
extern const tcpshake_call_kind tcpshake_hosts_call;

/* Wireshark's window and sharkd's "nstat:tcpshake,hosts". */
void tcpshake_register_hosts(void);

#endif /* TCPSHAKE_TAP_HOSTS_H */
