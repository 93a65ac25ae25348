/* waiting.c
 * What somebody waits for: the next segment at all, an answer to a request, to a probe or to a repetition, the other end's
 * FIN. Followed on each segment that is not ordinary, once the rules were put to it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "rules.h"
#include "seq.h"

/* A server that says this little and closes takes its leave: GOAWAY, a TLS alert. It answers nothing. */
enum { GOODBYE_MAX = 72 };

/* Its peer acknowledges all the time what an end goes on sending for this long; else it would have repeated itself by then
 * (RFC 6298 section 2). */
static const int64_t ACKNOWLEDGED_BY = INT64_C(3) * 1000 * 1000 * 1000;

static bool
is_open(const tcpshake_end *end)
{
    return end->state >= TCPSHAKE_ESTABLISHED && end->state <= TCPSHAKE_CLOSE_WAIT;
}

/* Data that its sender has not sent before. */
static bool
is_new_data(const tcpshake_scene *scene)
{
    return scene->segment->length > 0 && !tcpshake_has(scene, TCPSHAKE_RST) &&
           (!tcpshake_end_is(scene->sender, TCPSHAKE_END_HAS_SND_NXT) ||
            tcpshake_seq_lt(scene->sender->snd_nxt, scene->segment->seq + tcpshake_segment_span(scene->segment)));
}

static void
follow_gap(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;
    const int64_t                gap = tcpshake_since(scene, conversation->last);

    if (!is_open(scene->sender) || !is_open(scene->receiver) || !tcpshake_both_captured(scene) ||
        conversation->last.frame == 0)
        return;
    if (gap > conversation->longest_gap)
        conversation->longest_gap = gap;
    if (scene->limits->socket_timeout > 0 && gap > scene->limits->socket_timeout) {
        tcpshake_finding *const finding = tcpshake_note(scene, TCPSHAKE_ANOMALY_socket_timeout);
        finding->duration = gap;
        finding->other_frame = conversation->last.frame;
    }
}

static bool
is_too_long(const tcpshake_scene *scene, int64_t waited)
{
    return scene->limits->read_timeout > 0 && waited > scene->limits->read_timeout;
}

static bool
is_request(const tcpshake_scene *scene)
{
    const tcpshake_conversation *const conversation = scene->conversation;
    const tcpshake_end *const          client = &conversation->end[conversation->client];
    const tcpshake_end *const          server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];

    return !(server->flags & TCPSHAKE_END_SENT_DATA) || client->snd_nxt - conversation->asked_seq >= TCPSHAKE_REQUEST_MIN;
}

static void
answer(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;
    const int64_t                waited = tcpshake_since(scene, conversation->asked);

    if (waited > conversation->longest_read)
        conversation->longest_read = waited;
    if (is_too_long(scene, waited) && is_request(scene)) {
        tcpshake_finding *const finding = tcpshake_note(scene, TCPSHAKE_ANOMALY_read_timeout);
        finding->duration = waited;
        finding->other_frame = conversation->asked.frame;
        finding->number = scene->segment->seq;
    }
    conversation->asked.frame = 0;
}

/* The client does not wait any longer. One that only says that it has no more requests still does. */
static void
give_up(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;
    const int64_t                waited = tcpshake_since(scene, conversation->asked);

    if (is_too_long(scene, waited) && tcpshake_both_captured(scene) && is_request(scene) &&
        !(conversation->flags & (TCPSHAKE_CONVERSATION_MIDSTREAM | TCPSHAKE_CONVERSATION_PUSHES))) {
        tcpshake_finding *const finding =
            tcpshake_note_about(scene, TCPSHAKE_ANOMALY_read_timeout, conversation->asked.frame);
        finding->duration = waited;
        finding->other_frame = scene->segment->frame;
        finding->count = 1;
    }
    if (is_too_long(scene, waited) || tcpshake_has(scene, TCPSHAKE_RST))
        conversation->asked.frame = 0;
}

/* The late answer was none. */
static void
take_leave(tcpshake_scene *scene)
{
    const tcpshake_finding *const finding = tcpshake_recall(scene->conversation, TCPSHAKE_ANOMALY_read_timeout);
    const uint32_t                position = scene->segment->seq + scene->segment->length;

    if (finding->frame != 0 && finding->count == 0 && position - finding->number <= GOODBYE_MAX)
        tcpshake_withdraw(scene->conversation, TCPSHAKE_ANOMALY_read_timeout);
}

static void
ask(tcpshake_scene *scene)
{
    if (scene->conversation->asked.frame == 0)
        scene->conversation->asked_seq = scene->segment->seq;
    scene->conversation->asked = tcpshake_now(scene);
}

/* The server speaks though nobody asked, after a silence longer than between the parts of an answer. What such a
 * client sends need not be a request, either. */
static bool
is_push(const tcpshake_scene *scene)
{
    const tcpshake_conversation *const conversation = scene->conversation;

    return conversation->asked.frame == 0 && tcpshake_end_is(scene->receiver, TCPSHAKE_END_SENT_DATA) &&
           tcpshake_since(scene, conversation->last) > TCPSHAKE_PAUSE;
}

