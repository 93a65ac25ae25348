/* lost_rules.c
 * What was lost between two capture points: it was seen at the one that is nearer to its sender, and not at the other.
 * What is seen at the farther point only was missed by the nearer capture. Asked at the end of the capture, of what was
 * seen at each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "between.h"

/* How often a kind of segment was sent, and how often it was seen at the other point. */
typedef struct loss {
    tcpshake_moment moment; /* of the first that was lost */
    uint32_t        sent, seen;
} loss;

static uint8_t
at_most_255(uint32_t count)
{
    return (uint8_t)(count < UINT8_MAX ? count : UINT8_MAX);
}

/* What it was, at which points. */
static bool
tell_loss(const tcpshake_ending *ending, const loss *loss, uint8_t here, const tcpshake_seen *there,
          tcpshake_finding *finding)
{
    if (loss->sent <= loss->seen || !loss->moment.frame ||
        !tcpshake_was_watched(ending, here, there, loss->moment.time, TCPSHAKE_IN_FLIGHT))
        return false;
    finding->frame = loss->moment.frame;
    finding->between.sent = at_most_255(loss->sent);
    finding->between.seen = at_most_255(loss->seen);
    finding->between.point = here;
    finding->between.other = there->point;
    return true;
}

/* The last SYN or FIN of an end, no later than the last of all that it has sent. */
static tcpshake_moment
last_of(const tcpshake_end *end, uint32_t frame)
{
    return (tcpshake_moment){ end->last.time, frame };
}

/* The first at both points, so little apart that no timer has sent it again in between: it is one packet. */
static bool
is_same_packet(tcpshake_moment here, tcpshake_moment there, int64_t ahead)
{
    const int64_t late = there.time - ahead - here.time;

    return here.frame && there.frame && late < TCPSHAKE_RETRANSMISSION_MIN && late > -TCPSHAKE_RETRANSMISSION_MIN;
}

/* The ACK that completes the handshake here did not do so there: nothing did, or another, later one, for which the
 * server has asked with one more SYN-ACK. */
static loss
lost_ack(const tcpshake_conversation *here, const tcpshake_point *there, const tcpshake_seen *seen)
{
    const tcpshake_conversation *const other = there->conversation;
    const tcpshake_twins *const        twins = tcpshake_twins_of(here);
    const uint32_t                     own = tcpshake_own_twin(here)->acked, its = there->twin->acked;
    const bool                         again = other->end[TCPSHAKE_OTHER(other->client)].syn_count > 1;
    const bool                         is_other = !own || !its || twins->other_ids || own != its;
    const bool                         is_later =
        is_other && again && other->ack.time - seen->ahead - here->ack.time >= TCPSHAKE_RETRANSMISSION_MIN;

    return (loss){ here->ack, other->synack.frame != 0, other->ack.frame != 0 && !is_later };
}

/* Behind a NAT: what is in one conversation and not in the other. */
static loss
loss_to_twin(const tcpshake_conversation *here, int end, const tcpshake_point *there, const tcpshake_seen *seen,
             tcpshake_lost what)
{
    static const loss         none;
    const tcpshake_end *const own = &here->end[end];
    const tcpshake_end_rst    rst = tcpshake_reset_of(here, end),
                           its_rst = tcpshake_reset_of(there->conversation, there->end);
    const bool            is_client = end == here->client;
    const bool            first_came = is_client && here->syn.frame == tcpshake_own_twin(here)->frame;
    const tcpshake_moment fin = tcpshake_first_fin(here, end),
                          its_fin = tcpshake_first_fin(there->conversation, there->end);

    switch (what) {
    case TCPSHAKE_LOST_SYN:
        return (loss){ first_came  ? last_of(own, own->syn_frame)
                       : is_client ? here->syn
                                   : here->synack,
                       tcpshake_syns_of(here, end), tcpshake_syns_of(there->conversation, there->end) };
    case TCPSHAKE_LOST_ACK: return is_client ? lost_ack(here, there, seen) : none;
    case TCPSHAKE_LOST_FIN:
        return (loss){ is_same_packet(fin, its_fin, seen->ahead) ? last_of(own, own->fin_frame) : fin,
                       tcpshake_fins_of(here, end), tcpshake_fins_of(there->conversation, there->end) };
    default: return (loss){ rst.moment, rst.count, its_rst.count };
    }
}

static bool
is_both_ways(const tcpshake_conversation *there)
{
    return (there->end[0].flags & there->end[1].flags & TCPSHAKE_END_SEEN) != 0;
}

/* The other point has captured nothing that the server sent. A loss on the way to the server can be told all the same.
 * A loss of its SYN-ACK only if the client never acknowledged the SYN-ACK, else the other capture has one direction
 * only; and only if the SYN-ACK did not come past the NAT. */
static bool
is_unheard(const tcpshake_conversation *here, int end)
{
    const tcpshake_copied *const copied = here->extra->copied;

    return end == here->client || (here->ack.frame == 0 && !(copied && copied->copies[end][TCPSHAKE_SIGHT_SYN]));
}

static bool
lost_to_twin(const tcpshake_ending *ending, int end, tcpshake_lost what, tcpshake_finding *finding)
{
    const tcpshake_conversation *const here = ending->conversation;
    tcpshake_point                     there;

    if (!tcpshake_next_point(here, end, false, &there) || tcpshake_has_bypassed_nat(here, &there) ||
        !(is_both_ways(there.conversation) || (what == TCPSHAKE_LOST_SYN && is_unheard(here, end))))
        return false;
    const tcpshake_seen seen = tcpshake_seen_there(here, &there);
    const loss          loss = loss_to_twin(here, end, &there, &seen, what);
    if (!tell_loss(ending, &loss, tcpshake_own_twin(here)->point, &seen, finding))
        return false;
    finding->related_frame = there.twin->frame;
    return true;
}

