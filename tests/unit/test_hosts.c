/* test_hosts.c
 * What only many conversations show: predictable ISNs and groups, against models that are slow and plain.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "core/hosts/four_tuple.h"
#include "core/hosts/internal.h"

#define MS       INT64_C(1000000)
#define SECONDS  INT64_C(1000000000)
#define LIFETIME (60 * SECONDS)
#define SEED     UINT64_C(0x0123456789abcdef)

#define HALF_OPEN TCPSHAKE_GROUP_HALF_OPEN
#define TIME_WAIT TCPSHAKE_GROUP_TIME_WAIT
enum { AS_CLIENT = false, AS_SERVER = true };

/* ---- memory that counts bytes, and that fails when told to ---- */

/* The one of conversation_builder.h searches its blocks, of which there are too many here. */

typedef struct block {
    struct block *before, *after;
    size_t        size, pad; /* what follows is aligned for anything */
} block;

static struct {
    block    all; /* a ring */
    size_t   bytes;
    unsigned calls, fail_from, fail_until; /* calls from 1 that fail, fail_until not included */
} heap;

static void *
heap_resize(void *context G_GNUC_UNUSED, void *old, size_t size)
{
    block       *b = old ? (block *)old - 1 : NULL;
    const size_t had = b ? b->size : 0;

    heap.calls++;
    if (heap.calls >= heap.fail_from && heap.calls < heap.fail_until)
        return NULL;
    if (b) {
        b->before->after = b->after;
        b->after->before = b->before;
    }
    b = g_realloc(b, sizeof *b + size);
    b->before = heap.all.before;
    b->after = &heap.all;
    b->before->after = b->after->before = b;
    b->size = size;
    heap.bytes += size - had;
    if (size > had) /* nobody may count on zeroes */
        memset((uint8_t *)(b + 1) + had, 0xa5, size - had);
    return b + 1;
}

static const tcpshake_allocator allocator = { heap_resize, NULL };

static void
begin_heap(void)
{
    memset(&heap, 0, sizeof heap);
    heap.all.before = heap.all.after = &heap.all;
}

static tcpshake_hosts *
begin(void)
{
    begin_heap();
    return tcpshake_hosts_new(&allocator, SEED);
}

static void
end(void)
{
    while (heap.all.after != &heap.all) {
        block *const b = heap.all.after;
        heap.all.after = b->after;
        g_free(b);
    }
}

/* ---- addresses and connections in one line ---- */

/* Of any length; valid until sixteen later calls. */
static tcpshake_address
long_host(uint32_t number, uint8_t length)
{
    static uint8_t bytes[16][64];
    static int     next;
    uint8_t *const at = bytes[next = (next + 1) % 16];

    memset(at, 0, 64);
    memcpy(at + (length > 4 ? length - 4 : 0), &number, MIN(length, sizeof number));
    return (tcpshake_address){ at, length };
}

static tcpshake_address
address(uint32_t number)
{
    return long_host(number, 4);
}

/* The number alone tells connections apart. */
static tcpshake_isn_owner
owner(uint32_t number)
{
    return (tcpshake_isn_owner){ .number = number };
}

/* A connection of host 1 as a client, from a port of its own, ten seconds after the one before. */
static tcpshake_isn_run
next_isn(tcpshake_hosts *hosts, uint32_t isn)
{
    static uint32_t port;

    port++;
    return tcpshake_hosts_follow_isn(hosts, &allocator, address(1), AS_CLIENT, isn, owner(port), port * 10 * SECONDS);
}

#define FOLLOW(isn, identity, time) \
    tcpshake_hosts_follow_isn(hosts, &allocator, address(1), AS_CLIENT, (isn), owner(identity), (time))

#define RUN(call, expected_length, expected_step)                     \
    do {                                                              \
        const tcpshake_isn_run run_is = (call);                       \
        g_assert_cmpuint(run_is.length, ==, (expected_length));       \
        g_assert_cmpuint(run_is.step, ==, (uint32_t)(expected_step)); \
    } while (0)

/* ---- ISNs ---- */

static void
test_isn_step(void)
{
    static const uint32_t steps[] = { 0, 1, 64000, 128000, 0x80000000, (uint32_t)-64000, (uint32_t)-1 };
    static const uint32_t starts[] = { 0, 1000, UINT32_MAX - 64001, UINT32_MAX };

    for (unsigned s = 0; s < G_N_ELEMENTS(steps); s++)
        for (unsigned b = 0; b < G_N_ELEMENTS(starts); b++) {
            tcpshake_hosts *const hosts = begin();
            RUN(next_isn(hosts, starts[b]), 1, 0);
            for (uint32_t n = 2; n <= 1000; n++)
                RUN(next_isn(hosts, starts[b] + (n - 1) * steps[s]), n, steps[s]);
            /* Another step: this connection and the one before begin a new run. */
            RUN(next_isn(hosts, starts[b] + 999 * steps[s] + 77), 2, 77);
            RUN(next_isn(hosts, starts[b] + 999 * steps[s] + 154), 3, 77);
            RUN(tcpshake_hosts_longest_isn_run(hosts, address(1), AS_CLIENT), 1000, steps[s]);
            end();
        }
}

static void
test_isn_almost_a_step(void)
{
    tcpshake_hosts *const hosts = begin();

    /* Every fourth connection is off by one: runs of four, never of five. */
    for (uint32_t n = 0, isn = 5; n < 1000; n++, isn += 64000 + (n % 3 == 0))
        g_assert_cmpuint(next_isn(hosts, isn).length, <, 5);
    end();
}

static void
test_isn_hosts_and_roles_are_apart(void)
{
    tcpshake_hosts *const hosts = begin();

    /* The same four bytes at the end of addresses of any length are as many hosts. */
    for (uint32_t n = 1; n <= 20; n++)
        for (uint8_t length = 4; length <= 64; length += 4)
            for (uint32_t number = 0; number < 3; number++) {
                const tcpshake_address address = long_host(number, length);
                const uint32_t         step = length * 10u + number;
                RUN(tcpshake_hosts_follow_isn(hosts, &allocator, address, AS_CLIENT, n * step, owner(n), n * SECONDS),
                    n, n == 1 ? 0 : step);
                RUN(tcpshake_hosts_follow_isn(hosts, &allocator, address, AS_SERVER, 7 * n * step, owner(n),
                                              n * SECONDS),
                    n, n == 1 ? 0 : 7 * step);
            }
    RUN(tcpshake_hosts_longest_isn_run(hosts, long_host(2, 64), AS_SERVER), 20, 7 * 642);
    RUN(tcpshake_hosts_longest_isn_run(hosts, long_host(3, 64), AS_SERVER), 0, 0);
    RUN(tcpshake_hosts_follow_isn(hosts, &allocator, (tcpshake_address){ NULL, 0 }, AS_CLIENT, 1, owner(1), 1), 1, 0);
    RUN(tcpshake_hosts_follow_isn(hosts, &allocator, (tcpshake_address){ NULL, 0 }, AS_CLIENT, 5, owner(2), 1), 2, 4);
    RUN(tcpshake_hosts_longest_isn_run(hosts, long_host(2, 64), AS_CLIENT), 20, 642);
    end();
}

