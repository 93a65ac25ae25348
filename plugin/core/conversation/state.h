/* state.h
 * RFC 9293's connection states, and two tables of transitions: for sending, and for receiving.
 *
 * A table describes one end. The observer sees what an end sends (certain) and what is sent to it (presumed to arrive:
 * it may get lost), so there is a table for each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_STATE_H
#define TCPSHAKE_STATE_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 9293 section 3.3.2. Four bits hold one. */
typedef enum tcpshake_state {
    TCPSHAKE_UNKNOWN, /* the capture does not show it */
    TCPSHAKE_CLOSED,
    TCPSHAKE_LISTEN,
    TCPSHAKE_SYN_SENT,
    TCPSHAKE_SYN_RECEIVED,
    TCPSHAKE_ESTABLISHED,
    TCPSHAKE_FIN_WAIT_1,
    TCPSHAKE_FIN_WAIT_2,
    TCPSHAKE_CLOSE_WAIT,
    TCPSHAKE_CLOSING,
    TCPSHAKE_LAST_ACK,
    TCPSHAKE_TIME_WAIT,
    TCPSHAKE_STATES
} tcpshake_state;

/* What a segment does, seen from one end. A segment can do several, in this order. */
typedef enum tcpshake_event {
    TCPSHAKE_EV_SYN,        /* SYN without ACK */
    TCPSHAKE_EV_SYN_ACK,    /* SYN and ACK; received: one that acknowledges our SYN */
    TCPSHAKE_EV_ACK_OF_SYN, /* acknowledges the SYN of the end that receives it */
    TCPSHAKE_EV_ACK_OF_FIN, /* acknowledges the FIN of the end that receives it */
    TCPSHAKE_EV_FIN,
    TCPSHAKE_EV_RST,  /* sent: to abort; received: an acceptable one (RFC 9293 section 3.5.3, RFC 5961) */
    TCPSHAKE_EV_DATA, /* data on a segment that is none of the above */
    TCPSHAKE_EVENTS
} tcpshake_event;

/* How a cell of a table came about. */
typedef enum tcpshake_cell_kind {
    TCPSHAKE_LEGAL,     /* the RFC's own arrow */
    TCPSHAKE_TOLERATED, /* allowed, changes nothing: duplicates, answers that are due */
    TCPSHAKE_GAP, /* only possible if segments are missing from the capture; the state is what they must have led to */
    TCPSHAKE_IMPOSSIBLE, /* no TCP does this; the state stays */
} tcpshake_cell_kind;

typedef struct tcpshake_cell {
    uint8_t     next; /* tcpshake_state */
    uint8_t     kind; /* tcpshake_cell_kind */
    const char *why;  /* the RFC's section, with RFC 9293 where no number is given */
} tcpshake_cell;

/* What sending the event, and receiving it, does to an end in this state. Never NULL. */
const tcpshake_cell *tcpshake_sending(tcpshake_state state, tcpshake_event event);
const tcpshake_cell *tcpshake_receiving(tcpshake_state state, tcpshake_event event);

/* The cell by which sending, or receiving, a segment with these flags leads from before to after; by its ACK and its
 * FIN together, the last, or the one that shows a gap. NULL: none does, or several do for different reasons. */
const tcpshake_cell *tcpshake_cell_between(bool sent, tcpshake_state before, tcpshake_state after, uint16_t flags);

/* What an end is presumed to have received, until its own segments confirm it. */
typedef enum tcpshake_presumption {
    TCPSHAKE_PRESUMED_SYN,        /* the peer's SYN: LISTEN → SYN-RECEIVED */
    TCPSHAKE_PRESUMED_SYN_ACK,    /* SYN-SENT → ESTABLISHED */
    TCPSHAKE_PRESUMED_ACK_OF_SYN, /* SYN-RECEIVED → ESTABLISHED */
    TCPSHAKE_PRESUMED_ACK_OF_FIN, /* FIN-WAIT-1 → FIN-WAIT-2 and its like */
    TCPSHAKE_PRESUMED_FIN,        /* ESTABLISHED → CLOSE-WAIT and its like */
    TCPSHAKE_PRESUMED_RST,        /* anything → CLOSED */
    TCPSHAKE_PRESUMPTIONS
} tcpshake_presumption;

/* The state that an end was really in, once it is known that it had not received that. before: its state before the SYN
 * or RST; the other presumptions do not need it. */
tcpshake_state tcpshake_without(tcpshake_presumption presumed, tcpshake_state state, tcpshake_state before);

/* RFC 9293's spelling, such as "SYN-SENT"; static. */
const char *tcpshake_state_name(tcpshake_state state);

#endif /* TCPSHAKE_STATE_H */
