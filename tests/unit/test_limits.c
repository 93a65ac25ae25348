/* test_limits.c
 * Memory, growth and nonsense: what the core must withstand, whatever a capture holds.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_builder.h"

#ifdef G_OS_WIN32
#include <windows.h>
#else
#include <time.h>
#endif

/* ==== memory ==== */

/* Without what all conversations share: that has room of its own. */
static play *
play_alone(const uint32_t *isns)
{
    play *const p = play_new(isns);

    p->hosts = NULL;
    return p;
}

/* SPEC section 9: no memory for a data segment. */
static void
test_data_allocates_nothing(gconstpointer isns)
{
    play *const p = play_alone(isns);

    play_handshake(p, A);
    play_exchange(p);
    const unsigned calls = p->memory->calls;
    for (int i = 0; i < 5000; i++) {
        SEND(A, ACK, .length = 1460);
        SEND(B, ACK, .length = i % 3 ? 700 : 0);
    }
    g_assert_cmpuint(p->memory->calls, ==, calls);
    play_free(p);
}

/* One end sends, the other has not shown yet that it took the handshake's ACK in, and never will. */
static void
test_one_way_data_allocates_nothing(gconstpointer isns)
{
    play *const p = play_alone(isns);

    play_handshake(p, A);
    const unsigned calls = p->memory->calls;
    for (int i = 0; i < 5000; i++)
        SEND(A, ACK, .length = 1000);
    g_assert_cmpuint(p->memory->calls, ==, calls);
    play_free(p);
}

/* Half-closed, the other end goes on: its data are ordinary. */
static void
test_half_closed_data_allocates_nothing(gconstpointer isns)
{
    play *const p = play_alone(isns);

    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    const unsigned calls = p->memory->calls;
    for (int i = 0; i < 5000; i++) {
        SEND(B, ACK, .length = 1460);
        SEND(A, ACK);
    }
    g_assert_cmpuint(p->memory->calls, ==, calls);
    play_free(p);
}

/* A clean conversation, its record and its entries: 512 bytes are the bound. */
static void
test_clean_conversation_is_small(void)
{
    play *const p = play_new(ordinary_isns);

    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(B, ACK);
    SEND(B, FIN | ACK);
    SEND(A, ACK);
    g_assert_cmpuint(p->conversation->timeline.count, <=, TCPSHAKE_FIRST_ENTRIES);
    g_assert_null(p->conversation->findings);
    g_assert_cmpuint(sizeof *p->conversation, <=, 504);
    play_free(p);
}

static void
play_much(play *p)
{
    play_handshake(p, A);
    play_exchange(p);
    SEND(A, FIN | ACK);
    SEND(A, FIN | ACK, .seq = -1, .after = SECONDS);
    SEND(B, FIN | ACK, .ack = -1);
    SEND(B, FIN | ACK, .seq = -1, .after = SECONDS);
    SEND(A, ACK);
    SEND(B, ACK);
    SEND(B, FIN | ACK, .seq = -1, .after = SECONDS);
    SEND(B, RST);
    SEND(A, ACK, .after = 2 * SECONDS);
    SEND(A, SYN, .seq = -12);
    SEND(A, SYN, .seq = -12, .after = SECONDS);
}

/* What takes memory of its own: a RST with a text, one that is taken back, late openings, a record of several
 * conversations, ACKs that answer each other, a number ahead. */
static void
play_several(play *p)
{
    static const uint8_t options[] = { 2, 4, 5, 180 };

    play_handshake(p, A);
    for (int i = 0; i < 4; i++)
        SEND(i % 2, ACK, .seq = -5, .after = MS);
    SEND(B, RST, .length = 8, .text = "no route");
    SEND(A, ACK, .after = 2 * SECONDS);
    SEND(B, ACK, .length = 5);
    SEND(A, SYN, .seq = -1, .options = options, .options_length = sizeof options);
    SEND(B, ACK);
    SEND(A, RST);
    SEND(A, SYN, .seq = -1, .after = 2 * SECONDS);
    SEND(B, SYN | ACK, .seq = 64000);
    SEND(A, ACK, .ack = 64001);
    SEND(A, FIN | ACK, .ack = 64001);
    SEND(B, FIN | ACK, .seq = 64001);
    SEND(A, ACK, .ack = 64002);
    SEND(B, SYN | ACK, .seq = 128000, .after = 40 * SECONDS);
    SEND(A, ACK, .seq = 1, .ack = 128001);
    SEND(A, SYN, .seq = -2, .after = 80 * SECONDS);
    SEND(B, SYN | ACK, .seq = 256000, .ack = -1);
}

