/* test_clean.c
 * The steps of a clean conversation take a shorter way (clean_path.c). Whatever comes between them, they come to the
 * same as all others: each play is put to two records, and one of them has something that few need, so that it is not
 * clean.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_builder.h"

enum { PLAYS = 40000 };

/* The steps of a clean conversation. */
static const line clean[] = {
    { .from = A, .flags = SYN }, { .from = B, .flags = SYN | ACK },
    { .from = A, .flags = ACK }, { .from = A, .flags = ACK, .length = 100 },
    { .from = B, .flags = ACK }, { .from = B, .flags = ACK, .length = 400 },
    { .from = A, .flags = ACK }, { .from = A, .flags = FIN | ACK },
    { .from = B, .flags = ACK }, { .from = B, .flags = FIN | ACK },
    { .from = A, .flags = ACK }, { .from = B, .flags = FIN | ACK, .seq = -1, .after = SECONDS },
    { .from = A, .flags = ACK },
};

static const int64_t waits[] = { MS, MS, 30 * MS, 200 * MS, 990 * MS, 1010 * MS, 4 * SECONDS, 70 * SECONDS };

/* What comes in between. */
static line
anything(GRand *random)
{
    static const unsigned kinds[] = { ACK, ACK, ACK, FIN | ACK, FIN | ACK, SYN, SYN | ACK, RST, RST | ACK, FIN };
    static const int      acks[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 1, 100 };
    static const uint32_t lengths[] = { 0, 0, 0, 1, 20, 500 };

    return (line){
        .from = g_rand_int_range(random, A, B + 1),
        .flags = kinds[g_rand_int_range(random, 0, G_N_ELEMENTS(kinds))],
        .length = lengths[g_rand_int_range(random, 0, G_N_ELEMENTS(lengths))],
        .seq = g_rand_int_range(random, 0, 4) ? 0 : g_rand_int_range(random, -1, 2),
        .ack = acks[g_rand_int_range(random, 0, G_N_ELEMENTS(acks))],
        .after = waits[g_rand_int_range(random, 0, G_N_ELEMENTS(waits))],
        .window = g_rand_int_range(random, 0, 20) ? 0 : CLOSED_WINDOW,
    };
}

/* The same segments, in a record that is not clean. */
typedef struct other {
    memory                *memory;
    tcpshake_conversation *conversation;
} other;

static void
send_to_both(play *p, other *o, line l)
{
    play_line(p, l);
    tcpshake_process_segment(o->conversation, play_at(p, p->segments->len), &p->limits, &o->memory->allocator, NULL);
    g_assert_nonnull(tcpshake_extra_of(o->conversation, &o->memory->allocator));
}

static void
assert_same_findings(const tcpshake_view *one, const tcpshake_view *other)
{
    g_assert_cmpuint(one->finding_count, ==, other->finding_count);
    for (uint32_t i = 0; i < MIN(one->finding_count, TCPSHAKE_VIEW_FINDINGS); i++) {
        g_assert_cmpuint(one->findings[i].anomaly, ==, other->findings[i].anomaly);
        g_assert_cmpuint(one->findings[i].related_frame, ==, other->findings[i].related_frame);
        g_assert_cmpint(one->findings[i].duration, ==, other->findings[i].duration);
    }
}

static void
assert_same_view(const tcpshake_view *one, const tcpshake_view *other)
{
    g_assert_cmpuint(one->client_state, ==, other->client_state);
    g_assert_cmpuint(one->server_state, ==, other->server_state);
    g_assert_cmpuint(one->client_before, ==, other->client_before);
    g_assert_cmpuint(one->server_before, ==, other->server_before);
    g_assert_cmpuint(one->phase, ==, other->phase);
    g_assert_cmpuint(one->steps, ==, other->steps);
    g_assert_cmpuint(one->acks_syn, ==, other->acks_syn);
    g_assert_cmpuint(one->acks_fin, ==, other->acks_fin);
    g_assert_cmpuint(one->acked_in, ==, other->acked_in);
    g_assert_cmphex(one->late, ==, other->late);
    assert_same_findings(one, other);
}

