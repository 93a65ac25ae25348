/* reset_reason.c
 * RFC 9293 section 3.5.3: a RST can carry data, a text that says why. Load balancers write it. Multipath TCP has an
 * option for that (RFC 8684 section 3.6).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tracking.h"

#include <stdio.h>
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

static void
write_text(const tcpshake_segment *segment, unsigned length, char text[TCPSHAKE_REASON_SIZE])
{
    unsigned used = 0;

    for (unsigned i = 0; i < length && used < TCPSHAKE_REASON_SIZE - ESCAPED_MAX; i++)
        used += escape(segment->text[i], text + used);
    text[used] = '\0';
}

/* RFC 8684 section 3.6, in the words of IANA's registry "MPTCP MP_TCPRST Reason Codes". */
static void
write_mptcp(uint8_t reason, bool transient, char text[TCPSHAKE_REASON_SIZE])
{
    static const char *const names[] = {
        "unspecified error",           "MPTCP-specific error",      "lack of resources",
        "administratively prohibited", "too much outstanding data", "unacceptable performance",
        "middlebox interference",
    };
    const char *const also = transient ? " (transient)" : "";

    if (reason < sizeof names / sizeof names[0])
        snprintf(text, TCPSHAKE_REASON_SIZE, "MPTCP: %s%s", names[reason], also);
    else
        snprintf(text, TCPSHAKE_REASON_SIZE, "MPTCP: reason %u%s", (unsigned)reason, also);
}

void
tcpshake_remember_reset_reason(tcpshake_arrival *arrival)
{
    const tcpshake_segment *const segment = arrival->segment;
    tcpshake_extra *const         extra = tcpshake_extra_of(arrival->conversation, arrival->allocator);
    const unsigned                length = segment->text ? trimmed(segment->text, segment->text_length) : 0;
    const bool                    has_text = segment->text && is_text(segment->text, length);
    uint8_t                       reason = 0;
    bool                          transient = false;
    const bool                    told = has_text || tcpshake_options_mptcp_reset(segment, &reason, &transient);

    if (extra && told && !extra->reset_reason)
        extra->reset_reason = arrival->allocator->resize(arrival->allocator->context, NULL, TCPSHAKE_REASON_SIZE);
    if (!extra || !extra->reset_reason)
        return;
    extra->reset_reason[0] = '\0'; /* of another RST */
    if (has_text)
        write_text(segment, length, extra->reset_reason);
    else if (told)
        write_mptcp(reason, transient, extra->reset_reason);
}
