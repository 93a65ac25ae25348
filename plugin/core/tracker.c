/* tracker.c
 * Takes the segments of a conversation in, one after the other, and writes what changed into the timeline.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "scene.h"
#include "seq.h"

#include <string.h>

/* Two copies of one packet lie this close where its IP identification cannot tell them from a retransmission. */
enum { SAME_PACKET_MS = 2, SAME_PACKET_BY_ID_MS = 1000 };

tcpshake_conversation *
tcpshake_conversation_new(const tcpshake_allocator *allocator, tcpshake_conversation *previous)
{
    tcpshake_conversation *const conversation = allocator->resize(allocator->context, NULL, sizeof *conversation);

    if (conversation) {
        memset(conversation, 0, sizeof *conversation);
        conversation->previous = previous;
    }
    return conversation;
}

tcpshake_moment
tcpshake_now(const tcpshake_scene *scene)
{
    return (tcpshake_moment) { scene->segment->time, scene->segment->frame };
}

tcpshake_finding *
tcpshake_note(tcpshake_scene *scene, tcpshake_anomaly anomaly)
{
    static tcpshake_finding      spare;
    tcpshake_conversation *const conversation = scene->conversation;

    conversation->anomalies |= UINT64_C(1) << anomaly;
    scene->noted = true;
    if (conversation->finding_count == conversation->finding_capacity) {
        const uint32_t capacity = conversation->finding_capacity ? conversation->finding_capacity * 2 : 2;
        void *const    findings = scene->allocator->resize(scene->allocator->context, conversation->findings,
                                                           capacity * sizeof(tcpshake_finding));
        if (!findings)
            return &spare;
        conversation->findings = findings;
        conversation->finding_capacity = capacity;
    }
    tcpshake_finding *const finding = &conversation->findings[conversation->finding_count++];
    *finding = (tcpshake_finding) { .frame = scene->segment->frame, .anomaly = (uint8_t)anomaly, .end = scene->from };
    return finding;
}

/* What tells a packet from all others: every field that a sender sets, folded into 64 bits. */
static tcpshake_print
print_of(const tcpshake_segment *segment)
{
    static const uint64_t MIX = UINT64_C(0x9e3779b97f4a7c15); /* 2^64 divided by the golden ratio */
    uint64_t              print = ((uint64_t)segment->seq << 32 | segment->ack) * MIX;

    print = (print ^ print >> 29 ^ ((uint64_t)segment->checksum << 48 | (uint64_t)segment->ip_id << 32 | segment->length)) * MIX;
    print = (print ^ print >> 31 ^ ((uint64_t)segment->flags << 16 | segment->window)) * MIX;
    return (tcpshake_print) { (uint32_t)print, (uint32_t)(print >> 32), (uint32_t)(segment->time / 1000000) };
}

/* The same packet once more, from a mirror port or a second interface: it moves nothing. */
static bool
is_captured_twice(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    const tcpshake_print *const last = &conversation->end[segment->from].last;
    const tcpshake_print        print = print_of(segment);
    const uint32_t              apart = print.when - last->when;

    return print.low == last->low && print.high == last->high &&
           conversation->end[segment->from].flags & TCPSHAKE_END_SEEN &&
           apart <= (segment->ip_id ? SAME_PACKET_BY_ID_MS : SAME_PACKET_MS);
}

/* Data or an ACK between two open ends, inside the windows: it changes nothing but numbers. */
static bool
take_ordinary(tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    enum { MATTER = TCPSHAKE_FIN | TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_ACK };
    tcpshake_end *const sender = &conversation->end[segment->from];
    tcpshake_end *const receiver = &conversation->end[TCPSHAKE_OTHER(segment->from)];
    const uint32_t      next = segment->seq + segment->length;

    if (!(conversation->flags & TCPSHAKE_CONVERSATION_SETTLED) || (segment->flags & MATTER) != TCPSHAKE_ACK ||
        !tcpshake_seq_le(next, receiver->window_edge) || !tcpshake_seq_le(segment->ack, receiver->snd_nxt))
        return false;
    if (tcpshake_seq_lt(sender->snd_nxt, next)) {
        sender->snd_nxt = next;
        sender->flags |= TCPSHAKE_END_SENT_DATA;
    }
    const uint32_t edge = segment->ack + ((uint32_t)segment->window << conversation->shift[segment->from]);
    sender->ack_sent = tcpshake_seq_max(sender->ack_sent, segment->ack);
    sender->window_edge = tcpshake_seq_max(sender->window_edge, edge);
    return true;
}

