/* no_inline.h
 * Marks code that few segments need: inlined into code that runs for each segment, it would cost registers.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_NO_INLINE_H
#define TCPSHAKE_NO_INLINE_H

#ifdef __has_attribute
#if __has_attribute(noinline)
#define TCPSHAKE_NO_INLINE __attribute__((noinline))
#endif
#endif
#ifndef TCPSHAKE_NO_INLINE
#define TCPSHAKE_NO_INLINE
#endif

#endif /* TCPSHAKE_NO_INLINE_H */
