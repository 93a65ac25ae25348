/* icmp_error.c
 * An ICMP or ICMPv6 error that quotes a segment of a conversation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

/* RFC 792 and RFC 4443: that the segment cannot be delivered. "Too big" asks for a smaller one, and a SYN is small. */
static bool
is_undeliverable(const tcpshake_icmp_error *quote)
{
    enum { UNREACHABLE = 3, FRAGMENTATION_NEEDED = 4, TIME_EXCEEDED = 11, PARAMETER_PROBLEM = 12 };
    enum { UNREACHABLE_6 = 1, TIME_EXCEEDED_6 = 3, PARAMETER_PROBLEM_6 = 4 };

    if (quote->version == 6)
        return quote->type == UNREACHABLE_6 || quote->type == TIME_EXCEEDED_6 || quote->type == PARAMETER_PROBLEM_6;
    return (quote->type == UNREACHABLE && quote->code != FRAGMENTATION_NEEDED) || quote->type == TIME_EXCEEDED ||
           quote->type == PARAMETER_PROBLEM;
}

/* The end's SYN that was the nth before its last one, a few entries back; its time is not known. Frame 0: it is not
 * there. */
static tcpshake_moment
earlier_syn(const tcpshake_conversation *conversation, uint8_t end, uint32_t nth)
{
    enum { REACH = 32 };
    const tcpshake_timeline *const timeline = &conversation->timeline;
    const uint32_t                 reach = timeline->count > REACH ? timeline->count - REACH : 0;
    uint32_t                       left = nth + 1;

    for (uint32_t i = timeline->count; i > reach; i--) {
        const tcpshake_entry *const entry = &tcpshake_entries(timeline)[i - 1];
        if (entry->from == end && entry->steps & TCPSHAKE_STEP_SYN && --left == 0)
            return (tcpshake_moment){ INT64_MAX, entry->frame };
    }
    return (tcpshake_moment){ INT64_MAX, 0 };
}

/* RFC 792: the quote has the IP identification of the packet, of some stacks with its bytes swapped. Only that of the
 * last SYN is known. If it is not that one, it is the other of two; of more, stacks number those of a connection one
 * after the other. Without an identification, the last is as likely as any. */
static tcpshake_moment
quoted_syn(const tcpshake_conversation *conversation, const tcpshake_icmp_error *quote)
{
    const tcpshake_end *const sender = &conversation->end[quote->from];
    const tcpshake_attempt    attempt = tcpshake_attempt_of(conversation);
    const uint16_t            swapped = (uint16_t)(quote->ip_id << 8 | quote->ip_id >> 8);
    const uint16_t            before = (uint16_t)(sender->ip_id - quote->ip_id);
    const bool                known = sender->last.frame == sender->syn_frame; /* it has sent nothing since */

    if (!known)
        return (tcpshake_moment){ INT64_MAX, sender->syn_frame };
    if (!quote->ip_id || !sender->ip_id || before == 0 || swapped == sender->ip_id || attempt.syns < 2)
        return sender->last;
    if (attempt.syns == 2 || before == attempt.syns - 1)
        return attempt.syn;
    return before < attempt.syns ? earlier_syn(conversation, quote->from, before) : (tcpshake_moment){ INT64_MAX, 0 };
}

bool
tcpshake_process_icmp_error(tcpshake_conversation *conversation, const tcpshake_icmp_error *quote,
                            const tcpshake_allocator *allocator, tcpshake_hosts *hosts)
{
    enum { WAITS = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_WAITS };
    const tcpshake_end *const    sender = &conversation->end[quote->from];
    const tcpshake_segment       error = { .time = quote->time, .frame = quote->frame, .from = quote->from };
    static const tcpshake_limits no_limits;

    if (!is_undeliverable(quote) || sender->state != TCPSHAKE_SYN_SENT || (sender->flags & WAITS) != WAITS ||
        sender->isn != quote->seq || tcpshake_rare_of(conversation)->icmp_frame == quote->frame)
        return false;
    tcpshake_arrival arrival = tcpshake_arrival_of(conversation, &error, &no_limits, allocator, NULL);
    arrival.shows = TCPSHAKE_SHOWS_ICMP_ERROR;
    arrival.since = quoted_syn(conversation, quote);
    arrival.icmp = (tcpshake_icmp_kind){ quote->version, quote->type, quote->code };
    tcpshake_judge_after(&arrival);
    tcpshake_extra *const extra = tcpshake_extra_of(conversation, allocator);
    if (extra && extra->icmp.frame == 0) {
        extra->icmp = tcpshake_now(&arrival);
        extra->icmp_kind = arrival.icmp;
    }
    if (extra)
        extra->rare.icmp_frame = quote->frame;
    tcpshake_group_leave(hosts, &conversation->member);
    return true;
}
