/* test_zeek.c
 * conn_state and history of small conversations. Expected values are Zeek's: its documentation of both columns, the
 * baselines of its own tests, or the rule that a comment names.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>
#include <string.h>

#include "core/zeek/zeek.h"

enum {
    FIN = TCPSHAKE_FIN,
    SYN = TCPSHAKE_SYN,
    RST = TCPSHAKE_RST,
    ACK = TCPSHAKE_ACK,
    C = 0,
    S = 1, /* ends; C has port 40000, S port 5001 unless told otherwise */
};

/* A segment in one line; seq and ack count from the initial sequence numbers of its sender and receiver. */
typedef struct step {
    uint8_t  from;
    uint16_t flags;
    uint32_t seq, ack, length;
    double   at; /* seconds */
    bool     zero_window, cut;
} step;

#define OPEN                                        \
    { C, SYN, 0, 0, 0 }, { S, SYN | ACK, 0, 1, 0 }, \
    {                                               \
        C, ACK, 1, 1, 0                             \
    }
#define REQUEST                                                        \
    { C, ACK, 1, 1, 10 }, { S, ACK, 1, 11, 0 }, { S, ACK, 1, 11, 20 }, \
    {                                                                  \
        C, ACK, 11, 21, 0                                              \
    }
#define CLOSE_BY_C                                            \
    { C, FIN | ACK, 11, 21, 0 }, { S, FIN | ACK, 21, 12, 0 }, \
    {                                                         \
        C, ACK, 12, 22, 0                                     \
    }

static unsigned resizes;

static void *
resize(void *context, void *block, size_t size)
{
    GPtrArray *blocks = context;
    void *new = g_malloc(size);
    if (block) /* its old size is half of the new one: only the history ever grows */
        memcpy(new, block, size / 2);
    g_ptr_array_add(blocks, new);
    resizes++;
    return new;
}

static tcpshake_segment
segment(const step *at, const uint32_t isn[2], unsigned number)
{
    return (tcpshake_segment){
        .time = (int64_t)(at->at * 1e9) + number * 1000,
        .frame = number,
        .from = at->from,
        .flags = at->flags,
        .seq = isn[at->from] + at->seq,
        .ack = at->flags & ACK ? isn[!at->from] + at->ack : 0,
        .length = at->length,
        .window = at->zero_window ? 0 : 1000,
        .captured = at->cut ? TCPSHAKE_CAPTURED_PART_OF_DATA : TCPSHAKE_CAPTURED_WHOLE,
    };
}

/* The same conversation at several initial sequence numbers, close to the wrap among them. */
static void
check_ports(const char *state, const char *history, int originator, uint16_t c_port, uint16_t s_port, const step *steps,
            size_t n)
{
    static const uint32_t isns[][2] = {
        { 1000, 500000 }, { UINT32_MAX - 3, 7 }, { UINT32_MAX, UINT32_MAX - 15 }, { 0x7ffffffe, 0x80000000 }
    };
    for (size_t i = 0; i < G_N_ELEMENTS(isns); i++) {
        GPtrArray         *blocks = g_ptr_array_new_with_free_func(g_free);
        tcpshake_allocator memory = { resize, blocks };
        tcpshake_zeek      z = { 0 };
        char               text[64];
        resizes = 0;
        for (size_t k = 0; k < n; k++) {
            tcpshake_segment s = segment(&steps[k], isns[i], (unsigned)k + 1);
            s.source_port = s.from == C ? c_port : s_port;
            s.destination_port = s.from == C ? s_port : c_port;
            tcpshake_zeek_take(&z, &s, &memory);
        }
        tcpshake_zeek_history(&z, text, sizeof text);
        g_assert_cmpstr(text, ==, history);
        g_assert_cmpstr(tcpshake_zeek_state(&z), ==, state);
        g_assert_cmpint(tcpshake_zeek_originator(&z), ==, originator);
        g_ptr_array_free(blocks, TRUE);
    }
}

#define CHECK_PORTS(state, history, originator, c_port, s_port, ...)                         \
    do {                                                                                     \
        static const step steps[] = { __VA_ARGS__ };                                         \
        check_ports(state, history, originator, c_port, s_port, steps, G_N_ELEMENTS(steps)); \
    } while (0)
