/* rules.h
 * The shape of a rule: one row for each anomaly, which says when it is asked. Internal to the core.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_RULES_H
#define TCPSHAKE_RULES_H

#include "../arrival/arrival.h"

#include <stddef.h>

/* Whether the anomaly applies to this segment. The finding is about the segment and its sender unless the rule says
 * otherwise; the rule writes the numbers that prove it, and reads nothing that it has not written. What it has written
 * is dropped if the anomaly does not apply. */
typedef bool tcpshake_rule_function(const tcpshake_arrival *arrival, tcpshake_finding *finding);

/* The whole capture has been read. */
typedef struct tcpshake_ending {
    const tcpshake_conversation *conversation;
    const tcpshake_limits       *limits;
    int64_t                      time;         /* until when silence was watched, ns since the epoch */
    int64_t                      last_segment; /* time of the capture's last one */
    const tcpshake_hosts        *hosts;        /* tells when each capture point was watched; or NULL */
} tcpshake_ending;

/* Below 0: not known. */
static inline int64_t
tcpshake_waited_to_end(const tcpshake_ending *ending, tcpshake_moment moment)
{
    return tcpshake_elapsed(ending->conversation, moment, ending->time);
}

/* Whether silence proves the anomaly for this end. The rule writes the frame; the finding is about the end. */
typedef bool tcpshake_end_rule_function(const tcpshake_ending *ending, int end, tcpshake_finding *finding);

/* The kinds of segment that rules ask for, one bit each. */
enum {
    ON_SYN = 1 << 0, /* a bare SYN */
    ON_SYN_ACK = 1 << 1,
    ON_ACK = 1 << 2,       /* neither SYN nor RST, with data or without */
    ON_EARLY_ACK = 1 << 3, /* the same, while an end is in SYN-SENT or SYN-RECEIVED */
    ON_FIN = 1 << 4,       /* the same as ON_ACK, and with FIN */
    ON_RESET = 1 << 5,
    ON_NO_ACK = 1 << 6, /* without SYN, RST and ACK: dropped, section 3.10.7.4 */
};

/* A rule is asked in the phases whose functions are set. */
typedef struct tcpshake_rule {
    tcpshake_anomaly anomaly;

    /* Before the segment changes anything: both ends are as they are when it passes. */
    uint32_t                on;               /* the segments that it is asked about: ON_… */
    uint32_t                sender, receiver; /* and what both ends must have: TCPSHAKE_END_…, all of them */
    tcpshake_rule_function *before;

    /* After it has changed everything. */
    tcpshake_rule_function *after;
    uint32_t                shows; /* TCPSHAKE_SHOWS_…: any of them */

    bool mirrored;  /* after: the finding is on the related frame as well */
    bool for_each;  /* after: asked again with the finding that it has just made, until there is no more */
    bool long_wait; /* before, instead of on: any segment that ends a wait longer than a limit */

    uint64_t replaces; /* after: 1 << TCPSHAKE_ANOMALY_…, what is withdrawn from the same frame */

    /* At the end of the capture. */
    tcpshake_end_rule_function *at_end;
} tcpshake_rule;

typedef struct tcpshake_rules {
    const tcpshake_rule *rule;
    size_t               count;
} tcpshake_rules;

/* Each file of rules is a chapter. */
enum { TCPSHAKE_CHAPTERS = 7, TCPSHAKE_CHAPTER_RULES_MAX = 24 };
extern const tcpshake_rules tcpshake_rules_opening, tcpshake_rules_answer, tcpshake_rules_open, tcpshake_rules_closing,
    tcpshake_rules_capture, tcpshake_rules_lost, tcpshake_rules_between;
extern const tcpshake_rules *const tcpshake_rules_of[TCPSHAKE_CHAPTERS];

#define TCPSHAKE_RULES(chapter, rules)                                                                  \
    _Static_assert(sizeof rules / sizeof rules[0] <= TCPSHAKE_CHAPTER_RULES_MAX, "room in selections"); \
    const tcpshake_rules tcpshake_rules_##chapter = { rules, sizeof rules / sizeof rules[0] }

/* A limit of 0 is none. */
static inline bool
tcpshake_is_over(int64_t time, int64_t limit)
{
    return limit > 0 && time > limit;
}

/* An unanswered SYN or FIN is sent again after this time (RFC 6298 section 2: 1 s). A capture that ends sooner says
 * nothing about the answer; ns. */
static const int64_t TCPSHAKE_SILENCE = TCPSHAKE_SECOND;

/* The client has waited so long for an answer to its SYN, and has then given up with a RST. */
bool tcpshake_gave_up_unanswered(const tcpshake_conversation *conversation);

static inline bool
tcpshake_handshake_is_under_way(const tcpshake_conversation *conversation)
{
    return conversation->handshake == TCPSHAKE_HANDSHAKE_IN_PROGRESS;
}

/* The sender's SYN, or SYN-ACK, has the number of the one before. */
static inline bool
tcpshake_is_same_syn(const tcpshake_arrival *arrival)
{
    return arrival->sender->isn == arrival->segment->seq;
}

/* rules.c: both add the findings that apply. */
void tcpshake_judge_before(tcpshake_arrival *arrival);
void tcpshake_judge_after(tcpshake_arrival *arrival);

/* between_rules.c: the RST in that frame, or any if it is 0, was sent by a device between two capture points. end: of
 * the capture. */
bool tcpshake_is_reset_in_between(const tcpshake_conversation *conversation, const tcpshake_hosts *hosts, int64_t end,
                                  uint32_t frame);
/* The client was answered past the NAT, and has reset what it had not asked for. */
bool tcpshake_is_nat_bypassed(const tcpshake_conversation *conversation, const tcpshake_hosts *hosts, int64_t end);

/* reconsider.c */
void tcpshake_restore_isn(tcpshake_arrival *arrival);
void tcpshake_restore_fin(tcpshake_arrival *arrival);
void tcpshake_doubt_fin(tcpshake_arrival *arrival);
void tcpshake_doubt_ack(tcpshake_arrival *arrival);
void tcpshake_reconsider(tcpshake_arrival *arrival);

#endif /* TCPSHAKE_RULES_H */
