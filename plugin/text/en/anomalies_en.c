/* anomalies_en.c
 * What the expert infos say in English: the numbers that prove it, then what is likely. Likely is not proven.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "../parts.h"

#include <inttypes.h>

/* By then a SYN without an answer is sent again (RFC 6298 section 2). */
static const int64_t RETRANSMISSION = INT64_C(1000) * 1000 * 1000;

static const char *
name_of(const tcpshake_sentence *s, int end)
{
    return tcpshake_role_names_en[tcpshake_role_of(s->conversation, end)];
}

/* Who did it, and the other end. */
static const char *
who(const tcpshake_sentence *s)
{
    return name_of(s, s->finding->end);
}

static const char *
other(const tcpshake_sentence *s)
{
    return name_of(s, TCPSHAKE_OTHER(s->finding->end));
}

static tcpshake_duration_text
duration(const tcpshake_sentence *s)
{
    return said(s->finding->duration);
}

static const char *
plural(uint32_t count)
{
    return count == 1 ? "" : "s";
}

/* One function an anomaly, in a table by its number: an anomaly without a sentence does not link. */
#define SENTENCE(name) static void say_##name(const tcpshake_sentence *s)

SENTENCE(syn_retransmission)
{
    tcpshake_say(s, "SYN attempt %u, %s after the first (frame %" PRIu32 "), still without a SYN-ACK",
                 s->finding->attempt.number, duration(s).text, s->conversation->syn.frame);
    if (s->finding->attempt.refused_frame)
        tcpshake_say(s, "; refused in frame %" PRIu32 " and tried again, no answer since",
                     s->finding->attempt.refused_frame);
}

SENTENCE(connection_timeout)
{
    tcpshake_say(s, "The handshake has taken %s, longer than the Connection Time limit", duration(s).text);
    if (s->conversation->end[s->conversation->client].syn_count > 1)
        tcpshake_say(s, "; %" PRIu32 " SYNs were sent", s->conversation->end[s->conversation->client].syn_count);
}

SENTENCE(slow_handshake)
{
    tcpshake_say(s,
                 "The handshake took %s from the first SYN (frame %" PRIu32
                 ") to its ACK. Likely: a segment was lost, or a long path",
                 duration(s).text, s->conversation->syn.frame);
}

SENTENCE(syn_unanswered)
{
    tcpshake_say(s, "No answer to %u SYN%s", s->finding->attempt.number, plural(s->finding->attempt.number));
    if (s->finding->attempt.refused_frame)
        tcpshake_say(s, " after the refusal in frame %" PRIu32, s->finding->attempt.refused_frame);
    tcpshake_say(s, "; the capture went on for %s", duration(s).text);
    if (s->finding->duration > RETRANSMISSION)
        tcpshake_say(s, ". Likely: a filter drops them, or there is no such host");
}

SENTENCE(connection_refused)
{
    if (s->finding->attempt.number > 1)
        tcpshake_say(s, "SYN attempt %u (frame %" PRIu32 ") was refused, %s after the first (frame %" PRIu32 ")",
                     s->finding->attempt.number, s->finding->related_frame, duration(s).text,
                     s->conversation->syn.frame);
    else
        tcpshake_say(s, "The SYN in frame %" PRIu32 " was refused after %s", s->finding->related_frame,
                     duration(s).text);
    if (s->finding->attempt.refused_frame)
        tcpshake_say(s, "; it was refused in frame %" PRIu32 ", and tried again", s->finding->attempt.refused_frame);
    tcpshake_say(s, ". Likely: nobody listens on that port");
}

static const tcpshake_icmp_names icmp_names = {
    .unreachable = {
        "network unreachable", "host unreachable", "protocol unreachable", "port unreachable", NULL, "source route failed",
        "network unknown", "host unknown", "source host isolated", "network prohibited", "host prohibited",
        "network unreachable for this service", "host unreachable for this service", "administratively prohibited",
        "host precedence violation", "precedence cutoff",
    },
    .unreachable_6 = {
        "no route to destination", "administratively prohibited", "beyond scope of source address", "address unreachable",
        "port unreachable", "source address failed policy", "route rejected",
    },
    .time_exceeded = "time exceeded on the way",
    .other = "type %u, code %u",
};

const char *
tcpshake_icmp_name_en(tcpshake_icmp_kind error, char *text, size_t size)
{
    return tcpshake_icmp_name(&icmp_names, error, text, size);
}

