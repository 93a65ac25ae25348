/* test_twins.c
 * One connection under several addresses: which SYNs are one packet, among many others.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_builder.h"

/* All conversations of a capture, and what they share. */
typedef struct world {
    memory         *memory;
    tcpshake_hosts *hosts;
    tcpshake_limits limits;
    uint32_t        frame;
} world;

/* A SYN, or its answer. */
typedef struct packet {
    uint32_t client, server, isn, server_isn, stamp; /* stamp: 0: none */
    uint16_t port, ip_id;
    uint8_t  ttl, point;
    int64_t  time;
} packet;

static world
world_new(void)
{
    memory *const m = memory_new();

    return (world){ .memory = m, .hosts = tcpshake_hosts_new(&m->allocator, 1), .limits = { .msl = 30 * SECONDS } };
}

static void
send(world *w, tcpshake_conversation *conversation, const packet *p, bool answers)
{
    const uint8_t stamps[] = {
        1, 1, 8, 10, (uint8_t)(p->stamp >> 24), (uint8_t)(p->stamp >> 16), (uint8_t)(p->stamp >> 8), (uint8_t)p->stamp,
        0, 0, 0, 0
    };
    tcpshake_segment s = {
        .time = p->time,
        .frame = ++w->frame,
        .seq = answers ? p->server_isn : p->isn,
        .ack = answers ? p->isn + 1 : 0,
        .flags = answers ? SYN | ACK : SYN,
        .window = WINDOW,
        .checksum = (uint16_t)w->frame,
        .ip_id = answers ? (uint16_t)(p->ip_id + 1) : p->ip_id,
        .ttl = p->ttl,
        .point = p->point,
        .from = answers,
        .captured = TCPSHAKE_CAPTURED_WHOLE,
        .source_port = answers ? 80 : p->port,
        .destination_port = answers ? p->port : 80,
        .source = (const uint8_t *)(answers ? &p->server : &p->client),
        .destination = (const uint8_t *)(answers ? &p->client : &p->server),
        .address_length = 4,
        .options = p->stamp ? stamps : NULL,
        .options_length = p->stamp ? sizeof stamps : 0,
        .stream = w->frame,
    };

    tcpshake_process_segment(conversation, &s, &w->limits, &w->memory->allocator, w->hosts);
}

static tcpshake_conversation *
syn(world *w, packet p)
{
    tcpshake_conversation *const conversation = tcpshake_conversation_new(&w->memory->allocator, NULL);

    if (conversation)
        send(w, conversation, &p, false);
    return conversation;
}

static uint32_t
twin_frame(const tcpshake_conversation *conversation)
{
    const tcpshake_twin *const twin = tcpshake_next_twin(conversation, NULL);

    return twin ? twin->frame : 0;
}

/* 100,000 connections within two seconds, each with a twin that comes up to a second later; every third has no
 * timestamps. Right to the frame, with one ring of SYNs. */
static void
test_many(void)
{
    enum { MANY = 100000, LATER = 1000 };
    world                                 w = world_new();
    tcpshake_conversation **const         here = g_new(tcpshake_conversation *, MANY),
                                  **const there = g_new(tcpshake_conversation *, MANY);
    uint32_t *const                       frames = g_new(uint32_t, 2 * MANY);

    for (uint32_t i = 0; i < MANY + LATER; i++) {
        for (unsigned side = 0; side < 2; side++) {
            const uint32_t number = side ? i - LATER : i;
            if (number >= MANY)
                continue;
            const packet p = { .client = side ? 7 : 1000 + number,
                               .server = 9,
                               .isn = number * UINT32_C(2654435761),
                               .stamp = number % 3 ? number / 50 + 1 : 0,
                               .port = (uint16_t)(number + side * 77),
                               .ip_id = (uint16_t)(number % 65535 + 1),
                               .ttl = (uint8_t)(64 - side),
                               .point = (uint8_t)(1 + side),
                               .time = i * INT64_C(20000) };
            (side ? there : here)[number] = syn(&w, p);
            frames[2 * number + side] = w.frame;
        }
    }
    for (uint32_t i = 0; i < MANY; i++) {
        g_assert_cmpuint(twin_frame(here[i]), ==, frames[2 * i + 1]);
        g_assert_cmpuint(twin_frame(there[i]), ==, frames[2 * i]);
        g_assert_null(tcpshake_next_twin(here[i], tcpshake_next_twin(here[i], NULL)));
    }
    g_free(here);
    g_free(there);
    g_free(frames);
    memory_free(w.memory);
}

