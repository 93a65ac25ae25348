/* jump.h
 * From the selected packet to the next one with an anomaly, or back.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_JUMP_H
#define TCPSHAKE_JUMP_H

#include <stdbool.h>

/* Selects the next displayed packet with an anomaly, or the one before; after the last comes the first. Says so where
 * there is none. */
void tcpshake_jump(bool forward, bool warnings_only);

#endif /* TCPSHAKE_JUMP_H */
