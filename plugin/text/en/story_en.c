/* story_en.c
 * The story of a conversation in English.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../parts.h"

#include <inttypes.h>

typedef struct place {
    const tcpshake_story_facts *facts;
    char                       *text;
    size_t                      size;
} place;

#define SAY(...)       tcpshake_append(p->text, p->size, __VA_ARGS__)
#define SENTENCE(name) static void say_##name(const place *p)

static const char *
who(const place *p, int end)
{
    return tcpshake_role_names_en[tcpshake_role_of(p->facts->conversation, end)];
}

static const char *
plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

static uint64_t
sum(const uint64_t of[TCPSHAKE_ENDS])
{
    return of[0] + of[1];
}

SENTENCE(end)
{
    const tcpshake_conversation *const conversation = p->facts->conversation;
    const tcpshake_role                role = tcpshake_role_of(conversation, p->facts->end);

    SAY("%s", p->facts->name);
    if (conversation->flags & TCPSHAKE_CONVERSATION_ROLES_GUESSED)
        SAY(", a guess from the ports");
    else if (conversation->opened_by == role || conversation->opened_by == TCPSHAKE_BOTH)
        SAY(", the active opener");
    if (!(conversation->end[p->facts->end].flags & TCPSHAKE_END_SEEN))
        SAY(", sent nothing that was captured");
}

SENTENCE(began)
{
    const uint64_t segments = sum(p->facts->segments), bytes = sum(p->facts->bytes);

    SAY("%" PRIu64 " segment%s, %" PRIu64 " byte%s of data", segments, plural(segments), bytes, plural(bytes));
    if (p->facts->duration > 0)
        SAY(" in %s, from %s on", said(p->facts->duration).text, p->facts->clock);
    else
        SAY(", at %s", p->facts->clock);
}

SENTENCE(cut_short)
{
    SAY("%" PRIu64 " segment%s captured only in part", p->facts->number, p->facts->number == 1 ? " was" : "s were");
}

SENTENCE(heading_time)
{
    SAY("seconds");
}
SENTENCE(heading_frame)
{
    SAY("frame");
}
SENTENCE(role)
{
    SAY("%s", who(p, p->facts->end));
}

SENTENCE(severity)
{
    static const char *const names[] = {
        [TCPSHAKE_CHAT] = "Chat", [TCPSHAKE_NOTE] = "Note", [TCPSHAKE_WARN] = "Warning"
    };

    SAY("%s", names[p->facts->number]);
}

SENTENCE(stretch_end)
{
    const int      end = p->facts->end;
    const uint64_t segments = p->facts->segments[end], bytes = p->facts->bytes[end];

    SAY("%s: %" PRIu64 " segment%s, %" PRIu64 " byte%s", who(p, end), segments, plural(segments), bytes, plural(bytes));
}

SENTENCE(stretch_total)
{
    SAY("%" PRIu64 " segments in %s", sum(p->facts->segments), said(p->facts->duration).text);
    if (p->facts->longest)
        SAY(", the longest silence %s", said(p->facts->longest).text);
}

SENTENCE(stretch)
{
    for (int i = 0; i < TCPSHAKE_ENDS; i++) {
        const int      end = i == 0 ? p->facts->conversation->client : TCPSHAKE_OTHER(p->facts->conversation->client);
        const uint64_t segments = p->facts->segments[end], bytes = p->facts->bytes[end];
        SAY("%s%s %" PRIu64 " segment%s with %" PRIu64 " byte%s", i == 0 ? "Data goes on: " : ", ", who(p, end),
            segments, plural(segments), bytes, plural(bytes));
    }
    SAY(", in %s", said(p->facts->duration).text);
    if (p->facts->longest)
        SAY("; the longest silence in it %s", said(p->facts->longest).text);
}

SENTENCE(left_out)
{
    const uint64_t segments = sum(p->facts->segments);

    SAY("%" PRIu64 " more segment%s", segments, plural(segments));
    if (p->facts->number)
        SAY(" with %" PRIu64 " %s", p->facts->number, p->facts->number == 1 ? "anomaly" : "anomalies");
    SAY(" not shown here");
}

SENTENCE(silence)
{
    SAY("silence for %s", said(p->facts->duration).text);
}
SENTENCE(icmp_error)
{
    SAY("ICMP error");
}

/* "SYN in frame 1", and how long after the step before it. */
static void
say_moment(const place *p, const char *between, const char *what, tcpshake_moment at, tcpshake_moment before)
{
    if (!at.frame)
        return;
    SAY("%s%s in frame %" PRIu32, between, what, at.frame);
    if (before.frame && at.time >= before.time && at.frame != before.frame)
        SAY(" (%s later)", said(at.time - before.time).text);
}

static void
say_handshake(const place *p)
{
    const tcpshake_conversation *const c = p->facts->conversation;

    say_moment(p, ": ", "SYN", c->syn, (tcpshake_moment){ 0 });
    say_moment(p, c->syn.frame ? ", " : ": ", "SYN-ACK", c->synack, c->syn);
    say_moment(p, c->syn.frame || c->synack.frame ? ", " : ": ", "ACK", c->ack, c->synack);
}

static void
say_not_opened(const place *p)
{
    const tcpshake_conversation *const c = p->facts->conversation;

    switch (p->facts->summary->handshake) {
    case TCPSHAKE_HANDSHAKE_UNANSWERED: SAY("Not opened: no answer to the SYN in frame %" PRIu32, c->syn.frame); break;
    case TCPSHAKE_HANDSHAKE_REFUSED:
        SAY("Not opened: the %s refused with the RST in frame %" PRIu32, tcpshake_role_names_en[c->reset_by],
            c->rst.frame);
        break;
    case TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP:
        SAY("Not opened: the ICMP error in frame %" PRIu32 " rejected the SYN", c->icmp_frame);
        break;
    case TCPSHAKE_HANDSHAKE_ABORTED:
        SAY("Not opened: the %s gave up with the RST in frame %" PRIu32, tcpshake_role_names_en[c->reset_by],
            c->rst.frame);
        break;
    default: SAY("Not opened: the handshake was not completed in this capture");
    }
}

