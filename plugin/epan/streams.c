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

#include "prefs.h"

#include "../core/hosts/four_tuple.h"
#include "../text/phrases.h"

#include <epan/dissectors/packet-tcp.h>
#include <epan/wmem_scopes.h>
#include <wsutil/report_message.h>

enum { STREAMS_MIN = 64, SLOTS_MIN = 128 }; /* SLOTS_MIN is a power of 2 */

/* How many conversations on a four-tuple a late ICMP error is offered to: it may be about an attempt before the last
 * one. */
enum { ATTEMPTS = 8 };

typedef struct stream {
    const conversation_t  *conversation; /* NULL: not accounted for */
    tcpshake_conversation *record;
    uint32_t               first;        /* of the streams with this record: the number of the first */
    uint32_t               earlier : 31; /* the same of the last record before this that has taken in a segment */
    uint32_t               swapped : 1;  /* its key has the ends the other way round than end_by_order() */
    uint32_t               hash;         /* of its four-tuple; with conversation */
} stream;

static int proto_tcp = -1;

/* So that nobody can prepare four-tuples that all collide. */
static uint64_t          seed;
static tcpshake_hash_key hash_key;

/* All of one capture file; the memory goes with the file scope. */
static struct {
    stream         *streams; /* by tcp.stream */
    uint32_t        capacity;
    uint32_t        accounted; /* how many streams there were when we looked last */
    bool            ask_always;
    uint32_t       *slots;                  /* by four-tuple: its latest stream + 1; 0: free. Linear probing. */
    uint32_t        slot_count, slots_used; /* slot_count is 0 or a power of 2 */
    uint32_t        recent;                 /* the stream that was found last + 1; 0: none yet */
    tcpshake_hosts *hosts;                  /* made for the first segment */
    int64_t         capture_end;            /* time of the last segment of all */
    uint32_t        last_frame;             /* in the first pass */
    int64_t         last_offset;            /* its place in the file */
    bool            renumbered, renumbered_said;
} file;

static uint64_t version;

static void *
resize_in_file_scope(void *context _U_, void *block, size_t size)
{
    return wmem_realloc(wmem_file_scope(), block, size);
}

static const tcpshake_allocator file_memory = { resize_in_file_scope, NULL };

/* ---- four-tuples ---- */

/* Where the ends are in the key of a Wireshark conversation that has two of them. */
enum { ADDRESS_1, PORT_1, ADDRESS_2, PORT_2 };

static bool
has_two_ends(const conversation_element_t *key)
{
    return key[ADDRESS_1].type == CE_ADDRESS && key[PORT_1].type == CE_PORT && key[ADDRESS_2].type == CE_ADDRESS &&
           key[PORT_2].type == CE_PORT;
}

/* addresses_equal() without its call for IPv4: this is asked for each segment. */
static inline bool
is_same_address(const address *a, const address *b)
{
    if (a->len != 4 || b->len != 4)
        return addresses_equal(a, b);
    uint32_t word_a, word_b;
    memcpy(&word_a, a->data, sizeof word_a);
    memcpy(&word_b, b->data, sizeof word_b);
    return word_a == word_b && a->type == b->type;
}

/* Which end of the conversation with this key sends, as that numbers them: 0 or 1, or -1 if it is another four-tuple's.
 */
static inline int
sending_end(const conversation_element_t *key, const tcpshake_tuple *tuple)
{
    if (key[PORT_1].port_val == tuple->sport && key[PORT_2].port_val == tuple->dport &&
        is_same_address(&key[ADDRESS_1].addr_val, &tuple->src) &&
        is_same_address(&key[ADDRESS_2].addr_val, &tuple->dst))
        return 0;
    if (key[PORT_1].port_val == tuple->dport && key[PORT_2].port_val == tuple->sport &&
        is_same_address(&key[ADDRESS_1].addr_val, &tuple->dst) &&
        is_same_address(&key[ADDRESS_2].addr_val, &tuple->src))
        return 1;
    return -1;
}

/* The same in an order that is every conversation's on the four-tuple: the records of the core follow on each other. */
static int
end_by_order(const tcpshake_tuple *tuple)
{
    const int order = cmp_address(&tuple->src, &tuple->dst);

    return order > 0 || (order == 0 && tuple->sport > tuple->dport) ? 0 : 1;
}

/* ---- the latest stream of each ---- */