static bool
is_open(uint8_t state)
{
    return state >= TCPSHAKE_ESTABLISHED;
}

/* Both ends are synchronised for the first time. */
static void
complete_handshake(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;
    const bool                   crossed = (conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN) != 0;

    if (conversation->handshake != TCPSHAKE_HANDSHAKE_IN_PROGRESS || !is_open(scene->sender->state) ||
        !is_open(scene->receiver->state) || conversation->flags & TCPSHAKE_CONVERSATION_INHERITED)
        return;
    conversation->handshake = crossed ? TCPSHAKE_HANDSHAKE_SIMULTANEOUS : TCPSHAKE_HANDSHAKE_COMPLETE;
    if (conversation->ack.frame == 0 || scene->steps & TCPSHAKE_STEP_ACK)
        conversation->ack = tcpshake_now(scene);
    if (conversation->syn.frame == 0)
        return;
    const int64_t took = conversation->ack.time - conversation->syn.time;
    const struct {
        tcpshake_anomaly anomaly;
        int64_t          limit;
    } limits[] = {
        { TCPSHAKE_ANOMALY_slow_handshake, scene->limits->slow_handshake },
        { TCPSHAKE_ANOMALY_connection_timeout, scene->limits->connection_timeout },
    };
    for (unsigned i = 0; i < sizeof limits / sizeof limits[0]; i++)
        if (limits[i].limit > 0 && took > limits[i].limit && !(conversation->anomalies & UINT64_C(1) << limits[i].anomaly))
            tcpshake_note(scene, limits[i].anomaly)->duration = took;
}

/* Who holds TIME-WAIT, since when. */
static void
follow_time_wait(tcpshake_scene *scene, const uint8_t before[2])
{
    tcpshake_conversation *const conversation = scene->conversation;

    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        const uint8_t role = (uint8_t)tcpshake_role_of(conversation, end);
        const bool    holds = conversation->end[end].state == TCPSHAKE_TIME_WAIT;
        if (holds && before[end] != TCPSHAKE_TIME_WAIT && !(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED)) {
            conversation->time_wait_owner |= role;
            conversation->time_wait = tcpshake_now(scene);
        } else if (!holds && before[end] == TCPSHAKE_TIME_WAIT && conversation->end[end].state != TCPSHAKE_CLOSED) {
            conversation->time_wait_owner &= (uint8_t)~role;
        }
    }
}

/* A SYN on a four-tuple in TIME-WAIT is answered by anything but its SYN-ACK. */
static void
note_turned_away(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;

    if (!(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED) || scene->from == conversation->client ||
        conversation->initial[scene->from] != TCPSHAKE_TIME_WAIT || scene->sender->state != TCPSHAKE_TIME_WAIT ||
        !(scene->receiver->flags & TCPSHAKE_END_SYN_WAITS))
        return;
    tcpshake_finding *const finding = tcpshake_note(scene, TCPSHAKE_ANOMALY_time_wait_lingering);
    finding->other_frame = scene->receiver->syn_frame;
    finding->count = 1; /* a SYN turned away */
    finding->duration = scene->segment->time - conversation->previous->time_wait.time;
}

