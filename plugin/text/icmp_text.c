/* icmp_text.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "icmp_text.h"

#include "expand.h"

#include <glib.h>

/* RFC 792, RFC 1812 section 5.2.7.1. Code 4, fragmentation needed, rejects nothing. */
static const tcpshake_sentence unreachable[] = {
    TCPSHAKE_SAY_icmp_network_unreachable,
    TCPSHAKE_SAY_icmp_host_unreachable,
    TCPSHAKE_SAY_icmp_protocol_unreachable,
    TCPSHAKE_SAY_icmp_port_unreachable,
    TCPSHAKE_SAY_icmp_other,
    TCPSHAKE_SAY_icmp_source_route_failed,
    TCPSHAKE_SAY_icmp_network_unknown,
    TCPSHAKE_SAY_icmp_host_unknown,
    TCPSHAKE_SAY_icmp_source_isolated,
    TCPSHAKE_SAY_icmp_network_prohibited,
    TCPSHAKE_SAY_icmp_host_prohibited,
    TCPSHAKE_SAY_icmp_network_unreachable_for_service,
    TCPSHAKE_SAY_icmp_host_unreachable_for_service,
    TCPSHAKE_SAY_icmp_prohibited,
    TCPSHAKE_SAY_icmp_precedence_violation,
    TCPSHAKE_SAY_icmp_precedence_cutoff,
};
/* RFC 4443 section 3.1. */
static const tcpshake_sentence unreachable_6[] = {
    TCPSHAKE_SAY_icmp_no_route,         TCPSHAKE_SAY_icmp_prohibited,
    TCPSHAKE_SAY_icmp_beyond_scope,     TCPSHAKE_SAY_icmp_address_unreachable,
    TCPSHAKE_SAY_icmp_port_unreachable, TCPSHAKE_SAY_icmp_source_policy,
    TCPSHAKE_SAY_icmp_route_rejected,
};

static tcpshake_sentence
name_of(tcpshake_icmp_kind error)
{
    enum { UNREACHABLE = 3, UNREACHABLE_6 = 1, TIME_EXCEEDED = 11, TIME_EXCEEDED_6 = 3 };
    const bool                     six = error.version == 6;
    const tcpshake_sentence *const names = six ? unreachable_6 : unreachable;
    const size_t                   count = six ? G_N_ELEMENTS(unreachable_6) : G_N_ELEMENTS(unreachable);

    if (error.type == (six ? UNREACHABLE_6 : UNREACHABLE) && error.code < count)
        return names[error.code];
    return error.type == (six ? TIME_EXCEEDED_6 : TIME_EXCEEDED) ? TCPSHAKE_SAY_icmp_time_exceeded
                                                                 : TCPSHAKE_SAY_icmp_other;
}

tcpshake_sentence
tcpshake_reason_of_icmp(tcpshake_icmp_kind error)
{
    switch (name_of(error)) {
    case TCPSHAKE_SAY_icmp_port_unreachable:
    case TCPSHAKE_SAY_icmp_protocol_unreachable: return TCPSHAKE_SAY_icmp_rejected_by_host_likely;
    case TCPSHAKE_SAY_icmp_host_unreachable:
    case TCPSHAKE_SAY_icmp_host_unknown:
    case TCPSHAKE_SAY_icmp_address_unreachable: return TCPSHAKE_SAY_icmp_rejected_without_host_likely;
    default: return TCPSHAKE_SAY_icmp_rejected_likely;
    }
}

const char *
tcpshake_text_icmp(tcpshake_icmp_kind error, char *text, size_t size)
{
    const tcpshake_arguments arguments = { .number = error.type, .due = error.code };

    text[0] = '\0';
    tcpshake_say(name_of(error), &arguments, text, size);
    return text;
}
