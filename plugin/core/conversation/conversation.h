/* conversation.h
 * The record of one TCP conversation, and the only functions that set its states, correct its timeline, and add or
 * withdraw findings. tracker.h processes segments; view.h and verdict.h read the record.
 *
 * The observer is somewhere between the two ends. What an end sends is certain. That it arrives at the other end is
 * presumed: the other end's next segments confirm it, or contradict it, and then it is taken back (presumption.c).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_CONVERSATION_H
#define TCPSHAKE_CONVERSATION_H

#include "../allocator.h"
#include "end.h"
#include "extra.h"
#include "finding.h"
#include "../hosts/hosts.h"
#include "../segment/options.h"
#include "../segment/segment.h"
#include "numbering.h"
#include "state.h"
#include "timeline.h"
#include "twins.h"
#include "../zeek/zeek.h"

#include <stdbool.h>
#include <stdint.h>

/* Limits that the user sets. 0 turns the anomaly off. */
typedef struct tcpshake_limits {
    int64_t  msl; /* Maximum Segment Lifetime; TIME-WAIT lasts twice as long (RFC 9293 section 3.4.2) */
    int64_t  connection_timeout, slow_handshake, socket_timeout, read_timeout, close_wait_lingering; /* nanoseconds */
    uint32_t connection_lost;                 /* repetitions into silence */
    uint32_t ack_storm;                       /* ACKs in a row that answer each other */
    uint32_t reset_storm, fin_storm;          /* segments of one conversation */
    uint32_t isn_predictable;                 /* connections of one host */
    uint32_t syn_flood, time_wait_exhaustion; /* conversations at once */
} tcpshake_limits;

/* Values are part of the contract: they are what the fields hold. */
typedef enum tcpshake_role { TCPSHAKE_NOBODY, TCPSHAKE_CLIENT, TCPSHAKE_SERVER, TCPSHAKE_BOTH } tcpshake_role;
typedef enum tcpshake_phase {
    TCPSHAKE_PHASE_NONE,
    TCPSHAKE_PHASE_HANDSHAKE,
    TCPSHAKE_PHASE_TRANSFER,
    TCPSHAKE_PHASE_TEARDOWN,
    TCPSHAKE_PHASE_CLOSED
} tcpshake_phase;
typedef enum tcpshake_handshake {
    TCPSHAKE_HANDSHAKE_NONE,
    TCPSHAKE_HANDSHAKE_COMPLETE,
    TCPSHAKE_HANDSHAKE_IN_PROGRESS,
    TCPSHAKE_HANDSHAKE_UNANSWERED,
    TCPSHAKE_HANDSHAKE_REFUSED,
    TCPSHAKE_HANDSHAKE_REJECTED_BY_ICMP,
    TCPSHAKE_HANDSHAKE_ABORTED,
    TCPSHAKE_HANDSHAKE_HALF_OPEN,
    TCPSHAKE_HANDSHAKE_TIMED_OUT,
    TCPSHAKE_HANDSHAKE_SIMULTANEOUS,
    TCPSHAKE_HANDSHAKE_NOT_CAPTURED
} tcpshake_handshake;
typedef enum tcpshake_teardown {
    TCPSHAKE_TEARDOWN_NONE,
    TCPSHAKE_TEARDOWN_IN_PROGRESS,
    TCPSHAKE_TEARDOWN_FOUR_SEGMENTS,
    TCPSHAKE_TEARDOWN_THREE_SEGMENTS,
    TCPSHAKE_TEARDOWN_SIMULTANEOUS,
    TCPSHAKE_TEARDOWN_HALF_CLOSED,
    TCPSHAKE_TEARDOWN_RESET,
    TCPSHAKE_TEARDOWN_RESET_WHILE_CLOSING
} tcpshake_teardown;

