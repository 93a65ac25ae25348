/* text_parts.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void
append_list(char *text, size_t size, const char *format, va_list arguments)
{
    const size_t used = strlen(text);

    vsnprintf(text + used, size - used, format, arguments);
}

void
append(char *text, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    append_list(text, size, format, arguments);
    va_end(arguments);
}

void
say(const tcpshake_sentence *sentence, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    append_list(sentence->text, sentence->size, format, arguments);
    va_end(arguments);
}

const char *
tcpshake_text_duration(int64_t duration, char *text, size_t size)
{
    const double seconds = (double)duration / 1e9;

    if (seconds >= 99.95)
        snprintf(text, size, "%.0f s", seconds);
    else if (seconds >= 0.9995)
        snprintf(text, size, "%.1f s", seconds);
    else if (seconds >= 0.00995)
        snprintf(text, size, "%.0f ms", seconds * 1e3);
    else if (seconds >= 0.0000995 || duration == 0)
        snprintf(text, size, "%.1f ms", seconds * 1e3);
    else
        snprintf(text, size, "%.0f µs", seconds * 1e6);
    return text;
}

const char *
tcpshake_text_finding(const tcpshake_conversation *conversation, const tcpshake_finding *finding,
                      const tcpshake_knowledge *knowledge, char *text, size_t size)
{
    const tcpshake_sentence sentence = { conversation, finding, knowledge, text, size };

    text[0] = '\0';
    tcpshake_say_anomaly_en(&sentence);
    return text;
}
