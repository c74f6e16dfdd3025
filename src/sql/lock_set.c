#include "sql/lock_set.h"

#include "sql/traits.h"

#include <stdlib.h>

void wb_lock_set_init(wb_lock_set *set, unsigned version, wb_arena *arena)
{
    *set = (wb_lock_set){.arena = arena, .by_key = wb_map_new(), .version = version};
    set->other = WB_NEW(arena, wb_table_lock);
}

void wb_lock_set_clear(wb_lock_set *set)
{
    wb_map_free(set->by_key);
    set->by_key = NULL;
}

static wb_str keep_copy(wb_arena *arena, wb_str text)
{
    return wb_str_make(wb_str_dup(arena, text), text.len);
}

static wb_table_lock *find_or_add(wb_lock_set *set, const wb_table_use *use)
{
    wb_table_lock *table = wb_map_get(set->by_key, use->key);
    if (table != NULL)
        return table;
    if (set->count == WB_LOCK_SET_TABLES) {
        set->gave_up = true;
        return NULL;
    }
    table = WB_NEW(set->arena, wb_table_lock);
    table->name = keep_copy(set->arena, use->name);
    table->key = keep_copy(set->arena, use->key);
    table->next = set->first;
    set->first = table;
    set->count++;
    (void) wb_map_set(set->by_key, table->key, table);
    return table;
}

/* Temporary tables of the session concern nobody else. */
static bool is_temporary(const wb_table_use *use)
{
    return use->has_schema && wb_str_has_prefix(use->key, WB_STR("\"pg_temp"));
}

static void add_lock(wb_lock_set *set, const wb_table_use *use)
{
    if (is_temporary(use) || (set->path_changed && !use->has_schema))
        return;
    wb_table_lock *table = find_or_add(set, use);
    if (table == NULL || table == set->other)
        return;
    if (use->mode > table->mode)
        table->mode = use->mode;
    if (use->tree > table->tree)
        table->tree = use->tree;
    if (use->mode >= WB_LOCK_SHARE && table->blocks_from == 0)
        table->blocks_from = set->statements;
}

/* What is locked already under this name stays so. */
static void forget_name(wb_lock_set *set, const wb_table_use *use)
{
    if (wb_map_get(set->by_key, use->key) == set->other)
        return;
    if (set->names == WB_LOCK_SET_NAMES) {
        set->gave_up = true;
        return;
    }
    set->names++;
    (void) wb_map_set(set->by_key, keep_copy(set->arena, use->key), set->other);
}

static void add_use(void *arg, const wb_table_use *use)
{
    wb_lock_set *set = arg;
    if (set->gave_up)
        return;
    switch (use->kind) {
    case WB_TABLE_LOCKED:
        add_lock(set, use);
        break;
    case WB_TABLE_MADE:
    case WB_TABLE_DROPPED:
        forget_name(set, use);
        break;
    case WB_TABLE_PATH:
        set->path_changed = true;
        break;
    }
}

static bool is_setting(wb_lexer_mode mode, wb_str statement)
{
    wb_token_reader reader;
    wb_token_reader_open(&reader, mode, statement);
    return wb_traits_is_word(&reader, "SET") || wb_traits_is_word(&reader, "RESET");
}

void wb_lock_set_add(wb_lock_set *set, wb_lexer_mode mode, wb_str statement)
{
    if (set->gave_up)
        return;
    if (!is_setting(mode, statement))
        set->statements++;
    wb_table_uses(mode, statement, set->version, add_use, set);
}

static int compare_keys(const void *one, const void *other)
{
    const wb_table_lock *a = one;
    const wb_table_lock *b = other;
    return wb_str_compare(a->key, b->key);
}

bool wb_lock_set_finish(wb_lock_set *set, wb_arena *arena, const wb_table_lock **ret_tables,
                        size_t *ret_count)
{
    size_t blocking = 0;
    bool is_late = false;
    for (const wb_table_lock *table = set->first; table != NULL; table = table->next) {
        blocking += table->blocks_from != 0 ? 1 : 0;
        is_late = is_late || table->blocks_from > 1;
    }
    bool is_worth = !set->gave_up && (blocking > 1 || is_late);
    *ret_tables = NULL;
    *ret_count = 0;
    if (!is_worth)
        return false;
    wb_table_lock *tables = WB_NEW_ARRAY(arena, wb_table_lock, set->count);
    size_t count = 0;
    for (const wb_table_lock *table = set->first; table != NULL; table = table->next) {
        tables[count] = *table;
        tables[count].name = keep_copy(arena, table->name);
        tables[count].key = keep_copy(arena, table->key);
        tables[count++].next = NULL;
    }
    qsort(tables, count, sizeof(*tables), compare_keys);
    *ret_tables = tables;
    *ret_count = count;
    return true;
}