#define CHECK(state, history, ...) CHECK_PORTS(state, history, C, 40000, 5001, __VA_ARGS__)

/* ---- conn_state ---- */

static void
test_S0(void)
{
    CHECK("S0", "S", { C, SYN, 0, 0, 0 }, { C, SYN, 0, 0, 0, .at = 1 });
}
static void
test_S1(void)
{
    CHECK("S1", "ShADad", OPEN, REQUEST);
}
static void
test_REJ(void)
{
    CHECK("REJ", "Sr", { C, SYN, 0, 0, 0 }, { S, RST | ACK, 0, 1, 0 });
}
static void
test_S2(void)
{
    CHECK("S2", "ShADadF", OPEN, REQUEST, { C, FIN | ACK, 11, 21, 0 }, { S, ACK, 21, 12, 0 });
}

static void
test_SF(void)
{
    CHECK("SF", "ShADadFf", OPEN, REQUEST, CLOSE_BY_C);
    CHECK("SF", "ShAfFa", OPEN, { S, FIN | ACK, 1, 1, 0 }, { C, FIN | ACK, 1, 2, 0 }, { S, ACK, 2, 2, 0 });
}

static void
test_S3(void)
{
    CHECK("S3", "ShAf", OPEN, { S, FIN | ACK, 1, 1, 0 }, { C, ACK, 1, 2, 0 });
}
static void
test_RSTO(void)
{
    CHECK("RSTO", "ShADadR", OPEN, REQUEST, { C, RST | ACK, 11, 21, 0 });
}
static void
test_RSTR(void)
{
    CHECK("RSTR", "ShADadr", OPEN, REQUEST, { S, RST | ACK, 21, 11, 0 });
}
static void
test_RSTRH(void)
{
    CHECK_PORTS("RSTRH", "^hr", C, 40000, 80, { S, SYN | ACK, 0, 1, 0 }, { S, RST, 1, 0, 0 });
}
static void
test_SH(void)
{
    CHECK("SH", "SF", { C, SYN, 0, 0, 0 }, { C, FIN | ACK, 1, 1, 0 });
}
static void
test_SHR(void)
{
    CHECK_PORTS("SHR", "^hf", C, 40000, 80, { S, SYN | ACK, 0, 1, 0 }, { S, FIN | ACK, 1, 1, 0 });
}
static void
test_OTH(void)
{
    CHECK("OTH", "DdA", { C, ACK, 1, 1, 10 }, { S, ACK, 1, 11, 20 }, { C, ACK, 11, 21, 0 });
}

static void
test_RSTOS0(void)
{
    /* The four cases of Zeek's test conn_state-RST-behavior. */
    CHECK("OTH", "R", { C, RST, 1, 0, 0 });
    CHECK("RSTOS0", "SR", { C, SYN, 0, 0, 0 }, { C, RST, 1, 0, 0 });
    CHECK("RSTOS0", "SaR", { C, SYN, 0, 0, 0 }, { S, ACK, 7, 900, 0 }, { C, RST, 900, 0, 0 });
    CHECK("OTH", "SaFR", { C, SYN, 0, 0, 0 }, { S, ACK, 7, 900, 0 }, { C, FIN | ACK, 1, 7, 0 }, { C, RST, 2, 0, 0 });
}

/* Both reset, nothing sent: the SYN was refused after all. With data it is RSTR. */
static void
test_both_reset(void)
{
    CHECK("REJ", "SrR", { C, SYN, 0, 0, 0 }, { S, RST | ACK, 0, 1, 0 }, { C, RST, 1, 0, 0 });
    CHECK("RSTR", "ShADaRr", OPEN, { C, ACK, 1, 1, 10 }, { S, ACK, 1, 11, 0 }, { C, RST, 11, 0, 0 },
          { S, RST, 1, 0, 0 });
}

static void
test_no_segment(void)
{
    tcpshake_zeek z = { 0 };
    char          text[4] = "xxx";
    tcpshake_zeek_history(&z, text, sizeof text);
    g_assert_cmpstr(text, ==, "");
    g_assert_cmpstr(tcpshake_zeek_state(&z), ==, "OTH");
}