static void
test_isn_cycle(void)
{
    for (uint32_t period = 2; period <= 9; period++) {
        tcpshake_hosts *const hosts = begin();
        GRand *const          rand = g_rand_new_with_seed(period);
        uint32_t              isns[9], longest = 0;

        for (uint32_t i = 0; i < period; i++) {
            isns[i] = g_rand_int(rand);
            g_assert_cmpuint(next_isn(hosts, isns[i]).length, <=, 2);
        }
        for (uint32_t n = 0; n < 100; n++) {
            const tcpshake_isn_run run = next_isn(hosts, isns[n % period]);
            if (period <= 8 && n >= 1) /* the first to come again, and the one before it: any two have a step */
                RUN(run, n + 2, 0);
            longest = MAX(longest, run.length);
        }
        g_assert_cmpuint(longest, ==, period <= 8 ? 101 : 2);
        /* A new one among them ends it. */
        g_assert_cmpuint(next_isn(hosts, g_rand_int(rand)).length, ==, 2);
        g_rand_free(rand);
        end();
    }
}

static void
test_isn_copies(void)
{
    tcpshake_hosts *const hosts = begin();
    int64_t               now = 0;

    /* Both sides of a NAT, three connections interleaved, the outer capture's clock behind by a millisecond, or before.
     */
    for (uint32_t n = 1; n <= 100; n++, now += 30 * MS) {
        const uint32_t isn = n * 3 * 64000;
        for (uint32_t i = 0; i < 3; i++)
            RUN(FOLLOW(isn + i * 64000, n * 3 + i, now + i * MS), (n - 1) * 3 + i + 1, n == 1 && i == 0 ? 0 : 64000);
        for (uint32_t i = 0; i < 3; i++)
            RUN(FOLLOW(isn + i * 64000, n * 3 + i, now + i * MS + (n % 2 ? 1 : -1) * MS), 0, 0);
    }
    /* The same ISN and port a second later is still a copy, after that a connection; so it is from another port. */
    RUN(FOLLOW(42, 1000, now + 0), 2, 42 - 300 * 64000 - 2 * 64000);
    RUN(FOLLOW(42, 1000, now + SECONDS), 0, 0);
    RUN(FOLLOW(42, 1000, now - SECONDS), 0, 0);
    RUN(FOLLOW(42, 1000, now + SECONDS + 1), 2, 0);
    RUN(FOLLOW(42, 1001, now + SECONDS + 1), 3, 0);
    RUN(FOLLOW(42, 1000, now + 2 * SECONDS), 0, 0);
    RUN(FOLLOW(42, 1001, now - 1), 4, 0);
    /* Three hundred, and four of 42. */
    g_assert_cmpuint(tcpshake_hosts_isn_count(hosts, address(1), AS_CLIENT), ==, 304);
    g_assert_cmpuint(tcpshake_hosts_isn_count(hosts, address(1), AS_SERVER), ==, 0);
    g_assert_cmpuint(tcpshake_hosts_isn_count(hosts, address(2), AS_CLIENT), ==, 0);
    end();
}

/* To other ports of one peer at once they are connections, of a client and of a server; unless a router lies between,
 * and the packet has kept its IP identification. */
static void
test_isn_other_ports(void)
{
    tcpshake_hosts *const hosts = begin();

    for (uint8_t n = 1; n <= 10; n++) {
        const tcpshake_isn_owner one = { .number = 7, .peer = 1, .ports = n, .ip_id = 9, .ttl = 64 };
        tcpshake_isn_owner       routed = one, other_peer = one;
        routed.ports += 100;
        routed.ttl--;
        other_peer.peer++;
        for (int as_server = 0; as_server <= 1; as_server++) {
            RUN(tcpshake_hosts_follow_isn(hosts, &allocator, address(1), as_server, 42, one, n), n, 0);
            RUN(tcpshake_hosts_follow_isn(hosts, &allocator, address(1), as_server, 42, one, n), 0, 0);
            RUN(tcpshake_hosts_follow_isn(hosts, &allocator, address(1), as_server, 42, routed, n), 0, 0);
            RUN(tcpshake_hosts_follow_isn(hosts, &allocator, address(1), as_server, 42, other_peer, n), 0, 0);
        }
    }
    end();
}

/* A client that tries from one port with one ISN twice a second is found, whichever half of that is taken for copies.
 */
static void
test_isn_same_port_again(void)
{
    tcpshake_hosts *const hosts = begin();
    uint32_t              counted = 0;

    for (int n = 0; n < 30; n++) {
        const tcpshake_isn_run run = FOLLOW(42, 1000, 5 + n * SECONDS / 2);
        if (run.length > 0)
            g_assert_cmpuint(run.length, ==, ++counted);
    }
    g_assert_cmpuint(counted, ==, 10);
    end();
}

static void
test_isn_random_never_runs(void)
{
    tcpshake_hosts *const hosts = begin();
    GRand *const          rand = g_rand_new_with_seed(6528);

    for (uint32_t n = 0; n < 1000000; n++)
        g_assert_cmpuint(next_isn(hosts, g_rand_int(rand)).length, <=, 2);
    /* RFC 6528: a 4 microsecond timer plus a hash of the four-tuple. Regular connections have no constant step. */
    for (uint32_t n = 0; n < 100000; n++)
        g_assert_cmpuint(next_isn(hosts, n * 250000 + g_rand_int(rand)).length, <=, 2);
    g_rand_free(rand);
    end();
}

/* From the whole history, by the definitions. */
typedef struct connection {
    uint32_t isn, identity;
    int64_t  time;
} connection;

