/* frames.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A frame is a byte that says what it is and how much later it comes, and then
 *
 * - a segment: SEGMENT bytes, of which each is one thing (from whom, flags, how far the numbers are off, …); or
 * - the last segment, seen again at another capture point, with what is different there; or
 * - a packet: its length in a byte, where it was captured if the input says so, and the packet. Without a length: what
 *   was captured before is forgotten.
 *
 * So the change of a byte is the change of one thing, and a capture is turned into an input with little effort
 * (seeds.py).
 */
#include "frames.h"

#include "fuzzing.h"

#include <string.h>

enum { SEGMENT = 7, OUTER = 60 };

/* What a frame is: the lowest 3 bits of its first byte. */
enum { PLAIN, SEEN_AGAIN, IN_IP, IN_GRE, OVER_IPV6, QUOTED, QUOTED_BY_ICMPV6, PACKET };

enum { ICMP = 1, IP_IN_IP = 4, TCP = 6, GRE = 47, ICMPV6 = 58 };
enum { FIN = 1, SYN = 2, RST = 4 };

/* How much later, in nanoseconds: the other 5 bits. */
static const int64_t steps[32] = {
#define MS *INT64_C(1000000)
#define S  *INT64_C(1000000000)
    0,     1,      1000,   100000,  1 MS,  5 MS, 20 MS,   50 MS,
    99 MS, 101 MS, 200 MS, 400 MS,  1 S,   2 S,  3 S,     4 S,
    8 S,   10 S,   16 S,   31 S,    32 S,  60 S, 61 S,    63 S,
    120 S, 300 S,  7200 S, 86400 S, -1 MS, -3 S, -7200 S, INT64_C(0x7000000000000000)
#undef MS
#undef S
};

static const uint8_t mss[] = { 2, 4, 5, 180 };
static const uint8_t usual[] = { 2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7 };
static const uint8_t stamp[] = { 1, 1, 8, 10, 0, 0, 0, 2, 0, 0, 0, 1 };
static const uint8_t fast_open[] = { 34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1 };
static const uint8_t multipath[] = { 30, 12, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8 };
static const uint8_t broken[] = { 2, 0, 3, 255 };
static const uint8_t beyond[] = { 8, 40, 1, 2 };

static const struct {
    const uint8_t *bytes;
    uint8_t        length;
} options[8] = {
    { NULL, 0 },
    { mss, sizeof mss },
    { usual, sizeof usual },
    { stamp, sizeof stamp },
    { fast_open, sizeof fast_open },
    { multipath, sizeof multipath },
    { broken, sizeof broken },
    { beyond, sizeof beyond },
};

/* ---- bytes ---- */

static void
put16(uint8_t *to, unsigned number)
{
    to[0] = (uint8_t)(number >> 8);
    to[1] = (uint8_t)number;
}

static void
put32(uint8_t *to, uint32_t number)
{
    put16(to, number >> 16);
    put16(to + 2, number & 0xffff);
}

static uint32_t
get32(const uint8_t *from)
{
    return (uint32_t)from[0] << 24 | (uint32_t)from[1] << 16 | (uint32_t)from[2] << 8 | from[3];
}

/* Bytes in front of what the frame holds. */
static uint8_t *
in_front(fuzz_frame *frame, unsigned length)
{
    memmove(frame->bytes + length, frame->bytes, frame->captured);
    memset(frame->bytes, 0, length);
    frame->captured += length;
    frame->reported += length;
    return frame->bytes;
}

static void
in_ipv4(fuzz_frame *frame, unsigned protocol, const uint8_t source[4], const uint8_t destination[4], unsigned id,
        unsigned ttl)
{
    const unsigned length = frame->reported + 20;
    uint8_t *const ip = in_front(frame, 20);

    ip[0] = 0x45;
    put16(ip + 2, length);
    put16(ip + 4, id);
    ip[8] = (uint8_t)ttl;
    ip[9] = (uint8_t)protocol;
    memcpy(ip + 12, source, 4);
    memcpy(ip + 16, destination, 4);
}

