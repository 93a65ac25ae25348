/* capture_rules.c
 * What is wrong with the capture, and not with the network.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"

static bool
handshake_not_captured(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    (void)arrival, (void)finding;
    return true;
}

/* Said of the conversation's first frame, and of the end that is captured. */
static bool
one_sided(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->frame = tcpshake_beginning(arrival->conversation);
    return true;
}

static bool
segment_not_captured(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->frame = arrival->gap.frame;
    finding->end = arrival->gap.end;
    finding->missing.what = arrival->gap.what;
    return true;
}

static bool
captured_twice(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->related_frame = arrival->since.frame;
    finding->duration = tcpshake_since(arrival, arrival->since);
    if (finding->duration < 0) /* by the clock of another interface */
        finding->duration = -finding->duration;
    if (arrival->segment->point != arrival->first_point && arrival->first_point) {
        finding->copy.point = arrival->segment->point;
        finding->copy.first_point = arrival->first_point;
    }
    if (arrival->segment->ttl && arrival->first_ttl)
        finding->copy.hops = (int16_t)(arrival->first_ttl - arrival->segment->ttl);
    return true;
}

/* Said once of the answer, which was captured first. */
static bool
captured_out_of_order(const tcpshake_arrival *arrival, tcpshake_finding *finding)
{
    finding->frame = arrival->answer_frame;
    finding->end = arrival->to;
    finding->related_frame = arrival->segment->frame;
    return !tcpshake_found_on(arrival->conversation, TCPSHAKE_ANOMALY_captured_out_of_order, finding->frame);
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_handshake_not_captured, .shows = TCPSHAKE_SHOWS_MIDDLE, .after = handshake_not_captured },
    { TCPSHAKE_ANOMALY_one_sided, .shows = TCPSHAKE_SHOWS_ONE_SIDE, .after = one_sided },
    { TCPSHAKE_ANOMALY_segment_not_captured, .shows = TCPSHAKE_SHOWS_GAP, .after = segment_not_captured },
    { TCPSHAKE_ANOMALY_captured_twice, .shows = TCPSHAKE_SHOWS_COPY, .after = captured_twice },
    { TCPSHAKE_ANOMALY_captured_out_of_order, .shows = TCPSHAKE_SHOWS_OUT_OF_ORDER, .after = captured_out_of_order },
};

TCPSHAKE_RULES(capture, rules);
