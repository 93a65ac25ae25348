/* rules_closing.c
 * What can be wrong with how a conversation ends, and with what comes after its end (RFC 9293 section 3.6).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"
#include "seq.h"
#include "verdict.h"

static uint32_t
fin_position(const tcpshake_scene *scene)
{
    return scene->segment->seq + scene->segment->length;
}

/* Left of what the receiver has acknowledged, or right of what it has room for. If it has just acknowledged this one number, the
 * FIN comes late in the capture. */
bool
tcpshake_is_fin_outside(const tcpshake_scene *scene)
{
    const tcpshake_end *const sender = scene->sender, *const receiver = scene->receiver;
    const uint32_t            position = fin_position(scene);

    if (!tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK) || !tcpshake_is_synchronised(receiver) ||
        (tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN) && sender->fin_seq == position))
        return false;
    return tcpshake_seq_lt(position + 1, receiver->ack_sent) || tcpshake_seq_lt(receiver->window_edge, position);
}

static bool
fin_out_of_window(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    const tcpshake_end *const receiver = scene->receiver;
    const uint32_t            position = fin_position(scene);

    finding->count = tcpshake_seq_lt(position, receiver->ack_sent); /* left of it */
    finding->number = position;
    return tcpshake_is_fin_outside(scene);
}

static bool
fin_moved(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    finding->other_frame = scene->sender->fin_frame;
    finding->number = scene->sender->fin_seq;
    return scene->sender->fin_count > 0 && scene->sender->fin_seq != fin_position(scene);
}

static bool
data_after_fin(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    const uint32_t next = fin_position(scene);

    if (scene->segment->length == 0)
        return false;
    finding->other_frame = scene->sender->fin_frame;
    finding->number = next - scene->sender->fin_seq;
    return tcpshake_seq_lt(scene->sender->fin_seq, next) && !tcpshake_is_probe(scene);
}

/* What an end says when it closes as well, a TLS alert: nobody misses it. */
bool
tcpshake_is_goodbye(const tcpshake_conversation *conversation, const tcpshake_end *peer)
{
    enum { GOODBYE_MAX = 72 };

    return tcpshake_end_is(peer, TCPSHAKE_END_SENT_FIN) && peer->fin_seq - conversation->late_data_seq <= GOODBYE_MAX;
}

static bool
data_after_close(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    finding->frame = scene->conversation->late_data_frame;
    finding->end = scene->to;
    finding->other_frame = scene->sender->fin_frame;
    return finding->frame != 0 && !tcpshake_is_goodbye(scene->conversation, scene->receiver);
}

static uint32_t
last_number(const tcpshake_end *end)
{
    return tcpshake_seq_max(end->snd_nxt, end->fin_seq + 1);
}

/* Section 3.10.7.4: nothing follows a FIN, so this was never sent; a correct receiver drops the segment. What an end had sent
 * before the capture began is not known. */
bool
tcpshake_acknowledges_the_unsent(const tcpshake_scene *scene)
{
    const tcpshake_end *const receiver = scene->receiver;

    return tcpshake_end_is(receiver, TCPSHAKE_END_SENT_FIN) &&
           receiver->flags & (TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_SENT_DATA) &&
           !(scene->segment->flags & (TCPSHAKE_SYN | TCPSHAKE_RST)) && tcpshake_has(scene, TCPSHAKE_ACK) &&
           tcpshake_seq_lt(last_number(receiver), scene->segment->ack);
}

static bool
closing_bad_ack(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    finding->other_frame = scene->receiver->fin_frame;
    finding->number = scene->segment->ack - last_number(scene->receiver);
    return tcpshake_acknowledges_the_unsent(scene);
}

/* A FIN closes the question whether the end had closed before the capture began, a RST does not. */
static bool
is_known_to_linger(const tcpshake_scene *scene)
{
    return tcpshake_has(scene, TCPSHAKE_FIN) || tcpshake_closer_is_known(scene->conversation);
}

