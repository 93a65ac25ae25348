/* language.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "language.h"

#include <glib.h>

#include <string.h>

static const char *const codes[TCPSHAKE_LANGUAGES] = {
#define LANGUAGE(name, code) #code,
#include "languages.def"
#undef LANGUAGE
};

static tcpshake_language current = TCPSHAKE_ENGLISH;

void
tcpshake_set_language(tcpshake_language language)
{
    current = language;
}

tcpshake_language
tcpshake_current_language(void)
{
    return current;
}

tcpshake_language
tcpshake_language_among(const char *const *names)
{
    for (; *names; names++)
        for (int language = 0; language < TCPSHAKE_LANGUAGES; language++) {
            const size_t length = strlen(codes[language]);
            if (g_ascii_strncasecmp(*names, codes[language], length) == 0 && !g_ascii_isalpha((*names)[length]))
                return (tcpshake_language)language;
        }
    return TCPSHAKE_ENGLISH;
}
