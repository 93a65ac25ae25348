/* times.c
 * A filter on the verdict asks for a duration on each segment: whole numbers, and no printf.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "times.h"

#include "sentences.h"

#include <glib.h>

#include <stdbool.h>
#include <stdio.h>

enum { DIGITS_MAX = 20 };

#define MICROSECOND INT64_C(1000)
#define MILLISECOND (1000 * MICROSECOND)
#define SECOND      (1000 * MILLISECOND)

/* Writes the digits before end; returns where they begin. */
static char *
put_digits(char *end, uint64_t number, unsigned at_least)
{
    for (; number > 0 || at_least > 0; number /= 10) {
        *--end = (char)('0' + number % 10);
        at_least -= at_least > 0;
    }
    return end;
}

/* Cut between two characters if there is no room for all of it. */
static const char *
copy(const char *from, char *text, size_t size)
{
    const char *end;

    if (g_strlcpy(text, from, size) >= size && !g_utf8_validate(text, -1, &end))
        text[end - text] = '\0';
    return text;
}

const char *
tcpshake_text_number(uint64_t number, char *text, size_t size)
{
    char        digits[DIGITS_MAX + 1];
    char *const end = digits + DIGITS_MAX;

    *end = '\0';
    return copy(put_digits(end, number, 1), text, size);
}

const char *
tcpshake_text_duration(int64_t duration, char *text, size_t size)
{
    /* Durations of at least from ns are rounded to step ns: three digits at most. */
    static const struct {
        int64_t           from, step;
        bool              has_point;
        tcpshake_sentence unit;
    } rows[] = {
        { 99950 * MILLISECOND, SECOND, false, TCPSHAKE_SAY_unit_seconds },
        { 999500 * MICROSECOND, SECOND / 10, true, TCPSHAKE_SAY_unit_seconds },
        { 9950 * MICROSECOND, MILLISECOND, false, TCPSHAKE_SAY_unit_milliseconds },
        { 99500, MILLISECOND / 10, true, TCPSHAKE_SAY_unit_milliseconds },
        { MICROSECOND, MICROSECOND, false, TCPSHAKE_SAY_unit_microseconds },
        { 0, 1, false, TCPSHAKE_SAY_unit_nanoseconds },
    };
    char        whole[TCPSHAKE_DURATION_SIZE + DIGITS_MAX];
    char *const end = whole + DIGITS_MAX;
    char       *begin = end;
    unsigned    row = 0;

    if (duration < 0)
        return copy("", text, size);
    while (duration < rows[row].from)
        row++;
    const int64_t step = rows[row].step, rounded = duration / step + (2 * (duration % step) >= step);
    g_strlcpy(end, tcpshake_sentence_template(rows[row].unit, tcpshake_current_language()), TCPSHAKE_DURATION_SIZE);
    if (rows[row].has_point) {
        *--begin = (char)('0' + rounded % 10);
        *--begin = '.';
    }
    begin = put_digits(begin, (uint64_t)(rows[row].has_point ? rounded / 10 : rounded), 1);
    return copy(begin, text, size);
}

const char *
tcpshake_text_seconds(int64_t time, unsigned decimals, char *text, size_t size)
{
    enum { DECIMALS_MAX = 9 };
    const uint64_t distance = time < 0 ? -(uint64_t)time : (uint64_t)time, second = (uint64_t)SECOND;
    char           digits[DIGITS_MAX + DECIMALS_MAX];
    char *const    end = digits + sizeof digits - 1;
    char          *begin;

    *end = '\0';
    begin = put_digits(end, distance % second, DECIMALS_MAX);
    begin[decimals] = '\0';
    *--begin = '.';
    begin = put_digits(begin, distance / second, 1);
    if (time < 0)
        *--begin = '-';
    return copy(begin, text, size);
}

const char *
tcpshake_text_clock(int64_t time, char *text, size_t size)
{
    const int64_t    seconds = time / SECOND - (time % SECOND < 0);
    GDateTime *const when = g_date_time_new_from_unix_utc(seconds); /* ns cannot leave the years that it knows */
    char *const      day = g_date_time_format(when, "%Y-%m-%d %H:%M:%S");

    snprintf(text, size, "%s.%03d UTC", day, (int)((time - seconds * SECOND) / MILLISECOND));
    g_free(day);
    g_date_time_unref(when);
    return text;
}
