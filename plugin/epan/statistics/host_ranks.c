/* host_ranks.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host_ranks.h"

#include "../streams.h"

#include <epan/dissectors/packet-tcp.h>

#include <stdlib.h>

static GArray *hosts; /* of address, sorted, each once; NULL: not collected */

static int
compare(const void *a, const void *b)
{
    return cmp_address(a, b);
}

/* Both ends of each conversation, as the streams lend them. */
static GArray *
borrow_all(void)
{
    GArray *const  all = g_array_new(FALSE, FALSE, sizeof(address));
    const uint32_t streams = get_tcp_stream_count();

    for (uint32_t stream = 0; stream < streams; stream++) {
        address  ends[TCPSHAKE_ENDS];
        uint16_t ports[TCPSHAKE_ENDS];
        if (tcpshake_stream_ends(stream, ends, ports))
            g_array_append_vals(all, ends, TCPSHAKE_ENDS);
    }
    return all;
}

static void
free_own(void *host)
{
    free_address(host);
}

static void
collect(void)
{
    GArray *const all = borrow_all();

    g_array_sort(all, compare);
    hosts = g_array_new(FALSE, FALSE, sizeof(address));
    g_array_set_clear_func(hosts, free_own);
    for (unsigned i = 0; i < all->len; i++) {
        const address *const host = &g_array_index(all, address, i);
        address              own;
        if (i > 0 && cmp_address(host, host - 1) == 0)
            continue;
        copy_address(&own, host);
        g_array_append_val(hosts, own);
    }
    g_array_free(all, TRUE);
}

uint32_t
tcpshake_host_rank(const address *host)
{
    if (!hosts)
        collect();
    const address *const found = hosts->len ? bsearch(host, hosts->data, hosts->len, sizeof(address), compare) : NULL;
    return found ? (uint32_t)(found - &g_array_index(hosts, address, 0)) + 1 : 0;
}

void
tcpshake_forget_host_ranks(void)
{
    if (hosts)
        g_array_free(hosts, TRUE);
    hosts = NULL;
}
