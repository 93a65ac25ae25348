/* transitions.c
 * From a transition back to the cell of the state tables that it came from.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "state.h"

#include "../segment/segment.h"

#include <stddef.h>
#include <string.h>

/* The flags that a segment has if it is this event, of those in mask. Data go with any. */
static const struct {
    uint8_t mask, flags;
} marks[TCPSHAKE_EVENTS] = {
    [TCPSHAKE_EV_SYN] = { TCPSHAKE_SYN | TCPSHAKE_ACK, TCPSHAKE_SYN },
    [TCPSHAKE_EV_SYN_ACK] = { TCPSHAKE_SYN | TCPSHAKE_ACK, TCPSHAKE_SYN | TCPSHAKE_ACK },
    [TCPSHAKE_EV_ACK_OF_SYN] = { TCPSHAKE_SYN | TCPSHAKE_ACK | TCPSHAKE_RST, TCPSHAKE_ACK },
    [TCPSHAKE_EV_ACK_OF_FIN] = { TCPSHAKE_SYN | TCPSHAKE_ACK | TCPSHAKE_RST, TCPSHAKE_ACK },
    [TCPSHAKE_EV_FIN] = { TCPSHAKE_FIN | TCPSHAKE_RST, TCPSHAKE_FIN },
    [TCPSHAKE_EV_RST] = { TCPSHAKE_RST, TCPSHAKE_RST },
};

const tcpshake_cell *
tcpshake_cell_between(bool sent, tcpshake_state before, tcpshake_state after, uint16_t flags)
{
    const tcpshake_cell *found = NULL;

    for (tcpshake_event event = TCPSHAKE_EV_SYN; before != after && event < TCPSHAKE_EVENTS; event++) {
        const tcpshake_cell *const cell = sent ? tcpshake_sending(before, event) : tcpshake_receiving(before, event);
        if (cell->next != after || (flags & marks[event].mask) != marks[event].flags)
            continue;
        if (found && (found->kind != cell->kind || strcmp(found->why, cell->why) != 0))
            return NULL;
        found = cell;
    }
    return found;
}
