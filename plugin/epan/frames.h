/* frames.h
 * Whether a frame's number is its own: records speak of frames by their numbers.
 *
 * With a read filter (tshark -2 -R), a frame that does not pass it is dissected in the first pass all the same, and the
 * next one then gets its number. The later passes do not have the former any more, and records speak of both.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_FRAMES_H
#define TCPSHAKE_FRAMES_H

#include "compat.h"

/* When the plugin is registered. */
void tcpshake_register_frames(void);

/* Takes note of a frame with a segment, or an error about one, before anything else here is asked about it. False:
 * nothing can be told of it, because its number was another frame's in the first pass. */
bool tcpshake_frame_is_known(const packet_info *pinfo);

/* Whether that is so in this file; the first time that it is asked for, the user is told why. */
bool tcpshake_frames_are_renumbered(void);

#endif /* TCPSHAKE_FRAMES_H */
