/* fields.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fields.h"

#include "../../core/conversation/conversation.h"

#include <epan/proto.h>
#include <epan/tfs.h>

int proto_tcpshake = -1;
int ett_tcpshake = -1, ett_tcpshake_conversation = -1, ett_tcpshake_groups[TCPSHAKE_GROUPS];

int hf_tcpshake[TCPSHAKE_FIELDS] = {
#define FIELD(variable, filter, label, type, display, strings, meaning) -1,
#include "fields.def"
#undef FIELD
};

/* One table's braces are in two macros. */
/* clang-format off */
#define VALUES(table) static const value_string table[] = {
#define VALUE(number, name) { number, name },
#define VALUES_END { 0, NULL } };
#include "values.def"
#undef VALUES
#undef VALUE
#undef VALUES_END
/* clang-format on */

static const true_false_string yes_no = { "yes", "no" };

static value_string state_names[TCPSHAKE_STATES + 1]; /* by tcpshake_state_name() */

const uint8_t tcpshake_step_values[TCPSHAKE_STEP_BITS] = { 1, 2, 3, 11, 12, 13, 14, 21 };

const char *
tcpshake_value_name(tcpshake_field field, uint32_t value)
{
    return val_to_str_const(value, tcpshake_field_infos[field].hfinfo.strings, "");
}

const char *
tcpshake_step_name(uint8_t value)
{
    return val_to_str_const(value, step_names, "");
}

hf_register_info tcpshake_field_infos[TCPSHAKE_FIELDS] = {
#define FIELD(variable, filter, label, type, display, strings, meaning) \
    { &hf_tcpshake[HF_##variable], { label, "tcpshake." filter, FT_##type, display, strings, 0, meaning, HFILL } },
#include "fields.def"
#undef FIELD
};

_Static_assert(TCPSHAKE_FIELDS - HF_CONVERSATION <= 64, "tcpshake_fields has a bit for each");

tcpshake_fields
tcpshake_wanted_of_conversation(const proto_tree *tree)
{
    tcpshake_fields fields = 0;

    if (PTREE_DATA(tree)->visible)
        return ~fields;
    for (unsigned field = HF_CONVERSATION; field < TCPSHAKE_FIELDS; field++)
        fields |= (tcpshake_fields)tcpshake_wants(tree, (tcpshake_field)field) << (field - HF_CONVERSATION);
    return fields;
}

bool
tcpshake_wants_summary(const proto_tree *tree)
{
    return PTREE_DATA(tree)->visible ||
           proto_registrar_get_nth((unsigned)proto_tcpshake)->ref_type != HF_REF_TYPE_INDIRECT;
}

void
tcpshake_register_fields(void)
{
    enum { OTHERS = 2 };
    int *subtrees[OTHERS + TCPSHAKE_GROUPS] = { &ett_tcpshake, &ett_tcpshake_conversation };

    for (unsigned group = 0; group < TCPSHAKE_GROUPS; group++) {
        ett_tcpshake_groups[group] = -1;
        subtrees[OTHERS + group] = &ett_tcpshake_groups[group];
    }
    for (unsigned state = 0; state < TCPSHAKE_STATES; state++)
        state_names[state] = (value_string){ state, tcpshake_state_name((tcpshake_state)state) };
    proto_tcpshake = proto_register_protocol("TCP Handshake & Teardown", "TCP Handshake", "tcpshake");
    proto_register_field_array(proto_tcpshake, tcpshake_field_infos, TCPSHAKE_FIELDS);
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
