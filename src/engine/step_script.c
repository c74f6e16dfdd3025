#include "engine/step_script.h"

#include "sql/script_mode.h"

#include <stdlib.h>

static const char *section_name(wb_direction direction)
{
    return direction == WB_DOWN ? "down" : "up";
}

/* ---- reading a section ---- */

static const char *find_variable(const void *arg, const char *name)
{
    const wb_run_options *options = arg;
    size_t length = strlen(name);
    for (size_t i = 0; i < options->variable_count; i++) {
        const char *given = options->variables[i];
        if (strncmp(given, name, length) == 0 && given[length] == '=')
            return given + length + 1;
    }
    return NULL;
}

bool wb_section_statements_open(const wb_ledger *ledger, const wb_run_options *options,
                                const wb_step_script *script, wb_section_statements *ret_statements,
                                wb_error *err)
{
    wb_section_source *source = NULL;
    if (!wb_section_open(script->revision, script->section, find_variable, options, &source, err))
        return false;
    wb_splitter_options how = {.dialect = ledger->context->dialect,
                               .file = script->revision->path,
                               .start = script->section->start,
                               .sql_mode = ledger->sql_mode,
                               .nonstandard_strings = ledger->nonstandard_strings};
    *ret_statements = (wb_section_statements){
        .source = source, .splitter = wb_splitter_new(&how, wb_section_read, source)};
    return true;
}

void wb_section_statements_close(wb_section_statements *statements)
{
    wb_splitter_free(statements->splitter);
    wb_section_close(statements->source);
    *statements = (wb_section_statements){0};
}

/* ---- how a statement is run ---- */

static bool fail_at(const wb_step_script *script, const wb_statement *statement, wb_error *err)
{
    wb_at(err, script->revision->path, statement->at.line, statement->at.column);
    return wb_show(err, statement->text, 0, statement->at.line, statement->at.column);
}

static bool fail_transaction_control(const wb_step_script *script, const wb_statement *statement,
                                     wb_error *err)
{
    wb_str word = {0};
    wb_str rest = statement->text;
    (void) wb_str_next_word(&rest, &word);
    wb_fail(err, WB_E_REVISION, "revision \"%s\" has a %.*s of its own", script->revision->id,
            WB_STR_ARG(word));
    wb_hint(err,
            "Each section already runs in a transaction, together with its row in the ledger: "
            "delete the statement, or write `-- migrate:%s transaction:false` to leave "
            "transactions to the file.",
            section_name(script->direction));
    return fail_at(script, statement, err);
}

/* Reads the `-- whimbrel: ...` lines before a statement. */
static bool read_options(const wb_step_script *script, const wb_statement *statement,
                         bool *ret_alone, wb_error *err)
{
    wb_str rest = statement->options;
    wb_str word;
    *ret_alone = false;
    while (wb_str_next_word(&rest, &word)) {
        if (wb_str_is(word, "transaction:false")) {
            *ret_alone = true;
        } else if (!wb_str_is(word, "transaction:true")) {
            wb_fail(err, WB_E_REVISION, "unknown statement option \"%.*s\"", WB_STR_ARG(word));
            wb_hint(err, "Known options of a statement: transaction:false.");
            return fail_at(script, statement, err);
        }
    }
    return true;
}

bool wb_statement_policy(const wb_ledger *ledger, const wb_step_script *script,
                         const wb_statement *statement, wb_policy *ret_policy, wb_error *err)
{
    const wb_session *session = ledger->context->session;
    const wb_dialect *dialect = ledger->context->dialect;
    bool alone = false;
    if (!read_options(script, statement, &alone, err))
        return false;
    unsigned traits = statement->traits;
    if (session != NULL && (traits & (WB_STMT_NO_TRANSACTION | WB_STMT_DDL)) != 0)
        traits = wb_statement_traits(dialect, statement->text, session->version);
    bool no_transaction = script->section->no_transaction;
    if (dialect->id == WB_SQLITE && !no_transaction &&
        wb_sqlite_sets_foreign_keys(statement->text)) {
        *ret_policy = WB_RUN_INSIDE; /* without effect: what it asks for holds for the whole step */
        return true;
    }
    if ((traits & (WB_STMT_BEGIN | WB_STMT_END)) != 0) {
        if (!no_transaction)
            return fail_transaction_control(script, statement, err);
        *ret_policy = (traits & WB_STMT_BEGIN) != 0 ? WB_RUN_BEGIN : WB_RUN_END;
        return true;
    }
    bool wants_own = no_transaction || alone;
    bool is_program = (traits & WB_STMT_PROGRAM) != 0;
    /* Programs may commit: anywhere on MariaDB, outside of a transaction on PostgreSQL. */
    bool refuses = (traits & (WB_STMT_NO_TRANSACTION | WB_STMT_AUTOCOMMIT)) != 0 ||
                   (is_program && (wants_own || dialect->id == WB_MARIADB));
    bool is_setting = (traits & WB_STMT_SETTING) != 0;
    if (is_setting && (refuses || wants_own))
        *ret_policy = WB_RUN_SETTING;
    else if (refuses)
        *ret_policy = WB_RUN_ALONE;
    else
        *ret_policy = wants_own ? WB_RUN_OWN : WB_RUN_INSIDE;
    return true;
}

void wb_statement_hash(const wb_statement *statement, char ret_hex[WB_SHA256_HEX])
{
    wb_sha256 hash;
    wb_sha256_init(&hash);
    wb_sha256_add(&hash, statement->text);
    wb_sha256_hex(&hash, ret_hex);
}

/* ---- looking at a section before it is run ---- */

