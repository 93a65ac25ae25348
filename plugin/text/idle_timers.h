/* idle_timers.h
 * Idle timers that many run with their defaults. A silence that fits one is a hint, never proof.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_IDLE_TIMERS_H
#define TCPSHAKE_IDLE_TIMERS_H

#include "../core/conversation/conversation.h"

#include <stdbool.h>
#include <stdint.h>

/* Whose timers a silence is compared with: those of devices on the path, or those of servers as well. */
typedef enum tcpshake_timer_of { TCPSHAKE_TIMER_OF_DEVICE, TCPSHAKE_TIMER_OF_SERVER } tcpshake_timer_of;

/* Whose default would end a connection after this silence; NULL if none is known. on_time: it was ended when the timer
 * expired, not only found to be gone at its next use. Static. */
const char *tcpshake_idle_timer(int64_t silence, bool on_time, tcpshake_timer_of of);
/* The same of the RST that ended the conversation. */
const char *tcpshake_reset_timer(const tcpshake_conversation *conversation);

#endif /* TCPSHAKE_IDLE_TIMERS_H */
