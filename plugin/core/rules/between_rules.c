/* between_rules.c
 * What happened between two capture points: where a connection was captured at both, and a step of it at one only.
 * Asked at the end of the capture, of what was seen at each (RFC 9293 does not know points; RFC 3022 knows NATs).
 *
 * The TTL of what an end sends tells which point is nearer to it. Without a router in between, the handshake does: from
 * the SYN to the SYN-ACK more time passes at the point nearer to the client, by whatever clock. What is seen at the
 * nearer point only was lost in between. What is seen at the farther point only was missed by the nearer capture;
 * except a RST, which a device in between has sent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

/* A connection at another point. */
typedef struct point {
    const tcpshake_conversation *conversation;
    const tcpshake_end          *end; /* the same end there */
    const tcpshake_twin         *twin;
} point;

static point
point_of(const tcpshake_conversation *here, int end, const tcpshake_twin *twin)
{
    const tcpshake_conversation *const other = tcpshake_conversation_at(twin->record, twin->frame);
    const bool                         is_client = end == here->client;

    return (point){ other, &other->end[is_client ? other->client : TCPSHAKE_OTHER(other->client)], twin };
}

/* From the SYN that was captured at each point to the first SYN-ACK there, by the clock there; below 0: not known. */
static int64_t
waited_for_answer(const point *there)
{
    return there->conversation->synack.frame ? there->conversation->synack.time - there->twin->time : -1;
}

static const tcpshake_end *
peer_of(const point *there)
{
    const tcpshake_end *const end = there->conversation->end;

    return there->end == &end[0] ? &end[1] : &end[0];
}

/* To that end, than the other point. */
static bool
is_nearer(const point *one, const point *other, bool is_client)
{
    const uint8_t ttl = one->end->first_ttl, other_ttl = other->end->first_ttl;
    const uint8_t of_peer = peer_of(one)->first_ttl, other_of_peer = peer_of(other)->first_ttl;
    const int64_t wait = waited_for_answer(one), other_wait = waited_for_answer(other);

    if (ttl && other_ttl && ttl != other_ttl)
        return ttl > other_ttl;
    if (of_peer && other_of_peer && of_peer != other_of_peer)
        return of_peer < other_of_peer;
    if (wait >= 0 && other_wait >= 0 && wait != other_wait)
        return (wait > other_wait) == is_client;
    return (one->twin->frame < other->twin->frame) == is_client;
}

/* The next point nearer to the end, or farther from it: the one with none in between. False: there is none. */
static bool
next_point(const tcpshake_conversation *here, int end, bool nearer, point *next)
{
    const bool is_client = end == here->client;

    *next = (point){ 0 };
    for (const tcpshake_twin *twin = NULL; (twin = tcpshake_next_twin(here, twin)) != NULL;) {
        const point own = point_of(here, end, tcpshake_own_twin(here)), there = point_of(here, end, twin);
        if (is_nearer(&there, &own, is_client) != nearer)
            continue;
        if (!next->end || is_nearer(&there, next, is_client) != nearer)
            *next = there;
    }
    return next->end != NULL;
}

/* What was seen at another point of a connection: first, and last of what this end has sent. ahead: the clock there. */
typedef struct seen {
    uint8_t  point;
    uint32_t first_frame;
    int64_t  first, last, ahead;
} seen;

static int
index_of(const point *there)
{
    return (int)(there->end - there->conversation->end);
}

static seen
seen_there(const tcpshake_conversation *here, const point *there)
{
    int64_t ahead = 0;

    if (!tcpshake_twin_clock(here, there->twin, &ahead))
        ahead = there->twin->time - tcpshake_own_twin(here)->time; /* the way included, which is short */
    return (seen){ there->twin->point, there->twin->frame, there->twin->time, there->end->last.time, ahead };
}

/* Whether the other point was watched when this passed here, and for so long after that. If the first segment captured
 * there is of this connection, the time before it counts as watched; the time after the last one does not. */
static bool
is_watched(const tcpshake_ending *ending, uint8_t here, const seen *there, int64_t passed, int64_t after)
{
    const int64_t  time = passed + there->ahead;
    tcpshake_watch watch;

    if (!tcpshake_hosts_watch_of(ending->hosts, here, there->point, ending->time, &watch))
        return true;
    return (watch.from <= time || there->first <= time || there->first_frame == watch.frame) &&
           (there->last > time || watch.until - time >= after);
}

/* The server's answer has come to the client without passing the NAT that its SYN has passed. So the client, which
 * never asked that server, resets it; at the point there is its SYN, and no answer. */
static bool
is_bypassed(const tcpshake_conversation *here, const point *there)
{
    return here->rst.frame && here->reset_by == TCPSHAKE_CLIENT && here->synack.frame && !here->ack.frame &&
           !there->conversation->synack.frame;
}

