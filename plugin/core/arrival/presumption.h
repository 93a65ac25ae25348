/* presumption.h
 * What the files about presumptions share: presumption.c explains them. Internal to this folder.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_PRESUMPTION_H
#define TCPSHAKE_PRESUMPTION_H

#include "arrival.h"
#include "../segment/seq.h"

static inline void
tcpshake_presume(const tcpshake_arrival *arrival, int end, tcpshake_presumption presumed, uint32_t frame)
{
    tcpshake_end *const who = &arrival->conversation->end[end];
    const unsigned      bit = 1u << presumed, others = who->presumed & ~bit;

    if (frame != 0 && others < bit && !(others & (others - 1))) { /* alone, or behind one: without a call */
        who->presumed = (uint8_t)(others | bit);
        who->presumed_frame[others != 0] = frame;
    } else {
        tcpshake_set_presumed(arrival->conversation, end, presumed, frame, arrival->allocator);
    }
    who->pending &= (uint8_t) ~(1u << presumed);
}

static inline void
tcpshake_confirm(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed)
{
    tcpshake_clear_presumed(conversation, end, presumed);
    conversation->end[end].pending &= (uint8_t) ~(1u << presumed);
}

static inline bool
tcpshake_is_pending(const tcpshake_end *end, tcpshake_presumption presumed)
{
    return (end->pending & 1u << presumed) != 0;
}

/* Less than its sender has acknowledged before: it was sent earlier, and tells nothing of what that has now. */
static inline bool
tcpshake_is_older_ack(const tcpshake_arrival *arrival)
{
    return tcpshake_has(arrival, TCPSHAKE_ACK) && tcpshake_end_is(arrival->sender, TCPSHAKE_END_HAS_ACK) &&
           tcpshake_seq_lt(arrival->segment->ack, arrival->sender->ack_sent);
}

/* The peer's RST has ended it, whatever it has sent itself since. */
static inline bool
tcpshake_was_reset_by_peer(const tcpshake_arrival *arrival)
{
    const tcpshake_conversation *const conversation = arrival->conversation;
    const uint32_t presumed = tcpshake_presumed_frame(conversation, arrival->from, TCPSHAKE_PRESUMED_RST);

    return presumed != 0 && tcpshake_rare_of(conversation)->rst.frame == presumed &&
           tcpshake_rare_of(conversation)->reset_by == tcpshake_role_of(conversation, arrival->to);
}

/* presumed_opening.c: the sender was presumed to have received the peer's SYN, SYN-ACK, or the ACK of its own SYN. */
void tcpshake_check_gap(tcpshake_arrival *arrival);
void tcpshake_check_presumed_syn(tcpshake_arrival *arrival);
void tcpshake_check_presumed_syn_ack(tcpshake_arrival *arrival);
void tcpshake_check_presumed_ack_of_syn(tcpshake_arrival *arrival);

/* presumed_closing.c: the peer's FIN, or the ACK of its own. */
void tcpshake_check_presumed_fin(tcpshake_arrival *arrival);
void tcpshake_check_presumed_ack_of_fin(tcpshake_arrival *arrival);
void tcpshake_check_fin_before_reset(tcpshake_arrival *arrival);

/* presumed_reset.c: a RST. */
void tcpshake_check_presumed_reset(tcpshake_arrival *arrival);
void tcpshake_check_challenge(tcpshake_arrival *arrival);

/* after_reset.c */
bool tcpshake_is_injected_behind_reset(const tcpshake_arrival *arrival);
/* By what a segment shows of its receiver, after a RST that was not its receiver's own. */
void tcpshake_restore_waiting_client(tcpshake_arrival *arrival);
void tcpshake_restore_unseen_server(tcpshake_arrival *arrival);
void tcpshake_restore_listener(tcpshake_arrival *arrival);

#endif /* TCPSHAKE_PRESUMPTION_H */
