/* test_state.c
 * What must be true of every row of the state tables, whatever they say in detail, and the RFC's own arrows one by one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "core/conversation/state.h"
#include "core/segment/segment.h"

typedef const tcpshake_cell *(*table)(tcpshake_state, tcpshake_event);
static const table tables[] = { tcpshake_sending, tcpshake_receiving };

#define FOR_EACH_STATE(state) for (tcpshake_state state = TCPSHAKE_UNKNOWN; state < TCPSHAKE_STATES; state++)
#define FOR_EACH_EVENT(event) for (tcpshake_event event = TCPSHAKE_EV_SYN; event < TCPSHAKE_EVENTS; event++)

#define RECEIVES(state, event) ((tcpshake_state)tcpshake_receiving((state), (event))->next)
#define SENDS(state, event)    ((tcpshake_state)tcpshake_sending((state), (event))->next)

#define ASSERT_STATE(is, expected) g_assert_cmpstr(tcpshake_state_name(is), ==, tcpshake_state_name(expected))

/* RFC 9293 section 3.3.2: all but these have exchanged SYNs. */
static gboolean
is_synchronised(tcpshake_state state)
{
    return state != TCPSHAKE_UNKNOWN && state != TCPSHAKE_CLOSED && state != TCPSHAKE_LISTEN &&
           state != TCPSHAKE_SYN_SENT && state != TCPSHAKE_SYN_RECEIVED;
}

static void
test_every_cell_is_filled(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
        FOR_EACH_STATE(state)
    FOR_EACH_EVENT(event)
    {
        const tcpshake_cell *const cell = tables[i](state, event);
        g_assert_nonnull(cell);
        g_assert_cmpint(cell->next, <, TCPSHAKE_STATES);
        g_assert_cmpint(cell->kind, <=, TCPSHAKE_IMPOSSIBLE);
        g_assert_nonnull(cell->why);
        g_assert_cmpuint(strlen(cell->why), >, 0);
    }
}

/* Who knows where an end is does not forget it. */
static void
test_nothing_leads_to_unknown(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
        FOR_EACH_STATE(state)
    FOR_EACH_EVENT(event)
    if (state != TCPSHAKE_UNKNOWN)
        g_assert_cmpint(tables[i](state, event)->next, !=, TCPSHAKE_UNKNOWN);
}

/* A cell that tolerates or rules out a segment moves nothing; an arrow or a gap is there to be followed. */
static void
test_kind_and_next_agree(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
        FOR_EACH_STATE(state)
    FOR_EACH_EVENT(event)
    {
        const tcpshake_cell *const cell = tables[i](state, event);
        if (cell->kind == TCPSHAKE_TOLERATED || cell->kind == TCPSHAKE_IMPOSSIBLE)
            ASSERT_STATE((tcpshake_state)cell->next, state);
        if (cell->kind == TCPSHAKE_GAP)
            g_assert_cmpint(cell->next, !=, state);
    }
}

/* What arrives can be anything, so no cell calls it impossible, and nothing is missing for it to have arrived. */
static void
test_receiving_is_never_impossible(void)
{
    FOR_EACH_STATE(state)
    FOR_EACH_EVENT(event)
    {
        g_assert_cmpint(tcpshake_receiving(state, event)->kind, !=, TCPSHAKE_IMPOSSIBLE);
        g_assert_cmpint(tcpshake_receiving(state, event)->kind, !=, TCPSHAKE_GAP);
    }
}

static void
test_only_a_reset_or_the_last_ack_closes(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
        FOR_EACH_STATE(state)
    FOR_EACH_EVENT(event)
    {
        const gboolean last_ack =
            tables[i] == tcpshake_receiving && state == TCPSHAKE_LAST_ACK && event == TCPSHAKE_EV_ACK_OF_FIN;
        if (is_synchronised(state) && event != TCPSHAKE_EV_RST && !last_ack)
            g_assert_cmpint(tables[i](state, event)->next, !=, TCPSHAKE_CLOSED);
    }
}

