/* fuzz_epan.c
 * A capture in memory goes through all of Wireshark's dissection, with the plugin: in one pass or two, with all calls
 * and statistics, and forgotten in between as by tshark's -M, by a ring of files, or by another capture in the window.
 * What must hold: nothing that a sanitizer reports, no bug that Wireshark reports of a dissector; and a frame that is
 * looked at again shows the same.
 *
 * Only the protocols that lead to TCP are switched on: the faults of others are not ours.
 *
 * libFuzzer calls LLVMFuzzerTestOneInput(); replay.c does for compilers without it. For Wireshark 4.0.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "frames.h"
#include "fuzzing.h"
#include "listeners.h"

#include "../../plugin/epan/compat.h"
#include "../../plugin/epan/fields/fields.h"

#include <epan/column.h>
#include <epan/column-info.h>
#include <epan/epan.h>
#include <epan/epan_dissect.h>
#include <epan/timestamp.h>
#include <wiretap/wtap.h>
#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>
#include <wsutil/report_message.h>
#include <wsutil/wslog.h>

#include <stdio.h>
#include <stdlib.h>

enum { FRAMES_MAX = 400, FRAME_DISTANCE = 1000 };

int  LLVMFuzzerInitialize(int *argc, char ***argv);
void plugin_register(void);

/* What the second byte of an input asks for, and the number of a stream. */
enum { STREAM = 7, WITH_POINTS = 0x40, CALLS_END_FIRST = 0x80 };

/* What the first byte of an input asks for. */
enum {
    TWO_PASSES = 1,
    VISIBLE = 2,       /* all details are shown */
    WITHOUT_TREE = 4,  /* nobody asks for one */
    READ_FILTER = 8,   /* tshark -2 -R: some frames do not pass */
    CALLS = 16,        /* -z tcpshake,… */
    WINDOWS = 32,      /* what Wireshark's windows and sharkd show */
    STEPS_SHOWN = 64,  /* preferences */
    SMALL_LIMITS = 128 /* preferences */
};

static const char *const kept_protocols[] = {
    "frame", "raw", "ip", "ipv6", "icmp", "icmpv6", "tcp", "gre", "udp", "data", "tcpshake",
};

static column_info columns;
static unsigned    mode;

/* ---- a capture ---- */

/* What Wireshark asks of an open capture. */
struct packet_provider_data {
    frame_data data[FRAMES_MAX];
    uint32_t   interface[FRAMES_MAX];
    uint8_t   *bytes[FRAMES_MAX]; /* in blocks of their own, so that reading beyond is seen */
    uint32_t   shown[FRAMES_MAX]; /* a hash of what the second pass showed */
    unsigned   count;
    int64_t    read; /* how far */
};

static struct packet_provider_data capture;
static epan_t                     *session;

static const nstime_t *
time_of(struct packet_provider_data *provider, uint32_t number)
{
    return number >= 1 && number <= provider->count ? &provider->data[number - 1].abs_ts : NULL;
}

static epan_t *
new_session(void)
{
    static const struct packet_provider_funcs functions = { .get_frame_ts = time_of };

    return epan_new(&capture, &functions);
}

static void
forget_capture(void)
{
    epan_free(session);
    for (unsigned i = 0; i < capture.count; i++) {
        frame_data_destroy(&capture.data[i]);
        g_free(capture.bytes[i]);
    }
    capture.count = 0;
    capture.read = 0;
    session = new_session();
}

static void
add_frame(const fuzz_frame *frame)
{
    frame_data *const data = &capture.data[capture.count];
    wtap_rec          record;

    wtap_rec_init(&record);
    record.rec_type = REC_TYPE_PACKET;
    record.presence_flags = WTAP_HAS_TS | WTAP_HAS_CAP_LEN | WTAP_HAS_INTERFACE_ID;
    record.ts = (nstime_t){ frame->seconds, frame->nanoseconds };
    record.tsprec = WTAP_TSPREC_NSEC;
    record.rec_header.packet_header.caplen = frame->captured;
    record.rec_header.packet_header.len = frame->reported;
    record.rec_header.packet_header.pkt_encap = WTAP_ENCAP_RAW_IP;
    capture.read += FRAME_DISTANCE;
    frame_data_init(data, capture.count + 1, &record, capture.read, 0);
    wtap_rec_cleanup(&record);
    capture.interface[capture.count] = frame->interface;
    capture.bytes[capture.count++] = g_memdup2(frame->bytes, frame->captured);
}

/* ---- what a frame shows ---- */

