/* tracking.h
 * What the files of this folder share. Internal to the core.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TRACKING_H
#define TCPSHAKE_TRACKING_H

#include "../rules/rules.h"
#include "tracker.h"

/* Between two capture points. Retransmission timers run out after 200 ms at the soonest (RFC 6298 asks for 1 s). */
static const int64_t TCPSHAKE_LONGEST_WAY = 100 * TCPSHAKE_MILLISECOND;

/* copies.c */
void                   tcpshake_count_copy(tcpshake_arrival *arrival);
const tcpshake_packet *tcpshake_captured_before(const tcpshake_conversation *conversation,
                                                const tcpshake_segment *segment, tcpshake_hosts *hosts,
                                                const tcpshake_allocator *allocator);

/* sights.c: what is known of its points, or, if it was captured at one of them only, of the TTLs there, which a router
 * lowers; place: where all was captured until now. NULL: there is no memory. */
tcpshake_copied *tcpshake_copied_of(tcpshake_arrival *arrival, uint8_t place, bool by_ttl);
/* Of a conversation with several points: what is captured for the first time, and what is a copy. */
void tcpshake_note_sight(tcpshake_arrival *arrival);
void tcpshake_note_sight_again(tcpshake_arrival *arrival, tcpshake_copied *copied);

/* fast_path.c */
bool tcpshake_fast_path(tcpshake_conversation *conversation, const tcpshake_segment *segment,
                        const tcpshake_limits *limits);
void tcpshake_update_fast_path(tcpshake_arrival *arrival);

/* clean_path.c: true: it was a clean step, and has been applied. */
bool tcpshake_take_clean_step(tcpshake_arrival *arrival);

/* tracker.c */
tcpshake_arrival tcpshake_arrival_of(tcpshake_conversation *conversation, const tcpshake_segment *segment,
                                     const tcpshake_limits *limits, const tcpshake_allocator *allocator,
                                     tcpshake_hosts *hosts);

/* itself.c */
bool tcpshake_is_to_itself(const tcpshake_segment *segment);
void tcpshake_follow_itself(tcpshake_arrival *arrival);

/* hole.c */
void tcpshake_look_for_hole(tcpshake_arrival *arrival);

/* idle_acks.c */
void tcpshake_follow_idle_acks(tcpshake_arrival *arrival);

/* waiting.c */
void tcpshake_follow_waiting(tcpshake_arrival *arrival);
/* The same for a clean step: it has no data, and ends nobody's wait but that in CLOSE-WAIT. */
void tcpshake_follow_clean_step(tcpshake_arrival *arrival);

/* host_facts.c: before: the states before the segment; handshake: its outcome before it. */
void tcpshake_follow_groups(tcpshake_arrival *arrival, const uint8_t before[2], uint8_t handshake);

/* twins.c: of a SYN, a SYN-ACK, or the ACK that completes the handshake. */
void tcpshake_follow_twins(tcpshake_arrival *arrival);

/* beginning.c */
void tcpshake_begin(tcpshake_arrival *arrival);
void tcpshake_begin_opening(tcpshake_arrival *arrival);
void tcpshake_renew(tcpshake_arrival *arrival);
void tcpshake_resume(tcpshake_arrival *arrival);

/* anew.c */
void tcpshake_look_for_new_beginning(tcpshake_arrival *arrival);

/* offers.c; before: the TCPSHAKE_OFFER_… of the SYN before this one, which nobody had answered */
void tcpshake_remember_offers(tcpshake_arrival *arrival);
void tcpshake_follow_offers(tcpshake_arrival *arrival, uint16_t before);
void tcpshake_look_for_fallback(tcpshake_arrival *arrival);

/* late_syn.c */
bool tcpshake_is_syn_behind_syn_ack(const tcpshake_arrival *arrival);
void tcpshake_find_crossed_open(tcpshake_arrival *arrival);
void tcpshake_place_late_syn(tcpshake_arrival *arrival);

/* earlier_syn.c; of an ACK, where there was a conversation before. */
bool tcpshake_opens_with_earlier_syn(const tcpshake_arrival *arrival);
void tcpshake_open_with_earlier_syn(tcpshake_arrival *arrival);
/* The SYN-ACK to that SYN, with which Wireshark may begin a stream as well. */
bool tcpshake_answers_earlier_syn(const tcpshake_conversation *conversation, const tcpshake_segment *segment);

