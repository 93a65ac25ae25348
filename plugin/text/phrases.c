/* phrases.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "phrases.h"

#include "language.h"

static const char *const *const phrases[TCPSHAKE_LANGUAGES] = {
#define LANGUAGE(name, code) [TCPSHAKE_##name] = tcpshake_phrases_##code,
#include "languages.def"
#undef LANGUAGE
};

const char *
tcpshake_phrase_text(tcpshake_phrase phrase)
{
    return phrases[tcpshake_current_language()][phrase];
}
