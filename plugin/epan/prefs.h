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

/* As the user has set them now. Wireshark dissects the capture anew whenever one changes. */
extern tcpshake_preferences tcpshake_prefs;

/* After the fields. */
void tcpshake_register_preferences(void);

/* From what the user edits to tcpshake_prefs. Wireshark asks for it when saved preferences have been read and when one
 * was changed, but for sharkd, which only sets them: therefore also before a capture is read. */
void tcpshake_read_preferences(void);

#endif /* TCPSHAKE_PREFS_H */
