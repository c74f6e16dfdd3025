/* PostgreSQL: the statements that refuse a transaction leave traces in the catalogs that tell how
 * they ended. Each kind has a probe; what is not in the table cannot be told. */
#include "engine/verify.h"
#include "sql/token_reader.h"

#include <stdio.h>

typedef struct probe {
    const wb_doubt *doubt;
    wb_session *session;
    wb_token_reader reader; /* stands behind the words that chose the probe */
    wb_verification *result;
} probe;

typedef bool probe_fn(probe *it, wb_error *err);

/* ---- reading the statement ---- */

static bool accept(probe *it, const char *word)
{
    return wb_token_reader_accept(&it->reader, word);
}

static void accept_if_exists(probe *it)
{
    if (accept(it, "IF")) {
        (void) accept(it, "NOT");
        (void) accept(it, "EXISTS");
    }
}

/* A name as it is written, with its schema: text for to_regclass and for SQL. NULL where there is
 * none. */
static const char *take_name(probe *it)
{
    WB_AUTO_BUF(name, 0);
    wb_token_reader *reader = &it->reader;
    while (reader->token.kind == WB_TOKEN_WORD || reader->token.kind == WB_TOKEN_NAME) {
        wb_buf_add_str(&name, reader->text);
        wb_token_reader_step(reader);
        if (!accept(it, "."))
            break;
        wb_buf_putc(&name, '.');
    }
    return name.len > 0 ? wb_str_dup(it->doubt->arena, wb_buf_str(&name)) : NULL;
}

/* The text of a string or of the last part of a name, as the catalogs have it. */
static const char *plain(probe *it, const char *name)
{
    wb_str text = wb_str_from(name);
    size_t dot = 0;
    bool is_quoted = text.len > 0 && text.ptr[text.len - 1] == '"';
    if (!is_quoted && wb_str_find_byte(text, '.', &dot))
        text = wb_str_from_offset(text, dot + 1);
    WB_AUTO_BUF(out, 0);
    wb_str inner = wb_token_unquoted(text);
    for (size_t i = 0; i < inner.len; i++) {
        bool is_doubled = is_quoted && inner.ptr[i] == '"' && i + 1 < inner.len;
        char c = inner.ptr[i];
        if (!is_quoted)
            c = wb_to_lower(c);
        wb_buf_putc(&out, c);
        i += is_doubled ? 1 : 0;
    }
    return wb_str_dup(it->doubt->arena, wb_buf_str(&out));
}

/* ---- answers ---- */

static bool say(probe *it, wb_verdict verdict, const char *reason)
{
    it->result->verdict = verdict;
    it->result->reason = reason;
    return true;
}

static void add_repair(probe *it, const char *sql)
{
    WB_LIST_ADD(it->doubt->arena, &it->result->repairs, sql);
}

/* One row of texts, in the arena; a NULL cell is NULL. */
typedef struct found_row {
    wb_arena *arena;
    const char *cells[6];
    size_t rows;
} found_row;

static bool keep_row(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    found_row *found = arg;
    if (found->rows++ > 0)
        return true;
    for (size_t i = 0; i < row->count && i < sizeof(found->cells) / sizeof(found->cells[0]); i++)
        found->cells[i] = wb_row_is_null(row, i) ? NULL : wb_str_dup(found->arena, row->cells[i]);
    return true;
}

static bool ask(probe *it, const char *sql, const char *first, const char *second, found_row *found,
                wb_error *err)
{
    wb_value args[] = {wb_value_text(first), wb_value_text(second)};
    *found = (found_row){.arena = it->doubt->arena};
    return wb_session_query(it->session, wb_str_from(sql), args, second != NULL ? 2 : 1, keep_row,
                            found, err);
}

static bool is_yes(const char *cell)
{
    return cell != NULL && cell[0] == 't';
}

/* ---- indexes ---- */

/* -> name fit for SQL, valid, the table that it is on is the one asked for, its own table */
static const char index_sql[] =
    "SELECT i.indexrelid::regclass::text, i.indisvalid AND i.indisready AND i.indislive,"
    " i.indrelid = pg_catalog.to_regclass($2), i.indrelid::regclass::text"
    " FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
    " WHERE c.relname = $1 AND c.relnamespace ="
    " (SELECT relnamespace FROM pg_catalog.pg_class WHERE oid = pg_catalog.to_regclass($2))";

