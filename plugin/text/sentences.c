/* sentences.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "sentences.h"

static const char *const *const templates[TCPSHAKE_LANGUAGES] = {
#define LANGUAGE(name, code) [TCPSHAKE_##name] = tcpshake_templates_##code,
#include "languages.def"
#undef LANGUAGE
};

const char *
tcpshake_sentence_template(tcpshake_sentence sentence, tcpshake_language language)
{
    return templates[language][sentence];
}
