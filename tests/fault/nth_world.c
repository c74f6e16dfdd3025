#define _GNU_SOURCE
#include "nth_world.h"

#include "base/file.h"

#include <dirent.h>
#include <ftw.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LARGEST_FILE = 64 * 1024 * 1024 };

/* ---- the chains ---- */

/* Each effect shows whether it came twice, never, or in another order. */
#define EFFECT(name, number)                                  \
    "UPDATE tally SET n = (n * 3 + " #number ") % 1000003;\n" \
    "INSERT INTO log (what) VALUES ('" name "');\n"

enum { MIXED = 1 << CHAIN_MIXED, PLAIN = 1 << CHAIN_PLAIN, SERVER = 1 << CHAIN_SERVER };

static const struct {
    unsigned chains;
    const char *mode; /* behind the marker */
    const char *up;
    const char *down;
} revisions[] = {
    {MIXED | PLAIN | SERVER, "",
     "CREATE TABLE tally (n integer NOT NULL);\nINSERT INTO tally VALUES (1);\n"
     "CREATE TABLE log (id integer PRIMARY KEY, what text NOT NULL);\n" EFFECT("1 up", 11),
     EFFECT("1 down", 12) "CREATE TABLE last AS SELECT n FROM tally;\n"
                          "DROP TABLE log;\nDROP TABLE tally;\n"},
    {MIXED | PLAIN | SERVER, "",
     EFFECT("2 up", 21) "CREATE TABLE item (id integer PRIMARY KEY, name text);\n"
                        "INSERT INTO item (name) VALUES ('a'), ('b'), ('c');\n"
                        "CREATE INDEX item_name ON item (name);\n",
     "DROP TABLE item;\n" EFFECT("2 down", 22)},
    {MIXED | SERVER, "", EFFECT("3 up", 31) "VACUUM;\n" EFFECT("3 up, behind", 32) "VACUUM;\n",
     EFFECT("3 down", 33) "VACUUM;\n" EFFECT("3 down, behind", 34)},
    {MIXED | SERVER, " transaction:false",
     EFFECT("4 up",
            41) "CREATE TABLE note (id integer PRIMARY KEY, body text);\n"
                "BEGIN;\n" EFFECT("4 up, own",
                                  42) "COMMIT;\n"
                                      "INSERT INTO note (body) SELECT name FROM item;\n" EFFECT(
                                          "4 up, end", 43),
     EFFECT("4 down", 44) "DROP TABLE note;\n" EFFECT("4 down, end", 45)},
    {MIXED | PLAIN, "",
     "CREATE TRIGGER twice AFTER INSERT ON item BEGIN\n"
     "  INSERT INTO log (what) VALUES ('item ' || NEW.name);\nEND;\n"
     "INSERT INTO item (name) VALUES ('d');\n",
     "DROP TRIGGER twice;\n" EFFECT("5 down", 51)},
    {MIXED, "",
     "PRAGMA foreign_keys = OFF;\n"
     "CREATE TABLE item_new (id integer PRIMARY KEY, name text NOT NULL DEFAULT '-');\n"
     "INSERT INTO item_new SELECT id, name FROM item;\nDROP TABLE item;\n"
     "ALTER TABLE item_new RENAME TO item;\n" EFFECT("6 up", 61) "PRAGMA foreign_keys = ON;\n",
     "CREATE TRIGGER twice AFTER INSERT ON item BEGIN\n"
     "  INSERT INTO log (what) VALUES ('item ' || NEW.name);\nEND;\n" EFFECT("6 down", 62)},
    {MIXED | PLAIN | SERVER, "",
     "ALTER TABLE item ADD COLUMN price integer NOT NULL DEFAULT 1;\n"
     "UPDATE item SET price = price * 2 + 1;\n" EFFECT("7 up", 71),
     "ALTER TABLE item DROP COLUMN price;\n" EFFECT("7 down", 72)},
};

static void write_file(const char *path, wb_str text)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_int_equal(fwrite(text.ptr, 1, text.len, file), text.len);
    assert_int_equal(fclose(file), 0);
}

