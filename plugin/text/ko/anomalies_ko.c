/* anomalies_ko.c
 * What the expert infos say in Korean: the numbers that prove it, then what is likely (추정). Likely is not proven.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../parts.h"

#include <inttypes.h>

/* By then a SYN without an answer is sent again (RFC 6298 section 2). */
static const int64_t RETRANSMISSION = INT64_C(1000) * 1000 * 1000;

static const char *
name_of(const tcpshake_sentence *s, int end)
{
    return tcpshake_role_names_ko[tcpshake_role_of(s->conversation, end)];
}

/* Who did it, and the other end. */
static const char *
who(const tcpshake_sentence *s)
{
    return name_of(s, s->finding->end);
}

static const char *
other(const tcpshake_sentence *s)
{
    return name_of(s, TCPSHAKE_OTHER(s->finding->end));
}

static tcpshake_duration_text
duration(const tcpshake_sentence *s)
{
    return said(s->finding->duration);
}

/* One function an anomaly, in a table by its number: an anomaly without a sentence does not link. */
#define SENTENCE(name) static void say_##name(const tcpshake_sentence *s)

/* ---- opening ---- */

SENTENCE(syn_retransmission)
{
    tcpshake_say(s, "SYN %u번째 시도, 처음(프레임 %" PRIu32 ")보다 %s 뒤, 아직 SYN-ACK 없음",
                 s->finding->attempt.number, s->conversation->syn.frame, duration(s).text);
    if (s->finding->attempt.refused_frame)
        tcpshake_say(s, "; 프레임 %" PRIu32 "에서 거부된 뒤 다시 시도, 이후 응답 없음",
                     s->finding->attempt.refused_frame);
}

SENTENCE(connection_timeout)
{
    tcpshake_say(s, "핸드셰이크에 %s 걸려 연결 시간(Connection Time) 한도를 넘음", duration(s).text);
    if (s->conversation->end[s->conversation->client].syn_count > 1)
        tcpshake_say(s, "; SYN을 %" PRIu32 "번 보냄", s->conversation->end[s->conversation->client].syn_count);
}

SENTENCE(slow_handshake)
{
    tcpshake_say(s, "첫 SYN(프레임 %" PRIu32 ")부터 ACK까지 핸드셰이크에 %s 걸림. 추정: 세그먼트 손실, 또는 먼 경로",
                 s->conversation->syn.frame, duration(s).text);
}

SENTENCE(syn_unanswered)
{
    if (s->finding->attempt.refused_frame)
        tcpshake_say(s, "프레임 %" PRIu32 "에서 거부된 뒤 ", s->finding->attempt.refused_frame);
    tcpshake_say(s, "SYN %u개에 응답 없음; 캡처는 그 뒤로 %s 더 이어짐", s->finding->attempt.number, duration(s).text);
    if (s->finding->duration > RETRANSMISSION)
        tcpshake_say(s, ". 추정: 방화벽이 버리거나, 그런 호스트가 없음");
}

SENTENCE(connection_refused)
{
    if (s->finding->attempt.number > 1)
        tcpshake_say(s, "SYN %u번째 시도(프레임 %" PRIu32 ")가 처음(프레임 %" PRIu32 ")부터 %s 뒤에 거부됨",
                     s->finding->attempt.number, s->finding->related_frame, s->conversation->syn.frame,
                     duration(s).text);
    else
        tcpshake_say(s, "프레임 %" PRIu32 "의 SYN이 %s 뒤에 거부됨", s->finding->related_frame, duration(s).text);
    if (s->finding->attempt.refused_frame)
        tcpshake_say(s, "; 프레임 %" PRIu32 "에서 거부된 뒤 다시 시도한 것", s->finding->attempt.refused_frame);
    tcpshake_say(s, ". 추정: 그 포트에서 아무도 기다리지(listen) 않음");
}

