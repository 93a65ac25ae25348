/* expand.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "expand.h"

#include "times.h"

#include <glib.h>

#include <string.h>

typedef enum kind { ROLE, NAME, DURATION, NUMBER, POSITIVE, TEXT } kind;

static const struct placeholder {
    const char *name;
    size_t      length, offset; /* offset: in the arguments */
    kind        kind;
} placeholders[] = {
#define PLACEHOLDER(kind, type, name) { #name, sizeof #name - 1, offsetof(tcpshake_arguments, name), kind },
#include "placeholders.def"
#undef PLACEHOLDER
};

/* ---- where the text goes ---- */

typedef struct output {
    char                     *text;
    size_t                    size, used; /* used < size; the NUL comes last */
    bool                      cut;        /* there was no room for all of it */
    const tcpshake_arguments *arguments;
} output;

static void
append(output *to, const char *text, size_t length)
{
    const size_t room = to->size - 1 - to->used, taken = length < room ? length : room;

    memcpy(to->text + to->used, text, taken);
    to->used += taken;
    to->cut = to->cut || taken < length;
}

static const char ELLIPSIS[] = "…";

/* What has no room ends behind a whole word; where there is none, behind a whole character. */
static void
finish(output *to)
{
    const char *end;
    size_t      word = to->used;

    to->text[to->used] = '\0';
    if (!to->cut)
        return;
    while (word > 0 && (to->text[word] != ' ' || word + sizeof ELLIPSIS > to->size))
        word--;
    if (word > 0)
        memcpy(to->text + word, ELLIPSIS, sizeof ELLIPSIS);
    else if (!g_utf8_validate(to->text, -1, &end))
        to->text[end - to->text] = '\0';
}

/* ---- placeholders ---- */

static const struct placeholder *
find(const char *name, size_t length)
{
    const char first = g_ascii_tolower(name[0]);

    for (unsigned i = 0; i < G_N_ELEMENTS(placeholders); i++)
        if (placeholders[i].name[0] == first && placeholders[i].length == length &&
            memcmp(placeholders[i].name + 1, name + 1, length - 1) == 0)
            return &placeholders[i];
    return NULL;
}

static int64_t
number_of(const output *from, const struct placeholder *placeholder)
{
    int64_t number;

    memcpy(&number, (const char *)from->arguments + placeholder->offset, sizeof number);
    return number;
}

static const char *
text_of(const output *from, const struct placeholder *placeholder)
{
    const char *text;

    memcpy(&text, (const char *)from->arguments + placeholder->offset, sizeof text);
    return text;
}

static bool
is_known(const output *from, const struct placeholder *placeholder)
{
    switch (placeholder->kind) {
    case ROLE:
    case NAME: return number_of(from, placeholder) != TCPSHAKE_NOBODY;
    case DURATION: return number_of(from, placeholder) > 0; /* 0: at the same time, as far as the clock tells */
    case POSITIVE: return number_of(from, placeholder) != 0;
    case TEXT: return text_of(from, placeholder) && text_of(from, placeholder)[0];
    default: return true;
    }
}

static const char *
role_text(tcpshake_role role, kind kind)
{
    static const tcpshake_sentence sentences[][2] = {
        [TCPSHAKE_CLIENT] = { TCPSHAKE_SAY_the_client, TCPSHAKE_SAY_client },
        [TCPSHAKE_SERVER] = { TCPSHAKE_SAY_the_server, TCPSHAKE_SAY_server },
        [TCPSHAKE_BOTH] = { TCPSHAKE_SAY_both_ends, TCPSHAKE_SAY_both_ends },
    };

    return tcpshake_sentence_template(sentences[role][kind == NAME], tcpshake_current_language());
}

static void
append_value(output *to, const struct placeholder *placeholder)
{
    char        text[TCPSHAKE_DURATION_SIZE];
    const char *value = text;

    switch (placeholder->kind) {
    case ROLE:
    case NAME: value = role_text((tcpshake_role)number_of(to, placeholder), placeholder->kind); break;
    case TEXT: value = text_of(to, placeholder); break;
    case DURATION: tcpshake_text_duration(number_of(to, placeholder), text, sizeof text); break;
    default: value = tcpshake_text_number((uint64_t)number_of(to, placeholder), text, sizeof text); break;
    }
    append(to, value, strlen(value));
}

static void
append_word(output *to, const struct placeholder *placeholder, const char *one, const char *many, const char *end)
{
    const int64_t number = number_of(to, placeholder);
    const bool    is_role = placeholder->kind == ROLE || placeholder->kind == NAME;

    if (is_role ? number != TCPSHAKE_BOTH : number == 1)
        append(to, one, (size_t)(many - 1 - one));
    else
        append(to, many, (size_t)(end - many));
}

/* Where the first of two characters is; a template is known to have them. Faster than strcspn(), which makes a table.
 */
static const char *
until(const char *at, char one, char other)
{
    while (*at != one && *at != other)
        at++;
    return at;
}

/* name: what follows the {. Returns what follows the }. *known: false if the value is not known. */
static const char *
expand_placeholder(output *to, const char *name, bool *known)
{
    const char *const               end_of_name = until(name, '|', '}');
    const char *const               end = until(end_of_name, '}', '}');
    const struct placeholder *const placeholder = find(name, (size_t)(end_of_name - name));
    const size_t                    before = to->used;

    if (!placeholder || !is_known(to, placeholder)) {
        *known = false;
    } else if (end_of_name < end) {
        append_word(to, placeholder, end_of_name + 1, until(end_of_name + 1, '|', '|') + 1, end);
    } else {
        append_value(to, placeholder);
        if (g_ascii_isupper(name[0]) && to->used > before)
            to->text[before] = g_ascii_toupper(to->text[before]);
    }
    return end + 1;
}

/* Expands up to the end, or to the bracket that closes this part. *known: false if a value in it is not known. */
static const char *
expand_part(output *to, const char *at, bool *known)
{
    while (*at && *at != ']') {
        const char *plain = at;
        while (*at && *at != '{' && *at != '[' && *at != ']')
            at++;
        append(to, plain, (size_t)(at - plain));
        if (*at == '{') {
            at = expand_placeholder(to, at + 1, known);
        } else if (*at == '[') {
            const size_t before = to->used;
            bool         all_known = true;
            at = expand_part(to, at + 1, &all_known) + 1;
            if (!all_known)
                to->used = before;
        }
    }
    return at;
}

/* ---- sentences ---- */

void
tcpshake_expand(const char *template, const tcpshake_arguments *arguments, char *text, size_t size)
{
    output to = { text, size, strlen(text), false, arguments };
    bool   known = true;

    if (g_str_has_suffix(text, ELLIPSIS)) /* the sentence before had no room */
        return;
    expand_part(&to, template, &known);
    finish(&to);
}

void
tcpshake_say(tcpshake_sentence sentence, const tcpshake_arguments *arguments, char *text, size_t size)
{
    tcpshake_expand(tcpshake_sentence_template(sentence, tcpshake_current_language()), arguments, text, size);
}
