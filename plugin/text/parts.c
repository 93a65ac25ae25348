/* parts.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
append_list(char *text, size_t size, const char *format, va_list arguments)
{
    const size_t used = strlen(text), left = size - used;
    const int    needed = vsnprintf(text + used, left, format, arguments);
    const char  *end;

    if (needed >= 0 && (size_t)needed >= left && !g_utf8_validate(text + used, -1, &end))
        text[end - text] = '\0';
}

void
tcpshake_append(char *text, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    append_list(text, size, format, arguments);
    va_end(arguments);
}

void
tcpshake_say(const tcpshake_sentence *sentence, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    append_list(sentence->text, sentence->size, format, arguments);
    va_end(arguments);
}

void
tcpshake_append_duration(int64_t duration, const char *seconds, const char *milliseconds, const char *microseconds,
                         char *text, size_t size)
{
    const double number = (double)duration / 1e9;

    if (number >= 99.95)
        tcpshake_append(text, size, "%.0f%s", number, seconds);
    else if (number >= 0.9995)
        tcpshake_append(text, size, "%.1f%s", number, seconds);
    else if (number >= 0.00995)
        tcpshake_append(text, size, "%.0f%s", number * 1e3, milliseconds);
    else if (number >= 0.0000995 || duration == 0)
        tcpshake_append(text, size, "%.1f%s", number * 1e3, milliseconds);
    else
        tcpshake_append(text, size, "%.0f%s", number * 1e6, microseconds);
}

const char *
tcpshake_icmp_name(const tcpshake_icmp_names *names, tcpshake_icmp_kind error, char *text, size_t size)
{
    enum { UNREACHABLE = 3, UNREACHABLE_6 = 1, TIME_EXCEEDED = 11, TIME_EXCEEDED_6 = 3 };
    const unsigned           type = error.type, code = error.code;
    const bool               six = error.version == 6, unreachable = type == (six ? UNREACHABLE_6 : UNREACHABLE);
    const char *const *const of = six ? names->unreachable_6 : names->unreachable;
    const size_t             count = six ? G_N_ELEMENTS(names->unreachable_6) : G_N_ELEMENTS(names->unreachable);

    if (unreachable && code < count && of[code])
        return of[code];
    if (type == (six ? TIME_EXCEEDED_6 : TIME_EXCEEDED))
        return names->time_exceeded;
    text[0] = '\0';
    tcpshake_append(text, size, names->other, type, code);
    return text;
}

const char *
tcpshake_flags_joined(uint32_t flags, const char *none, char *text, size_t size)
{
    static const struct {
        unsigned    flag;
        const char *name;
    } names[] = {
        { TCPSHAKE_SYN, "SYN" }, { TCPSHAKE_FIN, "FIN" }, { TCPSHAKE_RST, "RST" },
        { TCPSHAKE_PSH, "PSH" }, { TCPSHAKE_ACK, "ACK" }, { TCPSHAKE_URG, "URG" },
    };

    text[0] = '\0';
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (flags & names[i].flag)
            tcpshake_append(text, size, "%s%s", text[0] ? "+" : "", names[i].name);
    return text[0] ? text : none;
}
