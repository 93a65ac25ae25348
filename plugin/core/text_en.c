/* text_en.c
 * The sentences in English.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text.h"

#include <glib.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DURATION_SIZE = 24 };

/* By then a SYN without an answer is sent again (RFC 6298 section 2). */
static const int64_t RETRANSMISSION = INT64_C(1000) * 1000 * 1000;

static const char *const role_names[] = { "nobody", "client", "server", "both ends" };

static const char *
role_name(const tcpshake_conversation *conversation, int end)
{
    return role_names[tcpshake_role_of(conversation, end)];
}

static void append(char *text, size_t size, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* Adds to what text holds; what does not fit is cut. */
static void
append(char *text, size_t size, const char *format, ...)
{
    const size_t used = strlen(text);
    va_list      arguments;

    va_start(arguments, format);
    vsnprintf(text + used, size - used, format, arguments);
    va_end(arguments);
}

const char *
tcpshake_text_duration(int64_t duration, char *text, size_t size)
{
    const double seconds = (double)duration / 1e9;

    if (seconds >= 99.95)
        snprintf(text, size, "%.0f s", seconds);
    else if (seconds >= 0.9995)
        snprintf(text, size, "%.1f s", seconds);
    else if (seconds >= 0.00995)
        snprintf(text, size, "%.0f ms", seconds * 1e3);
    else
        snprintf(text, size, "%.1f ms", seconds * 1e3);
    return text;
}

typedef struct duration_text {
    char text[DURATION_SIZE];
} duration_text;

static duration_text
said(int64_t duration)
{
    duration_text said;

    tcpshake_text_duration(duration, said.text, sizeof said.text);
    return said;
}

static void
verdict_opening(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    const uint32_t syns = conversation->end[conversation->client].syn_count;
    const int64_t  waited = (knowledge->hindsight ? knowledge->capture_end : conversation->last.time) - conversation->first.time;

    switch (summary->handshake) {
    case TCPSHAKE_HANDSHAKE_COMPLETE:
        if (summary->connection_time == TCPSHAKE_NO_TIME)
            append(text, size, "established");
        else
            append(text, size, "established in %s", said(summary->connection_time).text);
        break;
    case TCPSHAKE_HANDSHAKE_SIMULTANEOUS:
        append(text, size, "opened by both ends at once in %s", said(summary->connection_time).text);
        break;
    case TCPSHAKE_HANDSHAKE_UNANSWERED:
        append(text, size, "no answer to %" PRIu32 " SYN%s in %s", syns, syns == 1 ? "" : "s", said(waited).text);
        break;
    case TCPSHAKE_HANDSHAKE_REFUSED:
        append(text, size, "refused by the %s after %s", role_names[conversation->reset_by],
               said(conversation->rst.time - conversation->first.time).text);
        break;
    case TCPSHAKE_HANDSHAKE_ABORTED:
        append(text, size, "aborted by the %s in the handshake after %s", role_names[conversation->reset_by],
               said(conversation->rst.time - conversation->first.time).text);
        break;
    case TCPSHAKE_HANDSHAKE_HALF_OPEN:
        append(text, size, "half-open: the handshake was not completed in %s", said(waited).text);
        break;
    case TCPSHAKE_HANDSHAKE_TIMED_OUT:
        append(text, size, "timed out: the handshake was not completed in %s", said(waited).text);
        break;
    case TCPSHAKE_HANDSHAKE_NOT_CAPTURED:
        append(text, size, "opened before the capture");
        break;
    default:
        append(text, size, "handshake in progress");
        break;
    }
}

static void
verdict_closing(const tcpshake_conversation *conversation, const tcpshake_summary *summary, char *text, size_t size)
{
    static const char *const ways[] = {
        [TCPSHAKE_TEARDOWN_FOUR_SEGMENTS] = "four segments",
        [TCPSHAKE_TEARDOWN_THREE_SEGMENTS] = "three segments",
    };
    const char *const closer = role_names[summary->closed_by];

    switch (summary->teardown) {
    case TCPSHAKE_TEARDOWN_FOUR_SEGMENTS:
    case TCPSHAKE_TEARDOWN_THREE_SEGMENTS:
        append(text, size, ", closed by the %s, %s", closer, ways[summary->teardown]);
        break;
    case TCPSHAKE_TEARDOWN_SIMULTANEOUS:
        append(text, size, ", closed by both ends at once");
        break;
    case TCPSHAKE_TEARDOWN_HALF_CLOSED:
        append(text, size, ", half-closed by the %s, the %s has not closed", closer,
               role_names[summary->closed_by == TCPSHAKE_CLIENT ? TCPSHAKE_SERVER : TCPSHAKE_CLIENT]);
        break;
    case TCPSHAKE_TEARDOWN_IN_PROGRESS:
        if (!summary->closed_by)
            append(text, size, ", closing; who began is not in this capture");
        else if (conversation->fin2.frame)
            append(text, size, ", closed by the %s, the last ACK is not in this capture", closer);
        else
            append(text, size, ", %s began to close, not finished", closer);
        break;
    case TCPSHAKE_TEARDOWN_RESET:
        append(text, size, ", reset by the %s", role_names[summary->reset_by]);
        break;
    case TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING:
        append(text, size, ", %s began to close, reset by the %s %s later", closer, role_names[summary->reset_by],
               said(conversation->rst.time - conversation->fin1.time).text);
        break;
    default:
        if (summary->handshake == TCPSHAKE_HANDSHAKE_COMPLETE || summary->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS ||
            summary->handshake == TCPSHAKE_HANDSHAKE_NOT_CAPTURED)
            append(text, size, ", not closed in this capture");
        break;
    }
}

const char *
tcpshake_text_verdict(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                      const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    text[0] = '\0';
    verdict_opening(conversation, summary, knowledge, text, size);
    verdict_closing(conversation, summary, text, size);
    return text;
}

static void
note_syn(const tcpshake_conversation *conversation, const tcpshake_segment *segment, char *text, size_t size)
{
    const tcpshake_end *const peer = &conversation->end[TCPSHAKE_OTHER(segment->from)];
    const char *const         who = role_name(conversation, segment->from);
    const bool                known = (peer->flags & TCPSHAKE_END_HAS_ISN) != 0;
    const uint32_t            data = known ? segment->ack - peer->isn - 1 : 0; /* of a Fast Open SYN */
    const uint32_t            heard = known ? peer->isn : segment->ack - 1;

    if (segment->flags & TCPSHAKE_ACK)
        append(text, size,
               "SYN(%" PRIu32 "): the %s agrees and numbers its own bytes from %" PRIu32 "; ACK(%" PRIu32 ") = %" PRIu32 " + 1%s",
               segment->seq, who, segment->seq, segment->ack, heard, data ? "" : ": it heard the SYN with that number");
    else
        append(text, size, "SYN(%" PRIu32 "): the %s asks to open and numbers its bytes from %" PRIu32, segment->seq, who,
               segment->seq);
    if (segment->flags & TCPSHAKE_ACK && data)
        append(text, size, " + %" PRIu32 ": it heard the SYN and its data", data);
}

static void
note_acks(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view,
          char *text, size_t size)
{
    const tcpshake_end *const peer = &conversation->end[TCPSHAKE_OTHER(segment->from)];
    const char *const         who = role_name(conversation, segment->from);
    const char *const         other = role_name(conversation, TCPSHAKE_OTHER(segment->from));

    if (view->steps & TCPSHAKE_STEP_ACK)
        append(text, size, "ACK(%" PRIu32 ") = %" PRIu32 " + 1: the %s heard the %s's SYN; both numbers are confirmed",
               peer->isn + 1, peer->isn, who, other);
    if (view->steps & (TCPSHAKE_STEP_FIN1_ACK | TCPSHAKE_STEP_FIN2_ACK))
        append(text, size, "%sACK(%" PRIu32 ") = %" PRIu32 " + 1: the %s knows that the %s has sent everything",
               text[0] ? "; " : "", peer->fin_seq + 1, peer->fin_seq, who, other);
}

static void
note_reset(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view, char *text,
           size_t size)
{
    const char *const who = role_name(conversation, segment->from);
    const bool        refuses = conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED && view->sender == TCPSHAKE_SERVER;

    if (refuses && segment->flags & TCPSHAKE_ACK)
        append(text, size, "RST, ACK(%" PRIu32 ") = %" PRIu32 " + 1: the %s refuses the SYN with that number", segment->ack,
               segment->ack - 1, who);
    else
        append(text, size, "RST(%" PRIu32 "): the %s ends it at once, without waiting for what is under way", segment->seq, who);
}

const char *
tcpshake_text_note(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view,
                   char *text, size_t size)
{
    const char *const who = role_name(conversation, segment->from);

    text[0] = '\0';
    if (view->steps & (TCPSHAKE_STEP_SYN | TCPSHAKE_STEP_SYN_ACK))
        note_syn(conversation, segment, text, size);
    note_acks(conversation, segment, view, text, size);
    if (view->steps & (TCPSHAKE_STEP_FIN1 | TCPSHAKE_STEP_FIN2))
        append(text, size, "%sFIN(%" PRIu32 "): the %s has sent everything; ACK(%" PRIu32 ") will confirm it",
               text[0] ? "; " : "", segment->seq + segment->length, who, segment->seq + segment->length + 1);
    if (view->steps & TCPSHAKE_STEP_RST)
        note_reset(conversation, segment, view, text, size);
    return text;
}

typedef struct sentence {
    const tcpshake_conversation *conversation;
    const tcpshake_finding      *finding;
    const tcpshake_knowledge    *knowledge;
    char                        *text;
    size_t                       size;
} sentence;

/* One function an anomaly, in a table by its number: an anomaly without a sentence does not link. */
#define SENTENCE(name) static void say_##name(const sentence *s)

SENTENCE(syn_retransmission)
{
    append(s->text, s->size, "SYN attempt %u, %s after the first (frame %" PRIu32 "), still without a SYN-ACK",
           s->finding->count, said(s->finding->duration).text, s->conversation->syn.frame);
}

SENTENCE(connection_timeout)
{
    append(s->text, s->size, "The handshake has taken %s, longer than the Connection Time limit",
           said(s->finding->duration).text);
}

SENTENCE(slow_handshake)
{
    append(s->text, s->size, "The handshake took %s from the first SYN (frame %" PRIu32 ") to its ACK",
           said(s->finding->duration).text, s->conversation->syn.frame);
}

SENTENCE(syn_unanswered)
{
    append(s->text, s->size, "No answer to %u SYN%s; the capture went on for %s", s->finding->count,
           s->finding->count == 1 ? "" : "s", said(s->finding->duration).text);
    if (s->finding->duration > RETRANSMISSION)
        append(s->text, s->size, ". Likely: a filter drops them, or there is no such host");
}

SENTENCE(connection_refused)
{
    append(s->text, s->size, "The SYN in frame %" PRIu32 " was refused after %s. Likely: nobody listens on that port",
           s->finding->other_frame, said(s->finding->duration).text);
}

SENTENCE(missing_handshake_ack)
{
    append(s->text, s->size, "The SYN-ACK in frame %" PRIu32 " is not acknowledged after %s",
           s->finding->other_frame ? s->finding->other_frame : s->finding->frame, said(s->finding->duration).text);
}

SENTENCE(synack_retransmission)
{
    append(s->text, s->size, "SYN-ACK attempt %u, %s after the first (frame %" PRIu32 ")", s->finding->count,
           said(s->finding->duration).text, s->conversation->synack.frame);
}

SENTENCE(handshake_ack_ignored)
{
    append(s->text, s->size,
           "The SYN-ACK comes again %s after its ACK (frame %" PRIu32
           "). Likely: the ACK was lost behind the capture point, or the listen backlog is full",
           said(s->finding->duration).text, s->finding->other_frame);
}

SENTENCE(simultaneous_open)
{
    append(s->text, s->size, "Both ends sent a SYN: this one crosses that of frame %" PRIu32, s->finding->other_frame);
}

SENTENCE(connection_reset)
{
    append(s->text, s->size, "The %s reset the open connection; ", role_name(s->conversation, s->finding->end));
    if (s->finding->number)
        append(s->text, s->size, "%" PRIu32 " bytes sent to it were not acknowledged", s->finding->number);
    else
        append(s->text, s->size, "everything sent to it was acknowledged");
}

SENTENCE(fin_retransmission)
{
    append(s->text, s->size, "FIN attempt %u of the %s, %s after the first", s->finding->count,
           role_name(s->conversation, s->finding->end), said(s->finding->duration).text);
}

SENTENCE(missing_fin_ack)
{
    append(s->text, s->size, "The FIN in frame %" PRIu32 " is not acknowledged after %s",
           s->finding->other_frame ? s->finding->other_frame : s->finding->frame, said(s->finding->duration).text);
}

SENTENCE(reset_while_closing)
{
    append(s->text, s->size, "The %s sends a RST %s after the FIN in frame %" PRIu32 ", in place of an orderly end",
           role_name(s->conversation, s->finding->end), said(s->finding->duration).text, s->finding->other_frame);
}

SENTENCE(simultaneous_close)
{
    append(s->text, s->size, "Both ends closed at once: this FIN crosses that of frame %" PRIu32, s->finding->other_frame);
}

SENTENCE(time_wait_lingering)
{
    const char *const holder = role_name(s->conversation, s->finding->end);

    if (s->finding->count)
        append(s->text, s->size, "The %s holds TIME-WAIT since %s and turns away the SYN in frame %" PRIu32, holder,
               said(s->finding->duration).text, s->finding->other_frame);
    else
        append(s->text, s->size, "The FIN comes again, %s after TIME-WAIT began: 2 MSL start anew at the %s",
               said(s->finding->duration).text, holder);
}

SENTENCE(time_wait_reuse)
{
    append(s->text, s->size, "The four-tuple opens again %s after TIME-WAIT began in frame %" PRIu32,
           said(s->finding->duration).text, s->finding->other_frame);
}

SENTENCE(handshake_not_captured)
{
    append(s->text, s->size, "The capture starts in the middle of this conversation; client and server are guessed by port");
}

static void (*const sentences[TCPSHAKE_ANOMALIES])(const sentence *) = {
#define ANOMALY(name, severity, group, source, summary) say_##name,
#include "anomalies.def"
#undef ANOMALY
};

const char *
tcpshake_text_finding(const tcpshake_conversation *conversation, const tcpshake_finding *finding,
                      const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    const sentence sentence = { conversation, finding, knowledge, text, size };

    text[0] = '\0';
    sentences[finding->anomaly](&sentence);
    return text;
}
