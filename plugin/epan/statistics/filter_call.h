/* filter_call.h
 * wireshark -z tcpshake,filter,FILTER: a display filter that is applied once the capture has been read. One that is
 * given with -Y sees each packet only as it was known when it was read.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_FILTER_CALL_H
#define TCPSHAKE_FILTER_CALL_H

#include "calls.h"

extern const tcpshake_call_kind tcpshake_filter_call;

#endif /* TCPSHAKE_FILTER_CALL_H */