static const tcpshake_icmp_names icmp_names = {
    .unreachable = {
        "네트워크 도달 불가", "호스트 도달 불가", "프로토콜 도달 불가", "포트 도달 불가", NULL, "소스 라우팅 실패",
        "알 수 없는 네트워크", "알 수 없는 호스트", "격리된 송신 호스트", "금지된 네트워크", "금지된 호스트",
        "이 서비스로는 네트워크 도달 불가", "이 서비스로는 호스트 도달 불가", "관리 정책으로 금지됨", "호스트 우선순위 위반",
        "우선순위 미달로 차단",
    },
    .unreachable_6 = {
        "목적지로 가는 경로 없음", "관리 정책으로 금지됨", "출발지 주소의 범위를 벗어남", "주소 도달 불가", "포트 도달 불가",
        "출발지 주소가 정책에 어긋남", "거부된 경로",
    },
    .time_exceeded = "가는 길에 TTL이 다함",
    .other = "유형 %u, 코드 %u",
};

const char *
tcpshake_icmp_name_ko(tcpshake_icmp_kind error, char *text, size_t size)
{
    return tcpshake_icmp_name(&icmp_names, error, text, size);
}

SENTENCE(icmp_rejected)
{
    char              number[48];
    const char *const name = tcpshake_icmp_name_ko(s->finding->icmp, number, sizeof number);
    const char *const icmp = s->finding->icmp.version == 6 ? "ICMPv6" : "ICMP";

    if (s->finding->frame < s->finding->related_frame)
        tcpshake_say(s, "%s 뒤 프레임 %" PRIu32 "의 %s 오류로 거부됨: %s", duration(s).text, s->finding->related_frame,
                     icmp, name);
    else
        tcpshake_say(s, "프레임 %" PRIu32 "의 SYN을 %s 뒤에 거부함: %s", s->finding->related_frame, duration(s).text,
                     name);
    tcpshake_say(s, ". 추정: 중간의 방화벽이나 라우터, 또는 그 서비스가 없는 호스트");
}

SENTENCE(missing_handshake_ack)
{
    tcpshake_say(s,
                 "프레임 %" PRIu32
                 "의 SYN-ACK가 %s 지나도 확인되지 않음. 추정: 클라이언트에 닿지 않거나, 클라이언트 주소가 위조됨",
                 s->finding->related_frame ? s->finding->related_frame : s->finding->frame, duration(s).text);
}

SENTENCE(synack_retransmission)
{
    tcpshake_say(s, "SYN-ACK %u번째 시도, 처음(프레임 %" PRIu32 ")보다 %s 뒤", s->finding->attempt.number,
                 s->conversation->synack.frame, duration(s).text);
}

SENTENCE(handshake_ack_ignored)
{
    tcpshake_say(s,
                 "ACK(프레임 %" PRIu32
                 ")보다 %s 뒤에 SYN-ACK가 다시 옴. 추정: 서버가 데이터를 기다림(TCP_DEFER_ACCEPT), "
                 "캡처 지점 뒤에서 ACK 손실, 또는 listen 백로그가 가득 참",
                 s->finding->related_frame, duration(s).text);
}

SENTENCE(stale_ack)
{
    static const char *const then[] = {
        ". 클라이언트의 RST는 없었음",
        ". 클라이언트가 RST를 보냄",
        ". 클라이언트의 RST로 정리되어 다음 SYN은 SYN-ACK를 받음",
    };

    tcpshake_say(s, "프레임 %" PRIu32 "의 SYN에 ACK(%" PRIu32 ")로 답함: %s에 같은 주소·포트의 옛 연결이 남아 있음",
                 s->finding->related_frame, s->finding->ack.number, who(s));
    if (s->finding->ack.sequel || s->knowledge->hindsight)
        tcpshake_say(s, "%s", then[MIN(s->finding->ack.sequel, G_N_ELEMENTS(then) - 1)]);
}

SENTENCE(synack_bad_ack)
{
    const tcpshake_end *const client = &s->conversation->end[TCPSHAKE_OTHER(s->finding->end)];

    tcpshake_say(s,
                 "SYN-ACK의 확인 번호가 %" PRIu32 ", 프레임 %" PRIu32 "의 SYN에는 ISN + 1 = %" PRIu32
                 " 차례. 추정: 더 오래된 SYN의 응답, 또는 서버가 보낸 것이 아님",
                 s->finding->ack.number, s->finding->related_frame, client->isn + 1);
}

