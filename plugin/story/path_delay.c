/* path_delay.c
 * The delay between the capture point and each end.
 *
 * A segment that takes up sequence numbers is answered by an acknowledgment of the next one. Between the two captures
 * the segment reached its receiver and the answer came back: twice the delay from here to that end. The fastest answer
 * of all is the closest to it, since some wait for an application or for a second segment (RFC 9293 section 3.8.6.3).
 * Retransmissions are not measured (RFC 6298 section 3).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "story.h"

#include "../core/segment/seq.h"

/* The latest segment of an end that waits for its answer. */
typedef struct waiting {
    int64_t  time;
    uint32_t next;    /* the number that will acknowledge it */
    uint32_t highest; /* of all that this end has sent, plus 1 */
    bool     waits, known;
} waiting;

static void
send(waiting *sender, const tcpshake_segment *segment)
{
    const uint32_t next = segment->seq + tcpshake_segment_span(segment);

    if (tcpshake_segment_span(segment) == 0 || segment->flags & TCPSHAKE_RST)
        return;
    const bool again = sender->known && tcpshake_seq_lt(segment->seq, sender->highest);
    sender->waits = !again;
    sender->time = segment->time;
    sender->next = next;
    sender->highest = sender->known ? tcpshake_seq_max(next, sender->highest) : next;
    sender->known = true;
}

void
tcpshake_measure_path_delay(const tcpshake_segment_log *log, int64_t delay[TCPSHAKE_ENDS])
{
    waiting                     of[TCPSHAKE_ENDS] = { { 0 } };
    tcpshake_segment_log_reader reader;
    tcpshake_segment            segment;

    delay[0] = delay[1] = TCPSHAKE_NO_TIME;
    tcpshake_segment_log_read(&reader, log);
    while (tcpshake_segment_log_next(&reader, &segment)) {
        waiting *const peer = &of[TCPSHAKE_OTHER(segment.from)];
        const int64_t  half = (segment.time - peer->time) / 2; /* negative if a clock was set back */
        if (peer->waits && segment.flags & TCPSHAKE_ACK && segment.ack == peer->next) {
            if (half >= 0 && (delay[segment.from] == TCPSHAKE_NO_TIME || half < delay[segment.from]))
                delay[segment.from] = half;
            peer->waits = false;
        }
        send(&of[segment.from], &segment);
    }
}