/* Section 3.10.7.4, second and fifth check: an acceptable RST ends every synchronised state. */
static void
test_reset_closes_every_synchronised_state(void)
{
    FOR_EACH_STATE(state)
    if (is_synchronised(state)) {
        ASSERT_STATE(RECEIVES(state, TCPSHAKE_EV_RST), TCPSHAKE_CLOSED);
        ASSERT_STATE(SENDS(state, TCPSHAKE_EV_RST), TCPSHAKE_CLOSED);
    }
}

static void
test_receiving_never_leaves_closed(void)
{
    FOR_EACH_EVENT(event)
    ASSERT_STATE(RECEIVES(TCPSHAKE_CLOSED, event), TCPSHAKE_CLOSED);
}

static void
test_only_a_reset_leaves_time_wait(void)
{
    FOR_EACH_EVENT(event)
    if (event != TCPSHAKE_EV_RST)
        ASSERT_STATE(RECEIVES(TCPSHAKE_TIME_WAIT, event), TCPSHAKE_TIME_WAIT);
}

/* Only a SYN wakes an end that listens. */
static void
test_only_a_syn_leaves_listen(void)
{
    FOR_EACH_EVENT(event)
    ASSERT_STATE(RECEIVES(TCPSHAKE_LISTEN, event), event == TCPSHAKE_EV_SYN ? TCPSHAKE_SYN_RECEIVED : TCPSHAKE_LISTEN);
}

/* How far an end has come; the two ways through the teardown are measured by what is still missing (figure 5). */
static int
progress(tcpshake_state state)
{
    static const int of[TCPSHAKE_STATES] = {
        [TCPSHAKE_LISTEN] = 1,     [TCPSHAKE_SYN_SENT] = 2,   [TCPSHAKE_SYN_RECEIVED] = 3, [TCPSHAKE_ESTABLISHED] = 4,
        [TCPSHAKE_FIN_WAIT_1] = 5, [TCPSHAKE_CLOSE_WAIT] = 5, [TCPSHAKE_FIN_WAIT_2] = 6,   [TCPSHAKE_CLOSING] = 6,
        [TCPSHAKE_LAST_ACK] = 6,   [TCPSHAKE_TIME_WAIT] = 7,
    };
    return of[state];
}

static void
test_nothing_but_a_reset_goes_backwards(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(tables); i++)
        FOR_EACH_STATE(state)
    FOR_EACH_EVENT(event)
    {
        const tcpshake_state next = (tcpshake_state)tables[i](state, event)->next;
        if (event == TCPSHAKE_EV_RST || state == TCPSHAKE_UNKNOWN || next == TCPSHAKE_CLOSED)
            continue;
        if (state == TCPSHAKE_TIME_WAIT && tables[i] == tcpshake_sending)
            continue; /* it may open again, RFC 6191 */
        g_assert_cmpint(progress(next), >=, progress(state));
    }
}

static void
test_fin_moves_on_by_one_arrow(void)
{
    FOR_EACH_STATE(state)
    g_assert_cmpint(progress(RECEIVES(state, TCPSHAKE_EV_FIN)), >=, progress(state));
    FOR_EACH_STATE(state)
    g_assert_cmpint(progress(SENDS(state, TCPSHAKE_EV_FIN)), >=, progress(state));
}

/* A duplicate moves nothing once it was taken in. */
static void
test_receiving_twice_is_receiving_once(void)
{
    FOR_EACH_STATE(state)
    FOR_EACH_EVENT(event)
    {
        if (event == TCPSHAKE_EV_ACK_OF_FIN || event == TCPSHAKE_EV_SYN_ACK)
            continue; /* figure 5 has no arrow that repeats them; rows below list them */
        const tcpshake_state once = RECEIVES(state, event);
        if (once == TCPSHAKE_LISTEN)
            continue;
        ASSERT_STATE(RECEIVES(once, event), once);
    }
}