SENTENCE(handshake_bad_ack)
{
    const tcpshake_end *const server = &s->conversation->end[TCPSHAKE_OTHER(s->finding->end)];

    tcpshake_say(s,
                 "ACK(%" PRIu32 "), 프레임 %" PRIu32 "의 SYN-ACK에는 ISN + 1 = %" PRIu32
                 " 차례. 추정: 클라이언트에 옛 연결이 남았거나, 스캔",
                 s->finding->ack.number, s->finding->related_frame, server->isn + 1);
}

SENTENCE(synack_unsolicited)
{
    const tcpshake_end *const client = &s->conversation->end[TCPSHAKE_OTHER(s->finding->end)];

    if (client->flags & TCPSHAKE_END_SEEN && s->conversation->ack.frame)
        tcpshake_say(s, "앞선 SYN이 캡처에 없음; 클라이언트가 프레임 %" PRIu32 "에서 확인하므로 SYN을 보내기는 했음",
                     s->conversation->ack.frame);
    else
        tcpshake_say(s,
                     "앞선 SYN이 없음. 추정: 그사이에 캡처를 시작했거나, 누군가 이 주소를 SYN에 도용함(backscatter)");
}

SENTENCE(synack_from_client)
{
    tcpshake_say(s,
                 "프레임 %" PRIu32 "의 SYN을 보낸 %s가 SYN-ACK를 보냄, %s의 SYN은 없음. 추정: 위조, 또는 잘못된 스택",
                 s->finding->related_frame, who(s), other(s));
}

SENTENCE(synack_changed)
{
    tcpshake_say(s,
                 "프레임 %" PRIu32 "의 SYN-ACK와 달리 %s %" PRIu32
                 ". 추정: 두 서버가 응답(로드 밸런서, 주소 충돌), SYN 쿠키, 또는 위조",
                 s->finding->related_frame, s->finding->changed.is_seq ? "시작 번호가" : "확인 번호가",
                 s->finding->changed.number);
}

SENTENCE(syn_changed)
{
    const tcpshake_end *const client = &s->conversation->end[s->finding->end];

    tcpshake_say(s,
                 "프레임 %" PRIu32 "의 SYN(ISN %" PRIu32 ")이 기다리는데 %s 뒤에 ISN %" PRIu32
                 "의 SYN이 옴. 추정: 애플리케이션이 포기하고 같은 포트로 다시 연결",
                 s->finding->related_frame, s->finding->seq.number, duration(s).text, client->isn);
}

SENTENCE(syn_on_open_connection)
{
    tcpshake_say(s, "이미 쓰이는 연결의 SYN, 마지막 세그먼트는 %s 전의 프레임 %" PRIu32 "; ", duration(s).text,
                 s->finding->related_frame);
    if (s->finding->challenge.frame)
        tcpshake_say(s, "프레임 %" PRIu32 "에서 challenge ACK로 답함", s->finding->challenge.frame);
    else
        tcpshake_say(s, "challenge ACK가 %s 없음", s->knowledge->hindsight ? "끝까지" : "아직");
    tcpshake_say(s, ". 추정: 클라이언트가 다시 시작했거나, 위조된 SYN");
}

SENTENCE(syn_with_data)
{
    tcpshake_say(s, "Fast Open 옵션 없이 SYN에 데이터 %" PRIu32 "바이트. 추정: 스캔 또는 부하 발생기",
                 s->finding->data.bytes);
}

SENTENCE(tfo_data_rejected)
{
    tcpshake_say(s,
                 "SYN-ACK가 프레임 %" PRIu32 "의 SYN만 확인하고 데이터 %" PRIu32
                 "바이트는 확인하지 않아 다시 보내야 함. 추정: 오래된 쿠키, 또는 Fast Open이 꺼짐",
                 s->finding->related_frame, s->finding->data.bytes);
}

SENTENCE(simultaneous_open)
{
    tcpshake_say(s, "양쪽이 SYN을 보냄: 프레임 %" PRIu32 "의 SYN과 엇갈림", s->finding->related_frame);
}

SENTENCE(split_handshake)
{
    tcpshake_say(
        s,
        "%s가 프레임 %" PRIu32
        "의 SYN에 ACK 없는 SYN으로 답하고 SYN-ACK는 끝내 보내지 않음. 추정: 방화벽에 클라이언트로 보이려는 시도",
        who(s), s->finding->related_frame);
}

