/* story_calls.h
 * -z tcpshake,story,STREAM and -z tcpshake,ladder,STREAM,FILE.svg: one conversation, told and drawn.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_STORY_CALLS_H
#define TCPSHAKE_STORY_CALLS_H

#include "calls.h"

extern const tcpshake_call_kind tcpshake_story_call, tcpshake_ladder_call;

#endif /* TCPSHAKE_STORY_CALLS_H */
