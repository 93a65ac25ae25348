/* conversation_values.h
 * What each field of the conversation holds: for the tree, for exports.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_CONVERSATION_VALUES_H
#define TCPSHAKE_CONVERSATION_VALUES_H

#include "fields.h"

#include "../../core/outcome/verdict.h"

typedef enum tcpshake_value_kind {
    TCPSHAKE_VALUE_NUMBER, /* in number; also frames, and enumerations by their value */
    TCPSHAKE_VALUE_FLAG,   /* in number, 0 or 1 */
    TCPSHAKE_VALUE_TIME,   /* in time: ns, a duration or since the epoch */
    TCPSHAKE_VALUE_TEXT,   /* in text, never empty */
} tcpshake_value_kind;

typedef struct tcpshake_value {
    tcpshake_field      field;
    tcpshake_value_kind kind;
    uint32_t            number;
    int64_t             time;
    const char         *text; /* borrowed for the call */
} tcpshake_value;

/* Who reads the values. A text is composed only if it is wanted. */
typedef struct tcpshake_reader {
    tcpshake_fields wanted;
    void (*take)(void *to, const tcpshake_value *value);
    void *to;
} tcpshake_reader;

/* Hands the reader each value that the conversation has, in the order of the fields; several of one field in a row.
 * tcpshake.time_wait.remaining is a segment's and not among them. */
void tcpshake_read_conversation(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                                const tcpshake_knowledge *knowledge, const tcpshake_reader *reader);

#endif /* TCPSHAKE_CONVERSATION_VALUES_H */
