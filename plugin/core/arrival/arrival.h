/* arrival.h
 * The segment that is being processed, and what it has shown so far. Tracking and the rules pass it around. Internal to
 * the core.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ARRIVAL_H
#define TCPSHAKE_ARRIVAL_H

#include "../conversation/conversation.h"
#include "../segment/seq.h"

/* What a segment turned out to do, one bit each. Rules are asked about it after it has changed the states. */
enum {
    TCPSHAKE_SHOWS_COPY = 1 << 0,             /* it was captured before: see since */
    TCPSHAKE_SHOWS_OLD_DUPLICATE = 1 << 1,    /* it belongs to the conversation before */
    TCPSHAKE_SHOWS_MIDDLE = 1 << 2,           /* the capture begins with it */
    TCPSHAKE_SHOWS_ONE_SIDE = 1 << 3,         /* its peer is alive and not in the capture */
    TCPSHAKE_SHOWS_OUT_OF_ORDER = 1 << 4,     /* it comes after its answer: see answer_frame */
    TCPSHAKE_SHOWS_GAP = 1 << 5,              /* an end responded to something that is not in the capture: see gap */
    TCPSHAKE_SHOWS_LATE_HANDSHAKE = 1 << 6,   /* both ends are synchronised, but it took longer than a limit */
    TCPSHAKE_SHOWS_CROSSED_SYN = 1 << 7,      /* it crosses its receiver's SYN */
    TCPSHAKE_SHOWS_CROSSED_FIN = 1 << 8,      /* it crosses its receiver's FIN */
    TCPSHAKE_SHOWS_REUSE = 1 << 9,            /* the first SYN-ACK on a four-tuple that was used before */
    TCPSHAKE_SHOWS_RESET = 1 << 10,           /* a RST that ends its receiver: see reset_from */
    TCPSHAKE_SHOWS_RESET_IGNORED = 1 << 11,   /* the conversation goes on after a RST: see ignored_reset */
    TCPSHAKE_SHOWS_TIME_WAIT_AGAIN = 1 << 12, /* a FIN that restarts TIME-WAIT: see since */
    TCPSHAKE_SHOWS_SYN_TURNED_AWAY = 1 << 13, /* by an end in TIME-WAIT */
    TCPSHAKE_SHOWS_ICMP_ERROR = 1 << 14,      /* not a segment: an ICMP error has rejected the SYN */
    TCPSHAKE_SHOWS_ISN = 1 << 15,             /* a run of ISNs as long as the limit: see isn_run */
    TCPSHAKE_SHOWS_HALF_OPEN = 1 << 16,       /* too many conversations are: see group_size */
    TCPSHAKE_SHOWS_TIME_WAITS = 1 << 17,      /* the same */
    TCPSHAKE_SHOWS_LATE_SYN_ACK = 1 << 18,    /* behind the end of the conversation, and of no SYN in it */
    TCPSHAKE_SHOWS_CHALLENGE = 1 << 19,       /* the receiver's last RST was not exact: the sender challenges it */
    TCPSHAKE_SHOWS_ACK_STORM = 1 << 20,       /* ACKs have answered each other as often as the limit */
    TCPSHAKE_SHOWS_FALLBACK = 1 << 21,        /* the answer to a SYN that came again with less: see extra->given_up */
    TCPSHAKE_SHOWS_CUT_OFF = 1 << 22,         /* data that have crossed the RST of an abortive_close */
    TCPSHAKE_SHOWS_REFUSED_BEFORE = 1 << 23,  /* a SYN, captured behind the RST that refuses it */
    TCPSHAKE_SHOWS_BITS = 24
};

