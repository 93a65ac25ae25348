/* actions.c
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "actions.h"

#include "anomaly_index.h"
#include "jump.h"
#include "link.h"
#include "selection.h"
#include "story_window.h"
#include "temporary_file.h"
#include "worst_window.h"
#include "../statistics/calls.h"

#include "../../text/phrases.h"

#include <epan/plugin_if.h>

/* The profile's "recent" shows the toolbar by this name, in any language. */
#define TOOLBAR "TCP Handshake"

static bool warnings_only;

static void
previous_anomaly(void)
{
    tcpshake_jump(false, warnings_only);
}

static void
next_anomaly(void)
{
    tcpshake_jump(true, warnings_only);
}

static void
show_conversation(void)
{
    const tcpshake_selection selection = tcpshake_selected();

    if (selection.has_stream) {
        const tcpshake_link link = tcpshake_link_to(selection.stream);
        tcpshake_show_linked(&link);
    } else {
        tcpshake_show_story(); /* which says so */
    }
}

/* Its first SYN; or what was captured first of one that had begun before. */
static void
show_one_row_each(void)
{
    plugin_if_apply_filter("tcpshake.syn_frame == frame.number or (tcpshake and !tcpshake.syn_frame and "
                           "tcp.time_relative == 0)",
                           true);
}

static void
show_anomalies(void)
{
    plugin_if_apply_filter("tcpshake.anomaly", true);
}

/* In the order of the toolbar. */
static const struct action {
    tcpshake_phrase label, tip; /* on the toolbar */
    tcpshake_phrase entry;      /* of the menus */
    bool            on_packet;  /* it is about the selected packet's conversation */
    void (*run)(void);
} actions[] = {
    { TCPSHAKE_PHRASE_PREVIOUS, TCPSHAKE_PHRASE_PREVIOUS_TIP, TCPSHAKE_PHRASE_PREVIOUS_ENTRY, false, previous_anomaly },
    { TCPSHAKE_PHRASE_NEXT, TCPSHAKE_PHRASE_NEXT_TIP, TCPSHAKE_PHRASE_NEXT_ENTRY, false, next_anomaly },
    { TCPSHAKE_PHRASE_STORY, TCPSHAKE_PHRASE_STORY_TIP, TCPSHAKE_PHRASE_STORY_ENTRY, true, tcpshake_show_story },
    { TCPSHAKE_PHRASE_LADDER, TCPSHAKE_PHRASE_LADDER_TIP, TCPSHAKE_PHRASE_LADDER_ENTRY, true, tcpshake_show_ladder },
    { TCPSHAKE_PHRASE_THIS_CONVERSATION, TCPSHAKE_PHRASE_THIS_CONVERSATION_TIP, TCPSHAKE_PHRASE_SHOW_CONVERSATION, true,
      show_conversation },
    { TCPSHAKE_PHRASE_WORST_CONVERSATIONS, TCPSHAKE_PHRASE_WORST_CONVERSATIONS_TIP, TCPSHAKE_PHRASE_WORST_TITLE, false,
      tcpshake_show_worst },
    { TCPSHAKE_PHRASE_ONE_ROW_EACH, TCPSHAKE_PHRASE_ONE_ROW_EACH_TIP, TCPSHAKE_PHRASE_ONE_ROW_EACH_ENTRY, false,
      show_one_row_each },
    { TCPSHAKE_PHRASE_ALL_ANOMALIES, TCPSHAKE_PHRASE_ALL_ANOMALIES_TIP, TCPSHAKE_PHRASE_ALL_ANOMALIES, false,
      show_anomalies },
};

/* ---- what Wireshark calls ---- */

static void
run_from_menu(void *data)
{
    const struct action *const action = data;

    action->run();
}

static void
run_from_toolbar(void *item _U_, void *value _U_, void *data)
{
    run_from_menu(data);
}

static void
switch_warnings_only(void *item _U_, void *value, void *data _U_)
{
    warnings_only = value && *(const tcpshake_window_bool *)value;
}

/* Tools is the only menu where "A/B" makes a submenu; the story stands beside the statistics as well. */
static void
register_menus(void)
{
    for (unsigned i = 0; i < array_length(actions); i++) {
        char *const name = g_strdup_printf("%s/%s", tcpshake_phrase_text(TCPSHAKE_PHRASE_MENU),
                                           tcpshake_phrase_text(actions[i].entry));
        funnel_register_menu(name, REGISTER_TOOLS_GROUP_UNSORTED, run_from_menu, (void *)&actions[i], NULL, false);
        g_free(name);
    }
    for (unsigned i = 0; i < array_length(actions); i++) {
        if (actions[i].run != tcpshake_show_story)
            continue;
        char *const name = g_strdup_printf("%s: %s", tcpshake_phrase_text(TCPSHAKE_PHRASE_MENU),
                                           tcpshake_phrase_text(actions[i].entry));
        funnel_register_menu(name, REGISTER_PACKET_STAT_GROUP_UNSORTED, run_from_menu, (void *)&actions[i], NULL,
                             false);
        g_free(name);
    }
}

/* A right click selects the packet first. data is one that Wireshark frees. */
static void
run_from_packet(void *data, GPtrArray *fields _U_)
{
    run_from_menu(data);
}

static void
register_packet_menus(void)
{
    for (unsigned i = 0; i < array_length(actions); i++) {
        if (!actions[i].on_packet)
            continue;
        char *const          name = g_strdup_printf("%s/%s", tcpshake_phrase_text(TCPSHAKE_PHRASE_MENU),
                                                    tcpshake_phrase_text(actions[i].entry));
        struct action *const own = g_new(struct action, 1);
        *own = actions[i];
        tcpshake_register_packet_menu(name, "tcp.stream", run_from_packet, own);
        g_free(name);
    }
}

static void
register_toolbar(void)
{
    ext_toolbar_t *const toolbar = ext_toolbar_register_toolbar(TOOLBAR);

    for (unsigned i = 0; i < array_length(actions); i++) {
        ext_toolbar_add_entry(toolbar, EXT_TOOLBAR_BUTTON, tcpshake_phrase_text(actions[i].label), "",
                              tcpshake_phrase_text(actions[i].tip), false, NULL, false, NULL, run_from_toolbar,
                              (void *)&actions[i]);
        if (actions[i].run == next_anomaly)
            ext_toolbar_add_entry(toolbar, EXT_TOOLBAR_BOOLEAN, tcpshake_phrase_text(TCPSHAKE_PHRASE_WARNINGS_ONLY),
                                  "false", tcpshake_phrase_text(TCPSHAKE_PHRASE_WARNINGS_ONLY_TIP), false, NULL, false,
                                  NULL, switch_warnings_only, NULL);
    }
}

/* Wireshark ends. */
static void
end(void)
{
    tcpshake_remove_temporary_files();
    tcpshake_anomaly_index_free();
}

void
tcpshake_register_actions(void)
{
    if (!tcpshake_has_windows())
        return;
    register_menus();
    register_packet_menus();
    register_toolbar();
    register_shutdown_routine(end);
}
