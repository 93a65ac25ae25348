/* story_ko.c
 * The story of a conversation in Korean.
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
    return tcpshake_role_names_ko[tcpshake_role_of(p->facts->conversation, end)];
}

static uint64_t
sum(const uint64_t of[TCPSHAKE_ENDS])
{
    return of[0] + of[1];
}

/* ---- the head ---- */

SENTENCE(end)
{
    const tcpshake_conversation *const conversation = p->facts->conversation;
    const tcpshake_role                role = tcpshake_role_of(conversation, p->facts->end);

    SAY("%s", p->facts->name);
    if (conversation->flags & TCPSHAKE_CONVERSATION_ROLES_GUESSED)
        SAY(", 포트로 추정");
    else if (conversation->opened_by == role || conversation->opened_by == TCPSHAKE_BOTH)
        SAY(", 능동적으로 연 쪽(active open)");
    if (!(conversation->end[p->facts->end].flags & TCPSHAKE_END_SEEN))
        SAY(", 보낸 것이 하나도 캡처되지 않음");
}

SENTENCE(began)
{
    SAY("세그먼트 %" PRIu64 "개, 데이터 %" PRIu64 "바이트", sum(p->facts->segments), sum(p->facts->bytes));
    if (p->facts->duration > 0)
        SAY(", %s부터 %s 동안", p->facts->clock, said(p->facts->duration).text);
    else
        SAY(", %s", p->facts->clock);
}

SENTENCE(cut_short)
{
    SAY("세그먼트 %" PRIu64 "개는 일부만 캡처됨", p->facts->number);
}

/* ---- in between ---- */

SENTENCE(heading_time)
{
    SAY("초");
}
SENTENCE(heading_frame)
{
    SAY("프레임");
}
SENTENCE(role)
{
    SAY("%s", who(p, p->facts->end));
}

SENTENCE(severity)
{
    static const char *const names[] = { [TCPSHAKE_CHAT] = "알림", [TCPSHAKE_NOTE] = "주의", [TCPSHAKE_WARN] = "경고" };

    SAY("%s", names[p->facts->number]);
}

SENTENCE(stretch_end)
{
    SAY("%s: 세그먼트 %" PRIu64 "개, %" PRIu64 "바이트", who(p, p->facts->end), p->facts->segments[p->facts->end],
        p->facts->bytes[p->facts->end]);
}

SENTENCE(stretch_total)
{
    SAY("%s 동안 세그먼트 %" PRIu64 "개", said(p->facts->duration).text, sum(p->facts->segments));
    if (p->facts->longest)
        SAY(", 가장 긴 침묵 %s", said(p->facts->longest).text);
}

SENTENCE(stretch)
{
    const int client = p->facts->conversation->client, server = TCPSHAKE_OTHER(client);

    SAY("데이터가 이어진다: %s %" PRIu64 "개 세그먼트 %" PRIu64 "바이트, %s %" PRIu64 "개 세그먼트 %" PRIu64
        "바이트, %s 동안",
        who(p, client), p->facts->segments[client], p->facts->bytes[client], who(p, server), p->facts->segments[server],
        p->facts->bytes[server], said(p->facts->duration).text);
    if (p->facts->longest)
        SAY("; 그중 가장 긴 침묵 %s", said(p->facts->longest).text);
}

SENTENCE(left_out)
{
    SAY("여기에 보이지 않은 세그먼트 %" PRIu64 "개", sum(p->facts->segments));
    if (p->facts->number)
        SAY(", 그 안에 이상 %" PRIu64 "개", p->facts->number);
}

SENTENCE(silence)
{
    SAY("%s 동안 침묵", said(p->facts->duration).text);
}
SENTENCE(icmp_error)
{
    SAY("ICMP 오류");
}
SENTENCE(no_flags)
{
    SAY("플래그 없음");
}

/* ---- the end ---- */

/* "프레임 1 SYN", and how long after the step before it. */
static void
say_moment(const place *p, const char *between, const char *what, tcpshake_moment at, tcpshake_moment before)
{
    if (!at.frame)
        return;
    SAY("%s프레임 %" PRIu32 " %s", between, at.frame, what);
    if (before.frame && at.time >= before.time && at.frame != before.frame)
        SAY("(%s 뒤)", said(at.time - before.time).text);
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
    const char *const                  resetter = tcpshake_role_names_ko[c->reset_by];

    switch (p->facts->summary->handshake) {
    case TCPSHAKE_HANDSHAKE_UNANSWERED: SAY("열리지 않음: 프레임 %" PRIu32 "의 SYN에 응답 없음", c->syn.frame); break;
    case TCPSHAKE_HANDSHAKE_REFUSED:
        SAY("열리지 않음: %s가 프레임 %" PRIu32 "의 RST로 거부함", resetter, c->rst.frame);
        break;
    case TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP:
        SAY("열리지 않음: 프레임 %" PRIu32 "의 ICMP 오류가 SYN을 거부함", c->icmp_frame);
        break;
    case TCPSHAKE_HANDSHAKE_ABORTED:
        SAY("열리지 않음: %s가 프레임 %" PRIu32 "의 RST로 포기함", resetter, c->rst.frame);
        break;
    default: SAY("열리지 않음: 핸드셰이크가 이 캡처 안에서 끝나지 않음");
    }
}

