/* fields.h
 * The protocol, its fields and its subtrees as Wireshark numbers them.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_FIELDS_H
#define TCPSHAKE_FIELDS_H

#include "../compat.h"

#include <epan/proto.h>

/* The fields in the order of their table. */
typedef enum tcpshake_field {
#define FIELD(variable, filter, label, type, display, strings, meaning) HF_##variable,
#include "fields.def"
#undef FIELD
    TCPSHAKE_FIELDS
} tcpshake_field;
enum { HF_CONVERSATION = HF_verdict }; /* the first about the conversation, not the segment */

extern int proto_tcpshake;
extern int hf_tcpshake[TCPSHAKE_FIELDS];

/* Subtrees: Wireshark remembers of each whether it is open. */
enum { TCPSHAKE_GROUPS = 3 };
extern int ett_tcpshake, ett_tcpshake_conversation, ett_tcpshake_groups[TCPSHAKE_GROUPS];

/* As registered. Wireshark marks in it whether anything refers to a field. */
extern hf_register_info tcpshake_field_infos[TCPSHAKE_FIELDS];

/* Registers the protocol with its fields and subtrees. */
void tcpshake_register_fields(void);

/* Whether the field is going to be seen in this tree: by a person, a filter, a column or a script. Reading the mark is
 * much cheaper than composing what nobody reads. */
static inline bool
tcpshake_wants(const proto_tree *tree, tcpshake_field field)
{
    return PTREE_DATA(tree)->visible || tcpshake_field_infos[field].hfinfo.ref_type != HF_REF_TYPE_NONE;
}

/* A set of fields of the conversation: a bit each, the lowest for HF_CONVERSATION. */
typedef uint64_t tcpshake_fields;

static inline bool
tcpshake_is_among(tcpshake_fields fields, tcpshake_field field)
{
    return (fields >> (field - HF_CONVERSATION) & 1) != 0;
}

/* Which fields of the conversation are wanted. */
tcpshake_fields tcpshake_wanted_of_conversation(const proto_tree *tree);

/* Whether the text of the protocol item itself is wanted, and not only fields below it. */
bool tcpshake_wants_summary(const proto_tree *tree);

/* The values of tcpshake.step for the bits of tcpshake_view.steps, the lowest first. */
enum { TCPSHAKE_STEP_BITS = 8 };
extern const uint8_t tcpshake_step_values[TCPSHAKE_STEP_BITS];

/* The name of an enumeration's value, "half-open"; "" if it has none. Static. */
const char *tcpshake_value_name(tcpshake_field field, uint32_t value);

/* "3-way 1/3: SYN" for a value of tcpshake.step. */
const char *tcpshake_step_name(uint8_t value);

#endif /* TCPSHAKE_FIELDS_H */
