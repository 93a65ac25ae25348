/* items.h
 * Adds our items to a subtree. All are generated, that is, they refer to no bytes of the packet. An item that nobody is
 * going to see is not added at all; the functions then return NULL.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef TCPSHAKE_ITEMS_H
#define TCPSHAKE_ITEMS_H

#include "../fields/fields.h"

/* Where the items go. */
typedef struct items {
    proto_tree *tree;
    tvbuff_t   *tvb;
} items;

/* Asked before a text is composed. */
static inline bool
items_wants(const items *in, tcpshake_field field)
{
    return tcpshake_wants(in->tree, field);
}

static inline proto_item *
items_generated(proto_item *item)
{
    proto_item_set_generated(item);
    return item;
}

static inline proto_item *
items_add_uint(const items *in, tcpshake_field field, uint32_t value)
{
    if (!items_wants(in, field))
        return NULL;
    return items_generated(proto_tree_add_uint(in->tree, hf_tcpshake[field], in->tvb, 0, 0, value));
}

static inline proto_item *
items_add_flag(const items *in, tcpshake_field field, bool value)
{
    if (!items_wants(in, field))
        return NULL;
    return items_generated(proto_tree_add_boolean(in->tree, hf_tcpshake[field], in->tvb, 0, 0, value));
}

/* Nothing for frame 0. */
static inline void
items_add_frame(const items *in, tcpshake_field field, uint32_t frame)
{
    if (frame)
        items_add_uint(in, field, frame);
}

/* Nothing for an empty text. */
static inline proto_item *
items_add_text(const items *in, tcpshake_field field, const char *text)
{
    if (!text[0] || !items_wants(in, field))
        return NULL;
    return items_generated(proto_tree_add_string(in->tree, hf_tcpshake[field], in->tvb, 0, 0, text));
}

/* After text was appended: Wireshark cuts what is too long, even within a character, the rest of which goes here. */
static inline void
items_end_with_whole_character(const proto_item *item)
{
    const field_info *const info = item ? PITEM_FINFO(item) : NULL;
    const char             *end;

    if (info && info->rep && !g_utf8_validate(info->rep->representation, -1, &end))
        info->rep->representation[end - info->rep->representation] = '\0';
}

/* Nanoseconds, as a duration or since the epoch. */
static inline proto_item *
items_add_time(const items *in, tcpshake_field field, int64_t nanoseconds)
{
    nstime_t time = { (time_t)(nanoseconds / 1000000000), (int)(nanoseconds % 1000000000) };

    if (!items_wants(in, field))
        return NULL;
    return items_generated(proto_tree_add_time(in->tree, hf_tcpshake[field], in->tvb, 0, 0, &time));
}

/* Filters, columns, exports and scripts find it all the same. Where nobody sees the tree, item may be the tree. */
static inline void
items_hide(const items *in, proto_item *item)
{
    if (item && PTREE_DATA(in->tree)->visible)
        proto_item_set_hidden(item);
}

/* The subtree of an item; where nobody sees the tree itself, the items go where they are found just as well. */
static inline items
items_below(const items *in, proto_item *item, int ett)
{
    if (!item || !PTREE_DATA(in->tree)->visible)
        return *in;
    return (items){ proto_item_add_subtree(item, ett), in->tvb };
}

/* The same of a row that is a title. */
static inline items
items_subtree(const items *in, int ett, const char *title)
{
    proto_item *item;

    if (!PTREE_DATA(in->tree)->visible)
        return *in;
    const items below = { proto_tree_add_subtree(in->tree, in->tvb, 0, 0, ett, &item, title), in->tvb };
    items_generated(item);
    return below;
}

#endif /* TCPSHAKE_ITEMS_H */