static void
hash_item(proto_node *node, void *data)
{
    static char       label[ITEM_LABEL_LENGTH];
    field_info *const info = PNODE_FINFO(node);
    uint32_t *const   hash = data;

    if (info && (info->hfinfo->id == proto_tcpshake || info->hfinfo->parent == proto_tcpshake)) {
        const char *text = label;
        if (info->rep)
            text = info->rep->representation;
        else
            proto_item_fill_label(info, label);
        if (!g_utf8_validate(text, -1, NULL))
            fprintf(stderr, "%s: %s\n", info->hfinfo->abbrev, text);
        MUST(g_utf8_validate(text, -1, NULL));
        *hash = *hash * 33 + g_str_hash(text);
    }
    proto_tree_children_foreach(node, hash_item, data);
}

static uint32_t
hash_of(const epan_dissect_t *edt)
{
    uint32_t hash = 5381;

    if (edt->tree)
        proto_tree_children_foreach(edt->tree, hash_item, &hash);
    return hash;
}

/* ---- dissection ---- */

/* Returns a hash of what the plugin shows. */
static uint32_t
dissect(unsigned index, bool tree_wanted, bool with_taps)
{
    const bool               with_tree = tree_wanted || (with_taps && have_filtering_tap_listeners());
    static nstime_t          elapsed;
    static const frame_data *reference;
    frame_data *const        data = &capture.data[index];
    column_info *const       shown = with_taps ? &columns : NULL;
    epan_dissect_t           edt;
    wtap_rec                 record;

    wtap_rec_init(&record);
    record.rec_type = REC_TYPE_PACKET;
    record.presence_flags = WTAP_HAS_TS | WTAP_HAS_CAP_LEN | WTAP_HAS_INTERFACE_ID;
    record.ts = data->abs_ts;
    record.tsprec = WTAP_TSPREC_NSEC;
    record.rec_header.packet_header.caplen = data->cap_len;
    record.rec_header.packet_header.len = data->pkt_len;
    record.rec_header.packet_header.pkt_encap = WTAP_ENCAP_RAW_IP;
    record.rec_header.packet_header.interface_id = capture.interface[index];
    if (index == 0)
        reference = NULL;
    epan_dissect_init(&edt, session, with_tree, with_tree && mode & VISIBLE);
    if (with_tree && !(mode & VISIBLE))
        epan_dissect_prime_with_hfid(&edt, proto_tcpshake);
    frame_data_set_before_dissect(data, &elapsed, &reference, index ? &capture.data[index - 1] : NULL);
    if (reference == data)
        reference = data;
    tvbuff_t *const bytes = tvb_new_real_data(capture.bytes[index], data->cap_len, (int)data->pkt_len);
    if (with_taps)
        epan_dissect_run_with_taps(&edt, WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, &record, bytes, data, shown);
    else
        epan_dissect_run(&edt, WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, &record, bytes, data, shown);
    if (shown)
        epan_dissect_fill_in_columns(&edt, TRUE, TRUE);
    const uint32_t hash = hash_of(&edt);
    epan_dissect_cleanup(&edt);
    wtap_rec_cleanup(&record);
    return hash;
}

/* A frame that does not pass a read filter leaves its number to the next one. */
static void
first_pass(const fuzz_frame *frame)
{
    if (capture.count == FRAMES_MAX)
        return;
    add_frame(frame);
    if (!(mode & TWO_PASSES)) {
        dissect(capture.count - 1, !(mode & WITHOUT_TREE), true);
        return;
    }
    dissect(capture.count - 1, (mode & READ_FILTER) != 0, false);
    if (mode & READ_FILTER && frame->nanoseconds % 5 == 3) {
        capture.count--;
        frame_data_destroy(&capture.data[capture.count]);
        g_free(capture.bytes[capture.count]);
    }
}

/* The second pass; and then, as a user may click, from the last frame to the first. Of a tree that nobody sees, only
 * what somebody has asked for is made, and calls ask for more. */
static void
later_passes(void)
{
    const bool visible = !(mode & WITHOUT_TREE) && mode & VISIBLE;

    for (unsigned i = 0; i < capture.count; i++)
        capture.shown[i] = dissect(i, !(mode & WITHOUT_TREE), true);
    for (unsigned i = capture.count; visible && i-- > 0;)
        MUST(dissect(i, true, false) == capture.shown[i]);
}

/* ---- preferences ---- */

static void
set_preference(const char *name, const char *value)
{
    char *const text = g_strdup_printf("%s:%s", name, value);
    char       *problem = NULL;

    MUST(prefs_set_pref(text, &problem) == PREFS_SET_OK);
    g_free(text);
}

