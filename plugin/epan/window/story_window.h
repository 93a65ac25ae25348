/* story_window.h
 * One conversation in a text window, and as a picture in the browser.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_STORY_WINDOW_H
#define TCPSHAKE_STORY_WINDOW_H

/* Of the selected packet's conversation. Where no TCP segment is selected, the window says so. */
void tcpshake_show_story(void);

/* The same as SVG in the browser. */
void tcpshake_show_ladder(void);

#endif /* TCPSHAKE_STORY_WINDOW_H */
