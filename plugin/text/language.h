/* language.h
 * The languages, and which one is in use.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_LANGUAGE_H
#define TCPSHAKE_LANGUAGE_H

typedef enum tcpshake_language {
#define LANGUAGE(name, code) TCPSHAKE_##name,
#include "languages.def"
#undef LANGUAGE
    TCPSHAKE_LANGUAGES
} tcpshake_language;

/* The language of all text from now on, in the whole process; English until then. */
void              tcpshake_set_language(tcpshake_language language);
tcpshake_language tcpshake_current_language(void);

/* The first of a person's languages that is supported; English if none is. names: as in the environment, such as
 * "ko_KR.UTF-8", the preferred one first; ends with NULL. */
tcpshake_language tcpshake_language_among(const char *const *names);

#endif /* TCPSHAKE_LANGUAGE_H */
