/* no_inline.h
 * For what only few segments need: inlined into what runs for each, it costs all of them registers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_NO_INLINE_H
#define TCPSHAKE_NO_INLINE_H

#if defined(_MSC_VER)
#define TCPSHAKE_NO_INLINE __declspec(noinline)
#elif defined(__GNUC__)
#define TCPSHAKE_NO_INLINE __attribute__((noinline))
#else
#define TCPSHAKE_NO_INLINE
#endif

#endif /* TCPSHAKE_NO_INLINE_H */