typedef struct tcpshake_arrival {
    tcpshake_conversation    *conversation;
    const tcpshake_segment   *segment;
    const tcpshake_limits    *limits;
    const tcpshake_allocator *allocator;
    tcpshake_hosts           *hosts; /* or NULL */
    tcpshake_end             *sender, *receiver;
    uint32_t                  span;         /* tcpshake_segment_span() */
    uint8_t                   from, to;     /* their places in conversation->end */
    uint8_t                   steps;        /* TCPSHAKE_STEP_… that it performs */
    bool                      begins;       /* a conversation: the record's first, or another in it */
    bool                      late_syn_ack; /* behind the end: it changes nothing until it is acknowledged */
    bool                      follows_idle; /* right behind an ACK that said nothing new */
    bool                      copied_syn;   /* of the SYN that opened the conversation, as far as can be told now */
    uint32_t                  acks_syn, acks_fin;
    uint32_t                  stamp;             /* the timestamp that a SYN carries (RFC 7323 section 3.2); or 0 */
    bool                      fin_waited;        /* it repeats a FIN that was not acknowledged */
    bool                      answers_late_data; /* a RST to data that came after its sender's FIN */
    bool                      cuts_request_off;  /* a FIN or a RST while the client waits for an answer */
    bool                      probed_in_vain;    /* a RST whose sender got no answer to its keep-alive probes */
    bool                      crosses_request;   /* a FIN whose sender has not received all of that request yet */
    bool                      fills_hole;        /* the last data in front of a FIN that was captured before them */
    bool                      delivered;         /* what was in flight to its sender has arrived right after it */
    uint8_t                   first[2]; /* tcpshake_state in which an end shows here, before it moves on; or 0 */
    int64_t silence;     /* before it; of a RST, before the exchange that it ends; ns, below 0: not known */
    int64_t survived;    /* the longest gap before it, ns */
    bool    longest;     /* that silence is clearly longer than all before */
    int64_t exchange;    /* the silence before the exchange that was going on; ns, below 0: not known */
    bool    behind_hole; /* of the capture: nobody knows what was waited for */
    bool    kept;        /* it gets an entry in the timeline, which may be corrected later */

    uint32_t        shows;      /* TCPSHAKE_SHOWS_… */
    uint32_t        clock;      /* of a SYN: its timestamp; of a SYN-ACK: that of the SYN that it answers; or 0 */
    uint8_t         reset_from; /* tcpshake_state that a RST ended */
    tcpshake_moment since;      /* the earlier moment that it refers to */
    uint8_t         first_point, first_ttl; /* of a copy: where it was captured first, and with which TTL */
    tcpshake_moment ignored_reset;
    uint32_t        answer_frame;
    struct {
        uint32_t frame; /* of this end's segment that responded to it */
        uint8_t  end;
        uint8_t  what; /* tcpshake_missing */
    } gap;
    tcpshake_isn_run   isn_run;
    uint32_t           group_size;
    tcpshake_icmp_kind icmp;
} tcpshake_arrival;

/* A segment that was under way when a RST passed it arrives within a round trip; later ones were sent after it; ns. */
static const int64_t TCPSHAKE_IN_FLIGHT = TCPSHAKE_SECOND;

/* Longer than the pauses between the parts of one answer; ns. */
static const int64_t TCPSHAKE_PAUSE = TCPSHAKE_SECOND;

/* A connection that is silent for as long as this is idle: to an end that closes it (Node.js and Apache httpd do after
 * 5 s), and to one that has forgotten it, device on the way or host; ns. */
static const int64_t TCPSHAKE_IDLE_CLOSE = 4 * TCPSHAKE_SECOND, TCPSHAKE_IDLE_EXPIRY = 10 * TCPSHAKE_SECOND;

/* An end that sends no more than this before it closes only says goodbye (HTTP/2 GOAWAY, TLS alert): it is not an
 * answer, and nobody misses it; bytes. */
enum { TCPSHAKE_GOODBYE_MAX = 72 };

/* The same to a peer that has closed, with all that TLS, HTTP/2 or SMTP says then; bytes. */
enum { TCPSHAKE_FAREWELL_MAX = 128 };

/* No retransmission timer expires sooner: RFC 6298 asks for 1 s, stacks go down to 200 ms. */
enum { TCPSHAKE_RETRANSMISSION_MIN_MS = 190 };
static const int64_t TCPSHAKE_RETRANSMISSION_MIN = TCPSHAKE_RETRANSMISSION_MIN_MS * TCPSHAKE_MILLISECOND; /* ns */

static inline bool
tcpshake_has(const tcpshake_arrival *arrival, unsigned flags)
{
    return (arrival->segment->flags & flags) == flags;
}