/* Of an end's segments of this kind: when the first was seen that only the nearer point saw, and how many each point
 * saw. */
static loss
loss_of_copies(const tcpshake_conversation *here, int end, unsigned kind)
{
    const tcpshake_copied *const copied = here->extra->copied;
    const tcpshake_sights *const sights = &copied->sights[end][kind];
    loss                         loss = { .sent = copied->copies[end][kind], .seen = copied->copies[end][kind] };

    for (unsigned i = 0; i < sights->count; i++) {
        const tcpshake_sighting *const one = &sights->one[i];
        loss.seen += one->place == tcpshake_farther_point(copied, end);
        if (one->place != tcpshake_nearer_point(copied, end))
            continue;
        loss.sent++;
        if (!loss.moment.frame)
            loss.moment = one->moment;
    }
    /* Segments seen only at the farther point would hide the loss: show one less than sent. */
    if (loss.moment.frame && loss.seen >= loss.sent)
        loss.seen = loss.sent - 1;
    return loss;
}

/* No SYN-ACK of this server has come by at both points, nor did the client acknowledge one. */
static bool
is_never_heard(const tcpshake_conversation *here, int end)
{
    return end != here->client && here->ack.frame == 0 && !here->extra->copied->is_apart[end];
}

/* Under one four-tuple: some were captured twice, one was not. If none has a copy, copies may not have been recognised;
 * a RST counts even so, if it was captured at the point that captures first what this end sends. */
static loss
loss_under_one(const tcpshake_conversation *here, int end, tcpshake_lost what)
{
    static const loss            none;
    const tcpshake_copied *const copied = here->extra->copied;
    const tcpshake_end_rst       reset = tcpshake_reset_of(here, end);
    const bool                   is_near =
        !copied->by_ttl && !reset.copied && reset.point && reset.point == tcpshake_nearer_point(copied, end);

    switch (what) {
    case TCPSHAKE_LOST_SYN:
        return copied->copies[end][TCPSHAKE_SIGHT_SYN] || is_never_heard(here, end)
                   ? loss_of_copies(here, end, TCPSHAKE_SIGHT_SYN)
                   : none;
    case TCPSHAKE_LOST_ACK: /* the server has asked for it again, or would have had to */
        return end == here->client && here->end[TCPSHAKE_OTHER(end)].syn_count > 1
                   ? loss_of_copies(here, end, TCPSHAKE_SIGHT_ACK)
                   : none;
    case TCPSHAKE_LOST_FIN:
        return copied->copies[end][TCPSHAKE_SIGHT_FIN] ? loss_of_copies(here, end, TCPSHAKE_SIGHT_FIN) : none;
    default: return (loss){ reset.moment, is_near ? reset.count : 0, copied->resets[end] };
    }
}

static bool
lost_under_one(const tcpshake_ending *ending, int end, tcpshake_lost what, tcpshake_finding *finding)
{
    const tcpshake_copied *const copied = ending->conversation->extra ? ending->conversation->extra->copied : NULL;

    if (!copied || !tcpshake_nearer_point(copied, end))
        return false;
    const loss loss = loss_under_one(ending->conversation, end, what);
    if (copied->by_ttl) { /* only what comes by later shows that the other side was watched still */
        const tcpshake_seen nowhere = { 0 };
        return copied->last[1] > loss.moment.time && tell_loss(ending, &loss, 0, &nowhere, finding);
    }
    const bool is_higher = tcpshake_farther_point(copied, end) > tcpshake_nearer_point(copied, end);
    /* The first one there is the copy, or, by a clock that is behind, the original. */
    tcpshake_seen seen = { tcpshake_farther_point(copied, end), copied->first[0], INT64_MAX, copied->last[is_higher],
                           tcpshake_clock_of_farther(copied, end) };
    if (tell_loss(ending, &loss, tcpshake_nearer_point(copied, end), &seen, finding))
        return true;
    seen.first_frame = copied->first[1];
    return tell_loss(ending, &loss, tcpshake_nearer_point(copied, end), &seen, finding);
}

static bool
find_lost(const tcpshake_ending *ending, int end, tcpshake_lost what, tcpshake_finding *finding)
{
    const bool is_answer = what == TCPSHAKE_LOST_SYN && end != ending->conversation->client;

    finding->between.what = (uint8_t)(is_answer ? TCPSHAKE_LOST_SYN_ACK : what);
    return lost_to_twin(ending, end, what, finding) || lost_under_one(ending, end, what, finding);
}

/* The first of each kind. */
static bool
syn_lost_between(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    return find_lost(ending, end, TCPSHAKE_LOST_SYN, finding);
}

static bool
ack_lost_between(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    return find_lost(ending, end, TCPSHAKE_LOST_ACK, finding);
}

static bool
fin_lost_between(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    return find_lost(ending, end, TCPSHAKE_LOST_FIN, finding);
}

static bool
reset_lost_between(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    return find_lost(ending, end, TCPSHAKE_LOST_RST, finding);
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_lost_between, .at_end = syn_lost_between },
    { TCPSHAKE_ANOMALY_lost_between, .at_end = ack_lost_between },
    { TCPSHAKE_ANOMALY_lost_between, .at_end = fin_lost_between },
    { TCPSHAKE_ANOMALY_lost_between, .at_end = reset_lost_between },
};

TCPSHAKE_RULES(lost, rules);
