/* prefs.h
 * What the user can set.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_PREFS_H
#define TCPSHAKE_PREFS_H

#include "compat.h"

#include "../core/conversation/conversation.h"

typedef struct tcpshake_preferences {
    tcpshake_limits limits;
    bool            annotate_info; /* the step and the states in the Info column */
    bool            chat_steps;    /* an expert Chat for ordinary steps */
} tcpshake_preferences;

/* The current settings. Wireshark dissects the capture again whenever one changes. */
extern tcpshake_preferences tcpshake_prefs;

/* To be called after the fields are registered. */
void tcpshake_register_preferences(void);

/* Copies what the user edits to tcpshake_prefs. Wireshark calls it after it has read saved preferences and after a
 * change. sharkd only sets them, so it is also called before a capture is read. */
void tcpshake_read_preferences(void);

#endif /* TCPSHAKE_PREFS_H */
