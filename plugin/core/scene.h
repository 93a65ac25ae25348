/* scene.h
 * One segment being taken in: what the chapters of the core (opening, closing, reset, presumption) hand around.
 * Not for users of the core.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_SCENE_H
#define TCPSHAKE_SCENE_H

#include "conversation.h"

typedef struct tcpshake_scene {
    tcpshake_conversation     *conversation;
    const tcpshake_segment    *segment;
    const tcpshake_limits     *limits;
    const tcpshake_allocator  *allocator;
    tcpshake_hosts            *hosts;       /* or NULL */
    tcpshake_end              *sender, *receiver;
    uint8_t                    from, to;    /* their places in conversation->end */
    uint8_t                    steps;       /* TCPSHAKE_STEP_… that it performs */
    uint32_t                   acks_syn, acks_fin;
    bool                       fin_waited;  /* it repeats a FIN that was not acknowledged */
    bool                       answers_late_data; /* a RST to data that came after its sender's FIN */
    bool                       delivered;   /* what was under way to its sender has arrived right after it */
    bool                       kept;        /* it gets an entry in the timeline, to put right later */
} tcpshake_scene;

/* Longer than between the parts of an answer; ns. */
static const int64_t TCPSHAKE_PAUSE = INT64_C(1000) * 1000 * 1000;

/* Sooner than this no timer sends again: RFC 6298 asks for 1 s, stacks go down to 200 ms. */
enum { TCPSHAKE_RETRANSMISSION_MIN_MS = 190 };

static inline bool
tcpshake_has(const tcpshake_scene *scene, unsigned flags)
{
    return (scene->segment->flags & flags) == flags;
}

/* The segment acknowledges number + 1, or more, of what the receiver sent. */
static inline bool
tcpshake_covers(const tcpshake_scene *scene, uint32_t number)
{
    return tcpshake_has(scene, TCPSHAKE_ACK) && (int32_t)(scene->segment->ack - number) > 0;
}

static inline tcpshake_moment
tcpshake_now(const tcpshake_scene *scene)
{
    return (tcpshake_moment) { scene->segment->time, scene->segment->frame };
}

/* copies.c */
tcpshake_print tcpshake_print_of(const tcpshake_segment *segment);
bool tcpshake_is_captured_twice(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                                tcpshake_print print);

/* findings.c: all return a finding that may be written to, a spare one if there is no memory; valid until the next call. */
tcpshake_finding *tcpshake_note(tcpshake_scene *scene, tcpshake_anomaly anomaly);
tcpshake_finding *tcpshake_note_about(tcpshake_scene *scene, tcpshake_anomaly anomaly, uint32_t frame);
tcpshake_finding *tcpshake_recall(tcpshake_conversation *conversation, tcpshake_anomaly anomaly);
void              tcpshake_withdraw(tcpshake_conversation *conversation, tcpshake_anomaly anomaly);

/* rules.c, and a file for each chapter: what is out of the ordinary about a segment, judged before it moves anything. */
void tcpshake_judge(tcpshake_scene *scene);

/* What is missing where segment_not_captured was found: its count. */
enum { TCPSHAKE_MISSING_SYN_ACK, TCPSHAKE_MISSING_ACK, TCPSHAKE_MISSING_FIN };
void tcpshake_note_gap(tcpshake_scene *scene, uint32_t frame, int end, int missing); /* capture.c */

/* reconsider.c */
void tcpshake_restore_isn(tcpshake_scene *scene);
void tcpshake_restore_fin(tcpshake_scene *scene);
void tcpshake_doubt_fin(tcpshake_scene *scene);
void tcpshake_reconsider(tcpshake_scene *scene);

/* What rules ask that others need to know, too. */
bool tcpshake_is_probe(const tcpshake_scene *scene);
bool tcpshake_is_repetition(const tcpshake_scene *scene);
bool tcpshake_is_foreign_ttl(const tcpshake_scene *scene);
bool tcpshake_acknowledges_the_unsent(const tcpshake_scene *scene);
bool tcpshake_is_goodbye(const tcpshake_conversation *conversation, const tcpshake_end *peer);
bool tcpshake_is_fin_outside(const tcpshake_scene *scene);
bool tcpshake_is_old_duplicate(const tcpshake_scene *scene);

/* waiting.c */
void tcpshake_follow_waiting(tcpshake_scene *scene);

/* crowds.c: before: the states before the segment; handshake: its outcome before it. */
void tcpshake_follow_crowds(tcpshake_scene *scene, const uint8_t before[2], uint8_t handshake);

/* presumption.c: see there. */
void tcpshake_presume(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed, uint32_t frame);
void tcpshake_take_back(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed);
void tcpshake_take_in(tcpshake_scene *scene, int end, tcpshake_event event);
void tcpshake_hear(tcpshake_scene *scene);
bool tcpshake_is_reset_by_stranger(const tcpshake_scene *scene);
void tcpshake_deliver_after_sending(tcpshake_scene *scene);

/* beginning.c */
void tcpshake_begin(tcpshake_scene *scene);
void tcpshake_look_for_new_beginning(tcpshake_scene *scene);
void tcpshake_renew(tcpshake_scene *scene);
void tcpshake_resume(tcpshake_scene *scene);

/* opening.c */
void tcpshake_send_syn(tcpshake_scene *scene);
void tcpshake_receive_syn(tcpshake_scene *scene);
void tcpshake_send_opening_ack(tcpshake_scene *scene);
void tcpshake_receive_opening_ack(tcpshake_scene *scene);

/* closing.c */
void tcpshake_send_closing(tcpshake_scene *scene);
void tcpshake_receive_closing(tcpshake_scene *scene);

/* capture.c */
void tcpshake_look_for_unseen_fin(tcpshake_scene *scene);

/* reset.c */
bool tcpshake_is_answer(const tcpshake_scene *scene);
void tcpshake_send_reset(tcpshake_scene *scene);
void tcpshake_receive_reset(tcpshake_scene *scene);

/* window.c: section 3.10.7.4's first check, as far as an observer can make it */
bool tcpshake_acceptable(const tcpshake_scene *scene);
bool tcpshake_reset_acceptable(const tcpshake_scene *scene);
bool tcpshake_ack_acceptable(const tcpshake_scene *scene);
uint32_t tcpshake_sure_window(const tcpshake_scene *scene);
void tcpshake_remember_numbers(tcpshake_scene *scene);
uint8_t tcpshake_window_shift(const tcpshake_conversation *conversation, int end);

#endif /* TCPSHAKE_SCENE_H */
