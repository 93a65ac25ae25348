/* rules_open.c
 * What can be wrong while a conversation is open: probes and data into silence, and RSTs (RFC 9293 sections 3.5.3, 3.8.3 and
 * 3.8.4, RFC 5961 section 3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"
#include "seq.h"

/* RFC 9293 section 3.8.4: the number before the next one, with no data or one byte of garbage, when all was acknowledged. */
bool
tcpshake_is_probe(const tcpshake_scene *scene)
{
    const tcpshake_end *const sender = scene->sender, *const receiver = scene->receiver;

    return tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) && tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) &&
           !(scene->segment->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST)) && scene->segment->length <= 1 &&
           scene->segment->seq == sender->snd_nxt - 1 &&
           receiver->ack_sent == sender->snd_nxt && tcpshake_is_synchronised(sender);
}

/* No retransmission timer fires sooner (RFC 6298 asks for 1 s, stacks go down to 200 ms). */
enum { REPETITION_MIN_MS = 100 };

static uint32_t
milliseconds_since(const tcpshake_scene *scene, const tcpshake_end *end)
{
    return (uint32_t)(scene->segment->time / 1000000) - end->last.when;
}

static bool
keepalive_unanswered(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    if (scene->sender->probe_frame == 0 || milliseconds_since(scene, scene->sender) < REPETITION_MIN_MS)
        return false;
    finding->frame = scene->sender->probe_frame;
    finding->count = (uint16_t)(scene->sender->probes + 1);
    return tcpshake_both_captured(scene) && (tcpshake_is_probe(scene) || tcpshake_has(scene, TCPSHAKE_RST));
}

/* The first data that is not acknowledged yet, once more: what the retransmission timer sends (RFC 6298 section 5.4). */
bool
tcpshake_is_repetition(const tcpshake_scene *scene)
{
    const tcpshake_segment *const segment = scene->segment;
    const tcpshake_end *const     sender = scene->sender, *const receiver = scene->receiver;
    const uint32_t                next = segment->seq + segment->length;

    return segment->length > 0 && tcpshake_end_is(sender, TCPSHAKE_END_HAS_SND_NXT) &&
           tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) && tcpshake_seq_le(next, sender->snd_nxt) &&
           tcpshake_seq_le(segment->seq, receiver->ack_sent) && tcpshake_seq_lt(receiver->ack_sent, next) &&
           tcpshake_is_synchronised(sender) && milliseconds_since(scene, sender) >= REPETITION_MIN_MS;
}

static bool
connection_lost(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    if (scene->sender->repeats + 1u != scene->limits->connection_lost)
        return false;
    finding->count = (uint16_t)(scene->sender->repeats + 1);
    finding->number = scene->segment->seq;
    finding->duration = (int64_t)milliseconds_since(scene, scene->receiver) * 1000000;
    return tcpshake_both_captured(scene) && tcpshake_is_repetition(scene);
}

/* A RST to an end that checks it against its window. */
static bool
is_checked(const tcpshake_scene *scene)
{
    return scene->receiver->state >= TCPSHAKE_SYN_RECEIVED && scene->receiver->state != TCPSHAKE_TIME_WAIT &&
           tcpshake_end_is(scene->receiver, TCPSHAKE_END_HAS_ACK) && tcpshake_end_is(scene->sender, TCPSHAKE_END_HAS_SND_NXT) &&
           !tcpshake_reset_acceptable(scene);
}

/* Left or right of any window that the receiver may have. */
static bool
is_out_of_window(const tcpshake_scene *scene)
{
    const tcpshake_end *const receiver = scene->receiver;

    return scene->segment->seq - receiver->ack_sent >= receiver->window_edge - receiver->ack_sent;
}

static bool
reset_challenged(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    finding->number = scene->segment->seq - scene->sender->snd_nxt;
    return is_checked(scene) && scene->segment->seq - scene->receiver->ack_sent < tcpshake_sure_window(scene);
}

/* RFC 9293 section 3.10.7.1: an end that has closed answers what was still under way to it with that segment's acknowledgment
 * number, which can be an old one. Ignored or not, it is no sign of anything. */
static bool
answers_something_late(const tcpshake_scene *scene)
{
    const tcpshake_end *const sender = scene->sender, *const receiver = scene->receiver;
    const uint32_t            seq = scene->segment->seq;

    return !tcpshake_has(scene, TCPSHAKE_ACK) && tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN) &&
           tcpshake_seq_lt(seq, receiver->ack_sent) && receiver->ack_sent - seq <= receiver->window_edge - receiver->ack_sent;
}

