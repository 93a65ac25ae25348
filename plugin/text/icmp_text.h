/* icmp_text.h
 * The names of ICMP's errors.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ICMP_TEXT_H
#define TCPSHAKE_ICMP_TEXT_H

#include "../core/conversation/finding.h"
#include "sentences.h"

#include <stddef.h>

enum { TCPSHAKE_ICMP_NAME_SIZE = 96 };

/* The sentence that says why a SYN meets this error. */
tcpshake_sentence tcpshake_reason_of_icmp(tcpshake_icmp_kind error);
/* "port unreachable"; writes at most size bytes and returns text. */
const char *tcpshake_text_icmp(tcpshake_icmp_kind error, char *text, size_t size);

#endif /* TCPSHAKE_ICMP_TEXT_H */
