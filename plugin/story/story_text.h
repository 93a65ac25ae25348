/* story_text.h
 * The story for a terminal: a ladder of 100 columns, in UTF-8.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_STORY_TEXT_H
#define TCPSHAKE_STORY_TEXT_H

#include "story.h"

enum { TCPSHAKE_TEXT_COLUMNS = 100 };

/* Appends it, line by line. */
void tcpshake_story_write_text(const tcpshake_story *story, GString *to);

#endif /* TCPSHAKE_STORY_TEXT_H */
