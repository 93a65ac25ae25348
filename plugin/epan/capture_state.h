/* capture_state.h
 * How far Wireshark's window has come with the capture that is open in it. Programs without a window have no such
 * state.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_CAPTURE_STATE_H
#define TCPSHAKE_CAPTURE_STATE_H

#include "compat.h"

/* Whether a capture is open in the window, and was read to its end. */
bool tcpshake_capture_is_read(void);

/* Whether more packets will come to the window: of a live capture, or of a file that is still being read. */
bool tcpshake_capture_goes_on(void);

/* Wireshark's session with the capture that is open in the window, or NULL. */
const epan_t *tcpshake_capture_session(void);

#endif /* TCPSHAKE_CAPTURE_STATE_H */
