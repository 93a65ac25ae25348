/* presumption.h
 * What the files about presumptions share: presumption.c explains them. Internal to this folder.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_PRESUMPTION_H
#define TCPSHAKE_PRESUMPTION_H

#include "arrival.h"

static inline void
tcpshake_presume(tcpshake_end *end, tcpshake_presumption presumed, uint32_t frame)
{
    end->presumed_frame[presumed] = frame;
    end->pending &= (uint8_t) ~(1u << presumed);
}

static inline void
tcpshake_confirm(tcpshake_end *end, tcpshake_presumption presumed)
{
    end->presumed_frame[presumed] = 0;
    end->pending &= (uint8_t) ~(1u << presumed);
}

static inline bool
tcpshake_is_pending(const tcpshake_end *end, tcpshake_presumption presumed)
{
    return (end->pending & 1u << presumed) != 0;
}

/* presumed_opening.c: the sender was presumed to have received the peer's SYN, SYN-ACK, or the ACK of its own SYN. */
void tcpshake_check_gap(tcpshake_arrival *arrival);
void tcpshake_check_presumed_syn(tcpshake_arrival *arrival);
void tcpshake_check_presumed_syn_ack(tcpshake_arrival *arrival);
void tcpshake_check_presumed_ack_of_syn(tcpshake_arrival *arrival);

/* presumed_closing.c: the peer's FIN, or the ACK of its own. */
void tcpshake_check_presumed_fin(tcpshake_arrival *arrival);
void tcpshake_check_presumed_ack_of_fin(tcpshake_arrival *arrival);
void tcpshake_check_fin_before_reset(tcpshake_arrival *arrival);

/* presumed_reset.c: a RST. */
void tcpshake_check_presumed_reset(tcpshake_arrival *arrival);
void tcpshake_check_challenge(tcpshake_arrival *arrival);

#endif /* TCPSHAKE_PRESUMPTION_H */
