/* items.h
 * Adding our items to a subtree. All are generated, and stand for no bytes of the packet.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ITEMS_H
#define TCPSHAKE_ITEMS_H

#include "compat.h"

#include <epan/proto.h>

/* Where the items go. */
typedef struct items {
    proto_tree *tree;
    tvbuff_t   *tvb;
} items;

/* Whether this field is going to be seen: asked before a text is composed. */
static inline bool
items_wants(const items *in, int hf)
{
    return proto_field_is_referenced(in->tree, hf);
}

static inline proto_item *
items_generated(proto_item *item)
{
    proto_item_set_generated(item);
    return item;
}

static inline proto_item *
items_add_uint(const items *in, int hf, uint32_t value)
{
    return items_generated(proto_tree_add_uint(in->tree, hf, in->tvb, 0, 0, value));
}

static inline void
items_add_flag(const items *in, int hf, bool value)
{
    items_generated(proto_tree_add_boolean(in->tree, hf, in->tvb, 0, 0, value));
}

/* Nothing for frame 0. */
static inline void
items_add_frame(const items *in, int hf, uint32_t frame)
{
    if (frame)
        items_add_uint(in, hf, frame);
}

/* Nothing for an empty text. */
static inline proto_item *
items_add_text(const items *in, int hf, const char *text)
{
    return text[0] ? items_generated(proto_tree_add_string(in->tree, hf, in->tvb, 0, 0, text)) : NULL;
}

/* Nanoseconds, as a duration or since the epoch. */
static inline void
items_add_time(const items *in, int hf, int64_t nanoseconds)
{
    nstime_t time = { (time_t)(nanoseconds / 1000000000), (int)(nanoseconds % 1000000000) };

    items_generated(proto_tree_add_time(in->tree, hf, in->tvb, 0, 0, &time));
}

#endif /* TCPSHAKE_ITEMS_H */
