/* between_rules.c
 * What happened between two capture points: where a connection was captured at both, and a step of it at one only.
 * Asked at the end of the capture, of what was seen at each (RFC 9293 does not know points; RFC 3022 knows NATs).
 *
 * Which point is nearer to an end tells the TTL of what that sends, or, where no router is in between, the SYN, which
 * leaves the client. What is sent and is seen at the nearer one only was lost in between; what is seen at the farther
 * one only the nearer capture has missed, but for a RST, which somebody in between has made.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

/* A connection at another point. */
typedef struct point {
    const tcpshake_conversation *conversation;
    const tcpshake_end          *end; /* the same end there */
    const tcpshake_twin         *twin;
    bool                         is_nearer; /* than this point, to that end */
} point;

/* The next one after twin, as it is there for the end; false: there are no more. */
static bool
next_point(const tcpshake_conversation *here, int end, const tcpshake_twin *after, point *there)
{
    const tcpshake_twin *const twin = tcpshake_next_twin(here, after);

    if (!twin)
        return false;
    const tcpshake_conversation *const other = tcpshake_conversation_at(twin->record, twin->frame);
    const bool                         is_client = end == here->client;
    const tcpshake_end *const at_other = &other->end[is_client ? other->client : TCPSHAKE_OTHER(other->client)];
    const uint8_t             ttl = here->end[end].first_ttl, other_ttl = at_other->first_ttl;
    const bool                is_first = twin->frame < tcpshake_own_twin(here)->frame;
    const bool is_nearer = ttl && other_ttl && ttl != other_ttl ? other_ttl > ttl : is_first == is_client;

    *there = (point){ other, at_other, twin, is_nearer };
    return true;
}

/* The server's answer has come to the client without passing the NAT that its SYN has passed. So the client, which
 * never asked that server, resets it; at the point there is its SYN, and no answer. */
static bool
is_bypassed(const tcpshake_conversation *here, const point *there)
{
    return here->rst.frame && here->reset_by == TCPSHAKE_CLIENT && here->synack.frame && !here->ack.frame &&
           !there->conversation->synack.frame;
}

static bool
is_nearest(const tcpshake_conversation *here, int end, point *there)
{
    return next_point(here, end, NULL, there) && !there->is_nearer;
}

/* Sent so often, and seen so often at the other point. */
static bool
is_lost(tcpshake_finding *finding, uint8_t what, uint32_t frame, uint32_t sent, uint32_t seen)
{
    if (sent <= seen || frame == 0)
        return false;
    finding->frame = frame;
    finding->between.what = what;
    finding->between.sent = (uint8_t)(sent < UINT8_MAX ? sent : UINT8_MAX);
    finding->between.seen = (uint8_t)(seen < UINT8_MAX ? seen : UINT8_MAX);
    return true;
}

static uint32_t
fin_frame(const tcpshake_conversation *conversation, int end)
{
    return end == conversation->first_closer ? conversation->fin1.frame : conversation->fin2.frame;
}

/* Behind a NAT: what is in one conversation and not in the other. */
static bool
lost_to_twin(const tcpshake_conversation *here, int end, tcpshake_finding *finding)
{
    const tcpshake_end *const own = &here->end[end];
    const bool                is_client = end == here->client;
    point                     there;

    if (!is_nearest(here, end, &there) || !(there.conversation->end[0].flags & TCPSHAKE_END_SEEN) ||
        !(there.conversation->end[1].flags & TCPSHAKE_END_SEEN) || is_bypassed(here, &there))
        return false;
    const bool first_came = here->syn.frame == tcpshake_own_twin(here)->frame;

    finding->related_frame = there.twin->frame;
    if (is_client ? is_lost(finding, TCPSHAKE_LOST_SYN, first_came ? own->syn_frame : here->syn.frame, own->syn_count,
                            there.end->syn_count)
                  : is_lost(finding, TCPSHAKE_LOST_SYN_ACK, here->synack.frame, own->syn_count, there.end->syn_count))
        return true;
    if (is_client && there.conversation->synack.frame &&
        is_lost(finding, TCPSHAKE_LOST_ACK, here->ack.frame, 1, there.conversation->ack.frame != 0))
        return true;
    if (is_lost(finding, TCPSHAKE_LOST_FIN, fin_frame(here, end), own->fin_count, there.end->fin_count))
        return true;
    return here->reset_by == tcpshake_role_of(here, end) &&
           is_lost(finding, TCPSHAKE_LOST_RST, here->rst.frame, 1, (there.end->flags & TCPSHAKE_END_SENT_RESET) != 0);
}

/* Under one four-tuple: what was captured twice but for one. Without any copy it may be one that was not recognised. */
static bool
lost_copy(const tcpshake_conversation *here, int end, tcpshake_finding *finding)
{
    const tcpshake_copied *const copied = here->extra ? here->extra->copied : NULL;
    const tcpshake_end *const    own = &here->end[end];
    const bool                   is_client = end == here->client;

    if (!copied)
        return false;
    const tcpshake_copied_step *const syn = &copied->syn[end], *const fin = &copied->fin[end];
    const uint32_t first_syn = is_client ? here->syn.frame : here->synack.frame;

    if (syn->count && is_lost(finding, is_client ? TCPSHAKE_LOST_SYN : TCPSHAKE_LOST_SYN_ACK,
                              first_syn == syn->first ? own->syn_frame : first_syn, own->syn_count, syn->count))
        return true;
    const uint32_t first_fin = fin_frame(here, end);
    return fin->count && is_lost(finding, TCPSHAKE_LOST_FIN, first_fin == fin->first ? own->fin_frame : first_fin,
                                 own->fin_count, fin->count);
}

static bool
lost_between(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    return lost_to_twin(ending->conversation, end, finding) || lost_copy(ending->conversation, end, finding);
}

/* A RST that this end seems to have sent, and that did not pass the point nearer to it. */
static bool
reset_in_between(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const here = ending->conversation;
    point                              there;

    if (here->rst.frame == 0 || here->reset_by != tcpshake_role_of(here, end))
        return false;
    finding->frame = here->rst.frame;
    if (here->extra && here->extra->copied) { /* under one four-tuple the TTL tells at which point it was seen */
        const uint8_t ttl = here->extra->copied->ttl[end];
        return ttl && here->reset_ttl < ttl && !here->extra->copied->resets[end];
    }
    if (!next_point(here, end, NULL, &there) || !there.is_nearer || there.end->flags & TCPSHAKE_END_SENT_RESET ||
        is_bypassed(here, &there))
        return false;
    finding->related_frame = there.twin->frame;
    return true;
}

static bool
nat_bypassed(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const here = ending->conversation;
    point                              there;

    if (end != here->client || !next_point(here, end, NULL, &there) || !there.is_nearer || !is_bypassed(here, &there))
        return false;
    finding->frame = here->rst.frame;
    finding->related_frame = there.twin->frame;
    return true;
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_lost_between, .at_end = lost_between },
    { TCPSHAKE_ANOMALY_reset_in_between, .at_end = reset_in_between },
    { TCPSHAKE_ANOMALY_nat_bypassed, .at_end = nat_bypassed },
};

TCPSHAKE_RULES(between, rules);
