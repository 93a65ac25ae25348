/* sentences_en.c
 * The sentences in English.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../parts.h"

#include <inttypes.h>

const char *const tcpshake_role_names_en[] = { "nobody", "client", "server", "both ends" };

void
tcpshake_say_duration_en(int64_t duration, char *text, size_t size)
{
    tcpshake_append_duration(duration, " s", " ms", " µs", text, size);
}

static const char *
role_name(const tcpshake_conversation *conversation, int end)
{
    return tcpshake_role_names_en[tcpshake_role_of(conversation, end)];
}

static void
verdict_icmp(const tcpshake_conversation *conversation, char *text, size_t size)
{
    char number[32];

    for (uint32_t i = 0; i < conversation->finding_count; i++) {
        const tcpshake_finding *const finding = &conversation->findings[i];
        if (finding->anomaly != TCPSHAKE_ANOMALY_icmp_rejected)
            continue;
        tcpshake_append(text, size, "rejected by ICMP after %s: %s", said(finding->duration).text,
                        tcpshake_icmp_name_en(finding->icmp, number, sizeof number));
        return;
    }
}

static void
verdict_unanswered(const tcpshake_conversation *conversation, int64_t end, char *text, size_t size)
{
    const tcpshake_attempt attempt = tcpshake_attempt_of(conversation);

    if (attempt.refused_frame)
        tcpshake_append(text, size, "refused in frame %" PRIu32 ", then ", attempt.refused_frame);
    tcpshake_append(text, size, "no answer to %" PRIu32 " SYN%s in %s", attempt.syns, attempt.syns == 1 ? "" : "s",
                    said(end - attempt.syn.time).text);
}

static void
verdict_opening(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    const int64_t end = knowledge->hindsight ? knowledge->capture_end : conversation->last.time;
    const int64_t waited = end - conversation->first.time;

    switch (summary->handshake) {
    case TCPSHAKE_HANDSHAKE_COMPLETE:
        if (summary->connection_time == TCPSHAKE_NO_TIME)
            tcpshake_append(text, size, "established");
        else
            tcpshake_append(text, size, "established in %s", said(summary->connection_time).text);
        break;
    case TCPSHAKE_HANDSHAKE_SIMULTANEOUS:
        tcpshake_append(text, size, "opened by both ends at once in %s", said(summary->connection_time).text);
        break;
    case TCPSHAKE_HANDSHAKE_UNANSWERED: verdict_unanswered(conversation, end, text, size); break;
    case TCPSHAKE_HANDSHAKE_REFUSED:
        tcpshake_append(text, size, "refused by the %s after %s", tcpshake_role_names_en[conversation->reset_by],
                        said(conversation->rst.time - conversation->first.time).text);
        break;
    case TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP: verdict_icmp(conversation, text, size); break;
    case TCPSHAKE_HANDSHAKE_ABORTED:
        tcpshake_append(text, size, "aborted by the %s in the handshake after %s",
                        tcpshake_role_names_en[conversation->reset_by],
                        said(conversation->rst.time - conversation->first.time).text);
        break;
    case TCPSHAKE_HANDSHAKE_HALF_OPEN:
        tcpshake_append(text, size, "half-open: the handshake was not completed in %s", said(waited).text);
        break;
    case TCPSHAKE_HANDSHAKE_TIMED_OUT:
        tcpshake_append(text, size, "timed out: the handshake was not completed in %s", said(waited).text);
        break;
    case TCPSHAKE_HANDSHAKE_NOT_CAPTURED: tcpshake_append(text, size, "opened before the capture"); break;
    default: tcpshake_append(text, size, "handshake in progress"); break;
    }
}

static void
verdict_closing(const tcpshake_conversation *conversation, const tcpshake_summary *summary, char *text, size_t size)
{
    static const char *const ways[] = {
        [TCPSHAKE_TEARDOWN_FOUR_SEGMENTS] = "four segments",
        [TCPSHAKE_TEARDOWN_THREE_SEGMENTS] = "three segments",
    };
    const char *const closer = tcpshake_role_names_en[summary->closed_by];

    switch (summary->teardown) {
    case TCPSHAKE_TEARDOWN_FOUR_SEGMENTS:
    case TCPSHAKE_TEARDOWN_THREE_SEGMENTS:
        tcpshake_append(text, size, ", closed by the %s, %s", closer, ways[summary->teardown]);
        break;
    case TCPSHAKE_TEARDOWN_SIMULTANEOUS: tcpshake_append(text, size, ", closed by both ends at once"); break;
    case TCPSHAKE_TEARDOWN_HALF_CLOSED:
        tcpshake_append(
            text, size, ", half-closed by the %s, the %s has not closed", closer,
            tcpshake_role_names_en[summary->closed_by == TCPSHAKE_CLIENT ? TCPSHAKE_SERVER : TCPSHAKE_CLIENT]);
        break;
    case TCPSHAKE_TEARDOWN_IN_PROGRESS:
        if (!summary->closed_by)
            tcpshake_append(text, size, ", closing; who began is not in this capture");
        else if (conversation->fin2.frame)
            tcpshake_append(text, size, ", closed by the %s, the last ACK is not in this capture", closer);
        else
            tcpshake_append(text, size, ", %s began to close, not finished", closer);
        break;
    case TCPSHAKE_TEARDOWN_RESET:
        tcpshake_append(text, size, ", reset by the %s", tcpshake_role_names_en[summary->reset_by]);
        break;
    case TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING:
        tcpshake_append(text, size, ", %s began to close, reset by the %s %s later", closer,
                        tcpshake_role_names_en[summary->reset_by],
                        said(conversation->rst.time - conversation->fin1.time).text);
        break;
    default:
        if (summary->handshake == TCPSHAKE_HANDSHAKE_COMPLETE ||
            summary->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS ||
            summary->handshake == TCPSHAKE_HANDSHAKE_NOT_CAPTURED)
            tcpshake_append(text, size, ", not closed in this capture");
        break;
    }
}

void
tcpshake_say_verdict_en(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                        const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    verdict_opening(conversation, summary, knowledge, text, size);
    verdict_closing(conversation, summary, text, size);
}

static void
note_syn(const tcpshake_conversation *conversation, const tcpshake_segment *segment, char *text, size_t size)
{
    const tcpshake_end *const peer = &conversation->end[TCPSHAKE_OTHER(segment->from)];
    const char *const         who = role_name(conversation, segment->from);
    const bool                known = (peer->flags & TCPSHAKE_END_HAS_ISN) != 0;
    const uint32_t            data = known ? segment->ack - peer->isn - 1 : 0; /* of a Fast Open SYN */
    const uint32_t            heard = known ? peer->isn : segment->ack - 1;

    if (!(segment->flags & TCPSHAKE_ACK)) {
        tcpshake_append(text, size, "SYN(%" PRIu32 "): the %s asks to open, and numbers its bytes from %" PRIu32,
                        segment->seq, who, segment->seq);
        return;
    }
    tcpshake_append(text, size,
                    "SYN(%" PRIu32 "): the %s agrees, and numbers its own bytes from %" PRIu32 "; ACK(%" PRIu32
                    ") = %" PRIu32 " + 1",
                    segment->seq, who, segment->seq, segment->ack, heard);
    if (data)
        tcpshake_append(text, size, " + %" PRIu32 ": it heard exactly that SYN and its data", data);
    else
        tcpshake_append(text, size, ": it heard exactly that SYN");
}