static bool
plain_was_seen(const GArray *history, guint at, bool copy)
{
    const connection *const c = &g_array_index(history, connection, at);

    for (guint i = at > 8 ? at - 8 : 0; i < at; i++) {
        const connection *const other = &g_array_index(history, connection, i);
        if (other->isn == c->isn &&
            (!copy || (other->identity == c->identity && ABS(other->time - c->time) <= SECONDS)))
            return true;
    }
    return false;
}

static uint32_t
plain_run(const GArray *history, uint32_t *step)
{
    const connection *const h = (const connection *)(const void *)history->data;
    guint                   steps = 1, repeats = 1;

    *step = history->len > 1 ? h[history->len - 1].isn - h[history->len - 2].isn : 0;
    while (steps < history->len && h[history->len - steps].isn - h[history->len - steps - 1].isn == *step)
        steps++;
    while (repeats < history->len && plain_was_seen(history, history->len - repeats, false))
        repeats++;
    if (repeats > steps)
        *step = 0;
    return MAX(steps, repeats);
}

static void
test_isn_model(void)
{
    GRand *const rand = g_rand_new_with_seed(9293);

    for (int round = 0; round < 200; round++) {
        tcpshake_hosts *const hosts = begin();
        GArray *const         history = g_array_new(FALSE, FALSE, sizeof(connection));
        connection            c = { .isn = g_rand_int(rand), .time = 1000 * SECONDS };
        const int             few = g_rand_int_range(rand, 2, 12);
        uint32_t              longest = 0, step;

        for (int n = 0; n < 500; n++) {
            if (g_rand_int_range(rand, 0, 4) == 0)
                c.isn = (uint32_t)g_rand_int_range(rand, 0, few) * 100;
            else if (g_rand_int_range(rand, 0, 3) > 0)
                c.isn += 100;
            c.identity = (uint32_t)g_rand_int_range(rand, 0, 3);
            c.time += g_rand_int_range(rand, -500, 800) * MS;
            g_array_append_val(history, c);
            const bool             copy = plain_was_seen(history, history->len - 1, true);
            const uint32_t         length = plain_run(history, &step);
            const tcpshake_isn_run run = FOLLOW(c.isn, c.identity, c.time);
            if (copy) {
                g_array_set_size(history, history->len - 1);
                RUN(run, 0, 0);
            } else {
                RUN(run, length, step);
                longest = MAX(longest, length);
            }
        }
        g_assert_cmpuint(tcpshake_hosts_longest_isn_run(hosts, address(1), AS_CLIENT).length, ==, longest);
        g_array_free(history, TRUE);
        end();
    }
    g_rand_free(rand);
}

/* ---- waits and clocks ---- */

static void
test_peak_of_waits(void)
{
    tcpshake_hosts *const hosts = begin();

    g_assert_cmpuint(tcpshake_hosts_peak_of_waits(hosts, address(1), TCPSHAKE_WAIT_IN_CLOSE_WAIT), ==, 0);
    for (int i = 0; i < 3; i++)
        tcpshake_hosts_count_wait(hosts, &allocator, address(1), TCPSHAKE_WAIT_IN_CLOSE_WAIT, true, 1);
    for (int i = 0; i < 5; i++) /* more than began */
        tcpshake_hosts_count_wait(hosts, &allocator, address(1), TCPSHAKE_WAIT_IN_CLOSE_WAIT, false, 2);
    tcpshake_hosts_count_wait(hosts, &allocator, address(1), TCPSHAKE_WAIT_IN_CLOSE_WAIT, true, 1);
    tcpshake_hosts_count_wait(hosts, &allocator, address(2), TCPSHAKE_WAIT_IN_FIN_WAIT_2, true, 3);
    g_assert_cmpuint(tcpshake_hosts_peak_of_waits(hosts, address(1), TCPSHAKE_WAIT_IN_CLOSE_WAIT), ==, 3);
    g_assert_cmpuint(tcpshake_hosts_peak_of_waits(hosts, address(1), TCPSHAKE_WAIT_IN_FIN_WAIT_2), ==, 0);
    g_assert_cmpuint(tcpshake_hosts_peak_of_waits(hosts, address(2), TCPSHAKE_WAIT_IN_FIN_WAIT_2), ==, 1);
    g_assert_cmpuint(tcpshake_hosts_peak_of_waits(NULL, address(2), TCPSHAKE_WAIT_IN_FIN_WAIT_2), ==, 0);
    end();
}

/* One that was counted and has never waited takes the peak with it, if that was reached while it was counted. */
static void
test_wait_taken_back(void)
{
    const tcpshake_wait   WAIT = TCPSHAKE_WAIT_IN_CLOSE_WAIT;
    tcpshake_hosts *const hosts = begin();

    tcpshake_hosts_count_wait(hosts, &allocator, address(1), WAIT, true, 10);
    tcpshake_hosts_take_wait_back(hosts, &allocator, address(1), WAIT, 10);
    g_assert_cmpuint(tcpshake_hosts_peak_of_waits(hosts, address(1), WAIT), ==, 0);
    tcpshake_hosts_count_wait(hosts, &allocator, address(1), WAIT, true, 20);
    tcpshake_hosts_count_wait(hosts, &allocator, address(1), WAIT, true, 21);
    tcpshake_hosts_count_wait(hosts, &allocator, address(1), WAIT, false, 22);
    tcpshake_hosts_count_wait(hosts, &allocator, address(1), WAIT, true, 30);
    tcpshake_hosts_take_wait_back(hosts, &allocator, address(1), WAIT, 30);
    g_assert_cmpuint(tcpshake_hosts_peak_of_waits(hosts, address(1), WAIT), ==, 2);
    end();
}

