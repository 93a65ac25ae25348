/* streams.h
 * The records of a capture file's conversations, one for each tcp.stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_STREAMS_H
#define TCPSHAKE_STREAMS_H

#include "compat.h"

#include "../core/tracking/tracker.h"

/* When the plugin is registered, and once all protocols are. */
void tcpshake_register_streams(void);
void tcpshake_hand_off_streams(void);

/* The record of the conversation that TCP has just put this segment into. Its tcp.stream, of several that are one
 * conversation the first, and which end of it sent the segment are filled in.
 * NULL if TCP has put it into none, because it could not read enough of it, or if there is no record in a later pass,
 * because the first one ran with tcpshake disabled. */
tcpshake_conversation *tcpshake_stream_record(packet_info *pinfo, const tcpshake_tuple *tuple,
                                              tcpshake_segment *segment);

/* The same, in the first pass, before TCP has seen the segment: it is asked for none that can begin another stream.
 * NULL: TCP has to be called first. */
tcpshake_conversation *tcpshake_stream_known(const packet_info *pinfo, const tcpshake_tuple *tuple,
                                             tcpshake_segment *segment);

/* For a segment that is not analysed: takes note of the conversation if TCP has just made one for it. */
void tcpshake_stream_account(packet_info *pinfo, const tcpshake_tuple *tuple);

/* Processes an ICMP error for the conversation of the segment that it quotes; in the first pass, each once. tuple: of
 * the quoted segment, whose end is filled in. The record if the error rejects its SYN, else NULL. Never makes
 * a conversation. */
tcpshake_conversation *tcpshake_stream_take_quote(packet_info *pinfo, const tcpshake_tuple *tuple,
                                                  tcpshake_icmp_error *quote);

/* The record of this tcp.stream; NULL if none of its segments was processed. */
const tcpshake_conversation *tcpshake_stream_by_number(uint32_t stream);

/* The ends of this tcp.stream, as its record numbers them; addresses are borrowed
 * until the next segment. False: they are not known. */
bool tcpshake_stream_ends(uint32_t stream, address ends[TCPSHAKE_ENDS], uint16_t ports[TCPSHAKE_ENDS]);

#endif /* TCPSHAKE_STREAMS_H */
