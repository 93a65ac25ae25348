/* state.c
 * The tables of RFC 9293's connection states.
 *
 * Rows are the state that an end is in, columns the event. `=` in a comment stands for "stays". In a cell that is not
 * listed, the end stays in its state and the event is tolerated: the RFC neither changes the state nor forbids the
 * segment.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "state.h"

#include <assert.h>

/* clang-format off */
#define LEGAL(next, why)  { TCPSHAKE_##next, TCPSHAKE_LEGAL, why }
#define STAYS(next, why)  { TCPSHAKE_##next, TCPSHAKE_TOLERATED, why }
#define GAP(next, why)    { TCPSHAKE_##next, TCPSHAKE_GAP, why }
#define NEVER(next, why)  { TCPSHAKE_##next, TCPSHAKE_IMPOSSIBLE, why }

#define ROW(state, syn, syn_ack, ack_of_syn, ack_of_fin, fin, rst, data)                                                \
    [TCPSHAKE_##state] = {                                                                                              \
        [TCPSHAKE_EV_SYN] = syn, [TCPSHAKE_EV_SYN_ACK] = syn_ack, [TCPSHAKE_EV_ACK_OF_SYN] = ack_of_syn,                \
        [TCPSHAKE_EV_ACK_OF_FIN] = ack_of_fin, [TCPSHAKE_EV_FIN] = fin, [TCPSHAKE_EV_RST] = rst, [TCPSHAKE_EV_DATA] = data \
    }

/* What an end has become by sending a segment. It sends nothing that its state does not let it send, so where the
 * state that was presumed does not allow the segment, what led to the state that does is missing from the capture. */
