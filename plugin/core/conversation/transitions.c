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

static const tcpshake_cell *
cell_of(bool sent, tcpshake_state state, tcpshake_event event)
{
    return sent ? tcpshake_sending(state, event) : tcpshake_receiving(state, event);
}

static bool
is_marked(tcpshake_event event, uint16_t flags)
{
    return (flags & marks[event].mask) == marks[event].flags;
}

/* By its ACK first and its FIN then, the order of section 3.10.7.4: the cell to name is the one behind which a segment
 * is missing, else the last. */
static const tcpshake_cell *
by_ack_and_fin(bool sent, tcpshake_state before, tcpshake_state after, uint16_t flags)
{
    for (tcpshake_event ack = TCPSHAKE_EV_ACK_OF_SYN; ack <= TCPSHAKE_EV_ACK_OF_FIN; ack++) {
        const tcpshake_cell *const first = cell_of(sent, before, ack);
        const tcpshake_cell *const last = cell_of(sent, (tcpshake_state)first->next, TCPSHAKE_EV_FIN);
        if (first->next != before && last->next == after && is_marked(ack, flags) && is_marked(TCPSHAKE_EV_FIN, flags))
            return first->kind == TCPSHAKE_GAP ? first : last;
    }
    return NULL;
}

const tcpshake_cell *
tcpshake_cell_between(bool sent, tcpshake_state before, tcpshake_state after, uint16_t flags)
{
    const tcpshake_cell *found = NULL;

    if (before == after)
        return NULL;
    for (tcpshake_event event = TCPSHAKE_EV_SYN; event < TCPSHAKE_EVENTS; event++) {
        const tcpshake_cell *const cell = cell_of(sent, before, event);
        if (cell->next != after || !is_marked(event, flags))
            continue;
        if (found && (found->kind != cell->kind || strcmp(found->why, cell->why) != 0))
            return NULL;
        found = cell;
    }
    return found ? found : by_ack_and_fin(sent, before, after, flags);
}
