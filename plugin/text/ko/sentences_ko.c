/* sentences_ko.c
 * The sentences in Korean. Particles behind a role are those behind a vowel: both 클라이언트 and 서버 end with one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../parts.h"

#include <inttypes.h>

const char *const tcpshake_role_names_ko[] = { "알 수 없음", "클라이언트", "서버", "양쪽" };

void
tcpshake_say_duration_ko(int64_t duration, char *text, size_t size)
{
    tcpshake_append_duration(duration, "초", "ms", "µs", text, size);
}

static const char *
role_name(const tcpshake_conversation *conversation, int end)
{
    return tcpshake_role_names_ko[tcpshake_role_of(conversation, end)];
}

/* ---- the verdict ---- */

static void
verdict_icmp(const tcpshake_conversation *conversation, char *text, size_t size)
{
    char number[32];

    for (uint32_t i = 0; i < conversation->finding_count; i++) {
        const tcpshake_finding *const finding = &conversation->findings[i];
        if (finding->anomaly != TCPSHAKE_ANOMALY_icmp_rejected)
            continue;
        tcpshake_append(text, size, "%s 만에 ICMP 오류로 거부됨: %s", said(finding->duration).text,
                        tcpshake_icmp_name_ko(finding->icmp, number, sizeof number));
        return;
    }
}

static void
verdict_unanswered(const tcpshake_conversation *conversation, int64_t end, char *text, size_t size)
{
    const tcpshake_attempt attempt = tcpshake_attempt_of(conversation);

    if (attempt.refused_frame)
        tcpshake_append(text, size, "프레임 %" PRIu32 "에서 거부된 뒤 ", attempt.refused_frame);
    tcpshake_append(text, size, "SYN %" PRIu32 "개에 %s 동안 응답 없음", attempt.syns,
                    said(end - attempt.syn.time).text);
}

static void
verdict_opening(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    const int64_t end = knowledge->hindsight ? knowledge->capture_end : conversation->last.time;
    const int64_t waited = end - conversation->first.time,
                  until_rst = conversation->rst.time - conversation->first.time;
    const char *const resetter = tcpshake_role_names_ko[conversation->reset_by];

    switch (summary->handshake) {
    case TCPSHAKE_HANDSHAKE_COMPLETE:
        if (summary->connection_time != TCPSHAKE_NO_TIME)
            tcpshake_append(text, size, "%s 만에 ", said(summary->connection_time).text);
        tcpshake_append(text, size, "연결됨");
        break;
    case TCPSHAKE_HANDSHAKE_SIMULTANEOUS:
        tcpshake_append(text, size, "양쪽이 동시에 열어 %s 만에 연결됨", said(summary->connection_time).text);
        break;
    case TCPSHAKE_HANDSHAKE_UNANSWERED: verdict_unanswered(conversation, end, text, size); break;
    case TCPSHAKE_HANDSHAKE_REFUSED:
        tcpshake_append(text, size, "%s 만에 %s가 거부함", said(until_rst).text, resetter);
        break;
    case TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP: verdict_icmp(conversation, text, size); break;
    case TCPSHAKE_HANDSHAKE_ABORTED:
        tcpshake_append(text, size, "핸드셰이크 도중 %s 만에 %s가 중단함", said(until_rst).text, resetter);
        break;
    case TCPSHAKE_HANDSHAKE_HALF_OPEN:
        tcpshake_append(text, size, "반쯤 열림(half-open): %s 동안 핸드셰이크가 끝나지 않음", said(waited).text);
        break;
    case TCPSHAKE_HANDSHAKE_TIMED_OUT:
        tcpshake_append(text, size, "연결 시간 초과: %s 동안 핸드셰이크가 끝나지 않음", said(waited).text);
        break;
    case TCPSHAKE_HANDSHAKE_NOT_CAPTURED: tcpshake_append(text, size, "캡처 전에 열린 연결"); break;
    default: tcpshake_append(text, size, "핸드셰이크 진행 중"); break;
    }
}

