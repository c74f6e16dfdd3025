#include "engine/maria_fingerprint.h"

#include "sql/lexer.h"

#include <stdlib.h>

/* ---- a definition made comparable ---- */

typedef struct definition_piece {
    wb_token_kind kind;
    wb_str text;
} definition_piece;

typedef WB_LIST(definition_piece) definition_pieces;

static bool is_text(const definition_pieces *pieces, size_t index, const char *text)
{
    return index < pieces->count && wb_str_is_nocase(pieces->items[index].text, text);
}

/* Each tells how many pieces from `index` on are to be left out; 0: none. */

static size_t match_database(const definition_pieces *pieces, size_t index, const char *quoted)
{
    return wb_str_is(pieces->items[index].text, quoted) && is_text(pieces, index + 1, ".") ? 2 : 0;
}

/* AUTO_INCREMENT=5: where the counter stands. */
static size_t match_counter(const definition_pieces *pieces, size_t index)
{
    return is_text(pieces, index, "AUTO_INCREMENT") && is_text(pieces, index + 1, "=") ? 3 : 0;
}

/* DEFINER=`user`@`host`: two runs may be two people's. */
static size_t match_definer(const definition_pieces *pieces, size_t index)
{
    if (!is_text(pieces, index, "DEFINER") || !is_text(pieces, index + 1, "="))
        return 0;
    return is_text(pieces, index + 3, "@") ? 5 : 3;
}

/* STARTS '...': when an event, or the history of a table, was made. */
static size_t match_start(const definition_pieces *pieces, size_t index)
{
    if (!is_text(pieces, index, "STARTS"))
        return 0;
    size_t at = is_text(pieces, index + 1, "TIMESTAMP") ? index + 2 : index + 1;
    bool is_time = at < pieces->count && pieces->items[at].kind == WB_TOKEN_STRING;
    return is_time ? at + 1 - index : 0;
}

static size_t match_any(const definition_pieces *pieces, size_t index, const char *quoted)
{
    size_t length = match_database(pieces, index, quoted);
    if (length == 0)
        length = match_counter(pieces, index);
    if (length == 0)
        length = match_definer(pieces, index);
    return length != 0 ? length : match_start(pieces, index);
}

static bool read_definition(wb_str text, wb_arena *arena, definition_pieces *pieces)
{
    static const wb_lexer_mode plain = {.dialect = WB_MARIADB, .backslash = true};
    wb_window window;
    wb_lexer lexer;
    wb_error ignored;
    wb_window_init_text(&window, text);
    wb_lexer_init(&lexer, &window, plain);
    for (;;) {
        wb_token token;
        if (!wb_lexer_next(&lexer, &token, &ignored))
            return false;
        WB_LIST_ADD(arena, pieces, ((definition_piece){token.kind, wb_lexer_text(&lexer, &token)}));
        if (token.kind == WB_TOKEN_END)
            return true;
    }
}

/* What is left out goes with the white space behind it. A body that was written under another
 * sql_mode may not be readable: it is compared as it is. */
const char *wb_maria_normal_definition(wb_str definition, const char *database, wb_arena *arena)
{
    WB_SCRATCH(tmp);
    WB_AUTO_BUF(quoted, 0);
    WB_AUTO_BUF(text, 0);
    definition_pieces pieces = {0};
    if (!read_definition(definition, tmp, &pieces))
        return wb_str_dup(arena, definition);
    wb_sql_identifier(&quoted, wb_dialect_of(WB_MARIADB), wb_str_from(database));
    const char *copied = definition.ptr;
    for (size_t i = 0; i < pieces.count;) {
        size_t length = match_any(&pieces, i, wb_buf_text(&quoted));
        if (length == 0 || i + length >= pieces.count) {
            i++;
            continue;
        }
        wb_buf_add(&text, copied, (size_t) (pieces.items[i].text.ptr - copied));
        i += length;
        copied = pieces.items[i].text.ptr;
    }
    wb_buf_add(&text, copied, (size_t) (definition.ptr + definition.len - copied));
    return wb_str_dup(arena, wb_str_trim(wb_buf_str(&text)));
}

/* ---- which objects there are ---- */

/* `kind` and `name` of everything in the database. */
static const char *const list_queries[] = {
    "SELECT CASE table_type WHEN 'VIEW' THEN 'view' WHEN 'SEQUENCE' THEN 'sequence' ELSE 'table'"
    " END, table_name FROM information_schema.tables"
    " WHERE table_type <> 'TEMPORARY' AND table_schema = ",
    "SELECT 'trigger', trigger_name FROM information_schema.triggers WHERE trigger_schema = ",
    "SELECT lower(routine_type), routine_name FROM information_schema.routines"
    " WHERE routine_schema = ",
    "SELECT 'event', event_name FROM information_schema.events WHERE event_schema = ",
};

typedef struct reader {
    wb_arena *arena;
    wb_fingerprint *into;
    const char *database;
    wb_schema_object *object; /* whose definition comes */
} reader;

static bool take_object(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    reader *it = arg;
    WB_LIST_ADD(it->arena, &it->into->objects,
                ((wb_schema_object){.kind = wb_str_dup(it->arena, row->cells[0]),
                                    .name = wb_str_dup(it->arena, row->cells[1])}));
    return true;
}

static int compare_objects(const void *a, const void *b)
{
    const wb_schema_object *left = a;
    const wb_schema_object *right = b;
    int order = strcmp(left->kind, right->kind);
    return order != 0 ? order : strcmp(left->name, right->name);
}

