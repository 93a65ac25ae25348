/* listeners.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include "listeners.h"

#include "fuzzing.h"

#include "../../plugin/epan/compat.h"

#include <epan/stats_tree_priv.h>

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <unistd.h>

static char *folder;

enum { LISTENERS_MAX = 16 };

static void    *listeners[LISTENERS_MAX];
static unsigned listener_count;

/* In front of Wireshark's: a call can only be ended by who knows what it has registered. */
GString *
register_tap_listener(const char *tap, void *data, const char *filter, guint flags, tap_reset_cb reset,
                      tap_packet_cb packet, tap_draw_cb draw, tap_finish_cb finish)
{
    typedef GString *function(const char *, void *, const char *, guint, tap_reset_cb, tap_packet_cb, tap_draw_cb,
                              tap_finish_cb);
    static function *original;

    if (!original)
        *(void **)&original = dlsym(RTLD_NEXT, "register_tap_listener");
    MUST(listener_count < LISTENERS_MAX);
    listeners[listener_count++] = data;
    return original(tap, data, filter, flags, reset, packet, draw, finish);
}

static void
begin_call(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    char *const call = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    MUST(process_stat_cmd_arg(call));
    start_requested_stats();
    g_free(call);
}

void
fuzz_begin_calls(unsigned stream)
{
    begin_call("tcpshake,tree");
    begin_call("tcpshake,conv,tcpshake.anomaly");
    begin_call("tcpshake,conv");
    begin_call("tcpshake,hosts");
    begin_call("tcpshake,story,%u", stream);
    begin_call("tcpshake,ladder,%u,-", stream);
    begin_call("tcpshake,export,%s/null.csv", folder);
    begin_call("tcpshake,export,%s/null.ndjson", folder);
}

static stats_tree *tree; /* NULL: there are no windows */
static stat_data_t tables[2];

void
fuzz_begin_windows(void)
{
    static const char *const names[] = { "tcpshake,conv", "tcpshake,hosts" };
    stats_tree_cfg *const    kind = stats_tree_get_cfg_by_abbr("tcpshake");

    MUST(kind);
    tree = stats_tree_new(kind, NULL, NULL);
    MUST(!register_tap_listener(kind->tapname, tree, NULL, kind->flags, stats_tree_reset, stats_tree_packet, NULL,
                                NULL));
    for (unsigned i = 0; i < 2; i++) {
        stat_tap_table_ui *const ui = stat_tap_by_name(names[i]);
        MUST(ui);
        tables[i] = (stat_data_t){ .stat_tap_data = ui };
        ui->stat_tap_init_cb(ui);
        MUST(!register_tap_listener(ui->tap_name, &tables[i], NULL, 0, NULL, ui->packet_func, NULL, NULL));
    }
}

void
fuzz_end_listeners(void)
{
    for (unsigned i = 0; i < listener_count; i++)
        remove_tap_listener(listeners[i]);
    listener_count = 0;
    if (!tree)
        return;
    stats_tree_free(tree);
    tree = NULL;
    for (unsigned i = 0; i < 2; i++)
        free_stat_tables(tables[i].stat_tap_data);
}

void
fuzz_reset_listeners(void)
{
    reset_tap_listeners();
    if (tree)
        for (unsigned i = 0; i < 2; i++)
            reset_stat_table(tables[i].stat_tap_data);
}

/* Exports have to end in a suffix; what they hold is of no interest. */
static void
make_folder(void)
{
    static const char *const names[] = { "null.csv", "null.ndjson" };

    folder = g_dir_make_tmp("tcpshake-fuzz-XXXXXX", NULL);
    MUST(folder);
    for (size_t i = 0; i < array_length(names); i++) {
        char *const path = g_build_filename(folder, names[i], NULL);
        MUST(symlink("/dev/null", path) == 0);
        g_free(path);
    }
}

static void
remove_folder(void)
{
    static const char *const names[] = { "null.csv", "null.ndjson", "." };

    for (size_t i = 0; i < array_length(names); i++) {
        char *const path = g_build_filename(folder, names[i], NULL);
        g_remove(path);
        g_free(path);
    }
    g_rmdir(folder);
}

void
fuzz_begin_listening(void)
{
    make_folder();
    atexit(remove_folder);
    begin_call("tcpshake,tree"); /* the last one to end, if any has failed, would end the program */
    listener_count = 0;
}
