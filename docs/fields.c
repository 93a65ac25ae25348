/* fields.c
 * Writes docs/fields.md from the tables that the plugin is built from, fields.def, values.def and prefs.def in
 * plugin/epan, and the core's names of the states: cmake --build build --target docs
 *
 * fields-doc [FILE]
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "core/conversation/conversation.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* strings: as the table of fields writes it, "VALS(role_names)". */
typedef struct field {
    const char *name, *type, *strings, *meaning;
} field;

static const field fields[] = {
#define FIELD(variable, filter, label, type, display, strings, meaning) { filter, #type, #strings, meaning },
#include "epan/fields/fields.def"
#undef FIELD
};

/* A row with a table's name begins that table; the rows without one are its values. */
typedef struct value {
    const char *table, *name;
    int         number;
} value;

static const value values[] = {
#define VALUES(table)       { "VALS(" #table ")", NULL, 0 },
#define VALUE(number, name) { NULL, name, number },
#define VALUES_END
#include "epan/fields/values.def"
#undef VALUES
#undef VALUE
#undef VALUES_END
};

typedef struct preference {
    const char *name, *preset, *unit, *sentence;
} preference;

static const preference preferences[] = {
#define SECONDS                                    " s"
#define COUNT                                      ""
#define LIMIT(name, preset, unit, label, sentence) { #name, #preset, unit, sentence },
#define SWITCH(name, label, sentence)              { #name, "FALSE", "", sentence },
#define CHOICE(name, preset, label, sentence)      { #name, preset, "", sentence },
#include "epan/prefs.def"
};

enum {
    FIELDS = sizeof fields / sizeof fields[0],
    ALL_VALUES = sizeof values / sizeof values[0],
    PREFERENCES = sizeof preferences / sizeof preferences[0]
};

/* A chapter has the fields from its first to the next chapter's. */
static const struct {
    const char *first, *title;
} chapters[] = {
    { "sender", "## Each segment" },
    { "verdict",
      "## The conversation\n\n"
      "Each segment of the conversation has these fields. The details pane shows the verdict on every segment, and\n"
      "fields of the opening or the close only where that happens. It leaves out what is zero or \"no\". Filters,\n"
      "columns and PDML have every field on every segment." },
    { "negotiated.mss", "### Options\n\nWhat both SYNs offer." },
    { "syn_frame", "### Frames, and TIME-WAIT" },
};

static const struct {
    const char *type, *words;
} types[] = {
    { "STRING", "text" },        { "FRAMENUM", "frame" }, { "BOOLEAN", "yes or no" }, { "RELATIVE_TIME", "duration" },
    { "ABSOLUTE_TIME", "time" },
};

static const char introduction[] =
    "<!-- Written by docs/fields.c from plugin/epan/fields/fields.def, values.def and plugin/epan/prefs.def;\n"
    "     cmake --build build --target docs writes it again. -->\n"
    "\n"
    "# Fields and preferences\n"
    "\n"
    "The filter `tcpshake` alone matches every segment that the plugin has something to show for. In a filter the\n"
    "name of a [value](#values) can stand for its number: `tcpshake.client.state == \"TIME-WAIT\"`. Durations are in\n"
    "seconds. Only `-2`, or a capture that Wireshark has loaded completely, shows on every segment how the\n"
    "conversation ended.\n";

static bool
is_enumeration(const field *field)
{
    return strncmp(field->strings, "VALS(", 5) == 0;
}

static const char *
type_of(const field *field)
{
    if (is_enumeration(field))
        return "[name](#values)";
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(field->type, types[i].type) == 0)
            return types[i].words;
    return "number";
}

static void
write_fields(void)
{
    for (size_t i = 0; i < FIELDS; i++) {
        for (size_t j = 0; j < sizeof chapters / sizeof chapters[0]; j++)
            if (strcmp(fields[i].name, chapters[j].first) == 0)
                printf("\n%s\n\n| field | type | meaning |\n|---|---|---|\n", chapters[j].title);
        printf("| `tcpshake.%s` | %s | %s |\n", fields[i].name, type_of(&fields[i]), fields[i].meaning);
    }
}

/* The fields that have the values of this table. */
static void
write_fields_of(const char *table)
{
    const char *before = "| ";

    for (size_t i = 0; i < FIELDS; i++) {
        if (strcmp(fields[i].strings, table) != 0)
            continue;
        printf("%s`tcpshake.%s`", before, fields[i].name);
        before = ", ";
    }
    printf(" | ");
}

static void
write_value(int number, const char *name, bool is_first)
{
    printf("%s%d `%s`", is_first ? "" : ", ", number, name);
}

static void
write_values(void)
{
    printf("\n## Values\n\n| of | number and name |\n|---|---|\n");
    write_fields_of("VALS(state_names)");
    for (int state = 0; state < TCPSHAKE_STATES; state++)
        write_value(state, tcpshake_state_name((tcpshake_state)state), state == 0);
    printf(" |\n");
    for (size_t table = 0; table < ALL_VALUES; table++) {
        if (!values[table].table)
            continue;
        write_fields_of(values[table].table);
        for (size_t i = table + 1; i < ALL_VALUES && !values[i].table; i++)
            write_value(values[i].number, values[i].name, i == table + 1);
        printf(" |\n");
    }
}

static void
write_preferences(void)
{
    printf("\n## Preferences\n\nEdit > Preferences > Protocols > TCP Handshake, or `-o tcpshake.NAME:VALUE`.\n"
           "Limits in seconds can be fractions, such as 0.5.\n\n"
           "| name | default | meaning |\n|---|---|---|\n");
    for (size_t i = 0; i < PREFERENCES; i++)
        printf("| `tcpshake.%s` | %s%s | %s |\n", preferences[i].name, preferences[i].preset, preferences[i].unit,
               preferences[i].sentence);
}

int
main(int argc, char **argv)
{
    if (argc > 1 && !freopen(argv[1], "w", stdout)) {
        perror(argv[1]);
        return 1;
    }
    printf("%s", introduction);
    write_fields();
    write_values();
    write_preferences();
    return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
