/* selection.h
 * The packet that is selected in Wireshark's window.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_SELECTION_H
#define TCPSHAKE_SELECTION_H

#include "../compat.h"

typedef struct tcpshake_selection {
    uint32_t frame;      /* 0: no packet is selected */
    bool     has_stream; /* the packet has a TCP segment, and its conversation a record */
    uint32_t stream;     /* tcp.stream; the innermost, in a tunnel */
} tcpshake_selection;

tcpshake_selection tcpshake_selected(void);

#endif /* TCPSHAKE_SELECTION_H */
