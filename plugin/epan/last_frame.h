/* last_frame.h
 * When the last frame of the capture was captured, whatever it carries: silence was watched until then.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_LAST_FRAME_H
#define TCPSHAKE_LAST_FRAME_H

#include "compat.h"

/* When the plugin is registered. */
void tcpshake_register_last_frame(void);

/* For calls: a tshark that reads the capture once keeps no frames, so each is noted as it passes. */
void tcpshake_note_frames(void);

/* The session has read all frames, this one among them. Again and again, it is found once. */
void tcpshake_find_last_frame(const epan_t *session, uint32_t known);

/* Of the last frame that was found, or noted; INT64_MIN if none was. In ns since the epoch. */
int64_t tcpshake_last_frame_time(void);

#endif /* TCPSHAKE_LAST_FRAME_H */
