/* test_conversation.c
 * Whole conversations: what a first pass shows while they go on, and what is known when the capture was read. The tests
 * themselves are in conversation_*.c.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "conversation_tests.h"

static conversation_case  *first;
static conversation_case **last = &first;

void
conversation_register(conversation_case *one)
{
    *last = one;
    last = &one->next;
}

static void
add(const conversation_case *one)
{
    static const struct {
        const char     *name;
        const uint32_t *isns;
    } numbers[] = { { "ordinary", ordinary_isns }, { "wrapping", wrapping_isns } };

    for (unsigned i = 0; i < (one->once ? 1 : G_N_ELEMENTS(numbers)); i++) {
        char *const path = one->once ? g_strconcat("/conversation/", one->name, NULL)
                                     : g_strdup_printf("/conversation/%s/%s", one->name, numbers[i].name);
        g_test_add_data_func(path, numbers[i].isns, one->function);
        g_free(path);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions(); /* one that fails hides no other */
    for (const conversation_case *one = first; one; one = one->next)
        add(one);
    return g_test_run();
}
