/* host_tally.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host_tally.h"

#include "../capture.h"

/* What one conversation counts for: 1 << tcpshake_tally, for the client and for the server. */
typedef struct share {
    unsigned host[TCPSHAKE_ENDS];
    uint16_t tallies[TCPSHAKE_ENDS];
} share;

enum { AS_CLIENT, AS_SERVER };

#define BIT(tally) (1u << TCPSHAKE_TALLY_##tally)

/* A refusal by ICMP may be a router's: not the server's. */
static const uint16_t counts_for[][TCPSHAKE_ENDS] = {
    [TCPSHAKE_HANDSHAKE_NONE] = { 0, 0 },
    [TCPSHAKE_HANDSHAKE_COMPLETE] = { BIT(OPENED) | BIT(ESTABLISHED), BIT(ACCEPTED) },
    [TCPSHAKE_HANDSHAKE_IN_PROGRESS] = { BIT(OPENED) | BIT(UNFINISHED), 0 },
    [TCPSHAKE_HANDSHAKE_UNANSWERED] = { BIT(OPENED) | BIT(TIMED_OUT), BIT(NOT_ANSWERED) },
    [TCPSHAKE_HANDSHAKE_REFUSED] = { BIT(OPENED) | BIT(REFUSED), BIT(TURNED_AWAY) },
    [TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP] = { BIT(OPENED) | BIT(REFUSED), 0 },
    [TCPSHAKE_HANDSHAKE_ABORTED] = { BIT(OPENED) | BIT(UNFINISHED), 0 },
    [TCPSHAKE_HANDSHAKE_HALF_OPEN] = { BIT(OPENED) | BIT(UNFINISHED), 0 },
    [TCPSHAKE_HANDSHAKE_TIMED_OUT] = { BIT(OPENED) | BIT(TIMED_OUT), 0 },
    [TCPSHAKE_HANDSHAKE_SIMULTANEOUS] = { BIT(OPENED) | BIT(ESTABLISHED), BIT(ACCEPTED) },
    [TCPSHAKE_HANDSHAKE_NOT_CAPTURED] = { 0, 0 },
};

/* Keyed, unlike Wireshark's own: an attacker can choose the addresses. */
static unsigned
hash_address(const void *address_)
{
    const address *const address = address_;

    return (unsigned)tcpshake_sip_hash(tcpshake_capture_hash_key(), address->data, (size_t)address->len);
}

static gboolean
is_same_address(const void *a, const void *b)
{
    return addresses_equal(a, b);
}

static void
free_host(void *data)
{
    tcpshake_tallied_host *host = data;

    free_address(&host->address);
    g_free(host);
}

tcpshake_host_tally *
tcpshake_host_tally_new(void)
{
    tcpshake_host_tally *tally = g_new(tcpshake_host_tally, 1);

    tally->hosts = g_ptr_array_new_with_free_func(free_host);
    tally->index = g_hash_table_new(hash_address, is_same_address);
    tally->shares = g_array_new(FALSE, TRUE, sizeof(share));
    return tally;
}

void
tcpshake_host_tally_free(tcpshake_host_tally *tally)
{
    g_hash_table_destroy(tally->index);
    g_ptr_array_free(tally->hosts, TRUE);
    g_array_free(tally->shares, TRUE);
    g_free(tally);
}

void
tcpshake_host_tally_clear(tcpshake_host_tally *tally)
{
    g_hash_table_remove_all(tally->index);
    g_ptr_array_set_size(tally->hosts, 0);
    g_array_set_size(tally->shares, 0);
}

/* Its number, from 0. */
static unsigned
enter(tcpshake_host_tally *tally, const address *address)
{
    const unsigned known = GPOINTER_TO_UINT(g_hash_table_lookup(tally->index, address));

    if (known)
        return known - 1;
    tcpshake_tallied_host *host = g_new0(tcpshake_tallied_host, 1);
    copy_address(&host->address, address);
    g_ptr_array_add(tally->hosts, host);
    g_hash_table_insert(tally->index, &host->address, GUINT_TO_POINTER(tally->hosts->len));
    return tally->hosts->len - 1;
}

/* by: 1 or -1. */
static void
add(tcpshake_host_tally *tally, const share *share, int by)
{
    for (int end = 0; end < TCPSHAKE_ENDS; end++) {
        tcpshake_tallied_host *host = g_ptr_array_index(tally->hosts, share->host[end]);
        for (unsigned i = 0; i < TCPSHAKE_TALLIES; i++)
            if (share->tallies[end] >> i & 1)
                host->count[i] += (uint32_t)by;
    }
}

void
tcpshake_host_tally_count(tcpshake_host_tally *tally, unsigned number, const tcpshake_conversation_row *row,
                          const tcpshake_summary *summary, unsigned hosts[TCPSHAKE_ENDS])
{
    if (number < tally->shares->len)
        add(tally, &g_array_index(tally->shares, share, number), -1);
    else
        g_array_set_size(tally->shares, number + 1);

    share *const now = &g_array_index(tally->shares, share, number);
    hosts[AS_CLIENT] = now->host[AS_CLIENT] = enter(tally, &tcpshake_client_of(row)->address);
    hosts[AS_SERVER] = now->host[AS_SERVER] = enter(tally, &tcpshake_server_of(row)->address);
    now->tallies[AS_CLIENT] = counts_for[summary->handshake][AS_CLIENT] | BIT(CONVERSATIONS);
    /* A host that talks to itself is in the conversation once. */
    now->tallies[AS_SERVER] = counts_for[summary->handshake][AS_SERVER] |
                              (now->host[AS_CLIENT] == now->host[AS_SERVER] ? 0 : BIT(CONVERSATIONS));
    add(tally, now, 1);
}