typedef enum tcpshake_reset_cause {
    TCPSHAKE_CAUSE_NONE,
    TCPSHAKE_CAUSE_REFUSED,
    TCPSHAKE_CAUSE_ABORTED,
    TCPSHAKE_CAUSE_DATA_AFTER_CLOSE,
    TCPSHAKE_CAUSE_NO_SUCH_CONNECTION,
    TCPSHAKE_CAUSE_HANDSHAKE_ABORT,
    TCPSHAKE_CAUSE_IN_TIME_WAIT,
    TCPSHAKE_CAUSE_IDLE_EXPIRY,
    TCPSHAKE_CAUSE_FOREIGN,
    TCPSHAKE_CAUSE_UNKNOWN
} tcpshake_reset_cause;

/* Once the server has answered, the client's next data counts as a request only if it has at least this many bytes:
 * less may be part of the protocol (HTTP/2: an acknowledgment of settings, in a TLS record). */
enum { TCPSHAKE_REQUEST_MIN = 64 };

/* What was found, if anything was. */
typedef struct tcpshake_findings {
    uint64_t         anomalies; /* 1 << tcpshake_anomaly: which were found, hindsight's aside */
    uint32_t         count, capacity;
    uint32_t         proven_frame; /* the last frame that proved a finding */
    tcpshake_finding one[];        /* in the order of their frames */
} tcpshake_findings;

_Static_assert(TCPSHAKE_ANOMALIES <= 64, "a bit of findings->anomalies each");

typedef struct tcpshake_conversation tcpshake_conversation;
struct tcpshake_conversation {
    tcpshake_end           end[2];
    tcpshake_conversation *previous;         /* the one before on this four-tuple, or NULL */
    tcpshake_findings     *findings;         /* or NULL: nothing was found */
    tcpshake_extra        *extra;            /* what only few conversations need; or NULL */
    tcpshake_moment        first;            /* its first segment */
    tcpshake_moment        syn, synack, ack; /* the first SYN, the first SYN-ACK, the ACK that completes */
    tcpshake_moment        fin1, fin1_ack, fin2, fin2_ack; /* the first of each */
    tcpshake_moment        changed;                        /* the last change of a state */
    tcpshake_moment        time_wait;                      /* since when the owner holds TIME-WAIT, restarts counted */
    uint32_t               late_data_frame; /* data to an end that has sent its FIN, not acknowledged yet; or 0 */
    tcpshake_timeline      timeline;
    tcpshake_zeek          zeek;
    tcpshake_moment asked;       /* the client's data without an answer; frame 0: none, the time is late_data_frame's */
    tcpshake_moment lingers;     /* since when the end in CLOSE-WAIT has sent no new data */
    int64_t         longest_gap; /* between two segments while it was open; ns */
    int64_t         longest_read; /* from a request to the first byte of its answer; ns, or 0 */
    int64_t         silence;      /* before what one end has said since the other spoke, if it said more */
    int64_t         close_idle;   /* before the first FIN; ns, below 0: not known */
    tcpshake_member member;       /* of the group that it is in, if any */
    union {
        struct {
            uint32_t late_data_seq; /* with late_data_frame */
            uint32_t asked_seq;     /* where the request begins that has no answer yet; with asked */
        };
        uint32_t syn_mark[TCPSHAKE_ENDS]; /* of each end's last SYN, with SYN_MARKED: numbering.h */
    };
    uint32_t last_frame;                            /* its last segment's; when, tcpshake_last() says */
    uint8_t  initial[2];                            /* tcpshake_state of each end before the first segment */
    uint8_t  client;                                /* 0 or 1: which end is the client */
    uint8_t  opened_by, closed_by, time_wait_owner; /* tcpshake_role */
    uint8_t  handshake;                             /* tcpshake_handshake, as far as it is known now */
    uint8_t  first_closer;                          /* 0 or 1, once a FIN was seen */
    uint8_t  last_from;                             /* 0 or 1: who sent the last segment */
    uint8_t  fin_segments;                          /* up to 255: tcpshake_fin_segments() */
    uint16_t flags;                                 /* TCPSHAKE_CONVERSATION_… */
};