/* The segment acknowledges number + 1, or more, of what the receiver sent. */
static inline bool
tcpshake_covers(const tcpshake_arrival *arrival, uint32_t number)
{
    return tcpshake_has(arrival, TCPSHAKE_ACK) && (int32_t)(arrival->segment->ack - number) > 0;
}

/* It acknowledges more than was captured of the receiver. */
static inline bool
tcpshake_acknowledges_unseen(const tcpshake_arrival *arrival)
{
    return tcpshake_has(arrival, TCPSHAKE_ACK) && (arrival->receiver->flags & TCPSHAKE_END_HAS_SND_NXT) &&
           (int32_t)(arrival->segment->ack - arrival->receiver->snd_nxt) > 0;
}

static inline tcpshake_moment
tcpshake_now(const tcpshake_arrival *arrival)
{
    return (tcpshake_moment){ arrival->segment->time, arrival->segment->frame };
}

static inline bool
tcpshake_end_is(const tcpshake_end *end, uint32_t flags)
{
    return (end->flags & flags) == flags;
}

/* Where the sender was presumed to receive this; 0: it has confirmed that, or there is none. */
static inline uint32_t
tcpshake_sender_presumed(const tcpshake_arrival *arrival, tcpshake_presumption presumed)
{
    return tcpshake_presumed_frame(arrival->conversation, arrival->from, presumed);
}

/* The end has nothing left to say or to wait for. */
static inline bool
tcpshake_has_ended(const tcpshake_end *end)
{
    return end->state == TCPSHAKE_CLOSED || end->state == TCPSHAKE_TIME_WAIT;
}

/* RFC 9293 section 3.7.1: what an end may send that was told no MSS, since it fits any path; bytes. */
enum { TCPSHAKE_DEFAULT_MSS = 536 };

/* RFC 9293 section 3.8.3: an end that has sent a segment again so often, and heard nothing, takes its peer for gone. */
enum { TCPSHAKE_GIVES_UP = 3 };

/* Its FIN has come again, and is not acknowledged yet. */
static inline bool
tcpshake_repeats_fin_in_vain(const tcpshake_end *end)
{
    return end->fin_count > 1 && tcpshake_end_is(end, TCPSHAKE_END_FIN_WAITS);
}

/* The peer has no room for what the end would send next. */
static inline bool
tcpshake_window_is_closed(const tcpshake_end *end, const tcpshake_end *peer)
{
    return tcpshake_end_is(end, TCPSHAKE_END_HAS_SND_NXT) && tcpshake_end_is(peer, TCPSHAKE_END_HAS_ACK) &&
           tcpshake_seq_le(peer->window_edge, end->snd_nxt);
}

/* The FIN of an end that has sent one before. */
static inline bool
tcpshake_is_another_fin(const tcpshake_arrival *arrival)
{
    return tcpshake_has(arrival, TCPSHAKE_FIN) && tcpshake_end_is(arrival->sender, TCPSHAKE_END_SENT_FIN);
}

/* RFC 9293 section 3.3.2: ESTABLISHED and what comes after it. */
static inline bool
tcpshake_is_synchronised(const tcpshake_end *end)
{
    return end->state >= TCPSHAKE_ESTABLISHED;
}

/* Both directions are in the capture. Only then does silence mean anything. */
static inline bool
tcpshake_both_captured(const tcpshake_arrival *arrival)
{
    return tcpshake_end_is(arrival->receiver, TCPSHAKE_END_SEEN);
}

static inline int64_t
tcpshake_since(const tcpshake_arrival *arrival, tcpshake_moment moment)
{
    return arrival->segment->time - moment.time;
}

/* The same, where it was waited for; below 0: the capture has a hole in between, and nobody knows. */
static inline int64_t
tcpshake_waited(const tcpshake_arrival *arrival, tcpshake_moment moment)
{
    return tcpshake_between(arrival->conversation, moment, tcpshake_now(arrival));
}

