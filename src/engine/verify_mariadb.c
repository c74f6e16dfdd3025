/* MariaDB commits each statement of DDL by itself, so after a crash the journal may end with
 * "intent N". A kill can come before N, and the server finishes N even without its client. The
 * schema tells: all that was done is replayed on a scratch database, up to the statement before N
 * and then N itself. What differs between the two is what N is about; there the live database must
 * look like one of them. The rest of the live database does not matter, so drift elsewhere does
 * not disturb. */
#include "engine/maria_fingerprint.h"
#include "engine/replay.h"
#include "engine/verify.h"
#include "sql/script_mode.h"
#include "sql/token_reader.h"

typedef struct verifier {
    const wb_doubt *doubt;
    wb_verification *result;
    wb_arena *arena;
    wb_maria_look look; /* at the statement in doubt */
    /* What the statement touches: before it, after it, and as it is. One order. */
    wb_fingerprint before;
    wb_fingerprint after;
    wb_fingerprint live;
} verifier;

/* ---- verdicts ---- */

static bool decide(verifier *it, wb_verdict verdict, const char *reason)
{
    it->result->verdict = verdict;
    it->result->reason = reason;
    return true;
}

static bool is_end_of_run(const wb_error *err)
{
    return err->status == WB_E_CANCELLED || err->status == WB_E_LOST;
}

/* The scratch database could not be used: nobody knows. */
static bool give_up(verifier *it, const wb_error *err)
{
    if (is_end_of_run(err))
        return false;
    return decide(
        it, WB_VERDICT_OPEN,
        wb_arena_printf(it->arena, "a scratch database cannot be used: %s", err->message));
}

/* ---- objects in words ---- */

enum { MOST_NAMED = 3 };

typedef enum likeness { LIKE_BEFORE, LIKE_AFTER, LIKE_NEITHER } likeness;

