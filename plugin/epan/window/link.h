/* link.h
 * From a window to a conversation: the window may be open longer than the capture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_LINK_H
#define TCPSHAKE_LINK_H

#include "../streams.h"

typedef struct tcpshake_link {
    uint32_t stream;
    int64_t  began; /* when the conversation did: a stream of this number can be another one's by now */
} tcpshake_link;

tcpshake_link tcpshake_link_to(uint32_t stream);

/* Its record now; or NULL, and the user is told. */
const tcpshake_conversation *tcpshake_follow_link(const tcpshake_link *link);

/* Sets the display filter to its packets. */
void tcpshake_show_linked(const tcpshake_link *link);

#endif /* TCPSHAKE_LINK_H */
