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
    int64_t  began; /* when the conversation began: by now its number can be another one's */
} tcpshake_link;

tcpshake_link tcpshake_link_to(uint32_t stream);

/* The conversation's record; NULL if it is gone: then the user is told. */
const tcpshake_conversation *tcpshake_follow_link(const tcpshake_link *link);

/* Sets the display filter to its packets. */
void tcpshake_show_linked(const tcpshake_link *link);

#endif /* TCPSHAKE_LINK_H */
