/* note_text.c
 * What a segment does, in plain words with its own numbers, and why TCP does it that way.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text.h"

#include "expand.h"
#include "facts.h"

#include <glib.h>

/* ---- notes ---- */

typedef struct note {
    const tcpshake_conversation *conversation;
    const tcpshake_segment      *segment;
    const tcpshake_view         *view;
    char                        *text;
    size_t                       size;
} note;

/* Adds a part to the note. due: the number before the one that is acknowledged, as in ACK(1001) = 1000 + 1. */
static void
say_part(const note *n, tcpshake_sentence sentence, uint32_t number, uint32_t due, uint32_t bytes)
{
    const tcpshake_role      who = tcpshake_role_of(n->conversation, n->segment->from);
    const tcpshake_arguments arguments = {
        .who = who, .other = tcpshake_other_role(who), .number = number, .due = due, .some = bytes
    };

    if (n->text[0])
        tcpshake_say(TCPSHAKE_SAY_note_separator, &arguments, n->text, n->size);
    tcpshake_say(sentence, &arguments, n->text, n->size);
}

static bool
is_found(const tcpshake_view *view, tcpshake_anomaly anomaly)
{
    for (uint32_t i = 0; i < view->finding_count; i++)
        if (view->findings[i].anomaly == anomaly)
            return true;
    return false;
}

static void
note_syn(const note *n)
{
    const tcpshake_segment *const segment = n->segment;
    const tcpshake_end *const     peer = &n->conversation->end[TCPSHAKE_OTHER(segment->from)];
    const bool                    known = (peer->flags & TCPSHAKE_END_HAS_ISN) != 0;
    const uint32_t                data = known ? segment->ack - peer->isn - 1 : 0; /* of a Fast Open SYN */
    const bool                    unsent = known && data > peer->snd_nxt - peer->isn - 1;

    if (!(segment->flags & TCPSHAKE_ACK)) {
        say_part(n, TCPSHAKE_SAY_note_syn, segment->seq, 0, 0);
        return;
    }
    say_part(n, TCPSHAKE_SAY_note_syn_ack, segment->seq, 0, 0);
    if (unsent || is_found(n->view, TCPSHAKE_ANOMALY_synack_bad_ack))
        say_part(n, TCPSHAKE_SAY_note_ack_of_another, segment->ack, peer->isn + 1, 0);
    else
        say_part(n, TCPSHAKE_SAY_note_ack_of_asked, segment->ack, known ? peer->isn : segment->ack - 1, data);
}

static void
note_reset(const note *n)
{
    const tcpshake_segment *const segment = n->segment;
    const bool                    by_client = n->view->sender == TCPSHAKE_CLIENT;
    const bool                    refuses = n->conversation->handshake == TCPSHAKE_HANDSHAKE_REFUSED && !by_client;

    if (is_found(n->view, TCPSHAKE_ANOMALY_reset_in_between)) /* then its sender did not send it */
        say_part(n, TCPSHAKE_SAY_note_reset_in_between, segment->seq, 0, 0);
    else if (is_found(n->view, TCPSHAKE_ANOMALY_reset_ignored))
        say_part(n, TCPSHAKE_SAY_note_reset_ignored, segment->seq, 0, 0);
    else if (refuses && segment->flags & TCPSHAKE_ACK)
        say_part(n, TCPSHAKE_SAY_note_refusal, segment->ack, segment->ack - 1, 0);
    else if ((by_client ? n->view->client_state : n->view->server_state) == TCPSHAKE_SYN_SENT)
        say_part(n, TCPSHAKE_SAY_note_reset_of_stranger, segment->seq, 0, 0);
    else if ((by_client ? n->view->client_before : n->view->server_before) == TCPSHAKE_CLOSED)
        say_part(n, TCPSHAKE_SAY_note_reset_of_closed, segment->seq, 0, 0);
    else
        say_part(n, TCPSHAKE_SAY_note_reset, segment->seq, 0, 0);
}

const char *
tcpshake_text_note(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                   const tcpshake_view *view, char *text, size_t size)
{
    conversation = tcpshake_conversation_at(conversation, segment->frame);
    const note                n = { conversation, segment, view, text, size };
    const tcpshake_end *const peer = &conversation->end[TCPSHAKE_OTHER(segment->from)];
    const uint32_t            end = segment->seq + segment->length;

    text[0] = '\0';
    if (view->steps & (TCPSHAKE_STEP_SYN | TCPSHAKE_STEP_SYN_ACK))
        note_syn(&n);
    if (view->steps & TCPSHAKE_STEP_ACK)
        say_part(&n, TCPSHAKE_SAY_note_ack_of_syn, peer->isn + 1, peer->isn, 0);
    if (view->steps & (TCPSHAKE_STEP_FIN1_ACK | TCPSHAKE_STEP_FIN2_ACK))
        say_part(&n, TCPSHAKE_SAY_note_ack_of_fin, peer->fin_seq + 1, peer->fin_seq, 0);
    if (view->steps & (TCPSHAKE_STEP_FIN1 | TCPSHAKE_STEP_FIN2))
        say_part(&n, TCPSHAKE_SAY_note_fin, end, end + 1, 0);
    if (view->steps & TCPSHAKE_STEP_RST)
        note_reset(&n);
    return text;
}

/* ---- why ---- */

/* Said once, at the step itself, not where it is repeated; false on all other segments. */
static bool
why_of(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view,
       tcpshake_sentence *why)
{
    const uint8_t state = view->sender == TCPSHAKE_CLIENT ? view->client_state : view->server_state;
    const bool    in_one = (view->steps & TCPSHAKE_STEP_FIN2) != 0;
    const bool    tells = in_one ? conversation->fin2.frame == segment->frame : state == TCPSHAKE_CLOSE_WAIT;
    const struct {
        unsigned          step;
        uint32_t          frame;
        tcpshake_sentence why;
    } steps[] = {
        { TCPSHAKE_STEP_SYN, conversation->syn.frame, TCPSHAKE_SAY_why_number },
        { TCPSHAKE_STEP_SYN_ACK, conversation->synack.frame, TCPSHAKE_SAY_why_plus_one },
        { TCPSHAKE_STEP_ACK, conversation->ack.frame, TCPSHAKE_SAY_why_three },
        { TCPSHAKE_STEP_FIN1_ACK, tells ? conversation->fin1_ack.frame : 0, /* else its FIN has been sent before */
          in_one ? TCPSHAKE_SAY_why_in_one : TCPSHAKE_SAY_why_four },
        { TCPSHAKE_STEP_FIN2_ACK, state == TCPSHAKE_TIME_WAIT ? conversation->fin2_ack.frame : 0,
          TCPSHAKE_SAY_why_time_wait },
        { TCPSHAKE_STEP_RST, tcpshake_ending_reset(conversation).frame, TCPSHAKE_SAY_why_no_answer },
    };

    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++)
        if (view->steps & steps[i].step && segment->frame == steps[i].frame) {
            *why = steps[i].why;
            return true;
        }
    return false;
}

const char *
tcpshake_text_why(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const tcpshake_view *view,
                  char *text, size_t size)
{
    static const tcpshake_arguments none;
    tcpshake_sentence               why;

    text[0] = '\0';
    if (view->steps && why_of(tcpshake_conversation_at(conversation, segment->frame), segment, view, &why))
        tcpshake_say(why, &none, text, size);
    return text;
}