static void
note_acks(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view,
          char *text, size_t size)
{
    const tcpshake_end *const peer = &conversation->end[TCPSHAKE_OTHER(segment->from)];
    const char *const         who = role_name(conversation, segment->from);
    const char *const         other = role_name(conversation, TCPSHAKE_OTHER(segment->from));

    if (view->steps & TCPSHAKE_STEP_ACK)
        tcpshake_append(text, size,
                        "ACK(%" PRIu32 ") = %" PRIu32
                        " + 1: the %s heard exactly the %s's SYN; now both numbers are confirmed",
                        peer->isn + 1, peer->isn, who, other);
    if (view->steps & (TCPSHAKE_STEP_FIN1_ACK | TCPSHAKE_STEP_FIN2_ACK))
        tcpshake_append(text, size,
                        "%sACK(%" PRIu32 ") = %" PRIu32 " + 1: the %s knows that the %s has sent everything",
                        text[0] ? "; " : "", peer->fin_seq + 1, peer->fin_seq, who, other);
}

static void
note_reset(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view,
           char *text, size_t size)
{
    const char *const who = role_name(conversation, segment->from);
    const uint8_t     state = view->sender == TCPSHAKE_CLIENT ? view->client_state : view->server_state;
    const bool refuses = conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED && view->sender == TCPSHAKE_SERVER;

    if (refuses && segment->flags & TCPSHAKE_ACK)
        tcpshake_append(text, size, "RST, ACK(%" PRIu32 ") = %" PRIu32 " + 1: the %s refuses exactly that SYN",
                        segment->ack, segment->ack - 1, who);
    else if (state == TCPSHAKE_SYN_SENT)
        tcpshake_append(text, size,
                        "RST(%" PRIu32
                        "): the %s knows of no connection with that number, and still waits for its SYN-ACK",
                        segment->seq, who);
    else
        tcpshake_append(text, size, "RST(%" PRIu32 "): the %s ends it at once, without waiting for what is under way",
                        segment->seq, who);
}