/* ---- history ---- */

/* A repeated SYN, SYN-ACK, FIN or RST shows only at another sequence number. */
static void
test_repeated_control(void)
{
    CHECK("S1", "ShA", { C, SYN, 0, 0, 0 }, { C, SYN, 0, 0, 0 }, { S, SYN | ACK, 0, 1, 0 }, { S, SYN | ACK, 0, 1, 0 },
          { C, ACK, 1, 1, 0 });
    CHECK("S2", "ShAF", OPEN, { C, FIN | ACK, 1, 1, 0 }, { C, FIN | ACK, 1, 1, 0 });
    CHECK("S2", "ShAFF", OPEN, { C, FIN | ACK, 1, 1, 0 }, { C, FIN | ACK, 9, 1, 0 });
    CHECK("RSTO", "ShAR", OPEN, { C, RST, 1, 0, 0 }, { C, RST, 1, 0, 0 });
    CHECK("RSTO", "ShARR", OPEN, { C, RST, 1, 0, 0 }, { C, RST, 5, 0, 0 });
}

static void
test_i_and_q(void)
{
    CHECK("RSTO", "ShAI", OPEN, { C, FIN | RST | ACK, 1, 1, 0 }, { C, FIN | RST | ACK, 1, 1, 0 });
    CHECK("SH", "Q", { C, SYN | FIN, 0, 0, 0 });
    CHECK("RSTR", "Sq", { C, SYN, 0, 0, 0 }, { S, SYN | RST | ACK, 0, 1, 0 });
}

/* Repeated data counts, at the 1st, 10th … time; a keep-alive with a byte of data is repeated data, one without is not.
 */
static void
test_t(void)
{
    CHECK("S1", "ShADT", OPEN, { C, ACK, 1, 1, 10 }, { C, ACK, 1, 1, 10 }, { C, ACK, 1, 1, 10 });
    CHECK("S1", "ShADTT", OPEN, { C, ACK, 1, 1, 10 }, { C, ACK, 1, 1, 10 }, { C, ACK, 1, 1, 10 }, { C, ACK, 1, 1, 10 },
          { C, ACK, 1, 1, 10 }, { C, ACK, 1, 1, 10 }, { C, ACK, 1, 1, 10 }, { C, ACK, 1, 1, 10 }, { C, ACK, 1, 1, 10 },
          { C, ACK, 1, 1, 10 }, { C, ACK, 1, 1, 10 });
    CHECK("S1", "ShADaT", OPEN, { C, ACK, 1, 1, 10 }, { S, ACK, 1, 11, 0 }, { C, ACK, 10, 1, 1 });
    CHECK("S1", "ShADa", OPEN, { C, ACK, 1, 1, 10 }, { S, ACK, 1, 11, 0 }, { C, ACK, 10, 1, 0 });
    CHECK("S1", "ShADdt", OPEN, { C, ACK, 1, 1, 10 }, { S, ACK, 1, 11, 5 }, { S, ACK, 1, 11, 5 });
}

/* A zero window counts, but not on a RST nor once the peer has closed. */
static void
test_w(void)
{
    CHECK("S1", "ShAaw", OPEN, { S, ACK, 1, 1, 0, .zero_window = true });
    CHECK("S1", "ShAW", OPEN, { C, ACK, 1, 1, 0, .zero_window = true }, { C, ACK, 1, 1, 0, .zero_window = true });
    CHECK("RSTO", "ShAR", OPEN, { C, RST, 1, 0, 0, .zero_window = true });
    CHECK("S2", "ShAFa", OPEN, { C, FIN | ACK, 1, 1, 0 }, { S, ACK, 1, 2, 0, .zero_window = true });
}

