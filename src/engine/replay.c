#include "engine/replay.h"

#include "base/clock.h"
#include "sql/script_mode.h"

/* How many statements are under way, and how long a whole replay may take. */
enum { BATCH = 64, LONGEST_S = 600 };

/* ---- obstacles ---- */

static const char *direction_word(wb_direction direction)
{
    return direction == WB_DOWN ? "down" : "up";
}

/* Is the server still there? A statement may have cost the player its connection. */
static bool is_server_there(const wb_replay *replay)
{
    wb_error ignored;
    return wb_session_exec(replay->scratch->keeper, WB_STR("DO 1"), &ignored);
}

/* A failure of the server or of a file; the run's own end is passed on. */
static bool stop(wb_replay *replay, const char *where, wb_error *err)
{
    if (err->status == WB_E_CANCELLED || (err->status == WB_E_LOST && !is_server_there(replay)))
        return false;
    replay->obstacle = wb_arena_printf(replay->doubt->arena, "%s fails on a scratch database: %s",
                                       where, err->message);
    return true;
}

/* ---- running ---- */

static void count_answer(void *arg, const wb_answer *answer)
{
    wb_replay *replay = arg;
    if (answer->error == NULL)
        replay->answered++;
}

/* Which statement failed: the first that was sent and not answered. */
static bool stop_sent(wb_replay *replay, wb_error *err)
{
    const char *where = replay->answered < replay->sent.count ? replay->sent.items[replay->answered]
                                                              : "a setting of the session";
    replay->sent.count = 0;
    replay->answered = 0;
    return stop(replay, where, err);
}

static bool collect(wb_replay *replay, wb_error *err)
{
    if (!wb_session_collect(replay->scratch->player, err))
        return stop_sent(replay, err);
    replay->sent.count = 0;
    replay->answered = 0;
    return true;
}

static bool is_late(wb_replay *replay)
{
    if (wb_clock_monotonic_us() < replay->end_us)
        return false;
    replay->obstacle = wb_arena_printf(
        replay->doubt->arena, "replaying the applied revisions takes longer than %d s", LONGEST_S);
    return true;
}

/* ---- how the server reads ---- */

/* Character sets in which the second byte of a character may be a quote or a backslash: the server
 * then finds the end of a string elsewhere than the guard. */
static const char *const blind_charsets[] = {"big5", "cp932", "gb18030", "gb2312",
                                             "gbk",  "sjis",  NULL};

typedef struct reading {
    wb_lexer_mode mode;
    bool is_blind;
} reading;

static bool take_reading(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    reading *is = arg;
    wb_script_mode mode;
    wb_splitter_options how = {.dialect = wb_dialect_of(WB_MARIADB),
                               .sql_mode = wb_row_text(row, 0)};
    wb_script_mode_init(&mode, &how);
    is->mode = mode.now;
    for (const char *const *charset = blind_charsets; *charset != NULL; charset++) {
        if (wb_str_is_nocase(row->cells[1], *charset))
            is->is_blind = true;
    }
    return true;
}

static bool is_read_alike(wb_lexer_mode a, wb_lexer_mode b)
{
    return a.backslash == b.backslash && a.ansi_quotes == b.ansi_quotes &&
           a.brackets == b.brackets && a.oracle == b.oracle;
}

/* The guard is only right while it reads as the server does, so after each setting the server is
 * asked how it reads. */
static bool check_reading(wb_replay *replay, wb_lexer_mode mode, const char *where, wb_error *err)
{
    reading is = {0};
    if (!replay->is_mode_doubtful)
        return true;
    if (!collect(replay, err))
        return false;
    if (replay->obstacle != NULL)
        return true;
    if (!wb_session_query(replay->scratch->player,
                          WB_STR("SELECT @@sql_mode, @@character_set_client"), NULL, 0,
                          take_reading, &is, err))
        return stop(replay, where, err);
    replay->is_mode_doubtful = false;
    if (is.is_blind || !is_read_alike(is.mode, mode))
        replay->obstacle =
            wb_arena_printf(replay->doubt->arena,
                            "%s cannot be replayed on a scratch database: its session settings do "
                            "not allow to read it safely",
                            where);
    return true;
}

