/* fields.h
 * The protocol, its fields and its subtrees as Wireshark numbers them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_FIELDS_H
#define TCPSHAKE_FIELDS_H

#include "compat.h"

extern int proto_tcpshake;

#define FIELD(variable, filter, label, type, display, strings, meaning) extern int hf_tcpshake_##variable;
#include "fields.def"
#undef FIELD

extern int ett_tcpshake, ett_tcpshake_conversation, ett_tcpshake_negotiated;

/* Registers the protocol with its fields and subtrees. */
void tcpshake_register_fields(void);

/* Whether any field of the conversation, as against the segment, is going to be seen in this tree. */
bool tcpshake_wants_conversation(const proto_tree *tree);

/* Whether our protocol's own text is going to be seen, and not just fields below it. */
bool tcpshake_wants_summary(const proto_tree *tree);

/* The values of tcpshake.step, for the bits of tcpshake_view.steps from the lowest on. */
enum { TCPSHAKE_STEP_BITS = 8 };
extern const uint8_t tcpshake_step_values[TCPSHAKE_STEP_BITS];

/* "3-way 1/3: SYN" for a value of tcpshake.step. */
const char *tcpshake_step_name(uint8_t value);

#endif /* TCPSHAKE_FIELDS_H */