/* Invalid indexes of a table whose name the server chose. -> name, how many */
static const char invalid_sql[] =
    "SELECT min(indexrelid::regclass::text), count(*) FROM pg_catalog.pg_index"
    " WHERE indrelid = pg_catalog.to_regclass($1) AND NOT indisvalid";

static bool drop_invalid(probe *it, const char *index)
{
    wb_arena *arena = it->doubt->arena;
    add_repair(it, wb_arena_printf(arena, "DROP INDEX CONCURRENTLY IF EXISTS %s", index));
    return say(it, WB_VERDICT_UNDONE,
               wb_arena_printf(arena, "its index %s is invalid, and is dropped", index));
}

static bool probe_unnamed_index(probe *it, const char *table, wb_error *err)
{
    found_row found;
    wb_arena *arena = it->doubt->arena;
    if (!ask(it, invalid_sql, table, NULL, &found, err))
        return false;
    if (found.cells[1] != NULL && strcmp(found.cells[1], "1") == 0)
        return drop_invalid(it, found.cells[0]);
    it->result->if_done =
        wb_arena_printf(arena, "Table %s has one index more, which is valid.", table);
    it->result->if_undone = wb_arena_printf(arena, "Table %s has no such index.", table);
    return say(it, WB_VERDICT_OPEN, "the index has no name by which to look for it");
}

/* CREATE [UNIQUE] INDEX CONCURRENTLY */
static bool probe_create_index(probe *it, wb_error *err)
{
    found_row found;
    wb_arena *arena = it->doubt->arena;
    accept_if_exists(it);
    const char *name = accept(it, "ON") ? NULL : take_name(it);
    if (name != NULL)
        (void) accept(it, "ON");
    (void) accept(it, "ONLY");
    const char *table = take_name(it);
    if (table == NULL)
        return say(it, WB_VERDICT_OPEN, "its text is not understood");
    if (name == NULL)
        return probe_unnamed_index(it, table, err);
    if (!ask(it, index_sql, plain(it, name), table, &found, err))
        return false;
    if (found.rows == 0)
        return say(it, WB_VERDICT_UNDONE, wb_arena_printf(arena, "there is no index %s", name));
    if (!is_yes(found.cells[2]))
        return say(it, WB_VERDICT_UNDONE,
                   wb_arena_printf(arena, "the index %s is one of table %s", name, found.cells[3]));
    if (!is_yes(found.cells[1]))
        return drop_invalid(it, found.cells[0]);
    return say(it, WB_VERDICT_DONE,
               wb_arena_printf(arena, "the index %s is there and valid", name));
}

static bool probe_drop_index(probe *it, wb_error *err)
{
    found_row found;
    accept_if_exists(it);
    const char *name = take_name(it);
    if (name == NULL)
        return say(it, WB_VERDICT_OPEN, "its text is not understood");
    if (!ask(it, "SELECT pg_catalog.to_regclass($1)::text", name, NULL, &found, err))
        return false;
    bool is_there = found.cells[0] != NULL;
    return say(it, is_there ? WB_VERDICT_UNDONE : WB_VERDICT_DONE,
               wb_arena_printf(it->doubt->arena, "the index %s is %s", name,
                               is_there ? "still there" : "gone"));
}

static bool add_leftover(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    probe *it = arg;
    add_repair(it, wb_arena_printf(it->doubt->arena, "DROP INDEX CONCURRENTLY IF EXISTS %s",
                                   wb_row_text(row, 0)));
    return true;
}

/* A REINDEX CONCURRENTLY that was cut off leaves invalid copies behind, also of the indexes of the
 * table's TOAST; the index itself is as it was, so it can be done again. The copies that somebody
 * else is building at this moment look the same, but for the progress view. */
static bool probe_reindex(probe *it, wb_error *err)
{
    static const char sql[] =
        "WITH target AS (SELECT coalesce(i.indrelid, c.oid) AS id FROM pg_catalog.pg_class c"
        " LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid"
        " WHERE c.oid = pg_catalog.to_regclass($1))"
        " SELECT i.indexrelid::regclass::text FROM pg_catalog.pg_index i"
        " JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid"
        " WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'"
        " AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_stat_progress_create_index p"
        " WHERE p.index_relid = i.indexrelid)"
        " AND ($1 = '' OR i.indrelid IN (SELECT id FROM target UNION SELECT t.reltoastrelid"
        " FROM pg_catalog.pg_class t WHERE t.oid IN (SELECT id FROM target))) LIMIT 100";
    if (it->reader.token.kind == WB_TOKEN_OPEN)
        wb_token_reader_skip_group(&it->reader);
    (void) accept(it, "VERBOSE");
    bool is_one = accept(it, "INDEX") || accept(it, "TABLE");
    if (!is_one) /* SCHEMA, DATABASE, SYSTEM */
        wb_token_reader_step(&it->reader);
    (void) accept(it, "CONCURRENTLY");
    const char *name = is_one ? take_name(it) : "";
    const wb_value arg = wb_value_text(name != NULL ? name : "");
    if (!wb_session_query(it->session, wb_str_from(sql), &arg, 1, add_leftover, it, err))
        return false;
    return say(it, WB_VERDICT_UNDONE,
               it->result->repairs.count > 0
                   ? "it left invalid copies of indexes, which are dropped"
                   : "an index can be built again");
}

