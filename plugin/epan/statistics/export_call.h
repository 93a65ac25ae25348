/* export_call.h
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_EXPORT_CALL_H
#define TCPSHAKE_EXPORT_CALL_H

#include "calls.h"

/* -z tcpshake,export,FILE.csv or FILE.ndjson */
extern const tcpshake_call_kind tcpshake_export_call;

#endif /* TCPSHAKE_EXPORT_CALL_H */