static void write_chain(const nth_world *it)
{
    const char *parent = "";
    for (size_t i = 0; i < COUNT_OF(revisions); i++) {
        if ((revisions[i].chains & (1U << it->chain)) == 0)
            continue;
        const char *id = wb_arena_printf(it->arena, "r%zu", i + 1);
        const char *mode = revisions[i].mode;
        const char *text =
            wb_arena_printf(it->arena,
                            "-- step\n--\n-- revision: %s\n-- revises: %s\n\n-- migrate:up%s\n%s\n"
                            "-- migrate:down%s\n%s",
                            id, parent, mode, revisions[i].up, mode, revisions[i].down);
        write_file(wb_arena_printf(it->arena, "%s/migrations/%s.sql", it->folder, id),
                   wb_str_from(text));
        parent = id;
    }
}

/* ---- the file ---- */

static void remove_database(const nth_world *it)
{
    static const char *const ends[] = {"", "-journal", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        (void) unlink(wb_arena_printf(it->arena, "%s%s", it->file, ends[i]));
}

void nth_put_back(const nth_world *it)
{
    remove_database(it);
    if (it->start.len > 0)
        write_file(it->file, it->start);
}

const char *nth_list(wb_arena *arena, const char *folder)
{
    struct dirent **entries = NULL;
    WB_AUTO_BUF(text, 0);
    int count = scandir(folder, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        if (strcmp(entries[i]->d_name, ".") != 0 && strcmp(entries[i]->d_name, "..") != 0)
            wb_buf_printf(&text, "%s\n", entries[i]->d_name);
        free(entries[i]);
    }
    free((void *) entries);
    return wb_str_dup(arena, wb_buf_str(&text));
}

unsigned nth_open_files(void)
{
    unsigned count = 0;
    DIR *listing = opendir("/proc/self/fd");
    while (listing != NULL && readdir(listing) != NULL) // NOLINT(concurrency-mt-unsafe)
        count++;
    if (listing != NULL)
        (void) closedir(listing);
    return count;
}

/* ---- snapshots ---- */

static void dump_query(sqlite3 *db, const char *sql, wb_buf *text)
{
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(db));
    wb_buf_printf(text, "== %s\n", sql);
    while (sqlite3_step(statement) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(statement); i++) {
            const char *cell = (const char *) sqlite3_column_text(statement, i);
            wb_buf_printf(text, "%s|", cell != NULL ? cell : "NULL");
        }
        wb_buf_putc(text, '\n');
    }
    (void) sqlite3_finalize(statement);
}