/* Memory runs out after so many requests: what is known gets less, nothing else happens. */
static void
play_without_memory(void (*what)(play *))
{
    char text[256];

    for (int left = 1; left < 40; left++) {
        play *const p = play_new(ordinary_isns);
        p->memory->left = left - 1;
        what(p);
        for (unsigned number = 1; number <= p->segments->len; number++) {
            const tcpshake_view view = play_look_back(p, number);
            g_assert_cmpint(view.client_state, <, TCPSHAKE_STATES);
            g_assert_cmpint(view.server_state, <, TCPSHAKE_STATES);
        }
        const tcpshake_summary   summary = play_summary(p);
        const tcpshake_knowledge all = play_hindsight(p);
        tcpshake_text_verdict(p->conversation, &summary, &all, text, sizeof text);
        tcpshake_zeek_history(&p->conversation->zeek, text, sizeof text);
        play_free(p);
    }
}

static void
test_no_memory(void)
{
    play_without_memory(play_much);
    play_without_memory(play_several);
}

static void
test_no_memory_for_the_record(void)
{
    memory *const m = memory_new();

    m->left = 0;
    g_assert_null(tcpshake_conversation_new(&m->allocator, NULL));
    memory_free(m);
}

/* ==== growth ==== */

enum { MILLION = 1000000 };

/* Linear, a million segments in one conversation included: all of them take about 16 times as long as the first
 * sixteenth does, and 256 times where each segment takes longer than the one before. Of the processor's time: how busy
 * the machine is makes no difference. */
enum { PARTS = 16, TOO_LONG = 64 };
enum { SHORTEST = 20000 }; /* microseconds: no clock of a processor's time that is coarser */

/* Of this process, in microseconds. Windows' clock() goes on while others run. */
static int64_t
processor_time(void)
{
#ifdef G_OS_WIN32
    FILETIME       begun, ended, kernel, user;
    ULARGE_INTEGER used;

    GetProcessTimes(GetCurrentProcess(), &begun, &ended, &kernel, &user);
    used.LowPart = user.dwLowDateTime;
    used.HighPart = user.dwHighDateTime;
    return (int64_t)(used.QuadPart / 10);
#else
    return (int64_t)clock() * G_USEC_PER_SEC / CLOCKS_PER_SEC;
#endif
}

/* One round of lines, again and again; nothing is kept of it but the conversation. */
static void
repeat(play *p, const line *lines, unsigned count, unsigned rounds)
{
    const int64_t begin = processor_time();
    int64_t       first_part = 0;

    for (unsigned i = 0; i < rounds; i++) {
        if (i == rounds / PARTS)
            first_part = MAX(processor_time() - begin, SHORTEST);
        for (unsigned k = 0; k < count; k++) {
            const uint32_t         next[2] = { p->next[A], p->next[B] };
            const tcpshake_segment s = play_segment(p, &lines[k]);
            memcpy(p->next, next, sizeof next);
            tcpshake_process_segment(p->conversation, &s, &p->limits, &p->memory->allocator, p->hosts);
        }
        if (i % 1000 == 0 && first_part && processor_time() - begin > TOO_LONG * first_part) {
            g_test_message("only %u of %u rounds, %u entries", i, rounds, p->conversation->timeline.count);
            g_test_fail();
            return;
        }
    }
    /* Entries are for segments where something happened: never more than segments. */
    g_assert_cmpuint(p->conversation->timeline.count, <=, rounds * count + p->segments->len);
    g_assert_cmpuint(tcpshake_finding_count(p->conversation), <=, 4 * rounds * count + p->segments->len);
}

#define OF(end, bits, ...)                          \
    {                                               \
        .from = (end), .flags = (bits), __VA_ARGS__ \
    }

#define REPEAT(...)                                                           \
    do {                                                                      \
        const line lines[] = { __VA_ARGS__ };                                 \
        repeat(p, lines, G_N_ELEMENTS(lines), MILLION / G_N_ELEMENTS(lines)); \
    } while (0)

