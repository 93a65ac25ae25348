/* conversation_tests.h
 * What the tests of whole conversations ask, and how a test makes itself known: each is run at ordinary numbers and
 * across the wrap. A is the client unless a test says otherwise.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TESTS_CONVERSATION_TESTS_H
#define TCPSHAKE_TESTS_CONVERSATION_TESTS_H

#include "conversation_builder.h"

/* ---- which tests there are ---- */

typedef struct conversation_case {
    const char               *name;
    GTestDataFunc             function;
    bool                      once; /* without numbers of its own */
    struct conversation_case *next;
} conversation_case;

void conversation_register(conversation_case *one);

/* Before main() runs, so that no list has to be kept. */
#define REGISTERED(test, is_once)                                                                     \
    __attribute__((constructor)) static void register_##test(void)                                    \
    {                                                                                                 \
        static conversation_case one = { .name = #test, .function = test_##test, .once = (is_once) }; \
        conversation_register(&one);                                                                  \
    }

#define CONVERSATION(name)                                    \
    static void script_##name(play *p, const uint32_t *isns); \
    static void test_##name(gconstpointer isns)               \
    {                                                         \
        play *const p = play_new(isns);                       \
        script_##name(p, isns);                               \
        play_free(p);                                         \
    }                                                         \
    REGISTERED(name, false)                                   \
    static void script_##name(play *p, G_GNUC_UNUSED const uint32_t *isns)

#define ONCE(name)                                  \
    static void test_##name(gconstpointer nothing); \
    REGISTERED(name, true)                          \
    static void test_##name(G_GNUC_UNUSED gconstpointer nothing)

/* ---- what is asked ---- */

#define S(state) TCPSHAKE_##state

/* Every state that an end was in, in hindsight, as "CLOSED SYN-SENT …". */
static inline char *
path_of(const play *p, int end)
{
    GString *const path = g_string_new(NULL);
    const char    *last = "";

    for (unsigned number = 1; number <= p->segments->len; number++) {
        const tcpshake_view view = play_look_back(p, number);
        const bool          client = end == p->opener;
        const uint8_t       states[] = { client ? view.client_before : view.server_before,
                                   client ? view.client_state : view.server_state };
        for (unsigned i = 0; i < G_N_ELEMENTS(states); i++) {
            const char *const name = tcpshake_state_name((tcpshake_state)states[i]);
            if (strcmp(name, last) != 0)
                g_string_append_printf(path, path->len ? " %s" : "%s", name);
            last = name;
        }
    }
    return g_string_free(path, FALSE);
}

#define PATH(end, expected)                          \
    do {                                             \
        char *const whole_path = path_of(p, (end));  \
        g_assert_cmpstr(whole_path, ==, (expected)); \
        g_free(whole_path);                          \
    } while (0)

#define STEPS(number, expected)                                               \
    do {                                                                      \
        g_assert_cmphex(play_first_look(p, (number))->steps, ==, (expected)); \
        g_assert_cmphex(play_look_back(p, (number)).steps, ==, (expected));   \
    } while (0)

#define PHASE(number, expected) g_assert_cmpint(play_look_back(p, (number)).phase, ==, TCPSHAKE_PHASE_##expected)

#define ACKS_SYN(number, of) g_assert_cmpuint(play_look_back(p, (number)).acks_syn, ==, frame_of(p, (of)))
#define ACKS_FIN(number, of) g_assert_cmpuint(play_look_back(p, (number)).acks_fin, ==, frame_of(p, (of)))
#define ACKED_IN(number, in) g_assert_cmpuint(play_look_back(p, (number)).acked_in, ==, frame_of(p, (in)))

#define HANDSHAKE(expected) g_assert_cmpint(play_summary(p).handshake, ==, TCPSHAKE_HANDSHAKE_##expected)
#define TEARDOWN(expected)  g_assert_cmpint(play_summary(p).teardown, ==, TCPSHAKE_TEARDOWN_##expected)

/* One of the messages on the segment of this number says this. */
static inline void
check_message(const play *p, unsigned number, const char *expected)
{
    const tcpshake_knowledge all = play_hindsight(p);
    const tcpshake_view      view = play_look_back(p, number);
    bool                     said = false;
    char                     text[512];

    for (unsigned i = 0; i < view.finding_count; i++) {
        tcpshake_text_finding(p->conversation, &view.findings[i], &all, text, sizeof text);
        g_test_message("%s", text);
        said = said || strstr(text, expected);
    }
    g_assert_true(said);
}

#endif /* TCPSHAKE_TESTS_CONVERSATION_TESTS_H */
