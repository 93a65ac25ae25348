/* open_files.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "open_files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdbool.h>

#ifdef G_OS_UNIX

/* Programs of Wireshark's open few files; the capture is one of the first. */
enum { STANDARD_INPUT = 0, STANDARD_ERROR = 2, DESCRIPTORS = 256 };

/* By whatever name: links of both kinds are the file itself. */
static bool
is_open(const char *path)
{
    GStatBuf file;
    GStatBuf other;

    if (g_stat(path, &file) != 0 || !S_ISREG(file.st_mode))
        return false;
    for (int descriptor = 0; descriptor < DESCRIPTORS; descriptor++) {
        if (descriptor > STANDARD_INPUT && descriptor <= STANDARD_ERROR)
            continue;
        if (fstat(descriptor, &other) == 0 && other.st_dev == file.st_dev && other.st_ino == file.st_ino)
            return true;
    }
    return false;
}

#else

/* Windows does not number files in this way. */
static bool
is_open(const char *path)
{
    (void)path;
    return false;
}

#endif

FILE *
tcpshake_open_file(const char *path, const char *mode)
{
    if (is_open(path)) {
        errno = EBUSY;
        return NULL;
    }
    return g_fopen(path, mode);
}