static void
verdict_closing(const tcpshake_conversation *conversation, const tcpshake_summary *summary, char *text, size_t size)
{
    const bool        three = summary->teardown == TCPSHAKE_TEARDOWN_THREE_SEGMENTS;
    const char *const closer = tcpshake_role_names_ko[summary->closed_by];
    const char *const resetter = tcpshake_role_names_ko[summary->reset_by];

    switch (summary->teardown) {
    case TCPSHAKE_TEARDOWN_FOUR_SEGMENTS:
    case TCPSHAKE_TEARDOWN_THREE_SEGMENTS:
        tcpshake_append(text, size, ", %s가 먼저 닫음, 세그먼트 %s 개", closer, three ? "세" : "네");
        break;
    case TCPSHAKE_TEARDOWN_SIMULTANEOUS: tcpshake_append(text, size, ", 양쪽이 동시에 닫음"); break;
    case TCPSHAKE_TEARDOWN_HALF_CLOSED:
        tcpshake_append(
            text, size, ", %s만 닫음(half-close), %s는 닫지 않음", closer,
            tcpshake_role_names_ko[summary->closed_by == TCPSHAKE_CLIENT ? TCPSHAKE_SERVER : TCPSHAKE_CLIENT]);
        break;
    case TCPSHAKE_TEARDOWN_IN_PROGRESS:
        if (!summary->closed_by)
            tcpshake_append(text, size, ", 닫는 중. 어느 쪽이 시작했는지는 캡처에 없음");
        else if (conversation->fin2.frame)
            tcpshake_append(text, size, ", %s가 먼저 닫음, 마지막 ACK는 캡처에 없음", closer);
        else
            tcpshake_append(text, size, ", %s가 닫기 시작했으나 끝나지 않음", closer);
        break;
    case TCPSHAKE_TEARDOWN_RESET: tcpshake_append(text, size, ", %s가 RST로 끊음", resetter); break;
    case TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING:
        tcpshake_append(text, size, ", %s가 닫기 시작했으나 %s 뒤 %s가 RST로 끊음", closer,
                        said(conversation->rst.time - conversation->fin1.time).text, resetter);
        break;
    default:
        if (summary->handshake == TCPSHAKE_HANDSHAKE_COMPLETE ||
            summary->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS ||
            summary->handshake == TCPSHAKE_HANDSHAKE_NOT_CAPTURED)
            tcpshake_append(text, size, ", 캡처가 끝날 때까지 닫히지 않음");
        break;
    }
}

void
tcpshake_say_verdict_ko(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                        const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    verdict_opening(conversation, summary, knowledge, text, size);
    verdict_closing(conversation, summary, text, size);
}

/* ---- notes ---- */

static void
note_syn(const tcpshake_conversation *conversation, const tcpshake_segment *segment, char *text, size_t size)
{
    const tcpshake_end *const peer = &conversation->end[TCPSHAKE_OTHER(segment->from)];
    const bool     known = (peer->flags & TCPSHAKE_END_HAS_ISN) != 0, answers = (segment->flags & TCPSHAKE_ACK) != 0;
    const uint32_t data = known ? segment->ack - peer->isn - 1 : 0; /* of a Fast Open SYN */

    tcpshake_append(text, size, "SYN(%" PRIu32 "): %s가 %s, 자기 바이트에 %" PRIu32 "부터 번호를 매긴다", segment->seq,
                    role_name(conversation, segment->from), answers ? "연결을 받아들이고" : "연결을 요청하고",
                    segment->seq);
    if (!answers)
        return;
    tcpshake_append(text, size, "; ACK(%" PRIu32 ") = %" PRIu32 " + 1", segment->ack,
                    known ? peer->isn : segment->ack - 1);
    if (data)
        tcpshake_append(text, size, " + %" PRIu32 ": 바로 그 SYN과 그 데이터를 받았다", data);
    else
        tcpshake_append(text, size, ": 바로 그 SYN을 받았다");
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
                        " + 1: %s가 %s의 바로 그 SYN을 받았다. 이제 두 번호가 모두 확인되었다",
                        peer->isn + 1, peer->isn, who, other);
    if (view->steps & (TCPSHAKE_STEP_FIN1_ACK | TCPSHAKE_STEP_FIN2_ACK))
        tcpshake_append(text, size, "%sACK(%" PRIu32 ") = %" PRIu32 " + 1: %s가 다 보냈음을 %s가 안다",
                        text[0] ? "; " : "", peer->fin_seq + 1, peer->fin_seq, other, who);
}

