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

bool
tcpshake_process_icmp_error(tcpshake_conversation *conversation, const tcpshake_icmp_error *quote,
                            const tcpshake_allocator *allocator)
{
    enum { WAITS = TCPSHAKE_END_SENT_SYN | TCPSHAKE_END_SYN_WAITS };
    const tcpshake_end *const    sender = &conversation->end[quote->from];
    const tcpshake_segment       error = { .time = quote->time, .frame = quote->frame, .from = quote->from };
    static const tcpshake_limits no_limits;

    if (!is_undeliverable(quote) || sender->state != TCPSHAKE_SYN_SENT || (sender->flags & WAITS) != WAITS ||
        sender->isn != quote->seq || conversation->icmp_frame == quote->frame)
        return false;
    tcpshake_arrival arrival = tcpshake_arrival_of(conversation, &error, &no_limits, allocator, NULL);
    arrival.shows = TCPSHAKE_SHOWS_ICMP_ERROR;
    arrival.icmp = (tcpshake_icmp_kind){ quote->version, quote->type, quote->code };
    tcpshake_judge_after(&arrival);
    tcpshake_extra *const extra = tcpshake_extra_of(conversation, allocator);
    if (extra && extra->icmp.frame == 0) {
        extra->icmp = tcpshake_now(&arrival);
        extra->icmp_kind = arrival.icmp;
    }
    conversation->icmp_frame = quote->frame;
    tcpshake_group_leave(&conversation->member);
    return true;
}