typedef struct arrow {
    tcpshake_state from;
    tcpshake_event event;
    tcpshake_state to;
} arrow;

#define ARROW(from, event, to)                              \
    {                                                       \
        TCPSHAKE_##from, TCPSHAKE_EV_##event, TCPSHAKE_##to \
    }

/* Figure 5 and section 3.10.7, event by event; what is not listed stays. */
static const arrow received[] = {
    ARROW(UNKNOWN, RST, CLOSED),
    /* 3.10.7.2 */
    ARROW(LISTEN, SYN, SYN_RECEIVED),
    /* 3.10.7.3 */
    ARROW(SYN_SENT, SYN, SYN_RECEIVED),
    ARROW(SYN_SENT, SYN_ACK, ESTABLISHED),
    ARROW(SYN_SENT, RST, CLOSED),
    /* 3.10.7.4; a SYN-ACK acknowledges the SYN as well (figure 7) */
    ARROW(SYN_RECEIVED, SYN_ACK, ESTABLISHED),
    ARROW(SYN_RECEIVED, ACK_OF_SYN, ESTABLISHED),
    ARROW(SYN_RECEIVED, FIN, CLOSE_WAIT),
    ARROW(SYN_RECEIVED, RST, LISTEN),
    ARROW(ESTABLISHED, FIN, CLOSE_WAIT),
    ARROW(ESTABLISHED, RST, CLOSED),
    ARROW(FIN_WAIT_1, ACK_OF_FIN, FIN_WAIT_2),
    ARROW(FIN_WAIT_1, FIN, CLOSING),
    ARROW(FIN_WAIT_1, RST, CLOSED),
    ARROW(FIN_WAIT_2, FIN, TIME_WAIT),
    ARROW(FIN_WAIT_2, RST, CLOSED),
    ARROW(CLOSE_WAIT, RST, CLOSED),
    ARROW(CLOSING, ACK_OF_FIN, TIME_WAIT),
    ARROW(CLOSING, RST, CLOSED),
    ARROW(LAST_ACK, ACK_OF_FIN, CLOSED),
    ARROW(LAST_ACK, RST, CLOSED),
    ARROW(TIME_WAIT, RST, CLOSED),
};

/* Section 3.10.1 to 3.10.5 and figure 5; what else can be sent stays, or shows a gap in the capture. */
static const arrow sent[] = {
    ARROW(CLOSED, SYN, SYN_SENT),
    ARROW(LISTEN, SYN, SYN_SENT),
    ARROW(SYN_SENT, SYN, SYN_SENT),
    ARROW(SYN_RECEIVED, SYN_ACK, SYN_RECEIVED),
    ARROW(SYN_RECEIVED, FIN, FIN_WAIT_1),
    ARROW(SYN_SENT, RST, CLOSED),
    ARROW(SYN_RECEIVED, RST, CLOSED),
    ARROW(ESTABLISHED, DATA, ESTABLISHED),
    ARROW(ESTABLISHED, FIN, FIN_WAIT_1),
    ARROW(CLOSE_WAIT, DATA, CLOSE_WAIT),
    ARROW(CLOSE_WAIT, ACK_OF_FIN, CLOSE_WAIT),
    ARROW(CLOSE_WAIT, FIN, LAST_ACK),
    ARROW(FIN_WAIT_1, FIN, FIN_WAIT_1),
    ARROW(FIN_WAIT_2, FIN, FIN_WAIT_2),
    ARROW(CLOSING, FIN, CLOSING),
    ARROW(LAST_ACK, FIN, LAST_ACK),
    ARROW(CLOSING, ACK_OF_FIN, CLOSING),
    ARROW(TIME_WAIT, ACK_OF_FIN, TIME_WAIT),
};