static void
test_clocks(void)
{
    static const int64_t  SECOND_NS = INT64_C(1000000000);
    tcpshake_hosts *const hosts = begin();
#define IS_BEHIND(client, server, clock, time) \
    tcpshake_hosts_is_clock_behind(hosts, &allocator, address(client), address(server), (clock), (time))

    g_assert_false(IS_BEHIND(1, 2, 5, 0));
    tcpshake_hosts_note_clock(hosts, &allocator, address(1), address(2), 1000, 0);
    g_assert_true(IS_BEHIND(1, 2, 999, SECOND_NS));
    g_assert_false(IS_BEHIND(1, 2, 1000, SECOND_NS));                           /* the same clock, in the same tick */
    g_assert_false(IS_BEHIND(1, 2, 2000, SECOND_NS));                           /* ahead */
    g_assert_false(IS_BEHIND(1, 3, 999, SECOND_NS));                            /* another server */
    g_assert_false(IS_BEHIND(4, 2, 999, SECOND_NS));                            /* another client */
    g_assert_false(IS_BEHIND(1, 2, 999, 60 * SECOND_NS));                       /* forgotten */
    tcpshake_hosts_note_clock(hosts, &allocator, address(1), address(2), 5, 0); /* across 2^32 */
    g_assert_true(IS_BEHIND(1, 2, UINT32_MAX, SECOND_NS));
    tcpshake_hosts_note_clock(hosts, &allocator, address(1), address(3), 7000, SECOND_NS); /* each server has its own */
    g_assert_true(IS_BEHIND(1, 2, 4, SECOND_NS));
    g_assert_true(IS_BEHIND(1, 3, 6999, SECOND_NS));
    g_assert_false(IS_BEHIND(1, 2, 6999, SECOND_NS));
    for (unsigned server = 10; server < 14; server++) /* more than are remembered */
        tcpshake_hosts_note_clock(hosts, &allocator, address(1), address(server), 7000, 2 * SECOND_NS);
    g_assert_false(IS_BEHIND(1, 2, 4, 3 * SECOND_NS));
    g_assert_true(IS_BEHIND(1, 13, 6999, 3 * SECOND_NS));
#undef IS_BEHIND
    end();
}

/* ---- groups ---- */

/* NULL: it is in none. */
static tcpshake_member *
member_at(const tcpshake_hosts *hosts, uint32_t place)
{
    return place ? place_at(hosts, place)->member : NULL;
}

static const member_place *
place_of(const tcpshake_hosts *hosts, const tcpshake_member *member)
{
    g_assert_true(member_at(hosts, member->place) == member);
    return place_at(hosts, member->place);
}

/* Joins of a client 1 to port 80 of server 2. */
#define JOIN(kind, member, now, limit) \
    tcpshake_group_join(hosts, &allocator, (kind), (member), address(1), address(2), 80, (now), LIFETIME, (limit))

static void
test_group_limit(void)
{
    tcpshake_hosts *const hosts = begin();
    tcpshake_member       m[20] = { { 0 } };

    for (int i = 0; i < 20; i++)
        g_assert_cmpuint(JOIN(HALF_OPEN, &m[i], i, 10), ==, i == 10 ? 11 : 0);
    g_assert_cmpuint(tcpshake_group_peak(hosts, HALF_OPEN, address(2)), ==, 20);
    g_assert_cmpuint(tcpshake_group_peak(hosts, HALF_OPEN, address(1)), ==, 0);
    g_assert_cmpuint(tcpshake_group_peak(hosts, TIME_WAIT, address(2)), ==, 0);
    g_assert_cmpuint(tcpshake_group_peak(hosts, TIME_WAIT, address(99)), ==, 0);
    /* Down to 6, and up again: the same group still. */
    for (int i = 0; i < 14; i++)
        tcpshake_group_leave(hosts, &m[i]);
    for (int i = 0; i < 14; i++)
        g_assert_cmpuint(JOIN(HALF_OPEN, &m[i], 30, 10), ==, 0);
    /* Down to 6, one of whom begins again: there were never 5. */
    for (int i = 0; i < 14; i++)
        tcpshake_group_leave(hosts, &m[i]);
    for (int i = 14; i < 20; i++)
        g_assert_cmpuint(JOIN(HALF_OPEN, &m[i], 30, 10), ==, 0);
    for (int i = 0; i < 14; i++)
        g_assert_cmpuint(JOIN(HALF_OPEN, &m[i], 30, 10), ==, 0);
    /* Down to 5: another group. */
    for (int i = 0; i < 15; i++)
        tcpshake_group_leave(hosts, &m[i]);
    for (int i = 0; i < 15; i++)
        g_assert_cmpuint(JOIN(HALF_OPEN, &m[i], 40, 10), ==, i == 5 ? 11 : 0);
    end();
}

static void
test_group_limit_by_expiry(void)
{
    tcpshake_hosts *const hosts = begin();
    tcpshake_member       m[20] = { { 0 } };

    for (int i = 0; i < 11; i++)
        g_assert_cmpuint(JOIN(TIME_WAIT, &m[i], i, 10), ==, i == 10 ? 11 : 0);
    /* A nanosecond before the first's time is over, and at it. */
    g_assert_cmpuint(JOIN(TIME_WAIT, &m[11], LIFETIME - 1, 10), ==, 0);
    g_assert_cmpuint(tcpshake_group_peak(hosts, TIME_WAIT, address(1)), ==, 12);
    g_assert_true(m[0].place);
    g_assert_cmpuint(JOIN(TIME_WAIT, &m[12], LIFETIME, 10), ==, 0);
    g_assert_true(!m[0].place && m[1].place);
    /* All but the last two are gone. */
    for (int i = 0; i < 11; i++)
        g_assert_cmpuint(JOIN(TIME_WAIT, &m[i], LIFETIME + 10, 10), ==, i == 8 ? 11 : 0);
    g_assert_cmpuint(tcpshake_group_peak(hosts, TIME_WAIT, address(1)), ==, 13);
    end();
}

static void
test_group_small_limits(void)
{
    tcpshake_hosts *const hosts = begin();
    tcpshake_member       m[3] = { { 0 } };

    for (int i = 0; i < 3; i++)
        g_assert_cmpuint(JOIN(HALF_OPEN, &m[i], 0, 0), ==, 0);
    for (int i = 0; i < 3; i++)
        tcpshake_group_leave(hosts, &m[i]);
    for (int i = 0; i < 3; i++)
        g_assert_cmpuint(JOIN(HALF_OPEN, &m[i], 0, 1), ==, i == 1 ? 2 : 0);
    for (int i = 0; i < 2; i++)
        tcpshake_group_leave(hosts, &m[i]);
    g_assert_cmpuint(JOIN(HALF_OPEN, &m[0], 0, 1), ==, 0);
    for (int i = 0; i < 3; i++)
        tcpshake_group_leave(hosts, &m[i]);
    tcpshake_group_leave(hosts, &m[0]); /* twice does no harm */
    for (int i = 0; i < 3; i++)
        g_assert_cmpuint(JOIN(HALF_OPEN, &m[i], 0, 1), ==, i == 1 ? 2 : 0);
    end();
}

