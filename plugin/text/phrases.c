/* phrases.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "phrases.h"

#include "text.h"

static const char *const phrases[TCPSHAKE_PHRASES][TCPSHAKE_LANGUAGES] = {
#define PHRASE(name, english, korean) { english, korean },
#include "phrases.def"
#undef PHRASE
};

const char *
tcpshake_phrase_text(tcpshake_phrase phrase)
{
    return phrases[phrase][tcpshake_current_language()];
}
