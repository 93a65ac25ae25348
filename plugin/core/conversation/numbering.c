/* numbering.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rule. A SYN, or a SYN-ACK, with another number than the last one of its sender is the same packet if
 * - it comes within two seconds;
 * - it has the same timestamps and the same IP identification, at least one of which is not 0, and the same window and
 *   window scale: a stack that chose another ISN would have sent it at another time;
 * - it was captured at another point; or, if all was captured at one, it has another TTL, and either both timestamps
 *   and IP identification, or comes sooner than any timer expires.
 * For a SYN-ACK without any of these, it is enough that its SYN was renumbered and that it acknowledges that SYN.
 */
#include "conversation.h"
#include "../siphash.h"

static const int64_t AT_ONCE = 50 * TCPSHAKE_MILLISECOND;
enum { POINT_BITS = 8, POINT_MASK = 0xff };

uint32_t
tcpshake_syn_mark(const tcpshake_segment *segment, uint32_t tsval, uint32_t tsecr, uint8_t wscale)
{
    enum { UPPER_HALF = 32, UPPER_WORD = 16 };
    const uint64_t stamps = (uint64_t)tsval << UPPER_HALF | tsecr;
    const uint64_t others = (uint64_t)segment->ip_id << UPPER_HALF | (uint64_t)segment->window << UPPER_WORD | wscale;

    if (!tsval && !segment->ip_id)
        return segment->point;
    const uint64_t mixed = tcpshake_mix(tcpshake_mix(stamps ^ stamps >> UPPER_HALF) + others);
    return ((uint32_t)(mixed >> UPPER_HALF) & ~(uint32_t)POINT_MASK) | segment->point;
}

static bool
is_elsewhere(uint32_t mark, const tcpshake_segment *segment)
{
    return tcpshake_is_other_point(tcpshake_point_of_mark(mark), segment->point);
}

/* Within limit of when its sender sent last; it may be earlier, by another clock. */
static bool
is_within(const tcpshake_end *sender, const tcpshake_segment *segment, int64_t limit)
{
    const int64_t apart = segment->time - sender->last.time;

    return apart <= limit && apart >= -limit;
}

/* Everything but the numbers is as its sender has set it. */
static bool
has_same_mark(const tcpshake_end *sender, uint32_t mark, const tcpshake_segment *segment)
{
    const tcpshake_options options = tcpshake_options_read(segment);
    const uint32_t         tsecr = segment->flags & TCPSHAKE_ACK ? options.tsecr : 0;
    const uint32_t         own = tcpshake_syn_mark(segment, options.tsval, tsecr, options.wscale);

    if (own >> POINT_BITS != mark >> POINT_BITS || own >> POINT_BITS == 0)
        return false;
    if (is_elsewhere(mark, segment))
        return true;
    return sender->ttl != segment->ttl && ((options.tsval && segment->ip_id) || is_within(sender, segment, AT_ONCE));
}

/* Nothing else identifies it, but it is at another point than the SYN-ACK before, and it acknowledges the SYN there. */
static bool
acknowledges_renumbered(const tcpshake_conversation *conversation, uint32_t mark, const tcpshake_segment *segment,
                        const tcpshake_segment *known)
{
    return segment->flags & TCPSHAKE_ACK && mark >> POINT_BITS == 0 && is_elsewhere(mark, segment) &&
           conversation->extra && conversation->extra->numbers &&
           known->ack == conversation->end[TCPSHAKE_OTHER(segment->from)].isn + 1;
}

bool
tcpshake_is_renumbered(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    const tcpshake_end *const sender = &conversation->end[segment->from];
    const uint32_t            sent = segment->flags & TCPSHAKE_ACK ? TCPSHAKE_END_SENT_SYNACK : TCPSHAKE_END_SENT_SYN;
    const uint32_t            mark = conversation->syn_mark[segment->from];
    tcpshake_segment          renumbered;

    if (!(sender->flags & sent) || !(sender->flags & TCPSHAKE_END_HAS_ISN) ||
        !(sender->flags & TCPSHAKE_END_SYN_MARKED) || segment->captured == TCPSHAKE_CAPTURED_PART_OF_HEADER ||
        !is_within(sender, segment, TCPSHAKE_SYN_KEPT))
        return false;
    const tcpshake_segment *const known = tcpshake_as_in_record(conversation, segment, &renumbered);
    return known->seq != sender->isn &&
           (has_same_mark(sender, mark, segment) || acknowledges_renumbered(conversation, mark, segment, known));
}

static uint32_t
distance(uint32_t one, uint32_t other)
{
    const uint32_t apart = one - other;

    return apart > UINT32_MAX / 2 ? other - one : apart;
}

