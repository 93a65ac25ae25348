/* parts.h
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
    tcpshake_duration_text words = { "" };

    tcpshake_text_duration(duration, words.text, sizeof words.text);
    return words;
}

/* Adds to what text holds; what does not fit is cut, between two characters. */
void tcpshake_append(char *text, size_t size, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* As tcpshake_text_duration(), with these behind the number. */
void tcpshake_append_duration(int64_t duration, const char *seconds, const char *milliseconds, const char *microseconds,
                              char *text, size_t size);

/* What an anomaly's sentence is made of, and where it goes. */
typedef struct tcpshake_sentence {
    const tcpshake_conversation *conversation;
    const tcpshake_finding      *finding;
    const tcpshake_knowledge    *knowledge;
    char                        *text;
    size_t                       size;
} tcpshake_sentence;

/* Adds to the sentence. */
void tcpshake_say(const tcpshake_sentence *sentence, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* ICMP's errors in a language, by code (RFC 792, RFC 1812 section 5.2.7, RFC 4443 section 3); other has two numbers,
 * type and code. */
typedef struct tcpshake_icmp_names {
    const char *unreachable[16], *unreachable_6[7], *time_exceeded, *other;
} tcpshake_icmp_names;

/* text is only written to where the name has numbers. */
const char *tcpshake_icmp_name(const tcpshake_icmp_names *names, tcpshake_icmp_kind error, char *text, size_t size);

/* "SYN+FIN"; none if there is none. flags: TCPSHAKE_SYN and the like. */
enum { TCPSHAKE_FLAGS_SIZE = 32 };
const char *tcpshake_flags_joined(uint32_t flags, const char *none, char *text, size_t size);

/* Every language's functions: tcpshake_say_verdict_en() and so on. */
#define SAYS(name, parameters) void tcpshake_##name##_en parameters;
#include "says.def"
#undef SAYS
#define SAYS(name, parameters) void tcpshake_##name##_ko parameters;
#include "says.def"
#undef SAYS

/* For the files of one language: who, by tcpshake_role; an ICMP error. */
extern const char *const tcpshake_role_names_en[], *const tcpshake_role_names_ko[];
const char *tcpshake_icmp_name_en(tcpshake_icmp_kind error, char *text, size_t size);
const char *tcpshake_icmp_name_ko(tcpshake_icmp_kind error, char *text, size_t size);

#endif /* TCPSHAKE_TEXT_PARTS_H */
