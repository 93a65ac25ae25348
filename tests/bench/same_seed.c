/* same_seed.c
 * Put in front of GLib by scripts/bench: the same hash seed in every run. How long a look-up in one of Wireshark's maps
 * takes depends on the seed, and two runs of the same tshark over the same capture can differ by half a per cent.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include <glib.h>

guint32
g_random_int(void)
{
    return 0x5bd1e995;
}
