/* segment_log.c
 * Each segment takes a byte of bits and its flags, followed by what the segments before it do not tell: numbers as
 * differences. Flags and numbers take seven bits a byte, the lowest first; the highest bit says that more follow.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "segment_log.h"

enum {
    FROM = 1 << 0,
    CAPTURED = 3 << 1, /* tcpshake_captured */
    IN_ORDER = 1 << 3, /* it begins where its sender's last segment ended */
    SAME_ACK = 1 << 4,
    NO_DATA = 1 << 5,
    SAME_LENGTH = 1 << 6, /* as its sender's last data segment */
    NEXT_FRAME = 1 << 7,
};
enum { CAPTURED_SHIFT = 1, NUMBER_MAX = 10 };

tcpshake_segment_log *
tcpshake_segment_log_new(void)
{
    tcpshake_segment_log *log = g_new0(tcpshake_segment_log, 1);

    log->bytes = g_byte_array_new();
    return log;
}

void
tcpshake_segment_log_free(tcpshake_segment_log *log)
{
    if (!log)
        return;
    g_byte_array_free(log->bytes, TRUE);
    g_free(log);
}

/* ---- numbers ---- */

static uint8_t *
put(uint8_t *at, uint64_t number)
{
    for (; number >= 0x80; number >>= 7)
        *at++ = (uint8_t)(number | 0x80);
    *at++ = (uint8_t)number;
    return at;
}

static uint64_t
get(const uint8_t **at)
{
    uint64_t number = 0;
    unsigned shift = 0;

    for (;; shift += 7) {
        const uint8_t byte = *(*at)++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
}

/* So that small negative differences become small numbers, too. */
static uint64_t
folded(int64_t difference)
{
    return (uint64_t)difference << 1 ^ (difference < 0 ? UINT64_MAX : 0);
}

static int64_t
unfolded(uint64_t number)
{
    return (int64_t)(number >> 1 ^ (~(number & 1) + 1));
}

/* ---- segments ---- */

static void
advance(tcpshake_segment_log_place *place, const tcpshake_segment *segment)
{
    tcpshake_segment_log_end *const sender = &place->end[segment->from];

    place->time = segment->time;
    place->frame = segment->frame;
    sender->next = segment->seq + tcpshake_segment_span(segment);
    sender->ack = segment->ack;
    if (segment->length)
        sender->length = segment->length;
}

static uint8_t
bits_of(const tcpshake_segment_log_place *place, const tcpshake_segment *segment)
{
    const tcpshake_segment_log_end *const sender = &place->end[segment->from];

    return (uint8_t)((segment->from ? FROM : 0) | segment->captured << CAPTURED_SHIFT |
                     (segment->seq == sender->next ? IN_ORDER : 0) | (segment->ack == sender->ack ? SAME_ACK : 0) |
                     (segment->length == 0 ? NO_DATA : 0) |
                     (segment->length && segment->length == sender->length ? SAME_LENGTH : 0) |
                     (segment->frame == place->frame + 1 ? NEXT_FRAME : 0));
}

void
tcpshake_segment_log_add(tcpshake_segment_log *log, const tcpshake_segment *segment)
{
    const tcpshake_segment_log_end *const sender = &log->last.end[segment->from];
    const uint8_t                         bits = bits_of(&log->last, segment);
    uint8_t                               bytes[1 + 6 * NUMBER_MAX], *at = bytes;

    *at++ = bits;
    at = put(at, segment->flags);
    /* Unsigned: two times far apart must not overflow. */
    at = put(at, folded((int64_t)((uint64_t)segment->time - (uint64_t)log->last.time)));
    if (!(bits & NEXT_FRAME))
        at = put(at, folded((int32_t)(segment->frame - log->last.frame)));
    if (!(bits & IN_ORDER))
        at = put(at, folded((int32_t)(segment->seq - sender->next)));
    if (!(bits & SAME_ACK))
        at = put(at, folded((int32_t)(segment->ack - sender->ack)));
    if (!(bits & (NO_DATA | SAME_LENGTH)))
        at = put(at, segment->length);
    g_byte_array_append(log->bytes, bytes, (guint)(at - bytes));
    advance(&log->last, segment);
    log->count++;
}

void
tcpshake_segment_log_read(tcpshake_segment_log_reader *reader, const tcpshake_segment_log *log)
{
    const uint8_t *const begin = log->bytes->data; /* NULL if there are none */

    *reader = (tcpshake_segment_log_reader){ .at = begin, .end = begin ? begin + log->bytes->len : NULL };
}

bool
tcpshake_segment_log_next(tcpshake_segment_log_reader *reader, tcpshake_segment *segment)
{
    if (reader->at == reader->end)
        return false;
    const uint8_t                         bits = *reader->at++;
    const tcpshake_segment_log_end *const sender = &reader->last.end[bits & FROM];
    *segment = (tcpshake_segment){ .from = bits & FROM, .captured = (bits & CAPTURED) >> CAPTURED_SHIFT };
    segment->flags = (uint16_t)get(&reader->at);
    segment->time = (int64_t)((uint64_t)reader->last.time + (uint64_t)unfolded(get(&reader->at)));
    segment->frame = reader->last.frame + (bits & NEXT_FRAME ? 1 : (uint32_t)unfolded(get(&reader->at)));
    segment->seq = sender->next + (bits & IN_ORDER ? 0 : (uint32_t)unfolded(get(&reader->at)));
    segment->ack = sender->ack + (bits & SAME_ACK ? 0 : (uint32_t)unfolded(get(&reader->at)));
    segment->length = bits & NO_DATA ? 0 : bits & SAME_LENGTH ? sender->length : (uint32_t)get(&reader->at);
    advance(&reader->last, segment);
    return true;
}
