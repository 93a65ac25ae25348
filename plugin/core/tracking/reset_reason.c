/* reset_reason.c
 * RFC 9293 section 3.5.3: a RST can carry data, a text that says why. Load balancers write it.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

#include <string.h>

/* With what does not print escaped as Wireshark does it: \n, or \x1b. */
enum { ESCAPED_MAX = 4, SPACE = 0x20, DELETE = 0x7f };

static bool
prints(uint8_t byte)
{
    return byte >= SPACE && byte < DELETE;
}

/* What is not at least half of characters that print is no text: it may be a piece of the data. */
static bool
is_text(const uint8_t *data, unsigned length)
{
    unsigned printing = 0;

    for (unsigned i = 0; i < length; i++)
        printing += prints(data[i]);
    return length > 0 && 2 * printing >= length;
}

/* Up to the last that prints and is no space. */
static unsigned
trimmed(const uint8_t *data, unsigned length)
{
    while (length > 0 && (!prints(data[length - 1]) || data[length - 1] == SPACE))
        length--;
    return length;
}

static unsigned
escape(uint8_t byte, char to[ESCAPED_MAX])
{
    static const char letters[] = "abtnvfr", digits[] = "0123456789abcdef";

    if (prints(byte)) {
        to[0] = (char)byte;
        return 1;
    }
    to[0] = '\\';
    if (byte >= '\a' && byte <= '\r') {
        to[1] = letters[byte - '\a'];
        return 2;
    }
    to[1] = 'x';
    to[2] = digits[byte >> 4];
    to[3] = digits[byte & 15];
    return 4;
}

void
tcpshake_remember_reset_reason(tcpshake_arrival *arrival)
{
    tcpshake_extra *const extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);
    const uint8_t *const  data = arrival->segment->text;
    const unsigned        length = data ? trimmed(data, arrival->segment->text_length) : 0;
    const bool            told = data && is_text(data, length);
    unsigned              used = 0;

    if (extra && told && !extra->reset_reason)
        extra->reset_reason = arrival->allocator->resize(arrival->allocator->context, NULL, TCPSHAKE_REASON_SIZE);
    if (!extra || !extra->reset_reason)
        return;
    for (unsigned i = 0; told && i < length && used < TCPSHAKE_REASON_SIZE - ESCAPED_MAX; i++)
        used += escape(data[i], extra->reset_reason + used);
    extra->reset_reason[used] = '\0';
}