/* ---- playing ---- */

static bool submit_replayed(wb_replay *replay, const char *where, const wb_statement *statement,
                            bool may_set, wb_error *err)
{
    bool is_setting = (statement->traits & WB_STMT_SETTING) != 0;
    replay->is_changed = replay->is_changed || is_setting;
    replay->is_mode_doubtful = replay->is_mode_doubtful || is_setting || may_set;
    WB_LIST_ADD(replay->doubt->arena, &replay->sent, where);
    wb_request request = {.sql = statement->text, .answer = count_answer, .arg = replay};
    if (!wb_session_submit(replay->scratch->player, &request, err))
        return stop_sent(replay, err);
    return replay->sent.count < BATCH || collect(replay, err);
}

static bool play(wb_replay *replay, const wb_step_script *script, const wb_statement *statement,
                 wb_lexer_mode mode, wb_error *err)
{
    wb_arena *arena = replay->doubt->arena;
    wb_maria_look look;
    if (!wb_context_proceed(replay->scratch->ledger->context, err))
        return false;
    if (is_late(replay))
        return true;
    const char *where =
        wb_arena_printf(arena, "statement %u of revision \"%s\" (%s)", statement->number,
                        script->revision->id, direction_word(script->direction));
    if (!check_reading(replay, mode, where, err))
        return false;
    if (replay->obstacle != NULL)
        return true;
    wb_maria_guard_look(&replay->guard, mode, statement->text, arena, &look);
    if (look.action == WB_REPLAY_REFUSE)
        replay->obstacle = wb_arena_printf(arena, "%s cannot be replayed on a scratch database: %s",
                                           where, look.reason);
    return look.action != WB_REPLAY_RUN ||
           submit_replayed(replay, where, statement, look.writes_rows, err);
}

/* Plays a section up to, not including, statement `end`; 0: all of it. */
static bool play_section(wb_replay *replay, const wb_step_script *script, unsigned end,
                         wb_error *err)
{
    const wb_doubt *doubt = replay->doubt;
    wb_section_statements statements;
    if (!wb_section_statements_open(doubt->ledger, doubt->options, script, &statements, err))
        return stop(replay, wb_arena_printf(doubt->arena, "revision \"%s\"", script->revision->id),
                    err);
    bool ok = true;
    while (ok && replay->obstacle == NULL) {
        wb_statement statement;
        bool at_end = false;
        if (!wb_splitter_next(statements.splitter, &statement, &at_end, err)) {
            ok = stop(replay,
                      wb_arena_printf(doubt->arena, "revision \"%s\"", script->revision->id), err);
            break;
        }
        if (at_end)
            break;
        if (statement.number == end) {
            replay->text = wb_str_from(wb_str_dup(doubt->arena, statement.text));
            replay->mode = wb_splitter_mode(statements.splitter);
            break;
        }
        ok = play(replay, script, &statement, wb_splitter_mode(statements.splitter), err);
    }
    wb_section_statements_close(&statements);
    return ok && (replay->obstacle != NULL || collect(replay, err));
}

/* Before another revision the run puts back what the file has changed. */
static bool restore(wb_replay *replay, wb_error *err)
{
    if (!replay->is_changed)
        return true;
    replay->is_changed = false;
    return wb_scratch_submit_settings(replay->scratch, true, err) || stop_sent(replay, err);
}

static bool play_row(wb_replay *replay, const wb_ledger_row *row, wb_error *err)
{
    const wb_doubt *doubt = replay->doubt;
    uint32_t index = 0;
    wb_step_script script;
    (void) wb_graph_find(doubt->ledger->context->graph, wb_str_from(row->revision), &index);
    if (!wb_step_script_prepare(doubt->ledger, doubt->options, index, WB_UP, false, doubt->arena,
                                &script, err))
        return stop(replay, wb_arena_printf(doubt->arena, "revision \"%s\"", row->revision), err);
    return play_section(replay, &script, 0, err) &&
           (replay->obstacle != NULL || restore(replay, err));
}