enum {
    TCPSHAKE_CONVERSATION_ROLES_GUESSED = 1 << 0, /* by the port heuristic: no SYN, no SYN-ACK was captured */
    TCPSHAKE_CONVERSATION_MIDSTREAM = 1 << 1,     /* began before the capture */
    TCPSHAKE_CONVERSATION_CROSSED_SYN = 1 << 2,
    TCPSHAKE_CONVERSATION_CROSSED_FIN = 1 << 3,
    TCPSHAKE_CONVERSATION_SYN_DATA = 1 << 4,   /* the SYN-ACK acknowledged the data of the SYN */
    TCPSHAKE_CONVERSATION_INHERITED = 1 << 5,  /* an end still holds the previous conversation of this four-tuple */
    TCPSHAKE_CONVERSATION_FAST_OPEN = 1 << 6,  /* with the option (RFC 7413), or answered early */
    TCPSHAKE_CONVERSATION_ONE_SIDED = 1 << 7,  /* an end that was never captured is alive */
    TCPSHAKE_CONVERSATION_EARLY_DATA = 1 << 8, /* the server sent data, and the handshake's ACK was not captured yet */
    TCPSHAKE_CONVERSATION_PUSHES = 1 << 9,     /* the server sends data that nobody asked for */
    TCPSHAKE_CONVERSATION_EARLIER_ISN = 1 << 10,
    TCPSHAKE_CONVERSATION_GAP = 1 << 12,
    TCPSHAKE_CONVERSATION_LATE_DATA_CROSSED = 1 << 13, /* the data at late_data_frame and the FIN */
    TCPSHAKE_CONVERSATION_LONGEST_SILENCE = 1 << 14,   /* there was none longer than silence when that was heard */
    TCPSHAKE_CONVERSATION_IDLE_ACKS = 1 << 11,    /* the last ACK that said nothing new is one of extra->idle_acks */
    TCPSHAKE_CONVERSATION_LATE_OPENING = 1 << 15, /* something came that may open another: extra->late */
};

/* The current attempt to open, or the last one: a client may try again after it was refused (RFC 9293 section 3.5.2).
 */
typedef struct tcpshake_attempt {
    tcpshake_moment syn;           /* its first SYN; frame 0: not captured */
    uint32_t        syns;          /* how many SYNs were sent in it */
    uint32_t        refused_frame; /* the RST that refused the attempt before; or 0 */
} tcpshake_attempt;

/* extra.c: all zero; what tcpshake_rare_of() returns where there is no extra. */
extern const tcpshake_rare tcpshake_nothing_rare;

/* To be read; what writes them asks for tcpshake_extra_of(). */
static inline const tcpshake_rare *
tcpshake_rare_of(const tcpshake_conversation *conversation)
{
    return conversation->extra ? &conversation->extra->rare : &tcpshake_nothing_rare;
}

/* Section 3.10.7.3: the client's SYN was answered in a way that a client accepts: by a SYN-ACK, or a SYN that crosses
 * it. Then the server is half-open, as long as the handshake is incomplete. */
static inline bool
tcpshake_has_accepted_syn(const tcpshake_conversation *conversation)
{
    const tcpshake_end *const client = &conversation->end[conversation->client];

    return client->flags & TCPSHAKE_END_SYN_ACKED || client->state != TCPSHAKE_SYN_SENT;
}

/* RFC 7413: the server has taken the data of the SYN, or can have taken its cookie for valid, data or not: the SYN-ACK
 * to one that is not valid brings another (section 4.2.2). Then it may send data before the handshake's ACK is in. */
static inline bool
tcpshake_is_fast_open(const tcpshake_conversation *conversation)
{
    const tcpshake_end *const client = &conversation->end[conversation->client];
    const tcpshake_end *const server = &conversation->end[TCPSHAKE_OTHER(conversation->client)];
    const bool                bare = client->snd_nxt == client->isn + 1;

    return conversation->flags & TCPSHAKE_CONVERSATION_FAST_OPEN ||
           (bare && client->offers & TCPSHAKE_OFFER_COOKIE && !(server->offers & TCPSHAKE_OFFER_TFO));
}

/* Its last segment; frame 0: there was none yet. Its time is in its sender's record, and is kept when
 * that record is replaced. */