#define GROWTH(name, ...)                        \
    static void test_growth_##name(void)         \
    {                                            \
        play *const p = play_new(ordinary_isns); \
        p->opener = A;                           \
        __VA_ARGS__;                             \
        play_free(p);                            \
    }

GROWTH(syns, SEND(A, SYN); REPEAT(OF(A, SYN, .seq = -1, .after = SECONDS)))
GROWTH(syns_and_syn_acks, SEND(A, SYN); SEND(B, SYN | ACK);
       REPEAT(OF(A, SYN, .seq = -1, .after = SECONDS), OF(B, SYN | ACK, .seq = -1)))
GROWTH(syn_acks_and_acks, play_handshake(p, A); REPEAT(OF(B, SYN | ACK, .seq = -1, .after = SECONDS), OF(A, ACK)))
GROWTH(syns_and_refusals, SEND(A, SYN); REPEAT(OF(B, RST | ACK), OF(A, SYN, .seq = -1, .after = SECONDS)))
GROWTH(crossing_syns, SEND(A, SYN); SEND(B, SYN);
       REPEAT(OF(A, SYN, .seq = -1, .after = SECONDS), OF(B, SYN, .seq = -1)))
GROWTH(resets, play_handshake(p, A); play_exchange(p); REPEAT(OF(B, RST)))
GROWTH(resets_and_data, play_handshake(p, A); play_exchange(p);
       REPEAT(OF(B, RST), OF(A, ACK, .after = 2 * SECONDS), OF(B, ACK)))
GROWTH(resets_of_both, play_handshake(p, A); play_exchange(p); REPEAT(OF(B, RST), OF(A, RST)))
GROWTH(fins, play_handshake(p, A); play_exchange(p); SEND(A, FIN | ACK);
       REPEAT(OF(A, FIN | ACK, .seq = -1, .after = SECONDS)))
GROWTH(fins_and_acks, play_handshake(p, A); play_exchange(p); SEND(A, FIN | ACK);
       REPEAT(OF(A, FIN | ACK, .seq = -1, .after = SECONDS), OF(B, ACK)))
GROWTH(fins_and_acks_before_them, play_handshake(p, A); play_exchange(p); SEND(A, FIN | ACK);
       REPEAT(OF(A, FIN | ACK, .seq = -1, .after = SECONDS), OF(B, ACK, .ack = -1)))
GROWTH(crossing_fins, play_handshake(p, A); play_exchange(p); SEND(A, FIN | ACK); SEND(B, FIN | ACK, .ack = -1);
       REPEAT(OF(A, FIN | ACK, .seq = -1, .ack = -1, .after = SECONDS), OF(B, FIN | ACK, .seq = -1, .ack = -1),
              OF(A, ACK), OF(B, ACK)))
GROWTH(last_acks, play_handshake(p, A); play_exchange(p); SEND(A, FIN | ACK); SEND(B, FIN | ACK); SEND(A, ACK);
       REPEAT(OF(B, FIN | ACK, .seq = -1, .after = SECONDS), OF(A, ACK)))

/* The client has reset an earlier connection, but outside of the window: the server still holds it open. */
#define GROWTH_OVER_AN_OPEN_CONNECTION(name, ...)                              \
    static void test_growth_##name(void)                                       \
    {                                                                          \
        static const uint32_t later[2] = { 4000000, 9000000 };                 \
        play *const           earlier = play_new(ordinary_isns);               \
        play_handshake(earlier, A);                                            \
        play_exchange(earlier);                                                \
        play_line(earlier, (line){ .from = A, .flags = RST, .seq = 1000000 }); \
        play *const p = play_new_after(earlier, later);                        \
        SEND(A, SYN);                                                          \
        __VA_ARGS__;                                                           \
        play_free(p);                                                          \
        play_free(earlier);                                                    \
    }

/* SYN and an ACK of the old one, again and again. */
GROWTH_OVER_AN_OPEN_CONNECTION(of_a_new_record,
                               REPEAT(OF(A, SYN, .seq = -1, .after = SECONDS), OF(A, ACK, .seq = 5000)))
/* It knows nothing of the new one, and refuses each SYN. */
GROWTH_OVER_AN_OPEN_CONNECTION(of_refusals_over_an_earlier_connection,
                               REPEAT(OF(B, RST | ACK), OF(A, SYN, .seq = -1, .after = SECONDS)))

