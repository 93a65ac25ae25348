/* fields.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fields.h"

#include "../../core/conversation/conversation.h"

#include <epan/proto.h>

int proto_tcpshake = -1;
int ett_tcpshake = -1, ett_tcpshake_conversation = -1, ett_tcpshake_group = -1;

int hf_tcpshake[TCPSHAKE_FIELDS] = {
#define FIELD(variable, filter, label, type, display, strings, meaning) -1,
#include "fields.def"
#undef FIELD
};

static const value_string role_names[] = {
    { TCPSHAKE_CLIENT, "client" }, { TCPSHAKE_SERVER, "server" }, { TCPSHAKE_BOTH, "both" }, { 0, NULL }
};

static const value_string phase_names[] = { { TCPSHAKE_PHASE_HANDSHAKE, "handshake" },
                                            { TCPSHAKE_PHASE_TRANSFER, "transfer" },
                                            { TCPSHAKE_PHASE_TEARDOWN, "teardown" },
                                            { TCPSHAKE_PHASE_CLOSED, "closed" },
                                            { 0, NULL } };

static const value_string step_names[] = { { 1, "3-way 1/3: SYN" },
                                           { 2, "3-way 2/3: SYN-ACK" },
                                           { 3, "3-way 3/3: ACK" },
                                           { 11, "4-way 1/4: FIN" },
                                           { 12, "4-way 2/4: ACK" },
                                           { 13, "4-way 3/4: FIN" },
                                           { 14, "4-way 4/4: ACK" },
                                           { 21, "RST" },
                                           { 0, NULL } };

const uint8_t tcpshake_step_values[TCPSHAKE_STEP_BITS] = { 1, 2, 3, 11, 12, 13, 14, 21 };

static value_string state_names[TCPSHAKE_STATES + 1]; /* by tcpshake_state_name() */

static const value_string handshake_names[] = { { TCPSHAKE_HANDSHAKE_COMPLETE, "complete" },
                                                { TCPSHAKE_HANDSHAKE_IN_PROGRESS, "in progress" },
                                                { TCPSHAKE_HANDSHAKE_UNANSWERED, "unanswered" },
                                                { TCPSHAKE_HANDSHAKE_REFUSED, "refused" },
                                                { TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP, "rejected by ICMP" },
                                                { TCPSHAKE_HANDSHAKE_ABORTED, "aborted" },
                                                { TCPSHAKE_HANDSHAKE_HALF_OPEN, "half-open" },
                                                { TCPSHAKE_HANDSHAKE_TIMED_OUT, "timed out" },
                                                { TCPSHAKE_HANDSHAKE_SIMULTANEOUS, "simultaneous" },
                                                { TCPSHAKE_HANDSHAKE_NOT_CAPTURED, "not captured" },
                                                { 0, NULL } };

static const value_string teardown_names[] = { { TCPSHAKE_TEARDOWN_NONE, "none" },
                                               { TCPSHAKE_TEARDOWN_IN_PROGRESS, "in progress" },
                                               { TCPSHAKE_TEARDOWN_FOUR_SEGMENTS, "four segments" },
                                               { TCPSHAKE_TEARDOWN_THREE_SEGMENTS, "three segments" },
                                               { TCPSHAKE_TEARDOWN_SIMULTANEOUS, "simultaneous" },
                                               { TCPSHAKE_TEARDOWN_HALF_CLOSED, "half-closed" },
                                               { TCPSHAKE_TEARDOWN_RESET, "reset" },
                                               { TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING, "reset while closing" },
                                               { 0, NULL } };

static const value_string reset_cause_names[] = { { TCPSHAKE_CAUSE_REFUSED, "refused" },
                                                  { TCPSHAKE_CAUSE_ABORTED, "aborted by application" },
                                                  { TCPSHAKE_CAUSE_DATA_AFTER_CLOSE, "data after close" },
                                                  { TCPSHAKE_CAUSE_NO_SUCH_CONNECTION, "no such connection" },
                                                  { TCPSHAKE_CAUSE_HANDSHAKE_ABORT, "handshake abort" },
                                                  { TCPSHAKE_CAUSE_IN_TIME_WAIT, "in TIME-WAIT" },
                                                  { TCPSHAKE_CAUSE_IDLE_EXPIRY, "idle expiry" },
                                                  { TCPSHAKE_CAUSE_FOREIGN, "foreign" },
                                                  { TCPSHAKE_CAUSE_UNKNOWN, "unknown" },
                                                  { 0, NULL } };

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
    static int *subtrees[] = { &ett_tcpshake, &ett_tcpshake_conversation, &ett_tcpshake_group };

    for (unsigned state = 0; state < TCPSHAKE_STATES; state++)
        state_names[state] = (value_string){ state, tcpshake_state_name((tcpshake_state)state) };
    proto_tcpshake = proto_register_protocol("TCP Handshake & Teardown", "TCP Handshake", "tcpshake");
    proto_register_field_array(proto_tcpshake, tcpshake_field_infos, TCPSHAKE_FIELDS);
    proto_register_subtree_array(subtrees, array_length(subtrees));
}