/* ---- asking ---- */

bool wb_replay_check(const wb_doubt *doubt, const char **ret_obstacle, wb_error *err)
{
    const wb_context *context = doubt->ledger->context;
    wb_ledger *full = NULL; /* with the column that tells what was stamped */
    *ret_obstacle = NULL;
    if (!wb_ledger_read(context, WB_LEDGER_FULL, &full, err))
        return false;
    for (size_t i = 0; i < full->rows.count && *ret_obstacle == NULL; i++) {
        const wb_ledger_row *row = &full->rows.items[i];
        uint32_t index = 0;
        if (row->stamped)
            *ret_obstacle = wb_arena_printf(
                doubt->arena,
                "the database cannot be replayed: revision \"%s\" was stamped, not run",
                row->revision);
        else if (!wb_graph_find(context->graph, wb_str_from(row->revision), &index))
            *ret_obstacle = wb_arena_printf(
                doubt->arena,
                "the database cannot be replayed: revision \"%s\" has no file any more",
                row->revision);
    }
    return true;
}

typedef struct server_names {
    wb_arena *arena;
    wb_text_list *list;
    const char *without;
} server_names;

static bool take_server_name(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    server_names *into = arg;
    if (!wb_str_is(row->cells[0], into->without))
        WB_LIST_ADD(into->arena, into->list, wb_str_dup(into->arena, row->cells[0]));
    return true;
}

static bool take_switch(void *arg, const wb_row *row, wb_error *err)
{
    (void) err;
    *(bool *) arg = wb_str_is_nocase(row->cells[0], "ON") || wb_str_is(row->cells[0], "1");
    return true;
}

bool wb_replay_begin(wb_replay *replay, const wb_doubt *doubt, wb_scratch *scratch, wb_error *err)
{
    *replay = (wb_replay){
        .doubt = doubt,
        .scratch = scratch,
        .guard = {.live = doubt->ledger->database},
        .is_mode_doubtful = true,
        .end_us = wb_clock_monotonic_us() + (int64_t) LONGEST_S * 1000000,
    };
    wb_session *keeper = scratch->keeper;
    server_names databases = {doubt->arena, &replay->guard.databases, scratch->name};
    server_names functions = {doubt->arena, &replay->guard.functions, ""};
    wb_error hidden; /* who may not see the loadable functions is trusted not to need the guard */
    if (!wb_session_query(keeper, WB_STR("SELECT name FROM mysql.func"), NULL, 0, take_server_name,
                          &functions, &hidden) &&
        (hidden.status == WB_E_LOST || hidden.status == WB_E_CANCELLED)) {
        *err = hidden;
        return false;
    }
    return wb_session_query(keeper, WB_STR("SHOW DATABASES"), NULL, 0, take_server_name, &databases,
                            err) &&
           wb_session_query(keeper, WB_STR("SELECT @@global.event_scheduler"), NULL, 0, take_switch,
                            &replay->guard.events_run, err);
}

/* ---- all ---- */

bool wb_replay_before(wb_replay *replay, wb_error *err)
{
    const wb_doubt *doubt = replay->doubt;
    const wb_ledger *ledger = doubt->ledger;
    for (size_t i = 0; i < ledger->rows.count && replay->obstacle == NULL; i++) {
        if (!play_row(replay, &ledger->rows.items[i], err))
            return false;
    }
    if (replay->obstacle != NULL)
        return true;
    if (!play_section(replay, doubt->script, doubt->statement->number, err))
        return false;
    if (replay->obstacle == NULL && replay->text.ptr == NULL)
        replay->obstacle = "the statement is not in its file any more";
    return true;
}

bool wb_replay_statement(wb_replay *replay, wb_error *err)
{
    wb_statement statement = *replay->doubt->statement;
    statement.text = replay->text;
    return play(replay, replay->doubt->script, &statement, replay->mode, err) &&
           (replay->obstacle != NULL || collect(replay, err));
}