SENTENCE(handshake_aborted)
{
    tcpshake_say(
        s,
        "클라이언트가 SYN보다 %s 뒤, %s RST를 보냄. 추정: 포트 스캔, 상태 점검(health check), 또는 애플리케이션의 포기",
        duration(s).text, s->finding->abort.answered ? "SYN-ACK를 받고" : "응답이 오기 전에");
}

SENTENCE(early_data)
{
    tcpshake_say(s, "핸드셰이크가 끝나기 전에 %s의 데이터 %" PRIu32 "바이트, Fast Open 아님", who(s),
                 s->finding->data.bytes);
}

SENTENCE(bad_flags)
{
    char flags[TCPSHAKE_FLAGS_SIZE];

    tcpshake_say(s, "플래그 %s: 어떤 TCP도 이렇게 보내지 않음. 추정: 스캔, 또는 고장 난 장비",
                 tcpshake_flags_joined(s->finding->flags.set, "없음", flags, sizeof flags));
}

SENTENCE(isn_predictable)
{
    if (s->finding->isns.step)
        tcpshake_say(s, "%s의 ISN이 연결 %u개에 걸쳐 %" PRIu32 "씩 커짐", who(s), s->finding->isns.connections,
                     s->finding->isns.step);
    else
        tcpshake_say(s, "%s의 ISN이 연결 %u개에 걸쳐 되풀이됨", who(s), s->finding->isns.connections);
    tcpshake_say(s, ". 추정: 오래되었거나 단순한 스택, 또는 패킷을 직접 만드는 도구");
}

SENTENCE(syn_flood)
{
    tcpshake_say(s,
                 "이 서버 포트에 반쯤 열린(half-open) 연결이 동시에 %" PRIu32
                 "개. 추정: SYN 플러드, 스캔, 또는 감당하지 못하는 서버",
                 s->finding->group.size);
}

/* ---- open ---- */

SENTENCE(socket_timeout)
{
    tcpshake_say(s, "연결이 열린 채 프레임 %" PRIu32 "부터 %s 동안 아무것도 없어 소켓 시간(Socket Timeout) 한도를 넘음",
                 s->finding->related_frame, duration(s).text);
}

SENTENCE(read_timeout)
{
    if (s->finding->request.end == TCPSHAKE_REQUEST_ANSWERED)
        tcpshake_say(s, "프레임 %" PRIu32 "에서 끝난 요청이 응답의 첫 바이트를 %s 기다림", s->finding->related_frame,
                     duration(s).text);
    else if (s->finding->request.end == TCPSHAKE_REQUEST_GIVEN_UP)
        tcpshake_say(s, "이 요청은 %s 동안 응답이 없어 클라이언트가 포기함(프레임 %" PRIu32 ")", duration(s).text,
                     s->finding->related_frame);
    else
        tcpshake_say(s, "이 요청은 캡처가 끝날 때까지 %s 동안 응답이 없음", duration(s).text);
    tcpshake_say(s, ". 추정: 느린 서버, 또는 응답이 없어도 되는 요청");
}

SENTENCE(keepalive_unanswered)
{
    tcpshake_say(s, "%s의 keep-alive 탐침이 연달아 %u번째 응답 없음. 추정: %s가 사라졌거나, 방화벽이 연결을 잊음",
                 who(s), s->finding->repeats.count, other(s));
}

SENTENCE(connection_lost)
{
    tcpshake_say(s,
                 "%s가 %" PRIu32 "번 바이트를 %u번 다시 보냈으나 %s에게서 %s 동안 아무것도 오지 않음. "
                 "추정: 경로가 끊김, 호스트가 꺼짐, 또는 방화벽이 버림",
                 who(s), s->finding->repeats.seq, s->finding->repeats.count, other(s), duration(s).text);
}

SENTENCE(connection_reset)
{
    tcpshake_say(s, "%s가 열린 연결을 RST로 끊음; ", who(s));
    if (s->finding->data.bytes)
        tcpshake_say(s, "%s에 보낸 %" PRIu32 "바이트가 확인되지 않음", who(s), s->finding->data.bytes);
    else
        tcpshake_say(s, "%s에 보낸 것은 모두 확인됨", who(s));
}

