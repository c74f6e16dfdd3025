/* Any bytes through what looks at statements a second time: which tables they lock, what they do to
 * a SQLite schema, how they are shown to others. The first byte chooses the dialect. Whatever
 * comes: a name is a piece of text without a zero byte, a set ends in the order of its keys, an
 * outline is one line and no longer than asked for. */
#include "base/hash.h"
#include "sql/lock_set.h"
#include "sql/outline.h"
#include "sql/splitter.h"
#include "sql/sqlite_section.h"

#include <stdio.h>
#include <stdlib.h>

/* NOLINTNEXTLINE(readability-identifier-naming): libFuzzer wants this name */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    (void) fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

static void check_use(void *arg, const wb_table_use *use)
{
    size_t zero = 0;
    (void) arg;
    must(use->kind == WB_TABLE_PATH || (use->name.len > 0 && use->key.len > 0), "a use has a name");
    must(!wb_str_find_byte(use->name, '\0', &zero), "a name has no zero byte");
    must(use->tree <= use->mode, "partitions are not locked more than their table");
}

static void check_set(wb_lock_set *set, wb_arena *arena)
{
    const wb_table_lock *tables = NULL;
    size_t count = 0;
    if (!wb_lock_set_finish(set, arena, &tables, &count))
        return;
    for (size_t i = 1; i < count; i++) {
        int order = memcmp(tables[i - 1].key.ptr, tables[i].key.ptr,
                           tables[i - 1].key.len < tables[i].key.len ? tables[i - 1].key.len
                                                                     : tables[i].key.len);
        must(order < 0 || (order == 0 && tables[i - 1].key.len < tables[i].key.len),
             "tables come in the order of their names");
    }
}

static void look(const wb_dialect *dialect, const wb_statement *statement, wb_lock_set *set,
                 wb_sqlite_section *section)
{
    enum { MOST_BYTES = 60, ROOM_FOR_DOTS = 8 };
    const wb_lexer_mode mode = {.dialect = dialect->id, .backslash = dialect->id == WB_MARIADB};
    wb_buf line;
    size_t at = 0;
    wb_buf_init(&line, 0);
    wb_sql_outline(dialect->id, statement->text, MOST_BYTES, &line);
    must(line.len <= MOST_BYTES + ROOM_FOR_DOTS, "an outline is as short as asked for");
    must(!wb_str_find_byte(wb_buf_str(&line), '\n', &at), "an outline is one line");
    wb_buf_clear(&line);
    if (dialect->id == WB_POSTGRES) {
        wb_table_uses(mode, statement->text, 0, check_use, NULL);
        wb_lock_set_add(set, mode, statement->text);
    }
    if (dialect->id == WB_SQLITE) {
        wb_sqlite_section_add(section, statement->text);
        (void) wb_sqlite_sets_foreign_keys(statement->text);
        (void) wb_sqlite_trigger_event(statement->text);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const wb_dialect *dialect = wb_dialect_of((wb_dialect_id) (data[0] % 3));
    wb_text_source source = {wb_str_make((const char *) data + 1, size - 1)};
    wb_splitter_options options = {.dialect = dialect, .file = "fuzz.sql"};
    wb_splitter *splitter = wb_splitter_new(&options, wb_read_text, &source);
    wb_arena *arena = wb_arena_new();
    wb_lock_set set;
    wb_sqlite_section section;
    wb_lock_set_init(&set, 0, arena);
    wb_sqlite_section_init(&section, arena);
    for (;;) {
        wb_statement statement;
        wb_error ignored;
        bool done = false;
        if (!wb_splitter_next(splitter, &statement, &done, &ignored) || done)
            break;
        look(dialect, &statement, &set, &section);
    }
    check_set(&set, arena);
    wb_lock_set_clear(&set);
    wb_sqlite_section_clear(&section);
    wb_splitter_free(splitter);
    wb_arena_free(arena);
    return 0;
}
