/* capture.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "capture.h"

#include "capture_state.h"
#include "last_frame.h"
#include "points.h"
#include "prefs.h"

/* So that nobody can prepare four-tuples that all collide. */
static uint64_t          seed;
static tcpshake_hash_key hash_key;

/* All of one capture file. */
static struct {
    tcpshake_hosts *hosts;      /* made for the first segment */
    int64_t         end;        /* time of the last segment of all */
    int64_t         last_time;  /* of the last segment */
    uint8_t         last_point; /* and where it was captured */
    uint32_t        first;      /* the frame of the first segment */
    bool            is_over;    /* no more segments will come */
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

/* There is a record for each conversation, and all have one size: they are taken from chunks. */
static struct {
    uint8_t *next;
    size_t   left;
} chunk;

static void *
fixed(void *context _U_, size_t size)
{
    enum { CHUNK = 16 * 1024, ALIGNED = 8 };
    const size_t taken = (size + ALIGNED - 1) / ALIGNED * ALIGNED;

    if (taken > CHUNK)
        return wmem_alloc0(memory, size);
    if (chunk.left < taken) {
        chunk.next = wmem_alloc(memory, CHUNK);
        chunk.left = CHUNK;
    }
    void *const block = chunk.next;
    chunk.next += taken;
    chunk.left -= taken;
    return memset(block, 0, size);
}

static const tcpshake_allocator file_memory = { resize, NULL, fixed };

static void
begin(void)
{
    version++;
    tcpshake_read_preferences();
    memset(&file, 0, sizeof file);
    memory = wmem_allocator_new(WMEM_ALLOCATOR_BLOCK);
}

static void
end(void)
{
    version++;
    memset(&file, 0, sizeof file);
    wmem_destroy_allocator(memory);
    memory = NULL;
    memset(&chunk, 0, sizeof chunk);
}

void
tcpshake_register_capture(void)
{
    seed = (uint64_t)g_random_int() << 32 | g_random_int();
    hash_key = tcpshake_hash_key_of(seed);
    register_init_routine(begin);
    register_cleanup_routine(end);
}

wmem_allocator_t *
tcpshake_capture_memory(void)
{
    return memory;
}

const tcpshake_allocator *
tcpshake_capture_allocator(void)
{
    return &file_memory;
}

static void
change_point(const tcpshake_segment *segment)
{
    tcpshake_hosts_change_point(file.hosts, &file_memory, segment->point, tcpshake_capture_of_point(segment->point),
                                file.last_time, (tcpshake_sight){ segment->frame, segment->time });
    file.last_point = segment->point;
}

/* The clock, or captures were joined one behind the other: what follows tells nothing of the silence before. Points
 * with clocks of their own may alternate. */
static bool
was_set_back(const tcpshake_segment *segment)
{
    return segment->point == file.last_point && segment->time < file.last_time &&
           (uint64_t)file.last_time - (uint64_t)segment->time > (uint64_t)TCPSHAKE_HOLE;
}

void
tcpshake_capture_take(tcpshake_conversation *conversation, const tcpshake_segment *segment)
{
    if (!file.hosts) {
        file.hosts = tcpshake_hosts_new(&file_memory, seed);
        file.end = segment->time; /* may be before 1970 */
        file.first = segment->frame;
    } else if (segment->time > file.end) {
        if ((uint64_t)segment->time - (uint64_t)file.end > (uint64_t)TCPSHAKE_HOLE)
            tcpshake_hosts_note_hole(file.hosts, &file_memory, segment->frame, file.end);
        file.end = segment->time;
    } else if (was_set_back(segment)) {
        tcpshake_hosts_note_hole(file.hosts, &file_memory, segment->frame, file.end);
        file.end = segment->time;
    }
    if (segment->point != file.last_point)
        change_point(segment);
    file.last_time = segment->time;
    version++;
    tcpshake_process_segment(conversation, segment, &tcpshake_prefs.limits, &file_memory, file.hosts);
}

bool
tcpshake_capture_take_error(tcpshake_conversation *conversation, const tcpshake_icmp_error *error)
{
    return tcpshake_process_icmp_error(conversation, error, &file_memory, file.hosts);
}

void
tcpshake_capture_has_changed(void)
{
    version++;
}

/* A packet of a live capture is drawn after the first pass, and the end of the capture is still to come. */
static bool
is_over(void)
{
    file.is_over = file.is_over || !tcpshake_capture_goes_on();
    return file.is_over;
}

/* session: has all frames once the capture is over; NULL: they were noted, or are not known. */
static tcpshake_knowledge
knowledge(bool hindsight, const epan_t *session)
{
    if (hindsight && session && file.hosts)
        tcpshake_find_last_frame(session, file.first);
    const int64_t last = tcpshake_last_frame_time();
    const bool    went_on = last > file.end && (uint64_t)last - (uint64_t)file.end <= (uint64_t)TCPSHAKE_HOLE;
    return (tcpshake_knowledge){ hindsight, went_on ? last : file.end, file.end, file.hosts };
}

tcpshake_knowledge
tcpshake_capture_knowledge(const packet_info *pinfo)
{
    return knowledge(pinfo->fd->visited && is_over(), pinfo->epan);
}

tcpshake_knowledge
tcpshake_capture_knowledge_now(void)
{
    return knowledge(is_over(), tcpshake_capture_session());
}

const tcpshake_hash_key *
tcpshake_capture_hash_key(void)
{
    return &hash_key;
}

const tcpshake_hosts *
tcpshake_capture_hosts(void)
{
    return file.hosts;
}

uint64_t
tcpshake_capture_version(void)
{
    return version;
}
