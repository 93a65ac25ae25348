/* icmp_text.h
 * The names of ICMP's errors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ICMP_TEXT_H
#define TCPSHAKE_ICMP_TEXT_H

#include "../core/conversation/finding.h"

#include <stddef.h>

enum { TCPSHAKE_ICMP_NAME_SIZE = 96 };

/* "port unreachable"; writes at most size bytes and returns text. */
const char *tcpshake_text_icmp(tcpshake_icmp_kind error, char *text, size_t size);

#endif /* TCPSHAKE_ICMP_TEXT_H */
