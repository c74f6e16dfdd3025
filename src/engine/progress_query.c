/* PostgreSQL has a view for each kind of long statement, more of them in newer versions; they are
 * joined to one query. Where none has a row, the session's wait event is all there is. MariaDB
 * tells the stage of an ALTER, and how much of it is done, in its list of connections. */
#include "engine/progress_query.h"

#include "engine/blockers.h"

/* ---- what is asked ---- */

/* Each gives: what it is, phase, percent, lockers done, lockers in all, pid of the current one. */
typedef struct progress_view {
    unsigned version; /* of the server that has it first */
    const char *sql;
} progress_view;

#define PERCENT(done, total) \
    "CASE WHEN " total " > 0 THEN least(100, 100 * " done " / " total ") END"

static const progress_view postgres_views[] = {
    {120000,
     "SELECT 'building index', phase, coalesce(" PERCENT(
         "blocks_done",
         "blocks_total") ", " PERCENT("tuples_done",
                                      "tuples_total") "), lockers_done, lockers_total,"
                                                      " nullif(current_locker_pid, 0) FROM "
                                                      "pg_catalog.pg_stat_progress_create_index"
                                                      " WHERE pid = {1}"},
    {120000, "SELECT 'rewriting table', phase, " PERCENT(
                 "heap_blks_scanned",
                 "heap_blks_total") ", NULL, NULL, NULL FROM pg_catalog.pg_stat_progress_cluster "
                                    "WHERE pid = {1}"},
    {120000, "SELECT 'vacuuming', phase, " PERCENT(
                 "heap_blks_scanned",
                 "heap_blks_total") ", NULL, NULL, NULL FROM pg_catalog.pg_stat_progress_vacuum "
                                    "WHERE pid = {1}"},
    {130000, "SELECT 'analyzing', phase, " PERCENT(
                 "sample_blks_scanned",
                 "sample_blks_total") ", NULL, NULL, NULL FROM pg_catalog.pg_stat_progress_analyze "
                                      "WHERE pid = {1}"},
    {140000,
     "SELECT 'copying', tuples_processed || ' rows', " PERCENT(
         "bytes_processed",
         "bytes_total") ", NULL, NULL, NULL FROM pg_catalog.pg_stat_progress_copy WHERE pid = {1}"},
    /* last, and so only where no other has a row */
    {120000, "SELECT 'waiting for a lock (' || lower(wait_event) || ')', '', NULL, NULL, NULL, pid"
             " FROM pg_catalog.pg_stat_activity WHERE pid = {1} AND wait_event_type = 'Lock'"},
};

static const char mariadb_sql[] =
    "SELECT state, if(max_stage > 1, concat('stage ', stage, ' of ', max_stage), NULL),"
    " if(max_stage > 0, floor(progress), NULL), NULL, NULL,"
    " if(state LIKE 'Waiting for%lock' OR state = 'Statistics' OR state = 'Updating'"
    " OR state LIKE 'Sending data%', id, NULL)"
    " FROM information_schema.processlist"
    " WHERE id = {1} AND command <> 'Sleep' AND state <> ''";

static void add_with_id(wb_buf *sql, const char *text, int64_t id)
{
    size_t at = 0;
    (void) wb_str_find(wb_str_from(text), WB_STR("{1}"), &at);
    wb_buf_printf(sql, "%.*s%lld%s", (int) at, text, (long long) id, text + at + 3);
}

static void make_progress_sql(const wb_session *observer, int64_t id, wb_buf *sql)
{
    if (observer->dialect->id == WB_MARIADB) {
        add_with_id(sql, mariadb_sql, id);
        return;
    }
    for (size_t i = 0; i < sizeof(postgres_views) / sizeof(postgres_views[0]); i++) {
        if (observer->version < postgres_views[i].version)
            continue;
        wb_buf_puts(sql, sql->len > 0 ? " UNION ALL " : "");
        add_with_id(sql, postgres_views[i].sql, id);
    }
}

/* ---- what is told ---- */

typedef struct progress_row {
    wb_arena *arena;
    const char *what; /* NULL: there was no row */
    const char *phase;
    int64_t percent; /* -1: not known */
    int64_t lockers_done;
    int64_t lockers;
    int64_t waits_for; /* PostgreSQL: the locker; where it is the session itself, its blockers */
} progress_row;

static bool take_progress(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    progress_row *found = arg;
    if (found->what != NULL)
        return true;
    found->what = wb_arena_strdup(found->arena, wb_row_text(row, 0));
    found->phase = wb_arena_strdup(found->arena, wb_row_text(row, 1));
    found->percent = wb_row_is_null(row, 2) ? -1 : wb_row_int(row, 2);
    found->lockers_done = wb_row_int(row, 3);
    found->lockers = wb_row_int(row, 4);
    found->waits_for = wb_row_int(row, 5);
    return true;
}

/* The words of the server, where ours say more. */
static const char *phase_words(const char *phase)
{
    static const struct {
        const char *server;
        const char *ours;
    } words[] = {
        {"waiting for old snapshots", "waiting for old transactions"},
        {"waiting for writers before build", "waiting for transactions that write to the table"},
        {"waiting for writers before validation",
         "waiting for transactions that write to the table"},
        {"waiting for readers before marking dead", "waiting for transactions that read the table"},
        {"waiting for readers before dropping", "waiting for transactions that read the table"},
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(phase, words[i].server) == 0)
            return words[i].ours;
    }
    return phase;
}

static void add_progress(const progress_row *row, wb_buf *text)
{
    const char *phase = phase_words(row->phase);
    wb_str what = wb_str_from(row->what);
    bool is_whole = wb_str_has_prefix(wb_str_from(phase), what) ||
                    wb_str_has_prefix(wb_str_from(phase), WB_STR("waiting for"));
    if (!is_whole)
        wb_buf_add_str(text, what);
    if (!is_whole && *phase != '\0')
        wb_buf_puts(text, ": ");
    wb_buf_puts(text, phase);
    if (row->percent >= 0)
        wb_buf_printf(text, ", %lld %%", (long long) row->percent);
    if (row->lockers > 0 && row->lockers_done <= row->lockers)
        wb_buf_printf(text, ", %lld of %lld left", (long long) (row->lockers - row->lockers_done),
                      (long long) row->lockers);
}

bool wb_progress_query(wb_session *observer, int64_t id, wb_arena *arena, const char **ret_text,
                       wb_error *err)
{
    *ret_text = NULL;
    if (observer->dialect->id == WB_SQLITE)
        return true;
    WB_AUTO_BUF(text, 0);
    make_progress_sql(observer, id, &text);
    progress_row row = {.arena = arena};
    wb_error failure;
    if (!wb_session_query(observer, wb_buf_str(&text), NULL, 0, take_progress, &row, &failure)) {
        if (!observer->lost && failure.status != WB_E_CANCELLED)
            return true;
        *err = failure;
        return false;
    }
    if (row.what == NULL)
        return true;
    wb_blocker_list blockers = {0};
    if (row.waits_for != 0 && !wb_blockers_of(observer, id, arena, &blockers, err))
        return false;
    wb_buf_reset(&text);
    add_progress(&row, &text);
    if (blockers.count > 0) {
        wb_buf_puts(&text, ": ");
        wb_blocker_list_text(&blockers, observer->dialect->id, &text);
    }
    *ret_text = wb_str_dup(arena, wb_buf_str(&text));
    return true;
}