SENTENCE(reset_unacceptable)
{
    tcpshake_say(s,
                 "RST가 %s의 윈도우에서 %s으로 %" PRIu32
                 " 벗어남: 올바른 수신측은 무시함. 추정: 옛 세그먼트의 응답, 또는 위조",
                 other(s), s->finding->window.is_left ? "왼쪽" : "오른쪽", s->finding->window.distance);
}

SENTENCE(reset_challenged)
{
    tcpshake_say(s,
                 "RST가 %s의 윈도우 안이지만 올 차례인 번호보다 %" PRIu32
                 " 뒤: challenge ACK로 답함. 추정: 앞선 세그먼트 손실, 또는 위조",
                 other(s), s->finding->window.distance);
}

SENTENCE(reset_ignored)
{
    if (s->finding->ttl.tells)
        tcpshake_say(s, "TTL이 %" PRIu32 ", %s의 다른 패킷은 %" PRIu32 ". 추정: 중간의 장비가 보냄",
                     s->finding->ttl.of_reset, who(s), s->finding->ttl.of_sender);
    else
        tcpshake_say(s, "RST보다 %s 뒤에도 대화가 이어짐(프레임 %" PRIu32 "). 추정: 도중에 손실, 또는 끼워 넣은 RST",
                     duration(s).text, s->finding->related_frame);
}

SENTENCE(reset_storm)
{
    tcpshake_say(s, "이 대화에 RST가 %s 동안 %" PRIu32 "개. 추정: 오가던 세그먼트마다 하나씩, 또는 루프",
                 duration(s).text, s->finding->storm.segments);
}

SENTENCE(fin_storm)
{
    tcpshake_say(s, "이 대화에 FIN이 %s 동안 %" PRIu32 "개. 추정: ACK가 손실되거나, 고장 난 양쪽 사이의 루프",
                 duration(s).text, s->finding->storm.segments);
}

/* ---- closing ---- */

SENTENCE(fin_retransmission)
{
    tcpshake_say(s, "%s의 FIN %u번째 시도, 처음보다 %s 뒤", who(s), s->finding->attempt.number, duration(s).text);
}

SENTENCE(missing_fin_ack)
{
    tcpshake_say(s, "프레임 %" PRIu32 "의 FIN이 %s 지나도 확인되지 않음. 추정: %s가 사라졌거나, 방화벽이 연결을 잊음",
                 s->finding->related_frame ? s->finding->related_frame : s->finding->frame, duration(s).text, other(s));
}

SENTENCE(close_wait_lingering)
{
    tcpshake_say(s, "%s가 보낼 것 없이 CLOSE-WAIT에 %s %s. 추정: 애플리케이션이 소켓을 닫지 않음", who(s),
                 duration(s).text, s->finding->frame == s->conversation->fin1_ack.frame ? "머무름" : "머물렀음");
}

SENTENCE(reset_while_closing)
{
    tcpshake_say(s, "%s가 프레임 %" PRIu32 "의 FIN보다 %s 뒤에 정상 종료 대신 RST를 보냄", who(s),
                 s->finding->related_frame, duration(s).text);
}

SENTENCE(fin_out_of_window)
{
    tcpshake_say(s, "FIN(%" PRIu32 ")이 %s의 윈도우 %s에 있음: 올바른 수신측은 무시함. 추정: 늦게 온 중복, 또는 위조",
                 s->finding->fin.seq, other(s), s->finding->fin.is_left ? "왼쪽" : "오른쪽");
}

SENTENCE(fin_moved)
{
    tcpshake_say(
        s, "프레임 %" PRIu32 "의 FIN은 번호가 %" PRIu32 ", 이번 것은 다름. 추정: 잘못된 스택, 또는 둘 중 하나가 위조",
        s->finding->related_frame, s->finding->fin.seq);
}

SENTENCE(data_after_fin)
{
    tcpshake_say(s, "%s의 FIN(프레임 %" PRIu32 ") 너머로 %" PRIu32 "바이트. 추정: 잘못된 스택, 또는 위조", who(s),
                 s->finding->related_frame, s->finding->data.bytes);
}

SENTENCE(data_after_close)
{
    tcpshake_say(s,
                 "이미 닫은(FIN 프레임 %" PRIu32
                 ") %s에 데이터가 와서 RST로 답함: 데이터를 잃음. 추정: 애플리케이션이 다 읽지 않고 닫음",
                 s->finding->related_frame, other(s));
}

