/* crowds.c
 * What needs many conversations: initial sequence numbers that can be predicted (RFC 6528), half-open connections (RFC 4987)
 * and TIME-WAITs (RFC 6056 section 2.2) by the hundred.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "scene.h"

/* Linux gives up on a SYN-ACK after 5 repetitions: 1 + 2 + 4 + 8 + 16 + 32 s. */
static const int64_t HALF_OPEN_LASTS = INT64_C(63) * 1000 * 1000 * 1000;

static tcpshake_address
address_of(const tcpshake_scene *scene, const uint8_t *bytes)
{
    return (tcpshake_address) { bytes, scene->segment->address_length };
}

/* A four-tuple that opens again takes a number a little above the last one, so that TIME-WAIT gives way to it (RFC 6191). */
static bool
continues(const tcpshake_scene *scene)
{
    enum { LITTLE = 1 << 17 };
    const tcpshake_conversation *const previous = scene->conversation->previous;

    return previous && previous->end[scene->from].flags & TCPSHAKE_END_HAS_SND_NXT &&
           scene->segment->seq - previous->end[scene->from].snd_nxt <= LITTLE;
}

static void
follow_isn(tcpshake_scene *scene, bool as_server, uint32_t identity)
{
    if (continues(scene))
        return;
    const tcpshake_isn_run run =
        tcpshake_hosts_follow_isn(scene->hosts, scene->allocator, address_of(scene, scene->segment->source), as_server,
                                  scene->segment->seq, identity, scene->segment->time);

    if (run.length != scene->limits->isn_predictable || run.length < 2)
        return;
    tcpshake_finding *const finding = tcpshake_note(scene, TCPSHAKE_ANOMALY_isn_predictable);
    finding->count = (uint16_t)run.length;
    finding->number = run.step;
}

static void
note_crowd(tcpshake_scene *scene, tcpshake_anomaly anomaly, uint32_t size, int end)
{
    if (size == 0)
        return;
    tcpshake_finding *const finding = tcpshake_note(scene, anomaly);
    finding->number = size;
    finding->end = (uint8_t)end;
}

static void
open_half(tcpshake_scene *scene)
{
    const tcpshake_segment *const segment = scene->segment;

    note_crowd(scene, TCPSHAKE_ANOMALY_syn_flood,
               tcpshake_crowd_join(scene->hosts, scene->allocator, TCPSHAKE_CROWD_HALF_OPEN, &scene->conversation->member,
                                   address_of(scene, segment->source), address_of(scene, segment->destination),
                                   segment->destination_port, segment->time, HALF_OPEN_LASTS, scene->limits->syn_flood),
               scene->to);
}

static void
wait_in_time_wait(tcpshake_scene *scene)
{
    const tcpshake_segment *const segment = scene->segment;
    const int                     client = scene->conversation->client;
    const bool                    sends = client == scene->from;

    note_crowd(scene, TCPSHAKE_ANOMALY_time_wait_exhaustion,
               tcpshake_crowd_join(scene->hosts, scene->allocator, TCPSHAKE_CROWD_TIME_WAIT, &scene->conversation->member,
                                   address_of(scene, sends ? segment->source : segment->destination),
                                   address_of(scene, sends ? segment->destination : segment->source),
                                   sends ? segment->destination_port : segment->source_port, segment->time,
                                   2 * scene->limits->msl, scene->limits->time_wait_exhaustion),
               client);
}

void
tcpshake_follow_crowds(tcpshake_scene *scene, const uint8_t before[2], uint8_t handshake)
{
    tcpshake_conversation *const conversation = scene->conversation;
    const int                    client = conversation->client;
    const uint32_t               frame = scene->segment->frame;
    const bool                   waits = conversation->end[client].state == TCPSHAKE_TIME_WAIT;

    if (!scene->hosts || !scene->segment->source || !scene->segment->destination)
        return;
    if (conversation->syn.frame == frame && scene->sender->syn_count == 1) {
        const bool anew = conversation->initial[scene->from] == TCPSHAKE_TIME_WAIT ||
                          (conversation->previous && conversation->previous->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS);
        if (conversation->previous && anew) /* it takes the place of the one before */
            tcpshake_crowd_leave(&conversation->previous->member);
        follow_isn(scene, false, scene->segment->source_port);
        open_half(scene);
    }
    if (conversation->synack.frame == frame) {
        if (conversation->previous)
            tcpshake_crowd_leave(&conversation->previous->member);
        follow_isn(scene, true, scene->segment->ack);
    }
    if (handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS && conversation->handshake != handshake)
        tcpshake_crowd_leave(&conversation->member);
    if (waits && conversation->time_wait.frame == frame)
        wait_in_time_wait(scene);
    else if (!waits && before[client] == TCPSHAKE_TIME_WAIT)
        tcpshake_crowd_leave(&conversation->member);
}
