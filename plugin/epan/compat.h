/* compat.h
 * What differs between Wireshark 4.0, 4.2, 4.4 and 4.6. No other file asks for the version.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_COMPAT_H
#define TCPSHAKE_COMPAT_H

#include <wireshark.h>
#include <ws_version.h>
#include <epan/conversation.h>
#include <epan/conversation_filter.h>
#include <epan/funnel.h>
#include <epan/packet.h>
#include <epan/prefs.h>
#include <epan/stat_tap_ui.h>
#include <epan/tap.h>

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define TCPSHAKE_WIRESHARK(major, minor) \
    (WIRESHARK_VERSION_MAJOR > (major) || (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* What prefs_register_bool_preference() points to. */
#if TCPSHAKE_WIRESHARK(4, 4)
typedef bool tcpshake_pref_bool;
#else
typedef gboolean tcpshake_pref_bool;
#endif

/* What plugin_describe() answers; asked for since 4.4. */
#if TCPSHAKE_WIRESHARK(4, 4)
#include <wsutil/plugins.h>
#define TCPSHAKE_PLUGIN_KIND ((uint32_t)WS_PLUGIN_DESC_DISSECTOR)
#else
#define TCPSHAKE_PLUGIN_KIND ((uint32_t)1)
#endif

/* A function name(argument, row) for stat_tap_ui, which calls begin(argument, row). Since 4.6 it answers whether it
 * could; ours end the program if it could not. */
#if TCPSHAKE_WIRESHARK(4, 6)
#define TCPSHAKE_STAT_TAP(name, begin)                \
    static bool name(const char *argument, void *row) \
    {                                                 \
        begin(argument, row);                         \
        return true;                                  \
    }
#else
#define TCPSHAKE_STAT_TAP(name, begin)                \
    static void name(const char *argument, void *row) \
    {                                                 \
        begin(argument, row);                         \
    }
#endif

/* Registers a conversation filter. is_valid and build are defined with TCPSHAKE_FILTER_ARGUMENTS as their parameters.
 */
#if TCPSHAKE_WIRESHARK(4, 4)
typedef bool tcpshake_filter_bool;
#else
typedef gboolean tcpshake_filter_bool;
#endif
#if TCPSHAKE_WIRESHARK(4, 2)
#define TCPSHAKE_FILTER_ARGUMENTS packet_info *pinfo, void *user_data _U_
#define tcpshake_register_filter(protocol, title, is_valid, build) \
    register_conversation_filter(protocol, title, is_valid, build, NULL)
#else
#define TCPSHAKE_FILTER_ARGUMENTS packet_info *pinfo
#define tcpshake_register_filter(protocol, title, is_valid, build) \
    register_conversation_filter(protocol, title, is_valid, build)
#endif

/* From network byte order, at any address. GLib's: the names in wsutil/pint.h are not the same in all versions. */
static inline uint16_t
tcpshake_read_be16(const uint8_t *bytes)
{
    uint16_t word;

    memcpy(&word, bytes, sizeof word);
    return GUINT16_FROM_BE(word);
}

static inline uint32_t
tcpshake_read_be32(const uint8_t *bytes)
{
    uint32_t word;

    memcpy(&word, bytes, sizeof word);
    return GUINT32_FROM_BE(word);
}

/* Whose segment it is. Taken before TCP is called: the dissectors that it calls change pinfo's. */
typedef struct tcpshake_tuple {
    address  src, dst;
    uint16_t sport, dport;
} tcpshake_tuple;

/* The conversation that TCP itself has found or made for this segment; makes none. */
static inline conversation_t *
tcpshake_find_conversation(packet_info *pinfo, const tcpshake_tuple *tuple)
{
#if TCPSHAKE_WIRESHARK(4, 4)
    /* Since 4.4 the user can have conversations told apart by interface and VLAN as well; only this function knows how,
     * and it takes the addresses from pinfo. */
    const address  src = pinfo->src, dst = pinfo->dst;
    const uint32_t sport = pinfo->srcport, dport = pinfo->destport;
    pinfo->src = tuple->src;
    pinfo->dst = tuple->dst;
    pinfo->srcport = tuple->sport;
    pinfo->destport = tuple->dport;
#if TCPSHAKE_WIRESHARK(4, 6)
    conversation_t *conversation = find_conversation_strat(pinfo, CONVERSATION_TCP, 0, false);
#else
    conversation_t *conversation = find_conversation_strat(pinfo, CONVERSATION_TCP, 0);
#endif
    pinfo->src = src;
    pinfo->dst = dst;
    pinfo->srcport = sport;
    pinfo->destport = dport;
    return conversation;
#else
    return find_conversation(pinfo->num, &tuple->src, &tuple->dst, CONVERSATION_TCP, tuple->sport, tuple->dport, 0);
#endif
}

