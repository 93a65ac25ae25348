/* allocator.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "allocator.h"

#include "no_inline.h"

#include <string.h>

/* A size that the compiler knows would have it clear word by word, which takes more than twice as many instructions as
 * the C library's memset(). */
TCPSHAKE_NO_INLINE void *
tcpshake_allocate(const tcpshake_allocator *allocator, size_t size)
{
    const volatile size_t unknown = size;
    void *const           block = allocator->resize(allocator->context, NULL, size);

    return block ? memset(block, 0, unknown) : NULL;
}

void *
tcpshake_allocate_fixed(const tcpshake_allocator *allocator, size_t size)
{
    return allocator->fixed ? allocator->fixed(allocator->context, size) : tcpshake_allocate(allocator, size);
}