static void
test_receiving_is_the_rfc(void)
{
    FOR_EACH_STATE(state)
    FOR_EACH_EVENT(event)
    {
        tcpshake_state expected = state;
        for (unsigned i = 0; i < G_N_ELEMENTS(received); i++)
            if (received[i].from == state && received[i].event == event)
                expected = received[i].to;
        if (RECEIVES(state, event) != expected)
            g_test_message("%s receives event %d", tcpshake_state_name(state), (int)event);
        ASSERT_STATE(RECEIVES(state, event), expected);
    }
}

static void
test_sending_is_the_rfc(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(sent); i++) {
        ASSERT_STATE(SENDS(sent[i].from, sent[i].event), sent[i].to);
        g_assert_cmpint(tcpshake_sending(sent[i].from, sent[i].event)->kind, <=, TCPSHAKE_TOLERATED);
    }
}

/* An end that sends an ACK of the peer's FIN has received that FIN, wherever it was presumed to be. */
static void
test_sending_an_ack_of_fin_shows_the_fin(void)
{
    static const struct {
        tcpshake_state before, after;
    } shown[] = {
        { TCPSHAKE_ESTABLISHED, TCPSHAKE_CLOSE_WAIT }, { TCPSHAKE_SYN_RECEIVED, TCPSHAKE_CLOSE_WAIT },
        { TCPSHAKE_SYN_SENT, TCPSHAKE_CLOSE_WAIT },    { TCPSHAKE_FIN_WAIT_1, TCPSHAKE_CLOSING },
        { TCPSHAKE_FIN_WAIT_2, TCPSHAKE_TIME_WAIT },   { TCPSHAKE_CLOSE_WAIT, TCPSHAKE_CLOSE_WAIT },
        { TCPSHAKE_LAST_ACK, TCPSHAKE_LAST_ACK },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(shown); i++)
        ASSERT_STATE(SENDS(shown[i].before, TCPSHAKE_EV_ACK_OF_FIN), shown[i].after);
}

/* Every arrow by which an end takes in what can be presumed: taking it back leads to where it was. */
static void
test_without_undoes_receiving(void)
{
    static const struct {
        tcpshake_presumption presumed;
        tcpshake_event       event;
    } pairs[] = {
        { TCPSHAKE_PRESUMED_SYN, TCPSHAKE_EV_SYN },
        { TCPSHAKE_PRESUMED_SYN_ACK, TCPSHAKE_EV_SYN_ACK },
        { TCPSHAKE_PRESUMED_ACK_OF_SYN, TCPSHAKE_EV_ACK_OF_SYN },
        { TCPSHAKE_PRESUMED_ACK_OF_FIN, TCPSHAKE_EV_ACK_OF_FIN },
        { TCPSHAKE_PRESUMED_FIN, TCPSHAKE_EV_FIN },
        { TCPSHAKE_PRESUMED_RST, TCPSHAKE_EV_RST },
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(pairs); i++)
        FOR_EACH_STATE(state)
        {
            const tcpshake_state after = RECEIVES(state, pairs[i].event);
            if (after == state)
                continue;
            /* Two that no conversation comes to: a SYN-ACK in SYN-RECEIVED is presumed as the ACK of its SYN, and
             * a FIN in SYN-RECEIVED comes with that ACK, which is taken in before it. */
            if (state == TCPSHAKE_SYN_RECEIVED &&
                (pairs[i].event == TCPSHAKE_EV_SYN_ACK || pairs[i].event == TCPSHAKE_EV_FIN))
                continue;
            ASSERT_STATE(tcpshake_without(pairs[i].presumed, after, state), state);
        }
}

