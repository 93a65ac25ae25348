/* times.h
 * Durations, points in time and numbers as text. The functions write at most size bytes, with a terminating NUL, and
 * return text. None of them depends on the locale: a decimal point is a point, as Wireshark has it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TIMES_H
#define TCPSHAKE_TIMES_H

#include <stddef.h>
#include <stdint.h>

enum { TCPSHAKE_DURATION_SIZE = 32 };

/* A duration as a person says it: "41 ms", "7.1 s", "0.2 ms"; in Korean "7.1초"; ns. "" if it is negative. */
const char *tcpshake_text_duration(int64_t duration, char *text, size_t size);

/* "12.345678" for ns and six decimals, at most nine; what is beyond them is cut off. */
const char *tcpshake_text_seconds(int64_t time, unsigned decimals, char *text, size_t size);

/* "2024-11-23 06:00:00.123 UTC" for ns since the epoch. */
const char *tcpshake_text_clock(int64_t time, char *text, size_t size);

const char *tcpshake_text_number(uint64_t number, char *text, size_t size);

#endif /* TCPSHAKE_TIMES_H */
