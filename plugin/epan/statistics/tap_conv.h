/* tap_conv.h
 * The table of conversations: a row for each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TAP_CONV_H
#define TCPSHAKE_TAP_CONV_H

#include "calls.h"

/* -z tcpshake,conv */
extern const tcpshake_call_kind tcpshake_conv_call;

/* Wireshark's window and sharkd's "nstat:tcpshake,conv". */
void tcpshake_register_conv(void);

#endif /* TCPSHAKE_TAP_CONV_H */
