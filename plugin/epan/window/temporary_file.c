/* temporary_file.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "temporary_file.h"

#include <glib/gstdio.h>

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

static GPtrArray *paths;

static void
remove_file(void *path)
{
    g_remove(path);
    g_free(path);
}

static bool
write_all(const char *path, const GString *contents, GError **error)
{
    FILE *const file = g_fopen(path, "wb");
    bool        written = file && fwrite(contents->str, 1, contents->len, file) == contents->len;

    if (file && fclose(file) != 0)
        written = false;
    if (!written) {
        const int reason = errno;
        g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(reason), "%s: %s", path, g_strerror(reason));
    }
    return written;
}

const char *
tcpshake_write_temporary_file(const char *ending, const GString *contents, GError **error)
{
    char *const template = g_strdup_printf("tcpshake-XXXXXX%s", ending);
    char *path = NULL;
    /* GLib makes the file with mode 0600, and only if there is none of that name. */
    const int descriptor = g_file_open_tmp(template, &path, error);

    g_free(template);
    if (descriptor < 0)
        return NULL;
    g_close(descriptor, NULL);
    if (!paths)
        paths = g_ptr_array_new_with_free_func(remove_file);
    g_ptr_array_add(paths, path);
    return write_all(path, contents, error) ? path : NULL;
}

void
tcpshake_remove_temporary_files(void)
{
    if (paths)
        g_ptr_array_free(paths, TRUE);
    paths = NULL;
}