/* Resets in the client's name, with a number ahead of its own, and a server that goes on. */
GROWTH(resets_ahead_of_a_client, play_handshake(p, A); play_exchange(p);
       REPEAT(OF(A, ACK, .ack = 1, .length = 10), OF(A, FIN | ACK, .seq = -1, .ack = 5000, .after = 70 * SECONDS),
              OF(A, ACK), OF(A, RST | ACK, .seq = 100, .after = SECONDS),
              OF(B, ACK, .seq = 1, .ack = 100, .length = 10), OF(B, SYN | ACK, .seq = 1)))

/* RFC 5961 section 3.2. */
GROWTH(resets_and_challenges, play_handshake(p, A); play_exchange(p); REPEAT(OF(A, RST, .seq = 100), OF(B, ACK)))
GROWTH(resets_with_text, play_handshake(p, A); play_exchange(p);
       REPEAT(OF(B, RST, .length = 200, .text = "no such pool member"), OF(A, ACK, .after = 2 * SECONDS), OF(B, ACK)))
GROWTH(idle_acks, play_handshake(p, A); play_exchange(p);
       REPEAT(OF(A, ACK, .seq = -5, .after = MS), OF(B, ACK, .after = MS)))
GROWTH(syn_acks_behind_the_end, play_handshake(p, A); play_exchange(p); SEND(A, FIN | ACK); SEND(B, FIN | ACK);
       SEND(A, ACK); REPEAT(OF(B, SYN | ACK, .seq = 1000, .after = SECONDS),
                            OF(B, SYN | ACK, .seq = 2000, .after = SECONDS), OF(A, ACK)))
GROWTH(syns_that_may_be_late_copies, play_handshake(p, A); play_exchange(p);
       REPEAT(OF(A, SYN, .seq = -11, .after = MS), OF(B, ACK), OF(A, RST, .seq = 3), OF(B, ACK, .length = 10)))
GROWTH(copies, play_handshake(p, A); play_exchange(p); REPEAT(OF(A, ACK, .length = 10, .same_id = true, .after = MS),
                                                              OF(A, ACK, .length = 10, .same_id = true, .after = MS)))

static const uint8_t mss[] = { 2, 4, 5, 180 }, mss_and_sack[] = { 2, 4, 5, 180, 4, 2, 1, 1 };
GROWTH(syns_of_two_kinds, SEND(A, SYN);
       REPEAT(OF(A, SYN, .seq = -1, .after = SECONDS, .options = mss, .options_length = sizeof mss),
              OF(A, SYN, .seq = -1, .after = SECONDS, .options = mss_and_sack, .options_length = sizeof mss_and_sack)))

static int64_t
time_of_views(play *p, uint32_t first, uint32_t count)
{
    const int64_t            begin = processor_time();
    const tcpshake_knowledge all = play_hindsight(p);
    tcpshake_segment         s = play_segment(p, &(line){ .from = A, .flags = ACK });
    tcpshake_view            view;

    for (s.frame = first; s.frame < first + count; s.frame++)
        tcpshake_view_segment(p->conversation, &s, &p->limits, &all, &view);
    return MAX(processor_time() - begin, SHORTEST);
}

/* Opening after opening on a four-tuple, each with the number of the one before: Wireshark has them in one stream. To
 * look at the first of them takes no longer than to look at the last. */
static void
test_growth_of_openings_in_a_record(void)
{
    enum { OPENINGS = 40000 };
    const line lines[] = { OF(A, SYN, .after = 2 * SECONDS), OF(B, SYN | ACK, .ack = 1), OF(A, ACK, .seq = 1, .ack = 1),
                           OF(A, RST, .seq = 1) };
    play *const p = play_new(ordinary_isns);

    p->opener = A;
    repeat(p, lines, G_N_ELEMENTS(lines), OPENINGS);
    g_assert_cmpuint(p->conversation->extra->nth, ==, OPENINGS - 1);
    const uint32_t first = p->conversation->first.frame, last = p->conversation->last_frame;
    g_assert_cmpint(time_of_views(p, first, 1000), <, TOO_LONG * time_of_views(p, last - 1000, 1000));
    for (uint32_t i = 0; i < OPENINGS; i += 997) /* each frame leads to its own conversation */
        for (uint32_t frame = first + 4 * i; frame < first + 4 * i + 4; frame++) {
            const tcpshake_conversation *const own = tcpshake_conversation_at(p->conversation, frame);
            g_assert_cmpuint(own->syn.frame, ==, first + 4 * i);
        }
    play_free(p);
}

