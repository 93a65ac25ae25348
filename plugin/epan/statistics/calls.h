/* calls.h
 * What the user asks for with "-z tcpshake,…".
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_CALLS_H
#define TCPSHAKE_CALLS_H

#include "conversation_list.h"

#include <stdio.h>

/* Before Wireshark registers its own calls: of two with one name the first counts. */
void tcpshake_register_calls(void);

/* Whether this program has windows, so that a statistic opens one instead of being printed. */
bool tcpshake_has_windows(void);

/* A call that cannot be carried out: says why in a line, and ends tshark with a status other than 0. */
void tcpshake_call_failed(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* The same where the reason was said already. */
void tcpshake_call_is_over(void);

/* The call as it is under way. */
typedef struct tcpshake_call {
    const struct tcpshake_call_kind *kind;
    char                            *argument;   /* what follows the name; "" if nothing does */
    const char                      *filter;     /* part of it, or NULL */
    tcpshake_conversation_list      *gathered;   /* the conversations of the segments that have passed the filter */
    void                            *own;        /* what the kind needs */
    bool                             begun;      /* a segment has come */
    bool                             in_window;  /* of a program with windows, which goes on afterwards */
    bool                             read_again; /* the capture, for this call */
    bool                             restarted;  /* the capture is read again, and none has come since */
    bool                             incomplete; /* what came before is lost */
} tcpshake_call;

/* One kind of call. All functions but draw may be NULL. */
typedef struct tcpshake_call_kind {
    const char *name;                                                 /* "tcpshake,conv" */
    bool        has_window;                                           /* Wireshark opens a window of its own for it */
    bool        takes_filter;                                         /* what follows the name is a display filter */
    void (*begin)(tcpshake_call *call);                               /* reads the argument */
    void (*take)(tcpshake_call *call, const tcpshake_tapped *tapped); /* a segment; without it they are gathered */
    void (*restart)(tcpshake_call *call); /* the capture will be read again: forgets its own */
    void (*draw)(tcpshake_call *call);    /* all segments were read */
    void (*end)(tcpshake_call *call);     /* frees own */
} tcpshake_call_kind;

#endif /* TCPSHAKE_CALLS_H */