SENTENCE(icmp_rejected)
{
    char              number[32];
    const char *const name = tcpshake_icmp_name_en(s->finding->icmp, number, sizeof number);
    const char *const icmp = s->finding->icmp.version == 6 ? "ICMPv6" : "ICMP";

    if (s->finding->frame < s->finding->related_frame)
        tcpshake_say(s, "Rejected %s later by the %s error in frame %" PRIu32 ": %s", duration(s).text, icmp,
                     s->finding->related_frame, name);
    else
        tcpshake_say(s, "Rejects the SYN in frame %" PRIu32 ", %s after it: %s", s->finding->related_frame,
                     duration(s).text, name);
    tcpshake_say(s, ". Likely: a firewall or router on the way, or a host without such a service");
}

SENTENCE(missing_handshake_ack)
{
    tcpshake_say(s,
                 "The SYN-ACK in frame %" PRIu32 " is not acknowledged after %s. Likely: it does not reach the client, "
                 "or the client's address is forged",
                 s->finding->related_frame ? s->finding->related_frame : s->finding->frame, duration(s).text);
}

SENTENCE(synack_retransmission)
{
    tcpshake_say(s, "SYN-ACK attempt %u, %s after the first (frame %" PRIu32 ")", s->finding->attempt.number,
                 duration(s).text, s->conversation->synack.frame);
}

SENTENCE(handshake_ack_ignored)
{
    tcpshake_say(s,
                 "The SYN-ACK comes again %s after its ACK (frame %" PRIu32
                 "). Likely: the server waits for data (TCP_DEFER_ACCEPT), the ACK was lost behind the capture point, "
                 "or the listen backlog is full",
                 duration(s).text, s->finding->related_frame);
}

SENTENCE(stale_ack)
{
    static const char *const then[] = {
        ". No RST of the client followed",
        ". The client's RST followed",
        ". The client's RST cleared it: its next SYN got a SYN-ACK",
    };

    tcpshake_say(s,
                 "The SYN in frame %" PRIu32 " is answered by ACK(%" PRIu32
                 "): the %s still holds an older connection on this four-tuple",
                 s->finding->related_frame, s->finding->ack.number, who(s));
    if (s->finding->ack.sequel || s->knowledge->hindsight)
        tcpshake_say(s, "%s", then[MIN(s->finding->ack.sequel, G_N_ELEMENTS(then) - 1)]);
}

SENTENCE(synack_bad_ack)
{
    const tcpshake_end *const client = &s->conversation->end[TCPSHAKE_OTHER(s->finding->end)];

    tcpshake_say(s,
                 "The SYN-ACK acknowledges %" PRIu32 ", due is %" PRIu32 " = ISN + 1 of the SYN in frame %" PRIu32
                 ". Likely: an answer to an older SYN, or not from the server",
                 s->finding->ack.number, client->isn + 1, s->finding->related_frame);
}

SENTENCE(handshake_bad_ack)
{
    const tcpshake_end *const server = &s->conversation->end[TCPSHAKE_OTHER(s->finding->end)];

    tcpshake_say(s,
                 "ACK(%" PRIu32 ") where %" PRIu32 " = ISN + 1 of the SYN-ACK in frame %" PRIu32
                 " is due. Likely: the client still holds an older connection, or a scan",
                 s->finding->ack.number, server->isn + 1, s->finding->related_frame);
}

SENTENCE(synack_unsolicited)
{
    const tcpshake_end *const client = &s->conversation->end[TCPSHAKE_OTHER(s->finding->end)];

    if (client->flags & TCPSHAKE_END_SEEN && s->conversation->ack.frame)
        tcpshake_say(s,
                     "No SYN before it is in the capture; the client acknowledges it in frame %" PRIu32
                     ", so it had sent one",
                     s->conversation->ack.frame);
    else
        tcpshake_say(s, "No SYN before it. Likely: the capture began in between, or somebody else used this address in "
                        "a SYN (backscatter)");
}

SENTENCE(synack_from_client)
{
    tcpshake_say(s,
                 "The %s, which sent the SYN in frame %" PRIu32
                 ", sends a SYN-ACK, with no SYN of the %s. Likely: forged, or a broken stack",
                 who(s), s->finding->related_frame, other(s));
}

SENTENCE(synack_changed)
{
    tcpshake_say(s,
                 "Unlike the SYN-ACK in frame %" PRIu32 ", this one %s %" PRIu32
                 ". Likely: two servers answer (load balancer, address conflict), SYN cookies, or it is forged",
                 s->finding->related_frame, s->finding->changed.is_seq ? "numbers from" : "acknowledges",
                 s->finding->changed.number);
}