/* ==== nonsense ==== */

static void
check_invariants(const play *p)
{
    const tcpshake_conversation *const conversation = p->conversation;
    const tcpshake_entry *const        entries = tcpshake_entries(&conversation->timeline);

    for (uint32_t i = 1; i < conversation->timeline.count; i++)
        g_assert_cmpuint(entries[i - 1].frame, <, entries[i].frame);
    for (uint32_t i = 1; i < tcpshake_finding_count(conversation); i++)
        g_assert_cmpuint(conversation->findings->one[i - 1].frame, <=, conversation->findings->one[i].frame);
    for (uint32_t i = 0; i < tcpshake_finding_count(conversation); i++)
        g_assert_cmpuint(conversation->findings->one[i].anomaly, <, TCPSHAKE_ANOMALIES);
    g_assert_cmpint(conversation->client, <=, 1);
}

/* A state does not change on a segment without the segment saying so. */
static void
check_views(const play *p)
{
    tcpshake_view before = play_look_back(p, 1);
    uint8_t       client_before = 0;

    for (unsigned number = 1; number <= p->segments->len; number++) {
        const tcpshake_view view = play_look_back(p, number);
        const uint8_t       client = tcpshake_conversation_at(p->conversation, play_at(p, number)->frame)->client;
        const bool          same = client == client_before; /* else the other end has opened another conversation */
        g_assert_cmpint(view.client_state, <, TCPSHAKE_STATES);
        g_assert_cmpint(view.server_state, <, TCPSHAKE_STATES);
        g_assert_cmpint(view.client_before, <, TCPSHAKE_STATES);
        g_assert_cmpint(view.server_before, <, TCPSHAKE_STATES);
        g_assert_cmpint(view.phase, >=, TCPSHAKE_PHASE_HANDSHAKE);
        g_assert_cmpint(view.phase, <=, TCPSHAKE_PHASE_CLOSED);
        g_assert_cmpuint(view.finding_count, <=, TCPSHAKE_VIEW_FINDINGS);
        g_assert_cmpuint(view.acks_syn, <, play_at(p, number)->frame);
        g_assert_cmpuint(view.acks_fin, <, play_at(p, number)->frame);
        g_assert_true(view.acked_in == 0 || view.acked_in > play_at(p, number)->frame);
        if (number > 1) { /* the states before a segment are those after the one before it */
            g_assert_cmpint(view.client_before, ==, same ? before.client_state : before.server_state);
            g_assert_cmpint(view.server_before, ==, same ? before.server_state : before.client_state);
        }
        before = view;
        client_before = client;
    }
}

static line
random_line(GRand *random)
{
    static const unsigned flags[] = { SYN, SYN | ACK, ACK, ACK, ACK,       ACK,       FIN | ACK,       FIN | ACK,
                                      RST, RST | ACK, 0,   FIN, SYN | FIN, SYN | RST, FIN | RST | ACK, 0xff };
    static const int      offsets[] = {
             0, 0, 0, 0, 0, 0, -1, 1, -2, -20, 100, -100, 1000000, -1000000, INT32_MAX, INT32_MIN
    };
    static const int64_t pauses[] = { 1000, MS, 10 * MS, SECONDS, 70 * SECONDS };

    return (line){
        .from = g_rand_int_range(random, 0, 2),
        .flags = flags[g_rand_int_range(random, 0, G_N_ELEMENTS(flags))],
        .length = g_rand_int_range(random, 0, 3) ? 0 : (uint32_t)g_rand_int_range(random, 1, 3000),
        .seq = offsets[g_rand_int_range(random, 0, G_N_ELEMENTS(offsets))],
        .ack = offsets[g_rand_int_range(random, 0, G_N_ELEMENTS(offsets))],
        .after = pauses[g_rand_int_range(random, 0, G_N_ELEMENTS(pauses))],
        .window = (unsigned)g_rand_int_range(random, 0, 65536),
        .same_id = g_rand_boolean(random),
    };
}

