/* svg_rows.h
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_SVG_ROWS_H
#define TCPSHAKE_SVG_ROWS_H

#include "svg_layout.h"

/* Draws a row between the lifelines, with its time, its steps and its anomalies. */
void tcpshake_svg_row(const tcpshake_story *story, const tcpshake_row *row, const tcpshake_place *place, GString *to);

#endif /* TCPSHAKE_SVG_ROWS_H */
