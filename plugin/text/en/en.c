/* en.c
 * English.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../phrases.h"
#include "../sentences.h"

#define SENTENCE(name, text) static const char text_##name[] = text;
#include "sentences_en.def"
#include "anomalies_en.def"
#include "story_en.def"
#undef SENTENCE

const char *const tcpshake_templates_en[TCPSHAKE_SENTENCES] = {
#define SENTENCE(name, placeholders) text_##name,
#include "../sentences.def"
#undef SENTENCE
};

#define PHRASE(name, text) static const char phrase_##name[] = text;
#include "phrases_en.def"
#undef PHRASE

const char *const tcpshake_phrases_en[TCPSHAKE_PHRASES] = {
#define PHRASE(name, conversions) phrase_##name,
#include "../phrases.def"
#undef PHRASE
};
