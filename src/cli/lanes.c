#include "cli/lanes.h"

/* What goes out of the middle of a cell; the glyph is chosen by the sum. */
enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8, CELL_KINDS = 16 };

static const char *const unicode_cells[CELL_KINDS] = {
    [0] = " ",
    [UP] = "\xe2\x94\x82",
    [DOWN] = "\xe2\x94\x82",
    [UP | DOWN] = "\xe2\x94\x82",
    [LEFT] = "\xe2\x94\x80",
    [RIGHT] = "\xe2\x94\x80",
    [LEFT | RIGHT] = "\xe2\x94\x80",
    [UP | LEFT] = "\xe2\x95\xaf",
    [UP | RIGHT] = "\xe2\x95\xb0",
    [DOWN | LEFT] = "\xe2\x95\xae",
    [DOWN | RIGHT] = "\xe2\x95\xad",
    [UP | DOWN | LEFT] = "\xe2\x94\xa4",
    [UP | DOWN | RIGHT] = "\xe2\x94\x9c",
    [UP | LEFT | RIGHT] = "\xe2\x94\xb4",
    [DOWN | LEFT | RIGHT] = "\xe2\x94\xac",
    [UP | DOWN | LEFT | RIGHT] = "\xe2\x94\xbc",
};

static const char *const ascii_cells[CELL_KINDS] = {
    [0] = " ",
    [UP] = "|",
    [DOWN] = "|",
    [UP | DOWN] = "|",
    [LEFT] = "-",
    [RIGHT] = "-",
    [LEFT | RIGHT] = "-",
    [UP | LEFT] = "'",
    [UP | RIGHT] = "'",
    [DOWN | LEFT] = ".",
    [DOWN | RIGHT] = ".",
    [UP | DOWN | LEFT] = "+",
    [UP | DOWN | RIGHT] = "+",
    [UP | LEFT | RIGHT] = "+",
    [DOWN | LEFT | RIGHT] = "+",
    [UP | DOWN | LEFT | RIGHT] = "+",
};

void wb_lanes_open(wb_lanes *lanes, const wb_revision_list *list, bool has_unicode, wb_arena *arena)
{
    *lanes = (wb_lanes){.arena = arena, .coming = wb_map_new(), .has_unicode = has_unicode};
    for (size_t i = 0; i < list->count; i++)
        (void) wb_map_set(lanes->coming, wb_str_from(list->items[i].id), &list->items[i]);
}

void wb_lanes_close(wb_lanes *lanes)
{
    wb_map_free(lanes->coming);
}

/* The first lane from `start` that waits for `id`, or that is free where `id` is NULL. */
static bool find_lane(const wb_lanes *lanes, const char *id, size_t start, size_t *ret_lane)
{
    for (size_t i = start; i < lanes->ids.count; i++) {
        const char *lane = lanes->ids.items[i];
        if (id == NULL ? lane == NULL : lane != NULL && strcmp(lane, id) == 0) {
            *ret_lane = i;
            return true;
        }
    }
    return false;
}

static bool is_coming(const wb_lanes *lanes, const char *id)
{
    return wb_map_get(lanes->coming, wb_str_from(id)) != NULL;
}

/* A free lane, so that the drawing stays narrow; a new one where none is free. */
static size_t take_lane(wb_lanes *lanes, const char *id)
{
    size_t lane = 0;
    if (!find_lane(lanes, NULL, 0, &lane)) {
        lane = lanes->ids.count;
        WB_LIST_ADD(lanes->arena, &lanes->ids, NULL);
    }
    lanes->ids.items[lane] = id;
    return lane;
}

static const char *cell(const wb_lanes *lanes, unsigned ways)
{
    return lanes->has_unicode ? unicode_cells[ways] : ascii_cells[ways];
}

/* Flags of one row of connections; a lane that goes through is UP and DOWN. */
static unsigned char *new_row(const wb_lanes *lanes)
{
    unsigned char *ways = WB_NEW_ARRAY(lanes->arena, unsigned char, lanes->ids.count + 1);
    for (size_t i = 0; i < lanes->ids.count; i++)
        ways[i] = lanes->ids.items[i] != NULL ? UP | DOWN : 0;
    return ways;
}

static void connect(unsigned char *ways, size_t from, size_t to)
{
    size_t low = from < to ? from : to;
    size_t high = from < to ? to : from;
    ways[low] |= RIGHT;
    ways[high] |= LEFT;
    for (size_t i = low + 1; i < high; i++)
        ways[i] |= LEFT | RIGHT;
}

