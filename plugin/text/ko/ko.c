/* ko.c
 * Korean.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../phrases.h"
#include "../sentences.h"

#define SENTENCE(name, text) static const char text_##name[] = text;
#include "sentences_ko.def"
#include "anomalies_ko.def"
#include "story_ko.def"
#undef SENTENCE

const char *const tcpshake_templates_ko[TCPSHAKE_SENTENCES] = {
#define SENTENCE(name, placeholders) text_##name,
#include "../sentences.def"
#undef SENTENCE
};

#define PHRASE(name, text) static const char phrase_##name[] = text;
#include "phrases_ko.def"
#undef PHRASE

const char *const tcpshake_phrases_ko[TCPSHAKE_PHRASES] = {
#define PHRASE(name, conversions) phrase_##name,
#include "../phrases.def"
#undef PHRASE
};
