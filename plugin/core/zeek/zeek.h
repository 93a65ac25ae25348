/* zeek.h
 * What Zeek would write about this conversation into conn.log: conn_state and history.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The specification is the behaviour of Zeek 8 with its default configuration and -C (checksums are ignored): its
 * TCP session adapter, endpoints, reassembler and conn/main.zeek. Zeek judges from the evidence in the capture, by
 * rules of its own; its states are therefore not RFC 9293's, and its originator can be the other end than our client.
 *
 * One Wireshark stream, one answer. Zeek can cut a stream into several connections; which of them is shown here:
 *
 * - Zeek forgets a connection 5 s after it closed, and ends one where a SYN reopens it. What follows in the stream
 *   belongs to another connection and changes nothing, unless one end had kept silent until then: such an attempt
 *   (Zeek: S0, OTH) gives way to its successor. So a simultaneous open is reported as Zeek's second connection, begun
 *   by the second SYN.
 *
 * - Zeek gives up an unanswered attempt after 5 s. A later SYN, its answer or the originator's RST is still counted
 *   with the attempt; other segments of the originator are not (they show that only one direction was captured).
 *
 * - Zeek forgets an idle connection after 5 minutes (1 h for some services). Not applied: to the reader it is one
 *   conversation, and what matters is how it ended.
 *
 * Not exactly Zeek, for the sake of a fixed amount of memory:
 *
 * - 'g' counts the holes that an acknowledgment skips. Zeek keeps all data that waits behind a hole. Here it is at most
 *   TCPSHAKE_ZEEK_RANGES ranges in each direction; if more are open at once, the narrowest holes count as one.
 *
 * - Wraps of the sequence number are counted up to 255: a direction of more than 1 TiB.
 *
 * - history ends after TCPSHAKE_ZEEK_HISTORY letters. Only SYNs, FINs and RSTs at ever new sequence numbers get there.
 *   All other letters are bounded: once (a d i q) or logarithmically (t w g).
 *
 * - 'c' needs checksums, 'x' is a limit on changes of the tunnel around a conversation: neither is ever written.
 */
#ifndef TCPSHAKE_ZEEK_H
#define TCPSHAKE_ZEEK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../allocator.h"
#include "../segment/segment.h"
#include "record.h"

/* Processes the next segment of the conversation, in capture order. Zeek disregards one whose TCP options were not all
 * captured, and does not reassemble data of which only a part was: a hole, once they are acknowledged. memory is used
 * for extra only: never for segments in order, and at most a few times in a conversation. Without memory the letters
 * t w g are missing, the history ends after TCPSHAKE_ZEEK_INLINE letters, and holes are not noticed. */
void tcpshake_zeek_take(tcpshake_zeek *z, const tcpshake_segment *s, const tcpshake_allocator *memory);

/* conn_state as it is now, a constant string. OTH before the first segment. */
const char *tcpshake_zeek_state(const tcpshake_zeek *z);

/* Writes the history and a terminating 0 into out, at most size bytes, cut if it is longer. */
void tcpshake_zeek_history(const tcpshake_zeek *z, char *out, size_t size);

/* The end (0 or 1, as in segment.from) whose letters are upper case: Zeek's originator. */
int tcpshake_zeek_originator(const tcpshake_zeek *z);

#endif /* TCPSHAKE_ZEEK_H */