/* What was taken in by way of two segments can be taken back one by one, in either order. */
static void
test_without_in_either_order(void)
{
    const tcpshake_state before = TCPSHAKE_CLOSED;

    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_ACK_OF_SYN, TCPSHAKE_CLOSE_WAIT, before), TCPSHAKE_SYN_RECEIVED);
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_SYN_ACK, TCPSHAKE_CLOSE_WAIT, before), TCPSHAKE_SYN_SENT);
    /* FIN-WAIT-1 took in both the ACK of its FIN and the peer's FIN. */
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_FIN, TCPSHAKE_TIME_WAIT, before), TCPSHAKE_FIN_WAIT_2);
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_ACK_OF_FIN, TCPSHAKE_FIN_WAIT_2, before), TCPSHAKE_FIN_WAIT_1);
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_ACK_OF_FIN, TCPSHAKE_TIME_WAIT, before), TCPSHAKE_CLOSING);
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_FIN, TCPSHAKE_CLOSING, before), TCPSHAKE_FIN_WAIT_1);
    /* Presumed in CLOSE-WAIT it sent its FIN: without the peer's, that was out of ESTABLISHED. */
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_FIN, TCPSHAKE_LAST_ACK, before), TCPSHAKE_FIN_WAIT_1);
}

/* A presumption that has no part in a state takes nothing away from it. */
static void
test_without_leaves_the_rest(void)
{
    const tcpshake_state before = TCPSHAKE_LISTEN;

    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_SYN, TCPSHAKE_ESTABLISHED, before), TCPSHAKE_ESTABLISHED);
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_FIN, TCPSHAKE_ESTABLISHED, before), TCPSHAKE_ESTABLISHED);
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_FIN, TCPSHAKE_FIN_WAIT_1, before), TCPSHAKE_FIN_WAIT_1);
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_FIN, TCPSHAKE_FIN_WAIT_2, before), TCPSHAKE_FIN_WAIT_2);
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_ACK_OF_FIN, TCPSHAKE_FIN_WAIT_1, before), TCPSHAKE_FIN_WAIT_1);
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_ACK_OF_FIN, TCPSHAKE_CLOSE_WAIT, before), TCPSHAKE_CLOSE_WAIT);
    ASSERT_STATE(tcpshake_without(TCPSHAKE_PRESUMED_SYN_ACK, TCPSHAKE_SYN_SENT, before), TCPSHAKE_SYN_SENT);
    for (int presumed = 0; presumed < TCPSHAKE_PRESUMED_RST; presumed++)
        FOR_EACH_STATE(state)
    g_assert_cmpint(tcpshake_without((tcpshake_presumption)presumed, state, before), <, TCPSHAKE_STATES);
}

/* Section 3.3.2's spelling, and the order of the enumeration is what the fields hold. */
static void
test_names(void)
{
    static const struct {
        tcpshake_state state;
        const char    *name;
    } rfc[] = {
        { TCPSHAKE_UNKNOWN, "UNKNOWN" },
        { TCPSHAKE_CLOSED, "CLOSED" },
        { TCPSHAKE_LISTEN, "LISTEN" },
        { TCPSHAKE_SYN_SENT, "SYN-SENT" },
        { TCPSHAKE_SYN_RECEIVED, "SYN-RECEIVED" },
        { TCPSHAKE_ESTABLISHED, "ESTABLISHED" },
        { TCPSHAKE_FIN_WAIT_1, "FIN-WAIT-1" },
        { TCPSHAKE_FIN_WAIT_2, "FIN-WAIT-2" },
        { TCPSHAKE_CLOSE_WAIT, "CLOSE-WAIT" },
        { TCPSHAKE_CLOSING, "CLOSING" },
        { TCPSHAKE_LAST_ACK, "LAST-ACK" },
        { TCPSHAKE_TIME_WAIT, "TIME-WAIT" },
    };
    g_assert_cmpuint(G_N_ELEMENTS(rfc), ==, TCPSHAKE_STATES);
    for (unsigned i = 0; i < G_N_ELEMENTS(rfc); i++)
        g_assert_cmpstr(tcpshake_state_name(rfc[i].state), ==, rfc[i].name);
}

static void
assert_why(bool sent, tcpshake_state before, tcpshake_state after, uint16_t flags, tcpshake_cell_kind kind,
           const char *why)
{
    const tcpshake_cell *const cell = tcpshake_cell_between(sent, before, after, flags);

    g_assert_nonnull(cell);
    if (!cell)
        return;
    ASSERT_STATE((tcpshake_state)cell->next, after);
    g_assert_cmpint(cell->kind, ==, kind);
    g_assert_cmpstr(cell->why, ==, why);
}

