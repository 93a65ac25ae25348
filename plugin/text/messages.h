/* messages.h
 * An anomaly's message while it is put together. anomaly_text.c begins with the sentence that has the anomaly's name; a
 * function for the anomaly adds its values, may put another sentence in that one's place, and may let more follow. The
 * functions are in a file and a table for each chapter of the catalogue. Internal to this folder.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_MESSAGES_H
#define TCPSHAKE_MESSAGES_H

#include "text.h"

#include "expand.h"
#include "facts.h"
#include "icmp_text.h"

#include <glib.h>

enum { TCPSHAKE_SENTENCES_MAX = 3 };

typedef struct tcpshake_message {
    const tcpshake_conversation *conversation;
    const tcpshake_finding      *finding;
    const tcpshake_knowledge    *knowledge;
    bool                         of_another; /* proven: the end that the RST names did not send it */
    bool                         overdue;    /* what should have followed, and did not */
    tcpshake_sentence            sentences[TCPSHAKE_SENTENCES_MAX];
    unsigned                     count;
    tcpshake_arguments           arguments;
    char                         name[TCPSHAKE_ICMP_NAME_SIZE]; /* where an argument needs room */
} tcpshake_message;

typedef void (*tcpshake_fill)(tcpshake_message *m);

/* By anomaly; NULL where its sentence needs no more than every finding has: who, the frame, the duration. */
extern const tcpshake_fill tcpshake_fills_opening[TCPSHAKE_ANOMALIES];
extern const tcpshake_fill tcpshake_fills_open[TCPSHAKE_ANOMALIES];
extern const tcpshake_fill tcpshake_fills_closing[TCPSHAKE_ANOMALIES];
extern const tcpshake_fill tcpshake_fills_capture[TCPSHAKE_ANOMALIES];

static inline void
tcpshake_put_in_place(tcpshake_message *m, tcpshake_sentence sentence)
{
    m->sentences[0] = sentence;
}

static inline void
tcpshake_follow(tcpshake_message *m, tcpshake_sentence sentence)
{
    m->sentences[m->count++] = sentence;
}

/* What anomalies of several chapters have in common: anomaly_text.c. */
void tcpshake_fill_attempt(tcpshake_message *m);
void tcpshake_fill_missing_ack(tcpshake_message *m);
void tcpshake_fill_data(tcpshake_message *m);
void tcpshake_fill_group(tcpshake_message *m);

/* The finding is on the RST that ended the conversation, and its apparent sender has probably, or surely, not sent it.
 */
bool tcpshake_is_of_another(const tcpshake_message *m);
/* The likely cause of that RST, if the finding is on it. */
void tcpshake_follow_cause(tcpshake_message *m);

#endif /* TCPSHAKE_MESSAGES_H */