static void
play(tcpshake_scene *scene)
{
    tcpshake_hear(scene);
    if (tcpshake_has(scene, TCPSHAKE_RST)) {
        tcpshake_send_reset(scene);
        tcpshake_receive_reset(scene);
    } else if (tcpshake_has(scene, TCPSHAKE_SYN)) {
        tcpshake_send_syn(scene);
        tcpshake_deliver_after_sending(scene);
        tcpshake_receive_syn(scene);
    } else if (tcpshake_has(scene, TCPSHAKE_ACK)) { /* section 3.10.7.4: without ACK it is dropped */
        note_turned_away(scene);
        tcpshake_send_opening_ack(scene);
        tcpshake_send_closing(scene);
        tcpshake_deliver_after_sending(scene);
        tcpshake_receive_opening_ack(scene);
        tcpshake_receive_closing(scene);
    }
    tcpshake_remember_numbers(scene);
}

static void
record(tcpshake_scene *scene, const uint8_t before[2])
{
    tcpshake_conversation *const conversation = scene->conversation;
    const uint8_t                state[2] = { conversation->end[0].state, conversation->end[1].state };
    const bool                   changed = state[0] != before[0] || state[1] != before[1];

    if (changed)
        conversation->changed = tcpshake_now(scene);
    if (!changed && !scene->steps && !scene->noted && conversation->timeline.count > 0)
        return;
    tcpshake_entry *const entry =
        tcpshake_timeline_at(&conversation->timeline, scene->allocator, scene->segment->frame, state);
    if (!entry)
        return;
    entry->state[0] = state[0];
    entry->state[1] = state[1];
    entry->steps |= scene->steps;
    entry->acks = scene->acks_fin ? scene->acks_fin : scene->acks_syn;
}

/* Nothing is under way and nothing to be shown: until something other than data or an ACK comes, numbers are enough. */
static void
settle(tcpshake_conversation *conversation)
{
    static const uint32_t nothing[TCPSHAKE_PRESUMPTIONS];
    bool                  settled = conversation->handshake != TCPSHAKE_HANDSHAKE_IN_PROGRESS;

    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        const tcpshake_end *const who = &conversation->end[end];
        const uint32_t            both = TCPSHAKE_END_HAS_ACK | TCPSHAKE_END_HAS_SND_NXT;
        settled = settled && who->state == TCPSHAKE_ESTABLISHED && who->pending == 0 && (who->flags & both) == both &&
                  !(who->flags & (TCPSHAKE_END_SYN_WAITS | TCPSHAKE_END_SENT_FIN)) &&
                  memcmp(who->presumed_frame, nothing, sizeof nothing) == 0;
    }
    if (settled) {
        conversation->flags |= TCPSHAKE_CONVERSATION_SETTLED;
        for (int end = 0; end < TCPSHAKE_ENDS; end++)
            conversation->shift[end] = tcpshake_window_shift(conversation, end);
    }
    if (!settled)
        conversation->flags &= (uint16_t)~TCPSHAKE_CONVERSATION_SETTLED;
}

static void
take_closely(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_limits *limits,
             const tcpshake_allocator *allocator)
{
    const uint8_t  to = TCPSHAKE_OTHER(segment->from);
    tcpshake_scene scene = {
        .conversation = conversation, .segment = segment, .limits = limits, .allocator = allocator,
        .sender = &conversation->end[segment->from], .receiver = &conversation->end[to],
        .from = segment->from, .to = to,
    };

    if (conversation->first.frame == 0)
        tcpshake_begin(&scene);
    const uint8_t before[2] = { conversation->end[0].state, conversation->end[1].state };
    play(&scene);
    follow_time_wait(&scene, before);
    complete_handshake(&scene);
    record(&scene, before);
    settle(conversation);
}

void
tcpshake_take(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_limits *limits,
              const tcpshake_allocator *allocator)
{
    tcpshake_zeek_take(&conversation->zeek, segment, segment->source_port, segment->destination_port,
                       (tcpshake_zeek_captured)segment->captured, allocator);
    if (!is_captured_twice(conversation, segment)) {
        if (!take_ordinary(conversation, segment))
            take_closely(conversation, segment, limits, allocator);
        conversation->end[segment->from].last = print_of(segment);
    }
    conversation->last = (tcpshake_moment) { segment->time, segment->frame };
}