/* The nearer point of an end, and the farther one; of one that nothing was captured of twice, by what its peer sends.
 */
static uint8_t
nearer_of(const tcpshake_copied *copied, int end)
{
    return copied->nearer[end] || copied->by_ttl ? copied->nearer[end] : copied->farther[TCPSHAKE_OTHER(end)];
}

static uint8_t
farther_of(const tcpshake_copied *copied, int end)
{
    return copied->farther[end] || copied->by_ttl ? copied->farther[end] : copied->nearer[TCPSHAKE_OTHER(end)];
}

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
tell_loss(const tcpshake_ending *ending, const loss *loss, uint8_t here, const seen *there, tcpshake_finding *finding)
{
    if (loss->sent <= loss->seen || !loss->moment.frame ||
        !is_watched(ending, here, there, loss->moment.time, TCPSHAKE_IN_FLIGHT))
        return false;
    finding->frame = loss->moment.frame;
    finding->between.sent = at_most_255(loss->sent);
    finding->between.seen = at_most_255(loss->seen);
    finding->between.point = here;
    finding->between.other = there->point;
    return true;
}

/* The first FIN of an end. */
static tcpshake_moment
first_fin(const tcpshake_conversation *conversation, int end)
{
    return end == conversation->first_closer ? conversation->fin1 : conversation->fin2;
}

/* The RST of an end that is of interest here; frame 0: there is none. */
static tcpshake_end_rst
reset_of(const tcpshake_conversation *conversation, int end)
{
    static const tcpshake_end_rst none;

    return conversation->extra ? conversation->extra->rst[end] : none;
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
lost_ack(const tcpshake_conversation *here, const point *there, const seen *seen)
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
loss_to_twin(const tcpshake_conversation *here, int end, const point *there, const seen *seen, tcpshake_lost what)
{
    static const loss         none;
    const tcpshake_end *const own = &here->end[end];
    const tcpshake_end_rst    rst = reset_of(here, end), its_rst = reset_of(there->conversation, index_of(there));
    const bool                is_client = end == here->client;
    const bool                first_came = is_client && here->syn.frame == tcpshake_own_twin(here)->frame;
    const tcpshake_moment     fin = first_fin(here, end), its_fin = first_fin(there->conversation, index_of(there));

    switch (what) {
    case TCPSHAKE_LOST_SYN:
        return (loss){ first_came  ? last_of(own, own->syn_frame)
                       : is_client ? here->syn
                                   : here->synack,
                       own->syn_count, there->end->syn_count };
    case TCPSHAKE_LOST_ACK: return is_client ? lost_ack(here, there, seen) : none;
    case TCPSHAKE_LOST_FIN:
        return (loss){ is_same_packet(fin, its_fin, seen->ahead) ? last_of(own, own->fin_frame) : fin, own->fin_count,
                       there->end->fin_count };
    default: return (loss){ rst.moment, rst.count, its_rst.count };
    }
}

static bool
is_both_ways(const tcpshake_conversation *there)
{
    return (there->end[0].flags & there->end[1].flags & TCPSHAKE_END_SEEN) != 0;
}

/* Nothing of the server was captured at the other point. What is sent to it tells even so; its SYN-ACK, if the client
 * has not acknowledged it: else the other capture has one direction only; and if that did not come past the NAT. */
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
    point                              there;

    if (!next_point(here, end, false, &there) || is_bypassed(here, &there) ||
        !(is_both_ways(there.conversation) || (what == TCPSHAKE_LOST_SYN && is_unheard(here, end))))
        return false;
    const seen seen = seen_there(here, &there);
    const loss loss = loss_to_twin(here, end, &there, &seen, what);
    if (!tell_loss(ending, &loss, tcpshake_own_twin(here)->point, &seen, finding))
        return false;
    finding->related_frame = there.twin->frame;
    return true;
}

/* How far the clock at the farther point is ahead, as far as both directions tell; or the one that is known. */
static int64_t
clock_of_farther(const tcpshake_copied *copied, int end)
{
    const bool    is_higher = farther_of(copied, end) > nearer_of(copied, end);
    const int64_t both = copied->apart[0] / 2 + copied->apart[1] / 2;
    const int64_t ahead =
        copied->is_apart[0] && copied->is_apart[1] ? both : copied->apart[copied->is_apart[0] ? 0 : 1];

    if (copied->by_ttl)
        return 0;
    return is_higher ? ahead : -ahead;
}

