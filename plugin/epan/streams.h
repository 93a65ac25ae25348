/* streams.h
 * The records of a capture file's conversations, one for each tcp.stream.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_STREAMS_H
#define TCPSHAKE_STREAMS_H

#include "compat.h"

#include "../core/outcome/view.h"
#include "../core/siphash.h"
#include "../core/tracking/tracker.h"

/* When the plugin is registered, and once all protocols are. */
void tcpshake_register_streams(void);
void tcpshake_hand_off_streams(void);

/* Takes note of a frame with a segment, or an error about one, before anything else here is asked about it. False:
 * nothing can be told of it, because its number was another frame's in the first pass. */
bool tcpshake_stream_frame(const packet_info *pinfo);

/* Whether that is so in this file; the first time that it is asked for, the user is told why. */
bool tcpshake_stream_is_renumbered(void);

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

/* Processes this segment; in the first pass, each once. */
void tcpshake_stream_take(tcpshake_conversation *conversation, const tcpshake_segment *segment);

/* Processes an ICMP error for the conversation of the segment that it quotes; in the first pass, each once. tuple: of
 * the quoted segment, whose end is filled in. The record if the error rejects its SYN, else NULL. Never makes
 * a conversation. */
tcpshake_conversation *tcpshake_stream_take_quote(packet_info *pinfo, const tcpshake_tuple *tuple,
                                                  tcpshake_icmp_error *quote);

/* How much is known when this packet is looked at. */
tcpshake_knowledge tcpshake_stream_knowledge(const packet_info *pinfo);

/* How much is known now that all segments so far were read. */
tcpshake_knowledge tcpshake_stream_knowledge_now(void);

/* The secret key for hashes of what packets contain. */
const tcpshake_hash_key *tcpshake_stream_hash_key(void);

/* What is known across conversations; NULL before the first segment. */
const tcpshake_hosts *tcpshake_stream_hosts(void);

/* The record of this tcp.stream; NULL if none of its segments was processed. */
const tcpshake_conversation *tcpshake_stream_by_number(uint32_t stream);

/* The ends of this tcp.stream, as its record numbers them; addresses are borrowed
 * until the next segment. False: they are not known. */
bool tcpshake_stream_ends(uint32_t stream, address ends[TCPSHAKE_ENDS], uint16_t ports[TCPSHAKE_ENDS]);

/* Another number whenever a record may have changed, or the limits: what was worked out of all of them is out of date.
 */
uint64_t tcpshake_stream_version(void);

#endif /* TCPSHAKE_STREAMS_H */