/* A gap is data that was acknowledged and never captured; each hole counts. */
static void
test_g(void)
{
    CHECK("S1", "ShADaG", OPEN, { C, ACK, 1, 1, 10 }, { S, ACK, 1, 111, 0 });
    CHECK("S1", "ShADaG", OPEN, { C, ACK, 1, 1, 10 }, { C, ACK, 21, 1, 10 }, { S, ACK, 1, 31, 0 });
    CHECK("S1", "ShADTa", OPEN, { C, ACK, 1, 1, 10 }, { C, ACK, 21, 1, 10 }, { C, ACK, 11, 1, 10 },
          { S, ACK, 1, 31, 0 });
    CHECK("S1", "ShADaGG", OPEN, { C, ACK, 11, 1, 1 }, { C, ACK, 21, 1, 1 }, { C, ACK, 31, 1, 1 }, { C, ACK, 41, 1, 1 },
          { C, ACK, 51, 1, 1 }, { S, ACK, 1, 52, 0 }, { C, ACK, 61, 1, 1 }, { C, ACK, 71, 1, 1 }, { C, ACK, 81, 1, 1 },
          { C, ACK, 91, 1, 1 }, { C, ACK, 101, 1, 1 }, { S, ACK, 1, 102, 0 });
    /* Truncated data is not reassembled; a FIN's acknowledgment is no gap; neither is anything in a partial connection.
     */
    CHECK("S1", "ShADaG", OPEN, { C, ACK, 1, 1, 10, .cut = true }, { S, ACK, 1, 11, 0 });
    CHECK("S2", "ShADFa", OPEN, { C, ACK, 1, 1, 10 }, { C, FIN | ACK, 11, 1, 0 }, { S, ACK, 1, 12, 0 });
    CHECK("OTH", "Da", { C, ACK, 1, 1, 10 }, { S, ACK, 1, 500, 0 });
    /* What was acknowledged before it came is dropped when it comes, and leaves a hole. */
    CHECK("S1", "SahADG", { C, SYN, 0, 0, 0 }, { S, ACK, 0, 2, 0 }, { S, SYN | ACK, 0, 1, 0 }, { C, ACK, 1, 1, 0 },
          { C, ACK, 1, 1, 10 }, { S, ACK, 1, 11, 0 });
}

/* More open holes than there is room for: fewer, but still some, gaps. */
static void
test_many_holes(void)
{
    CHECK("S1", "ShADaG", OPEN, { C, ACK, 11, 1, 1 }, { C, ACK, 21, 1, 1 }, { C, ACK, 31, 1, 1 }, { C, ACK, 41, 1, 1 },
          { C, ACK, 51, 1, 1 }, { C, ACK, 61, 1, 1 }, { C, ACK, 71, 1, 1 }, { C, ACK, 81, 1, 1 }, { C, ACK, 91, 1, 1 },
          { C, ACK, 101, 1, 1 }, { S, ACK, 1, 102, 0 });
}

/* ---- who is the originator ---- */

static void
test_flip(void)
{
    /* Midstream from a likely server port, to an unlikely one. */
    CHECK_PORTS("OTH", "^dA", C, 40000, 80, { S, ACK, 1, 1, 20 }, { C, ACK, 1, 21, 0 });
    CHECK_PORTS("OTH", "DA", S, 40000, 5001, { S, ACK, 1, 1, 20 }, { S, ACK, 21, 1, 0 });
    /* Both likely: to the lower port, unless it is a SYN-ACK. */
    CHECK_PORTS("OTH", "^d", C, 8080, 80, { S, ACK, 1, 1, 20 });
    CHECK_PORTS("OTH", "H", S, 8080, 80, { S, SYN | ACK, 0, 1, 0 });
    /* Never on a SYN. */
    CHECK_PORTS("S0", "S", S, 40000, 80, { S, SYN, 0, 0, 0 });
}

static void
test_syn_ack_first(void)
{
    /* Zeek's test missing-syn: a known server port. */
    CHECK_PORTS("S1", "^hA", C, 40000, 80, { S, SYN | ACK, 0, 1, 0 }, { C, ACK, 1, 1, 0 });
    /* Unknown ports: flipped as soon as real traffic follows, not before. */
    CHECK_PORTS("OTH", "H", S, 40000, 5001, { S, SYN | ACK, 0, 1, 0 });
    CHECK("OTH", "^hA", { S, SYN | ACK, 0, 1, 0 }, { C, ACK, 1, 1, 0 });
    CHECK("OTH", "^hD", { S, SYN | ACK, 0, 1, 0 }, { C, ACK, 1, 1, 5 });
    /* Zeek's test conn-size-flip, the capture with one side. */
    CHECK("SHR", "^haf", { S, SYN | ACK, 0, 1, 0 }, { S, ACK, 1, 1, 0 }, { S, FIN | ACK, 1, 1, 0 });
    /* Zeek's test connection_flipped: the SYN is captured after the SYN-ACK. */
    CHECK("SF", "Hs^ADadFf", { S, SYN | ACK, 0, 1, 0 }, { C, SYN, 0, 0, 0 }, { C, ACK, 1, 1, 0 }, REQUEST, CLOSE_BY_C);
}

