/* text.h
 * Every sentence that a person reads. The functions write at most size bytes, with a terminating NUL, and return text,
 * which is UTF-8 and cut between two characters where it is too long.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TEXT_H
#define TCPSHAKE_TEXT_H

#include "../core/outcome/verdict.h"

#include <stddef.h>

/* ---- languages ---- */

typedef enum tcpshake_language {
#define LANGUAGE(name, code) TCPSHAKE_##name,
#include "languages.def"
#undef LANGUAGE
    TCPSHAKE_LANGUAGES
} tcpshake_language;

/* In which language everything is said from now on, in the whole process; English until then. */
void              tcpshake_set_language(tcpshake_language language);
tcpshake_language tcpshake_current_language(void);

/* The first of a person's languages that is spoken here; English if none is. names: as in the environment, such as
 * "ko_KR.UTF-8", the preferred one first; ends with NULL. */
tcpshake_language tcpshake_language_among(const char *const *names);

/* ---- segments and conversations ---- */

/* The outcome and its cause in one line: "established in 41 ms, closed by the client, four segments". */
const char *tcpshake_text_verdict(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                                  const tcpshake_knowledge *knowledge, char *text, size_t size);

/* The step in plain words with this segment's own numbers; "" where there is nothing to say. */
const char *tcpshake_text_note(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                               const tcpshake_view *view, char *text, size_t size);

/* Why TCP takes this step as it does: why three segments and not two, why TIME-WAIT. "" where the segment is no place
 * to ask. */
const char *tcpshake_text_why(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                              const tcpshake_view *view, char *text, size_t size);

/* An anomaly's message with the numbers that prove it. */
const char *tcpshake_text_finding(const tcpshake_conversation *conversation, const tcpshake_finding *finding,
                                  const tcpshake_knowledge *knowledge, char *text, size_t size);

/* What speaks for the cause of the RST that ended it: "its TTL is 50, the server's other packets had 64"; "" without a
 * RST. */
const char *tcpshake_text_reset_evidence(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                                         char *text, size_t size);

/* ---- the story of a conversation ---- */

typedef enum tcpshake_story_sentence {
#define SENTENCE(name) TCPSHAKE_STORY_##name,
#include "story.def"
#undef SENTENCE
    TCPSHAKE_STORY_SENTENCES
} tcpshake_story_sentence;

/* What a sentence of the story is about; story.def says which needs what. Ends are numbered as in the segments. */
typedef struct tcpshake_story_facts {
    const tcpshake_conversation *conversation;
    const tcpshake_summary      *summary;
    const char                  *name, *clock;
    uint64_t                     segments[TCPSHAKE_ENDS], bytes[TCPSHAKE_ENDS]; /* sent by each end */
    uint64_t                     number;
    int64_t                      duration, longest; /* longest: silence in it; ns */
    int                          end;
} tcpshake_story_facts;

const char *tcpshake_text_story(tcpshake_story_sentence sentence, const tcpshake_story_facts *facts, char *text,
                                size_t size);

/* A duration as a person says it: "41 ms", "7.1 s", "0.2 ms"; in Korean "7.1초"; ns. */
const char *tcpshake_text_duration(int64_t duration, char *text, size_t size);

#endif /* TCPSHAKE_TEXT_H */
