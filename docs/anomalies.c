/* anomalies.c
 * Writes docs/anomalies.md from the catalogue, plugin/core/conversation/anomalies.def, and from plugin/epan/prefs.def:
 * cmake --build build --target docs
 *
 * anomalies-doc [FILE]
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { OPENING, OPEN, CLOSING, CAPTURE, CHAPTERS };

typedef struct anomaly {
    const char *name, *severity;
    int         chapter;
    const char *source, *summary, *meaning, *reasons, *next;
} anomaly;

static const char *const chapters[CHAPTERS] = {
    [OPENING] = "Opening",
    [OPEN] = "Open",
    [CLOSING] = "Closing",
    [CAPTURE] = "The capture",
};

#define CHAT "Chat"
#define NOTE "Note"
#define WARN "Warning"

static const anomaly anomalies[] = {
#define ANOMALY(name, severity, chapter, source, summary, meaning, reasons, next) \
    { #name, severity, chapter, source, summary, meaning, reasons, next },
#include "core/conversation/anomalies.def"
#undef ANOMALY
};

enum { ANOMALIES = sizeof anomalies / sizeof anomalies[0] };

static const struct {
    const char *name, *preset, *unit, *sentence;
} limits[] = {
#define SECONDS                                    " s"
#define COUNT                                      ""
#define LIMIT(name, preset, unit, label, sentence) { #name, #preset, unit, sentence },
#include "epan/prefs.def"
};

static const char introduction[] =
    "<!-- Written by docs/anomalies.c from plugin/core/conversation/anomalies.def and plugin/epan/prefs.def;\n"
    "     cmake --build build --target docs writes it again. -->\n"
    "\n"
    "# Anomalies\n"
    "\n"
    "A healthy conversation has none of these. Each anomaly is a value of `tcpshake.anomaly` on the segment that it\n"
    "is about, a value of `tcpshake.conn.anomaly` on every segment of the conversation, and an expert info whose\n"
    "message gives the numbers.\n"
    "\n"
    "| to find | filter |\n"
    "|---|---|\n"
    "| the segments | `tcpshake.anomaly.NAME`, or `tcpshake.anomaly == \"NAME\"` |\n"
    "| the whole conversations (with `-2`) | `tcpshake.conn.anomaly == \"NAME\"` |\n"
    "| any anomaly | `tcpshake.anomaly` |\n"
    "\n"
    "## How to read this\n"
    "\n"
    "The capture proves the first paragraph of each entry. It does not prove the reasons below it: these are the\n"
    "likely ones, the most common first. \"Look at next\" says how to tell them apart. Commands and `net.ipv4.` "
    "settings are\n"
    "those of Linux, with its defaults.\n"
    "\n"
    "**First and second pass.** A first pass (`tshark` without `-2`, a live capture) shows what is known so far; a\n"
    "second pass (a click in Wireshark, `-2`) shows what is known at the end of the capture. An anomaly is on the\n"
    "segment that it is about. If only a later segment proves it, a first pass shows it on that later segment,\n"
    "because the earlier one has already been shown.\n"
    "\n"
    "**Silence** is measured up to the last frame of the capture, whatever its protocol: up to there, the capture "
    "shows\n"
    "that nobody answered. If no TCP segment was captured for more than an hour, or the clock was set back by\n"
    "more than that, the capture may have been interrupted, or joined from several: silence then ends at the last\n"
    "segment before the gap or the step.\n"
    "\n"
    "| shown | which |\n"
    "|---|---|\n"
    "| in a second pass only: only silence proves it | `syn_unanswered`; `connection_timeout`, "
    "`missing_handshake_ack`, `missing_fin_ack`, `read_timeout`, `close_wait_lingering` and `close_wait_idle` if no "
    "more segments come |\n"
    "| in a second pass only: known only at the end of the capture | `lost_between`, `reset_in_between`, "
    "`nat_bypassed` |\n"
    "| later in a first pass, on the segment that proves it | `icmp_rejected` (on the SYN), `split_handshake`, "
    "`read_timeout` (never answered), `keepalive_unanswered`, `reset_ignored`, `data_after_close`, "
    "`one_sided`, `segment_not_captured`, `captured_out_of_order` |\n"
    "| in a first pass, but withdrawn in a second if later segments contradict it | `missing_handshake_ack`, "
    "`synack_unsolicited`, `missing_fin_ack`, `syn_on_open_connection`, `simultaneous_open`, `early_data`, "
    "`connection_lost`, `connection_reset`, "
    "`abortive_close`, `one_sided` |\n"
    "\n"
    "**Three timeouts.** Applications and administrators speak of three timeouts. Each has a field with the measured\n"
    "time, and an anomaly and a limit of the same name.\n"
    "\n"
    "| timeout | what it measures | field | anomaly and limit |\n"
    "|---|---|---|---|\n"
    "| Connection Timeout | the whole handshake, including retransmitted SYNs | `tcpshake.connection_time` | "
    "`connection_timeout` |\n"
    "| Socket Timeout | the gap between two segments of an open conversation | `tcpshake.socket_time` | "
    "`socket_timeout` |\n"
    "| Read Timeout | from a request to the first byte of its answer | `tcpshake.read_time` | `read_timeout` |\n"
    "\n"
    "**Limits** are preferences: Edit > Preferences > Protocols > TCP Handshake, or `-o tcpshake.NAME:VALUE`.\n"
    "Limits in seconds can be fractions, such as 0.5.\n"
    "\n"
    "| preference | default | meaning |\n"
    "|---|---|---|\n";

static bool
is_anomaly(const char *name, size_t length)
{
    for (int i = 0; i < ANOMALIES; i++)
        if (strlen(anomalies[i].name) == length && memcmp(anomalies[i].name, name, length) == 0)
            return true;
    return false;
}

/* The text, with a link for every other anomaly that it names. */
static void
write_text(const char *text)
{
    for (const char *open; (open = strchr(text, '`')) != NULL;) {
        const char *const name = open + 1;
        const char *const close = strchr(name, '`');
        const int         length = close ? (int)(close - name) : 0;

        printf("%.*s", (int)(open - text), text);
        if (!close) {
            text = open;
            break;
        }
        if (is_anomaly(name, (size_t)length))
            printf("[`%.*s`](#%.*s)", length, name, length, name);
        else
            printf("`%.*s`", length, name);
        text = close + 1;
    }
    printf("%s", text);
}

