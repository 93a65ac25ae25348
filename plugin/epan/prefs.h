/* prefs.h
 * What the user can set.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_PREFS_H
#define TCPSHAKE_PREFS_H

#include "compat.h"

#include "../core/conversation.h"

typedef struct tcpshake_preferences {
    tcpshake_limits limits;
    bool            annotate_info;      /* the step and the states in the Info column */
    bool            chat_steps;         /* an expert Chat for ordinary steps */
} tcpshake_preferences;

/* As the user has set them now. Wireshark dissects the capture anew whenever one changes. */
extern tcpshake_preferences tcpshake_prefs;

/* After the fields. */
void tcpshake_register_preferences(void);

#endif /* TCPSHAKE_PREFS_H */