static inline tcpshake_moment
tcpshake_last(const tcpshake_conversation *conversation)
{
    const int64_t time = conversation->last_frame ? conversation->end[conversation->last_from].last.time : 0;

    return (tcpshake_moment){ time, conversation->last_frame };
}

/* Its time; it means nothing if there was none. */
static inline int64_t
tcpshake_last_time(const tcpshake_conversation *conversation)
{
    return conversation->end[conversation->last_from].last.time;
}

/* extra.c */
/* Where it begins in a record that had another conversation before it; 0: there was none. */
static inline uint32_t
tcpshake_begun(const tcpshake_conversation *conversation)
{
    return conversation->extra ? conversation->extra->begun : 0;
}

/* The four-tuple has opened again. Only an end in LISTEN, CLOSED or TIME-WAIT accepts a SYN (RFC 9293
 * section 3.10.7.4): what this conversation waited for had come by then, or nobody waited any more. */
static inline bool
tcpshake_was_replaced(const tcpshake_conversation *conversation)
{
    return conversation->extra && conversation->extra->replaced.frame != 0;
}

/* The frame that it begins with, whether the record had another before it or not. */
static inline uint32_t
tcpshake_beginning(const tcpshake_conversation *conversation)
{
    const uint32_t begun = tcpshake_begun(conversation);

    return begun ? begun : conversation->first.frame;
}

/* Whose numbers and outcome are those of this frame: this conversation, or one before it in the same record. Timeline
 * and findings are the record's. */
const tcpshake_conversation *tcpshake_conversation_at(const tcpshake_conversation *conversation, uint32_t frame);

/* Before another begins in the same record: before, which is all that it was until now, is the one that it can go back
 * to. Both have what only few conversations need. */
void tcpshake_follow_on(tcpshake_conversation *conversation, const tcpshake_conversation *before);

tcpshake_attempt tcpshake_attempt_of(const tcpshake_conversation *conversation);
/* Below 0: not known, because there was no such moment, or the capture has a hole between them; ns. */
int64_t tcpshake_between(const tcpshake_conversation *conversation, tcpshake_moment from, tcpshake_moment to);
/* From that moment to a time behind all segments of the conversation so far. */
int64_t tcpshake_elapsed(const tcpshake_conversation *conversation, tcpshake_moment from, int64_t time);
/* From the first SYN of the current attempt until the client's connect() returned: with its ACK of the SYN-ACK, or,
 * where both have opened, with the later of the two SYN-ACKs. Below 0: not known; ns. */
int64_t tcpshake_connection_time(const tcpshake_conversation *conversation);
/* The sequence number of the last RST of that end that ended something; 0: there was none. */
static inline uint32_t
tcpshake_reset_seq(const tcpshake_conversation *conversation, int end)
{
    return conversation->extra ? conversation->extra->reset_seq[end] : 0;
}
/* The RST that ended the conversation, as people see it. RFC 9293 section 3.10.7.1: an end that has closed answers all
 * that was under way to it, also with numbers that its peer cannot accept any more; `rst` is the one that this accepts,
 * but with the first of them it was over. */
static inline tcpshake_moment
tcpshake_ending_reset(const tcpshake_conversation *conversation)
{
    const tcpshake_extra *const extra = conversation->extra;

    return tcpshake_rare_of(conversation)->rst.frame && extra &&
                   extra->closed_with_of == tcpshake_rare_of(conversation)->rst.frame
               ? extra->closed_with
               : tcpshake_rare_of(conversation)->rst;
}
/* What only few conversations need, allocated if it is not there yet. NULL if there is no memory. */
tcpshake_extra *tcpshake_extra_of(tcpshake_conversation *conversation, const tcpshake_allocator *allocator);

/* How many SYNs and SYN-ACKs the end has sent. */
static inline uint32_t
tcpshake_syns_of(const tcpshake_conversation *conversation, int end)
{
    return conversation->end[end].syn_count + tcpshake_rare_of(conversation)->end[end].more_syns;
}

static inline uint32_t
tcpshake_fins_of(const tcpshake_conversation *conversation, int end)
{
    return conversation->end[end].fin_count + tcpshake_rare_of(conversation)->end[end].more_fins;
}