/* "RFC 9293 section 3.5", as a link to that section. */
static void
write_source(const char *source)
{
    unsigned number;
    char     section[16];

    switch (sscanf(source, "RFC %u section %15s", &number, section)) {
    case 2: printf("[%s](https://www.rfc-editor.org/rfc/rfc%u#section-%s)", source, number, section); break;
    case 1: printf("[%s](https://www.rfc-editor.org/rfc/rfc%u)", source, number); break;
    default: printf("%s", source); break;
    }
}

static void
write_limits(void)
{
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
        printf("| `%s` | %s%s | %s |\n", limits[i].name, limits[i].preset, limits[i].unit, limits[i].sentence);
    printf("\n");
}

static void
write_contents(int chapter)
{
    printf("**%s**\n\n| name | severity | |\n|---|---|---|\n", chapters[chapter]);
    for (int i = 0; i < ANOMALIES; i++)
        if (anomalies[i].chapter == chapter)
            printf("| [`%s`](#%s) | %s | %s |\n", anomalies[i].name, anomalies[i].name, anomalies[i].severity,
                   anomalies[i].summary);
    printf("\n");
}

static void
write_anomaly(const anomaly *anomaly)
{
    printf("### %s\n\n%s. %s.\n\n", anomaly->name, anomaly->severity, anomaly->summary);
    write_text(anomaly->meaning);
    printf("\n\n- **Likely reasons:** ");
    write_text(anomaly->reasons);
    printf("\n- **Look at next:** ");
    write_text(anomaly->next);
    printf("\n- **Filter:** `tcpshake.anomaly.%s`\n- **From:** ", anomaly->name);
    write_source(anomaly->source);
    printf("\n\n");
}

static void
write_chapter(int chapter)
{
    printf("## %s\n\n", chapters[chapter]);
    for (int i = 0; i < ANOMALIES; i++)
        if (anomalies[i].chapter == chapter)
            write_anomaly(&anomalies[i]);
}

int
main(int argc, char **argv)
{
    if (argc > 1 && !freopen(argv[1], "w", stdout)) {
        perror(argv[1]);
        return 1;
    }
    write_text(introduction);
    write_limits();
    printf("## Contents\n\n");
    for (int chapter = 0; chapter < CHAPTERS; chapter++)
        write_contents(chapter);
    for (int chapter = 0; chapter < CHAPTERS; chapter++)
        write_chapter(chapter);
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
