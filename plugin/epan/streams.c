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
 * Why the table is no wmem_map: measured with the same hash, that takes 51 bytes more for each conversation (884 in
 * place of 832, resident), and saves nothing; GHashTable has as much in each of its places.
 *
 * The same table tells which conversation had the four-tuple before. TCP's own accessor get_tcp_conversation_data() is
 * not used: it makes what it does not find, and forgets what TCP found out about the segment.
 */
#include "streams.h"

#include "capture_state.h"
#include "points.h"
#include "prefs.h"
#include "stream_key.h"

#include "../core/no_inline.h"
#include "../text/phrases.h"

#include <epan/dissectors/packet-tcp.h>
#include <wsutil/report_message.h>

enum { STREAMS_MIN = 64, SLOTS_MIN = 128 }; /* SLOTS_MIN is a power of 2 */

/* How many conversations on a four-tuple a late ICMP error is offered to: it may be about an attempt before the last
 * one. */
enum { ATTEMPTS = 8 };

typedef struct stream {
    tcpshake_conversation *record;
    tcpshake_stream_key    key;
    uint32_t               first;   /* of the streams with this record: the number of the first */
    uint32_t               earlier; /* the same of the last record before this that has taken in a segment */
} stream;

static int proto_tcp = -1;

/* So that nobody can prepare four-tuples that all collide. */
static uint64_t          seed;
static tcpshake_hash_key hash_key;

/* All of one capture file. */
static struct {
    stream         *streams; /* by tcp.stream */
    uint32_t        capacity;
    uint32_t        accounted; /* how many streams there were when we looked last */
    bool            ask_always;
    bool            unlisted;               /* there are streams that no four-tuple leads to */
    uint32_t       *slots;                  /* by four-tuple: its latest stream + 1; 0: free. Linear probing. */
    uint32_t        slot_count, slots_used; /* slot_count is 0 or a power of 2 */
    uint32_t        recent;                 /* the stream that was found last + 1; 0: none yet */
    tcpshake_hosts *hosts;                  /* made for the first segment */
    int64_t         capture_end;            /* time of the last segment of all */
    uint32_t        last_frame;             /* in the first pass */
    int64_t         last_offset;            /* its place in the file */
    int64_t         last_time;              /* of the last segment */
    uint8_t         last_point;             /* and where it was captured */
    bool            renumbered, renumbered_said;
    bool            is_over; /* no more segments will come */
} file;

static uint64_t version;

/* As long-lived as Wireshark's file scope, but apart from it: TCP looks through long lists of what it keeps there,
 * which takes twice the time where our records lie in between. */
static wmem_allocator_t *memory;

static void *
resize(void *context _U_, void *block, size_t size)
{
    return wmem_realloc(memory, block, size);
}

static const tcpshake_allocator file_memory = { resize, NULL };

/* ---- the latest stream of each ---- */

/* The slot of the four-tuple, or the free one where it would be; NULL if there are no slots yet. */
static uint32_t *
find_slot(const tcpshake_tuple *tuple, int from, uint32_t hash)
{
    if (!file.slot_count)
        return NULL;
    for (uint32_t at = hash;; at++) {
        uint32_t *const     slot = &file.slots[at & (file.slot_count - 1)];
        const stream *const found = *slot ? &file.streams[*slot - 1] : NULL;
        if (!found || (found->key.hash == hash && tcpshake_stream_key_is_of(&found->key, tuple, from)))
            return slot;
    }
}

/* The latest stream of the four-tuple, or NULL; from: tcpshake_sending_end(tuple). */
static stream *
find_by_hash(const tcpshake_tuple *tuple, int from, uint32_t hash)
{
    const uint32_t *const slot = find_slot(tuple, from, hash);
    if (!slot || !*slot)
        return NULL;
    file.recent = *slot;
    return &file.streams[*slot - 1];
}

static TCPSHAKE_NO_INLINE stream *
find_another(const tcpshake_tuple *tuple, uint8_t *from)
{
    *from = (uint8_t)tcpshake_sending_end(tuple);
    return find_by_hash(tuple, *from, tcpshake_tuple_hash(tuple, &hash_key));
}

/* The latest stream of the four-tuple, or NULL; *from: which end has sent the segment. The next one is often of the
 * same stream. */
static inline stream *
find_stream(const tcpshake_tuple *tuple, uint8_t *from)
{
    /* There are streams where one was found. */
    if (file.streams && file.recent) {
        stream *const recent = &file.streams[file.recent - 1];
        const int     sender = tcpshake_stream_key_sender(&recent->key, tuple);
        *from = (uint8_t)sender;
        if (sender >= 0)
            return recent;
    }
    return find_another(tuple, from);
}

