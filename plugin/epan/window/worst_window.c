/* worst_window.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "worst_window.h"

#include "link.h"
#include "text_window.h"
#include "../capture.h"
#include "../prefs.h"
#include "../statistics/outcomes.h"

#include "../../text/text.h"

#include <epan/dissectors/packet-tcp.h>

enum { LINES_OF_EACH = 3, TEXT_SIZE = 240 };

typedef enum kind { FAILED, WARNED, SLOW, KINDS } kind;

static const tcpshake_phrase headings[KINDS] = { TCPSHAKE_PHRASE_FAILED_CONVERSATIONS,
                                                 TCPSHAKE_PHRASE_WARNED_CONVERSATIONS,
                                                 TCPSHAKE_PHRASE_SLOWEST_CONVERSATIONS };

typedef struct line {
    uint32_t stream;
    int64_t  time; /* what it is sorted by, the longest first */
} line;

/* The first lines of a kind, and how many there are. */
typedef struct section {
    line     lines[LINES_OF_EACH];
    unsigned shown;
    uint32_t count;
} section;

static void
add(section *to, line added)
{
    unsigned at = to->shown;

    to->count++;
    while (at > 0 && to->lines[at - 1].time < added.time)
        at--;
    if (at == LINES_OF_EACH)
        return;
    to->shown = MIN(to->shown + 1, (unsigned)LINES_OF_EACH);
    for (unsigned i = to->shown - 1; i > at; i--)
        to->lines[i] = to->lines[i - 1];
    to->lines[at] = added;
}

static bool
has_failed(const tcpshake_summary *summary)
{
    switch (summary->handshake) {
    case TCPSHAKE_HANDSHAKE_UNANSWERED:
    case TCPSHAKE_HANDSHAKE_REFUSED:
    case TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP:
    case TCPSHAKE_HANDSHAKE_ABORTED:
    case TCPSHAKE_HANDSHAKE_HALF_OPEN:
    case TCPSHAKE_HANDSHAKE_TIMED_OUT: return true;
    default: return false;
    }
}

static uint64_t
warnings_of(const tcpshake_summary *summary)
{
    tcpshake_outcomes outcomes;

    tcpshake_outcomes_of(summary, &outcomes);
    return outcomes.of[TCPSHAKE_OUTCOMES_WARNINGS];
}

/* Of several streams that are one conversation, the first counts: the others have the same record. */
static void
collect(section sections[KINDS], const tcpshake_knowledge *knowledge)
{
    GHashTable *const seen = g_hash_table_new(NULL, NULL);
    const uint32_t    streams = get_tcp_stream_count();

    for (uint32_t stream = 0; stream < streams; stream++) {
        const tcpshake_conversation *const conversation = tcpshake_stream_by_number(stream);
        tcpshake_summary                   summary;
        if (!conversation || !conversation->first.frame || !g_hash_table_add(seen, (void *)conversation))
            continue;
        tcpshake_summarise(conversation, &tcpshake_prefs.limits, knowledge, NULL, &summary);
        if (has_failed(&summary))
            add(&sections[FAILED], (line){ stream, 0 });
        else if (warnings_of(&summary))
            add(&sections[WARNED], (line){ stream, 0 });
        else if (summary.connection_time != TCPSHAKE_NO_TIME)
            add(&sections[SLOW], (line){ stream, summary.connection_time });
    }
    g_hash_table_destroy(seen);
}

/* "[3]  tcp.stream 5  10.77.30.1:40001 → 10.77.30.2:7777", and below it why it is listed. */
static void
write_line(GString *text, unsigned number, uint32_t stream, const tcpshake_knowledge *knowledge)
{
    const tcpshake_conversation *const conversation = tcpshake_stream_by_number(stream);
    const int                          client = conversation->client;
    tcpshake_end_point                 ends[TCPSHAKE_ENDS];
    address                            addresses[TCPSHAKE_ENDS];
    uint16_t                           ports[TCPSHAKE_ENDS];
    tcpshake_summary                   summary;
    char                               verdict[TEXT_SIZE];

    g_string_append_printf(text, "[%u]  tcp.stream %" PRIu32, number, stream);
    if (tcpshake_stream_ends(stream, addresses, ports)) {
        for (int end = 0; end < TCPSHAKE_ENDS; end++)
            ends[end] = (tcpshake_end_point){ addresses[end], ports[end] };
        char *const from = tcpshake_end_text(&ends[client]), *const to = tcpshake_end_text(&ends[1 - client]);
        g_string_append_printf(text, "  %s → %s", from, to);
        g_free(from);
        g_free(to);
    }
    tcpshake_summarise(conversation, &tcpshake_prefs.limits, knowledge, NULL, &summary);
    tcpshake_text_verdict(conversation, &summary, knowledge, verdict, sizeof verdict);
    char *const warnings = tcpshake_anomaly_names(warnings_of(&summary));
    g_string_append_printf(text, *warnings ? "\n     %s\n     [%s]\n" : "\n     %s%s\n", verdict, warnings);
    g_free(warnings);
}

static void
write_heading(GString *text, kind kind, const section *section)
{
    g_string_append_printf(text, "\n%s: ", tcpshake_phrase_text(headings[kind]));
    if (section->shown < section->count)
        g_string_append_printf(text, "%u %s ", section->shown, tcpshake_phrase_text(TCPSHAKE_PHRASE_SHOWN_OF_ALL));
    g_string_append_printf(text, "%" PRIu32 "\n", section->count);
}

static tcpshake_window_bool
show_conversation(funnel_text_window_t *window _U_, void *data)
{
    tcpshake_show_linked(data);
    return true;
}

static void
add_button(funnel_text_window_t *window, unsigned number, uint32_t stream)
{
    tcpshake_link *const link = g_new(tcpshake_link, 1);
    char *const          label = g_strdup_printf("%u", number);

    *link = tcpshake_link_to(stream);
    tcpshake_add_text_button(window, label, show_conversation, link, g_free);
    g_free(label);
}

void
tcpshake_show_worst(void)
{
    const tcpshake_knowledge knowledge = tcpshake_capture_knowledge_now();
    section                  sections[KINDS] = { 0 };
    GString *const           text = g_string_new(tcpshake_phrase_text(TCPSHAKE_PHRASE_WORST_HINT));
    unsigned                 number = 0;

    g_string_append_c(text, '\n');
    collect(sections, &knowledge);
    for (unsigned i = 0; i < KINDS; i++) {
        write_heading(text, i, &sections[i]);
        for (unsigned at = 0; at < sections[i].shown; at++)
            write_line(text, ++number, sections[i].lines[at].stream, &knowledge);
    }
    funnel_text_window_t *const window = tcpshake_open_text_window(TCPSHAKE_PHRASE_WORST_TITLE, text->str);
    number = 0;
    for (unsigned i = 0; i < KINDS; i++)
        for (unsigned at = 0; at < sections[i].shown; at++)
            add_button(window, ++number, sections[i].lines[at].stream);
    g_string_free(text, TRUE);
}