static void
test_between_names_the_reason(void)
{
    const uint16_t SYN = TCPSHAKE_SYN, ACK = TCPSHAKE_ACK, FIN = TCPSHAKE_FIN, RST = TCPSHAKE_RST;

    assert_why(true, TCPSHAKE_UNKNOWN, TCPSHAKE_SYN_SENT, SYN, TCPSHAKE_LEGAL, "section 3.10.1");
    assert_why(false, TCPSHAKE_LISTEN, TCPSHAKE_SYN_RECEIVED, SYN, TCPSHAKE_LEGAL, "section 3.10.7.2");
    assert_why(false, TCPSHAKE_SYN_SENT, TCPSHAKE_ESTABLISHED, SYN | ACK, TCPSHAKE_LEGAL, "section 3.10.7.3");
    assert_why(false, TCPSHAKE_SYN_RECEIVED, TCPSHAKE_ESTABLISHED, ACK, TCPSHAKE_LEGAL, "section 3.10.7.4");
    assert_why(false, TCPSHAKE_SYN_RECEIVED, TCPSHAKE_ESTABLISHED, SYN | ACK, TCPSHAKE_LEGAL,
               "section 3.5, figure 7: simultaneous open");
    assert_why(true, TCPSHAKE_ESTABLISHED, TCPSHAKE_FIN_WAIT_1, FIN | ACK, TCPSHAKE_LEGAL, "section 3.10.4");
    assert_why(false, TCPSHAKE_LAST_ACK, TCPSHAKE_CLOSED, ACK, TCPSHAKE_LEGAL, "section 3.10.7.4");
    assert_why(true, TCPSHAKE_CLOSED, TCPSHAKE_SYN_RECEIVED, SYN | ACK, TCPSHAKE_GAP,
               "section 3.10.7.2: a SYN came before");
    assert_why(true, TCPSHAKE_SYN_SENT, TCPSHAKE_ESTABLISHED, ACK, TCPSHAKE_GAP,
               "section 3.10.7.3: the SYN-ACK came before");
    assert_why(false, TCPSHAKE_SYN_SENT, TCPSHAKE_CLOSED, RST | ACK, TCPSHAKE_LEGAL,
               "section 3.10.7.3: connection reset");
    /* The ACK and the FIN in one segment; the second end's of an exchange whose first FIN was not captured. */
    assert_why(false, TCPSHAKE_FIN_WAIT_1, TCPSHAKE_TIME_WAIT, FIN | ACK, TCPSHAKE_LEGAL, "section 3.10.7.4");
    assert_why(false, TCPSHAKE_SYN_RECEIVED, TCPSHAKE_CLOSE_WAIT, FIN | ACK, TCPSHAKE_LEGAL, "section 3.10.7.4");
    g_assert_true(tcpshake_cell_between(true, TCPSHAKE_ESTABLISHED, TCPSHAKE_LAST_ACK, FIN | ACK) ==
                  tcpshake_sending(TCPSHAKE_ESTABLISHED, TCPSHAKE_EV_ACK_OF_FIN));
}

static void
test_between_is_silent_otherwise(void)
{
    /* Nothing moves; what moves is no event of this segment, or only one of the two that it takes. */
    g_assert_null(tcpshake_cell_between(true, TCPSHAKE_SYN_SENT, TCPSHAKE_SYN_SENT, TCPSHAKE_SYN));
    g_assert_null(tcpshake_cell_between(false, TCPSHAKE_SYN_SENT, TCPSHAKE_ESTABLISHED, TCPSHAKE_SYN));
    g_assert_null(tcpshake_cell_between(false, TCPSHAKE_ESTABLISHED, TCPSHAKE_CLOSE_WAIT, TCPSHAKE_ACK));
    g_assert_null(tcpshake_cell_between(false, TCPSHAKE_FIN_WAIT_1, TCPSHAKE_TIME_WAIT, TCPSHAKE_FIN));
    g_assert_null(tcpshake_cell_between(false, TCPSHAKE_FIN_WAIT_1, TCPSHAKE_TIME_WAIT, TCPSHAKE_ACK));
}