/* ---- which of Zeek's connections ---- */

static void
test_limits_of_a_connection(void)
{
    /* Forgotten 5 s after the end. (Both reset without data: REJ, see above.) */
    CHECK("REJ", "ShARr", OPEN, { C, RST, 1, 0, 0 }, { S, RST, 1, 0, 0, .at = 4 });
    CHECK("RSTO", "ShAR", OPEN, { C, RST, 1, 0, 0 }, { S, RST, 1, 0, 0, .at = 6 });
    /* A SYN after the end, even the same one, is another connection. */
    CHECK("REJ", "Sr", { C, SYN, 0, 0, 0 }, { S, RST | ACK, 0, 1, 0 }, { C, SYN, 0, 0, 0, .at = 1 },
          { S, RST | ACK, 5, 1, 0, .at = 1 });
    /* A late answer still belongs to the attempt. */
    CHECK("S1", "ShA", { C, SYN, 0, 0, 0 }, { C, SYN, 0, 0, 0, .at = 7 }, { S, SYN | ACK, 0, 1, 0, .at = 7 },
          { C, ACK, 1, 1, 0, .at = 7 });
    /* One direction only (Zeek's test half-duplex-client): cut 5 s after the SYN. */
    CHECK("S0", "SAD", { C, SYN, 0, 0, 0 }, { C, ACK, 1, 1, 0 }, { C, ACK, 1, 1, 10 },
          { C, FIN | ACK, 11, 9, 0, .at = 6 });
    /* A simultaneous open: the second SYN begins the connection that lasts. */
    CHECK_PORTS("S1", "Sh", S, 40000, 5001, { C, SYN, 0, 0, 0 }, { S, SYN, 0, 0, 0 }, { C, SYN | ACK, 0, 1, 0 });
}

/* ---- memory ---- */

static void *
no_memory(void *context, void *block, size_t size)
{
    (void)context, (void)block, (void)size;
    return NULL;
}

/* Of the last ISNs of check_ports(), which are ordinary ones. */
#define NEEDS_MEMORY(needs, state, history, ...)  \
    do {                                          \
        CHECK(state, history, __VA_ARGS__);       \
        g_assert_cmpuint(resizes > 0, ==, needs); \
    } while (0)

/* An ordinary conversation needs none, however it ends; what is missing or comes again does. */
static void
test_memory(void)
{
    NEEDS_MEMORY(false, "SF", "ShADadFf", OPEN, REQUEST, CLOSE_BY_C);
    NEEDS_MEMORY(false, "SF", "ShADafF", OPEN, { C, ACK, 1, 1, 10 }, { S, ACK, 1, 11, 0 }, { S, FIN | ACK, 1, 11, 20 },
                 { C, FIN | ACK, 11, 22, 5 }, { S, ACK, 22, 17, 0 });
    NEEDS_MEMORY(false, "RSTO", "ShADadR", OPEN, REQUEST, { C, RST | ACK, 11, 21, 0 }, { C, RST, 11, 0, 0 });
    NEEDS_MEMORY(false, "RSTO", "ShADadFR", OPEN, REQUEST, { C, FIN | ACK, 11, 21, 0 }, { S, ACK, 21, 12, 5 },
                 { C, RST, 12, 0, 0 });
    NEEDS_MEMORY(false, "REJ", "Sr", { C, SYN, 0, 0, 0 }, { S, RST | ACK, 0, 1, 0 });
    NEEDS_MEMORY(false, "OTH", "DdA", { C, ACK, 1, 1, 10 }, { S, ACK, 1, 11, 20 }, { C, ACK, 11, 21, 0 });
    NEEDS_MEMORY(false, "OTH", "D", { C, ACK, 1, 1, 10 }, { C, ACK, 11, 500, 10 }, { C, ACK, 21, 900, 10 });
    NEEDS_MEMORY(true, "S1", "ShAD", OPEN, { C, ACK, 11, 1, 10 });
    NEEDS_MEMORY(true, "S2", "ShADF", OPEN, { C, ACK, 1, 1, 10 }, { C, FIN | ACK, 21, 1, 0 });
    NEEDS_MEMORY(true, "RSTO", "ShADR", OPEN, { C, ACK, 1, 1, 10 }, { C, RST, 5, 0, 0 });
}

