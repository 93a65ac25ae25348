/* flags_text.c
 * The names of a segment's flags.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "text.h"

#include <glib.h>

const char *
tcpshake_text_flags(uint32_t flags, const char *between, char *text, size_t size)
{
    static const struct {
        uint32_t    flag;
        const char *name;
    } names[] = {
        { TCPSHAKE_SYN, "SYN" }, { TCPSHAKE_FIN, "FIN" }, { TCPSHAKE_RST, "RST" },
        { TCPSHAKE_PSH, "PSH" }, { TCPSHAKE_ACK, "ACK" }, { TCPSHAKE_URG, "URG" },
        { TCPSHAKE_ECE, "ECE" }, { TCPSHAKE_CWR, "CWR" }, { TCPSHAKE_AE, "AE" },
    };

    text[0] = '\0';
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        if (!(flags & names[i].flag))
            continue;
        if (text[0])
            g_strlcat(text, between, size);
        g_strlcat(text, names[i].name, size);
    }
    return text;
}
