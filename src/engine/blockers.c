#include "engine/blockers.h"

#include "engine/blocker_sql.h"
#include "sql/outline.h"

enum { MOST_QUERY_BYTES = 80, MOST_NAME_BYTES = 64, MOST_SHOWN = 3 };

/* ---- asking ---- */

typedef struct blocker_look {
    const wb_session *session;
    wb_arena *arena;
    wb_blocker_list *blockers;
    bool is_certain;
} blocker_look;

/* A name as it may be shown: one line, not endless, no password of a URL that is used as a name. */
static const char *shown_name(wb_arena *arena, const wb_row *row, size_t column)
{
    const char *text = wb_row_text(row, column);
    if (*text == '\0')
        return NULL;
    char *shown = wb_arena_strdup(arena, wb_mask_secrets(text, arena));
    size_t length = 0;
    for (; shown[length] != '\0' && length < MOST_NAME_BYTES; length++) {
        unsigned char c = (unsigned char) shown[length];
        if (c < ' ' || c == 0x7F)
            shown[length] = '?';
    }
    shown[length] = '\0';
    return shown;
}

static const char *shown_query(const blocker_look *look, const wb_row *row, size_t column)
{
    const char *text = wb_row_text(row, column);
    if (*text == '\0')
        return NULL;
    WB_AUTO_BUF(outline, 0);
    wb_sql_outline(look->session->dialect->id, wb_str_from(text), MOST_QUERY_BYTES, &outline);
    return wb_mask_secrets(wb_buf_text(&outline), look->arena);
}

static bool take_blocker(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    const blocker_look *look = arg;
    if (look->blockers->count >= WB_MOST_BLOCKERS)
        return true;
    wb_blocker found = {.id = wb_row_int(row, 0),
                        .user = shown_name(look->arena, row, 1),
                        .application = shown_name(look->arena, row, 2),
                        .state = shown_name(look->arena, row, 3),
                        .transaction_s = wb_row_is_null(row, 4) ? -1 : wb_row_int(row, 4),
                        .query = shown_query(look, row, 5),
                        .is_certain = look->is_certain};
    WB_LIST_ADD(look->arena, look->blockers, found);
    return true;
}

/* Fills in a query; the id is written out, it is a number. */
static void fill_in(const char *text, int64_t id, wb_str wanted, wb_buf *sql)
{
    for (const char *p = text; *p != '\0'; p++) {
        if (strncmp(p, "{1}", 3) == 0)
            wb_buf_printf(sql, "%lld", (long long) id);
        else if (strncmp(p, "{w}", 3) == 0)
            wb_buf_add_str(sql, wanted);
        else {
            wb_buf_putc(sql, *p);
            continue;
        }
        p += 2;
    }
}

static bool ask_in_turn(const wb_blocker_query *queries, int64_t id, wb_str wanted,
                        wb_session *session, blocker_look *look, wb_error *err)
{
    size_t before = look->blockers->count;
    WB_AUTO_BUF(sql, 0);
    for (; queries->sql != NULL && look->blockers->count == before; queries++) {
        look->is_certain = queries->is_certain;
        wb_buf_reset(&sql);
        fill_in(queries->sql, id, wanted, &sql);
        wb_error failure;
        if (wb_session_query(session, wb_buf_str(&sql), NULL, 0, take_blocker, look, &failure))
            continue;
        if (session->lost || failure.status == WB_E_CANCELLED) {
            *err = failure;
            return false;
        }
    }
    return true;
}

bool wb_blockers_of(wb_session *session, int64_t id, wb_arena *arena, wb_blocker_list *blockers,
                    wb_error *err)
{
    blocker_look look = {.session = session, .arena = arena, .blockers = blockers};
    return ask_in_turn(wb_blocker_queries(session->dialect->id), id, WB_STR(""), session, &look,
                       err);
}