SENTENCE(syn_changed)
{
    const tcpshake_end *const client = &s->conversation->end[s->finding->end];

    tcpshake_say(s,
                 "The SYN in frame %" PRIu32 ", ISN %" PRIu32 ", still waits when this one comes %s later with %" PRIu32
                 ". Likely: the application gave up and connected again from the same port",
                 s->finding->related_frame, s->finding->seq.number, duration(s).text, client->isn);
}

SENTENCE(syn_on_open_connection)
{
    tcpshake_say(s, "The four-tuple is in use, its last segment is frame %" PRIu32 ", %s before; ",
                 s->finding->related_frame, duration(s).text);
    if (s->finding->challenge.frame)
        tcpshake_say(s, "a challenge ACK followed in frame %" PRIu32, s->finding->challenge.frame);
    else
        tcpshake_say(s, "no challenge ACK followed%s", s->knowledge->hindsight ? "" : " yet");
    tcpshake_say(s, ". Likely: the client has restarted, or a forged SYN");
}

SENTENCE(syn_with_data)
{
    tcpshake_say(s, "%" PRIu32 " byte%s on a SYN without the Fast Open option. Likely: a scan or a load generator",
                 s->finding->data.bytes, plural(s->finding->data.bytes));
}

SENTENCE(tfo_data_rejected)
{
    tcpshake_say(s,
                 "The SYN-ACK acknowledges the SYN in frame %" PRIu32 " without its %" PRIu32
                 " byte%s of data, which must be sent again. Likely: a stale cookie, or Fast Open is off",
                 s->finding->related_frame, s->finding->data.bytes, plural(s->finding->data.bytes));
}

SENTENCE(simultaneous_open)
{
    tcpshake_say(s, "Both ends sent a SYN: this one crosses that of frame %" PRIu32, s->finding->related_frame);
}

SENTENCE(split_handshake)
{
    tcpshake_say(s,
                 "The %s answers the SYN in frame %" PRIu32 " with a bare SYN, and never sends a SYN-ACK. "
                 "Likely: an attempt to be taken for the client by a filter",
                 who(s), s->finding->related_frame);
}

SENTENCE(handshake_aborted)
{
    tcpshake_say(
        s, "The client resets %s, %s after its SYN. Likely: a port scan, a health check, or the application gave up",
        s->finding->abort.answered ? "after the SYN-ACK" : "before any answer", duration(s).text);
}

SENTENCE(early_data)
{
    tcpshake_say(s, "%" PRIu32 " byte%s by the %s before the handshake is complete, without Fast Open",
                 s->finding->data.bytes, plural(s->finding->data.bytes), who(s));
}

SENTENCE(bad_flags)
{
    char flags[TCPSHAKE_FLAGS_SIZE];

    tcpshake_say(s, "Flags %s: no TCP sends that. Likely: a scan, or a broken device",
                 tcpshake_flags_joined(s->finding->flags.set, "none", flags, sizeof flags));
}

SENTENCE(isn_predictable)
{
    if (s->finding->isns.step)
        tcpshake_say(s, "The %s's ISNs follow on each other with step %" PRIu32 " over %u connections", who(s),
                     s->finding->isns.step, s->finding->isns.connections);
    else
        tcpshake_say(s, "The %s's ISNs repeat over %u connections", who(s), s->finding->isns.connections);
    tcpshake_say(s, ". Likely: an old or simple stack, or a tool that makes its own packets");
}

SENTENCE(syn_flood)
{
    tcpshake_say(s,
                 "%" PRIu32 " half-open connections at this server port at once. Likely: a SYN flood, a scan, or a "
                 "server that cannot keep up",
                 s->finding->group.size);
}

SENTENCE(socket_timeout)
{
    tcpshake_say(s,
                 "Nothing for %s since frame %" PRIu32
                 ", longer than the Socket Timeout limit, while the conversation is open",
                 duration(s).text, s->finding->related_frame);
}

SENTENCE(read_timeout)
{
    if (s->finding->request.end == TCPSHAKE_REQUEST_ANSWERED)
        tcpshake_say(s, "The request that ends in frame %" PRIu32 " waited %s for the first byte of its answer",
                     s->finding->related_frame, duration(s).text);
    else if (s->finding->request.end == TCPSHAKE_REQUEST_GIVEN_UP)
        tcpshake_say(s, "This request had no answer for %s, then the client gave up (frame %" PRIu32 ")",
                     duration(s).text, s->finding->related_frame);
    else
        tcpshake_say(s, "This request had no answer in the %s until the capture ended", duration(s).text);
    tcpshake_say(s, ". Likely: a slow server, or the client expected none");
}