static tcpshake_address
bytes_of(const address *address)
{
    return (tcpshake_address){ address->data, (uint8_t)MIN(address->len, UINT8_MAX) };
}

static uint32_t
hash_of(const tcpshake_tuple *tuple)
{
    return tcpshake_hash_ends(&hash_key, bytes_of(&tuple->src), tuple->sport, bytes_of(&tuple->dst), tuple->dport);
}

/* The slot of the four-tuple with the end that sends, or the free one where it would be; NULL if there are no slots
 * yet. */
static uint32_t *
find_slot(const tcpshake_tuple *tuple, uint32_t hash, int *from)
{
    if (!file.slot_count)
        return NULL;
    for (uint32_t at = hash;; at++) {
        uint32_t *const     slot = &file.slots[at & (file.slot_count - 1)];
        const stream *const found = *slot ? &file.streams[*slot - 1] : NULL;
        if (!found || (found->hash == hash && (*from = sending_end(found->conversation->key_ptr, tuple)) >= 0))
            return slot;
    }
}

/* The latest stream of the four-tuple, or NULL; with the end that sends. The next segment is often of the same one. */
static stream *
find_stream(const tcpshake_tuple *tuple, int *from)
{
    /* There are streams where one was found. */
    if (file.streams && file.recent &&
        (*from = sending_end(file.streams[file.recent - 1].conversation->key_ptr, tuple)) >= 0)
        return &file.streams[file.recent - 1];
    const uint32_t *const slot = find_slot(tuple, hash_of(tuple), from);
    if (!slot || !*slot)
        return NULL;
    file.recent = *slot;
    return &file.streams[*slot - 1];
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
    file.slots = wmem_alloc0_array(wmem_file_scope(), uint32_t, file.slot_count);
    for (uint32_t i = 0; i < old_count; i++) {
        if (!old[i])
            continue;
        uint32_t at = file.streams[old[i] - 1].hash;
        while (file.slots[at & (file.slot_count - 1)])
            at++;
        file.slots[at & (file.slot_count - 1)] = old[i];
    }
    wmem_free(wmem_file_scope(), (void *)old);
}

static void
begin(void)
{
    version++;
    tcpshake_read_preferences();
    memset(&file, 0, sizeof file);
    file.ask_always = tcpshake_conversations_interlace();
}

static void
end(void)
{
    version++;
    memset(&file, 0, sizeof file);
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
        file.streams = wmem_realloc(wmem_file_scope(), file.streams, larger * sizeof *file.streams);
        memset(file.streams + file.capacity, 0, (larger - file.capacity) * sizeof *file.streams);
        file.capacity = larger;
    }
    return &file.streams[number];
}

/* Remembers the stream as the latest of its four-tuple. Its record follows on that of the stream before it, or is the
 * same where the core knows better than Wireshark that nothing new began; one that has taken in no segment (an ICMP
 * error has quoted one) stands for nothing that happened. segment: the stream's first, or NULL. */
static void
remember(const conversation_t *conversation, uint32_t number, const tcpshake_tuple *tuple, tcpshake_segment *segment)
{
    stream *const          now = stream_of(number);
    tcpshake_conversation *before = NULL;
    uint32_t               before_first = number;
    int                    from;

    if (has_two_ends(conversation->key_ptr) && sending_end(conversation->key_ptr, tuple) >= 0) {
        reserve_slot();
        now->hash = hash_of(tuple);
        uint32_t *const slot = find_slot(tuple, now->hash, &from);
        if (*slot) {
            const stream *const other = &file.streams[*slot - 1];
            before = other->record;
            before_first = before && before->first.frame ? other->first : other->earlier;
        } else {
            file.slots_used++;
        }
        now->conversation = conversation;
        now->swapped = sending_end(conversation->key_ptr, tuple) != end_by_order(tuple);
        *slot = file.recent = number + 1;
    }
    while (before && before->first.frame == 0)
        before = before->previous;
    if (segment)
        segment->from = (uint8_t)end_by_order(tuple);
    const bool goes_on = segment && before && tcpshake_goes_on(before, segment);
    now->record = goes_on ? before : tcpshake_conversation_new(&file_memory, before);
    now->first = goes_on ? before_first : number;
    now->earlier = before_first & INT32_MAX;
}

/* The stream as Wireshark knows it. segment: what TCP has just put into it, or NULL: such a stream is remembered only
 * where it comes after another of its four-tuple. Whoever sends ICMP errors can have them quote anything. */