static const tcpshake_cell sending[TCPSHAKE_STATES][TCPSHAKE_EVENTS] = {
    ROW(UNKNOWN,
        /* SYN        */ LEGAL(SYN_SENT, "section 3.10.1"),
        /* SYN-ACK    */ GAP(SYN_RECEIVED, "section 3.10.7.2: a SYN came before"),
        /* ACK of SYN */ STAYS(UNKNOWN, "open, half-closed or closing: nothing tells"),
        /* ACK of FIN */ STAYS(UNKNOWN, "CLOSE-WAIT, CLOSING or TIME-WAIT: nothing tells"),
        /* FIN        */ STAYS(UNKNOWN, "FIN-WAIT-1 or LAST-ACK: nothing tells"),
        /* RST        */ LEGAL(CLOSED, "section 3.10.5"),
        /* data       */ STAYS(UNKNOWN, "ESTABLISHED or CLOSE-WAIT: nothing tells")),
    ROW(CLOSED,
        LEGAL(SYN_SENT, "section 3.10.1"),
        GAP(SYN_RECEIVED, "section 3.10.7.2: a SYN came before"),
        NEVER(CLOSED, "section 3.10.7.1: CLOSED only ever sends a RST"),
        NEVER(CLOSED, "section 3.10.7.1"),
        NEVER(CLOSED, "section 3.10.4"),
        LEGAL(CLOSED, "section 3.10.7.1: the answer to anything but a RST"),
        NEVER(CLOSED, "section 3.10.2")),
    ROW(LISTEN,
        LEGAL(SYN_SENT, "section 3.10.2: SEND turns a passive open into an active one"),
        GAP(SYN_RECEIVED, "section 3.10.7.2: a SYN came before"),
        NEVER(LISTEN, "section 3.10.7.2: LISTEN sends only SYN-ACK and RST"),
        NEVER(LISTEN, "section 3.10.7.2"),
        NEVER(LISTEN, "section 3.10.4"),
        LEGAL(CLOSED, "section 3.10.7.1: a SYN is refused where nobody listens"),
        NEVER(LISTEN, "section 3.10.2")),
    ROW(SYN_SENT,
        STAYS(SYN_SENT, "RFC 6298 section 2: sent again"),
        GAP(SYN_RECEIVED, "section 3.10.7.3: the peer's SYN came before"),
        GAP(ESTABLISHED, "section 3.10.7.3: the SYN-ACK came before"),
        GAP(CLOSE_WAIT, "section 3.10.7.4: SYN-ACK and FIN came before"),
        GAP(FIN_WAIT_1, "section 3.10.4: the SYN-ACK came before"),
        LEGAL(CLOSED, "section 3.10.5"),
        GAP(ESTABLISHED, "section 3.10.7.3: the SYN-ACK came before")),
    ROW(SYN_RECEIVED,
        STAYS(SYN_RECEIVED, "RFC 6298 section 2: sent again"),
        LEGAL(SYN_RECEIVED, "section 3.10.7.2"),
        STAYS(SYN_RECEIVED, "section 3.10.7.4: the answer to an unacceptable segment"),
        GAP(CLOSE_WAIT, "section 3.10.7.4: the ACK and a FIN came before"),
        LEGAL(FIN_WAIT_1, "section 3.10.4"),
        LEGAL(CLOSED, "section 3.10.5"),
        GAP(ESTABLISHED, "section 3.10.2: data waits for ESTABLISHED, so the ACK came before")),
    ROW(ESTABLISHED,
        NEVER(ESTABLISHED, "section 3.10.1: connection already exists"),
        STAYS(ESTABLISHED, "RFC 6298 section 2: sent before the ACK came"),
        LEGAL(ESTABLISHED, "section 3.10.7.4"),
        GAP(CLOSE_WAIT, "section 3.10.7.4: the FIN came before"),
        LEGAL(FIN_WAIT_1, "section 3.10.4"),
        LEGAL(CLOSED, "section 3.10.5"),
        LEGAL(ESTABLISHED, "section 3.10.2")),
    ROW(FIN_WAIT_1,
        NEVER(FIN_WAIT_1, "section 3.10.1: connection already exists"),
        STAYS(FIN_WAIT_1, "RFC 6298 section 2: sent before the ACK came"),
        LEGAL(FIN_WAIT_1, "section 3.10.7.4"),
        GAP(CLOSING, "section 3.10.7.4: the FIN came before"),
        STAYS(FIN_WAIT_1, "RFC 6298 section 2: sent again"),
        LEGAL(CLOSED, "section 3.10.5"),
        STAYS(FIN_WAIT_1, "RFC 6298 section 2: sent again")),
    ROW(FIN_WAIT_2,
        NEVER(FIN_WAIT_2, "section 3.10.1: connection already exists"),
        NEVER(FIN_WAIT_2, "section 3.10.7.4"),
        LEGAL(FIN_WAIT_2, "section 3.10.7.4"),
        GAP(TIME_WAIT, "section 3.10.7.4: the FIN came before"),
        STAYS(FIN_WAIT_2, "RFC 6298 section 2: sent again before the ACK came"),
        LEGAL(CLOSED, "section 3.10.5"),
        NEVER(FIN_WAIT_2, "section 3.10.2: connection closing")),
    ROW(CLOSE_WAIT,
        NEVER(CLOSE_WAIT, "section 3.10.1: connection already exists"),
        NEVER(CLOSE_WAIT, "section 3.10.7.4"),
        LEGAL(CLOSE_WAIT, "section 3.10.7.4"),
        LEGAL(CLOSE_WAIT, "section 3.10.7.4"),
        LEGAL(LAST_ACK, "section 3.10.4"),
        LEGAL(CLOSED, "section 3.10.5"),
        LEGAL(CLOSE_WAIT, "section 3.10.2")),
    ROW(CLOSING,
        NEVER(CLOSING, "section 3.10.1: connection already exists"),
        NEVER(CLOSING, "section 3.10.7.4"),
        LEGAL(CLOSING, "section 3.10.7.4"),
        LEGAL(CLOSING, "section 3.10.7.4"),
        STAYS(CLOSING, "RFC 6298 section 2: sent again"),
        LEGAL(CLOSED, "section 3.10.5"),
        STAYS(CLOSING, "RFC 6298 section 2: sent again")),
    ROW(LAST_ACK,
        NEVER(LAST_ACK, "section 3.10.1: connection already exists"),
        NEVER(LAST_ACK, "section 3.10.7.4"),
        LEGAL(LAST_ACK, "section 3.10.7.4"),
        LEGAL(LAST_ACK, "section 3.10.7.4"),
        STAYS(LAST_ACK, "RFC 6298 section 2: sent again"),
        LEGAL(CLOSED, "section 3.10.5"),
        STAYS(LAST_ACK, "RFC 6298 section 2: sent again")),
    ROW(TIME_WAIT,
        LEGAL(SYN_SENT, "RFC 6191: the four-tuple is used again"),
        LEGAL(SYN_RECEIVED, "section 3.6.1: a new SYN was accepted"),
        LEGAL(TIME_WAIT, "section 3.10.7.4"),
        LEGAL(TIME_WAIT, "section 3.10.7.4: acknowledge it again, restart 2 MSL"),
        NEVER(TIME_WAIT, "section 3.10.4: connection closing"),
        LEGAL(CLOSED, "section 3.10.7.1: 2 MSL were over"),
        NEVER(TIME_WAIT, "section 3.10.2: connection closing")),
};

