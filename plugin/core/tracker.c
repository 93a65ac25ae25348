/* tracker.c
 * Takes the segments of a conversation in, one after the other, and writes what changed into the timeline.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "scene.h"
#include "seq.h"

#include <string.h>

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

/* Of a length of time that passes this limit; 0 is none. */
static inline bool
is_over(int64_t time, int64_t limit)
{
    return (uint64_t)time > (uint64_t)limit - 1;
}

/* New data are a request, or the first of them its answer: false if that has taken too long. */
static inline bool
take_data(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_limits *limits)
{
    if (segment->from == conversation->client) {
        if (conversation->asked.frame == 0)
            conversation->asked_seq = segment->seq;
        conversation->asked = (tcpshake_moment) { segment->time, segment->frame };
    } else if (conversation->asked.frame) {
        const int64_t waited = segment->time - conversation->asked.time;
        if (is_over(waited, limits->read_timeout))
            return false;
        if (waited > conversation->longest_read)
            conversation->longest_read = waited;
        conversation->asked.frame = 0;
    }
    return true;
}

/* Data or an ACK between two open ends, inside the windows, in order, in time: it changes nothing but numbers. */
static bool
take_ordinary(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_limits *limits)
{
    enum { MATTER = TCPSHAKE_FIN | TCPSHAKE_SYN | TCPSHAKE_RST | TCPSHAKE_ACK };
    tcpshake_end *const sender = &conversation->end[segment->from];
    tcpshake_end *const receiver = &conversation->end[TCPSHAKE_OTHER(segment->from)];
    const uint32_t      next = segment->seq + segment->length;
    const int64_t       gap = segment->time - conversation->last.time;

    if (!(sender->flags & TCPSHAKE_END_SETTLED) || (segment->flags & MATTER) != TCPSHAKE_ACK ||
        !tcpshake_seq_le(next, receiver->window_edge) || !tcpshake_seq_le(segment->ack, receiver->snd_nxt) ||
        gap > TCPSHAKE_PAUSE || is_over(gap, limits->socket_timeout))
        return false;
    if (tcpshake_seq_lt(sender->snd_nxt, next)) {
        if (segment->length == 0 || !take_data(conversation, segment, limits))
            return false; /* with no data: what came before is not in the capture */
        sender->snd_nxt = next;
        sender->flags |= TCPSHAKE_END_SENT_DATA;
    } else if (segment->seq != sender->snd_nxt) {
        return false; /* sent before, a probe, or of another connection */
    }
    const uint32_t edge = segment->ack + ((uint32_t)segment->window << conversation->shift[segment->from]);
    sender->ack_sent = tcpshake_seq_max(sender->ack_sent, segment->ack);
    sender->window_edge = tcpshake_seq_max(sender->window_edge, edge);
    if (gap > conversation->longest_gap)
        conversation->longest_gap = gap;
    return true;
}

static bool
is_synchronised(uint8_t state)
{
    return state >= TCPSHAKE_ESTABLISHED;
}

