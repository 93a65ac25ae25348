/* open_files.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "open_files.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdbool.h>

#ifdef _WIN32
#include <windows.h>
#endif

#ifndef _WIN32

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

/* Whoever has it open does not share it with one who would share it with nobody. */
static bool
is_open(const char *path)
{
    gunichar2 *const name = g_utf8_to_utf16(path, -1, NULL, NULL, NULL);

    if (!name)
        return false;
    const HANDLE file = CreateFileW((const wchar_t *)name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    const bool   shared = file == INVALID_HANDLE_VALUE && GetLastError() == ERROR_SHARING_VIOLATION;

    if (file != INVALID_HANDLE_VALUE)
        CloseHandle(file);
    g_free(name);
    return shared;
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
