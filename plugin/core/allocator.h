/* allocator.h
 * Where the core's memory comes from: file-scoped, handed in by whoever embeds it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ALLOCATOR_H
#define TCPSHAKE_ALLOCATOR_H

#include <stddef.h>

/* resize() works like realloc(): block may be NULL, the bytes kept are the smaller of both sizes, new bytes are not
 * cleared. It may return NULL; the block is then as it was. Nothing is freed one by one: the context goes away as a
 * whole. */
typedef struct tcpshake_allocator {
    void *(*resize)(void *context, void *block, size_t size);
    void *context;
} tcpshake_allocator;

#endif /* TCPSHAKE_ALLOCATOR_H */