/* Whether four-tuples do not tell conversations apart, because the user has that done by interface or VLAN as well. */
static inline bool
tcpshake_conversations_interlace(void)
{
#if TCPSHAKE_WIRESHARK(4, 4)
    return prefs.conversation_deinterlacing_key > 0;
#else
    return false;
#endif
}

/* When this frame was captured; NULL if there is none, if it has no time (since 4.4), or if that is not known: a tshark
 * that reads the capture once keeps hardly any. epan_get_frame_ts() is not exported. No header declares the session:
 * this is what epan/epan.c has from 4.0 to 4.6. Later series are not read until checked. */
#if TCPSHAKE_WIRESHARK(4, 7)
static inline const nstime_t *
tcpshake_frame_time(const epan_t *session _U_, uint64_t frame _U_)
{
    return NULL;
}
#else
struct epan_session {
    struct packet_provider_data *prov;
    struct packet_provider_funcs funcs;
};

static inline const nstime_t *
tcpshake_frame_time(const epan_t *session, uint64_t frame)
{
    return session->funcs.get_frame_ts && frame <= UINT32_MAX
               ? session->funcs.get_frame_ts(session->prov, (uint32_t)frame)
               : NULL;
}
#endif

/* The number in a field of the details pane. */
static inline uint32_t
tcpshake_field_number(field_info *field)
{
#if TCPSHAKE_WIRESHARK(4, 2)
    return fvalue_get_uinteger(field->value);
#else
    return fvalue_get_uinteger(&field->value);
#endif
}

/* ---- Wireshark's window ---- */

/* What a button of a text window answers, and what a check box of a toolbar points to. */
#if TCPSHAKE_WIRESHARK(4, 4)
typedef bool tcpshake_window_bool;
#else
typedef gboolean tcpshake_window_bool;
#endif

/* An entry of the menu that a right click on a packet opens, for packets with that field. Frees data, from g_new(),
 * when Wireshark ends. Before 4.4 there is none. */
#if TCPSHAKE_WIRESHARK(4, 4)
#define tcpshake_register_packet_menu(name, field, callback, data) \
    funnel_register_packet_menu(name, field, callback, data, false)
#else
#define tcpshake_register_packet_menu(name, field, callback, data) ((void)(name), (void)(callback), g_free(data))
#endif

/* An arrow of Statistics > Flow Graph, as epan/sequence_analysis.h declares it, which no package installs. */
typedef struct tcpshake_flow_item {
    uint32_t             frame_number;
    address              src_addr;
    uint16_t             port_src;
    address              dst_addr;
    uint16_t             port_dst;
    char                *frame_label, *time_str, *comment; /* the item owns them */
    uint16_t             conv_num;
    unsigned             fg_color, bg_color;
    tcpshake_window_bool has_color_filter, display;
    unsigned             src_node, dst_node;
    uint16_t             line_style;
    /* What follows is for others. */
} tcpshake_flow_item;

/* All of them; what follows is for others. */
typedef struct tcpshake_flow {
    const char          *name;
    tcpshake_window_bool any_addr;
    int                  nconv;
    GQueue              *items;
} tcpshake_flow;

WS_DLL_PUBLIC void register_seq_analysis(const char *name, const char *ui_name, const int proto_id,
                                         const char *tap_listener, unsigned tap_flags, tap_packet_cb tap_func);
/* Allocates what this Wireshark has of an item. */
WS_DLL_PUBLIC tcpshake_flow_item *sequence_analysis_create_sai_with_addresses(packet_info *pinfo, tcpshake_flow *flow);
WS_DLL_PUBLIC void                sequence_analysis_use_color_filter(packet_info *pinfo, tcpshake_flow_item *item);

#endif /* TCPSHAKE_COMPAT_H */