/* What an end becomes by taking in a segment that it can accept (section 3.10.7). */
static const tcpshake_cell receiving[TCPSHAKE_STATES][TCPSHAKE_EVENTS] = {
    ROW(UNKNOWN,
        /* SYN        */ STAYS(UNKNOWN, "nothing tells"),
        /* SYN-ACK    */ STAYS(UNKNOWN, "nothing tells"),
        /* ACK of SYN */ STAYS(UNKNOWN, "nothing tells"),
        /* ACK of FIN */ STAYS(UNKNOWN, "FIN-WAIT-2, TIME-WAIT or CLOSED: nothing tells"),
        /* FIN        */ STAYS(UNKNOWN, "CLOSE-WAIT, CLOSING or TIME-WAIT: nothing tells"),
        /* RST        */ LEGAL(CLOSED, "section 3.10.7.4"),
        /* data       */ STAYS(UNKNOWN, "nothing tells")),
    ROW(CLOSED,
        STAYS(CLOSED, "section 3.10.7.1: a RST is the answer"),
        STAYS(CLOSED, "section 3.10.7.1: a RST is the answer"),
        STAYS(CLOSED, "section 3.10.7.1: a RST is the answer"),
        STAYS(CLOSED, "section 3.10.7.1: a RST is the answer"),
        STAYS(CLOSED, "section 3.10.7.1: a RST is the answer"),
        STAYS(CLOSED, "section 3.10.7.1: dropped"),
        STAYS(CLOSED, "section 3.10.7.1: a RST is the answer")),
    ROW(LISTEN,
        LEGAL(SYN_RECEIVED, "section 3.10.7.2"),
        STAYS(LISTEN, "section 3.10.7.2: a RST is the answer"),
        STAYS(LISTEN, "section 3.10.7.2: a RST is the answer"),
        STAYS(LISTEN, "section 3.10.7.2: a RST is the answer"),
        STAYS(LISTEN, "section 3.10.7.2: dropped"),
        STAYS(LISTEN, "section 3.10.7.2: ignored"),
        STAYS(LISTEN, "section 3.10.7.2: a RST is the answer")),
    ROW(SYN_SENT,
        LEGAL(SYN_RECEIVED, "section 3.10.7.3: simultaneous open"),
        LEGAL(ESTABLISHED, "section 3.10.7.3"),
        STAYS(SYN_SENT, "section 3.10.7.3: neither SYN nor RST, dropped"),
        STAYS(SYN_SENT, "section 3.10.7.3"),
        STAYS(SYN_SENT, "section 3.10.7.4: cannot be checked, dropped"),
        LEGAL(CLOSED, "section 3.10.7.3: connection reset"),
        STAYS(SYN_SENT, "section 3.10.7.3: dropped")),
    ROW(SYN_RECEIVED,
        STAYS(SYN_RECEIVED, "RFC 5961 section 4.2: the SYN-ACK again, or a challenge ACK"),
        LEGAL(ESTABLISHED, "section 3.5, figure 7: simultaneous open"),
        LEGAL(ESTABLISHED, "section 3.10.7.4"),
        STAYS(SYN_RECEIVED, "no FIN was sent"),
        LEGAL(CLOSE_WAIT, "section 3.10.7.4"),
        LEGAL(LISTEN, "section 3.10.7.4: a passive open listens again"),
        STAYS(SYN_RECEIVED, "section 3.10.7.4: kept until ESTABLISHED")),
    ROW(ESTABLISHED,
        STAYS(ESTABLISHED, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(ESTABLISHED, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(ESTABLISHED, "a duplicate"),
        STAYS(ESTABLISHED, "no FIN was sent"),
        LEGAL(CLOSE_WAIT, "section 3.10.7.4"),
        LEGAL(CLOSED, "section 3.10.7.4"),
        LEGAL(ESTABLISHED, "section 3.10.7.4")),
    ROW(FIN_WAIT_1,
        STAYS(FIN_WAIT_1, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(FIN_WAIT_1, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(FIN_WAIT_1, "a duplicate"),
        LEGAL(FIN_WAIT_2, "section 3.10.7.4"),
        LEGAL(CLOSING, "section 3.10.7.4"),
        LEGAL(CLOSED, "section 3.10.7.4"),
        LEGAL(FIN_WAIT_1, "section 3.10.7.4")),
    ROW(FIN_WAIT_2,
        STAYS(FIN_WAIT_2, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(FIN_WAIT_2, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(FIN_WAIT_2, "a duplicate"),
        STAYS(FIN_WAIT_2, "a duplicate"),
        LEGAL(TIME_WAIT, "section 3.10.7.4"),
        LEGAL(CLOSED, "section 3.10.7.4"),
        LEGAL(FIN_WAIT_2, "section 3.10.7.4")),
    ROW(CLOSE_WAIT,
        STAYS(CLOSE_WAIT, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(CLOSE_WAIT, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(CLOSE_WAIT, "a duplicate"),
        STAYS(CLOSE_WAIT, "no FIN was sent"),
        STAYS(CLOSE_WAIT, "section 3.10.7.4: remains"),
        LEGAL(CLOSED, "section 3.10.7.4"),
        STAYS(CLOSE_WAIT, "section 3.10.7.4: ignored after a FIN")),
    ROW(CLOSING,
        STAYS(CLOSING, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(CLOSING, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(CLOSING, "a duplicate"),
        LEGAL(TIME_WAIT, "section 3.10.7.4"),
        STAYS(CLOSING, "section 3.10.7.4: remains"),
        LEGAL(CLOSED, "section 3.10.7.4"),
        STAYS(CLOSING, "section 3.10.7.4: ignored after a FIN")),
    ROW(LAST_ACK,
        STAYS(LAST_ACK, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(LAST_ACK, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(LAST_ACK, "a duplicate"),
        LEGAL(CLOSED, "section 3.10.7.4"),
        STAYS(LAST_ACK, "section 3.10.7.4: remains"),
        LEGAL(CLOSED, "section 3.10.7.4"),
        STAYS(LAST_ACK, "section 3.10.7.4: ignored after a FIN")),
    ROW(TIME_WAIT,
        STAYS(TIME_WAIT, "section 3.10.7.4 and RFC 6191: accepted only if it is newer"),
        STAYS(TIME_WAIT, "RFC 5961 section 4.2: challenge ACK"),
        STAYS(TIME_WAIT, "a duplicate"),
        STAYS(TIME_WAIT, "a duplicate"),
        STAYS(TIME_WAIT, "section 3.10.7.4: acknowledged, 2 MSL start again"),
        LEGAL(CLOSED, "section 3.10.7.4; RFC 1337"),
        STAYS(TIME_WAIT, "section 3.10.7.4: ignored after a FIN")),
};

/* The state without what was presumed. 0 (UNKNOWN): the presumption has no part in that state, it stays. A SYN and a RST
 * have no row: what was before them is not to be read from the state. */
static const uint8_t without[TCPSHAKE_PRESUMPTIONS][TCPSHAKE_STATES] = {
    [TCPSHAKE_PRESUMED_SYN_ACK]    = { [TCPSHAKE_ESTABLISHED]  = TCPSHAKE_SYN_SENT,
                                       [TCPSHAKE_CLOSE_WAIT]   = TCPSHAKE_SYN_SENT },
    [TCPSHAKE_PRESUMED_ACK_OF_SYN] = { [TCPSHAKE_ESTABLISHED]  = TCPSHAKE_SYN_RECEIVED,
                                       [TCPSHAKE_CLOSE_WAIT]   = TCPSHAKE_SYN_RECEIVED },
    [TCPSHAKE_PRESUMED_ACK_OF_FIN] = { [TCPSHAKE_FIN_WAIT_2]   = TCPSHAKE_FIN_WAIT_1,
                                       [TCPSHAKE_TIME_WAIT]    = TCPSHAKE_CLOSING,
                                       [TCPSHAKE_CLOSED]       = TCPSHAKE_LAST_ACK },
    [TCPSHAKE_PRESUMED_FIN]        = { [TCPSHAKE_CLOSE_WAIT]   = TCPSHAKE_ESTABLISHED,
                                       [TCPSHAKE_LAST_ACK]     = TCPSHAKE_FIN_WAIT_1,
                                       [TCPSHAKE_CLOSING]      = TCPSHAKE_FIN_WAIT_1,
                                       [TCPSHAKE_TIME_WAIT]    = TCPSHAKE_FIN_WAIT_2 },
};

static const char *const names[TCPSHAKE_STATES] = {
    "UNKNOWN", "CLOSED", "LISTEN", "SYN-SENT", "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT",
    "CLOSING", "LAST-ACK", "TIME-WAIT",
};
/* clang-format on */

const tcpshake_cell *
tcpshake_sending(tcpshake_state state, tcpshake_event event)
{
    assert(state < TCPSHAKE_STATES && event < TCPSHAKE_EVENTS);
    return &sending[state][event];
}

const tcpshake_cell *
tcpshake_receiving(tcpshake_state state, tcpshake_event event)
{
    assert(state < TCPSHAKE_STATES && event < TCPSHAKE_EVENTS);
    return &receiving[state][event];
}

tcpshake_state
tcpshake_without(tcpshake_presumption presumed, tcpshake_state state, tcpshake_state before)
{
    assert(presumed < TCPSHAKE_PRESUMPTIONS && state < TCPSHAKE_STATES);
    if (presumed == TCPSHAKE_PRESUMED_RST)
        return before;
    if (presumed == TCPSHAKE_PRESUMED_SYN)
        return state == TCPSHAKE_SYN_RECEIVED ? before : state;
    return without[presumed][state] ? (tcpshake_state)without[presumed][state] : state;
}

const char *
tcpshake_state_name(tcpshake_state state)
{
    assert(state < TCPSHAKE_STATES);
    return names[state];
}