/* Memory runs out at each of its calls: then there are fewer twins, and none that are wrong. */
static void
test_without_memory(void)
{
    for (gint64 left = 1;; left++) {
        world w = world_new();
        w.memory->left = left;
        unsigned found = 0;
        for (uint32_t i = 0; i < 100; i++) {
            packet p = { .client = 1, .server = 9, .isn = i, .stamp = 5, .ttl = 64, .time = i };
            const tcpshake_conversation *const here = syn(&w, p);
            const uint32_t                     frame = w.frame;
            p.client = 2;
            p.ttl = 63;
            const tcpshake_conversation *const there = syn(&w, p);
            if (there && twin_frame(there)) {
                g_assert_cmpuint(twin_frame(there), ==, frame);
                g_assert_cmpuint(twin_frame(here), ==, frame + 1);
                found++;
            }
        }
        const bool enough = w.memory->left > 0;
        memory_free(w.memory);
        if (enough) {
            g_assert_cmpuint(found, ==, 100);
            return;
        }
    }
}

/* A fifth is no point of one connection any more; and what is not proven is no twin. */
static void
test_proof(void)
{
    const packet           first = { .client = 1, .server = 9, .isn = 1000, .ip_id = 1, .ttl = 64, .stamp = 7 };
    world                  w = world_new();
    tcpshake_conversation *one[5];

    for (unsigned i = 0; i < 5; i++) {
        packet p = first;
        p.client += i;
        p.ttl = (uint8_t)(p.ttl - i);
        one[i] = syn(&w, p);
        g_assert_cmpuint(twin_frame(one[0]), ==, i == 0 || i == 4 ? 0 : 2);
    }
    for (unsigned i = 0; i < 5; i++)
        g_assert_cmpuint(twin_frame(one[i]), ==, 0);
    memory_free(w.memory);
}

/* What two SYNs with the same ISN have in common, and what not, if nobody answers them. */
static void
test_unanswered(void)
{
    const packet first = { .client = 1, .server = 9, .isn = 1000, .ip_id = 1, .ttl = 64, .stamp = 7, .point = 1 };
    const struct {
        packet second;
        bool   twin;
    } cases[] = {
        { { .ip_id = 1, .ttl = 64, .stamp = 7, .point = 2 }, true },
        { { .ip_id = 1, .ttl = 63, .stamp = 7, .point = 2 }, true },
        { { .ip_id = 1, .ttl = 63, .stamp = 7, .point = 1 }, true },
        { { .ip_id = 1, .ttl = 64, .stamp = 7, .point = 1 }, false }, /* nothing was in between */
        { { .ip_id = 1, .ttl = 65, .stamp = 7, .point = 1 }, false }, /* a TTL does not rise */
        { { .ip_id = 2, .ttl = 63, .stamp = 7, .point = 1 }, false }, /* another packet */
        { { .ip_id = 2, .ttl = 63, .stamp = 7, .point = 2 }, false },
        { { .ip_id = 1, .ttl = 63, .stamp = 7, .point = 1, .time = SECONDS }, false }, /* of the same clock, too late */
        { { .ip_id = 1, .ttl = 63, .stamp = 7, .point = 2, .time = SECONDS }, false },
        { { .isn = 500, .ip_id = 1, .ttl = 63, .stamp = 7, .point = 2 }, false }, /* rewritten, and not confirmed */
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        world  w = world_new();
        packet p = cases[i].second;
        p.client = 2;
        p.server = 9;
        p.isn = p.isn ? p.isn : first.isn;
        const tcpshake_conversation *const one = syn(&w, first), *const other = syn(&w, p);
        g_assert_cmpuint(twin_frame(one), ==, cases[i].twin ? 2 : 0);
        g_assert_cmpuint(twin_frame(other), ==, cases[i].twin ? 1 : 0);
        memory_free(w.memory);
    }
}

/* With the same TTL the answers tell: the server has chosen one number, or two, which a firewall may have made of one
 * if all else is the same; and it has answered what came by last first, or one connection after the other. */
static void
test_answers(void)
{
    const packet first = { .client = 1, .server = 9, .isn = 1000, .ip_id = 1, .ttl = 64, .server_isn = 5000 };

    for (unsigned variant = 0; variant < 8; variant++) {
        const bool in_order = variant & 1, other_isn = variant & 2, other_id = variant & 4;
        world      w = world_new();
        packet     second = first;
        second.client = 2;
        tcpshake_conversation *const one = syn(&w, first), *const other = syn(&w, second);
        second.server_isn += other_isn;
        second.ip_id = other_id ? 77 : 1;
        g_assert_cmpuint(twin_frame(other), ==, 0);
        send(&w, in_order ? other : one, in_order ? &second : &first, true);
        send(&w, in_order ? one : other, in_order ? &first : &second, true);
        g_assert_cmpuint(twin_frame(other), ==, (in_order && !(other_isn && other_id) ? 1 : 0));
        memory_free(w.memory);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/twins/many", test_many);
    g_test_add_func("/twins/without-memory", test_without_memory);
    g_test_add_func("/twins/proof", test_proof);
    g_test_add_func("/twins/unanswered", test_unanswered);
    g_test_add_func("/twins/answers", test_answers);
    return g_test_run();
}
