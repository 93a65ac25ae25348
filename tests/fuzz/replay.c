/* replay.c
 * Runs the harness on each file of the folders and files given, for compilers without libFuzzer.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "fuzzing.h"

#include <glib.h>

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* Not every harness has one. */
int LLVMFuzzerInitialize(int *argc, char ***argv) __attribute__((weak));

static unsigned
replay(const char *path)
{
    GDir *const folder = g_dir_open(path, 0, NULL);
    unsigned    count = 0;
    char       *content;
    gsize       size;

    if (folder) {
        for (const char *name = g_dir_read_name(folder); name; name = g_dir_read_name(folder)) {
            char *const below = g_build_filename(path, name, NULL);
            count += replay(below);
            g_free(below);
        }
        g_dir_close(folder);
        return count;
    }
    if (!g_file_get_contents(path, &content, &size, NULL)) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(EXIT_FAILURE);
    }
    LLVMFuzzerTestOneInput((const uint8_t *)content, size);
    g_free(content);
    return 1;
}

int
main(int argc, char **argv)
{
    unsigned count = 0;

    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    for (int i = 1; i < argc; i++)
        count += replay(argv[i]);
    fprintf(stderr, "%u inputs\n", count); /* a harness may have silenced the standard output */
    return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
