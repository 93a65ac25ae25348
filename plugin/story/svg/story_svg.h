/* story_svg.h
 * The story as a picture: a ladder in SVG, for a slide or a page.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_STORY_SVG_H
#define TCPSHAKE_STORY_SVG_H

#include "../story.h"

/* Appends the whole document. */
void tcpshake_story_write_svg(const tcpshake_story *story, GString *to);

#endif /* TCPSHAKE_STORY_SVG_H */
