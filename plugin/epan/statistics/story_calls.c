/* story_calls.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "story_calls.h"

#include "../streams.h"
#include "open_files.h"
#include "telling.h"

#include "../../text/phrases.h"
#include "../../text/text.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

enum { TEXT_SIZE = 400 };

/* Which conversation the stream belongs to is known with its first segment; and that need not be the conversation's,
 * where Wireshark begins a stream and the core does not. Until then the segments of all are kept, in few bytes each. */
typedef struct story_call {
    uint32_t                     stream;
    const tcpshake_conversation *wanted;   /* NULL: not met yet */
    tcpshake_segment_log        *log;      /* its segments */
    GHashTable                  *others;   /* conversation → log, until it is met */
    uint64_t                     told;     /* how many segments there were when it was told last */
    int64_t                      began;    /* and when its first segment was sent */
    bool                         failed;   /* that was said */
    char                        *path;     /* of the picture */
    FILE                        *file;     /* or standard output */
    bool                         is_empty; /* the file was not there before, and there is nothing in it yet */
} story_call;

static void
free_log(void *log)
{
    tcpshake_segment_log_free(log);
}

/* One that was made for the picture does not stay behind empty. */
static void
close_file(story_call *own)
{
    if (!own->file || own->file == stdout)
        return;
    fclose(own->file);
    own->file = NULL;
    if (own->is_empty)
        g_remove(own->path);
}

/* False: a reason was given already. */
static bool
give_up(story_call *own)
{
    if (own->failed)
        return false;
    own->failed = true;
    if (own->is_empty)
        close_file(own);
    return true;
}

static void
fail(story_call *own, tcpshake_story_sentence sentence, const tcpshake_story_facts *facts)
{
    char text[TEXT_SIZE];

    if (give_up(own))
        tcpshake_call_failed("%s", tcpshake_text_story(sentence, facts, text, sizeof text));
}

static void
cannot_write(story_call *own)
{
    const char *const why = g_strerror(errno);

    if (give_up(own))
        tcpshake_call_failed(tcpshake_phrase_text(TCPSHAKE_PHRASE_CANNOT_WRITE), own->path, why);
}

/* ---- the argument ---- */

static void
read_stream(story_call *own, const char *text)
{
    const tcpshake_story_facts facts = { .name = text };
    uint64_t                   number;

    if (!g_ascii_string_to_unsigned(text, 10, 0, UINT32_MAX, &number, NULL))
        fail(own, TCPSHAKE_STORY_not_a_number, &facts);
    else
        own->stream = (uint32_t)number;
}

static void
begin_story(tcpshake_call *call)
{
    story_call *const own = call->own = g_new0(story_call, 1);

    own->others = g_hash_table_new_full(NULL, NULL, NULL, free_log);
    read_stream(own, call->argument);
}

/* Whether it can be written is known before hours of reading; what is in it stays until there is something better. */
static void
open_file(story_call *own)
{
    if (strcmp(own->path, "-") == 0) {
        own->file = stdout;
        return;
    }
    own->is_empty = !g_file_test(own->path, G_FILE_TEST_EXISTS);
    own->file = tcpshake_open_file(own->path, "ab");
    if (!own->file)
        cannot_write(own);
}

static void
begin_ladder(tcpshake_call *call)
{
    const tcpshake_story_facts facts = { .name = call->kind->name };
    story_call *const          own = call->own = g_new0(story_call, 1);
    char **const               parts = g_strsplit(call->argument, ",", 2);

    own->others = g_hash_table_new_full(NULL, NULL, NULL, free_log);
    read_stream(own, parts[0] ? parts[0] : "");
    if (!own->failed && !(parts[0] && parts[1] && parts[1][0]))
        fail(own, TCPSHAKE_STORY_no_file, &facts);
    if (!own->failed) {
        own->path = g_strdup(parts[1]);
        open_file(own);
    }
    g_strfreev(parts);
}

/* ---- segments ---- */

static tcpshake_segment_log *
log_of(story_call *own, const tcpshake_conversation *conversation)
{
    tcpshake_segment_log *log = g_hash_table_lookup(own->others, conversation);

    if (!log) {
        log = tcpshake_segment_log_new();
        g_hash_table_insert(own->others, (void *)conversation, log);
    }
    return log;
}

static void
take(tcpshake_call *call, const tcpshake_tapped *tapped)
{
    story_call *const own = call->own;
    bool              is_new;

    if (own->failed)
        return;
    if (own->log) {
        if (tapped->conversation == own->wanted)
            tcpshake_log_segment(own->log, tapped);
        return;
    }
    tcpshake_log_segment(log_of(own, tapped->conversation), tapped);
    if (tcpshake_stream_by_number(own->stream) != tapped->conversation)
        return;
    own->wanted = tapped->conversation;
    g_hash_table_steal_extended(own->others, own->wanted, NULL, (void **)&own->log);
    g_hash_table_remove_all(own->others);
    tcpshake_conversation_list_add(call->gathered, tapped, &is_new);
}

static void
restart(tcpshake_call *call)
{
    story_call *const own = call->own;

    tcpshake_segment_log_free(own->log);
    own->log = NULL;
    own->wanted = NULL;
    g_hash_table_remove_all(own->others);
}

/* ---- telling ---- */

typedef GString *teller(uint32_t stream, const tcpshake_conversation_row *row, const tcpshake_segment_log *log);

/* NULL if there is no such conversation, or it was told already: Wireshark's window reads a capture again and again. */
static GString *
tell_now(tcpshake_call *call, teller *tell_it)
{
    story_call *const          own = call->own;
    const tcpshake_story_facts facts = { .number = own->stream };

    if (!own->log && !own->failed)
        fail(own, TCPSHAKE_STORY_no_such_stream, &facts);
    if (!own->log || (own->told == own->log->count && own->began == own->wanted->first.time))
        return NULL;
    own->told = own->log->count;
    own->began = own->wanted->first.time;
    return tell_it(own->stream, tcpshake_conversation_list_at(call->gathered, 0), own->log);
}

static void
draw_story(tcpshake_call *call)
{
    GString *const text = tell_now(call, tcpshake_tell_text);

    if (!text)
        return;
    fputs(text->str, stdout);
    g_string_free(text, TRUE);
}

static void
draw_ladder(tcpshake_call *call)
{
    story_call *const own = call->own;
    GString *const    picture = tell_now(call, tcpshake_tell_picture);

    if (!picture)
        return;
    /* From its beginning, each time. */
    if (own->file && own->file != stdout)
        own->file = g_freopen(own->path, "wb", own->file);
    errno = own->file ? 0 : errno;
    if (!own->file || fwrite(picture->str, 1, picture->len, own->file) != picture->len || fflush(own->file) != 0)
        cannot_write(own);
    own->is_empty = false;
    g_string_free(picture, TRUE);
}

static void
end(tcpshake_call *call)
{
    story_call *const own = call->own;

    close_file(own);
    tcpshake_segment_log_free(own->log);
    g_hash_table_destroy(own->others);
    g_free(own->path);
    g_free(own);
}

const tcpshake_call_kind tcpshake_story_call = {
    .name = "tcpshake,story", .begin = begin_story, .take = take, .restart = restart, .draw = draw_story, .end = end
};
const tcpshake_call_kind tcpshake_ladder_call = {
    .name = "tcpshake,ladder", .begin = begin_ladder, .take = take, .restart = restart, .draw = draw_ladder, .end = end
};
