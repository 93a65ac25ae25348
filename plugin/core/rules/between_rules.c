/* between_rules.c
 * What a device between two capture points did: a RST that did not pass the point nearer to its sender, an answer that
 * went around the NAT. Asked at the end of the capture, of what was seen at each.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "between.h"

/* Under one four-tuple: it was captured at a farther point only. */
static bool
is_copy_from_between(const tcpshake_copied *copied, int end, const tcpshake_end_rst *reset)
{
    return !copied->by_ttl && tcpshake_nearer_point(copied, end) && reset->point &&
           reset->point != tcpshake_nearer_point(copied, end) && !reset->copied;
}

/* The nearer point was watched when the RST should have passed it; or a hint says that its sender did not send it. */
static bool
is_proven(const tcpshake_ending *ending, const tcpshake_end_rst *reset, const tcpshake_seen *before)
{
    return reset->doubted || tcpshake_was_watched(ending, reset->point, before, reset->moment.time, 0);
}

static bool
in_between_under_one(const tcpshake_ending *ending, int end, const tcpshake_end_rst *reset)
{
    const tcpshake_copied *const copied = ending->conversation->extra->copied;

    if (!copied || !is_copy_from_between(copied, end, reset))
        return false;
    const bool          is_higher = tcpshake_nearer_point(copied, end) > tcpshake_farther_point(copied, end);
    const tcpshake_seen before = { tcpshake_nearer_point(copied, end), 0, INT64_MIN, copied->last[is_higher],
                                   -tcpshake_clock_of_farther(copied, end) };
    return is_proven(ending, reset, &before);
}

static bool
in_between_twins(const tcpshake_ending *ending, int end, const tcpshake_end_rst *reset, uint32_t *syn_there)
{
    const tcpshake_conversation *const here = ending->conversation;
    tcpshake_point                     there;

    if (!tcpshake_next_point(here, end, true, &there) ||
        there.conversation->end[there.end].flags & TCPSHAKE_END_SENT_RESET || tcpshake_has_bypassed_nat(here, &there))
        return false;
    const tcpshake_seen before = tcpshake_seen_there(here, &there);
    *syn_there = there.twin->frame;
    return is_proven(ending, reset, &before);
}

/* A RST that this end seems to have sent, and that did not pass the point nearer to it. */
static bool
reset_in_between(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_end_rst reset = tcpshake_reset_of(ending->conversation, end);

    if (reset.moment.frame == 0)
        return false;
    finding->frame = reset.moment.frame;
    return in_between_under_one(ending, end, &reset) || in_between_twins(ending, end, &reset, &finding->related_frame);
}

static bool
nat_bypassed(const tcpshake_ending *ending, int end, tcpshake_finding *finding)
{
    const tcpshake_conversation *const here = ending->conversation;
    tcpshake_point                     there;

    if (end != here->client)
        return false;
    finding->frame = tcpshake_rare_of(here)->rst.frame;
    if (!tcpshake_next_point(here, end, true, &there) || !tcpshake_has_bypassed_nat(here, &there))
        return false;
    finding->related_frame = there.twin->frame;
    return true;
}

bool
tcpshake_is_nat_bypassed(const tcpshake_conversation *conversation, const tcpshake_hosts *hosts, int64_t end)
{
    const tcpshake_ending ending = { .conversation = conversation, .last_segment = end, .hosts = hosts };
    tcpshake_finding      finding;

    return nat_bypassed(&ending, conversation->client, &finding);
}

bool
tcpshake_is_reset_in_between(const tcpshake_conversation *conversation, const tcpshake_hosts *hosts, int64_t end,
                             uint32_t frame)
{
    const tcpshake_ending ending = { .conversation = conversation, .last_segment = end, .hosts = hosts };
    tcpshake_finding      finding;

    for (int of = 0; of < TCPSHAKE_ENDS; of++) {
        const bool asked = frame == 0 || tcpshake_reset_of(conversation, of).moment.frame == frame;
        if (asked && reset_in_between(&ending, of, &finding))
            return true;
    }
    return false;
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_reset_in_between, .at_end = reset_in_between },
    { TCPSHAKE_ANOMALY_nat_bypassed, .at_end = nat_bypassed },
};

TCPSHAKE_RULES(between, rules);