SENTENCE(opened)
{
    switch (p->facts->summary->handshake) {
    case TCPSHAKE_HANDSHAKE_COMPLETE:
        SAY("Opened by the %s", tcpshake_role_names_en[p->facts->summary->opened_by]);
        say_handshake(p);
        break;
    case TCPSHAKE_HANDSHAKE_SIMULTANEOUS:
        SAY("Opened by both ends at once");
        say_handshake(p);
        break;
    case TCPSHAKE_HANDSHAKE_NOT_CAPTURED: SAY("Opened before the capture began"); break;
    default: say_not_opened(p);
    }
}

static void
say_reset(const place *p)
{
    const tcpshake_conversation *const c = p->facts->conversation;
    char                               evidence[160];

    SAY("the %s in frame %" PRIu32, tcpshake_role_names_en[p->facts->summary->reset_by], c->rst.frame);
    if (p->facts->summary->reset_cause == TCPSHAKE_CAUSE_UNKNOWN || !p->facts->name)
        return;
    SAY(". Likely: %s; %s", p->facts->name,
        tcpshake_text_reset_evidence(c, p->facts->summary, evidence, sizeof evidence));
}

static void
say_fins(const place *p)
{
    const tcpshake_conversation *const c = p->facts->conversation;
    const bool                         together = c->fin1_ack.frame && c->fin1_ack.frame == c->fin2.frame;

    say_moment(p, ": ", "FIN", c->fin1, (tcpshake_moment){ 0 });
    say_moment(p, ", ", together ? "its ACK and the other FIN" : "its ACK", c->fin1_ack, c->fin1);
    if (!together)
        say_moment(p, ", ", "the other FIN", c->fin2, c->fin1_ack.frame < c->fin2.frame ? c->fin1_ack : c->fin1);
    say_moment(p, ", ", "its ACK", c->fin2_ack, c->fin2);
}

SENTENCE(closed)
{
    const tcpshake_summary *const summary = p->facts->summary;
    const char *const             closer = tcpshake_role_names_en[summary->closed_by];

    switch (summary->teardown) {
    case TCPSHAKE_TEARDOWN_FOUR_SEGMENTS:
    case TCPSHAKE_TEARDOWN_THREE_SEGMENTS:
        if (summary->closed_by)
            SAY("Closed by the %s", closer);
        else
            SAY("Closed; who began is not in this capture");
        say_fins(p);
        break;
    case TCPSHAKE_TEARDOWN_SIMULTANEOUS:
        SAY("Closed by both ends at once");
        say_fins(p);
        break;
    case TCPSHAKE_TEARDOWN_HALF_CLOSED:
    case TCPSHAKE_TEARDOWN_IN_PROGRESS:
        SAY("Closing was not finished in this capture");
        say_fins(p);
        break;
    case TCPSHAKE_TEARDOWN_RESET:
        SAY("Ended by a RST of ");
        say_reset(p);
        break;
    case TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING:
        SAY("Closing began");
        say_fins(p);
        SAY("; ended by a RST of ");
        say_reset(p);
        break;
    default:
        if (summary->handshake == TCPSHAKE_HANDSHAKE_COMPLETE ||
            summary->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS ||
            summary->handshake == TCPSHAKE_HANDSHAKE_NOT_CAPTURED)
            SAY("Not closed in this capture");
    }
}

SENTENCE(time_wait)
{
    const tcpshake_summary *const      summary = p->facts->summary;
    const tcpshake_conversation *const c = p->facts->conversation;

    if (summary->time_wait_owner)
        SAY("%s hold%s TIME-WAIT from frame %" PRIu32 " until %s (%s, twice the MSL)",
            summary->time_wait_owner == TCPSHAKE_BOTH     ? "Both ends"
            : summary->time_wait_owner == TCPSHAKE_CLIENT ? "The client"
                                                          : "The server",
            summary->time_wait_owner == TCPSHAKE_BOTH ? "" : "s", c->time_wait.frame, p->facts->clock,
            said(summary->time_wait_until - c->time_wait.time).text);
    else if (c->rst.frame)
        SAY("Nobody holds TIME-WAIT");
}

SENTENCE(slant)
{
    SAY("Arrows slope by the time on the way, about %s from end to end; each line's time is when the capture saw it",
        said(p->facts->duration).text);
}

SENTENCE(no_slant)
{
    SAY("Level arrows: this capture does not tell how long the way takes");
}

SENTENCE(no_flags)
{
    SAY("no flags");
}
SENTENCE(no_such_stream)
{
    SAY("This capture has no tcp.stream %" PRIu64, p->facts->number);
}
SENTENCE(not_a_number)
{
    SAY("\"%s\" is not the number of a tcp.stream", p->facts->name);
}
SENTENCE(no_file)
{
    SAY("%s needs the name of a file: %s,STREAM,FILE.svg", p->facts->name, p->facts->name);
}
SENTENCE(cannot_write)
{
    SAY("%s cannot be written: %s", p->facts->name, p->facts->clock);
}

#undef SENTENCE
#define SENTENCE(name) [TCPSHAKE_STORY_##name] = say_##name,

static void (*const sentences[])(const place *p) = {
#include "../story.def"
};

void
tcpshake_say_story_en(tcpshake_story_sentence sentence, const tcpshake_story_facts *facts, char *text, size_t size)
{
    const place p = { facts, text, size };

    sentences[sentence](&p);
}
