/* streams.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A conversation here is what tcp.stream says it is, so Wireshark has to be asked which one TCP has put a segment into:
 * find_conversation(), TCP's data on that conversation, the stream's number. That costs as much as the whole analysis.
 * Therefore the latest stream of each four-tuple is remembered, and Wireshark asked only where it can have another
 * answer:
 *
 * - In the first pass TCP takes the latest conversation of the four-tuple, or makes a new one, and a new one is a new
 * stream. While get_tcp_stream_count() stays the same, the latest stream of this four-tuple stays the same.
 * - In later passes a segment belongs to the latest stream of its four-tuple, if that one had begun by then.
 * - If streams came into being that this file has no account of (a dissector that calls TCP itself, TCP within TCP), or
 * the user has conversations told apart by more than the four-tuple, then Wireshark is always asked.
 *
 * The same table tells which conversation had the four-tuple before. TCP's own accessor get_tcp_conversation_data() is
 * not used: it makes what it does not find, and forgets what TCP found out about the segment.
 */
#include "streams.h"

#include "capture.h"
#include "stream_table.h"

#include "../core/no_inline.h"

#include <epan/dissectors/packet-tcp.h>

/* How many conversations on a four-tuple a late ICMP error is offered to: it may be about an attempt before the last
 * one. */
enum { ATTEMPTS = 8 };

static int proto_tcp = -1;

/* All of one capture file. */
static struct {
    tcpshake_stream_table table;
    uint32_t              accounted; /* how many streams there were when we looked last */
    bool                  ask_always;
    bool                  unlisted; /* there are streams that no four-tuple leads to */
} file;

static TCPSHAKE_NO_INLINE tcpshake_stream *
find_another(const tcpshake_tuple *tuple, uint8_t *from)
{
    *from = (uint8_t)tcpshake_sending_end(tuple);
    return tcpshake_stream_find(&file.table, tuple, *from, tcpshake_tuple_hash(tuple, tcpshake_capture_hash_key()));
}

/* The latest stream of the four-tuple, or NULL; *from: which end has sent the segment. Mostly it has been found not
 * long ago. */
static inline tcpshake_stream *
find_stream(const tcpshake_tuple *tuple, uint8_t *from)
{
    const uint32_t found = *tcpshake_stream_recent(&file.table, tuple);

    /* There are streams where one was found. */
    if (file.table.streams && found) {
        tcpshake_stream *const recent = &file.table.streams[found - 1];
        const int              sender = tcpshake_stream_key_sender(&recent->key, tuple);
        *from = (uint8_t)sender;
        if (sender >= 0)
            return recent;
    }
    return find_another(tuple, from);
}

static void
begin(void)
{
    memset(&file, 0, sizeof file);
    file.ask_always = tcpshake_conversations_interlace();
}

static void
end(void)
{
    memset(&file, 0, sizeof file);
}

void
tcpshake_register_streams(void)
{
    register_init_routine(begin);
    register_cleanup_routine(end);
}

void
tcpshake_hand_off_streams(void)
{
    proto_tcp = proto_get_id_by_filter_name("tcp");
}

/* The stream as Wireshark knows it. segment: what TCP has just put into it, or NULL: such a stream is remembered only
 * where it comes after another of its four-tuple. Whoever sends ICMP errors can have them quote anything. */
static const tcpshake_stream *
ask(packet_info *pinfo, const tcpshake_tuple *tuple, const tcpshake_segment *segment)
{
    const conversation_t      *conversation = tcpshake_find_conversation(pinfo, tuple);
    const struct tcp_analysis *tcp = conversation ? conversation_get_proto_data(conversation, proto_tcp) : NULL;
    const uint32_t             count = get_tcp_stream_count();

    if (!pinfo->fd->visited) {
        /* New streams are accounted for if it is one, and this segment's. */
        if (count != file.accounted && !(tcp && tcp->stream == file.accounted && tcp->stream + 1 == count))
            file.ask_always = true;
        file.accounted = count;
        if (tcp && !tcpshake_stream_at(&file.table, tcp->stream)->record) {
            const int      from = tcpshake_sending_end(tuple);
            const uint32_t hash = tcpshake_tuple_hash(tuple, tcpshake_capture_hash_key());
            if (segment || tcpshake_stream_find(&file.table, tuple, from, hash))
                tcpshake_stream_remember(&file.table, tcp->stream, tuple, from, hash, segment);
            else
                file.unlisted = true;
        }
    }
    return tcp && tcp->stream < file.table.capacity ? &file.table.streams[tcp->stream] : NULL;
}

