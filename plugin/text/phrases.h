/* phrases.h
 * What a person reads in the statistics and around them, in the language that is spoken.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_PHRASES_H
#define TCPSHAKE_PHRASES_H

typedef enum tcpshake_phrase {
#define PHRASE(name, english, korean) TCPSHAKE_PHRASE_##name,
#include "phrases.def"
#undef PHRASE
    TCPSHAKE_PHRASES
} tcpshake_phrase;

/* Static. */
const char *tcpshake_phrase_text(tcpshake_phrase phrase);

#endif /* TCPSHAKE_PHRASES_H */