static bool list_objects(wb_session *session, const char *database, wb_arena *arena,
                         wb_fingerprint *into, wb_error *err)
{
    reader it = {.arena = arena, .into = into};
    for (size_t i = 0; i < sizeof(list_queries) / sizeof(list_queries[0]); i++) {
        WB_AUTO_BUF(sql, 0);
        wb_buf_puts(&sql, list_queries[i]);
        wb_sql_literal(&sql, session->dialect, wb_str_from(database));
        wb_request request = {.sql = wb_buf_str(&sql), .row = take_object, .arg = &it};
        if (!wb_session_submit(session, &request, err))
            return false;
    }
    if (!wb_session_collect(session, err))
        return false;
    if (into->objects.count > 1)
        qsort(into->objects.items, into->objects.count, sizeof(*into->objects.items),
              compare_objects);
    return true;
}

/* ---- their definitions ---- */

/* The column has another place for each kind. Without the right to see it, it is NULL. */
static bool take_definition(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    reader *it = arg;
    for (size_t i = 0; i < row->count; i++) {
        wb_str name = wb_str_from(row->names[i]);
        if (!wb_str_has_prefix(name, WB_STR("Create ")) &&
            !wb_str_is(name, "SQL Original Statement"))
            continue;
        it->object->text = wb_row_is_null(row, i)
                               ? "(the user may not see it)"
                               : wb_maria_normal_definition(row->cells[i], it->database, it->arena);
        return true;
    }
    return true;
}

static bool define_objects(wb_session *session, const char *database, wb_arena *arena,
                           wb_fingerprint *into, wb_error *err)
{
    reader *readers = WB_NEW_ARRAY(arena, reader, into->objects.count + 1);
    for (size_t i = 0; i < into->objects.count; i++) {
        wb_schema_object *object = &into->objects.items[i];
        WB_AUTO_BUF(sql, 0);
        readers[i] = (reader){.arena = arena, .database = database, .object = object};
        object->text = "";
        wb_buf_printf(&sql, "SHOW CREATE %s ", object->kind);
        wb_sql_qualified(&sql, session->dialect, wb_str_from(database), wb_str_from(object->name));
        wb_request request = {.sql = wb_buf_str(&sql), .row = take_definition, .arg = &readers[i]};
        if (!wb_session_submit(session, &request, err))
            return false;
    }
    return wb_session_collect(session, err);
}

bool wb_maria_fingerprint(wb_session *session, const char *database, wb_arena *arena,
                          wb_fingerprint *ret_fingerprint, wb_error *err)
{
    wb_fingerprint found = {0};
    if (!list_objects(session, database, arena, &found, err) ||
        !define_objects(session, database, arena, &found, err))
        return wb_while(err, "reading the schema of \"%s\"", database);
    *ret_fingerprint = found;
    return true;
}

/* ---- comparing ---- */

static const wb_schema_object *find(const wb_fingerprint *in, const wb_schema_object *key)
{
    if (in->objects.count == 0)
        return NULL;
    return bsearch(key, in->objects.items, in->objects.count, sizeof(*in->objects.items),
                   compare_objects);
}

static void add_object(wb_fingerprint *to, const wb_schema_object *key,
                       const wb_schema_object *found, wb_arena *arena)
{
    wb_schema_object object = *key;
    object.text = found != NULL ? found->text : NULL;
    WB_LIST_ADD(arena, &to->objects, object);
}

bool wb_maria_fingerprint_of(wb_session *session, const char *database,
                             const wb_fingerprint *wanted, wb_arena *arena,
                             wb_fingerprint *ret_fingerprint, wb_error *err)
{
    wb_fingerprint all = {0};
    wb_fingerprint present = {0};
    wb_fingerprint result = {0};
    if (!list_objects(session, database, arena, &all, err))
        return wb_while(err, "reading the schema of \"%s\"", database);
    for (size_t i = 0; i < wanted->objects.count; i++) {
        const wb_schema_object *object = find(&all, &wanted->objects.items[i]);
        if (object != NULL)
            WB_LIST_ADD(arena, &present.objects, *object);
    }
    if (!define_objects(session, database, arena, &present, err))
        return wb_while(err, "reading the schema of \"%s\"", database);
    for (size_t i = 0; i < wanted->objects.count; i++) {
        const wb_schema_object *object = &wanted->objects.items[i];
        add_object(&result, object, find(&present, object), arena);
    }
    *ret_fingerprint = result;
    return true;
}

static bool is_alike(const wb_schema_object *a, const wb_schema_object *b)
{
    return a != NULL && b != NULL && strcmp(a->text, b->text) == 0;
}

/* Walks both lists, which are in one order. */
void wb_fingerprint_difference(const wb_fingerprint *a, const wb_fingerprint *b, wb_arena *arena,
                               wb_fingerprint *ret_in_a, wb_fingerprint *ret_in_b)
{
    size_t i = 0;
    size_t j = 0;
    *ret_in_a = (wb_fingerprint){0};
    *ret_in_b = (wb_fingerprint){0};
    while (i < a->objects.count || j < b->objects.count) {
        const wb_schema_object *left = i < a->objects.count ? &a->objects.items[i] : NULL;
        const wb_schema_object *right = j < b->objects.count ? &b->objects.items[j] : NULL;
        int order = left == NULL ? 1 : right == NULL ? -1 : compare_objects(left, right);
        const wb_schema_object *key = order <= 0 ? left : right;
        const wb_schema_object *in_a = order <= 0 ? left : NULL;
        const wb_schema_object *in_b = order >= 0 ? right : NULL;
        if (key != NULL && !is_alike(in_a, in_b)) {
            add_object(ret_in_a, key, in_a, arena);
            add_object(ret_in_b, key, in_b, arena);
        }
        i += order <= 0 ? 1 : 0;
        j += order >= 0 ? 1 : 0;
    }
}
