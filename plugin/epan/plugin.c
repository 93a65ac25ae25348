/* plugin.c
 * The symbols that Wireshark looks for when it loads the plugin.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#define WS_BUILD_DLL
#include "compat.h"
#include "packet-tcpshake.h"

#include <epan/proto.h>

#ifndef TCPSHAKE_VERSION
#define TCPSHAKE_VERSION "0.0.0"
#endif

WS_DLL_PUBLIC_DEF const char plugin_version[] = TCPSHAKE_VERSION;
WS_DLL_PUBLIC_DEF const int  plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int  plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void     plugin_register(void);
WS_DLL_PUBLIC uint32_t plugin_describe(void);

void
plugin_register(void)
{
    static proto_plugin plugin;

    plugin.register_protoinfo = tcpshake_register;
    plugin.register_handoff = tcpshake_hand_off;
    proto_register_plugin(&plugin);
}

uint32_t
plugin_describe(void)
{
    return TCPSHAKE_PLUGIN_KIND;
}