static void
in_ipv6(fuzz_frame *frame, unsigned next, unsigned source, unsigned destination)
{
    const unsigned length = frame->reported;
    uint8_t *const ip = in_front(frame, 40);

    ip[0] = 0x60;
    put16(ip + 4, length);
    ip[6] = (uint8_t)next;
    ip[7] = 64;
    ip[8] = ip[24] = 0x20;
    ip[23] = (uint8_t)source;
    ip[39] = (uint8_t)destination;
}

/* ---- a segment ---- */

/* The header and its data; from is 0 or 1. */
static void
segment(fuzz_input *input, fuzz_frame *frame, const uint8_t *record, unsigned tuple, unsigned from)
{
    const unsigned  flags = record[1], length = record[4] & 0x3f;
    const unsigned  chosen = record[6] & 7, header = 20u + options[chosen].length;
    const unsigned  ports[2] = { 40000 + tuple, 80 };
    uint32_t *const next = input->next[tuple];
    const uint32_t  seq = fuzz_number_near(next[from], record[0] >> 3 & 3, record[2]);
    uint8_t *const  tcp = in_front(frame, header + length);

    put16(tcp, ports[from]);
    put16(tcp + 2, ports[1 - from]);
    put32(tcp + 4, seq);
    put32(tcp + 8, fuzz_number_near(next[1 - from], record[0] >> 5 & 3, record[3]));
    tcp[12] = (uint8_t)(header / 4 << 4);
    tcp[13] = (uint8_t)flags;
    put16(tcp + 14, record[4] & 0x40 ? 0 : record[5] << 8 | 1u);
    put16(tcp + 16, record[4] & 0x80 ? 7 : input->ip_id);
    if (options[chosen].length)
        memcpy(tcp + 20, options[chosen].bytes, options[chosen].length);
    memset(tcp + header, 'a' + record[5] % 26, length);
    if (!(flags & RST) && seq == next[from])
        next[from] += length + ((flags & SYN) != 0) + ((flags & FIN) != 0);
}

static void
quote(fuzz_frame *frame, const uint8_t *record, bool ipv6)
{
    uint8_t *const icmp = in_front(frame, 8);

    icmp[0] = ipv6 ? record[5] & 7 : record[5] & 0x80 ? record[5] & 31 : 3;
    icmp[1] = record[6] >> 3 & 15;
}

/* Two four-tuples are those of a host that talks to itself, and of two in either order. */
static void
wrap(fuzz_input *input, fuzz_frame *frame, unsigned kind, const uint8_t *record, unsigned tuple, unsigned from)
{
    static const uint8_t ends[2][4] = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 } },
                         outer[2][4] = { { 192, 0, 2, 1 }, { 192, 0, 2, 2 } };
    const uint8_t *const source = ends[tuple == 3 ? 0 : from], *const destination = ends[tuple == 3 ? 0 : 1 - from];
    const unsigned id = record[6] & 0x80 ? 0 : input->ip_id, ttl = record[6] & 0x40 ? 50 : 64;

    if (kind == OVER_IPV6 || kind == QUOTED_BY_ICMPV6)
        in_ipv6(frame, TCP, from + 1, 2 - from);
    else
        in_ipv4(frame, TCP, source, destination, id, ttl);
    if (kind == QUOTED || kind == QUOTED_BY_ICMPV6)
        quote(frame, record, kind == QUOTED_BY_ICMPV6);
    if (kind == QUOTED)
        in_ipv4(frame, ICMP, outer[0], source, id, ttl);
    if (kind == QUOTED_BY_ICMPV6)
        in_ipv6(frame, ICMPV6, 9, from + 1);
    if (kind == IN_GRE)
        put16(in_front(frame, 4) + 2, 0x0800);
    if (kind == IN_IP || kind == IN_GRE)
        in_ipv4(frame, kind == IN_IP ? IP_IN_IP : GRE, outer[from], outer[1 - from], id, ttl);
}

static void
make_segment(fuzz_input *input, fuzz_frame *frame, unsigned kind, const uint8_t *record)
{
    const unsigned from = record[0] & 1, tuple = record[0] >> 1 & (FUZZ_TUPLES - 1);
    uint32_t       before[2];

    /* What an error quotes was sent already. */
    memcpy(before, input->next[tuple], sizeof before);
    segment(input, frame, record, tuple, from);
    if (kind == QUOTED || kind == QUOTED_BY_ICMPV6)
        memcpy(input->next[tuple], before, sizeof before);
    wrap(input, frame, kind, record, tuple, from);
    if (record[0] & 0x80) /* not all of it was captured */
        frame->captured -= record[5] % frame->captured;
}

