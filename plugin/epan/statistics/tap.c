/* tap.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "tap.h"

#include "../capture.h"

#include <epan/tap.h>

static int tap = -1;

void
tcpshake_register_tap(void)
{
    tap = register_tap(TCPSHAKE_TAP);
}

bool
tcpshake_is_tapped(void)
{
    return have_tap_listener(tap);
}

void
tcpshake_tap(packet_info *pinfo, const tcpshake_conversation *conversation, const tcpshake_segment *segment,
             const tcpshake_tuple *tuple)
{
    if (!tcpshake_is_tapped())
        return;
    tcpshake_tapped *tapped = wmem_new(pinfo->pool, tcpshake_tapped);
    *tapped = (tcpshake_tapped){ conversation, *segment, tcpshake_capture_knowledge(pinfo), *tuple };
    tap_queue_packet(tap, pinfo, tapped);
}