static void
assert_same_summary(const tcpshake_summary *one, const tcpshake_summary *other)
{
    g_assert_cmpuint(one->handshake, ==, other->handshake);
    g_assert_cmpuint(one->teardown, ==, other->teardown);
    g_assert_cmpuint(one->closed_by, ==, other->closed_by);
    g_assert_cmpint(one->connection_time, ==, other->connection_time);
    g_assert_cmpint(one->teardown_time, ==, other->teardown_time);
    g_assert_cmpint(one->half_close_time, ==, other->half_close_time);
    g_assert_cmpint(one->lifetime, ==, other->lifetime);
    g_assert_cmpint(one->socket_time, ==, other->socket_time);
    g_assert_cmpint(one->read_time, ==, other->read_time);
    g_assert_cmpint(one->close_idle, ==, other->close_idle);
    g_assert_cmpuint(one->time_wait_owner, ==, other->time_wait_owner);
    g_assert_cmpint(one->time_wait_until, ==, other->time_wait_until);
    g_assert_cmphex(one->anomalies, ==, other->anomalies);
}

static void
assert_same(const play *p, const other *o)
{
    const tcpshake_knowledge one = play_hindsight(p), other = { true, p->now, p->now, NULL };
    tcpshake_view            view[2];
    tcpshake_summary         summary[2];

    for (unsigned i = 1; i <= p->segments->len; i++) {
        tcpshake_view_segment(p->conversation, play_at(p, i), &p->limits, &one, &view[0]);
        tcpshake_view_segment(o->conversation, play_at(p, i), &p->limits, &other, &view[1]);
        assert_same_view(&view[0], &view[1]);
    }
    tcpshake_summarise(p->conversation, &p->limits, &one, NULL, &summary[0]);
    tcpshake_summarise(o->conversation, &p->limits, &other, NULL, &summary[1]);
    assert_same_summary(&summary[0], &summary[1]);
}

/* Limits below the second that a clean step may wait are limits all the same. */
static tcpshake_limits
low_limits(tcpshake_limits limits, GRand *random)
{
    enum { SOME = 4 };

    if (g_rand_int_range(random, 0, SOME) == 0)
        limits.socket_timeout = 900 * MS;
    if (g_rand_int_range(random, 0, SOME) == 0)
        limits.read_timeout = 25 * MS;
    if (g_rand_int_range(random, 0, SOME) == 0)
        limits.close_wait_lingering = 100 * MS;
    if (g_rand_int_range(random, 0, SOME) == 0)
        limits.fin_storm = (uint32_t)g_rand_int_range(random, 1, 3);
    if (g_rand_int_range(random, 0, SOME) == 0)
        limits.ack_storm = 2;
    if (g_rand_int_range(random, 0, SOME) == 0)
        limits.connection_lost = 1;
    return limits;
}

static void
play_disturbed(GRand *random)
{
    play *const p = play_new(g_rand_boolean(random) ? ordinary_isns : wrapping_isns);
    other       o = { .memory = memory_new() };

    o.conversation = tcpshake_conversation_new(&o.memory->allocator, NULL);
    p->hosts = NULL; /* a copy is none of these steps, and to make room for the last packets takes longer than a play */
    p->limits = low_limits(p->limits, random);
    const int disturbed = g_rand_int_range(random, 0, 2 * G_N_ELEMENTS(clean)), left_out = disturbed - 2;
    for (int i = 0; i < (int)G_N_ELEMENTS(clean); i++) {
        line l = clean[i];
        for (int times = i == disturbed ? g_rand_int_range(random, 1, 5) : 0; times > 0; times--)
            send_to_both(p, &o, anything(random));
        if (g_rand_int_range(random, 0, 30) == 0)
            l.after = waits[g_rand_int_range(random, 0, G_N_ELEMENTS(waits))];
        if (i != left_out || g_rand_boolean(random))
            send_to_both(p, &o, l);
    }
    for (int times = g_rand_int_range(random, 0, 4); times > 0; times--)
        send_to_both(p, &o, anything(random));
    assert_same(p, &o);
    memory_free(o.memory);
    play_free(p);
}

static void
test_disturbed_as_well(void)
{
    GRand *const random = g_rand_new_with_seed((guint32)g_test_rand_int());

    for (int i = 0; i < PLAYS; i++)
        play_disturbed(random);
    g_rand_free(random);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clean/disturbed_as_well", test_disturbed_as_well);
    return g_test_run();
}