static void
note_reset(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view,
           char *text, size_t size)
{
    const char *const who = role_name(conversation, segment->from);
    const uint8_t     state = view->sender == TCPSHAKE_CLIENT ? view->client_state : view->server_state;
    const bool refuses = conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED && view->sender == TCPSHAKE_SERVER;

    if (refuses && segment->flags & TCPSHAKE_ACK)
        tcpshake_append(text, size, "RST, ACK(%" PRIu32 ") = %" PRIu32 " + 1: %s가 바로 그 SYN을 거부한다",
                        segment->ack, segment->ack - 1, who);
    else if (state == TCPSHAKE_SYN_SENT)
        tcpshake_append(text, size, "RST(%" PRIu32 "): %s에는 그 번호의 연결이 없다. 아직 SYN-ACK를 기다린다",
                        segment->seq, who);
    else
        tcpshake_append(text, size, "RST(%" PRIu32 "): %s가 오가는 중인 데이터를 기다리지 않고 바로 끊는다",
                        segment->seq, who);
}

void
tcpshake_say_note_ko(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                     const tcpshake_view *view, char *text, size_t size)
{
    const uint32_t fin = segment->seq + segment->length;

    if (view->steps & (TCPSHAKE_STEP_SYN | TCPSHAKE_STEP_SYN_ACK))
        note_syn(conversation, segment, text, size);
    note_acks(conversation, segment, view, text, size);
    if (view->steps & (TCPSHAKE_STEP_FIN1 | TCPSHAKE_STEP_FIN2))
        tcpshake_append(text, size, "%sFIN(%" PRIu32 "): %s가 다 보냈다. ACK(%" PRIu32 ")로 확인된다",
                        text[0] ? "; " : "", fin, role_name(conversation, segment->from), fin + 1);
    if (view->steps & TCPSHAKE_STEP_RST)
        note_reset(conversation, segment, view, text, size);
}

/* ---- why it was reset ---- */

void
tcpshake_say_reset_evidence_ko(const tcpshake_conversation *conversation, const tcpshake_summary *summary, char *text,
                               size_t size)
{
    const int end = summary->reset_by == TCPSHAKE_CLIENT ? conversation->client : TCPSHAKE_OTHER(conversation->client);
    const char *const who = tcpshake_role_names_ko[summary->reset_by];
    const unsigned    ttl = conversation->end[end].ttl;

    switch (summary->reset_cause) {
    case TCPSHAKE_CAUSE_REFUSED: tcpshake_append(text, size, "SYN을 확인하는 RST이다"); break;
    case TCPSHAKE_CAUSE_ABORTED: tcpshake_append(text, size, "%s가 보낼 다음 번호이고 ACK가 있다", who); break;
    case TCPSHAKE_CAUSE_DATA_AFTER_CLOSE: tcpshake_append(text, size, "%s가 FIN을 보낸 뒤에 데이터가 왔다", who); break;
    case TCPSHAKE_CAUSE_NO_SUCH_CONNECTION:
        tcpshake_append(text, size, "세그먼트에 바로 답하며, 그 확인 번호를 쓰고 ACK가 없다");
        break;
    case TCPSHAKE_CAUSE_HANDSHAKE_ABORT: tcpshake_append(text, size, "핸드셰이크가 끝나지 않았다"); break;
    case TCPSHAKE_CAUSE_IN_TIME_WAIT:
        tcpshake_append(text, size, "프레임 %" PRIu32 "에서 TIME-WAIT가 시작되었다", conversation->time_wait.frame);
        break;
    case TCPSHAKE_CAUSE_IDLE_EXPIRY:
        tcpshake_append(text, size, "그 앞의 침묵 %s가 가장 길다", said(summary->reset_idle).text);
        break;
    case TCPSHAKE_CAUSE_FOREIGN:
        if (ttl != conversation->reset_ttl)
            tcpshake_append(text, size, "TTL은 %u, %s의 다른 패킷은 %u", conversation->reset_ttl, who, ttl);
        else
            tcpshake_append(text, size, "IP 식별자가 %s의 다른 패킷과 이어지지 않는다", who);
        break;
    case TCPSHAKE_CAUSE_UNKNOWN: tcpshake_append(text, size, "알 수 없다"); break;
    default: break;
    }
}