/* RSTs at ever new numbers: the history grows to its limit and stops; without memory at the inline letters. */
static void
test_long_history(void)
{
    static const uint32_t isn[2] = { 0, 0 };
    GPtrArray            *blocks = g_ptr_array_new_with_free_func(g_free);
    tcpshake_allocator    memory[] = { { resize, blocks }, { no_memory, NULL } };
    char                  text[2000], small[4];
    for (size_t m = 0; m < G_N_ELEMENTS(memory); m++) {
        tcpshake_zeek z = { 0 };
        resizes = 0;
        for (unsigned i = 0; i < 5000; i++) {
            step             rst = { C, i ? RST : SYN, i, 0, 0 };
            tcpshake_segment s = segment(&rst, isn, i);
            tcpshake_zeek_take(&z, &s, &memory[m]);
        }
        tcpshake_zeek_history(&z, text, sizeof text);
        g_assert_cmpuint(strlen(text), ==, m ? TCPSHAKE_ZEEK_INLINE : TCPSHAKE_ZEEK_HISTORY);
        g_assert_true(g_str_has_prefix(text, "SRRRRRRRRR"));
        g_assert_cmpuint(resizes, <, 10);
        g_assert_cmpstr(tcpshake_zeek_state(&z), ==, "RSTOS0");
        tcpshake_zeek_history(&z, small, sizeof small);
        g_assert_cmpstr(small, ==, "SRR");
    }
    g_ptr_array_free(blocks, TRUE);
}

/* Anything at all: no crash, no letter that Zeek does not have. For the sanitizers. */
static void
test_random(void)
{
    GPtrArray         *blocks = g_ptr_array_new_with_free_func(g_free);
    tcpshake_allocator memory = { resize, blocks };
    GRand             *rand = g_rand_new_with_seed(1);
    for (unsigned run = 0; run < 500; run++) {
        tcpshake_zeek z = { 0 };
        uint32_t      isn[2] = { g_rand_int(rand), g_rand_int(rand) };
        char          text[1100];
        for (unsigned i = 0; i < 200; i++) {
            step at = { .from = (uint8_t)g_rand_int_range(rand, 0, 2),
                        .flags = (uint16_t)(g_rand_int(rand) & 0x1f),
                        .seq = g_rand_int(rand) % 3000,
                        .ack = g_rand_int(rand) % 3000,
                        .length = g_rand_int(rand) % 300,
                        .at = i * 0.1,
                        .zero_window = g_rand_int(rand) % 9 == 0,
                        .cut = g_rand_int(rand) % 9 == 0 };
            if (g_rand_int(rand) % 50 == 0)
                at.seq = g_rand_int(rand);
            if (g_rand_int(rand) % 4)
                at.flags &= (uint16_t) ~(SYN | FIN | RST);
            tcpshake_segment s = segment(&at, isn, i);
            s.source_port = 80;
            s.destination_port = 40000;
            tcpshake_zeek_take(&z, &s, &memory);
        }
        tcpshake_zeek_history(&z, text, sizeof text);
        g_assert_cmpuint(strspn(text, "SHADFRGTWIQshadfrgtwiq^"), ==, strlen(text));
        g_assert_nonnull(tcpshake_zeek_state(&z));
    }
    g_rand_free(rand);
    g_ptr_array_free(blocks, TRUE);
}

