/* text_parts.h
 * What the sentences of all languages are put together with. Not for users of the core.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TEXT_PARTS_H
#define TCPSHAKE_TEXT_PARTS_H

#include "text.h"

#include <glib.h>

enum { TCPSHAKE_DURATION_SIZE = 24 };

typedef struct tcpshake_duration_text {
    char text[TCPSHAKE_DURATION_SIZE];
} tcpshake_duration_text;

/* tcpshake_text_duration(), to be used within a call: said(duration).text. */
static inline tcpshake_duration_text
said(int64_t duration)
{
    tcpshake_duration_text said;

    tcpshake_text_duration(duration, said.text, sizeof said.text);
    return said;
}

/* Adds to what text holds; what does not fit is cut. */
void append(char *text, size_t size, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* What an anomaly's sentence is made of, and where it goes. */
typedef struct tcpshake_sentence {
    const tcpshake_conversation *conversation;
    const tcpshake_finding      *finding;
    const tcpshake_knowledge    *knowledge;
    char                        *text;
    size_t                       size;
} tcpshake_sentence;

/* Adds to the sentence. */
void say(const tcpshake_sentence *sentence, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* text_en.c: in English, by tcpshake_role. */
extern const char *const tcpshake_role_names_en[];

/* text_en_anomalies.c */
void tcpshake_say_anomaly_en(const tcpshake_sentence *sentence);
const char *tcpshake_icmp_name_en(uint32_t error, char *text, size_t size);

#endif /* TCPSHAKE_TEXT_PARTS_H */
