/* code.c
 * Zeek's conn_state.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "internal.h"

#include <string.h>

/* RSTOS0 asks for a history that begins with the originator's SYN and has its RST before any of its H A F G I Q. */
static bool
is_syn_then_rst(const tcpshake_zeek *z)
{
    const char *text = tcpshake_zeek_letters(z);
    unsigned    i = z->length > 0 && text[0] == '^';
    if (i >= z->length || text[i] != 'S')
        return false;
    for (i++; i < z->length && !strchr("HAFGIQ", text[i]); i++)
        if (text[i] == 'R')
            return true;
    return false;
}

static bool
without_data(const tcpshake_zeek *z)
{
    return tcpshake_zeek_size(z, 0) == 0 && tcpshake_zeek_size(z, 1) == 0;
}

/* The first row that holds; originator's state, responder's state, what else must be true. */
static const struct {
    unsigned orig, resp;
    bool (*when)(const tcpshake_zeek *z);
    const char *code;
} codes[] = {
    /* originator      responder           when             code */
    { ATTEMPT, IN(RESET), NULL, "REJ" },
    { IN(RESET), IN(RESET), without_data, "REJ" },
    { NO_SYN, IN(RESET), NULL, "RSTRH" },
    { ANY, IN(RESET), NULL, "RSTR" },
    { IN(RESET), NO_SYN, is_syn_then_rst, "RSTOS0" },
    { IN(RESET), NO_SYN, NULL, "OTH" },
    { IN(RESET), ANY, NULL, "RSTO" },
    { IN(CLOSED), IN(CLOSED), NULL, "SF" },
    { IN(CLOSED), NO_SYN, NULL, "SH" },
    { IN(CLOSED), ANY, NULL, "S2" },
    { NO_SYN, IN(CLOSED), NULL, "SHR" },
    { ANY, IN(CLOSED), NULL, "S3" },
    { IN(SYN_SENT), IN(INACTIVE), NULL, "S0" },
    { IN(ESTABLISHED), IN(ESTABLISHED), NULL, "S1" },
};

const char *
tcpshake_zeek_state(const tcpshake_zeek *z)
{
    const tcpshake_zeek_end *orig = &z->end[originator(z)], *resp = &z->end[TCPSHAKE_OTHER(originator(z))];
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (is_in(orig, codes[i].orig) && is_in(resp, codes[i].resp) && (!codes[i].when || codes[i].when(z)))
            return codes[i].code;
    return "OTH";
}