/* Schema, rows, and what of the ledger does not depend on the time of day. */
static char *snapshot(const nth_world *it)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *tables = NULL;
    WB_AUTO_BUF(text, 0);
    assert_int_equal(sqlite3_open_v2(it->file, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    dump_query(db, "SELECT type, name, sql FROM sqlite_master ORDER BY name", &text);
    dump_query(db,
               "SELECT revision, slug, checksum, raw_checksum, stamped, position, tool_version"
               " FROM whimbrel_history ORDER BY position",
               &text);
    dump_query(db, "PRAGMA integrity_check", &text);
    (void) sqlite3_prepare_v2(db,
                              "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT"
                              " LIKE 'whimbrel%' AND name NOT LIKE 'sqlite%' ORDER BY name",
                              -1, &tables, NULL);
    while (sqlite3_step(tables) == SQLITE_ROW)
        dump_query(db,
                   wb_arena_printf(it->arena, "SELECT * FROM %s ORDER BY rowid",
                                   (const char *) sqlite3_column_text(tables, 0)),
                   &text);
    (void) sqlite3_finalize(tables);
    (void) sqlite3_close(db);
    return wb_str_dup(it->arena, wb_buf_str(&text));
}

/* ---- runs ---- */

static bool open_workspace(nth_world *it, wb_error *err)
{
    wb_override overrides[] = {
        {"url", it->url, "test"},
        {"migrations", wb_arena_printf(it->arena, "%s/migrations", it->folder), "test"},
        {"lock_tables_first", "no", "test"}, /* SQLite, which is behind all, has no DO */
    };
    wb_open_options options = {.folder = it->folder,
                               .overrides = overrides,
                               .override_count = COUNT_OF(overrides),
                               .command = it->goes_down ? "downgrade" : "upgrade",
                               .event = it->event};
    return wb_open(&options, &it->workspace, err);
}

bool nth_run(nth_world *it, wb_error *err)
{
    enum { PATIENCE_MS = 5000 };
    const char *target = it->goes_down ? "base" : "heads";
    wb_run_options options = {.targets = &target,
                              .target_count = 1,
                              .transaction = it->transaction,
                              .lock_wait_ms = PATIENCE_MS};
    wb_plan_info plan;
    *err = (wb_error){0};
    if (!open_workspace(it, err))
        return false;
    WB_SCRATCH(results);
    if (it->begin != NULL)
        it->begin(it);
    wb_target *wanted = wb_target_at(it->workspace, 0);
    bool ok = it->goes_down ? wb_downgrade(wanted, &options, results, &plan, err)
                            : wb_upgrade(wanted, &options, results, &plan, err);
    wb_close(it->workspace);
    it->workspace = NULL;
    return ok;
}

static void assert_no_open_step(nth_world *it, const char *what)
{
    wb_error err = {0};
    wb_target_state state;
    WB_SCRATCH(results);
    if (!open_workspace(it, &err) ||
        !wb_state(wb_target_at(it->workspace, 0), results, &state, &err))
        fail_msg("%s: no state: %s", what, err.message);
    if (state.open_revision != NULL)
        fail_msg("%s: revision %s is left half done", what, state.open_revision);
    wb_close(it->workspace);
    it->workspace = NULL;
}

void nth_assert_converges(nth_world *it, const char *what)
{
    wb_error err;
    wb_arena *mine = it->arena;
    WB_SCRATCH(now);
    it->arena = now;
    if (!nth_run(it, &err))
        fail_msg("%s: the run behind it fails: %s (%s:%u) %s", what, err.message, err.file,
                 err.line, err.detail);
    const char *found = snapshot(it);
    if (strcmp(found, it->expected) != 0)
        fail_msg("%s: the database differs. Expected:\n%s\nFound:\n%s", what, it->expected, found);
    assert_no_open_step(it, what);
    const char *beside = nth_list(now, it->folder);
    if (strcmp(beside, "app.db\nmigrations\n") != 0)
        fail_msg("%s: left beside the database:\n%s", what, beside);
    it->arena = mine;
}

static wb_str read_database(const nth_world *it)
{
    wb_str text = {0};
    wb_error err;
    assert_true(wb_file_read(it->file, LARGEST_FILE, it->arena, &text, &err));
    return text;
}

static void run_plainly(nth_world *it)
{
    wb_error err;
    if (!nth_run(it, &err))
        fail_msg("an undisturbed run fails: %s (%s:%u) %s", err.message, err.file, err.line,
                 err.detail);
}

void nth_world_make(nth_world *it, nth_chain chain, bool goes_down, void (*begin)(nth_world *))
{
    bool has_shm = access("/dev/shm", W_OK) == 0;
    *it = (nth_world){.chain = chain, .arena = wb_arena_new(), .begin = begin};
    if (chain == CHAIN_PLAIN)
        it->transaction = "all";
    (void) snprintf(it->folder, sizeof(it->folder), "%s/wb-nth-XXXXXX",
                    has_shm ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(it->folder));
    (void) snprintf(it->file, sizeof(it->file), "%s/app.db", it->folder);
    (void) snprintf(it->url, sizeof(it->url), "%s%s",
                    chain == CHAIN_SERVER ? "postgresql://nobody@nowhere/app" : "sqlite:",
                    chain == CHAIN_SERVER ? "" : it->file);
    wb_error err;
    assert_true(
        wb_file_make_directory(wb_arena_printf(it->arena, "%s/migrations", it->folder), &err));
    write_chain(it);
    if (goes_down) {
        run_plainly(it);
        it->start = read_database(it);
    }
    it->goes_down = goes_down;
    run_plainly(it);
    it->expected = snapshot(it);
}

static int remove_entry(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void) about;
    (void) kind;
    (void) place;
    return remove(path);
}

void nth_world_free(nth_world *it)
{
    (void) nftw(it->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    wb_arena_free(it->arena);
}