/* In that frame, this end responded to something that is not in the capture. */
static inline void
tcpshake_show_gap(tcpshake_arrival *arrival, uint32_t frame, int end, tcpshake_missing what)
{
    arrival->shows |= TCPSHAKE_SHOWS_GAP;
    arrival->gap.frame = frame;
    arrival->gap.end = (uint8_t)end;
    arrival->gap.what = (uint8_t)what;
}

static inline void
tcpshake_show_out_of_order(tcpshake_arrival *arrival, uint32_t answer_frame)
{
    arrival->shows |= TCPSHAKE_SHOWS_OUT_OF_ORDER;
    arrival->answer_frame = answer_frame;
}

/* RFC 6298 section 2: a SYN is not sent again sooner than after 1 s; a little less, for timers are not exact. */
static const int64_t TCPSHAKE_SYN_TIMER_MIN = 900 * TCPSHAKE_MILLISECOND;

/* RFC 9293 section 3.8.3: a SYN is pending for 3 minutes at least; between two repetitions less than that passes. */
static const int64_t TCPSHAKE_SYN_PENDING = 180 * TCPSHAKE_SECOND;

/* fin_traits.c */
bool tcpshake_is_fin_outside(const tcpshake_arrival *arrival);
/* The sequence number of its FIN, present or not: after its data. */
uint32_t tcpshake_fin_position(const tcpshake_arrival *arrival);
/* The sender's FIN once more because it was not acknowledged in time, not a copy that the network has made. */
bool tcpshake_is_fin_sent_again(const tcpshake_arrival *arrival);
/* It acknowledges something new, and its sender's FIN is on it because that was not acknowledged yet: BSD does so. */
bool tcpshake_is_ack_with_fin(const tcpshake_arrival *arrival);
/* Where the end's FIN was acknowledged last; frame 0: it was not. */
tcpshake_moment tcpshake_fin_acknowledged(const tcpshake_conversation *conversation, int end);
/* The end's FIN may still be on its way to the peer, which has not acknowledged it. */
bool tcpshake_is_fin_under_way(const tcpshake_conversation *conversation, int end);

/* traits.c */
bool tcpshake_is_probe(const tcpshake_arrival *arrival);
bool tcpshake_is_repetition(const tcpshake_arrival *arrival);
bool tcpshake_is_foreign_ttl(const tcpshake_arrival *arrival);
bool tcpshake_acknowledges_the_unsent(const tcpshake_arrival *arrival);
/* What the client has sent since the server's last answer is long enough for a request. */
bool tcpshake_is_request(const tcpshake_conversation *conversation);
bool tcpshake_is_goodbye(const tcpshake_conversation *conversation, const tcpshake_end *peer);
bool tcpshake_is_old_duplicate(const tcpshake_arrival *arrival);
/* The same SYN, so much later that it does not repeat the one before, which nobody has answered: another attempt. */
bool tcpshake_asks_anew(const tcpshake_arrival *arrival);
bool tcpshake_is_answer(const tcpshake_arrival *arrival);
/* The same SYN one timeout later: whatever RST was captured in between did not arrive. */
bool tcpshake_never_left_syn_sent(const tcpshake_end *sender, const tcpshake_segment *segment);
/* The client's SYN once more, after a RST in its name: it has not given up. */
bool tcpshake_still_asks(const tcpshake_arrival *arrival);
/* The client's SYN, captured behind the SYN-ACK that answers it. */
bool tcpshake_is_late_syn(const tcpshake_arrival *arrival);
/* A copy of a SYN-ACK that was sent before the RST that ended its sender. */
bool tcpshake_is_copied_syn_ack(const tcpshake_arrival *arrival);
/* New data, and not sent before. */
bool tcpshake_is_new_data(const tcpshake_arrival *arrival);
/* Something was sent in between that is not in the capture: it starts behind all that its sender was seen to send, or
 * acknowledges more than its receiver was. */
