/* phrases.h
 * What a person reads in the statistics and around them, in the current language.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_PHRASES_H
#define TCPSHAKE_PHRASES_H

typedef enum tcpshake_phrase {
#define PHRASE(name, conversions) TCPSHAKE_PHRASE_##name,
#include "phrases.def"
#undef PHRASE
    TCPSHAKE_PHRASES
} tcpshake_phrase;

/* Static. For printf where phrases.def has conversions. */
const char *tcpshake_phrase_text(tcpshake_phrase phrase);

/* From the folder of each language. */
#define LANGUAGE(name, code) extern const char *const tcpshake_phrases_##code[TCPSHAKE_PHRASES];
#include "languages.def"
#undef LANGUAGE

#endif /* TCPSHAKE_PHRASES_H */