SENTENCE(keepalive_unanswered)
{
    tcpshake_say(s,
                 "Keep-alive probe %u of the %s in a row without an answer. Likely: the %s is gone, or a filter has "
                 "forgotten the connection",
                 s->finding->repeats.count, who(s), other(s));
}

SENTENCE(connection_lost)
{
    tcpshake_say(s,
                 "The %s has sent %" PRIu32 " %u times again, and nothing was heard of the %s for %s. "
                 "Likely: the path is interrupted, the host is down, or a filter drops the connection",
                 who(s), s->finding->repeats.seq, s->finding->repeats.count, other(s), duration(s).text);
}

SENTENCE(connection_reset)
{
    tcpshake_say(s, "The %s reset the open connection; ", who(s));
    if (s->finding->data.bytes)
        tcpshake_say(s, "%" PRIu32 " byte%s sent to it %s not acknowledged", s->finding->data.bytes,
                     plural(s->finding->data.bytes), s->finding->data.bytes == 1 ? "was" : "were");
    else
        tcpshake_say(s, "everything sent to it was acknowledged");
}

SENTENCE(reset_unacceptable)
{
    tcpshake_say(s,
                 "The RST is %" PRIu32
                 " %s of the %s's window: a correct receiver ignores it. Likely: it answers an older segment, "
                 "or is forged",
                 s->finding->window.distance, s->finding->window.is_left ? "left" : "right", other(s));
}

SENTENCE(reset_challenged)
{
    tcpshake_say(s,
                 "The RST is in the %s's window, but %" PRIu32
                 " beyond the number that is due: the answer is a challenge ACK. "
                 "Likely: segments before it were lost, or it is forged",
                 other(s), s->finding->window.distance);
}

SENTENCE(reset_ignored)
{
    if (s->finding->ttl.tells)
        tcpshake_say(
            s, "Its TTL is %" PRIu32 ", the %s's other packets had %" PRIu32 ". Likely: a device on the way sent it",
            s->finding->ttl.of_reset, who(s), s->finding->ttl.of_sender);
    else
        tcpshake_say(
            s, "The conversation goes on %s after it (frame %" PRIu32 "). Likely: it was lost on the way, or injected",
            duration(s).text, s->finding->related_frame);
}

SENTENCE(reset_storm)
{
    tcpshake_say(
        s, "%" PRIu32 " RSTs in this conversation, in %s. Likely: one for each segment that was under way, or a loop",
        s->finding->storm.segments, duration(s).text);
}

SENTENCE(fin_storm)
{
    tcpshake_say(s,
                 "%" PRIu32
                 " FINs in this conversation, in %s. Likely: their ACKs are lost, or a loop between two broken ends",
                 s->finding->storm.segments, duration(s).text);
}

SENTENCE(fin_retransmission)
{
    tcpshake_say(s, "FIN attempt %u of the %s, %s after the first", s->finding->attempt.number, who(s),
                 duration(s).text);
}

SENTENCE(missing_fin_ack)
{
    tcpshake_say(s,
                 "The FIN in frame %" PRIu32
                 " is not acknowledged after %s. Likely: the %s is gone, or a filter has forgotten the connection",
                 s->finding->related_frame ? s->finding->related_frame : s->finding->frame, duration(s).text, other(s));
}

SENTENCE(close_wait_lingering)
{
    tcpshake_say(
        s, "The %s %s %s in CLOSE-WAIT with nothing to send. Likely: its application does not close the socket", who(s),
        s->finding->frame == s->conversation->fin1_ack.frame ? "stays for" : "has been for", duration(s).text);
}

SENTENCE(reset_while_closing)
{
    tcpshake_say(s, "The %s sends a RST %s after the FIN in frame %" PRIu32 ", in place of an orderly end", who(s),
                 duration(s).text, s->finding->related_frame);
}

SENTENCE(fin_out_of_window)
{
    tcpshake_say(s,
                 "FIN(%" PRIu32
                 ") is %s of the %s's window: a correct receiver ignores it. Likely: an old duplicate, or forged",
                 s->finding->fin.seq, s->finding->fin.is_left ? "left" : "right", other(s));
}