static bool
close_wait_lingering(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = scene->conversation;

    if (scene->sender->state != TCPSHAKE_CLOSE_WAIT || conversation->lingers.frame == 0 ||
        !(scene->segment->flags & (TCPSHAKE_FIN | TCPSHAKE_RST)) || !is_known_to_linger(scene))
        return false;
    finding->duration = tcpshake_since(scene, conversation->lingers);
    finding->other_frame = conversation->fin1.frame;
    return scene->limits->close_wait_lingering > 0 && finding->duration > scene->limits->close_wait_lingering;
}

static bool
time_wait_assassination(const tcpshake_scene *scene, tcpshake_finding *finding)
{
    const tcpshake_conversation *const conversation = scene->conversation;
    const bool                         inherited = (conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) != 0;

    if (scene->receiver->state != TCPSHAKE_TIME_WAIT || (inherited && !conversation->previous) ||
        tcpshake_end_is(scene->sender, TCPSHAKE_END_FIN_WAITS)) /* no ACK has shown that it had come to that */
        return false;
    const tcpshake_moment since = inherited ? conversation->previous->time_wait : conversation->time_wait;
    finding->duration = tcpshake_since(scene, since);
    finding->other_frame = since.frame;
    return finding->duration < 2 * scene->limits->msl && tcpshake_reset_acceptable(scene);
}

/* Whether the numbers are among those that this end, and its peer, have used, or may use next. */
static bool
fits(const tcpshake_conversation *conversation, const tcpshake_scene *scene, bool may_use_next)
{
    enum { HAS = TCPSHAKE_END_HAS_ISN | TCPSHAKE_END_HAS_SND_NXT };
    const tcpshake_end *const sender = &conversation->end[scene->from];
    const tcpshake_end *const receiver = &conversation->end[scene->to];

    if (!tcpshake_end_is(sender, HAS))
        return false;
    const uint32_t edge = may_use_next && tcpshake_end_is(receiver, TCPSHAKE_END_HAS_ACK)
                              ? tcpshake_seq_max(receiver->window_edge, sender->snd_nxt) : sender->snd_nxt;
    return tcpshake_seq_between(sender->isn, scene->segment->seq, edge) &&
           (!tcpshake_has(scene, TCPSHAKE_ACK) || !tcpshake_end_is(receiver, HAS) ||
            tcpshake_seq_between(receiver->isn, scene->segment->ack, receiver->snd_nxt));
}

/* RFC 9293 section 3.4.3: a segment of the conversation before on the four-tuple, and of this one it is not. While an end holds
 * that one still, it is no duplicate. */
bool
tcpshake_is_old_duplicate(const tcpshake_scene *scene)
{
    const tcpshake_conversation *const previous = scene->conversation->previous;

    return previous && !(scene->conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) && !tcpshake_is_answer(scene) &&
           !tcpshake_has(scene, TCPSHAKE_SYN) && tcpshake_end_is(scene->sender, TCPSHAKE_END_HAS_ISN) &&
           tcpshake_end_is(&previous->end[scene->to], TCPSHAKE_END_HAS_ISN) && !fits(scene->conversation, scene, true) &&
           fits(previous, scene, false);
}

static const tcpshake_rule rules[] = {
    { TCPSHAKE_ANOMALY_fin_out_of_window, ON_FIN, 0, TCPSHAKE_END_HAS_ACK, fin_out_of_window },
    { TCPSHAKE_ANOMALY_fin_moved, ON_FIN, 0, 0, fin_moved },
    { TCPSHAKE_ANOMALY_data_after_fin, ON_ACK, TCPSHAKE_END_SENT_FIN, 0, data_after_fin },
    { TCPSHAKE_ANOMALY_data_after_close, ON_RESET, TCPSHAKE_END_SENT_FIN, 0, data_after_close },
    { TCPSHAKE_ANOMALY_closing_bad_ack, ON_ACK, 0, TCPSHAKE_END_SENT_FIN, closing_bad_ack },
    { TCPSHAKE_ANOMALY_close_wait_lingering, ON_FIN | ON_RESET, 0, 0, close_wait_lingering },
    { TCPSHAKE_ANOMALY_time_wait_assassination, ON_RESET, 0, 0, time_wait_assassination },
};

TCPSHAKE_RULES(closing, rules);