/* Who begins again stands at the end of the line. */
static void
test_group_begins_again(void)
{
    tcpshake_hosts *const hosts = begin();
    tcpshake_member       m[4] = { { 0 } };

    for (int i = 0; i < 3; i++)
        JOIN(TIME_WAIT, &m[i], i * SECONDS, 2);
    g_assert_cmpuint(JOIN(TIME_WAIT, &m[0], 50 * SECONDS, 2), ==, 0);
    g_assert_cmpuint(JOIN(TIME_WAIT, &m[1], 51 * SECONDS, 2), ==, 0);
    JOIN(TIME_WAIT, &m[3], 62 * SECONDS, 2); /* m[2] is over */
    g_assert_false(m[2].place);
    g_assert_true(member_at(hosts, place_of(hosts, &m[0])->later) == &m[1] &&
                  member_at(hosts, place_of(hosts, &m[1])->later) == &m[3]);
    g_assert_true(!place_of(hosts, &m[3])->later && !place_of(hosts, &m[0])->earlier);
    JOIN(TIME_WAIT, &m[3], 110 * SECONDS, 2);
    g_assert_false(m[0].place);
    /* Its own time was over, and it is alone: */
    JOIN(TIME_WAIT, &m[3], 1000 * SECONDS, 2);
    g_assert_true(!place_of(hosts, &m[3])->earlier && !place_of(hosts, &m[3])->later && !m[1].place);
    end();
}

static void
test_group_whose(void)
{
    tcpshake_hosts *const hosts = begin();
    tcpshake_member       m[6] = { { 0 } };

#define JOINS(kind, member, from, to, port) \
    tcpshake_group_join(hosts, &allocator, (kind), (member), address(from), address(to), (port), 0, LIFETIME, 1)
    g_assert_cmpuint(JOINS(TIME_WAIT, &m[0], 1, 2, 80), ==, 0);
    g_assert_cmpuint(JOINS(TIME_WAIT, &m[1], 1, 2, 81), ==, 0);
    g_assert_cmpuint(JOINS(TIME_WAIT, &m[2], 1, 3, 80), ==, 0);
    g_assert_cmpuint(JOINS(TIME_WAIT, &m[3], 4, 2, 80), ==, 0);
    g_assert_cmpuint(JOINS(TIME_WAIT, &m[4], 2, 1, 80), ==, 0);
    g_assert_cmpuint(JOINS(HALF_OPEN, &m[5], 1, 2, 80), ==, 0);
    /* A conversation is in one group: the half-open one leaves its own. */
    g_assert_cmpuint(JOINS(TIME_WAIT, &m[5], 1, 2, 80), ==, 2);
    g_assert_cmpuint(place_of(hosts, &m[5])->group, ==, place_of(hosts, &m[0])->group);
    g_assert_cmpuint(JOINS(HALF_OPEN, &m[0], 1, 2, 80), ==, 0);
    g_assert_cmpuint(JOINS(HALF_OPEN, &m[1], 9, 2, 80), ==, 2);
    g_assert_cmpuint(tcpshake_group_peak(hosts, HALF_OPEN, address(2)), ==, 2);
    g_assert_cmpuint(tcpshake_group_peak(hosts, HALF_OPEN, address(9)), ==, 0);
    end();
}

static void
test_group_time_goes_back(void)
{
    tcpshake_hosts *const hosts = begin();
    tcpshake_member       m[8] = { { 0 } };

    /* A little: nobody goes, and the late one stays as long as those before it. */
    JOIN(TIME_WAIT, &m[0], 100 * SECONDS, 0);
    JOIN(TIME_WAIT, &m[1], 40 * SECONDS, 0);
    JOIN(TIME_WAIT, &m[2], 159 * SECONDS, 0);
    g_assert_true(m[0].place && m[1].place && m[2].place);
    JOIN(TIME_WAIT, &m[3], 160 * SECONDS, 0);
    g_assert_true(!m[0].place && !m[1].place && m[2].place);
    /* A year: as if no time had passed; then time passes as ever. */
    JOIN(TIME_WAIT, &m[4], -1000000 * SECONDS, 0);
    JOIN(TIME_WAIT, &m[5], -1000000 * SECONDS + LIFETIME - 1, 0);
    g_assert_true(!m[2].place && m[3].place && m[4].place);
    JOIN(TIME_WAIT, &m[6], -1000000 * SECONDS + LIFETIME, 0);
    g_assert_true(!m[3].place && !m[4].place && m[5].place && m[6].place);
    /* The ends of time, any number of times. */
    for (int n = 0; n < 1000; n++)
        JOIN(TIME_WAIT, &m[n % 8], n % 3 == 0 ? INT64_MAX : n % 3 == 1 ? INT64_MIN : n, 0);
    end();
}

/* One group, as a list of members and when their time began, by the capture's clock as it is now. */
typedef struct plain_group {
    GArray *who;   /* of int */
    GArray *since; /* of int64_t */
    bool    reported;
} plain_group;

static void
plain_remove(plain_group *c, guint at)
{
    g_array_remove_index(c->who, at);
    g_array_remove_index(c->since, at);
}

static void
plain_leave(plain_group *groups, guint count, int member)
{
    for (guint i = 0; i < count; i++)
        for (guint at = 0; at < groups[i].who->len; at++)
            if (g_array_index(groups[i].who, int, at) == member)
                plain_remove(&groups[i], at);
}

static uint32_t
plain_join(plain_group *groups, guint count, plain_group *c, int member, int64_t now, uint32_t limit)
{
    if (c->since->len > 0) {
        const int64_t last = g_array_index(c->since, int64_t, c->since->len - 1);
        if (last - now > LIFETIME)
            for (guint at = 0; at < c->since->len; at++)
                g_array_index(c->since, int64_t, at) -= last - now;
        else
            now = MAX(now, last);
    }
    for (guint at = c->since->len; at-- > 0;)
        if (now - g_array_index(c->since, int64_t, at) >= LIFETIME)
            plain_remove(c, at);
    if (c->who->len <= limit / 2)
        c->reported = false;
    plain_leave(groups, count, member);
    g_array_append_val(c->who, member);
    g_array_append_val(c->since, now);
    if (limit == 0 || c->who->len <= limit || c->reported)
        return 0;
    c->reported = true;
    return c->who->len;
}

