/* expand.h
 * Fills the placeholders of a sentence, in the current language.
 *
 * A template:
 *
 *   {frame}             the value; {Who} starts with a capital letter
 *   {bytes|byte|bytes}  the first word if the number is 1, else the second; for a role the second means both ends, as
 *                       English verbs and Korean particles need
 *   [ after {duration}] left out if a value in it is not known; brackets can stand in brackets
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_EXPAND_H
#define TCPSHAKE_EXPAND_H

#include "sentences.h"

#include "../core/conversation/conversation.h"

#include <stddef.h>

/* The values, by placeholder. */
typedef struct tcpshake_arguments {
#define PLACEHOLDER(kind, type, name) type name;
#include "placeholders.def"
#undef PLACEHOLDER
} tcpshake_arguments;

/* Appends the sentence to text. If there is no room for all of it, it is cut between two characters. */
void tcpshake_say(tcpshake_sentence sentence, const tcpshake_arguments *arguments, char *text, size_t size);

/* The same for any template. */
void tcpshake_expand(const char *template, const tcpshake_arguments *arguments, char *text, size_t size);

#endif /* TCPSHAKE_EXPAND_H */
