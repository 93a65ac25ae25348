/* options.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "options.h"

#include <stddef.h>
#include <string.h>

enum {
    OPTION_END = 0,
    OPTION_NOP = 1,
    OPTION_MSS = 2,
    OPTION_WSCALE = 3,
    OPTION_SACK = 4,
    OPTION_TIMESTAMPS = 8,
    OPTION_MPTCP = 30,
    OPTION_TFO = 34,
    OPTION_EXPERIMENT = 254
};
enum { WSCALE_MAX = 14, TFO_EXPERIMENT_ID = 0xf989, TFO_LENGTH = 2, TFO_EXPERIMENT_LENGTH = 4 };
enum { MPTCP_RESET = 8, MPTCP_RESET_LENGTH = 4, MPTCP_TRANSIENT = 1 };

static uint32_t
be32(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void
take_fast_open(tcpshake_options *options, bool cookie)
{
    options->offers &= (uint16_t)~TCPSHAKE_OFFER_COOKIE; /* the last one counts */
    options->offers |= cookie ? TCPSHAKE_OFFER_TFO | TCPSHAKE_OFFER_COOKIE : TCPSHAKE_OFFER_TFO;
}

static void
read_option(tcpshake_options *options, const uint8_t *option, unsigned length)
{
    switch (option[0]) {
    case OPTION_MSS:
        if (length == 4)
            options->mss = (uint16_t)(option[2] << 8 | option[3]);
        break;
    case OPTION_WSCALE:
        if (length == 3) {
            options->offers |= TCPSHAKE_OFFER_WSCALE;
            options->wscale = option[2] > WSCALE_MAX ? WSCALE_MAX : option[2];
        }
        break;
    case OPTION_SACK: options->offers |= TCPSHAKE_OFFER_SACK; break;
    case OPTION_TIMESTAMPS:
        options->offers |= TCPSHAKE_OFFER_TIMESTAMPS;
        if (length == 10) {
            options->tsval = be32(option + 2);
            options->tsecr = be32(option + 6);
        }
        break;
    case OPTION_MPTCP: options->offers |= TCPSHAKE_OFFER_MPTCP; break;
    case OPTION_TFO: take_fast_open(options, length > TFO_LENGTH); break;
    case OPTION_EXPERIMENT: /* RFC 7413's predecessor, still sent by some */
        if (length >= TFO_EXPERIMENT_LENGTH && (option[2] << 8 | option[3]) == TFO_EXPERIMENT_ID) {
            take_fast_open(options, length > TFO_EXPERIMENT_LENGTH);
        } else {
            options->offers |= TCPSHAKE_OFFER_OTHERS;
        }
        break;
    default: options->offers |= TCPSHAKE_OFFER_OTHERS; break;
    }
}

/* The option at *at, or behind it, and moves *at behind that. NULL: there is none before end, or a malformed one. */
static inline const uint8_t *
next_option(const uint8_t **at, const uint8_t *end)
{
    const uint8_t *option = *at;

    while (option < end && *option == OPTION_NOP)
        option++;
    if (end - option < 2 || *option == OPTION_END || option[1] < 2 || option[1] > end - option)
        return NULL;
    *at = option + option[1];
    return option;
}

/* Linux sends MSS, SACK permitted, timestamps, a NOP and the window scale, always in this order: most SYNs and SYN-ACKs
 * of most captures. False, and nothing done, if there is anything else. */
static inline bool
read_linux_order(tcpshake_options *options, const uint8_t *at)
{
    enum { MSS = 0, SACK_AND_TIMESTAMPS = 4, NOP_AND_WSCALE = 16 };
    static const uint8_t mss[] = { OPTION_MSS, 4 }, sack_and_timestamps[] = { OPTION_SACK, 2, OPTION_TIMESTAMPS, 10 },
                         nop_and_wscale[] = { OPTION_NOP, OPTION_WSCALE, 3 };

    if (memcmp(at + MSS, mss, sizeof mss) != 0 ||
        memcmp(at + SACK_AND_TIMESTAMPS, sack_and_timestamps, sizeof sack_and_timestamps) != 0 ||
        memcmp(at + NOP_AND_WSCALE, nop_and_wscale, sizeof nop_and_wscale) != 0)
        return false;
    *options = (tcpshake_options){
        .tsval = be32(at + SACK_AND_TIMESTAMPS + 4),
        .tsecr = be32(at + SACK_AND_TIMESTAMPS + 8),
        .mss = (uint16_t)(at[2] << 8 | at[3]),
        .offers = TCPSHAKE_OFFER_SACK | TCPSHAKE_OFFER_TIMESTAMPS | TCPSHAKE_OFFER_WSCALE,
        .wscale = at[19] > WSCALE_MAX ? WSCALE_MAX : at[19],
    };
    return true;
}

tcpshake_options
tcpshake_options_read(const tcpshake_segment *segment)
{
    enum { LINUX_LENGTH = 20 };
    tcpshake_options     options = { 0 };
    const uint8_t       *at = segment->options;
    const uint8_t *const end = at ? at + segment->options_length : NULL;

    if (at && segment->options_length == LINUX_LENGTH && read_linux_order(&options, at))
        return options;
    for (const uint8_t *option; (option = next_option(&at, end)) != NULL;)
        read_option(&options, option, option[1]);
    return options;
}

bool
tcpshake_options_mptcp_reset(const tcpshake_segment *segment, uint8_t *reason, bool *transient)
{
    const uint8_t       *at = segment->options;
    const uint8_t *const end = at ? at + segment->options_length : NULL;

    for (const uint8_t *option; (option = next_option(&at, end)) != NULL;)
        if (option[0] == OPTION_MPTCP && option[1] == MPTCP_RESET_LENGTH && option[2] >> 4 == MPTCP_RESET) {
            *transient = (option[2] & MPTCP_TRANSIENT) != 0;
            *reason = option[3];
            return true;
        }
    return false;
}
