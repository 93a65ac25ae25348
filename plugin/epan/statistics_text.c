/* statistics_text.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "statistics_text.h"

static const char *const english[TCPSHAKE_PHRASES] = {
    [TCPSHAKE_SAY_OUTCOMES_TITLE]      = "TCP Handshake: Outcomes",
    [TCPSHAKE_SAY_CONVERSATIONS_TITLE] = "TCP Handshake: Conversations",
    [TCPSHAKE_SAY_HOSTS_TITLE]         = "TCP Handshake: Hosts",
    [TCPSHAKE_SAY_FILTER]              = "Filter: %s",

    [TCPSHAKE_SAY_ALL]                 = "Conversations",
    [TCPSHAKE_SAY_HANDSHAKE]           = "Handshake",
    [TCPSHAKE_SAY_TEARDOWN]            = "Teardown",
    [TCPSHAKE_SAY_CLOSED_BY]           = "Closed by",
    [TCPSHAKE_SAY_RESET_CAUSE]         = "Cause of the RST",
    [TCPSHAKE_SAY_WORST]               = "Worst anomaly",
    [TCPSHAKE_SAY_WARNINGS]            = "With a Warning",
    [TCPSHAKE_SAY_NOTES]               = "With a Note",
    [TCPSHAKE_SAY_CHATS]               = "With a Chat",
    [TCPSHAKE_SAY_NOBODY]              = "nobody, or not known",
    [TCPSHAKE_SAY_NO_ANOMALY]          = "none",
    [TCPSHAKE_SAY_CHAT]                = "Chat",
    [TCPSHAKE_SAY_NOTE]                = "Note",
    [TCPSHAKE_SAY_WARNING]             = "Warning",

    [TCPSHAKE_SAY_OUTCOME]             = "Outcome",
    [TCPSHAKE_SAY_COUNT]               = "Count",
    [TCPSHAKE_SAY_SHARE]               = "Per cent",
    [TCPSHAKE_SAY_STREAM]              = "Stream",
    [TCPSHAKE_SAY_CLIENT]              = "Client",
    [TCPSHAKE_SAY_SERVER]              = "Server",
    [TCPSHAKE_SAY_STATE]               = "State",
    [TCPSHAKE_SAY_HISTORY]             = "History",
    [TCPSHAKE_SAY_CONNECTION_TIME]     = "Connection time (s)",
    [TCPSHAKE_SAY_LIFETIME]            = "Lifetime (s)",
    [TCPSHAKE_SAY_ANOMALIES]           = "Anomalies",
    [TCPSHAKE_SAY_VERDICT]             = "Verdict",
    [TCPSHAKE_SAY_HOST]                = "Host",
    [TCPSHAKE_SAY_OPENED]              = "Opened",
    [TCPSHAKE_SAY_ESTABLISHED]         = "Established",
    [TCPSHAKE_SAY_REFUSED]             = "Refused",
    [TCPSHAKE_SAY_TIMED_OUT]           = "Timed out",
    [TCPSHAKE_SAY_UNFINISHED]          = "Unfinished",
    [TCPSHAKE_SAY_ACCEPTED]            = "Accepted",
    [TCPSHAKE_SAY_TURNED_AWAY]         = "Turned away",
    [TCPSHAKE_SAY_NOT_ANSWERED]        = "Not answered",
    [TCPSHAKE_SAY_PEAK_HALF_OPEN]      = "Peak half-open",
    [TCPSHAKE_SAY_PEAK_TIME_WAIT]      = "Peak TIME-WAIT",
    [TCPSHAKE_SAY_ISNS]                = "ISNs",

    [TCPSHAKE_SAY_ISN_STEP]            = "constant step %d",
    [TCPSHAKE_SAY_ISN_REPEATS]         = "repeats",
    [TCPSHAKE_SAY_ISN_RANDOM]          = "random",
    [TCPSHAKE_SAY_ISN_TOO_FEW]         = "too few to tell",

    [TCPSHAKE_SAY_TOTAL]               = "Total",
    [TCPSHAKE_SAY_NUMBER_OF_CONVERSATIONS] = "Conversations: %u",
};

const char *
tcpshake_say(tcpshake_phrase phrase)
{
    return english[phrase];
}