/* How far its numbers are from those that are due in this numbering. */
static uint64_t
off(const tcpshake_conversation *conversation, const tcpshake_segment *segment, const uint32_t ahead[TCPSHAKE_ENDS])
{
    const int                 from = segment->from, to = TCPSHAKE_OTHER(from);
    const tcpshake_end *const sender = &conversation->end[from], *const receiver = &conversation->end[to];
    uint64_t sum = 0;

    if (sender->flags & TCPSHAKE_END_HAS_SND_NXT)
        sum += distance(segment->seq - ahead[from], sender->snd_nxt);
    if (receiver->flags & TCPSHAKE_END_HAS_SND_NXT && segment->flags & TCPSHAKE_ACK)
        sum += distance(segment->ack - ahead[to], receiver->snd_nxt);
    return sum;
}

/* The numbering of this segment; NULL: the record's. */
static tcpshake_numbering *
numbering_of(const tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    static const uint32_t   same[TCPSHAKE_ENDS];
    tcpshake_numbers *const all = conversation->extra ? conversation->extra->numbers : NULL;
    tcpshake_numbering     *nearest = NULL;
    uint64_t                least = all ? off(conversation, segment, same) : 0;

    for (unsigned i = 0; all && i < all->count; i++) {
        tcpshake_numbering *const one = &all->at[i];
        if (one->point != segment->point)
            continue;
        if (!one->is_shared)
            return one;
        const uint64_t this = off(conversation, segment, one->ahead);
        if (this < least) {
            nearest = one;
            least = this;
        }
    }
    return nearest;
}

void
tcpshake_learn_numbering(tcpshake_conversation *conversation, const tcpshake_segment *segment,
                         const tcpshake_allocator *allocator)
{
    tcpshake_extra *const extra = tcpshake_extra_of(conversation, allocator);
    tcpshake_numbering   *one = numbering_of(conversation, segment);

    if (extra && !extra->numbers)
        extra->numbers = tcpshake_allocate(allocator, sizeof *extra->numbers);
    if (!extra || !extra->numbers || (!one && extra->numbers->count == TCPSHAKE_NUMBERINGS_MAX))
        return;
    if (!one) {
        one = &extra->numbers->at[extra->numbers->count++];
        one->point = segment->point;
        one->is_shared = !is_elsewhere(conversation->syn_mark[segment->from], segment);
    }
    one->ahead[segment->from] = segment->seq - conversation->end[segment->from].isn;
}

/* The record has an end's numbers as they were captured first: the server's, at the point nearer to it. If the numbers
 * of both ends differ, one point is told as seen from the other. */
bool
tcpshake_tell_numbering(const tcpshake_conversation *conversation, unsigned nth, tcpshake_numbering *told)
{
    const tcpshake_numbers *const all = conversation->extra ? conversation->extra->numbers : NULL;
    const tcpshake_numbering     *origin = NULL;

    for (unsigned i = 0; all && all->count > 1 && i < all->count && !origin; i++)
        if (all->at[i].ahead[conversation->client] == 0)
            origin = &all->at[i];
    for (unsigned i = 0; all && i < all->count; i++) {
        if (&all->at[i] == origin || nth-- != 0)
            continue;
        *told = all->at[i];
        for (int end = 0; origin && end < TCPSHAKE_ENDS; end++)
            told->ahead[end] -= origin->ahead[end];
        return true;
    }
    return false;
}

/* RFC 1624: the checksum after this word has changed. */
static uint16_t
with_other_word(uint16_t checksum, uint32_t before, uint32_t after)
{
    enum { WORD = 16 };
    uint64_t sum = (uint64_t)(uint16_t)~checksum + (uint16_t)~before + (uint16_t)(~before >> WORD) + (uint16_t)after +
                   (uint16_t)(after >> WORD);

    while (sum >> WORD)
        sum = (uint16_t)sum + (sum >> WORD);
    return (uint16_t)~sum;
}

const tcpshake_segment *
tcpshake_as_in_record(const tcpshake_conversation *conversation, const tcpshake_segment *segment,
                      tcpshake_segment *known)
{
    const tcpshake_numbering *const there = numbering_of(conversation, segment);

    if (!there)
        return segment;
    *known = *segment;
    known->seq -= there->ahead[segment->from];
    if (segment->flags & TCPSHAKE_ACK)
        known->ack -= there->ahead[TCPSHAKE_OTHER(segment->from)];
    if (segment->checksum)
        known->checksum =
            with_other_word(with_other_word(segment->checksum, segment->seq, known->seq), segment->ack, known->ack);
    return known;
}
