/* allocator.h
 * Where the core's memory comes from. The caller provides it; in Wireshark it lives as long as the capture file is
 * open.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ALLOCATOR_H
#define TCPSHAKE_ALLOCATOR_H

#include <stddef.h>

/* resize() works like realloc(): block may be NULL, contents are kept up to the smaller of both sizes, new bytes are
 * not cleared. If it returns NULL, the block is unchanged. Blocks are never freed one by one: the context is freed as a
 * whole.
 *
 * fixed() gives a block of zeros that is never resized. fixed may be NULL: then resize() is used. */
typedef struct tcpshake_allocator {
    void *(*resize)(void *context, void *block, size_t size);
    void *context;
    void *(*fixed)(void *context, size_t size);
} tcpshake_allocator;

/* A new block of zeros. NULL: there is no memory. */
void *tcpshake_allocate(const tcpshake_allocator *allocator, size_t size);
/* The same, never to be resized: for records of which there are many. */
void *tcpshake_allocate_fixed(const tcpshake_allocator *allocator, size_t size);

#endif /* TCPSHAKE_ALLOCATOR_H */