static void put_row(const wb_lanes *lanes, const unsigned char *ways, wb_buf *buf)
{
    for (size_t i = 0; i < lanes->ids.count; i++) {
        wb_buf_puts(buf, cell(lanes, ways[i]));
        if (i + 1 < lanes->ids.count)
            wb_buf_puts(buf, cell(lanes, ways[i] & RIGHT ? LEFT | RIGHT : 0));
    }
    while (buf->len > 0 && buf->ptr[buf->len - 1] == ' ')
        buf->len--;
    wb_buf_putc(buf, '\n');
}

/* Ends the other lanes that wait for the revision in lane `own`. */
static void join_lanes(wb_lanes *lanes, size_t own, wb_buf *buf)
{
    const char *id = lanes->ids.items[own];
    size_t lane = 0;
    if (!find_lane(lanes, id, own + 1, &lane))
        return;
    unsigned char *ways = new_row(lanes);
    for (size_t start = own + 1; find_lane(lanes, id, start, &lane); start = lane + 1) {
        connect(ways, own, lane);
        ways[lane] &= (unsigned char) ~DOWN;
        lanes->ids.items[lane] = NULL;
    }
    put_row(lanes, ways, buf);
}

static void trim_lanes(wb_lanes *lanes)
{
    while (lanes->ids.count > 0 && lanes->ids.items[lanes->ids.count - 1] == NULL)
        lanes->ids.count--;
}

typedef struct lane_link {
    size_t lane;
    bool is_new; /* begins here */
} lane_link;

/* Hands the lane on to the first parent, and begins lanes for the others. Parents that are not
 * in the list, or were drawn already, have no lane. */
static void open_parents(wb_lanes *lanes, const wb_revision_info *info, size_t own, wb_buf *buf)
{
    WB_LIST(lane_link) others = {0};
    lanes->ids.items[own] = NULL;
    for (size_t i = 0; i < info->revises_count; i++) {
        const char *parent = info->revises[i];
        size_t lane = 0;
        if (!is_coming(lanes, parent))
            continue;
        if (lanes->ids.items[own] == NULL)
            lanes->ids.items[own] = parent;
        else if (find_lane(lanes, parent, 0, &lane))
            WB_LIST_ADD(lanes->arena, &others, ((lane_link){lane, false}));
        else
            WB_LIST_ADD(lanes->arena, &others, ((lane_link){take_lane(lanes, parent), true}));
    }
    if (others.count == 0) {
        trim_lanes(lanes);
        return;
    }
    unsigned char *ways = new_row(lanes);
    for (size_t i = 0; i < others.count; i++) {
        if (others.items[i].is_new)
            ways[others.items[i].lane] &= (unsigned char) ~UP;
        connect(ways, own, others.items[i].lane);
    }
    put_row(lanes, ways, buf);
}

static void put_beside(const wb_lanes *lanes, size_t own, const char *mark, wb_str line,
                       wb_buf *buf)
{
    for (size_t i = 0; i < lanes->ids.count; i++) {
        bool is_lane = lanes->ids.items[i] != NULL;
        wb_buf_puts(buf, mark != NULL && i == own ? mark : cell(lanes, is_lane ? UP | DOWN : 0));
        wb_buf_putc(buf, ' ');
    }
    wb_buf_printf(buf, " %.*s\n", WB_STR_ARG(line));
}

void wb_lanes_draw(wb_lanes *lanes, const wb_revision_info *info, const char *text, wb_buf *buf)
{
    size_t own = 0;
    if (!find_lane(lanes, info->id, 0, &own))
        own = take_lane(lanes, info->id);
    join_lanes(lanes, own, buf);
    trim_lanes(lanes);
    (void) wb_map_set(lanes->coming, wb_str_from(info->id), NULL);
    wb_str rest = wb_str_from(text);
    wb_str line;
    const char *mark = lanes->has_unicode ? "\xe2\x97\x8f" : "*";
    bool goes_on = false;
    for (size_t i = 0; i < info->revises_count; i++)
        goes_on = goes_on || is_coming(lanes, info->revises[i]);
    for (; wb_str_next_line(&rest, &line); mark = NULL) {
        put_beside(lanes, own, mark, line, buf);
        if (!goes_on)
            lanes->ids.items[own] = NULL;
    }
    open_parents(lanes, info, own, buf);
}