/* Makes room for one more: at most every other slot is in use. */
static void
reserve_slot(void)
{
    if (file.slots_used < file.slot_count / 2)
        return;
    const uint32_t  old_count = file.slot_count;
    const uint32_t *old = file.slots;

    file.slot_count = old_count ? old_count * 2 : SLOTS_MIN;
    file.slots = wmem_alloc0_array(memory, uint32_t, file.slot_count);
    for (uint32_t i = 0; i < old_count; i++) {
        if (!old[i])
            continue;
        uint32_t at = file.streams[old[i] - 1].key.hash;
        while (file.slots[at & (file.slot_count - 1)])
            at++;
        file.slots[at & (file.slot_count - 1)] = old[i];
    }
    wmem_free(memory, (void *)old);
}

static void
begin(void)
{
    version++;
    tcpshake_read_preferences();
    memset(&file, 0, sizeof file);
    memory = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);
    file.ask_always = tcpshake_conversations_interlace();
}

static void
end(void)
{
    version++;
    memset(&file, 0, sizeof file);
    wmem_destroy_allocator(memory);
    memory = NULL;
}

void
tcpshake_register_streams(void)
{
    seed = (uint64_t)g_random_int() << 32 | g_random_int();
    hash_key = tcpshake_hash_key_of(seed);
    register_init_routine(begin);
    register_cleanup_routine(end);
}

void
tcpshake_hand_off_streams(void)
{
    proto_tcp = proto_get_id_by_filter_name("tcp");
}

/* ---- frames ---- */

bool
tcpshake_stream_is_renumbered(void)
{
    if (file.renumbered && !file.renumbered_said) {
        file.renumbered_said = true;
        report_warning("%s", tcpshake_phrase_text(TCPSHAKE_PHRASE_RENUMBERED));
    }
    return file.renumbered;
}

/* With a read filter (tshark -2 -R) a frame that does not pass it is dissected in the first pass all the same, and the
 * next one then gets its number. The later passes do not have the former any more, and records speak of both. */
bool
tcpshake_stream_frame(const packet_info *pinfo)
{
    if (pinfo->fd->visited)
        return !tcpshake_stream_is_renumbered();
    if (pinfo->num == file.last_frame && pinfo->fd->file_off != file.last_offset)
        file.renumbered = true;
    file.last_frame = pinfo->num;
    file.last_offset = pinfo->fd->file_off;
    return true;
}

/* ---- streams ---- */

static stream *
stream_of(uint32_t number)
{
    if (number >= file.capacity) {
        uint32_t larger = MAX(file.capacity + file.capacity / 2, STREAMS_MIN);
        larger = MAX(larger, number + 1);
        file.streams = wmem_realloc(memory, file.streams, larger * sizeof *file.streams);
        memset(file.streams + file.capacity, 0, (larger - file.capacity) * sizeof *file.streams);
        file.capacity = larger;
    }
    return &file.streams[number];
}

/* Remembers the stream as the latest of its four-tuple. Its record follows on that of the stream before it, or is the
 * same where the core knows better than Wireshark that nothing new began; one that has taken in no segment (an ICMP
 * error has quoted one) stands for nothing that happened. segment: the stream's first, or NULL. */
static stream *
remember(uint32_t number, const tcpshake_tuple *tuple, int from, uint32_t hash, const tcpshake_segment *segment)
{
    stream *const          now = stream_of(number);
    tcpshake_conversation *before = NULL;
    uint32_t               before_first = number;

    reserve_slot();
    uint32_t *const slot = find_slot(tuple, from, hash);
    if (*slot) {
        const stream *const other = &file.streams[*slot - 1];
        before = other->record;
        before_first = before && before->first.frame ? other->first : other->earlier;
    } else {
        file.slots_used++;
    }
    now->key = tcpshake_stream_key_of(tuple, from, hash, memory);
    *slot = file.recent = number + 1;
    while (before && before->first.frame == 0)
        before = before->previous;
    const bool goes_on = segment && before && tcpshake_goes_on(before, segment);
    now->record = goes_on ? before : tcpshake_conversation_new(&file_memory, before);
    now->first = goes_on ? before_first : number;
    now->earlier = before_first;
    return now;
}

/* The stream as Wireshark knows it. segment: what TCP has just put into it, or NULL: such a stream is remembered only
 * where it comes after another of its four-tuple. Whoever sends ICMP errors can have them quote anything. */
static const stream *
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
        if (tcp && !stream_of(tcp->stream)->record) {
            const int      from = tcpshake_sending_end(tuple);
            const uint32_t hash = tcpshake_tuple_hash(tuple, &hash_key);
            if (segment || find_by_hash(tuple, from, hash))
                remember(tcp->stream, tuple, from, hash, segment);
            else
                file.unlisted = true;
        }
    }
    return tcp && tcp->stream < file.capacity ? &file.streams[tcp->stream] : NULL;
}