/* Clients that never come again leave nothing behind for longer than two lifetimes. */
static void
test_group_left_over(void)
{
    enum { CLIENTS = 5000, AT_ONCE = 2 * LIFETIME / SECONDS };
    tcpshake_hosts *const hosts = begin();
    tcpshake_member       m[CLIENTS] = { { 0 } };

    for (int i = 0; i < CLIENTS; i++) {
        const int64_t now = i * SECONDS;
        tcpshake_group_join(hosts, &allocator, TIME_WAIT, &m[i], address((uint32_t)i + 10), address(2), 80, now,
                            LIFETIME, 0);
        if (i % 7 == 0) /* the oldest place need not be the longest in use */
            tcpshake_group_leave(hosts, &m[i]);
    }
    g_assert_cmpuint(hosts->places.count, <=, AT_ONCE + 2);
    g_assert_cmpuint(m[1].place, ==, 0);
    g_assert_true(member_at(hosts, m[CLIENTS - 1].place) == &m[CLIENTS - 1]);
    g_assert_cmpuint(tcpshake_group_peak(hosts, TIME_WAIT, address(11)), ==, 1);
    end();
}

static void
test_group_model(void)
{
    enum { MEMBERS = 60, GROUPS = 2 * 2 * 2 * 2 };
    GRand *const rand = g_rand_new_with_seed(1337);
    unsigned     reports = 0;

    for (int round = 0; round < 100; round++) {
        tcpshake_hosts *const hosts = begin();
        tcpshake_member       m[MEMBERS] = { { 0 } };
        plain_group           groups[GROUPS];
        int64_t               now = g_rand_int_range(rand, -100, 100) * SECONDS;
        uint32_t              peak[2][2] = { { 0, 0 }, { 0, 0 } };
        const uint32_t        limit = (uint32_t)g_rand_int_range(rand, 0, 12);
        const int             hurry = g_rand_int_range(rand, 1, 12);

        hosts->longest_lifetime = INT64_MAX / 4; /* nobody is cleared away: the clock goes back by more than that */
        for (int i = 0; i < GROUPS; i++)
            groups[i] = (plain_group){ .who = g_array_new(FALSE, FALSE, sizeof(int)),
                                       .since = g_array_new(FALSE, FALSE, sizeof(int64_t)) };
        for (int n = 0; n < 2000; n++) {
            const int who = g_rand_int_range(rand, 0, MEMBERS);
            const int what = g_rand_int_range(rand, 0, 100);
            if (what < 20) {
                tcpshake_group_leave(hosts, &m[who]);
                plain_leave(groups, GROUPS, who);
                continue;
            }
            now += what < 90   ? g_rand_int_range(rand, 0, hurry) * SECONDS
                   : what < 98 ? -g_rand_int_range(rand, 0, 59) * SECONDS
                               : g_rand_int_range(rand, -1000, 200) * SECONDS;
            const tcpshake_group_kind kind = g_rand_int_range(rand, 0, 2) ? TIME_WAIT : HALF_OPEN;
            const uint32_t     from = g_rand_int_range(rand, 0, 2) ? 1 : 0, to = g_rand_int_range(rand, 0, 2) ? 1 : 0;
            const uint16_t     port = g_rand_int_range(rand, 0, 2) ? 1 : 0;
            const uint32_t     owner = kind == HALF_OPEN ? to : from;
            plain_group *const group = &groups[(kind * 2 + (kind == HALF_OPEN ? 0 : from)) * 4 + to * 2 + port];
            const uint32_t     must_be = plain_join(groups, GROUPS, group, who, now, limit);

            g_assert_cmpuint(tcpshake_group_join(hosts, &allocator, kind, &m[who], address(from), address(to), port,
                                                 now, LIFETIME, limit),
                             ==, must_be);
            reports += must_be > 0;
            peak[kind][owner] = MAX(peak[kind][owner], group->who->len);
            g_assert_cmpuint(tcpshake_group_peak(hosts, kind, address(owner)), ==, peak[kind][owner]);
            /* The very same ones are in, in the same order. */
            uint32_t at = m[who].place;
            for (guint i = group->who->len; i-- > 0; at = place_at(hosts, at)->earlier)
                g_assert_true(member_at(hosts, at) == &m[g_array_index(group->who, int, i)]);
            g_assert_cmpuint(at, ==, 0);
            for (int i = 0; i < MEMBERS; i++) /* nobody has another's place, however he left his own */
                g_assert_true(!m[i].place || member_at(hosts, m[i].place) == &m[i]);
        }
        for (int i = 0; i < GROUPS; i++) {
            g_array_free(groups[i].who, TRUE);
            g_array_free(groups[i].since, TRUE);
        }
        end();
    }
    g_assert_cmpuint(reports, >, 1000);
    g_rand_free(rand);
}

/* ---- many ---- */

enum { MANY = 100000 };

/* The life of a connection as the plugin tells it: half-open for a while, then, at its end, in TIME-WAIT. */
static uint32_t
live(tcpshake_hosts *hosts, tcpshake_member *member, uint32_t number, uint32_t client, uint32_t server, int64_t now)
{
    const tcpshake_address from = address(client), to = address(server);

    tcpshake_hosts_follow_isn(hosts, &allocator, from, AS_CLIENT, number * number * 2654435761u, owner(number), now);
    g_assert_cmpuint(tcpshake_group_join(hosts, &allocator, HALF_OPEN, member, from, to, 80, now, LIFETIME, 100), ==,
                     0);
    tcpshake_hosts_follow_isn(hosts, &allocator, to, AS_SERVER, number * number * 2246822519u, owner(number), now);
    tcpshake_group_leave(hosts, member);
    return tcpshake_group_join(hosts, &allocator, TIME_WAIT, member, from, to, 80, now, LIFETIME, 5000);
}

static void
test_many_connections_of_two_hosts(void)
{
    tcpshake_hosts *const  hosts = begin();
    tcpshake_member *const members = g_new0(tcpshake_member, MANY);
    size_t                 bytes = 0;

    /* One each 10 ms: never more than 6000 in TIME-WAIT at once; 5000 are exceeded once. */
    for (uint32_t n = 0; n < MANY; n++) {
        g_assert_cmpuint(live(hosts, &members[n], n, 1, 2, n * 10 * MS), ==, n == 5000 ? 5001 : 0);
        if (n == 8)
            bytes = heap.bytes;
        if (n == 6000) /* as many places as are needed at once; hardly more than they take */
            g_assert_cmpuint(heap.bytes, <, bytes + 6000 * (sizeof(member_place) + 1) + 2000);
        if (n == 6000)
            bytes = heap.bytes;
    }
    g_assert_cmpuint(tcpshake_group_peak(hosts, TIME_WAIT, address(1)), ==, 6000);
    g_assert_cmpuint(tcpshake_group_peak(hosts, HALF_OPEN, address(2)), ==, 1);
    g_assert_cmpuint(heap.bytes, ==, bytes);
    g_test_message("%zu bytes for two hosts", bytes);
    g_free(members);
    end();
}

