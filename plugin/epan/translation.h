/* translation.h
 * What a device between two capture points has made of a connection's addresses and ports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TRANSLATION_H
#define TCPSHAKE_TRANSLATION_H

#include "../core/conversation/conversation.h"

#include <stddef.h>

/* "client 10.0.0.1:40000 → 203.0.113.5:61000": what is not the same at the other point. Writes at most size bytes to
 * text and returns it. */
const char *tcpshake_translated(const tcpshake_conversation *conversation, const tcpshake_twin *twin, char *text,
                                size_t size);

#endif /* TCPSHAKE_TRANSLATION_H */
