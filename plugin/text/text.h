/* text.h
 * Every sentence that a person reads. The functions write at most size bytes, with a terminating NUL, and return text,
 * which is UTF-8 in the current language, cut between two characters where it is too long.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TEXT_H
#define TCPSHAKE_TEXT_H

#include "language.h"
#include "times.h"

#include "../core/outcome/verdict.h"

#include <stddef.h>

/* ---- segments and conversations ---- */

/* The outcome and its cause in one line: "established in 41 ms, closed by the client, four segments". */
const char *tcpshake_text_verdict(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                                  const tcpshake_knowledge *knowledge, char *text, size_t size);

/* The step in plain words with this segment's own numbers; "" where there is nothing to say. */
const char *tcpshake_text_note(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                               const tcpshake_view *view, char *text, size_t size);

/* Why TCP takes this step as it does: why three segments and not two, why TIME-WAIT. "" on all other
 * segments. */
const char *tcpshake_text_why(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                              const tcpshake_view *view, char *text, size_t size);

/* An anomaly's message, with the numbers that prove it. */
const char *tcpshake_text_finding(const tcpshake_conversation *conversation, const tcpshake_finding *finding,
                                  const tcpshake_knowledge *knowledge, char *text, size_t size);

/* The evidence for the cause of the RST that ended it: "its TTL is 50; the server's other packets had 64"; "" without a
 * RST. */
const char *tcpshake_text_reset_evidence(const tcpshake_conversation *conversation, const tcpshake_summary *summary,
                                         char *text, size_t size);

/* Appends "client 10.0.0.1:40000 → 203.0.113.5:61000": an end here, and what it is called at another capture point. */
const char *tcpshake_text_translated(tcpshake_role role, const char *here, const char *there, char *text, size_t size);

/* Appends "client sequence numbers + 1000": how far its numbers are ahead there. */
const char *tcpshake_text_rewritten(tcpshake_role role, uint32_t shift, char *text, size_t size);

/* "at capture point 2: client sequence numbers + 1000". */
const char *tcpshake_text_numbering(const tcpshake_conversation *conversation, const tcpshake_numbering *numbering,
                                    char *text, size_t size);

/* "SYN, ACK", with what stands between two flags; "" if there is none. flags: TCPSHAKE_SYN and the like. */
const char *tcpshake_text_flags(uint32_t flags, const char *between, char *text, size_t size);

/* ---- the story of a conversation ---- */

typedef enum tcpshake_story_sentence {
#define STORY(name) TCPSHAKE_STORY_##name,
#include "story.def"
#undef STORY
    TCPSHAKE_STORY_SENTENCES
} tcpshake_story_sentence;

/* The values for a sentence of the story; story.def says which needs what. Ends are numbered as in the segments. */
typedef struct tcpshake_story_facts {
    const tcpshake_conversation *conversation;
    const tcpshake_summary      *summary;
    const char                  *name, *clock;
    uint64_t                     segments[TCPSHAKE_ENDS], bytes[TCPSHAKE_ENDS]; /* sent by each end */
    uint64_t                     number;
    int64_t                      duration, longest; /* longest: silence in it; ns */
    int                          end;
    bool                         goes_on; /* more segments may come */
} tcpshake_story_facts;

const char *tcpshake_text_story(tcpshake_story_sentence sentence, const tcpshake_story_facts *facts, char *text,
                                size_t size);

#endif /* TCPSHAKE_TEXT_H */