static void
test_many_hosts(void)
{
    tcpshake_hosts *const  hosts = begin();
    tcpshake_member *const members = g_new0(tcpshake_member, MANY);
    size_t                 bytes[3];

    for (uint32_t round = 0; round < 24; round++) {
        for (uint32_t n = 0; n < MANY; n++)
            g_assert_cmpuint(live(hosts, &members[n], n + round, n + 10, 2, (round * 100 + n / 1000) * SECONDS), ==, 0);
        if (round == 0 || round == 8 || round == 23)
            bytes[round == 0 ? 0 : round == 8 ? 1 : 2] = heap.bytes;
    }
    g_test_message("bytes a host: %.1f with one connection, %.1f with many", (double)bytes[0] / MANY,
                   (double)bytes[2] / MANY);
    g_assert_cmpuint(bytes[0], <, (200 + sizeof(member_place)) * MANY); /* each has left one in TIME-WAIT */
    g_assert_cmpuint(bytes[1], <, (320 + sizeof(member_place)) * MANY);
    g_assert_cmpuint(bytes[2], ==, bytes[1]);
    g_free(members);
    end();
}

/* Forged sources: as many hosts, one group. */
static void
test_many_half_open(void)
{
    tcpshake_hosts *const  hosts = begin();
    tcpshake_member *const members = g_new0(tcpshake_member, MANY);

    for (uint32_t n = 0; n < MANY; n++)
        g_assert_cmpuint(tcpshake_group_join(hosts, &allocator, HALF_OPEN, &members[n], address(n + 10), address(2),
                                             443, n * MS / 100, LIFETIME, 100),
                         ==, n == 100 ? 101 : 0);
    g_assert_cmpuint(tcpshake_group_peak(hosts, HALF_OPEN, address(2)), ==, MANY);
    for (uint32_t n = MANY; n-- > 50;)
        tcpshake_group_leave(hosts, &members[n]);
    for (uint32_t n = 50; n < MANY; n++)
        g_assert_cmpuint(tcpshake_group_join(hosts, &allocator, HALF_OPEN, &members[n], address(n + 10), address(2),
                                             443, SECONDS, LIFETIME, 100),
                         ==, n == 100 ? 101 : 0);
    g_free(members);
    end();
}

/* No clock makes it slow: what is quadratic takes hours here. */
static void
test_many_at_odd_times(void)
{
    tcpshake_hosts *const  hosts = begin();
    tcpshake_member *const members = g_new0(tcpshake_member, MANY);

    for (uint32_t n = 0; n < 10 * MANY; n++) {
        static const int64_t shapes[] = { 1000000, -1000000, 59, -59, 61, -61, 0 };
        const int64_t        there_and_back = shapes[n / MANY % G_N_ELEMENTS(shapes)] * SECONDS * (n % 2);
        JOIN(TIME_WAIT, &members[n % MANY], there_and_back + n * 1000, 5000);
    }
    /* Downhill. */
    for (uint32_t n = 0; n < 10 * MANY; n++)
        JOIN(TIME_WAIT, &members[n % MANY], (int64_t)n * -MS, 5000);
    g_free(members);
    end();
}

/* ---- no memory ---- */

/* Returns how much was found. Members of a group that found no memory are in none. */
static uint32_t
live_a_lot(tcpshake_hosts *hosts, unsigned *members_in)
{
    static tcpshake_member members[2000];
    uint32_t               found = 0;

    memset(members, 0, sizeof members);
    for (uint32_t n = 0; n < G_N_ELEMENTS(members); n++) {
        found += tcpshake_hosts_follow_isn(hosts, &allocator, address(n % 300), n % 2, n / 300 * 1000, owner(n), n * MS)
                     .length == 5;
        found += JOIN(HALF_OPEN, &members[n], n * MS, 10) > 0;
        if (n % 3) /* the others stay half-open */
            found += tcpshake_group_join(hosts, &allocator, TIME_WAIT, &members[n], address(n % 300), address(n % 7),
                                         80, n * MS, LIFETIME, 1) > 0;
    }
    *members_in = 0;
    for (uint32_t n = 0; n < G_N_ELEMENTS(members); n++)
        *members_in += members[n].place != 0;
    tcpshake_hosts_longest_isn_run(hosts, address(3), AS_SERVER);
    tcpshake_group_peak(hosts, TIME_WAIT, address(3));
    return found;
}

static void
test_no_memory(void)
{
    unsigned in, all_in;
    uint32_t all, found;
    unsigned calls;

    all = live_a_lot(begin(), &all_in);
    calls = heap.calls;
    end();
    g_assert_cmpuint(all, >, 100);
    g_assert_cmpuint(all_in, ==, 2000);
    for (unsigned call = 1; call <= calls; call++)
        for (int for_good = 0; for_good <= 1; for_good++) {
            begin_heap();
            heap.fail_from = call;
            heap.fail_until = for_good ? G_MAXUINT : call + 1;
            tcpshake_hosts *const hosts = tcpshake_hosts_new(&allocator, SEED);
            g_assert_true((hosts == NULL) == (call == 1));
            found = live_a_lot(hosts, &in);
            g_assert_cmpuint(found, <=, all);
            if (!for_good && hosts) /* one connection is missed, and all else is found */
                g_assert_true(found + 2 >= all && in + 1 >= all_in);
            end();
        }
}

static void
test_no_memory_leaves_the_former_group(void)
{
    tcpshake_hosts *const hosts = begin();
    tcpshake_member       m = { 0 }, other = m;

    JOIN(HALF_OPEN, &m, 0, 1);
    heap.fail_from = heap.calls + 1;
    heap.fail_until = G_MAXUINT;
    for (uint32_t n = 3; m.place; n++) /* until what was reserved is used up */
        tcpshake_group_join(hosts, &allocator, HALF_OPEN, &m, address(1), address(n), 80, 0, LIFETIME, 1);
    g_assert_cmpuint(JOIN(HALF_OPEN, &other, 0, 1), ==, 0);
    g_assert_false(place_of(hosts, &other)->earlier);
    end();
}

/* ---- hashes of four-tuples ---- */

/* A series of four-tuples that somebody might send: number 0, 1, 2 …; writes both ends. */
typedef struct series {
    const char *name;
    uint32_t    address_step[2], port_step[2];
    uint8_t     length; /* of the addresses: 4 or 16 */
    bool        itself; /* the same end twice */
} series;

