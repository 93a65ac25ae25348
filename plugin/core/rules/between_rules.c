/* between_rules.c
 * What happened between two capture points: where a connection was captured at both, and a step of it at one only.
 * Asked at the end of the capture, of what was seen at each (RFC 9293 does not know points; RFC 3022 knows NATs).
 *
 * The TTL of what an end sends tells which point is nearer to it; without a router in between, the SYN does, which
 * comes from the client. What is seen at the nearer point only was lost in between. What is seen at the farther point
 * only was missed by the nearer capture; except a RST, which a device in between has sent.
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

/* To that end, than the other point. */
static bool
is_nearer(const point *one, const point *other, bool is_client)
{
    const uint8_t ttl = one->end->first_ttl, other_ttl = other->end->first_ttl;

    if (ttl && other_ttl && ttl != other_ttl)
        return ttl > other_ttl;
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

/* What was seen at another point of a connection: first, and last of what this end has sent. */
typedef struct seen {
    uint8_t  point;
    uint32_t first_frame;
    int64_t  first, last;
} seen;

static int
index_of(const point *there)
{
    return (int)(there->end - there->conversation->end);
}

static seen
seen_there(const point *there)
{
    return (seen){ there->twin->point, there->twin->frame, there->twin->time, there->end->last.time };
}

/* Whether the other point was watched when this passed here, and for so long after that. If the first segment captured
 * there is of this connection, the time before it counts as watched; the time after the last one does not. */
static bool
is_watched(const tcpshake_ending *ending, uint8_t here, const seen *there, int64_t time, int64_t after)
{
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

/* How often a kind of segment was sent, and how often it was seen at the other point. */
typedef struct loss {
    uint8_t         what;
    tcpshake_moment moment; /* of the one that was lost */
    uint32_t        sent, seen;
} loss;

static bool
is_loss(const loss *loss)
{
    return loss->sent > loss->seen && loss->moment.frame != 0;
}

static void
write_loss(const loss *loss, tcpshake_finding *finding)
{
    finding->frame = loss->moment.frame;
    finding->between.what = loss->what;
    finding->between.sent = (uint8_t)(loss->sent < UINT8_MAX ? loss->sent : UINT8_MAX);
    finding->between.seen = (uint8_t)(loss->seen < UINT8_MAX ? loss->seen : UINT8_MAX);
}

/* The first of these losses while the other point was watched. */
static bool
find_loss(const tcpshake_ending *ending, uint8_t here, const seen *there, const loss *losses, size_t count,
          tcpshake_finding *finding)
{
    for (size_t i = 0; i < count; i++)
        if (is_loss(&losses[i]) && is_watched(ending, here, there, losses[i].moment.time, TCPSHAKE_IN_FLIGHT)) {
            write_loss(&losses[i], finding);
            return true;
        }
    return false;
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

/* Behind a NAT: what is in one conversation and not in the other. */
static bool
lost_to_twin(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const here = ending->conversation;
    const tcpshake_end *const          own = &here->end[end];
    const bool                         is_client = end == here->client;
    point                              there;

    if (!next_point(here, end, false, &there) || !(there.conversation->end[0].flags & TCPSHAKE_END_SEEN) ||
        !(there.conversation->end[1].flags & TCPSHAKE_END_SEEN) || is_bypassed(here, &there))
        return false;
    const tcpshake_twin *const self = tcpshake_own_twin(here);
    const bool                 first_came = here->syn.frame == self->frame;
    const bool                 answered = is_client && there.conversation->synack.frame;
    const tcpshake_end_rst     rst = reset_of(here, end), its_rst = reset_of(there.conversation, index_of(&there));
    const tcpshake_moment      first_syn = is_client ? here->syn : here->synack;
    const tcpshake_moment      syn = is_client && first_came ? last_of(own, own->syn_frame) : first_syn;
    const uint8_t              opening = is_client ? TCPSHAKE_LOST_SYN : TCPSHAKE_LOST_SYN_ACK;
    const seen                 seen = seen_there(&there);

    const loss losses[] = {
        { opening, syn, own->syn_count, there.end->syn_count },
        { TCPSHAKE_LOST_ACK, here->ack, answered, there.conversation->ack.frame != 0 },
        { TCPSHAKE_LOST_FIN, first_fin(here, end), own->fin_count, there.end->fin_count },
        { TCPSHAKE_LOST_RST, rst.moment, rst.count, its_rst.count },
    };
    if (!find_loss(ending, self->point, &seen, losses, sizeof losses / sizeof losses[0], finding))
        return false;
    finding->related_frame = there.twin->frame;
    return true;
}

/* The first packet of this end was captured at the farther point: its TTL is less than at the nearer one. */
static bool
is_first_farther(const tcpshake_copied *copied, int end, const tcpshake_end *own)
{
    return own->first_ttl != 0 && own->first_ttl < copied->ttl[end];
}

/* Under one four-tuple: some were captured twice, one was not. If none has a copy, copies may not have been recognised;
 * a RST counts even so, if it was captured at the point that captures first what this end sends. */
static bool
lost_copy(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const here = ending->conversation;
    const tcpshake_copied *const       copied = here->extra ? here->extra->copied : NULL;
    const tcpshake_end *const          own = &here->end[end];
    const bool                         is_client = end == here->client;

    if (!copied || !copied->nearer[end])
        return false;
    const tcpshake_copied_step *const syn = &copied->syn[end], *const fin = &copied->fin[end];
    const tcpshake_moment  first_syn = is_client ? here->syn : here->synack, fin1 = first_fin(here, end);
    const tcpshake_end_rst reset = reset_of(here, end);
    const bool             is_near = !reset.copied && reset.point == copied->nearer[end];
    const loss             losses[] = {
                    { is_client ? TCPSHAKE_LOST_SYN : TCPSHAKE_LOST_SYN_ACK,
          first_syn.frame == syn->first ? last_of(own, own->syn_frame) : first_syn,
          syn->count && !is_first_farther(copied, end, own) ? own->syn_count : 0, syn->count },
                    { TCPSHAKE_LOST_FIN, fin1.frame == fin->first ? last_of(own, own->fin_frame) : fin1,
          fin->count ? own->fin_count : 0, fin->count },
                    { TCPSHAKE_LOST_RST, reset.moment, is_near ? reset.count : 0, copied->resets[end] },
    };
    /* The first one there is the copy, or, by a clock that is behind, the original. */
    seen         seen = { copied->farther[end], copied->first[0], INT64_MAX, copied->last };
    const size_t count = sizeof losses / sizeof losses[0];

    if (find_loss(ending, copied->nearer[end], &seen, losses, count, finding))
        return true;
    seen.first_frame = copied->first[1];
    return find_loss(ending, copied->nearer[end], &seen, losses, count, finding);
}

static bool
lost_between(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    return lost_to_twin(ending, end, finding) || lost_copy(ending, end, finding);
}

/* Under one four-tuple: it was captured at a farther point only. */
static bool
is_copy_from_between(const tcpshake_copied *copied, int end, const tcpshake_end_rst *reset)
{
    return copied->nearer[end] && reset->point && reset->point != copied->nearer[end] && !reset->copied;
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
        const seen before = { here->extra->copied->nearer[end], 0, INT64_MIN, here->extra->copied->last };
        return is_copy_from_between(here->extra->copied, end, &reset) && is_proven(ending, &reset, &before);
    }
    if (!next_point(here, end, true, &there) || there.end->flags & TCPSHAKE_END_SENT_RESET || is_bypassed(here, &there))
        return false;
    const seen before = seen_there(&there);
    finding->related_frame = there.twin->frame;
    return is_proven(ending, &reset, &before);
}

static bool
nat_bypassed(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const here = ending->conversation;
    point                              there;

    if (end != here->client || !next_point(here, end, true, &there) || !is_bypassed(here, &there))
        return false;
    finding->frame = here->rst.frame;
    finding->related_frame = there.twin->frame;
    return true;
}

bool
tcpshake_is_reset_in_between(const tcpshake_conversation *conversation, const tcpshake_hosts *hosts, int64_t end)
{
    const tcpshake_ending ending = { .conversation = conversation, .time = end, .hosts = hosts };
    tcpshake_finding      finding;

    for (int of = 0; of < TCPSHAKE_ENDS; of++)
        if (reset_in_between(&ending, of, &finding) && finding.frame == conversation->rst.frame)
            return true;
    return false;
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_lost_between, .at_end = lost_between },
    { TCPSHAKE_ANOMALY_reset_in_between, .at_end = reset_in_between },
    { TCPSHAKE_ANOMALY_nat_bypassed, .at_end = nat_bypassed },
};

TCPSHAKE_RULES(between, rules);
