/* chain.h
 * Calls the dissector that one of ours has replaced in IP's table.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_CHAIN_H
#define TCPSHAKE_CHAIN_H

#include "compat.h"

/* The original gets this call as if IP had made it: with IP's data, and with the count of dissectors on the way (a
 * proxy offers reassembly to the next one only) as it was before it came to us. */
static inline int
tcpshake_call_original(dissector_handle_t original, tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *ip)
{
    pinfo->can_desegment = pinfo->saved_can_desegment;
    return call_dissector_only(original, tvb, pinfo, tree, ip);
}

#endif /* TCPSHAKE_CHAIN_H */