static bool
reset_unacceptable(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    const tcpshake_end *const receiver = scene->receiver;

    if (answers_something_late(scene) || tcpshake_is_answer(scene))
        return false;
    finding->count = tcpshake_seq_lt(scene->segment->seq, receiver->ack_sent); /* left of it */
    finding->number = finding->count ? receiver->ack_sent - scene->segment->seq
                                     : scene->segment->seq - receiver->window_edge + 1;
    return is_checked(scene) && is_out_of_window(scene);
}

static unsigned
difference(unsigned a, unsigned b)
{
    return a > b ? a - b : b - a;
}

/* A scanner makes up its SYN, TTL and all; the SYN-ACK is answered by its kernel, which knows of none. */
static bool
answers_a_made_up_syn(const tcpshake_scene *scene)
{
    const tcpshake_end *const sender = scene->sender;

    return tcpshake_end_is(sender, TCPSHAKE_END_SENT_SYN) && !tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) &&
           tcpshake_end_is(scene->receiver, TCPSHAKE_END_SENT_SYNACK) && scene->segment->seq == sender->snd_nxt;
}

/* All that was seen of the sender are keep-alives, as a device on the way sends them in its place (RFC 9293 section
 * 3.8.4: one number too low). */
static bool
follows_mere_probes(const tcpshake_scene *scene)
{
    enum { ITS_OWN = TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SENT_DATA | TCPSHAKE_END_SENT_FIN };

    return !(scene->sender->flags & ITS_OWN) && scene->segment->seq == scene->sender->snd_nxt + 1;
}

/* What the sender's packets have had so far, this one has not. The way of a packet can change by a hop while a connection is
 * open; by a few, if its IP identification follows on theirs. */
bool
tcpshake_is_foreign_ttl(const tcpshake_scene *scene)
{
    enum { STEP = 64, HOP = 1, FEW_HOPS = 4 };
    const tcpshake_end *const sender = scene->sender;
    const uint8_t             ttl = scene->segment->ttl;
    const uint16_t            step = (uint16_t)(scene->segment->ip_id - sender->ip_id);
    const bool                follows = scene->segment->ip_id != 0 && sender->id_streak > 0 && step != 0 && step <= STEP;
    const unsigned            hops = follows ? FEW_HOPS : HOP;

    return ttl != 0 && sender->ttl != 0 && difference(ttl, sender->ttl) > hops && difference(ttl, sender->first_ttl) > hops &&
           !answers_a_made_up_syn(scene) && !follows_mere_probes(scene);
}

static bool
reset_ignored(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    finding->count = 1; /* by its TTL */
    finding->number = (uint32_t)scene->segment->ttl << 8 | scene->sender->ttl;
    return scene->conversation->rst.frame == 0 && tcpshake_is_foreign_ttl(scene);
}

static bool
reset_storm(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    finding->number = scene->conversation->reset_count;
    finding->duration = tcpshake_since(scene, scene->conversation->first);
    return scene->conversation->reset_count == scene->limits->reset_storm;
}

static bool
fin_storm(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    finding->number = scene->conversation->fin_segments;
    finding->duration = tcpshake_since(scene, scene->conversation->first);
    return scene->conversation->fin_segments == scene->limits->fin_storm && tcpshake_has(scene, TCPSHAKE_FIN);
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_keepalive_unanswered, ON_ACK | ON_RESET, 0, 0, keepalive_unanswered },
    { TCPSHAKE_ANOMALY_connection_lost, ON_ACK, 0, 0, connection_lost },
    { TCPSHAKE_ANOMALY_reset_challenged, ON_RESET, 0, 0, reset_challenged },
    { TCPSHAKE_ANOMALY_reset_unacceptable, ON_RESET, 0, 0, reset_unacceptable },
    { TCPSHAKE_ANOMALY_reset_ignored, ON_RESET, 0, 0, reset_ignored },
    { TCPSHAKE_ANOMALY_reset_storm, ON_RESET, 0, 0, reset_storm },
    { TCPSHAKE_ANOMALY_fin_storm, ON_FIN | ON_NO_ACK, 0, 0, fin_storm },
};

TCPSHAKE_RULES(open, rules);