/* ---- another capture point ---- */

/* Behind what has rewritten an address, a port and the numbers of one end, and a hop or more on. */
static void
see_again(const fuzz_input *input, fuzz_frame *frame, const uint8_t *record)
{
    enum { SOURCE = 12, DESTINATION = 16, PORT = 20, SEQ = 24, ACK = 28 };
    const bool back = record[0] & 1;
    const int  at = back ? ACK : SEQ;

    frame->captured = input->seen.captured;
    frame->reported = input->seen.reported;
    memcpy(frame->bytes, input->seen.bytes, input->seen.captured);
    frame->interface = record[0] >> 1 & 3;
    frame->bytes[8] = (uint8_t)(frame->bytes[8] - (record[0] >> 3 & 3));
    if (frame->captured < ACK + 4)
        return;
    if (record[0] & 0x20)
        frame->bytes[back ? DESTINATION : SOURCE] = 203;
    if (record[0] & 0x40)
        frame->bytes[PORT + (back ? 2 : 0)] ^= record[2];
    put32(frame->bytes + at, get32(frame->bytes + at) + ((uint32_t)(int8_t)record[1] << 10));
}

/* ---- the input ---- */

void
fuzz_input_begin(fuzz_input *input, const uint8_t *data, size_t size, bool with_points)
{
    *input = (fuzz_input){ .at = data, .end = data + size, .seconds = 1700000000, .with_points = with_points };
    for (unsigned tuple = 0; tuple < FUZZ_TUPLES; tuple++) {
        input->next[tuple][0] = 1000 * (tuple + 1);
        input->next[tuple][1] = UINT32_MAX - 5 * tuple;
    }
}

static void
go_on(fuzz_input *input, int64_t step)
{
    enum { SECOND = 1000000000 };

    input->seconds += step / SECOND;
    input->nanoseconds += (int32_t)(step % SECOND);
    if (input->nanoseconds >= SECOND || input->nanoseconds < 0) {
        const int carry = input->nanoseconds < 0 ? -1 : 1;
        input->seconds += carry;
        input->nanoseconds -= carry * SECOND;
    }
}

/* As IP says it, where that is more than what there is; an input that is too short ends a packet early. */
static unsigned
reported(const fuzz_frame *frame)
{
    const uint8_t *const ip = frame->bytes;
    unsigned             said = frame->captured;

    if (frame->captured >= 20 && ip[0] >> 4 == 4)
        said = ip[2] << 8u | ip[3];
    else if (frame->captured >= 40 && ip[0] >> 4 == 6)
        said = 40u + (ip[4] << 8u | ip[5]);
    return said > frame->captured ? said : frame->captured;
}

/* What is left of it, if that is less. */
static void
take_packet(fuzz_input *input, fuzz_frame *frame, size_t size)
{
    const size_t left = (size_t)(input->end - input->at);

    if (size > left)
        size = left;
    memcpy(frame->bytes, input->at, size);
    input->at += size;
    frame->captured = (unsigned)size;
    frame->reported = reported(frame);
}

bool
fuzz_input_next(fuzz_input *input, fuzz_frame *frame)
{
    if (input->end - input->at < 3)
        return false;
    const unsigned kind = input->at[0] & 7;

    go_on(input, steps[*input->at++ >> 3]);
    *frame = (fuzz_frame){ .seconds = input->seconds, .nanoseconds = input->nanoseconds };
    input->ip_id++;
    if (kind == PACKET) {
        const size_t size = *input->at++;
        frame->forget = size == 0;
        if (input->with_points)
            frame->interface = *input->at++ & 3;
        take_packet(input, frame, size);
        return true;
    }
    if (input->end - input->at < SEGMENT)
        return false;
    if (kind == SEEN_AGAIN && input->seen.captured)
        see_again(input, frame, input->at);
    else
        make_segment(input, frame, kind, input->at);
    if (kind == PLAIN)
        input->seen = *frame;
    input->at += SEGMENT;
    return true;
}