/* TCP has put the segment into a stream that is not the latest of its four-tuple, or may not be. */
static const tcpshake_stream *
find_other(packet_info *pinfo, const tcpshake_tuple *tuple, const tcpshake_segment *segment)
{
    /* Of one that is the first of its four-tuple, and the only new one, TCP has told all there is to know. */
    if (!pinfo->fd->visited && !file.ask_always && !file.unlisted && get_tcp_stream_count() == file.accounted + 1) {
        const uint32_t               hash = tcpshake_tuple_hash(tuple, tcpshake_capture_hash_key());
        const tcpshake_stream *const only =
            tcpshake_stream_remember_new(&file.table, file.accounted, tuple, segment->from, hash);
        if (only) {
            file.accounted++;
            return only;
        }
    }
    return ask(pinfo, tuple, segment);
}

/* Wireshark has begun the stream with a segment that is not analysed. What follows in it goes on with the conversation
 * before, unless it opens another: else it would have no beginning. */
static void
go_on(tcpshake_stream *at, const tcpshake_segment *segment)
{
    tcpshake_conversation *const before = at->record->previous;

    if (!before || before->first.frame == 0 || (segment->flags & TCPSHAKE_SYN && !tcpshake_goes_on(before, segment)))
        return;
    at->record = before;
    at->first = at->earlier;
}

tcpshake_conversation *
tcpshake_stream_record(packet_info *pinfo, const tcpshake_tuple *tuple, tcpshake_segment *segment)
{
    const bool visited = pinfo->fd->visited;
    const bool changed = file.ask_always || (!visited && get_tcp_stream_count() != file.accounted);

    const tcpshake_stream *found = NULL;
    if (changed)
        segment->from = (uint8_t)tcpshake_sending_end(tuple);
    else
        found = find_stream(tuple, &segment->from);
    /* A record without a first frame has taken in nothing: its stream came into being for what TCP does not analyse. */
    if (!found || !found->record || (visited && found->record->first.frame - 1u >= pinfo->num)) {
        found = find_other(pinfo, tuple, segment);
        if (!found || !found->record)
            return NULL;
    }
    if (!visited && found->record->first.frame == 0)
        go_on(&file.table.streams[found - file.table.streams], segment);
    segment->stream = found->first;
    return found->record;
}

tcpshake_conversation *
tcpshake_stream_known(const packet_info *pinfo, const tcpshake_tuple *tuple, tcpshake_segment *segment)
{
    if (segment->flags & TCPSHAKE_SYN || pinfo->fd->visited || file.ask_always ||
        get_tcp_stream_count() != file.accounted)
        return NULL;
    const tcpshake_stream *const found = find_stream(tuple, &segment->from);
    if (!found || !found->record || found->record->first.frame == 0) /* see go_on() */
        return NULL;
    segment->stream = found->first;
    return found->record;
}

void
tcpshake_stream_account(packet_info *pinfo, const tcpshake_tuple *tuple)
{
    if (!pinfo->fd->visited && get_tcp_stream_count() != file.accounted)
        ask(pinfo, tuple, NULL);
}

/* The latest record of the four-tuple, without asking TCP for a conversation that it may not have made. */
static tcpshake_conversation *
latest_record(packet_info *pinfo, const tcpshake_tuple *tuple)
{
    uint8_t                from;
    const tcpshake_stream *found = find_stream(tuple, &from);

    if (tcpshake_conversations_interlace())
        found = ask(pinfo, tuple, NULL);
    return found ? found->record : NULL;
}

tcpshake_conversation *
tcpshake_stream_take_quote(packet_info *pinfo, const tcpshake_tuple *tuple, tcpshake_icmp_error *quote)
{
    tcpshake_conversation *conversation = latest_record(pinfo, tuple);

    tcpshake_capture_has_changed();
    quote->from = (uint8_t)tcpshake_sending_end(tuple);
    for (int i = 0; conversation && i < ATTEMPTS; i++, conversation = conversation->previous)
        if (conversation->first.frame && tcpshake_capture_take_error(conversation, quote))
            return conversation;
    return NULL;
}

bool
tcpshake_stream_ends(uint32_t number, address ends[TCPSHAKE_ENDS], uint16_t ports[TCPSHAKE_ENDS])
{
    const tcpshake_stream *const at = number < file.table.capacity ? &file.table.streams[number] : NULL;

    if (!at || !at->record)
        return false;
    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        ends[end] = tcpshake_stream_key_end(&at->key, end, &ports[end]);
    return true;
}

const tcpshake_conversation *
tcpshake_stream_by_number(uint32_t stream)
{
    return stream < file.table.capacity ? file.table.streams[stream].record : NULL;
}