/* Both ends are synchronised for the first time. */
static void
complete_handshake(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;
    const bool                   crossed = (conversation->flags & TCPSHAKE_CONVERSATION_CROSSED_SYN) != 0;

    if (conversation->handshake != TCPSHAKE_HANDSHAKE_IN_PROGRESS || !is_synchronised(scene->sender->state) ||
        !is_synchronised(scene->receiver->state) || conversation->flags & TCPSHAKE_CONVERSATION_INHERITED)
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
        const bool    anew = before[end] != TCPSHAKE_TIME_WAIT || !(conversation->time_wait_owner & role);
        if (holds && anew && !(conversation->flags & TCPSHAKE_CONVERSATION_INHERITED)) {
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
    scene->conversation->reset_count += tcpshake_has(scene, TCPSHAKE_RST);
    scene->conversation->fin_segments += tcpshake_has(scene, TCPSHAKE_FIN);
    if (tcpshake_is_old_duplicate(scene)) { /* not of this connection: it moves nothing */
        tcpshake_note(scene, TCPSHAKE_ANOMALY_old_duplicate)->other_frame = scene->conversation->previous->last.frame;
        return;
    }
    tcpshake_look_for_new_beginning(scene);
    tcpshake_restore_fin(scene);
    tcpshake_doubt_fin(scene);
    tcpshake_hear(scene);
    tcpshake_restore_isn(scene);
    tcpshake_judge(scene);
    if (scene->conversation->anomalies || scene->conversation->previous)
        tcpshake_reconsider(scene);
    if (tcpshake_acknowledges_the_unsent(scene))
        return;
    tcpshake_follow_waiting(scene);
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
    const tcpshake_entry *const  last =
        conversation->timeline.count ? &conversation->timeline.entries[conversation->timeline.count - 1] : NULL;
    /* A RST that was still under way when its receiver sent this ends it right after this segment. */
    const bool overdue = last && !scene->delivered && (state[0] != last->state[0] || state[1] != last->state[1]);

    if (changed)
        conversation->changed = tcpshake_now(scene);
    if (!changed && !overdue && !scene->steps && !scene->kept && conversation->timeline.count > 0)
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

/* Open, and nothing is expected of it but data and ACKs. */
static bool
is_at_ease(const tcpshake_end *end)
{
    enum { NUMBERS = TCPSHAKE_END_HAS_ACK | TCPSHAKE_END_HAS_SND_NXT, BUSY = TCPSHAKE_END_SYN_WAITS | TCPSHAKE_END_SENT_FIN };

    return end->state == TCPSHAKE_ESTABLISHED && end->pending == 0 && (end->flags & (NUMBERS | BUSY)) == NUMBERS &&
           end->repeats == 0 && end->probe_frame == 0;
}

/* What an end was presumed to have taken in and has not shown. */
static unsigned
presumed_of(const tcpshake_end *end)
{
    unsigned presumed = 0;

    for (int i = 0; i < TCPSHAKE_PRESUMPTIONS; i++)
        presumed |= (unsigned)(end->presumed_frame[i] != 0) << i;
    return presumed;
}

/* Nothing is under way to the sender and nothing to be shown by it: until something other than data or an ACK comes, numbers
 * are enough. Of its peer it may be presumed that it has taken in the handshake's ACK: what that sends will tell. */
static void
settle(tcpshake_conversation *conversation)
{
    static const unsigned HANDSHAKE_ACK = 1 << TCPSHAKE_PRESUMED_ACK_OF_SYN;
    tcpshake_end *const   ends = conversation->end;

    ends[0].flags &= ~(uint32_t)TCPSHAKE_END_SETTLED;
    ends[1].flags &= ~(uint32_t)TCPSHAKE_END_SETTLED;
    if (!is_at_ease(&ends[0]) || !is_at_ease(&ends[1]) || conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS)
        return;
    const unsigned presumed[] = { presumed_of(&ends[0]), presumed_of(&ends[1]) };
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        if (presumed[end] != 0 || presumed[TCPSHAKE_OTHER(end)] & ~HANDSHAKE_ACK)
            continue;
        ends[end].flags |= TCPSHAKE_END_SETTLED;
        conversation->shift[end] = tcpshake_window_shift(conversation, end);
    }
}

static tcpshake_scene
scene_of(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_limits *limits,
         const tcpshake_allocator *allocator, tcpshake_hosts *hosts)
{
    const uint8_t to = TCPSHAKE_OTHER(segment->from);

    return (tcpshake_scene) {
        .conversation = conversation, .segment = segment, .limits = limits, .allocator = allocator, .hosts = hosts,
        .sender = &conversation->end[segment->from], .receiver = &conversation->end[to],
        .from = segment->from, .to = to,
    };
}

static void
take_closely(tcpshake_scene *scene)
{
    tcpshake_conversation *const conversation = scene->conversation;

    if (conversation->first.frame == 0)
        tcpshake_begin(scene);
    const uint8_t before[2] = { conversation->end[0].state, conversation->end[1].state };
    const uint8_t handshake = conversation->handshake;
    play(scene);
    follow_time_wait(scene, before);
    complete_handshake(scene);
    tcpshake_follow_crowds(scene, before, handshake);
    record(scene, before);
    settle(conversation);
}

/* What its packets look like, to tell it from one that only pretends to be of this end. A RST is not asked: it may be that. */
static void
remember_packet(tcpshake_end *sender, const tcpshake_segment *segment, tcpshake_print print)
{
    enum { STEP = 64 };
    const uint16_t step = (uint16_t)(segment->ip_id - sender->ip_id);

    sender->before_last = sender->last;
    sender->last = print;
    if (segment->flags & TCPSHAKE_RST)
        return;
    sender->id_streak = step != 0 && step <= STEP ? (uint8_t)(sender->id_streak + (sender->id_streak < UINT8_MAX)) : 0;
    sender->ip_id = segment->ip_id;
    sender->ttl = segment->ttl;
    if (sender->first_ttl == 0)
        sender->first_ttl = segment->ttl;
}

void
tcpshake_take(tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_limits *limits,
              const tcpshake_allocator *allocator, tcpshake_hosts *hosts)
{
    tcpshake_zeek_take(&conversation->zeek, segment, segment->source_port, segment->destination_port,
                       (tcpshake_zeek_captured)segment->captured, allocator);
    const tcpshake_print print = tcpshake_print_of(segment);

    if (tcpshake_is_captured_twice(conversation, segment, print)) {
        tcpshake_scene scene = scene_of(conversation, segment, limits, allocator, hosts);
        tcpshake_note(&scene, TCPSHAKE_ANOMALY_captured_twice)->duration = segment->time - conversation->last.time;
    } else {
        if (!take_ordinary(conversation, segment, limits)) {
            tcpshake_scene scene = scene_of(conversation, segment, limits, allocator, hosts);
            take_closely(&scene);
        }
        remember_packet(&conversation->end[segment->from], segment, print);
    }
    conversation->last = (tcpshake_moment) { segment->time, segment->frame };
    conversation->last_from = segment->from;
}

/* RFC 792 and RFC 4443: that the segment cannot be delivered. "Too big" asks for a smaller one, and a SYN is small. */
static bool
is_undeliverable(const tcpshake_quote *quote)
{
    enum { UNREACHABLE = 3, FRAGMENTATION_NEEDED = 4, TIME_EXCEEDED = 11, PARAMETER_PROBLEM = 12 };
    enum { UNREACHABLE_6 = 1, TIME_EXCEEDED_6 = 3, PARAMETER_PROBLEM_6 = 4 };

    if (quote->version == 6)
        return quote->type == UNREACHABLE_6 || quote->type == TIME_EXCEEDED_6 || quote->type == PARAMETER_PROBLEM_6;
    return (quote->type == UNREACHABLE && quote->code != FRAGMENTATION_NEEDED) || quote->type == TIME_EXCEEDED ||
           quote->type == PARAMETER_PROBLEM;
}

bool
tcpshake_take_quote(tcpshake_conversation *conversation, const tcpshake_quote *quote, const tcpshake_allocator *allocator)
{
    enum { WAITS = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_WAITS };
    const tcpshake_end *const    sender = &conversation->end[quote->from];
    const tcpshake_segment       error = { .time = quote->time, .frame = quote->frame, .from = quote->from };
    static const tcpshake_limits no_limits;

    if (!is_undeliverable(quote) || sender->state != TCPSHAKE_SYN_SENT || (sender->flags & WAITS) != WAITS ||
        sender->isn != quote->seq || conversation->icmp_frame == quote->frame)
        return false;
    tcpshake_scene scene = scene_of(conversation, &error, &no_limits, allocator, NULL);
    const uint32_t frames[] = { sender->syn_frame, quote->frame };
    for (int i = 0; i < 2; i++) {
        tcpshake_finding *const finding = tcpshake_note_about(&scene, TCPSHAKE_ANOMALY_icmp_rejected, frames[i]);
        finding->other_frame = frames[1 - i];
        finding->number = (uint32_t)quote->version << 16 | (uint32_t)quote->type << 8 | quote->code;
        finding->duration = quote->time - conversation->syn.time;
        if (frames[i] != quote->frame)
            finding->proven_frame = 0; /* the error's own frame shows it once */
    }
    conversation->icmp_frame = quote->frame;
    tcpshake_crowd_leave(&conversation->member);
    return true;
}
