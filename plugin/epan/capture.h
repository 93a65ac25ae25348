/* capture.h
 * The capture file that is open: the memory of its records, what is known across conversations, and how much is known
 * at all by now.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_CAPTURE_H
#define TCPSHAKE_CAPTURE_H

#include "compat.h"

#include "../core/outcome/view.h"
#include "../core/siphash.h"
#include "../core/tracking/tracker.h"

/* When the plugin is registered. */
void tcpshake_register_capture(void);

/* What lives as long as the file is open. */
wmem_allocator_t         *tcpshake_capture_memory(void);
const tcpshake_allocator *tcpshake_capture_allocator(void);

/* Processes this segment; in the first pass, each once. */
void tcpshake_capture_take(tcpshake_conversation *conversation, const tcpshake_segment *segment);

/* The same of an ICMP error. Returns whether it rejects a SYN that is waiting for its answer. */
bool tcpshake_capture_take_error(tcpshake_conversation *conversation, const tcpshake_icmp_error *error);

/* A record may have changed by something else than a segment. */
void tcpshake_capture_has_changed(void);

/* How much is known when this packet is looked at. */
tcpshake_knowledge tcpshake_capture_knowledge(const packet_info *pinfo);

/* How much is known now that all segments so far were read. */
tcpshake_knowledge tcpshake_capture_knowledge_now(void);

/* The secret key for hashes of what packets contain. */
const tcpshake_hash_key *tcpshake_capture_hash_key(void);

/* What is known across conversations; NULL before the first segment. */
const tcpshake_hosts *tcpshake_capture_hosts(void);

/* Another number whenever a record may have changed, or the limits: what was worked out of all of them is out of date.
 */
uint64_t tcpshake_capture_version(void);

#endif /* TCPSHAKE_CAPTURE_H */