static void
read_all_texts(const play *p)
{
    const tcpshake_knowledge all = play_hindsight(p);
    const tcpshake_summary   summary = play_summary(p);
    char                     text[256];

    g_assert_cmpuint(strlen(tcpshake_text_verdict(p->conversation, &summary, &all, text, sizeof text)), <, sizeof text);
    for (unsigned number = 1; number <= p->segments->len; number++) {
        const tcpshake_view view = play_look_back(p, number);
        tcpshake_text_note(p->conversation, play_at(p, number), &view, text, sizeof text);
        for (unsigned i = 0; i < view.finding_count; i++)
            tcpshake_text_finding(p->conversation, &view.findings[i], &all, text, sizeof text);
    }
}

/* Seeded, so that what fails fails again. */
static void
test_random_segments(void)
{
    enum { CONVERSATIONS = 2000, SEGMENTS = 100 };
    GRand *const random = g_rand_new_with_seed(9293);
    play        *earlier = NULL;

    for (int i = 0; i < CONVERSATIONS; i++) {
        const uint32_t isn[2] = { g_rand_int(random), g_rand_int(random) };
        play *const    p = play_new_after(i % 2 ? earlier : NULL, isn);
        if (g_rand_boolean(random))
            play_handshake(p, A);
        while (p->segments->len < SEGMENTS)
            play_line(p, random_line(random));
        check_invariants(p);
        check_views(p);
        read_all_texts(p);
        if (earlier && i % 2) {
            play_free(earlier);
            play_free(p);
            earlier = NULL;
        } else {
            earlier = p;
        }
        if (g_test_failed()) {
            g_test_message("conversation %d", i);
            break;
        }
    }
    if (earlier)
        play_free(earlier);
    g_rand_free(random);
}

/* A packet that differs in one or two of its fields is no copy of another, whichever bits they have in common. */
static void
test_no_copies(void)
{
    static const uint16_t flags[] = {
        ACK, ACK | TCPSHAKE_PSH, FIN | ACK, FIN | ACK | TCPSHAKE_PSH, RST | ACK, ACK | TCPSHAKE_ECE, ACK | TCPSHAKE_CWR,
    };

    for (size_t i = 0; i < G_N_ELEMENTS(flags); i++)
        for (int length = flags[i] == ACK; length < 3000; length += length < 70 ? 1 : 59) {
            play *const p = play_new(ordinary_isns);
            play_handshake(p, A);
            SEND(B, ACK, .same_id = true);
            SEND(B, flags[i], .length = length, .same_id = true, .after = 20000);
            g_assert_false(tcpshake_found(p->conversation, TCPSHAKE_ANOMALY_captured_twice));
            play_free(p);
        }
}

#define ADD(name) g_test_add_func("/limits/" #name, test_##name)
#define ADD_BOTH(name)                                                              \
    g_test_add_data_func("/limits/" #name "/ordinary", ordinary_isns, test_##name); \
    g_test_add_data_func("/limits/" #name "/wrapping", wrapping_isns, test_##name)

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one that fails hides no other */
    ADD_BOTH(data_allocates_nothing);
    ADD_BOTH(one_way_data_allocates_nothing);
    ADD_BOTH(half_closed_data_allocates_nothing);
    ADD(clean_conversation_is_small);
    ADD(no_memory);
    ADD(no_memory_for_the_record);
    ADD(growth_syns);
    ADD(growth_syns_and_syn_acks);
    ADD(growth_syn_acks_and_acks);
    ADD(growth_syns_and_refusals);
    ADD(growth_crossing_syns);
    ADD(growth_resets);
    ADD(growth_resets_and_data);
    ADD(growth_resets_of_both);
    ADD(growth_fins);
    ADD(growth_fins_and_acks);
    ADD(growth_fins_and_acks_before_them);
    ADD(growth_crossing_fins);
    ADD(growth_last_acks);
    ADD(growth_of_a_new_record);
    ADD(growth_of_refusals_over_an_earlier_connection);
    ADD(growth_resets_ahead_of_a_client);
    ADD(growth_resets_and_challenges);
    ADD(growth_resets_with_text);
    ADD(growth_idle_acks);
    ADD(growth_syn_acks_behind_the_end);
    ADD(growth_syns_that_may_be_late_copies);
    ADD(growth_copies);
    ADD(growth_syns_of_two_kinds);
    ADD(growth_of_openings_in_a_record);
    ADD(random_segments);
    ADD(no_copies);
    return g_test_run();
}
