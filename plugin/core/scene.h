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
    tcpshake_end              *sender, *receiver;
    uint8_t                    from, to;    /* their places in conversation->end */
    uint8_t                    steps;       /* TCPSHAKE_STEP_… that it performs */
    uint32_t                   acks_syn, acks_fin;
    bool                       noted;       /* something was found on it */
} tcpshake_scene;

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

/* tracker.c */
tcpshake_moment   tcpshake_now(const tcpshake_scene *scene);
tcpshake_finding *tcpshake_note(tcpshake_scene *scene, tcpshake_anomaly anomaly); /* a spare one if there is no memory */

/* presumption.c: see there. */
void tcpshake_presume(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed, uint32_t frame);
void tcpshake_take_back(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed);
void tcpshake_take_in(tcpshake_scene *scene, int end, tcpshake_event event);
void tcpshake_hear(tcpshake_scene *scene);
void tcpshake_deliver_after_sending(tcpshake_scene *scene);

/* beginning.c */
void tcpshake_begin(tcpshake_scene *scene);
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
void tcpshake_send_reset(tcpshake_scene *scene);
void tcpshake_receive_reset(tcpshake_scene *scene);

/* window.c: section 3.10.7.4's first check, as far as an observer can make it */
bool tcpshake_acceptable(const tcpshake_scene *scene);
bool tcpshake_reset_acceptable(const tcpshake_scene *scene);
bool tcpshake_ack_acceptable(const tcpshake_scene *scene);
void tcpshake_remember_numbers(tcpshake_scene *scene);
uint8_t tcpshake_window_shift(const tcpshake_conversation *conversation, int end);

#endif /* TCPSHAKE_SCENE_H */