SENTENCE(closing_bad_ack)
{
    tcpshake_say(s,
                 "%s가 FIN(프레임 %" PRIu32 ")까지 포함해 보낸 것보다 %" PRIu32
                 " 더 큰 번호를 확인함. 추정: 위조, 또는 고장 난 장비",
                 other(s), s->finding->related_frame, s->finding->unsent.numbers);
}

SENTENCE(simultaneous_close)
{
    tcpshake_say(s, "양쪽이 동시에 닫음: 프레임 %" PRIu32 "의 FIN과 엇갈림", s->finding->related_frame);
}

SENTENCE(time_wait_lingering)
{
    if (s->finding->time_wait.syn_turned_away)
        tcpshake_say(s,
                     "%s가 %s째 TIME-WAIT에 있어 프레임 %" PRIu32 "의 SYN을 돌려보냄. 추정: 포트를 너무 일찍 다시 씀",
                     who(s), duration(s).text, s->finding->related_frame);
    else
        tcpshake_say(s, "TIME-WAIT가 시작되고 %s 뒤에 FIN이 다시 옴: %s에서 2 MSL이 새로 시작됨. 추정: 마지막 ACK 손실",
                     duration(s).text, who(s));
}

SENTENCE(time_wait_reuse)
{
    tcpshake_say(s, "프레임 %" PRIu32 "에서 TIME-WAIT가 시작되고 %s 뒤에 같은 주소와 포트로 다시 열림",
                 s->finding->related_frame, duration(s).text);
}

SENTENCE(time_wait_assassination)
{
    tcpshake_say(s,
                 "RST가 프레임 %" PRIu32
                 "에서 시작된 %s의 TIME-WAIT를 %s 만에 끝냄: 옛 세그먼트가 다음 연결을 어지럽힐 수 있음",
                 s->finding->related_frame, other(s), duration(s).text);
}

SENTENCE(time_wait_exhaustion)
{
    tcpshake_say(s,
                 "%s가 이 서버 포트에 대해 TIME-WAIT를 %" PRIu32 "개 가짐. 추정: 요청마다 새 연결을 열어 포트가 바닥남",
                 who(s), s->finding->group.size);
}

SENTENCE(old_duplicate)
{
    tcpshake_say(s, "프레임 %" PRIu32 "에서 끝난 앞 연결의 번호임. 추정: 오래 떠돌다 늦게 온 세그먼트",
                 s->finding->related_frame);
}

/* ---- the capture ---- */

SENTENCE(handshake_not_captured)
{
    tcpshake_say(s, "대화 도중에 캡처가 시작됨; 클라이언트와 서버는 포트로 추정함");
}

SENTENCE(one_sided)
{
    tcpshake_say(s,
                 "%s가 보낸 것만 캡처에 있어 다른 쪽의 침묵으로는 아무 결론도 내리지 않음. 추정: 반대 방향은 다른 "
                 "경로로 가거나 캡처 필터가 뺌",
                 who(s));
}

SENTENCE(segment_not_captured)
{
    static const char *const missing[] = { "SYN-ACK", "핸드셰이크의 ACK", "FIN" };

    tcpshake_say(s, "캡처에 없는 %s의 %s에 따라 움직임. 추정: 캡처가 놓침", other(s),
                 missing[MIN(s->finding->missing.what, G_N_ELEMENTS(missing) - 1)]);
}

SENTENCE(captured_twice)
{
    tcpshake_say(s, "%s 뒤에 같은 패킷이 다시 보임: 보낸 것은 한 번. 추정: 미러 포트, 또는 두 인터페이스",
                 duration(s).text);
}

SENTENCE(captured_out_of_order)
{
    tcpshake_say(s, "캡처에서는 뒤에 있는 프레임 %" PRIu32 "에 답함. 추정: 두 큐 또는 두 인터페이스",
                 s->finding->related_frame);
}

static void (*const sentences[TCPSHAKE_ANOMALIES])(const tcpshake_sentence *) = {
#define ANOMALY(name, severity, chapter, source, summary, ...) say_##name,
#include "../../core/conversation/anomalies.def"
#undef ANOMALY
};

void
tcpshake_say_anomaly_ko(const tcpshake_sentence *sentence)
{
    sentences[sentence->finding->anomaly](sentence);
}