/* unseen_syn_ack.c */
bool tcpshake_acknowledges_unseen_syn_ack(const tcpshake_arrival *arrival);
void tcpshake_renew_unseen(tcpshake_arrival *arrival);

/* late_ack.c */
bool tcpshake_is_late_ack(const tcpshake_arrival *arrival);
void tcpshake_place_late_ack(tcpshake_arrival *arrival);

/* late_opening.c: a SYN or SYN-ACK, and the record begins in the middle with what came behind it. */
bool tcpshake_is_late_opening(const tcpshake_arrival *arrival);
/* A SYN, or the SYN-ACK to one: a RST was captured before it that refuses that SYN, and nothing else was. */
bool tcpshake_was_refused_before(const tcpshake_conversation *conversation, const tcpshake_segment *segment);
void tcpshake_place_late_opening(tcpshake_arrival *arrival);
/* All that was captured so far follows this SYN or SYN-ACK by its numbers. */
bool tcpshake_precedes_all(const tcpshake_arrival *arrival);

/* opening.c */
/* What ended the attempt before does not end the new one. */
void tcpshake_forget_reset(tcpshake_conversation *conversation);
void tcpshake_send_syn(tcpshake_arrival *arrival);
/* The same for its sender's first, in a handshake in which nothing was repeated. */
void tcpshake_send_clean_syn(tcpshake_arrival *arrival);
void tcpshake_receive_syn(tcpshake_arrival *arrival);
void tcpshake_owe_reset(tcpshake_arrival *arrival);

/* opening_ack.c */
void tcpshake_remember_gap(tcpshake_arrival *arrival, uint32_t frame);
void tcpshake_send_opening_ack(tcpshake_arrival *arrival);
void tcpshake_receive_opening_ack(tcpshake_arrival *arrival);
/* Its acceptable ACK has arrived. */
void tcpshake_take_opening_ack(tcpshake_arrival *arrival);

/* closing.c */
void tcpshake_send_closing(tcpshake_arrival *arrival);
/* The same, where nothing is missing in the capture. */
void tcpshake_send_closing_in_sequence(tcpshake_arrival *arrival);
void tcpshake_receive_closing(tcpshake_arrival *arrival);

/* unseen_fin.c */
void tcpshake_look_for_unseen_fin(tcpshake_arrival *arrival);
/* The segment acknowledges a number of its receiver that was not seen. False: there is no memory. */
bool tcpshake_remember_unseen(const tcpshake_arrival *arrival);
/* An end whose FIN was inferred sends more: what was acknowledged was a byte of data. Before rules ask. */
void tcpshake_doubt_inferred_fin(tcpshake_arrival *arrival);

/* reset_reason.c: of the RST that ends the conversation. */
void tcpshake_remember_reset_reason(tcpshake_arrival *arrival);

/* doubts.c: TCPSHAKE_DOUBT_… */
bool    tcpshake_answers_at_once(const tcpshake_arrival *arrival);
uint8_t tcpshake_doubts_about_reset(const tcpshake_arrival *arrival);
/* Whether they settle that it is not from the end whose address it carries. */
bool tcpshake_is_doubtful(uint8_t doubts);
void tcpshake_doubt_series(tcpshake_arrival *arrival);

/* reset_cause.c: before: the state of its receiver; doubts: TCPSHAKE_DOUBT_…. */
bool                 tcpshake_is_reset_after_idle(const tcpshake_arrival *arrival);
tcpshake_reset_cause tcpshake_cause_of_reset(const tcpshake_arrival *arrival, tcpshake_state before, uint8_t doubts);

/* sent_resets.c */
void tcpshake_count_resets(tcpshake_arrival *arrival);
bool tcpshake_repeats_reset(const tcpshake_arrival *arrival);
void tcpshake_remember_first_reset(tcpshake_arrival *arrival);
/* SENT_RESET still tells whether its sender had sent one before. */
void tcpshake_remember_last_reset(tcpshake_arrival *arrival);
/* Of one that repeats it: tcpshake_repeats_reset(). */
void tcpshake_remember_same_reset(tcpshake_arrival *arrival);

/* reset.c */
void tcpshake_send_reset(tcpshake_arrival *arrival);
void tcpshake_receive_reset(tcpshake_arrival *arrival);

#endif /* TCPSHAKE_TRACKING_H */