/* All FINs of both ends, whatever they were. */
static inline uint32_t
tcpshake_fin_segments(const tcpshake_conversation *conversation)
{
    return conversation->fin_segments + tcpshake_rare_of(conversation)->more_fin_segments;
}

static inline bool
tcpshake_is_presumed(const tcpshake_end *end, tcpshake_presumption presumed)
{
    return (end->presumed & 1u << presumed) != 0;
}

/* Where the end was presumed to receive this; 0: it has confirmed that, or there is none. */
static inline uint32_t
tcpshake_presumed_frame(const tcpshake_conversation *conversation, int end, tcpshake_presumption presumed)
{
    const tcpshake_end *const who = &conversation->end[end];
    const unsigned            lower = who->presumed & ((1u << presumed) - 1);

    if (!tcpshake_is_presumed(who, presumed))
        return 0;
    if (lower & (lower - 1)) /* two, or more */
        return tcpshake_rare_of(conversation)->end[end].presumed_frame[presumed];
    return who->presumed_frame[lower != 0];
}

/* presumed.c: frame 0: not any more. Without memory one may be lost. */
void tcpshake_set_presumed(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed, uint32_t frame,
                           const tcpshake_allocator *allocator);
void tcpshake_clear_presumed(tcpshake_conversation *conversation, int end, tcpshake_presumption presumed);
/* All of an end at once. */
void tcpshake_read_presumed(const tcpshake_conversation *conversation, int end, uint32_t *frames);
void tcpshake_write_presumed(tcpshake_conversation *conversation, int end, const uint32_t *frames,
                             const tcpshake_allocator *allocator);

/* ends.c: the only place where an end's state is written. */
void tcpshake_set_state(tcpshake_conversation *conversation, int end, tcpshake_state state);
/* The state before the first segment, and now. */
void tcpshake_set_initial_state(tcpshake_conversation *conversation, int end, tcpshake_state state);
/* The record of an end as a whole, state included. Its rare values are cleared. */
void tcpshake_replace_end(tcpshake_conversation *conversation, int end, const tcpshake_end *with);
/* Sets the state that an end is in after sending this. */
void tcpshake_send_event(tcpshake_conversation *conversation, int end, tcpshake_event event);

/* Corrects an entry of the timeline. false: earlier entries stay as they are. */
typedef bool tcpshake_rewrite(tcpshake_entry *entry, const void *context);
/* ends.c: the only place where the timeline is corrected: the present first, as an entry of its own, then the entries
 * from the last one back to frame since. */
void tcpshake_rewrite_since(tcpshake_conversation *conversation, uint32_t since, tcpshake_rewrite *rewrite,
                            const void *context);
/* The end received, or sent, something in frame since that was not applied to its state then. */
void tcpshake_receive_since(tcpshake_conversation *conversation, uint32_t since, int end, tcpshake_event event);
void tcpshake_send_since(tcpshake_conversation *conversation, uint32_t since, int end, tcpshake_event event);

/* The segment in that frame, which has an entry, was this step as well. */
void tcpshake_add_step(tcpshake_conversation *conversation, uint32_t frame, uint8_t step);

/* One more, or one less, that the end has sent. Without memory the record counts no further than it can. */
void tcpshake_count_syn(tcpshake_conversation *conversation, int end, const tcpshake_allocator *allocator);
void tcpshake_count_fin(tcpshake_conversation *conversation, int end, const tcpshake_allocator *allocator);
void tcpshake_uncount_fin(tcpshake_conversation *conversation, int end);
void tcpshake_count_fin_segment(tcpshake_conversation *conversation, const tcpshake_allocator *allocator);

/* acknowledged.c: the segment of the last entry acknowledges the SYN or FIN in that frame; its steps say which. */
void tcpshake_set_acknowledged(tcpshake_conversation *conversation, uint32_t frame,
                               const tcpshake_allocator *allocator);
/* Which frame that is, of the entry with this index; or 0. The timeline is the record's. */
uint32_t tcpshake_acknowledged(const tcpshake_conversation *record, ptrdiff_t index);

