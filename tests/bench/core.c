/* core.c
 * Has the core take in made segments, for scripts/bench to count instructions and memory: bench_core CASE SIZE.
 * Prints how many segments there were, how many bytes the core holds, and of how many conversations or segments.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/tracking/tracker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIN = TCPSHAKE_FIN, SYN = TCPSHAKE_SYN, RST = TCPSHAKE_RST, ACK = TCPSHAKE_ACK };
enum { A, B };

static const int64_t STEP = 100000, SECONDS = INT64_C(1000) * 1000 * 1000;

static uint64_t segments, bytes;

/* What the core holds: each block knows its size. */
static void *
resize(void *context, void *block, size_t size)
{
    enum { HEAD = 16 };
    const size_t before = block ? *(size_t *)((char *)block - HEAD) : 0;
    char *const  now = realloc(block ? (char *)block - HEAD : NULL, size + HEAD);

    (void)context;
    if (!now)
        return NULL;
    *(size_t *)now = size;
    bytes += size - before;
    return now + HEAD;
}

static const tcpshake_allocator memory = { resize, NULL, NULL };

static const tcpshake_limits limits = {
    .msl = INT64_C(30) * 1000 * 1000 * 1000,
    .connection_timeout = INT64_C(10) * 1000 * 1000 * 1000,
    .slow_handshake = INT64_C(1000) * 1000 * 1000,
    .socket_timeout = INT64_C(60) * 1000 * 1000 * 1000,
    .read_timeout = INT64_C(10) * 1000 * 1000 * 1000,
    .close_wait_lingering = INT64_C(10) * 1000 * 1000 * 1000,
    .connection_lost = 3,
    .ack_storm = 10,
    .reset_storm = 10,
    .fin_storm = 10,
    .isn_predictable = 5,
    .syn_flood = 100,
    .time_wait_exhaustion = 5000,
};

typedef struct talk {
    tcpshake_conversation *conversation;
    tcpshake_hosts        *hosts;
    int64_t                time;
    uint32_t               frame, number;
    uint32_t               next[2];
} talk;

static void
begin(talk *t)
{
    t->conversation = tcpshake_conversation_new(&memory, NULL);
    t->number++;
    t->next[A] = t->number * t->number * 2654435761u + 1;
    t->next[B] = t->number * t->number * 2246822519u + 1;
}

static void
sends(talk *t, uint8_t from, uint16_t flags, uint32_t length)
{
    const uint32_t address[2] = { 1 + t->number / 50000, 999999999 };
    const uint16_t port[2] = { (uint16_t)(1024 + t->number % 50000), 7777 };

    t->time += STEP;
    const tcpshake_segment segment = {
        .time = t->time,
        .frame = ++t->frame,
        .seq = t->next[from],
        .ack = flags & ACK ? t->next[1 - from] : 0,
        .length = length,
        .flags = flags,
        .window = 60000,
        .ip_id = (uint16_t)t->frame,
        .ttl = 64,
        .from = from,
        .captured = TCPSHAKE_CAPTURED_WHOLE,
        .source_port = port[from],
        .destination_port = port[1 - from],
        .source = (const uint8_t *)&address[from],
        .destination = (const uint8_t *)&address[1 - from],
        .address_length = 4,
    };
    tcpshake_process_segment(t->conversation, &segment, &limits, &memory, t->hosts);
    t->next[from] += tcpshake_segment_span(&segment);
    segments++;
}

static void
open(talk *t)
{
    begin(t);
    sends(t, A, SYN, 0);
    sends(t, B, SYN | ACK, 0);
    sends(t, A, ACK, 0);
    sends(t, A, ACK, 100);
    sends(t, B, ACK, 0);
    sends(t, B, ACK, 400);
    sends(t, A, ACK, 0);
}

/* The same once more. */
static void
repeats(talk *t, uint8_t from, uint16_t flags)
{
    t->next[from]--;
    t->time += 2 * SECONDS;
    sends(t, from, flags, 0);
}

static uint32_t
short_ones(talk *t, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        open(t);
        sends(t, A, FIN | ACK, 0);
        sends(t, B, ACK, 0);
        sends(t, B, FIN | ACK, 0);
        sends(t, A, ACK, 0);
    }
    return size;
}

static uint32_t
flood(talk *t, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        begin(t);
        sends(t, A, SYN, 0);
    }
    return size;
}

static uint32_t
long_one(talk *t, uint32_t size)
{
    open(t);
    for (uint32_t i = 0; i < size / 2; i++) {
        sends(t, B, ACK, 100);
        sends(t, A, ACK, 0);
    }
    return size;
}

static uint32_t
resets(talk *t, uint32_t size)
{
    open(t);
    for (uint32_t i = 0; i < size; i++)
        sends(t, B, RST, 0);
    return size;
}

static uint32_t
syns(talk *t, uint32_t size)
{
    begin(t);
    sends(t, A, SYN, 0);
    for (uint32_t i = 0; i < size; i++)
        repeats(t, A, SYN);
    return size;
}

static uint32_t
fins(talk *t, uint32_t size)
{
    open(t);
    sends(t, A, FIN | ACK, 0);
    for (uint32_t i = 0; i < size; i++)
        repeats(t, A, FIN | ACK);
    return size;
}

static const struct {
    const char *name;
    uint32_t (*play)(talk *t, uint32_t size);
} cases[] = {
    { "short", short_ones }, { "flood", flood }, { "long", long_one },
    { "resets", resets },    { "syns", syns },   { "fins", fins },
};

int
main(int argc, char **argv)
{
    talk t = { .hosts = tcpshake_hosts_new(&memory, 1), .time = INT64_C(1700000000) * SECONDS };

    for (size_t i = 0; argc == 3 && i < sizeof cases / sizeof cases[0]; i++) {
        if (strcmp(cases[i].name, argv[1]) != 0)
            continue;
        const uint32_t units = cases[i].play(&t, (uint32_t)strtoul(argv[2], NULL, 10));
        printf("%" PRIu64 " %" PRIu64 " %" PRIu32 "\n", segments, bytes, units);
        return 0;
    }
    fprintf(stderr, "usage: bench_core CASE SIZE\n");
    return 2;
}