bool tcpshake_numbers_jump(const tcpshake_arrival *arrival);
/* Both ends are open, and both directions are in the capture. */
bool tcpshake_is_open(const tcpshake_arrival *arrival);
bool tcpshake_is_reset_without_connection(const tcpshake_arrival *arrival);
/* The last segment that was none, if it is a RST: what that may answer. */
uint32_t tcpshake_frame_before_resets(const tcpshake_conversation *conversation);
/* One more than the highest number that the end has used, its FIN included. */
uint32_t tcpshake_last_number(const tcpshake_end *end);
/* How long an answer of this end takes to come by, as the handshake has shown it; else long enough. */
int64_t tcpshake_answer_time(const tcpshake_conversation *conversation, int end);
/* The answer times of both ends together, ns; 0 if the handshake does not show them. */
int64_t tcpshake_round_trip(const tcpshake_conversation *conversation);
/* The highest number that the sender has acknowledged, with its RSTs as well. */
uint32_t tcpshake_most_acknowledged(const tcpshake_arrival *arrival);
/* A server sends data without having waited for the handshake's ACK: no sooner than in half the time that its SYN-ACK
 * took can anything have reached it after that. */
bool tcpshake_speaks_too_soon(const tcpshake_arrival *arrival);
/* This end cannot have answered that already, as far as the handshake of the conversation tells. */
bool tcpshake_is_too_soon(const tcpshake_conversation *conversation, int end, const tcpshake_arrival *arrival,
                          tcpshake_moment asked);
/* Whole milliseconds since the end sent its last packet. */
uint32_t tcpshake_milliseconds_since(const tcpshake_arrival *arrival, const tcpshake_end *end);

/* Data or a keep-alive probe that comes again sooner is a copy, or out of order: nobody repeats it so soon. */
enum { TCPSHAKE_REPETITION_MIN_MS = 100 };

/* presumption.c: see there. */
void tcpshake_take_back(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed);
/* The RST that the end was presumed to receive has not cleared the connection that it holds. */
void tcpshake_clears_nothing(tcpshake_conversation *conversation, int end);
void tcpshake_presume_received(tcpshake_arrival *arrival, int end, tcpshake_event event);
void tcpshake_check_presumptions(tcpshake_arrival *arrival);
/* The same for a segment that acknowledges all that its receiver has sent, with nothing under way to its sender. */
void tcpshake_confirm_presumptions(tcpshake_arrival *arrival);
void tcpshake_deliver_before_reset(tcpshake_arrival *arrival);
/* Shows in the last frame before this one what the end has become: by what was under way to it, or was not captured. */
void tcpshake_show_before(tcpshake_arrival *arrival, int end);
void tcpshake_deliver_after_sending(tcpshake_arrival *arrival);
/* A FIN, and a RST behind it, that were under way to the receiver. */
void tcpshake_deliver_to_receiver(tcpshake_arrival *arrival);

/* presumed_closing.c: the end has left ESTABLISHED, or CLOSE-WAIT, with that FIN (section 3.10.4), which was not
 * followed when it came. It was the last that the end sent. */
void tcpshake_place_fin(const tcpshake_arrival *arrival, int end, tcpshake_moment sent, uint32_t seq);

/* after_reset.c */
/* Of an end whose SYN or SYN-ACK is not in the capture: what was acknowledged tells its ISN. */
void tcpshake_learn_isn(tcpshake_end *end, uint32_t isn);
void tcpshake_catch_up(const tcpshake_arrival *arrival, int end, uint32_t since);
bool tcpshake_waits_for_data(const tcpshake_arrival *arrival, int round_trips);
bool tcpshake_is_challenge_ack(const tcpshake_arrival *arrival);

/* window.c: section 3.10.7.4's first check, as far as an observer can make it */
bool tcpshake_acceptable(const tcpshake_arrival *arrival);
bool tcpshake_reset_acceptable(const tcpshake_arrival *arrival);
/* Its number is one that a synchronised receiver can expect next. */
bool     tcpshake_reset_fits(const tcpshake_arrival *arrival);
bool     tcpshake_is_reset_behind_loss(const tcpshake_arrival *arrival);
bool     tcpshake_ack_acceptable(const tcpshake_arrival *arrival);
uint32_t tcpshake_sure_window(const tcpshake_conversation *conversation, int end);
void     tcpshake_remember_numbers(tcpshake_arrival *arrival);
uint8_t  tcpshake_window_shift(const tcpshake_conversation *conversation, int end);

#endif /* TCPSHAKE_ARRIVAL_H */
