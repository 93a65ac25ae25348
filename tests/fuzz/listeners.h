/* listeners.h
 * The calls and statistics that take in what the plugin taps.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_FUZZ_LISTENERS_H
#define TCPSHAKE_FUZZ_LISTENERS_H

/* Once, before all others here. */
void fuzz_begin_listening(void);

/* All of -z tcpshake,…; stream: of which conversation to tell. */
void fuzz_begin_calls(unsigned stream);

/* What Wireshark's windows and sharkd show. */
void fuzz_begin_windows(void);

/* As the window does before it reads a capture again. */
void fuzz_reset_listeners(void);

void fuzz_end_listeners(void);

#endif /* TCPSHAKE_FUZZ_LISTENERS_H */