/* And where a single state in it is. */
void tcpshake_correct_state(tcpshake_conversation *conversation, uint32_t index, int end, tcpshake_state state);

/* A record before a RST, with its sender's states in the last entries, the last first: further back no RST tells. */
enum { TCPSHAKE_ENTRIES_BEFORE = 8 };
typedef struct tcpshake_before {
    tcpshake_conversation conversation;
    tcpshake_rare         rare; /* with all the frames that are presumed */
    uint8_t               from;
    uint8_t               state[TCPSHAKE_ENTRIES_BEFORE];
    uint32_t              entries;
} tcpshake_before;

/* changes.c: remembers what a RST changed, given the record before it. Only for the last RST. */
void tcpshake_remember_before(const tcpshake_conversation *conversation, int from, tcpshake_before *before);
void tcpshake_remember_changes(tcpshake_conversation *conversation, const tcpshake_before *before, uint32_t frame,
                               const tcpshake_allocator *allocator);
/* Takes back what that RST changed in the conversation and in this end, except what has changed again since. Returns
 * the RST's frame; 0: there was nothing to take back. */
uint32_t tcpshake_take_back_changes(tcpshake_conversation *conversation, int end);
/* What was remembered is now final. */
void tcpshake_forget_changes(tcpshake_conversation *conversation);

/* certainty.c: the capture began in the middle, and one end at least could have closed before. */
bool tcpshake_is_uncertain(const tcpshake_conversation *conversation);
/* The end is still in that state from the conversation before, of which the same is true. */
bool tcpshake_holds_the_uncertain(const tcpshake_conversation *conversation, int end, uint8_t state);
/* Only one direction is in the capture, and what was acknowledged by this frame may have been a FIN. */
bool tcpshake_is_one_sided(const tcpshake_conversation *conversation, uint32_t frame);
/* The conversation before has left this end in TIME-WAIT, and it has not answered in this one. */
bool tcpshake_waits_still(const tcpshake_conversation *conversation, int end);
/* Nothing shows that there is a client but the SYN-ACK that was sent to it. */
bool tcpshake_client_is_unheard(const tcpshake_conversation *conversation);
/* The server has sent its SYN-ACK again and again, in vain, and has then reset the attempt. */
bool tcpshake_server_gave_up(const tcpshake_conversation *conversation);

/* arrival/fin_traits.c: why a FIN has no acknowledgment, as far as the capture tells. */
typedef enum tcpshake_fin_reason {
    TCPSHAKE_FIN_UNANSWERED,
    TCPSHAKE_FIN_PEER_HEARD,  /* the peer has sent an ACK since, later than it takes to answer */
    TCPSHAKE_FIN_BEHIND_DATA, /* the peer still lacks data before it */
    TCPSHAKE_FIN_BELOW_DATA,  /* its number belongs to data that its sender had sent */
} tcpshake_fin_reason;

/* bytes: of those data. */
tcpshake_fin_reason tcpshake_missing_fin_ack_reason(const tcpshake_conversation *conversation, int end,
                                                    uint32_t *bytes);

/* The capture has no handshake, but shows that there was a connection before it began. */
bool tcpshake_was_open_before(const tcpshake_conversation *conversation);
/* Whether the capture shows who closed first. It does not if there may have been a FIN before the capture began, or in
 * the direction that was not captured. */
bool tcpshake_closer_is_known(const tcpshake_conversation *conversation);

/* Its findings, in the order of their frames; NULL: there were none yet. */
static inline const tcpshake_finding *
tcpshake_first_finding(const tcpshake_conversation *conversation)
{
    return conversation->findings ? conversation->findings->one : NULL;
}

static inline uint32_t
tcpshake_finding_count(const tcpshake_conversation *conversation)
{
    return conversation->findings ? conversation->findings->count : 0;
}

/* Which anomalies were found, hindsight's aside, as 1 << tcpshake_anomaly. */
static inline uint64_t
tcpshake_anomalies(const tcpshake_conversation *conversation)
{
    return conversation->findings ? conversation->findings->anomalies : 0;
}