/* Of the steps of a kind, the first that was seen at the nearer point only; how often it was seen at each. */
static loss
loss_of_copies(const tcpshake_conversation *here, int end, unsigned kind)
{
    const tcpshake_copied *const copied = here->extra->copied;
    const tcpshake_sights *const sights = &copied->sights[end][kind];
    loss                         loss = { .sent = copied->copies[end][kind], .seen = copied->copies[end][kind] };

    for (unsigned i = 0; i < sights->count; i++) {
        const tcpshake_sighting *const one = &sights->one[i];
        loss.seen += one->place == farther_of(copied, end);
        if (one->place != nearer_of(copied, end))
            continue;
        loss.sent++;
        if (!loss.moment.frame)
            loss.moment = one->moment;
    }
    /* In the counts, what only the farther one saw would make up for what was lost. */
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
    const tcpshake_end_rst       reset = reset_of(here, end);
    const bool                   is_near = !reset.copied && reset.point && reset.point == nearer_of(copied, end);

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

    if (!copied || !nearer_of(copied, end))
        return false;
    const loss loss = loss_under_one(ending->conversation, end, what);
    if (copied->by_ttl) { /* only what comes by later shows that the other side was watched still */
        const seen nowhere = { 0 };
        return copied->last[1] > loss.moment.time && tell_loss(ending, &loss, 0, &nowhere, finding);
    }
    const bool is_higher = farther_of(copied, end) > nearer_of(copied, end);
    /* The first one there is the copy, or, by a clock that is behind, the original. */
    seen seen = { farther_of(copied, end), copied->first[0], INT64_MAX, copied->last[is_higher],
                  clock_of_farther(copied, end) };
    if (tell_loss(ending, &loss, nearer_of(copied, end), &seen, finding))
        return true;
    seen.first_frame = copied->first[1];
    return tell_loss(ending, &loss, nearer_of(copied, end), &seen, finding);
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

/* Under one four-tuple: it was captured at a farther point only. */
static bool
is_copy_from_between(const tcpshake_copied *copied, int end, const tcpshake_end_rst *reset)
{
    return !copied->by_ttl && nearer_of(copied, end) && reset->point && reset->point != nearer_of(copied, end) &&
           !reset->copied;
}

/* The nearer point was watched when the RST should have passed it; or a hint says that its sender did not send it. */
static bool
is_proven(const tcpshake_ending *ending, const tcpshake_end_rst *reset, const seen *before)
{
    return reset->doubted || is_watched(ending, reset->point, before, reset->moment.time, 0);
}

/* A RST that this end seems to have sent, and that did not pass the point nearer to it. */
static bool
reset_in_between(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const here = ending->conversation;
    const tcpshake_end_rst             reset = reset_of(here, end);
    point                              there;

    if (reset.moment.frame == 0)
        return false;
    finding->frame = reset.moment.frame;
    if (here->extra->copied) {
        const tcpshake_copied *const copied = here->extra->copied;
        const bool                   is_higher = nearer_of(copied, end) > farther_of(copied, end);
        const seen                   before = { nearer_of(copied, end), 0, INT64_MIN, copied->last[is_higher],
                                                -clock_of_farther(copied, end) };
        return is_copy_from_between(copied, end, &reset) && is_proven(ending, &reset, &before);
    }
    if (!next_point(here, end, true, &there) || there.end->flags & TCPSHAKE_END_SENT_RESET || is_bypassed(here, &there))
        return false;
    const seen before = seen_there(here, &there);
    finding->related_frame = there.twin->frame;
    return is_proven(ending, &reset, &before);
}

static bool
nat_bypassed(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const here = ending->conversation;
    point                              there;

    if (end != here->client)
        return false;
    finding->frame = here->rst.frame;
    if (!next_point(here, end, true, &there) || !is_bypassed(here, &there))
        return false;
    finding->related_frame = there.twin->frame;
    return true;
}

bool
tcpshake_is_nat_bypassed(const tcpshake_conversation *conversation, const tcpshake_hosts *hosts, int64_t end)
{
    const tcpshake_ending ending = { .conversation = conversation, .time = end, .hosts = hosts };
    tcpshake_finding      finding;

    return nat_bypassed(&ending, conversation->client, &finding);
}

bool
tcpshake_is_reset_in_between(const tcpshake_conversation *conversation, const tcpshake_hosts *hosts, int64_t end,
                             uint32_t frame)
{
    const tcpshake_ending ending = { .conversation = conversation, .time = end, .hosts = hosts };
    tcpshake_finding      finding;

    for (int of = 0; of < TCPSHAKE_ENDS; of++)
        if (reset_in_between(&ending, of, &finding) && (frame == 0 || finding.frame == frame))
            return true;
    return false;
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_lost_between, .at_end = syn_lost_between },
    { TCPSHAKE_ANOMALY_lost_between, .at_end = ack_lost_between },
    { TCPSHAKE_ANOMALY_lost_between, .at_end = fin_lost_between },
    { TCPSHAKE_ANOMALY_lost_between, .at_end = reset_lost_between },
    { TCPSHAKE_ANOMALY_reset_in_between, .at_end = reset_in_between },
    { TCPSHAKE_ANOMALY_nat_bypassed, .at_end = nat_bypassed },
};

TCPSHAKE_RULES(between, rules);