static void
set_preferences(unsigned now)
{
    static const char *const counts[] = { "ack_storm",      "reset_storm",          "fin_storm",
                                          "syn_flood",      "time_wait_exhaustion", "isn_predictable",
                                          "connection_lost" };
    static const char *const seconds[] = { "msl",          "connection_timeout",  "slow_handshake", "socket_timeout",
                                           "read_timeout", "close_wait_lingering" };
    static unsigned          before = ~0u;
    char                     name[64];

    if ((now & (STEPS_SHOWN | SMALL_LIMITS)) == before)
        return;
    before = now & (STEPS_SHOWN | SMALL_LIMITS);
    set_preference("tcpshake.annotate_info", now & STEPS_SHOWN ? "TRUE" : "FALSE");
    set_preference("tcpshake.chat_steps", now & STEPS_SHOWN ? "TRUE" : "FALSE");
    set_preference("tcpshake.language", now & STEPS_SHOWN ? "Korean" : "English");
    for (size_t i = 0; i < array_length(counts); i++) {
        snprintf(name, sizeof name, "tcpshake.%s", counts[i]);
        set_preference(name, now & SMALL_LIMITS ? "1" : "5");
    }
    for (size_t i = 0; i < array_length(seconds); i++) {
        snprintf(name, sizeof name, "tcpshake.%s", seconds[i]);
        set_preference(name, now & SMALL_LIMITS ? "0" : "10");
    }
    prefs_apply_all();
}

/* ---- Wireshark ---- */

/* In front of Wireshark's, which reads the names of manufacturers and ports for each capture again: a hundred times
 * slower.
 */
char *
get_datafile_path(const char *name)
{
    return g_build_filename("/nonexistent", name, NULL);
}

static void
say_nothing(const char *format, va_list arguments)
{
    (void)format;
    (void)arguments;
}

static void
disable_other_protocols(void)
{
    void *cookie;

    for (int id = proto_get_first_protocol(&cookie); id != -1; id = proto_get_next_protocol(&cookie)) {
        const char *const name = proto_get_protocol_filter_name(id);
        bool              kept = proto_is_pino(find_protocol_by_id(id)) || !proto_can_toggle_protocol(id);
        for (size_t i = 0; i < array_length(kept_protocols); i++)
            kept = kept || strcmp(name, kept_protocols[i]) == 0;
        if (!kept)
            proto_set_decoding(id, FALSE);
    }
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static const struct report_message_routines silent = { .vreport_failure = say_nothing,
                                                           .vreport_warning = say_nothing };

    (void)argc;
    g_setenv("XDG_CONFIG_HOME", "/nonexistent", TRUE);
    g_setenv("WIRESHARK_DEBUG_WMEM_OVERRIDE", "simple", FALSE);
    g_setenv("WIRESHARK_ABORT_ON_DISSECTOR_BUG", "1", TRUE);
    ws_log_init("fuzz_epan", NULL);
    init_process_policies();
    g_free(configuration_init((*argv)[0], NULL));
    init_report_message("fuzz_epan", &silent);
    timestamp_set_type(TS_RELATIVE);
    timestamp_set_precision(TS_PREC_AUTO);
    timestamp_set_seconds_type(TS_SECONDS_DEFAULT);
    wtap_init(FALSE);
    plugin_register();
    MUST(epan_init(NULL, NULL, FALSE));
    const e_prefs *const preferences = epan_load_settings();
    disable_other_protocols();
    prefs_apply_all();
    build_column_format_array(&columns, preferences->num_cols, TRUE);
    session = new_session();
    fuzz_begin_listening();
    MUST(freopen("/dev/null", "w", stdout));
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_frame frame;
    fuzz_input        input;

    if (size < 2)
        return 0;
    mode = data[0];
    set_preferences(mode);
    if (mode & CALLS)
        fuzz_begin_calls(data[1] & STREAM);
    if (mode & WINDOWS)
        fuzz_begin_windows();
    fuzz_input_begin(&input, data + 2, size - 2, data[1] & WITH_POINTS);
    while (fuzz_input_next(&input, &frame)) {
        if (!frame.forget) {
            first_pass(&frame);
            continue;
        }
        if (mode & TWO_PASSES)
            later_passes();
        draw_tap_listeners(TRUE);
        forget_capture();
        if (mode & TWO_PASSES)
            fuzz_reset_listeners();
    }
    if (mode & TWO_PASSES)
        later_passes();
    draw_tap_listeners(TRUE);
    if (data[1] & CALLS_END_FIRST) /* else calls outlive their capture */
        fuzz_end_listeners();
    forget_capture();
    if (!(data[1] & CALLS_END_FIRST))
        fuzz_end_listeners();
    return 0;
}
