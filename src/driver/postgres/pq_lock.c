/* The runner's lock: an advisory lock of the session, which the server itself releases when the
 * session ends. Its key is a hash of the name, which gives 64 bits. */
#include "base/hash.h"
#include "driver/postgres/pq_session.h"

static wb_value key_of(const char *name)
{
    return wb_value_int((int64_t) wb_hash_u64(wb_str_from(name)));
}

static bool read_taken(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    bool *taken = arg;
    *taken = wb_row_int(row, 0) == 1;
    return true;
}

static const char holder_sql[] =
    "SELECT l.pid, a.usename, a.application_name, host(a.client_addr), "
    "floor(extract(epoch FROM clock_timestamp() - a.backend_start))::bigint "
    "FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
    "AND l.classid::bigint = ($1::bigint >> 32) & 4294967295 "
    "AND l.objid::bigint = $1::bigint & 4294967295 "
    "AND l.database = (SELECT oid FROM pg_catalog.pg_database "
    "WHERE datname = current_database()) LIMIT 1";

typedef struct holder {
    wb_arena *arena;
    const char *text;
} holder;

/* "pid 123 (user x, whimbrel upgrade, from 10.0.0.7, connected for 12 s)"; what this user may not
 * see is left out. */
static bool read_holder(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    static const char *const forms[][2] = {
        {"user ", ""}, {"", ""}, {"from ", ""}, {"connected for ", " s"}};
    holder *found = arg;
    WB_AUTO_BUF(text, 0);
    wb_buf_printf(&text, "pid %s", wb_row_text(row, 0));
    const char *before = " (";
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        const char *value = wb_row_text(row, i + 1);
        if (value[0] == '\0')
            continue;
        wb_buf_printf(&text, "%s%s%s%s", before, forms[i][0], value, forms[i][1]);
        before = ", ";
    }
    if (before[0] == ',')
        wb_buf_putc(&text, ')');
    found->text = wb_arena_strdup(found->arena, wb_buf_text(&text));
    return true;
}

bool wb_pq_try_lock(wb_session *session, const char *name, wb_arena *arena, bool *ret_taken,
                    const char **ret_holder, wb_error *err)
{
    const wb_value key = key_of(name);
    bool is_taken = false;
    if (!wb_session_query(session, WB_STR("SELECT pg_catalog.pg_try_advisory_lock($1::bigint)"),
                          &key, 1, read_taken, &is_taken, err))
        return false;
    holder found = {.arena = arena};
    if (!is_taken &&
        !wb_session_query(session, wb_str_from(holder_sql), &key, 1, read_holder, &found, err))
        return false;
    *ret_taken = is_taken;
    *ret_holder = found.text;
    return true;
}

void wb_pq_transaction_lock(const char *name, wb_buf *sql)
{
    wb_buf_printf(sql, "SELECT 1 / pg_catalog.pg_try_advisory_xact_lock(%lld)::integer",
                  (long long) key_of(name).number);
}

static const char describe_sql[] =
    "SELECT l.pid, a.usename, nullif(a.application_name, ''), host(a.client_addr), a.state, "
    "a.wait_event_type || ': ' || a.wait_event, nullif(a.query, ''), "
    "(extract(epoch FROM clock_timestamp() - a.backend_start) * 1000000)::bigint, "
    "(extract(epoch FROM clock_timestamp() - a.state_change) * 1000000)::bigint "
    "FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid "
    "WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 "
    "AND l.classid::bigint = ($1::bigint >> 32) & 4294967295 "
    "AND l.objid::bigint = $1::bigint & 4294967295 "
    "AND l.database = (SELECT oid FROM pg_catalog.pg_database "
    "WHERE datname = current_database()) LIMIT 1";

typedef struct description {
    wb_arena *arena;
    wb_lock_holder *holder;
} description;

static const char *keep(const description *read, const wb_row *row, size_t column)
{
    return wb_row_is_null(row, column) ? NULL
                                       : wb_arena_strdup(read->arena, wb_row_text(row, column));
}

static int64_t keep_time(const wb_row *row, size_t column)
{
    return wb_row_is_null(row, column) ? -1 : wb_row_int(row, column);
}

static bool read_description(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    const description *read = arg;
    *read->holder = (wb_lock_holder){
        .is_held = true,
        .id = wb_row_int(row, 0),
        .user = keep(read, row, 1),
        .application = keep(read, row, 2),
        .client = keep(read, row, 3),
        .state = keep(read, row, 4),
        .wait = keep(read, row, 5),
        .statement = keep(read, row, 6),
        .connected_us = keep_time(row, 7),
        .state_us = keep_time(row, 8),
    };
    return true;
}

bool wb_pq_lock_holder(wb_session *session, const char *name, wb_arena *arena,
                       wb_lock_holder *ret_holder, wb_error *err)
{
    const wb_value key = key_of(name);
    description read = {.arena = arena, .holder = ret_holder};
    *ret_holder = (wb_lock_holder){.connected_us = -1, .state_us = -1};
    return wb_session_query(session, wb_str_from(describe_sql), &key, 1, read_description, &read,
                            err);
}

bool wb_pq_unlock(wb_session *session, const char *name, wb_error *err)
{
    const wb_value key = key_of(name);
    const wb_request request = {
        .sql = WB_STR("SELECT pg_catalog.pg_advisory_unlock($1::bigint)"),
        .args = &key,
        .arg_count = 1,
    };
    return wb_session_submit(session, &request, err);
}
