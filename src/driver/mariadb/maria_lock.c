/* The runner's lock: GET_LOCK, which the server releases when the connection ends, however it ends.
 * Its names belong to the whole server and hold 64 characters, so the name is a hash that includes
 * the database. */
#include "base/hash.h"
#include "driver/mariadb/maria_session.h"

#include <stdio.h>

enum { LOCK_NAME = 64 };

/* Whether a server tells "App" from "app" depends on its file system; as one name they exclude each
 * other needlessly at worst. */
static void make_name(const wb_maria_session *session, const char *name, char ret_name[LOCK_NAME])
{
    char hex[WB_SHA256_HEX];
    WB_AUTO_BUF(key, 0);
    const char *database = session->target.database != NULL ? session->target.database : "";
    for (const char *c = database; *c != '\0'; c++)
        wb_buf_putc(&key, wb_to_lower(*c));
    wb_buf_putc(&key, '\n');
    wb_buf_puts(&key, name);
    wb_sha256 hash;
    wb_sha256_init(&hash);
    wb_sha256_add(&hash, wb_buf_str(&key));
    wb_sha256_hex(&hash, hex);
    (void) snprintf(ret_name, LOCK_NAME, "whimbrel:%.40s", hex);
}

typedef struct attempt {
    wb_arena *arena;
    bool is_known; /* the server could say whether we have it */
    bool is_taken;
    const char *holder;
} attempt;

static bool keep_taken(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    attempt *made = arg;
    made->is_known = !wb_row_is_null(row, 0);
    made->is_taken = wb_row_int(row, 0) == 1;
    return true;
}

/* Without the PROCESS privilege only one's own connections are shown. */
static bool keep_holder(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    attempt *made = arg;
    if (wb_row_is_null(row, 0))
        return true;
    if (wb_row_is_null(row, 1))
        made->holder = wb_arena_printf(made->arena, "connection %s", wb_row_text(row, 0));
    else
        made->holder = wb_arena_printf(
            made->arena, "connection %s (user %s@%s, %s for %s s)", wb_row_text(row, 0),
            wb_row_text(row, 1), wb_row_text(row, 2), wb_row_text(row, 3), wb_row_text(row, 4));
    return true;
}

/* Both questions share a round trip. */
static bool ask(wb_maria_session *session, const char *lock, attempt *made, wb_error *err)
{
    char take[160];
    char show[512];
    (void) snprintf(take, sizeof(take), "SELECT GET_LOCK('%s', 0)", lock);
    (void) snprintf(show, sizeof(show),
                    "SELECT l.id, p.USER, p.HOST, LOWER(p.COMMAND), p.TIME "
                    "FROM (SELECT IS_USED_LOCK('%s') AS id) l "
                    "LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.id",
                    lock);
    const wb_request requests[] = {
        {.sql = wb_str_from(take), .row = keep_taken, .arg = made},
        {.sql = wb_str_from(show), .row = keep_holder, .arg = made},
    };
    return wb_maria_submit(&session->base, &requests[0], err) &&
           wb_maria_submit(&session->base, &requests[1], err) &&
           wb_maria_collect(&session->base, err);
}

bool wb_maria_try_lock(wb_session *base, const char *name, wb_arena *arena, bool *ret_taken,
                       const char **ret_holder, wb_error *err)
{
    wb_maria_session *session = wb_maria_of(base);
    char lock[LOCK_NAME];
    attempt made = {.arena = arena};
    make_name(session, name, lock);
    if (!ask(session, lock, &made, err))
        return false;
    if (!made.is_known) {
        wb_fail(err, WB_E_QUERY, "the server can't say whether the lock \"%s\" is free", lock);
        return wb_hint(err, "Look into the server's error log; SELECT GET_LOCK('%s', 0) gave NULL.",
                       lock);
    }
    *ret_taken = made.is_taken;
    *ret_holder = made.is_taken ? NULL : made.holder;
    return true;
}

typedef struct maria_description {
    wb_arena *arena;
    wb_lock_holder *holder;
} maria_description;

static const char *keep_holder_text(const maria_description *read, const wb_row *row, size_t column)
{
    if (wb_row_text(row, column)[0] == '\0')
        return NULL;
    return wb_arena_strdup(read->arena, wb_row_text(row, column));
}

static bool keep_description(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    const maria_description *read = arg;
    if (wb_row_is_null(row, 0))
        return true;
    *read->holder = (wb_lock_holder){
        .is_held = true,
        .id = wb_row_int(row, 0),
        .user = keep_holder_text(read, row, 1),
        .application = keep_holder_text(read, row, 2),
        .client = keep_holder_text(read, row, 3),
        .state = keep_holder_text(read, row, 4),
        .wait = keep_holder_text(read, row, 5),
        .statement = keep_holder_text(read, row, 6),
        .connected_us = -1,
        .state_us = wb_row_is_null(row, 7) ? -1 : wb_row_int(row, 7) * 1000000,
    };
    return true;
}

/* The process list tells how long a connection has been in its state, not how old it is; the
 * program's name is known only where the performance schema is on, so it is left out. */
bool wb_maria_lock_holder(wb_session *base, const char *name, wb_arena *arena,
                          wb_lock_holder *ret_holder, wb_error *err)
{
    char lock[LOCK_NAME];
    char sql[512];
    maria_description read = {.arena = arena, .holder = ret_holder};
    make_name(wb_maria_of(base), name, lock);
    *ret_holder = (wb_lock_holder){.connected_us = -1, .state_us = -1};
    (void) snprintf(sql, sizeof(sql),
                    "SELECT l.id, p.USER, NULL, p.HOST, LOWER(p.COMMAND), p.STATE, p.INFO, p.TIME "
                    "FROM (SELECT IS_USED_LOCK('%s') AS id) l "
                    "LEFT JOIN information_schema.PROCESSLIST p ON p.ID = l.id",
                    lock);
    return wb_session_query(base, wb_str_from(sql), NULL, 0, keep_description, &read, err);
}

bool wb_maria_unlock(wb_session *base, const char *name, wb_error *err)
{
    char lock[LOCK_NAME];
    char sql[160];
    make_name(wb_maria_of(base), name, lock);
    (void) snprintf(sql, sizeof(sql), "DO RELEASE_LOCK('%s')", lock);
    return wb_session_submit_sql(base, wb_str_from(sql), err);
}