/* ---- partitions ---- */

static bool probe_detach(probe *it, wb_error *err)
{
    /* -> whether it is detached by half; no row where it is detached */
    static const char sql[] =
        "SELECT (to_jsonb(h) ->> 'inhdetachpending')::boolean FROM pg_catalog.pg_inherits h"
        " WHERE inhparent = pg_catalog.to_regclass($1) AND inhrelid = pg_catalog.to_regclass($2)";
    found_row found;
    wb_arena *arena = it->doubt->arena;
    accept_if_exists(it);
    (void) accept(it, "ONLY");
    const char *parent = take_name(it);
    if (parent == NULL || !accept(it, "DETACH") || !accept(it, "PARTITION"))
        return say(it, WB_VERDICT_OPEN, "its text is not understood");
    const char *partition = take_name(it);
    if (!ask(it, sql, parent, partition, &found, err))
        return false;
    if (found.rows == 0)
        return say(it, WB_VERDICT_DONE, wb_arena_printf(arena, "%s is detached", partition));
    if (!is_yes(found.cells[0]))
        return say(it, WB_VERDICT_UNDONE,
                   wb_arena_printf(arena, "%s is still attached", partition));
    add_repair(it, wb_arena_printf(arena, "ALTER TABLE %s DETACH PARTITION %s FINALIZE", parent,
                                   partition));
    return say(it, WB_VERDICT_DONE,
               wb_arena_printf(arena, "%s was detached by half, and this is brought to its end",
                               partition));
}

/* ---- things that are there or not ---- */

/* Is there a row? Then `if_there`, otherwise the opposite. */
static bool probe_object(probe *it, const char *sql, const char *name, wb_verdict if_there,
                         const char *kind, wb_error *err)
{
    found_row found;
    if (name == NULL)
        return say(it, WB_VERDICT_OPEN, "its text is not understood");
    if (!ask(it, sql, plain(it, name), NULL, &found, err))
        return false;
    wb_verdict otherwise = if_there == WB_VERDICT_DONE ? WB_VERDICT_UNDONE : WB_VERDICT_DONE;
    return say(it, found.rows > 0 ? if_there : otherwise,
               wb_arena_printf(it->doubt->arena, "the %s %s is %s", kind, name,
                               found.rows > 0 ? "there" : "not there"));
}

static const char database_sql[] = "SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1";
static const char tablespace_sql[] = "SELECT 1 FROM pg_catalog.pg_tablespace WHERE spcname = $1";
static const char subscription_sql[] =
    "SELECT 1 FROM pg_catalog.pg_subscription WHERE subname = $1 AND subdbid ="
    " (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

static bool probe_create_database(probe *it, wb_error *err)
{
    return probe_object(it, database_sql, take_name(it), WB_VERDICT_DONE, "database", err);
}

static bool probe_drop_database(probe *it, wb_error *err)
{
    accept_if_exists(it);
    return probe_object(it, database_sql, take_name(it), WB_VERDICT_UNDONE, "database", err);
}

static bool probe_create_tablespace(probe *it, wb_error *err)
{
    return probe_object(it, tablespace_sql, take_name(it), WB_VERDICT_DONE, "tablespace", err);
}

static bool probe_drop_tablespace(probe *it, wb_error *err)
{
    accept_if_exists(it);
    return probe_object(it, tablespace_sql, take_name(it), WB_VERDICT_UNDONE, "tablespace", err);
}

static bool probe_create_subscription(probe *it, wb_error *err)
{
    return probe_object(it, subscription_sql, take_name(it), WB_VERDICT_DONE, "subscription", err);
}

static bool probe_drop_subscription(probe *it, wb_error *err)
{
    accept_if_exists(it);
    return probe_object(it, subscription_sql, take_name(it), WB_VERDICT_UNDONE, "subscription",
                        err);
}