static void
follow_request(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;
    const bool                   closes = (scene->segment->flags & (TCPSHAKE_FIN | TCPSHAKE_RST)) != 0;

    if (scene->from == conversation->client) {
        if (is_new_data(scene) && !tcpshake_end_is(scene->receiver, TCPSHAKE_END_SENT_FIN))
            ask(scene);
        else if (closes && conversation->asked.frame)
            give_up(scene);
        return;
    }
    if (is_new_data(scene) && is_push(scene))
        conversation->flags |= TCPSHAKE_CONVERSATION_PUSHES;
    if (is_new_data(scene) && conversation->asked.frame)
        answer(scene);
    if (closes)
        conversation->asked.frame = 0;
    if (tcpshake_has(scene, TCPSHAKE_FIN) && tcpshake_found(conversation, TCPSHAKE_ANOMALY_read_timeout))
        take_leave(scene);
}

/* The sender speaks: what the receiver had repeated, or asked, is answered. */
static void
follow_silence(tcpshake_scene *scene)
{
    tcpshake_end *const sender = scene->sender, *const receiver = scene->receiver;

    if (receiver->repeats && tcpshake_recall(scene->conversation, TCPSHAKE_ANOMALY_connection_lost)->end == scene->to)
        tcpshake_withdraw(scene->conversation, TCPSHAKE_ANOMALY_connection_lost);
    receiver->repeats = 0;
    receiver->probes = 0;
    receiver->probe_frame = 0;
    if (tcpshake_is_probe(scene)) {
        sender->probes += sender->probe_frame != 0 && sender->probes < UINT8_MAX;
        sender->probe_frame = scene->segment->frame;
    } else if (tcpshake_has(scene, TCPSHAKE_RST)) {
        sender->probe_frame = 0;
    } else if (tcpshake_is_repetition(scene)) {
        sender->repeats += sender->repeats < UINT8_MAX;
    }
}

/* Data to an end that has sent its FIN: it still takes them, or it has closed and answers with a RST. */
static void
follow_late_data(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;
    const tcpshake_end *const    sender = scene->sender;

    if (tcpshake_end_is(sender, TCPSHAKE_END_SENT_FIN)) {
        scene->answers_late_data = tcpshake_has(scene, TCPSHAKE_RST) && conversation->late_data_frame != 0;
        const bool takes = tcpshake_has(scene, TCPSHAKE_ACK) && tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) &&
                           tcpshake_seq_lt(sender->ack_sent, scene->segment->ack);
        if (takes || tcpshake_has(scene, TCPSHAKE_RST))
            conversation->late_data_frame = 0;
    } else if (tcpshake_end_is(scene->receiver, TCPSHAKE_END_SENT_FIN) && is_new_data(scene) &&
               conversation->late_data_frame == 0) {
        conversation->late_data_frame = scene->segment->frame;
        conversation->late_data_seq = scene->segment->seq;
    }
}

/* An end whose peer was never captured shows that there is one. */
static bool
shows_a_peer(const tcpshake_scene *scene)
{
    enum { SYNS = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SENT_SYNACK };
    const tcpshake_end *const sender = scene->sender;
    const bool                acks_more = tcpshake_end_is(sender, TCPSHAKE_END_HAS_ACK) &&
                                          tcpshake_seq_lt(sender->ack_sent, scene->segment->ack);

    if (tcpshake_has(scene, TCPSHAKE_SYN) || tcpshake_has(scene, TCPSHAKE_RST) || !tcpshake_has(scene, TCPSHAKE_ACK))
        return false;
    if (sender->flags & SYNS || acks_more)
        return true;
    return is_new_data(scene) && sender->repeats == 0 && tcpshake_end_is(sender, TCPSHAKE_END_SEEN) &&
           tcpshake_since(scene, scene->conversation->first) > ACKNOWLEDGED_BY;
}

static void
follow_sides(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;
    const bool                   one_sided = (conversation->flags & TCPSHAKE_CONVERSATION_ONE_SIDED) != 0;

    if (one_sided && !tcpshake_end_is(scene->sender, TCPSHAKE_END_SEEN)) {
        conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_ONE_SIDED;
        tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_one_sided);
    } else if (!one_sided && !tcpshake_end_is(scene->receiver, TCPSHAKE_END_SEEN) && shows_a_peer(scene)) {
        conversation->flags |= TCPSHAKE_CONVERSATION_ONE_SIDED;
        tcpshake_withdraw(conversation, TCPSHAKE_ANOMALY_synack_unsolicited); /* its SYN is on the other side */
        tcpshake_note_about(scene, TCPSHAKE_ANOMALY_one_sided, conversation->first.frame)->end = scene->from;
    }
}

void
tcpshake_follow_waiting(tcpshake_scene *scene)
{
    follow_gap(scene);
    follow_sides(scene);
    follow_request(scene);
    follow_silence(scene);
    follow_late_data(scene);
    if (scene->sender->state == TCPSHAKE_CLOSE_WAIT && is_new_data(scene))
        scene->conversation->lingers = tcpshake_now(scene);
}
