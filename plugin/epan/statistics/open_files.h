/* open_files.h
 * What this program has open, which nothing of ours may overwrite: the capture that is being read, above all.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_OPEN_FILES_H
#define TCPSHAKE_OPEN_FILES_H

#include <stdio.h>

/* Like fopen(). An existing file that this program has open is not opened: then errno is EBUSY. Its standard output and
 * standard error may be. */
FILE *tcpshake_open_file(const char *path, const char *mode);

#endif /* TCPSHAKE_OPEN_FILES_H */