static const series families[] = {
    { "run of both addresses", { 1, 1 }, { 0, 0 }, 4, false },
    { "sum that stays the same", { 1, UINT32_MAX }, { 0, 0 }, 4, false },
    { "run of the port", { 0, 0 }, { 1, 0 }, 4, false },
    { "run of both ports", { 0, 0 }, { 1, 1 }, 4, false },
    { "stride 256", { 256, 0 }, { 0, 0 }, 4, false },
    { "stride 65536", { 65536, 65536 }, { 0, 0 }, 4, false },
    { "last byte first", { UINT32_C(0x01000000), 1 }, { 0, 0 }, 4, false },
    { "address against port", { UINT32_MAX, 0 }, { 1, 0 }, 4, false },
    { "hosts that talk to themselves", { 1, 1 }, { 0, 0 }, 4, true },
    { "IPv6: run of both addresses", { 1, 1 }, { 0, 0 }, 16, false },
    { "IPv6: sum that stays the same", { 1, UINT32_MAX }, { 0, 0 }, 16, false },
    { "IPv6: hosts that talk to themselves", { 1, 1 }, { 0, 0 }, 16, true },
    { "IPv6: address against port", { UINT32_MAX, 0 }, { 1, 0 }, 16, false },
};

static uint32_t
hash_of_member(const series *family, const tcpshake_hash_key *key, uint32_t number, bool mirrored)
{
    static const uint32_t first[2] = { 0x0b000000, 0x60000000 };
    uint8_t               bytes[2][16] = { { 0x20, 1, 0x0d, 0xb8 }, { 0x20, 1, 0x0d, 0xb8 } };
    uint16_t              port[2];

    for (int end = 0; end < 2; end++) {
        const int      like = family->itself ? 0 : end;
        const uint32_t address = GUINT32_TO_BE(first[like] + number * family->address_step[like]);
        memcpy(bytes[end] + family->length - 4, &address, 4);
        port[end] = (uint16_t)(1024 + number * family->port_step[like]);
    }
    const tcpshake_address address[2] = { { bytes[0], family->length }, { bytes[1], family->length } };
    return tcpshake_hash_ends(key, address[mirrored], port[mirrored], address[!mirrored], port[!mirrored]);
}

/* As many places as there are four-tuples. Random hashes put nine or ten of them into the fullest one. Both ends of the
 * hash are tried, since a table may use the low bits or the high ones. */
static void
test_four_tuples_spread(void)
{
    enum { BITS = 14, COUNT = 1 << BITS, MOST = 12 };
    uint8_t *const low = g_malloc(COUNT), *const high = g_malloc(COUNT);

    for (unsigned i = 0; i < G_N_ELEMENTS(families); i++)
        for (uint64_t seed = 1; seed <= 3; seed++) {
            const tcpshake_hash_key key = tcpshake_hash_key_of(seed * UINT64_C(0x1234567890abcdef));
            uint8_t                 most = 0;
            memset(low, 0, COUNT);
            memset(high, 0, COUNT);
            for (uint32_t number = 0; number < COUNT; number++) {
                const uint32_t hash = hash_of_member(&families[i], &key, number, false);
                most = MAX(most, ++low[hash & (COUNT - 1)]);
                most = MAX(most, ++high[hash >> (32 - BITS)]);
            }
            if (most > MOST)
                g_test_fail_printf("%s: %u in one place", families[i].name, most);
        }
    g_free(low);
    g_free(high);
}

static void
test_four_tuples_have_no_direction(void)
{
    const tcpshake_hash_key key = tcpshake_hash_key_of(42), other = tcpshake_hash_key_of(43);

    for (unsigned i = 0; i < G_N_ELEMENTS(families); i++)
        for (uint32_t number = 0; number < 100; number++) {
            const uint32_t hash = hash_of_member(&families[i], &key, number, false);
            g_assert_cmpuint(hash, ==, hash_of_member(&families[i], &key, number, true));
            g_assert_cmpuint(hash, !=, hash_of_member(&families[i], &other, number, false));
        }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hosts/isn/step", test_isn_step);
    g_test_add_func("/hosts/isn/almost_a_step", test_isn_almost_a_step);
    g_test_add_func("/hosts/isn/hosts_and_roles_are_apart", test_isn_hosts_and_roles_are_apart);
    g_test_add_func("/hosts/isn/cycle", test_isn_cycle);
    g_test_add_func("/hosts/isn/copies", test_isn_copies);
    g_test_add_func("/hosts/isn/same_port_again", test_isn_same_port_again);
    g_test_add_func("/hosts/isn/other_ports", test_isn_other_ports);
    g_test_add_func("/hosts/isn/random_never_runs", test_isn_random_never_runs);
    g_test_add_func("/hosts/isn/model", test_isn_model);
    g_test_add_func("/hosts/group/limit", test_group_limit);
    g_test_add_func("/hosts/group/limit_by_expiry", test_group_limit_by_expiry);
    g_test_add_func("/hosts/group/small_limits", test_group_small_limits);
    g_test_add_func("/hosts/group/begins_again", test_group_begins_again);
    g_test_add_func("/hosts/group/whose", test_group_whose);
    g_test_add_func("/hosts/group/time_goes_back", test_group_time_goes_back);
    g_test_add_func("/hosts/group/left_over", test_group_left_over);
    g_test_add_func("/hosts/group/model", test_group_model);
    g_test_add_func("/hosts/many/connections_of_two_hosts", test_many_connections_of_two_hosts);
    g_test_add_func("/hosts/many/hosts", test_many_hosts);
    g_test_add_func("/hosts/many/half_open", test_many_half_open);
    g_test_add_func("/hosts/many/at_odd_times", test_many_at_odd_times);
    g_test_add_func("/hosts/no_memory", test_no_memory);
    g_test_add_func("/hosts/no_memory_leaves_the_former_group", test_no_memory_leaves_the_former_group);
    g_test_add_func("/hosts/four_tuples_spread", test_four_tuples_spread);
    g_test_add_func("/hosts/waits/peak", test_peak_of_waits);
    g_test_add_func("/hosts/waits/taken_back", test_wait_taken_back);
    g_test_add_func("/hosts/clocks", test_clocks);
    g_test_add_func("/hosts/four_tuples_have_no_direction", test_four_tuples_have_no_direction);
    return g_test_run();
}