/* Each cell that moves an end, and is the only one of its row to lead there, is found. */
static void
test_between_finds_every_arrow(void)
{
    static const uint16_t flags[TCPSHAKE_EVENTS] = {
        [TCPSHAKE_EV_SYN] = TCPSHAKE_SYN,        [TCPSHAKE_EV_SYN_ACK] = TCPSHAKE_SYN | TCPSHAKE_ACK,
        [TCPSHAKE_EV_ACK_OF_SYN] = TCPSHAKE_ACK, [TCPSHAKE_EV_ACK_OF_FIN] = TCPSHAKE_ACK,
        [TCPSHAKE_EV_FIN] = TCPSHAKE_FIN,        [TCPSHAKE_EV_RST] = TCPSHAKE_RST,
    };

    for (unsigned sent = 0; sent < 2; sent++)
        FOR_EACH_STATE(state)
    FOR_EACH_EVENT(event)
    {
        const tcpshake_cell *const cell = sent ? tcpshake_sending(state, event) : tcpshake_receiving(state, event);
        if (cell->next == state)
            continue;
        const tcpshake_cell *const found = tcpshake_cell_between(sent, state, (tcpshake_state)cell->next, flags[event]);
        g_assert_nonnull(found);
        if (found)
            g_assert_cmpstr(found->why, ==, cell->why);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one that fails hides no other */
    g_test_add_func("/state/every_cell_is_filled", test_every_cell_is_filled);
    g_test_add_func("/state/nothing_leads_to_unknown", test_nothing_leads_to_unknown);
    g_test_add_func("/state/kind_and_next_agree", test_kind_and_next_agree);
    g_test_add_func("/state/receiving_is_never_impossible", test_receiving_is_never_impossible);
    g_test_add_func("/state/only_a_reset_or_the_last_ack_closes", test_only_a_reset_or_the_last_ack_closes);
    g_test_add_func("/state/reset_closes_every_synchronised_state", test_reset_closes_every_synchronised_state);
    g_test_add_func("/state/receiving_never_leaves_closed", test_receiving_never_leaves_closed);
    g_test_add_func("/state/only_a_reset_leaves_time_wait", test_only_a_reset_leaves_time_wait);
    g_test_add_func("/state/only_a_syn_leaves_listen", test_only_a_syn_leaves_listen);
    g_test_add_func("/state/nothing_but_a_reset_goes_backwards", test_nothing_but_a_reset_goes_backwards);
    g_test_add_func("/state/fin_moves_on_by_one_arrow", test_fin_moves_on_by_one_arrow);
    g_test_add_func("/state/receiving_twice_is_receiving_once", test_receiving_twice_is_receiving_once);
    g_test_add_func("/state/receiving_is_the_rfc", test_receiving_is_the_rfc);
    g_test_add_func("/state/sending_is_the_rfc", test_sending_is_the_rfc);
    g_test_add_func("/state/sending_an_ack_of_fin_shows_the_fin", test_sending_an_ack_of_fin_shows_the_fin);
    g_test_add_func("/state/without_undoes_receiving", test_without_undoes_receiving);
    g_test_add_func("/state/without_in_either_order", test_without_in_either_order);
    g_test_add_func("/state/without_leaves_the_rest", test_without_leaves_the_rest);
    g_test_add_func("/state/between_names_the_reason", test_between_names_the_reason);
    g_test_add_func("/state/between_is_silent_otherwise", test_between_is_silent_otherwise);
    g_test_add_func("/state/between_finds_every_arrow", test_between_finds_every_arrow);
    g_test_add_func("/state/names", test_names);
    return g_test_run();
}