static bool check_statement(const wb_ledger *ledger, const wb_statement *statement,
                            bool one_transaction, wb_step_script *script, wb_error *err)
{
    wb_policy policy = WB_RUN_INSIDE;
    if (!wb_statement_policy(ledger, script, statement, &policy, err))
        return false;
    script->statements = statement->number;
    if (policy == WB_RUN_INSIDE)
        return true;
    script->is_split = true;
    if (!one_transaction)
        return true;
    wb_fail(err, WB_E_UNSUPPORTED,
            "revision \"%s\" has a statement that cannot run in a transaction",
            script->revision->id);
    wb_hint(err, "With `--transaction all` every statement must be able to: use `--transaction "
                 "each`, or apply this revision in a run of its own.");
    return fail_at(script, statement, err);
}

/* Are the tables of a step locked before its first statement? */
static bool locks_first(const wb_ledger *ledger)
{
    const wb_context *context = ledger->context;
    return context->dialect->id == WB_POSTGRES && context->session != NULL &&
           strcmp(context->config->lock_tables_first, "yes") == 0;
}

/* Foreign keys cannot be switched within a transaction. */
static bool fail_needs_own_transaction(const wb_step_script *script, wb_error *err)
{
    wb_fail(err, WB_E_UNSUPPORTED, "revision \"%s\" must run without foreign keys",
            script->revision->id);
    wb_detail(err, "It rebuilds a table, or switches them off, which SQLite does only outside of a "
                   "transaction.");
    wb_hint(err, "Use `--transaction each`, or apply this revision in a run of its own.");
    return wb_at(err, script->revision->path, 0, 0);
}

/* What is learned about a section as a whole, by engine. */
typedef struct section_look {
    bool is_sqlite;
    bool locks_first;
    wb_sqlite_section sqlite;
    wb_lock_set locks;
} section_look;

static bool check_each(const wb_ledger *ledger, wb_splitter *splitter, bool one_transaction,
                       section_look *look, wb_step_script *script, wb_error *err)
{
    for (;;) {
        wb_statement statement;
        bool done = false;
        if (!wb_splitter_next(splitter, &statement, &done, err))
            return false;
        if (done)
            return true;
        if (!check_statement(ledger, &statement, one_transaction, script, err))
            return false;
        if (look->locks_first)
            wb_lock_set_add(&look->locks, wb_splitter_mode(splitter), statement.text);
        if (look->is_sqlite)
            wb_sqlite_section_add(&look->sqlite, statement.text);
    }
}

static bool check_statements(const wb_ledger *ledger, const wb_run_options *options,
                             bool one_transaction, wb_arena *arena, wb_step_script *script,
                             wb_error *err)
{
    WB_SCRATCH(scratch);
    wb_section_statements statements;
    section_look look = {
        .is_sqlite = ledger->context->dialect->id == WB_SQLITE,
        .locks_first = locks_first(ledger) && !one_transaction, /* it begins before this step */
    };
    if (!wb_section_statements_open(ledger, options, script, &statements, err))
        return false;
    if (look.locks_first)
        wb_lock_set_init(&look.locks, ledger->context->session->version, scratch);
    wb_sqlite_section_init(&look.sqlite, arena);
    bool ok = check_each(ledger, statements.splitter, one_transaction, &look, script, err);
    if (ok && look.locks_first && !script->is_split)
        (void) wb_lock_set_finish(&look.locks, arena, &script->tables, &script->table_count);
    if (look.locks_first)
        wb_lock_set_clear(&look.locks);
    wb_section_statements_close(&statements);
    wb_sqlite_section_clear(&look.sqlite);
    script->effects = look.sqlite.effects;
    return ok && (!one_transaction || !script->effects.foreign_keys_off ||
                  fail_needs_own_transaction(script, err));
}

static bool fail_no_section(const wb_step_script *script, const wb_dialect *dialect, wb_error *err)
{
    const wb_revision *revision = script->revision;
    if (script->direction == WB_DOWN) {
        wb_fail(err, WB_E_REVISION, "revision \"%s\" cannot be undone: it has no down section%s%s",
                revision->id, revision->sections.count > 1 ? " for " : "",
                revision->sections.count > 1 ? dialect->name : "");
        wb_hint(err, "Write one after the marker line `-- migrate:down`, or choose a target that "
                     "is not below it.");
    } else {
        wb_fail(err, WB_E_REVISION, "revision \"%s\" has no up section for %s", revision->id,
                dialect->name);
        wb_hint(err, "Add `-- migrate:up engine:%s`, even an empty one.", dialect->name);
    }
    return wb_at(err, revision->path, 0, 0);
}

bool wb_step_script_prepare(const wb_ledger *ledger, const wb_run_options *options, uint32_t index,
                            wb_direction direction, bool one_transaction, wb_arena *arena,
                            wb_step_script *ret_script, wb_error *err)
{
    const wb_context *context = ledger->context;
    wb_revision *revision = context->set->revisions.items[index];
    wb_step_script script = {.revision = revision, .direction = direction};
    if (!wb_revision_sections(revision, context->arena, err))
        return false;
    script.section = wb_revision_section(revision, direction, context->dialect->id);
    if (script.section == NULL)
        return fail_no_section(&script, context->dialect, err);
    if (!check_statements(ledger, options, one_transaction, arena, &script, err))
        return false;
    if (direction == WB_UP) {
        char normal[WB_SHA256_HEX];
        if (revision->checksum[0] == '\0' && !wb_revision_checksum(revision, err))
            return false;
        if (!wb_revision_normal_checksum(revision, context->dialect, normal, err))
            return false;
        script.checksum = wb_arena_strdup(arena, normal);
        script.raw_checksum = revision->checksum;
    }
    *ret_script = script;
    return true;
}