SENTENCE(fin_moved)
{
    tcpshake_say(s,
                 "The FIN in frame %" PRIu32 " had number %" PRIu32
                 ", this one has another. Likely: a broken stack, or one of them is forged",
                 s->finding->related_frame, s->finding->fin.seq);
}

SENTENCE(data_after_fin)
{
    tcpshake_say(s, "%" PRIu32 " byte%s beyond the %s's FIN in frame %" PRIu32 ". Likely: a broken stack, or forged",
                 s->finding->data.bytes, plural(s->finding->data.bytes), who(s), s->finding->related_frame);
}

SENTENCE(data_after_close)
{
    tcpshake_say(s,
                 "Data to the %s, which has closed (FIN in frame %" PRIu32 ") and answers with a RST: they are lost. "
                 "Likely: its application closed without reading everything",
                 other(s), s->finding->related_frame);
}

SENTENCE(closing_bad_ack)
{
    tcpshake_say(s,
                 "Acknowledges %" PRIu32 " more than the %s has ever sent, its FIN (frame %" PRIu32
                 ") included. Likely: forged, or a broken device",
                 s->finding->unsent.numbers, other(s), s->finding->related_frame);
}

SENTENCE(simultaneous_close)
{
    tcpshake_say(s, "Both ends closed at once: this FIN crosses that of frame %" PRIu32, s->finding->related_frame);
}

SENTENCE(time_wait_lingering)
{
    if (s->finding->time_wait.syn_turned_away)
        tcpshake_say(s,
                     "The %s holds TIME-WAIT since %s and turns away the SYN in frame %" PRIu32
                     ". Likely: the port is used again too soon",
                     who(s), duration(s).text, s->finding->related_frame);
    else
        tcpshake_say(
            s,
            "The FIN comes again, %s after TIME-WAIT began: 2 MSL start anew at the %s. Likely: the last ACK was lost",
            duration(s).text, who(s));
}

SENTENCE(time_wait_reuse)
{
    tcpshake_say(s, "The four-tuple opens again %s after TIME-WAIT began in frame %" PRIu32, duration(s).text,
                 s->finding->related_frame);
}

SENTENCE(time_wait_assassination)
{
    tcpshake_say(s,
                 "A RST ends the %s's TIME-WAIT %s after it began in frame %" PRIu32
                 ": old segments may now disturb the next connection",
                 other(s), duration(s).text, s->finding->related_frame);
}

SENTENCE(time_wait_exhaustion)
{
    tcpshake_say(s,
                 "The %s holds %" PRIu32
                 " TIME-WAITs towards this server port. Likely: a connection for each request; its ports run out",
                 who(s), s->finding->group.size);
}

SENTENCE(old_duplicate)
{
    tcpshake_say(s,
                 "Its numbers are those of the conversation before on this four-tuple, which ended in frame %" PRIu32
                 ". Likely: it was long "
                 "under way",
                 s->finding->related_frame);
}

SENTENCE(handshake_not_captured)
{
    tcpshake_say(s, "The capture starts in the middle of this conversation; client and server are guessed by port");
}

SENTENCE(one_sided)
{
    tcpshake_say(s,
                 "Only what the %s sends is in the capture: nothing is concluded from the other end's silence. "
                 "Likely: the other direction takes another path, or a capture filter",
                 who(s));
}

SENTENCE(segment_not_captured)
{
    static const char *const missing[] = { "a SYN-ACK", "the handshake's ACK", "a FIN" };

    tcpshake_say(s, "Acts upon %s of the %s that is not in the capture. Likely: the capture dropped it",
                 missing[MIN(s->finding->missing.what, G_N_ELEMENTS(missing) - 1)], other(s));
}

SENTENCE(captured_twice)
{
    tcpshake_say(s, "The same packet again after %s: it was sent once. Likely: a mirror port, or two interfaces",
                 duration(s).text);
}

SENTENCE(captured_out_of_order)
{
    tcpshake_say(
        s, "It answers frame %" PRIu32 ", which the capture has only after it. Likely: two queues or two interfaces",
        s->finding->related_frame);
}

static void (*const sentences[TCPSHAKE_ANOMALIES])(const tcpshake_sentence *) = {
#define ANOMALY(name, severity, chapter, source, summary, ...) say_##name,
#include "../../core/conversation/anomalies.def"
#undef ANOMALY
};

void
tcpshake_say_anomaly_en(const tcpshake_sentence *sentence)
{
    sentences[sentence->finding->anomaly](sentence);
}