SENTENCE(opened)
{
    switch (p->facts->summary->handshake) {
    case TCPSHAKE_HANDSHAKE_COMPLETE:
        SAY("%s가 열었음", tcpshake_role_names_ko[p->facts->summary->opened_by]);
        say_handshake(p);
        break;
    case TCPSHAKE_HANDSHAKE_SIMULTANEOUS:
        SAY("양쪽이 동시에 열었음");
        say_handshake(p);
        break;
    case TCPSHAKE_HANDSHAKE_NOT_CAPTURED: SAY("캡처가 시작되기 전에 열렸음"); break;
    default: say_not_opened(p);
    }
}

static void
say_reset(const place *p)
{
    char evidence[240];

    SAY("프레임 %" PRIu32 "에서 %s가 보낸 RST로 끝남", p->facts->conversation->rst.frame,
        tcpshake_role_names_ko[p->facts->summary->reset_by]);
    if (p->facts->summary->reset_cause == TCPSHAKE_CAUSE_UNKNOWN || !p->facts->name)
        return;
    SAY(". 추정: %s; %s", p->facts->name,
        tcpshake_text_reset_evidence(p->facts->conversation, p->facts->summary, evidence, sizeof evidence));
}

static void
say_fins(const place *p)
{
    const tcpshake_conversation *const c = p->facts->conversation;
    const bool                         together = c->fin1_ack.frame && c->fin1_ack.frame == c->fin2.frame;

    say_moment(p, ": ", "FIN", c->fin1, (tcpshake_moment){ 0 });
    say_moment(p, ", ", together ? "그 ACK와 상대의 FIN" : "그 ACK", c->fin1_ack, c->fin1);
    if (!together)
        say_moment(p, ", ", "상대의 FIN", c->fin2, c->fin1_ack.frame < c->fin2.frame ? c->fin1_ack : c->fin1);
    say_moment(p, ", ", "그 ACK", c->fin2_ack, c->fin2);
}

SENTENCE(closed)
{
    const tcpshake_summary *const summary = p->facts->summary;

    switch (summary->teardown) {
    case TCPSHAKE_TEARDOWN_FOUR_SEGMENTS:
    case TCPSHAKE_TEARDOWN_THREE_SEGMENTS:
        if (summary->closed_by)
            SAY("%s가 먼저 닫았음", tcpshake_role_names_ko[summary->closed_by]);
        else
            SAY("닫혔음; 어느 쪽이 시작했는지는 캡처에 없음");
        say_fins(p);
        break;
    case TCPSHAKE_TEARDOWN_SIMULTANEOUS:
        SAY("양쪽이 동시에 닫았음");
        say_fins(p);
        break;
    case TCPSHAKE_TEARDOWN_HALF_CLOSED:
    case TCPSHAKE_TEARDOWN_IN_PROGRESS:
        SAY("닫기가 이 캡처 안에서 끝나지 않음");
        say_fins(p);
        break;
    case TCPSHAKE_TEARDOWN_RESET: say_reset(p); break;
    case TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING:
        SAY("닫기 시작했음");
        say_fins(p);
        SAY("; ");
        say_reset(p);
        break;
    default:
        if (summary->handshake == TCPSHAKE_HANDSHAKE_COMPLETE ||
            summary->handshake == TCPSHAKE_HANDSHAKE_SIMULTANEOUS ||
            summary->handshake == TCPSHAKE_HANDSHAKE_NOT_CAPTURED)
            SAY("캡처가 끝날 때까지 닫히지 않음");
    }
}

SENTENCE(time_wait)
{
    const tcpshake_summary *const      summary = p->facts->summary;
    const tcpshake_conversation *const c = p->facts->conversation;

    if (summary->time_wait_owner)
        SAY("%s %s TIME-WAIT: 프레임 %" PRIu32 "부터 %s까지(%s, MSL의 두 배)",
            tcpshake_role_names_ko[summary->time_wait_owner], summary->time_wait_owner == TCPSHAKE_BOTH ? "모두" : "쪽",
            c->time_wait.frame, p->facts->clock, said(summary->time_wait_until - c->time_wait.time).text);
    else if (c->rst.frame)
        SAY("TIME-WAIT에 있는 쪽은 없음");
}

SENTENCE(slant)
{
    SAY("화살표의 기울기는 가는 데 걸린 시간, 끝에서 끝까지 약 %s; 줄의 시각은 캡처가 본 시각",
        said(p->facts->duration).text);
}

SENTENCE(no_slant)
{
    SAY("수평 화살표: 가는 데 걸린 시간을 이 캡처로는 알 수 없음");
}

/* ---- why there is none ---- */

SENTENCE(no_such_stream)
{
    SAY("이 캡처에는 tcp.stream %" PRIu64 "번이 없습니다", p->facts->number);
}
SENTENCE(not_a_number)
{
    SAY("\"%s\": tcp.stream의 번호가 아닙니다", p->facts->name);
}
SENTENCE(no_file)
{
    SAY("%s에는 파일 이름이 필요합니다: %s,STREAM,FILE.svg", p->facts->name, p->facts->name);
}
SENTENCE(cannot_write)
{
    SAY("%s에 쓸 수 없습니다: %s", p->facts->name, p->facts->clock);
}

#undef SENTENCE
#define SENTENCE(name) [TCPSHAKE_STORY_##name] = say_##name,

static void (*const sentences[])(const place *p) = {
#include "../story.def"
};

void
tcpshake_say_story_ko(tcpshake_story_sentence sentence, const tcpshake_story_facts *facts, char *text, size_t size)
{
    const place p = { facts, text, size };

    sentences[sentence](&p);
}
