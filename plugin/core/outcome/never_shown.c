/* never_shown.c
 * What an end was presumed to receive, and nothing in the whole capture shows that it did.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "view.h"

/* An answer that takes longer will not come. */
static const int64_t ANSWER_DUE = TCPSHAKE_SECOND;

/* Its peer has waited for an answer as long as one takes: to the end of the capture, or until it gave up with a RST. A
 * RST that the end sent itself may have been the answer. */
static bool
has_waited(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge, int end)
{
    const tcpshake_extra *const extra = conversation->extra;
    const int                   peer = TCPSHAKE_OTHER(end);

    if (!tcpshake_rare_of(conversation)->rst.frame)
        return tcpshake_watched_until(conversation, knowledge) - tcpshake_last(conversation).time > ANSWER_DUE;
    if (tcpshake_rare_of(conversation)->reset_by != tcpshake_role_of(conversation, peer) || !extra ||
        extra->rst[end].moment.frame != 0)
        return false;
    return tcpshake_server_gave_up(conversation) ||
           (extra->last_reset[peer].frame == tcpshake_rare_of(conversation)->rst.frame &&
            tcpshake_rare_of(conversation)->rst.time - extra->last_reset[peer].before > ANSWER_DUE);
}

uint8_t
tcpshake_without_the_never_shown(const tcpshake_conversation *conversation, const tcpshake_knowledge *knowledge,
                                 int end, uint32_t frame, uint8_t state)
{
    const tcpshake_end *const who = &conversation->end[end];
    const tcpshake_end *const peer = &conversation->end[TCPSHAKE_OTHER(end)];
    const bool                complete = conversation->handshake == TCPSHAKE_HANDSHAKE_COMPLETE;
    const uint32_t            rst = tcpshake_rare_of(conversation)->rst.frame;
    const struct {
        tcpshake_presumption presumed;
        bool                 repeated;
    } answered_at_once[] = {
        { TCPSHAKE_PRESUMED_SYN_ACK, peer->syn_count > 1 },
        { TCPSHAKE_PRESUMED_FIN, peer->fin_count > 1 },
    };

    if (!knowledge->hindsight || !(who->flags & TCPSHAKE_END_SEEN) || (rst && frame >= rst) ||
        tcpshake_found(conversation, TCPSHAKE_ANOMALY_segment_not_captured)) /* nor need an answer be */
        return state;
    const bool waited = has_waited(conversation, knowledge, end);
    for (unsigned i = 0; i < sizeof answered_at_once / sizeof answered_at_once[0]; i++) {
        const uint32_t since = tcpshake_presumed_frame(conversation, end, answered_at_once[i].presumed);
        if (complete && answered_at_once[i].presumed == TCPSHAKE_PRESUMED_SYN_ACK)
            continue; /* without it, its peer would not be open */
        if (!since || frame < since || !((answered_at_once[i].repeated && !rst) || waited))
            continue;
        state = (uint8_t)tcpshake_without(answered_at_once[i].presumed, (tcpshake_state)state, TCPSHAKE_UNKNOWN);
        if (since == tcpshake_presumed_frame(conversation, end, TCPSHAKE_PRESUMED_ACK_OF_FIN)) /* of the same segment */
            state = (uint8_t)tcpshake_without(TCPSHAKE_PRESUMED_ACK_OF_FIN, (tcpshake_state)state, TCPSHAKE_UNKNOWN);
    }
    return state;
}
