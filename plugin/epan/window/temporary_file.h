/* temporary_file.h
 * Files for another program, such as the browser, that live as long as this one.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_TEMPORARY_FILE_H
#define TCPSHAKE_TEMPORARY_FILE_H

#include <glib.h>

/* Writes contents to a new file in the user's temporary folder that nobody else can read or foresee. ending: of its
 * name, ".svg". Its path, or NULL with *error set; belongs to this file. */
const char *tcpshake_write_temporary_file(const char *ending, const GString *contents, GError **error);

/* Removes them all. */
void tcpshake_remove_temporary_files(void);

#endif /* TCPSHAKE_TEMPORARY_FILE_H */