static bool is_same(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static likeness likeness_at(const verifier *it, size_t index)
{
    const char *live = it->live.objects.items[index].text;
    if (is_same(live, it->after.objects.items[index].text))
        return LIKE_AFTER;
    return is_same(live, it->before.objects.items[index].text) ? LIKE_BEFORE : LIKE_NEITHER;
}

/* A line without what depends on its place. */
static wb_str bare_line(wb_str line)
{
    line = wb_str_trim(line);
    if (line.len > 0 && line.ptr[line.len - 1] == ',')
        line.len--;
    return line;
}

static bool has_line(const char *text, wb_str wanted)
{
    wb_str rest = wb_str_from(text);
    wb_str line;
    while (wb_str_next_line(&rest, &line)) {
        if (wb_str_is_equal(bare_line(line), wanted))
            return true;
    }
    return false;
}

/* The first line of `text` that `other` does not have; false where it has all. */
static bool find_own_line(const char *text, const char *other, wb_str *ret_line)
{
    wb_str rest = wb_str_from(text);
    wb_str line;
    while (wb_str_next_line(&rest, &line)) {
        *ret_line = bare_line(line);
        if (!has_line(other, *ret_line))
            return true;
    }
    *ret_line = WB_STR("");
    return false;
}

/* How an object is, as against how it could be: `the table "a" exists`. */
static const char *state_of(const verifier *it, const wb_schema_object *object, const char *other)
{
    const char *tells = "exists";
    wb_str line = WB_STR("");
    if (object->text == NULL)
        tells = "does not exist";
    else if (other == NULL || strcmp(object->text, other) == 0)
        tells = "exists";
    else if (find_own_line(object->text, other, &line))
        tells = "has the line";
    else if (find_own_line(other, object->text, &line))
        tells = "does not have the line";
    else
        tells = "has its lines in another order";
    return wb_arena_printf(it->arena, "the %s \"%s\" %s%s%.*s%s", object->kind, object->name, tells,
                           line.len > 0 ? " \"" : "", WB_STR_ARG(line), line.len > 0 ? "\"" : "");
}

/* Which state an object is told as against. */
typedef const wb_fingerprint *other_fn(const verifier *it, size_t index);

/* The first objects as they are in `states`, in one clause. */
static const char *tell(const verifier *it, const wb_fingerprint *states, other_fn *other)
{
    size_t count = states->objects.count;
    WB_AUTO_BUF(text, 0);
    for (size_t i = 0; i < count && i < MOST_NAMED; i++) {
        bool is_last = i + 1 == count;
        wb_buf_puts(&text, i == 0 ? "" : is_last ? " and " : ", ");
        wb_buf_puts(&text,
                    state_of(it, &states->objects.items[i], other(it, i)->objects.items[i].text));
    }
    if (count > MOST_NAMED)
        wb_buf_printf(&text, ", and so on for %zu more", count - MOST_NAMED);
    return wb_str_dup(it->arena, wb_buf_str(&text));
}

static const wb_fingerprint *as_before(const verifier *it, size_t index)
{
    (void) index;
    return &it->before;
}

static const wb_fingerprint *as_after(const verifier *it, size_t index)
{
    (void) index;
    return &it->after;
}

static const wb_fingerprint *as_live(const verifier *it, size_t index)
{
    (void) index;
    return &it->live;
}

/* A state that the live object is not like, so that what is odd is shown. */
static const wb_fingerprint *as_unlike(const verifier *it, size_t index)
{
    bool was_there = it->before.objects.items[index].text != NULL;
    return likeness_at(it, index) == LIKE_BEFORE || !was_there ? &it->after : &it->before;
}

static const char *sentence(const verifier *it, const char *clause)
{
    char *text = wb_arena_printf(it->arena, "%s.", clause);
    text[0] = wb_to_upper(text[0]);
    return text;
}

/* ---- from what the statement touches ---- */

/* Is all that is odd what CREATE OR REPLACE leaves for a moment: nothing? */
static bool is_mendable(const verifier *it)
{
    for (size_t i = 0; i < it->live.objects.count; i++) {
        if (likeness_at(it, i) == LIKE_NEITHER && it->live.objects.items[i].text != NULL)
            return false;
    }
    return it->look.is_guarded;
}

static bool decide_mixed(verifier *it, const size_t counts[3])
{
    if (is_mendable(it))
        return decide(it, WB_VERDICT_UNDONE,
                      wb_arena_printf(it->arena,
                                      "it is half done, and does the rest when run "
                                      "again: %s",
                                      tell(it, &it->live, as_before)));
    it->result->if_done = sentence(it, tell(it, &it->after, as_live));
    it->result->if_undone = sentence(it, tell(it, &it->before, as_live));
    return decide(it, WB_VERDICT_OPEN,
                  wb_arena_printf(it->arena, "%s: %s",
                                  counts[LIKE_NEITHER] == 0
                                      ? "it is half done"
                                      : "the database is neither as before nor after",
                                  tell(it, &it->live, as_unlike)));
}

/* The schema is as before or as after it; the rows may be half written. */
static bool decide_with_rows(verifier *it, const char *how, other_fn *other)
{
    it->result->if_done = sentence(it, tell(it, &it->after, as_before));
    it->result->if_undone = sentence(it, tell(it, &it->before, as_after));
    return decide(it, WB_VERDICT_OPEN,
                  wb_arena_printf(it->arena,
                                  "the schema is as %s it (%s), which does not tell whether all "
                                  "its rows are written",
                                  how, tell(it, &it->live, other)));
}

/* Does the server undo CREATE TABLE ... SELECT as a whole after a crash? */
enum { ATOMIC_DDL_SINCE = 100600 };

static bool is_doubtful(const verifier *it)
{
    bool is_atomic =
        it->look.makes_table && it->doubt->ledger->context->session->version >= ATOMIC_DDL_SINCE;
    return it->look.writes_rows && !is_atomic;
}

static bool decide_by_schema(verifier *it)
{
    size_t counts[3] = {0};
    for (size_t i = 0; i < it->live.objects.count; i++)
        counts[likeness_at(it, i)]++;
    if (is_doubtful(it) && counts[LIKE_AFTER] == it->live.objects.count)
        return decide_with_rows(it, "after", as_before);
    if (is_doubtful(it) && !it->look.makes_table && counts[LIKE_BEFORE] == it->live.objects.count)
        return decide_with_rows(it, "before", as_after);
    if (counts[LIKE_AFTER] == it->live.objects.count)
        return decide(it, WB_VERDICT_DONE, tell(it, &it->live, as_before));
    if (counts[LIKE_BEFORE] == it->live.objects.count)
        return decide(it, WB_VERDICT_UNDONE, tell(it, &it->live, as_after));
    return decide_mixed(it, counts);
}

/* ---- from what the statement is ---- */

static bool take_has_rows(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    *(int64_t *) arg = wb_row_int(row, 0);
    return true;
}

/* The replay has made sure that the name is not one of another database. */
static wb_str truncated_table(const wb_replay *replay)
{
    wb_token_reader reader;
    wb_token_reader_open(&reader, replay->mode, replay->text);
    wb_token_reader_step(&reader);
    (void) wb_token_reader_accept(&reader, "TABLE");
    return wb_token_unquoted(reader.text);
}

static bool decide_truncate(verifier *it, const wb_replay *replay, wb_error *err)
{
    wb_str table = truncated_table(replay);
    const wb_ledger *ledger = it->doubt->ledger;
    int64_t has_rows = 1;
    WB_AUTO_BUF(sql, 0);
    wb_buf_puts(&sql, "SELECT EXISTS (SELECT 1 FROM ");
    wb_sql_qualified(&sql, ledger->context->dialect, wb_str_from(ledger->database), table);
    wb_buf_puts(&sql, ")");
    if (!wb_session_query(replay->scratch->keeper, wb_buf_str(&sql), NULL, 0, take_has_rows,
                          &has_rows, err))
        return give_up(it, err);
    if (has_rows == 0)
        return decide(it, WB_VERDICT_DONE,
                      wb_arena_printf(it->arena, "the table \"%.*s\" is empty", WB_STR_ARG(table)));
    it->result->if_done = "All rows of the table were written after it was emptied.";
    it->result->if_undone = "The table still has the rows that were to be removed.";
    return decide(it, WB_VERDICT_OPEN,
                  wb_arena_printf(it->arena, "the table \"%.*s\" holds rows", WB_STR_ARG(table)));
}

/* Where the schema is the same before and after. */
static bool decide_by_kind(verifier *it)
{
    switch (it->look.repeat) {
    case WB_REPEAT_HARMLESS:
        return decide(it, WB_VERDICT_UNDONE, "running it once more does no harm");
    case WB_REPEAT_ROWS:
        return decide(it, WB_VERDICT_OPEN, "it is about rows, and the schema does not show them");
    case WB_REPEAT_TRUNCATE:
    case WB_REPEAT_UNKNOWN:
        break;
    }
    return decide(it, WB_VERDICT_OPEN, "the schema does not show whether it was run");
}

/* ---- asking the databases ---- */

static bool decide_replayed(verifier *it, const wb_replay *replay, const wb_fingerprint *before,
                            wb_error *err)
{
    const char *live = it->doubt->ledger->database;
    wb_session *keeper = replay->scratch->keeper;
    wb_fingerprint after;
    if (!wb_maria_fingerprint(keeper, replay->scratch->name, it->arena, &after, err))
        return give_up(it, err);
    wb_fingerprint_difference(before, &after, it->arena, &it->before, &it->after);
    if (it->after.objects.count == 0 && it->look.repeat == WB_REPEAT_TRUNCATE)
        return decide_truncate(it, replay, err);
    if (it->after.objects.count == 0)
        return decide_by_kind(it);
    if (!wb_maria_fingerprint_of(keeper, live, &it->after, it->arena, &it->live, err))
        return give_up(it, err);
    return decide_by_schema(it);
}

static bool replay_and_decide(verifier *it, wb_scratch *scratch, wb_error *err)
{
    wb_replay replay;
    wb_fingerprint before;
    if (!wb_scratch_open(scratch, it->doubt->ledger, err) ||
        !wb_replay_begin(&replay, it->doubt, scratch, err))
        return give_up(it, err);
    if (!wb_replay_before(&replay, err))
        return false;
    if (replay.obstacle != NULL)
        return decide(it, WB_VERDICT_OPEN, replay.obstacle);
    wb_maria_guard_look(&replay.guard, replay.mode, replay.text, it->arena, &it->look);
    if (it->look.action == WB_REPLAY_SKIP)
        return decide_by_kind(it);
    if (!wb_maria_fingerprint(scratch->keeper, scratch->name, it->arena, &before, err))
        return give_up(it, err);
    if (!wb_replay_statement(&replay, err))
        return false;
    if (replay.obstacle != NULL)
        return decide(it, WB_VERDICT_OPEN, replay.obstacle);
    return decide_replayed(it, &replay, &before, err);
}

/* What the statement says of itself, without the server: enough where the schema never tells. */
static bool is_told_by_kind(verifier *it)
{
    static const wb_maria_guard nothing = {0};
    const wb_doubt *doubt = it->doubt;
    wb_splitter_options how = {.dialect = doubt->ledger->context->dialect,
                               .sql_mode = doubt->ledger->sql_mode};
    wb_script_mode mode;
    wb_script_mode_init(&mode, &how);
    wb_maria_guard_look(&nothing, mode.now, doubt->statement->text, it->arena, &it->look);
    return it->look.action == WB_REPLAY_SKIP || it->look.repeat == WB_REPEAT_ROWS;
}

bool wb_verify_mariadb(const wb_doubt *doubt, wb_verification *ret_verification, wb_error *err)
{
    wb_verification result = {.verdict = WB_VERDICT_OPEN};
    verifier it = {.doubt = doubt, .result = &result, .arena = doubt->arena};
    const char *obstacle = NULL;
    bool ok = true;
    if (is_told_by_kind(&it)) {
        (void) decide_by_kind(&it);
    } else if (doubt->ledger->database == NULL) {
        (void) decide(&it, WB_VERDICT_OPEN, "the URL names no database that could be compared");
    } else if (!wb_replay_check(doubt, &obstacle, err)) {
        return false;
    } else if (obstacle != NULL) {
        (void) decide(&it, WB_VERDICT_OPEN, obstacle);
    } else {
        wb_scratch scratch;
        ok = replay_and_decide(&it, &scratch, err);
        wb_scratch_close(&scratch);
    }
    if (ok)
        *ret_verification = result;
    return ok;
}