/* ALTER TYPE ... ADD VALUE, which before version 12 refuses a transaction. */
static bool probe_add_value(probe *it, wb_error *err)
{
    static const char sql[] = "SELECT 1 FROM pg_catalog.pg_enum"
                              " WHERE enumtypid = pg_catalog.to_regtype($1) AND enumlabel = $2";
    found_row found;
    const char *type = take_name(it);
    if (type == NULL || !accept(it, "ADD") || !accept(it, "VALUE"))
        return say(it, WB_VERDICT_OPEN, "its text is not understood");
    accept_if_exists(it);
    const char *label = wb_str_dup(it->doubt->arena, wb_token_unquoted(it->reader.text));
    if (!ask(it, sql, type, label, &found, err))
        return false;
    return say(it, found.rows > 0 ? WB_VERDICT_DONE : WB_VERDICT_UNDONE,
               wb_arena_printf(it->doubt->arena, "the value '%s' of type %s is %s", label, type,
                               found.rows > 0 ? "there" : "not there"));
}

/* COMMIT PREPARED, ROLLBACK PREPARED */
static bool probe_prepared(probe *it, wb_error *err)
{
    found_row found;
    const char *gid = wb_str_dup(it->doubt->arena, wb_token_unquoted(it->reader.text));
    if (!ask(it, "SELECT 1 FROM pg_catalog.pg_prepared_xacts WHERE gid = $1", gid, NULL, &found,
             err))
        return false;
    return say(it, found.rows > 0 ? WB_VERDICT_UNDONE : WB_VERDICT_DONE,
               wb_arena_printf(it->doubt->arena, "the prepared transaction '%s' is %s", gid,
                               found.rows > 0 ? "still open" : "ended"));
}

static bool probe_repeatable(probe *it, wb_error *err)
{
    (void) err;
    return say(it, WB_VERDICT_UNDONE, "running it again does no harm");
}

/* ---- choosing ---- */

static const struct {
    const char *words; /* `?` may be absent */
    probe_fn *probe;
} probes[] = {
    {"CREATE ?UNIQUE INDEX CONCURRENTLY", probe_create_index},
    {"DROP INDEX CONCURRENTLY", probe_drop_index},
    {"REINDEX", probe_reindex},
    {"ALTER TABLE", probe_detach},
    {"ALTER TYPE", probe_add_value},
    {"CREATE DATABASE", probe_create_database},
    {"DROP DATABASE", probe_drop_database},
    {"CREATE TABLESPACE", probe_create_tablespace},
    {"DROP TABLESPACE", probe_drop_tablespace},
    {"CREATE SUBSCRIPTION", probe_create_subscription},
    {"DROP SUBSCRIPTION", probe_drop_subscription},
    {"COMMIT PREPARED", probe_prepared},
    {"ROLLBACK PREPARED", probe_prepared},
    {"ALTER DATABASE", probe_repeatable},
    {"ALTER SUBSCRIPTION", probe_repeatable},
    {"ALTER SYSTEM", probe_repeatable},
    {"CLUSTER", probe_repeatable},
    {"VACUUM", probe_repeatable},
};

/* Steps over the words if they begin the statement. */
static bool begins_with(probe *it, const char *words)
{
    const wb_lexer_mode mode = {.dialect = WB_POSTGRES};
    wb_str rest = wb_str_from(words);
    wb_str word;
    char text[32];
    wb_token_reader_open(&it->reader, mode, it->doubt->statement->text);
    while (wb_str_next_word(&rest, &word)) {
        bool may_lack = word.ptr[0] == '?';
        if (may_lack)
            word = wb_str_from_offset(word, 1);
        (void) snprintf(text, sizeof(text), "%.*s", WB_STR_ARG(word));
        if (!accept(it, text) && !may_lack)
            return false;
    }
    return true;
}

bool wb_verify_postgres(const wb_doubt *doubt, wb_verification *ret_verification, wb_error *err)
{
    probe it = {
        .doubt = doubt, .session = doubt->ledger->context->session, .result = ret_verification};
    for (size_t i = 0; i < sizeof(probes) / sizeof(probes[0]); i++) {
        if (begins_with(&it, probes[i].words))
            return probes[i].probe(&it, err);
    }
    ret_verification->if_done = "What the statement does is to be seen in the database.";
    ret_verification->if_undone = "Nothing of it is to be seen.";
    return say(&it, WB_VERDICT_OPEN, "a statement of this kind leaves no trace to look for");
}
