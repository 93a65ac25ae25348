/* history.c
 * The letters of Zeek's history.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <string.h>

const char *
tcpshake_zeek_letters(const tcpshake_zeek *z)
{
    return z->length > TCPSHAKE_ZEEK_INLINE ? z->extra->text : z->history;
}

/* Room for one more letter than the inline ones; NULL if there is none. */
static char *
longer_text(taking *t)
{
    tcpshake_zeek_extra *x = extra(t);
    if (!x || t->z->length >= TCPSHAKE_ZEEK_HISTORY)
        return NULL;
    if (t->z->length >= x->capacity) {
        size_t capacity = x->capacity ? x->capacity * (size_t)2 : 32;
        char  *text = t->memory ? t->memory->resize(t->memory->context, x->text, capacity) : NULL;
        if (!text)
            return NULL;
        x->text = text;
        x->capacity = (uint16_t)capacity;
    }
    if (t->z->length == TCPSHAKE_ZEEK_INLINE)
        memcpy(x->text, t->z->history, TCPSHAKE_ZEEK_INLINE);
    return x->text;
}

static void
append(taking *t, char letter)
{
    tcpshake_zeek *z = t->z;
    char          *text = z->length < TCPSHAKE_ZEEK_INLINE ? z->history : longer_text(t);
    if (text)
        text[z->length++] = letter;
}

/* An upper case letter, or its lower case for the responder. */
static void
append_for(taking *t, int end, char letter)
{
    append(t, end == originator(t->z) ? letter : (char)(letter - 'A' + 'a'));
}

void
tcpshake_zeek_flip(taking *t)
{
    t->z->flags ^= ORIGINATOR;
    clear_flag(t->z, IS_PARTIAL);
    append(t, '^');
}

/* Gives a letter at its first time, tells whether it had been given before. The memory of that belongs to the role and
 * stays where it is when the ends flip. */
static bool
seen_before(taking *t, int end, uint8_t which, char letter)
{
    tcpshake_zeek *z = t->z;
    if ((which & (SEEN_ACK | SEEN_DATA)) && z->length == 1 && z->history[0] == 'H') {
        /* Real traffic after a lone SYN-ACK: not a stealth scan, so its sender was the responder after all. */
        tcpshake_zeek_flip(t);
        memcpy(z->history, "^h", 2);
        z->length = 2;
        set_flag(z, SPOKE, originator(z));
    }
    uint8_t *seen = &z->seen[end != originator(z)];
    if (*seen & which)
        return true;
    *seen |= which;
    append_for(t, end, letter);
    return false;
}

/* Letters t w g: at the 1st, 10th, 100th … time. */
void
tcpshake_zeek_count(taking *t, int end, int what, char letter)
{
    tcpshake_zeek_extra *x = extra(t);
    if (!x)
        return;
    uint32_t n = ++x->count[end][what];
    while (n % 10 == 0 && n > 0)
        n /= 10;
    if (n == 1)
        append_for(t, end, letter);
}

static void
take_syn_letter(taking *t, int end, uint32_t position)
{
    bool again = seen_before(t, end, SEEN_SYN, t->s->flags & TCPSHAKE_ACK ? 'H' : 'S');
    /* Nearly always at position 0, which needs no memory. */
    tcpshake_zeek_extra *x = position ? extra(t) : t->z->extra;
    if (again && position != (x ? x->syn_at[end] : 0))
        append_for(t, end, t->s->flags & TCPSHAKE_ACK ? 'H' : 'S');
    if (x)
        x->syn_at[end] = position;
}

/* FINs and RSTs: again only at another position. */
static void
take_moving_letter(taking *t, int end, uint8_t which, char letter, uint32_t *at, uint32_t position)
{
    if (seen_before(t, end, which, letter) && position != *at)
        append_for(t, end, letter);
    *at = position;
}

void
tcpshake_zeek_take_letter(taking *t, int end, uint32_t position)
{
    const tcpshake_segment *s = t->s;
    tcpshake_zeek_stream   *stream = &t->stream[end];
    switch (s->flags & (TCPSHAKE_SYN | TCPSHAKE_FIN | TCPSHAKE_RST)) {
    case 0:
        if (s->length > 0)
            seen_before(t, end, SEEN_DATA, 'D');
        else if (s->flags & TCPSHAKE_ACK)
            seen_before(t, end, SEEN_ACK, 'A');
        break;
    case TCPSHAKE_SYN: take_syn_letter(t, end, position); break;
    case TCPSHAKE_FIN: take_moving_letter(t, end, SEEN_FIN, 'F', &stream->fin_at, position + s->length); break;
    case TCPSHAKE_RST: take_moving_letter(t, end, SEEN_RST, 'R', &stream->rst_at, position); break;
    case TCPSHAKE_FIN | TCPSHAKE_RST:
    case TCPSHAKE_FIN | TCPSHAKE_RST | TCPSHAKE_SYN: seen_before(t, end, SEEN_FIN_RST, 'I'); break;
    default: seen_before(t, end, SEEN_MANY, 'Q'); break;
    }
}

void
tcpshake_zeek_history(const tcpshake_zeek *z, char *out, size_t size)
{
    if (size == 0)
        return;
    size_t n = z->length < size - 1 ? z->length : size - 1;
    memcpy(out, tcpshake_zeek_letters(z), n);
    out[n] = '\0';
}