static stream *
ask(packet_info *pinfo, const tcpshake_tuple *tuple, tcpshake_segment *segment)
{
    const conversation_t      *conversation = tcpshake_find_conversation(pinfo, tuple);
    const struct tcp_analysis *tcp = conversation ? conversation_get_proto_data(conversation, proto_tcp) : NULL;
    const uint32_t             count = get_tcp_stream_count();
    int                        end;

    if (!pinfo->fd->visited) {
        /* New streams are accounted for if it is one, and this segment's. */
        if (count != file.accounted && !(tcp && tcp->stream == file.accounted && tcp->stream + 1 == count))
            file.ask_always = true;
        file.accounted = count;
        if (tcp && (segment || find_stream(tuple, &end)) && !stream_of(tcp->stream)->record)
            remember(conversation, tcp->stream, tuple, segment);
    }
    return tcp && tcp->stream < file.capacity ? &file.streams[tcp->stream] : NULL;
}

tcpshake_conversation *
tcpshake_stream_record(packet_info *pinfo, const tcpshake_tuple *tuple, tcpshake_segment *segment, uint32_t *number)
{
    const bool    visited = pinfo->fd->visited;
    const bool    must_ask = file.ask_always || (!visited && get_tcp_stream_count() != file.accounted);
    int           end = -1;
    const stream *found = must_ask ? NULL : find_stream(tuple, &end);

    /* A record without a first frame has taken in nothing: its stream came into being for what TCP does not analyse. */
    if (!found || !found->record || (visited && found->record->first.frame - 1u >= pinfo->num)) {
        found = ask(pinfo, tuple, segment);
        if (!found || !found->record)
            return NULL;
        end = found->conversation ? sending_end(found->conversation->key_ptr, tuple) ^ found->swapped
                                  : end_by_order(tuple);
    } else {
        end ^= found->swapped;
    }
    segment->from = end == 1;
    *number = found->first;
    return found->record;
}

void
tcpshake_stream_account(packet_info *pinfo, const tcpshake_tuple *tuple)
{
    if (!pinfo->fd->visited && get_tcp_stream_count() != file.accounted)
        ask(pinfo, tuple, NULL);
}

void
tcpshake_stream_take(tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    if (!file.hosts || segment->time > file.capture_end) /* the first may be before 1970 */
        file.capture_end = segment->time;
    if (!file.hosts)
        file.hosts = tcpshake_hosts_new(&file_memory, seed);
    version++;
    tcpshake_process_segment(conversation, segment, &tcpshake_prefs.limits, &file_memory, file.hosts);
}

/* The latest record of the four-tuple, without asking TCP for a conversation that it may not have made. */
static tcpshake_conversation *
latest_record(packet_info *pinfo, const tcpshake_tuple *tuple)
{
    int           end;
    const stream *found = find_stream(tuple, &end);

    if (tcpshake_conversations_interlace())
        found = ask(pinfo, tuple, NULL);
    return found ? found->record : NULL;
}

tcpshake_conversation *
tcpshake_stream_take_quote(packet_info *pinfo, const tcpshake_tuple *tuple, tcpshake_icmp_error *quote)
{
    tcpshake_conversation *conversation = latest_record(pinfo, tuple);

    version++;
    quote->from = (uint8_t)end_by_order(tuple);
    for (int i = 0; conversation && i < ATTEMPTS; i++, conversation = conversation->previous)
        if (conversation->first.frame && tcpshake_process_icmp_error(conversation, quote, &file_memory))
            return conversation;
    return NULL;
}

tcpshake_knowledge
tcpshake_stream_knowledge(const packet_info *pinfo)
{
    return (tcpshake_knowledge){ .hindsight = pinfo->fd->visited, .capture_end = file.capture_end };
}

tcpshake_knowledge
tcpshake_stream_knowledge_now(void)
{
    return (tcpshake_knowledge){ .hindsight = true, .capture_end = file.capture_end };
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

    if (!at || !at->conversation)
        return false;
    const conversation_element_t *const key = at->conversation->key_ptr;
    const int                           first = at->swapped;
    ends[first] = key[ADDRESS_1].addr_val;
    ends[1 - first] = key[ADDRESS_2].addr_val;
    ports[first] = (uint16_t)key[PORT_1].port_val;
    ports[1 - first] = (uint16_t)key[PORT_2].port_val;
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
