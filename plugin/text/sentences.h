/* sentences.h
 * The sentences, and their templates in each language. The *_text.c files and story_sentences.c decide which one to
 * use; the folder of a language holds templates and nothing else.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_SENTENCES_H
#define TCPSHAKE_SENTENCES_H

#include "language.h"

typedef enum tcpshake_sentence {
#define SENTENCE(name, placeholders) TCPSHAKE_SAY_##name,
#include "sentences.def"
#undef SENTENCE
    TCPSHAKE_SENTENCES
} tcpshake_sentence;

/* The sentence's template; static. */
const char *tcpshake_sentence_template(tcpshake_sentence sentence, tcpshake_language language);

/* From the folder of each language. */
#define LANGUAGE(name, code) extern const char *const tcpshake_templates_##code[TCPSHAKE_SENTENCES];
#include "languages.def"
#undef LANGUAGE

#endif /* TCPSHAKE_SENTENCES_H */
