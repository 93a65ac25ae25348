/* telling.h
 * One conversation, from its record and its segments to a text or a picture.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TELLING_H
#define TCPSHAKE_TELLING_H

#include "conversation_list.h"

#include "../../story/segment_log.h"

/* Into the log of its conversation, with the numbers of that. */
void tcpshake_log_segment(tcpshake_segment_log *log, const tcpshake_tapped *tapped);

/* stream: the number in its title. log: all its segments. The string belongs to the caller. */
GString *tcpshake_tell_text(uint32_t stream, const tcpshake_conversation_row *row, const tcpshake_segment_log *log);

/* The same as SVG. */
GString *tcpshake_tell_picture(uint32_t stream, const tcpshake_conversation_row *row, const tcpshake_segment_log *log);

#endif /* TCPSHAKE_TELLING_H */