/* Adds '{ShareLock,...}': the modes that conflict with this one. */
static void add_conflicts(wb_lock_mode wanted, wb_buf *sql)
{
    const char *before = "'{";
    for (unsigned mode = WB_LOCK_ACCESS_SHARE; mode < WB_LOCK_MODE_COUNT; mode++) {
        if (!wb_lock_modes_conflict(wanted, (wb_lock_mode) mode))
            continue;
        wb_buf_printf(sql, "%s%s", before, wb_lock_mode_in_catalog((wb_lock_mode) mode));
        before = ",";
    }
    wb_buf_puts(sql, *before == ',' ? "}'" : "'{}'");
}

bool wb_blockers_on(wb_session *session, const wb_table_lock *tables, size_t count,
                    int64_t except_id, wb_arena *arena, wb_blocker_list *blockers, wb_error *err)
{
    if (session->dialect->id == WB_POSTGRES && count == 0)
        return true;
    WB_AUTO_BUF(wanted, 0);
    for (size_t i = 0; i < count; i++) {
        wb_buf_puts(&wanted, i > 0 ? ", (" : "(");
        wb_sql_literal(&wanted, session->dialect, tables[i].name);
        wb_buf_puts(&wanted, ", ");
        add_conflicts(tables[i].mode, &wanted);
        wb_buf_puts(&wanted, ", ");
        add_conflicts(tables[i].tree, &wanted);
        wb_buf_putc(&wanted, ')');
    }
    blocker_look look = {.session = session, .arena = arena, .blockers = blockers};
    return ask_in_turn(wb_holder_queries(session->dialect->id), except_id, wb_buf_str(&wanted),
                       session, &look, err);
}

/* ---- telling ---- */

/* Adds a piece with what separates it from the one before. */
static void add_part(wb_buf *text, const char **between, const char *part)
{
    if (part == NULL)
        return;
    wb_buf_puts(text, *between);
    wb_buf_puts(text, part);
    *between = ", ";
}

static void add_age(wb_buf *text, int64_t age_s)
{
    enum { MINUTE = 60, HOUR = 3600 };
    if (age_s < 2LL * MINUTE)
        wb_buf_printf(text, "%lld s", (long long) age_s);
    else if (age_s < 2LL * HOUR)
        wb_buf_printf(text, "%lld min", (long long) (age_s / MINUTE));
    else
        wb_buf_printf(text, "%lld h", (long long) (age_s / HOUR));
}

void wb_blocker_text(const wb_blocker *blocker, wb_dialect_id dialect, wb_buf *text)
{
    const char *between = " (";
    if (!blocker->is_certain)
        wb_buf_puts(text, "perhaps ");
    if (blocker->id != 0)
        wb_buf_printf(text, "%s %lld", dialect == WB_MARIADB ? "connection" : "pid",
                      (long long) blocker->id);
    else
        wb_buf_puts(text, blocker->state != NULL ? blocker->state : "a transaction");
    if (blocker->user != NULL) {
        add_part(text, &between, "user ");
        wb_buf_puts(text, blocker->user);
    }
    const char *state = blocker->id != 0 ? blocker->state : NULL;
    add_part(text, &between, state);
    if (blocker->transaction_s >= 0) {
        if (state == NULL)
            add_part(text, &between, "for ");
        else
            wb_buf_puts(text, " for ");
        add_age(text, blocker->transaction_s);
    }
    add_part(text, &between, blocker->application);
    if (blocker->query != NULL) {
        if (blocker->application != NULL)
            between = ": ";
        add_part(text, &between, blocker->query);
    }
    if (*between != ' ')
        wb_buf_putc(text, ')');
}

void wb_blocker_list_text(const wb_blocker_list *blockers, wb_dialect_id dialect, wb_buf *text)
{
    for (size_t i = 0; i < blockers->count && i < MOST_SHOWN; i++) {
        wb_buf_puts(text, i > 0 ? "; " : "");
        wb_blocker_text(&blockers->items[i], dialect, text);
    }
    if (blockers->count > MOST_SHOWN)
        wb_buf_printf(text, "; and %zu more", blockers->count - MOST_SHOWN);
}