/* The last frame that proved a finding; or 0. */
static inline uint32_t
tcpshake_proven_frame(const tcpshake_conversation *conversation)
{
    return conversation->findings ? conversation->findings->proven_frame : 0;
}

/* findings.c: how many findings back one can be inserted, looked up or withdrawn. Older ones stay as they are, so that
 * the cost of a finding does not grow with their number. */
enum { TCPSHAKE_FINDINGS_REACH = 64 };

/* The index of the first finding within reach. */
static inline uint32_t
tcpshake_findings_within_reach(const tcpshake_conversation *conversation)
{
    const uint32_t count = tcpshake_finding_count(conversation);

    return count > TCPSHAKE_FINDINGS_REACH ? count - TCPSHAKE_FINDINGS_REACH : 0;
}

/* Whether the anomaly was found on any of its segments; hindsight's are not among them. */
static inline bool
tcpshake_found(const tcpshake_conversation *conversation, tcpshake_anomaly anomaly)
{
    return (tcpshake_anomalies(conversation) & UINT64_C(1) << anomaly) != 0;
}

/* The last finding of its kind, hindsight's aside; NULL if there is none within reach. Nearly always there is none at
 * all, so each segment asks that without a call. */
const tcpshake_finding *tcpshake_search_findings(const tcpshake_conversation *conversation, tcpshake_anomaly anomaly);
static inline const tcpshake_finding *
tcpshake_last_found(const tcpshake_conversation *conversation, tcpshake_anomaly anomaly)
{
    return tcpshake_found(conversation, anomaly) ? tcpshake_search_findings(conversation, anomaly) : NULL;
}

/* Whether it was found on that frame, as far as it is within reach. */
bool tcpshake_found_on(const tcpshake_conversation *conversation, tcpshake_anomaly anomaly, uint32_t frame);
/* The last of its kind, writable. */
tcpshake_finding *tcpshake_recall(tcpshake_conversation *conversation, tcpshake_anomaly anomaly);
/* The last about that end. */
tcpshake_finding *tcpshake_recall_of(tcpshake_conversation *conversation, tcpshake_anomaly anomaly, int end);
/* Takes back the last of its kind. */
void tcpshake_withdraw(tcpshake_conversation *conversation, tcpshake_anomaly anomaly);
/* Takes back what is about that frame and among these, 1 << TCPSHAKE_ANOMALY_… each. */
void tcpshake_withdraw_from(tcpshake_conversation *conversation, uint32_t frame, uint64_t anomalies);
/* Takes back what this frame proved, or what is about it, as far as it depends on that presumption. */
void tcpshake_withdraw_without(tcpshake_conversation *conversation, uint32_t frame, tcpshake_presumption presumed);
/* Adds a finding that proven_frame proved, about that frame or an earlier one; the finding's frame and anomaly are set.
 * It is inserted in frame order, or at the end if that place is out of reach. Nothing happens if there is no memory. */
void tcpshake_add_finding(tcpshake_conversation *conversation, const tcpshake_finding *finding, uint32_t proven_frame,
                          const tcpshake_allocator *allocator);

/* The numbers of data take the place of the marks. */
static inline void
tcpshake_forget_syn_marks(tcpshake_conversation *conversation)
{
    for (int end = 0; end < TCPSHAKE_ENDS; end++)
        conversation->end[end].flags &= ~(uint32_t)TCPSHAKE_END_SYN_MARKED;
}

static inline void
tcpshake_begin_request(tcpshake_conversation *conversation, uint32_t seq)
{
    tcpshake_forget_syn_marks(conversation);
    conversation->asked_seq = seq;
}

/* The first FIN of an end; frame 0: it has sent none. */
static inline tcpshake_moment
tcpshake_first_fin(const tcpshake_conversation *conversation, int end)
{
    return conversation->first_closer == end ? conversation->fin1 : conversation->fin2;
}

/* The role of an end, 0 or 1. */
static inline tcpshake_role
tcpshake_role_of(const tcpshake_conversation *conversation, int end)
{
    return end == conversation->client ? TCPSHAKE_CLIENT : TCPSHAKE_SERVER;
}

#endif /* TCPSHAKE_CONVERSATION_H */