void
tcpshake_say_note_en(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                     const tcpshake_view *view, char *text, size_t size)
{
    const char *const who = role_name(conversation, segment->from);

    if (view->steps & (TCPSHAKE_STEP_SYN | TCPSHAKE_STEP_SYN_ACK))
        note_syn(conversation, segment, text, size);
    note_acks(conversation, segment, view, text, size);
    if (view->steps & (TCPSHAKE_STEP_FIN1 | TCPSHAKE_STEP_FIN2))
        tcpshake_append(text, size, "%sFIN(%" PRIu32 "): the %s has sent everything; ACK(%" PRIu32 ") will confirm it",
                        text[0] ? "; " : "", segment->seq + segment->length, who, segment->seq + segment->length + 1);
    if (view->steps & TCPSHAKE_STEP_RST)
        note_reset(conversation, segment, view, text, size);
}

void
tcpshake_say_reset_evidence_en(const tcpshake_conversation *conversation, const tcpshake_summary *summary, char *text,
                               size_t size)
{
    const int end = summary->reset_by == TCPSHAKE_CLIENT ? conversation->client : TCPSHAKE_OTHER(conversation->client);
    const char *const who = tcpshake_role_names_en[summary->reset_by];
    const unsigned    ttl = conversation->end[end].ttl;

    switch (summary->reset_cause) {
    case TCPSHAKE_CAUSE_REFUSED: tcpshake_append(text, size, "it acknowledges the SYN"); break;
    case TCPSHAKE_CAUSE_ABORTED: tcpshake_append(text, size, "it has the %s's next number and an ACK", who); break;
    case TCPSHAKE_CAUSE_DATA_AFTER_CLOSE:
        tcpshake_append(text, size, "the %s had sent its FIN, and data came after that", who);
        break;
    case TCPSHAKE_CAUSE_NO_SUCH_CONNECTION:
        tcpshake_append(text, size,
                        "it answers a segment at once, with the number that this acknowledges and without an ACK");
        break;
    case TCPSHAKE_CAUSE_HANDSHAKE_ABORT: tcpshake_append(text, size, "the handshake was not complete"); break;
    case TCPSHAKE_CAUSE_IN_TIME_WAIT:
        tcpshake_append(text, size, "TIME-WAIT had begun in frame %" PRIu32, conversation->time_wait.frame);
        break;
    case TCPSHAKE_CAUSE_IDLE_EXPIRY:
        tcpshake_append(text, size, "the %s of silence before it are the longest", said(summary->reset_idle).text);
        break;
    case TCPSHAKE_CAUSE_FOREIGN:
        if (ttl != conversation->reset_ttl)
            tcpshake_append(text, size, "its TTL is %u, the %s's other packets had %u", conversation->reset_ttl, who,
                            ttl);
        else
            tcpshake_append(text, size, "its IP identification does not follow on the %s's others", who);
        break;
    case TCPSHAKE_CAUSE_UNKNOWN: tcpshake_append(text, size, "nothing tells"); break;
    default: break;
    }
}