/* TCP has put the segment into a stream that is not the latest of its four-tuple, or may not be. */
static const stream *
find_other(packet_info *pinfo, const tcpshake_tuple *tuple, const tcpshake_segment *segment)
{
    /* Of one that is the first of its four-tuple, and the only new one, TCP has told all there is to know. */
    if (!pinfo->fd->visited && !file.ask_always && !file.unlisted && get_tcp_stream_count() == file.accounted + 1) {
        const uint32_t hash = tcpshake_tuple_hash(tuple, &hash_key);
        if (!find_by_hash(tuple, segment->from, hash))
            return remember(file.accounted++, tuple, segment->from, hash, segment);
    }
    return ask(pinfo, tuple, segment);
}

/* Wireshark has begun the stream with a segment that is not analysed. What follows in it goes on with the conversation
 * before, unless it opens another: else it would have no beginning. */
static void
go_on(stream *at, const tcpshake_segment *segment)
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

    const stream *found = NULL;
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
        go_on(&file.streams[found - file.streams], segment);
    segment->stream = found->first;
    return found->record;
}

tcpshake_conversation *
tcpshake_stream_known(const packet_info *pinfo, const tcpshake_tuple *tuple, tcpshake_segment *segment)
{
    if (segment->flags & TCPSHAKE_SYN || pinfo->fd->visited || file.ask_always ||
        get_tcp_stream_count() != file.accounted)
        return NULL;
    const stream *const found = find_stream(tuple, &segment->from);
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

static void
change_point(const tcpshake_segment *segment)
{
    tcpshake_hosts_change_point(file.hosts, &file_memory, segment->point, tcpshake_capture_of_point(segment->point),
                                file.last_time, (tcpshake_sight){ segment->frame, segment->time });
    file.last_point = segment->point;
}

void
tcpshake_stream_take(tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    if (!file.hosts) {
        file.hosts = tcpshake_hosts_new(&file_memory, seed);
        file.capture_end = segment->time; /* may be before 1970 */
    } else if (segment->time > file.capture_end) {
        if ((uint64_t)segment->time - (uint64_t)file.capture_end > (uint64_t)TCPSHAKE_HOLE)
            tcpshake_hosts_note_hole(file.hosts, &file_memory, segment->frame, file.capture_end);
        file.capture_end = segment->time;
    }
    if (segment->point != file.last_point)
        change_point(segment);
    file.last_time = segment->time;
    version++;
    tcpshake_process_segment(conversation, segment, &tcpshake_prefs.limits, &file_memory, file.hosts);
}

/* The latest record of the four-tuple, without asking TCP for a conversation that it may not have made. */
static tcpshake_conversation *
latest_record(packet_info *pinfo, const tcpshake_tuple *tuple)
{
    uint8_t       from;
    const stream *found = find_stream(tuple, &from);

    if (tcpshake_conversations_interlace())
        found = ask(pinfo, tuple, NULL);
    return found ? found->record : NULL;
}

tcpshake_conversation *
tcpshake_stream_take_quote(packet_info *pinfo, const tcpshake_tuple *tuple, tcpshake_icmp_error *quote)
{
    tcpshake_conversation *conversation = latest_record(pinfo, tuple);

    version++;
    quote->from = (uint8_t)tcpshake_sending_end(tuple);
    for (int i = 0; conversation && i < ATTEMPTS; i++, conversation = conversation->previous)
        if (conversation->first.frame && tcpshake_process_icmp_error(conversation, quote, &file_memory))
            return conversation;
    return NULL;
}

/* A packet of a live capture is drawn after the first pass, and the end of the capture is still to come. */
static bool
is_over(void)
{
    file.is_over = file.is_over || !tcpshake_capture_goes_on();
    return file.is_over;
}

tcpshake_knowledge
tcpshake_stream_knowledge(const packet_info *pinfo)
{
    return (tcpshake_knowledge){ pinfo->fd->visited && is_over(), file.capture_end, file.hosts };
}

tcpshake_knowledge
tcpshake_stream_knowledge_now(void)
{
    return (tcpshake_knowledge){ is_over(), file.capture_end, file.hosts };
}

const tcpshake_hash_key *
tcpshake_stream_hash_key(void)
{
    return &hash_key;
}

const tcpshake_hosts *
tcpshake_stream_hosts(void)
{
    return file.hosts;
}

bool
tcpshake_stream_ends(uint32_t number, address ends[TCPSHAKE_ENDS], uint16_t ports[TCPSHAKE_ENDS])
{
    const stream *const at = number < file.capacity ? &file.streams[number] : NULL;

    if (!at || !at->record)
        return false;
    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        ends[end] = tcpshake_stream_key_end(&at->key, end, &ports[end]);
    return true;
}

uint64_t
tcpshake_stream_version(void)
{
    return version;
}

const tcpshake_conversation *
tcpshake_stream_by_number(uint32_t stream)
{
    return stream < file.capacity ? file.streams[stream].record : NULL;
}