/* The same in fewer steps (clean.c), and in all of them: those are only taken where all of a segment was captured,
 * which makes no other difference where it has no data. (With data both calls are the same: only the state that they
 * find differs, if it does.) */
static void
take_both_ways(tcpshake_zeek z[2], tcpshake_segment s, const tcpshake_allocator *memory)
{
    tcpshake_zeek_take(&z[0], &s, memory);
    if (s.length == 0 && s.captured == TCPSHAKE_CAPTURED_WHOLE)
        s.captured = TCPSHAKE_CAPTURED_PART_OF_DATA;
    tcpshake_zeek_take(&z[1], &s, memory);

    tcpshake_zeek alike = z[1];
    alike.extra = z[0].extra;
    g_assert_cmpmem(&z[0], sizeof z[0], &alike, sizeof alike);
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        if (!z[0].end[end].apart)
            continue;
        const tcpshake_zeek_stream *one = &z[0].extra->stream[end], *other = &z[1].extra->stream[end];
        g_assert_true(one->joined == other->joined && one->fin_at == other->fin_at && one->rst_at == other->rst_at &&
                      one->fin_end == other->fin_end);
    }
}

static void
change_at_random(GRand *rand, tcpshake_segment *s)
{
    switch (g_rand_int_range(rand, 0, 8)) {
    case 0: s->flags ^= (uint16_t)(1 << g_rand_int_range(rand, 0, 5)); break;
    case 1: s->seq += (uint32_t)g_rand_int_range(rand, -2, 3); break;
    case 2: s->ack += (uint32_t)g_rand_int_range(rand, -2, 3); break;
    case 3: s->length = (uint32_t)g_rand_int_range(rand, 0, 2000); break;
    case 4: s->window = 0; break;
    case 5: s->from = !s->from; break;
    case 6: s->time += g_rand_int_range(rand, 0, 7) * G_GINT64_CONSTANT(1000000000); break;
    default: s->captured = (uint8_t)g_rand_int_range(rand, 0, 3); break;
    }
}

static void
test_clean(void)
{
    static const step     steps[] = { OPEN, REQUEST, CLOSE_BY_C, { C, RST, 12, 0, 0 }, { C, RST, 12, 0, 0 } };
    static const uint32_t starts[] = { 1000, 70000, 0x10000000, 0x20000000 }; /* far from where numbers wrap */
    GRand                *rand = g_rand_new_with_seed(1);

    for (unsigned round = 0; round < 20000; round++) {
        GPtrArray         *blocks = g_ptr_array_new_with_free_func(g_free);
        tcpshake_allocator memory = { resize, blocks };
        tcpshake_zeek      z[2] = { 0 };
        const uint32_t     isn[2] = { starts[g_rand_int_range(rand, 0, G_N_ELEMENTS(starts))],
                                      starts[g_rand_int_range(rand, 0, G_N_ELEMENTS(starts))] };
        for (unsigned k = 0; k < G_N_ELEMENTS(steps); k++) {
            const bool       again = g_rand_int_range(rand, 0, 20) == 0;
            tcpshake_segment s = segment(&steps[k - (again && k > 0)], isn, k + 1);
            if (round % 4 && g_rand_int_range(rand, 0, 10) == 0)
                change_at_random(rand, &s);
            take_both_ways(z, s, &memory);
        }
        g_ptr_array_free(blocks, TRUE);
    }
    g_rand_free(rand);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
#define TEST(name) g_test_add_func("/zeek/" #name, test_##name)
    TEST(S0);
    TEST(S1);
    TEST(SF);
    TEST(REJ);
    TEST(S2);
    TEST(S3);
    TEST(RSTO);
    TEST(RSTR);
    TEST(RSTOS0);
    TEST(RSTRH);
    TEST(SH);
    TEST(SHR);
    TEST(OTH);
    TEST(both_reset);
    TEST(no_segment);
    TEST(repeated_control);
    TEST(i_and_q);
    TEST(t);
    TEST(w);
    TEST(g);
    TEST(many_holes);
    TEST(flip);
    TEST(syn_ack_first);
    TEST(limits_of_a_connection);
    TEST(memory);
    TEST(long_history);
    TEST(random);
    TEST(clean);
    return g_test_run();
}
