#include "engine/maria_guard.h"

#include "sql/token_reader.h"

/* A statement as its tokens; comments are left out, version comments are code. */
typedef struct guard_piece {
    wb_token_kind kind;
    wb_str text;
} guard_piece;

typedef struct looking {
    const wb_maria_guard *guard;
    wb_arena *tmp;
    wb_arena *arena; /* of the reason */
    WB_LIST(guard_piece) pieces;
    wb_maria_look *look;
} looking;

/* ---- reading ---- */

/* False where the text cannot be read to its end. */
static bool read_guarded(looking *it, wb_lexer_mode mode, wb_str text)
{
    wb_window window;
    wb_lexer lexer;
    wb_error ignored;
    wb_window_init_text(&window, text);
    wb_lexer_init(&lexer, &window, mode);
    for (;;) {
        wb_token token;
        if (!wb_lexer_next(&lexer, &token, &ignored))
            return false;
        if (token.kind == WB_TOKEN_END)
            return true;
        bool is_mark = token.kind == WB_TOKEN_CODE_OPEN || token.kind == WB_TOKEN_CODE_CLOSE ||
                       token.kind == WB_TOKEN_HINT || !wb_token_is_code(&token);
        if (!is_mark)
            WB_LIST_ADD(it->tmp, &it->pieces,
                        ((guard_piece){token.kind, wb_lexer_text(&lexer, &token)}));
    }
}

static const guard_piece *piece_at(const looking *it, size_t index)
{
    static const guard_piece none = {.kind = WB_TOKEN_END, .text = {"", 0}};
    return index < it->pieces.count ? &it->pieces.items[index] : &none;
}

static bool is_symbol(const looking *it, size_t index, const char *text)
{
    return wb_str_is(piece_at(it, index)->text, text);
}

/* An unquoted word that stands here in its own right: `t.reset` is a column. */
static bool is_word(const looking *it, size_t index, const char *text)
{
    const guard_piece *word = piece_at(it, index);
    return word->kind == WB_TOKEN_WORD && wb_str_is_nocase(word->text, text);
}

static bool is_one_of(const looking *it, size_t index, const char *const *words)
{
    if (piece_at(it, index)->kind != WB_TOKEN_WORD)
        return false;
    for (; *words != NULL; words++) {
        if (wb_str_is_nocase(piece_at(it, index)->text, *words))
            return true;
    }
    return false;
}

static bool is_qualified(const looking *it, size_t index)
{
    return is_symbol(it, index + 1, ".") || (index > 0 && is_symbol(it, index - 1, "."));
}

static void refuse(looking *it, const char *format, ...) WB_PRINTF(2, 3);

static void refuse(looking *it, const char *format, ...)
{
    if (it->look->action == WB_REPLAY_REFUSE) /* the first reason counts */
        return;
    WB_AUTO_BUF(text, 0);
    va_list args;
    va_start(args, format);
    wb_buf_vprintf(&text, format, args);
    va_end(args);
    it->look->action = WB_REPLAY_REFUSE;
    it->look->reason = wb_str_dup(it->arena, wb_buf_str(&text));
}

/* ---- what a statement is ---- */

enum {
    BODY = 1,     /* holds other statements, so every word is looked at */
    IF_QUIET = 2, /* only while the event scheduler is off */
    MANY = 4,     /* runs other statements */
};

typedef struct statement_rule {
    const char *verb;
    const char *noun; /* NULL: all others */
    wb_replay_action action;
    wb_repeat repeat;
    unsigned flags;
} statement_rule;

#define RUN      WB_REPLAY_RUN
#define SKIP     WB_REPLAY_SKIP
#define REFUSE   WB_REPLAY_REFUSE
#define UNKNOWN  WB_REPEAT_UNKNOWN
#define HARMLESS WB_REPEAT_HARMLESS
#define ROWS     WB_REPEAT_ROWS

/* The first that fits counts. A statement that fits none is refused. */
/* clang-format off */
static const statement_rule rules[] = {
    {"ALTER", "DATABASE", SKIP, HARMLESS, 0},
    {"ALTER", "EVENT", RUN, HARMLESS, BODY | IF_QUIET},
    {"ALTER", "FUNCTION", RUN, HARMLESS, 0},
    {"ALTER", "PROCEDURE", RUN, HARMLESS, 0},
    {"ALTER", "SCHEMA", SKIP, HARMLESS, 0},
    {"ALTER", "SEQUENCE", RUN, HARMLESS, 0},
    {"ALTER", "SERVER", SKIP, HARMLESS, 0},
    {"ALTER", "TABLE", RUN, HARMLESS, 0}, /* but see look_alter_table */
    {"ALTER", "USER", SKIP, HARMLESS, 0},
    {"ALTER", "VIEW", RUN, HARMLESS, 0},
    {"ANALYZE", "LOCAL", SKIP, HARMLESS, 0},
    {"ANALYZE", "NO_WRITE_TO_BINLOG", SKIP, HARMLESS, 0},
    {"ANALYZE", "TABLE", SKIP, HARMLESS, 0},
    {"ANALYZE", "TABLES", SKIP, HARMLESS, 0},
    {"ANALYZE", NULL, RUN, ROWS, BODY},
    {"BACKUP", NULL, SKIP, UNKNOWN, 0},
    {"BEGIN", NULL, RUN, UNKNOWN, BODY | MANY},
    {"CACHE", NULL, SKIP, HARMLESS, 0},
    {"CALL", NULL, RUN, UNKNOWN, MANY},
    {"CASE", NULL, RUN, UNKNOWN, BODY | MANY},
    {"CHANGE", NULL, SKIP, UNKNOWN, 0},
    {"CHECK", NULL, SKIP, HARMLESS, 0},
    {"CHECKSUM", NULL, SKIP, HARMLESS, 0},
    {"COMMIT", NULL, RUN, UNKNOWN, 0},
    {"CREATE", "DATABASE", SKIP, UNKNOWN, 0}, /* but see look_replace */
    {"CREATE", "EVENT", RUN, UNKNOWN, BODY | IF_QUIET},
    {"CREATE", "FUNCTION", RUN, UNKNOWN, BODY},
    {"CREATE", "INDEX", RUN, UNKNOWN, 0},
    {"CREATE", "PACKAGE", RUN, UNKNOWN, BODY},
    {"CREATE", "PROCEDURE", RUN, UNKNOWN, BODY},
    {"CREATE", "ROLE", SKIP, UNKNOWN, 0},
    {"CREATE", "SCHEMA", SKIP, UNKNOWN, 0},
    {"CREATE", "SEQUENCE", RUN, UNKNOWN, 0},
    {"CREATE", "SERVER", SKIP, UNKNOWN, 0},
    {"CREATE", "TABLE", RUN, UNKNOWN, 0},
    {"CREATE", "TRIGGER", RUN, UNKNOWN, BODY},
    {"CREATE", "USER", SKIP, UNKNOWN, 0},
    {"CREATE", "VIEW", RUN, UNKNOWN, 0},
    {"DECLARE", NULL, RUN, UNKNOWN, BODY | MANY},
    {"DELETE", NULL, RUN, ROWS, 0},
    {"DESC", NULL, SKIP, HARMLESS, 0},
    {"DESCRIBE", NULL, SKIP, HARMLESS, 0},
    {"DO", NULL, RUN, ROWS, 0},
    {"DROP", "DATABASE", REFUSE, UNKNOWN, 0},
    {"DROP", "EVENT", RUN, UNKNOWN, IF_QUIET},
    {"DROP", "FUNCTION", RUN, UNKNOWN, 0},
    {"DROP", "INDEX", RUN, UNKNOWN, 0},
    {"DROP", "PACKAGE", RUN, UNKNOWN, 0},
    {"DROP", "PROCEDURE", RUN, UNKNOWN, 0},
    {"DROP", "ROLE", SKIP, UNKNOWN, 0},
    {"DROP", "SCHEMA", REFUSE, UNKNOWN, 0},
    {"DROP", "SEQUENCE", RUN, UNKNOWN, 0},
    {"DROP", "SERVER", SKIP, UNKNOWN, 0},
    {"DROP", "TABLE", RUN, UNKNOWN, 0},
    {"DROP", "TABLES", RUN, UNKNOWN, 0},
    {"DROP", "TRIGGER", RUN, UNKNOWN, 0},
    {"DROP", "USER", SKIP, UNKNOWN, 0},
    {"DROP", "VIEW", RUN, UNKNOWN, 0},
    {"EXPLAIN", NULL, SKIP, HARMLESS, 0},
    {"FLUSH", NULL, SKIP, HARMLESS, 0},
    {"FOR", NULL, RUN, UNKNOWN, BODY | MANY},
    {"GRANT", NULL, SKIP, HARMLESS, 0},
    {"HELP", NULL, SKIP, HARMLESS, 0},
    {"IF", NULL, RUN, UNKNOWN, BODY | MANY},
    {"INSERT", NULL, RUN, ROWS, 0},
    {"INSTALL", NULL, SKIP, UNKNOWN, 0},
    {"KILL", NULL, SKIP, UNKNOWN, 0},
    {"LOAD", "INDEX", SKIP, HARMLESS, 0},
    {"LOCK", NULL, SKIP, HARMLESS, 0},
    {"LOOP", NULL, RUN, UNKNOWN, BODY | MANY},
    {"OPTIMIZE", NULL, SKIP, HARMLESS, 0},
    {"PURGE", NULL, SKIP, UNKNOWN, 0},
    {"RELEASE", NULL, RUN, UNKNOWN, 0},
    {"RENAME", "TABLE", RUN, UNKNOWN, 0},
    {"RENAME", "TABLES", RUN, UNKNOWN, 0},
    {"RENAME", "USER", SKIP, UNKNOWN, 0},
    {"REPAIR", NULL, SKIP, HARMLESS, 0},
    {"REPEAT", NULL, RUN, UNKNOWN, BODY | MANY},
    {"REPLACE", NULL, RUN, ROWS, 0},
    {"RESET", NULL, SKIP, UNKNOWN, 0},
    {"REVOKE", NULL, SKIP, UNKNOWN, 0}, /* fails where there is nothing to revoke */
    {"ROLLBACK", NULL, RUN, UNKNOWN, 0},
    {"SAVEPOINT", NULL, RUN, UNKNOWN, 0},
    {"SELECT", NULL, RUN, ROWS, 0},
    {"SET", "DEFAULT", SKIP, HARMLESS, 0},
    {"SET", "GLOBAL", SKIP, HARMLESS, 0},
    {"SET", "PASSWORD", SKIP, HARMLESS, 0},
    {"SET", "STATEMENT", RUN, UNKNOWN, BODY | MANY},
    {"SET", NULL, RUN, HARMLESS, 0},
    {"SHOW", NULL, SKIP, HARMLESS, 0},
    {"SHUTDOWN", NULL, SKIP, UNKNOWN, 0},
    {"START", "TRANSACTION", RUN, UNKNOWN, 0},
    {"START", NULL, SKIP, UNKNOWN, 0},
    {"STOP", NULL, SKIP, UNKNOWN, 0},
    {"TRUNCATE", NULL, RUN, WB_REPEAT_TRUNCATE, 0},
    {"UNINSTALL", NULL, SKIP, UNKNOWN, 0},
    {"UNLOCK", NULL, SKIP, HARMLESS, 0},
    {"UPDATE", NULL, RUN, ROWS, 0},
    {"VALUES", NULL, RUN, ROWS, 0},
    {"WHILE", NULL, RUN, UNKNOWN, BODY | MANY},
    {"WITH", NULL, RUN, ROWS, 0},
};
/* clang-format on */

#undef RUN
#undef SKIP
#undef REFUSE
#undef UNKNOWN
#undef HARMLESS
#undef ROWS

/* Refused with a better reason than that they are not known. */
static const struct {
    const char *verb;
    const char *reason;
} refusals[] = {
    {"BINLOG", "it is an event of the binary log"},
    {"DEALLOCATE", "it is dynamic SQL"},
    {"EXECUTE", "it is dynamic SQL"},
    {"LOAD", "it reads a file"},
    {"PREPARE", "it is dynamic SQL"},
    {"XA", "it is part of a distributed transaction"},
};

/* Words that may stand between the verb and what it is about. */
static const char *const fillers[] = {"OR",      "REPLACE", "AGGREGATE", "TEMPORARY",
                                      "UNIQUE",  "SPATIAL", "FULLTEXT",  "ONLINE",
                                      "OFFLINE", "IGNORE",  NULL};

/* DEFINER = user@host, ALGORITHM = x, SQL SECURITY x: the index behind it. */
static size_t skip_clause(const looking *it, size_t at)
{
    if (is_word(it, at, "SQL") && is_word(it, at + 1, "SECURITY"))
        return at + 3;
    bool is_definer = is_word(it, at, "DEFINER");
    if ((!is_definer && !is_word(it, at, "ALGORITHM")) || !is_symbol(it, at + 1, "="))
        return at;
    at += 3;
    if (is_symbol(it, at, "(") && is_symbol(it, at + 1, ")")) /* CURRENT_USER() */
        at += 2;
    return is_definer && is_symbol(it, at, "@") ? at + 2 : at;
}

/* The index of the noun; sets what the words on the way say. */
static size_t find_noun(looking *it)
{
    size_t at = 1;
    if (is_word(it, 0, "SET")) { /* SET @@GLOBAL.x too */
        size_t noun = is_symbol(it, 1, "@@") ? 2 : 1;
        return noun;
    }
    for (;;) {
        if (is_word(it, at, "REPLACE") || is_word(it, at, "TEMPORARY"))
            it->look->is_guarded = true; /* a temporary table ends with its session */
        size_t next = is_one_of(it, at, fillers) ? at + 1 : skip_clause(it, at);
        if (next == at)
            return at;
        at = next;
    }
}

static const statement_rule *find_rule(const looking *it, size_t noun)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (is_word(it, 0, rules[i].verb) &&
            (rules[i].noun == NULL || is_word(it, noun, rules[i].noun)))
            return &rules[i];
    }
    return NULL;
}

static void refuse_unknown(looking *it, size_t noun)
{
    wb_str verb = piece_at(it, 0)->text;
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        if (is_word(it, 0, refusals[i].verb)) {
            refuse(it, "%s", refusals[i].reason);
            return;
        }
    }
    wb_str what = piece_at(it, noun)->text;
    refuse(it, "%.*s %.*s is not known to be safe there", WB_STR_ARG(verb), WB_STR_ARG(what));
}

/* ---- what must not be in it ---- */

static bool has_high_byte(wb_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char) text.ptr[i] >= 0x80)
            return true;
    }
    return false;
}

/* The server folds letters beyond ASCII by its own tables, so two names that have such are taken
 * for the same one; and so is a name with quotes in it. */
static bool may_be(wb_str name, const char *other)
{
    size_t at = 0;
    if (wb_str_is_nocase(name, other) || wb_str_find_byte(name, '`', &at))
        return true;
    return has_high_byte(name) && has_high_byte(wb_str_from(other));
}

static void look_at_name(looking *it, wb_str name)
{
    const wb_text_list *databases = &it->guard->databases;
    if (wb_str_is_nocase(name, "information_schema")) /* can only be read */
        return;
    for (size_t i = 0; i < databases->count; i++) {
        if (may_be(name, databases->items[i])) {
            refuse(it, "it names the database \"%s\"", databases->items[i]);
            return;
        }
    }
}

/* `database.name`. Of a text that another sql_mode takes for a string, too, the content counts; and
 * "1a.b" is a number to the lexer. */
static void look_at_qualifier(looking *it, size_t index)
{
    const guard_piece *name = piece_at(it, index);
    size_t dot = 0;
    if (is_symbol(it, index + 1, "."))
        look_at_name(it, wb_token_unquoted(name->text));
    if (name->kind == WB_TOKEN_NUMBER && wb_str_find_byte(name->text, '.', &dot))
        look_at_name(it, wb_str_sub(name->text, 0, dot));
}

static const char *const safe_engines[] = {
    "INNODB",    "MYISAM", "ARIA",       "MEMORY",   "HEAP",    "CSV", "ARCHIVE",
    "BLACKHOLE", "MERGE",  "MRG_MYISAM", "SEQUENCE", "DEFAULT", NULL};
static const char *const outside_engines[] = {"FEDERATED", "FEDERATEDX", "CONNECT", "SPIDER",
                                              "S3",        "SPHINX",     "MROONGA", "COLUMNSTORE",
                                              "OQGRAPH",   "ROCKSDB",    NULL};

static bool is_named(wb_str name, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (wb_str_is_nocase(name, *list))
            return true;
    }
    return false;
}

/* Tables of some engines lie elsewhere: in files that are named, on other servers. */
static void look_at_engine(looking *it, size_t index)
{
    bool is_setting =
        is_word(it, index, "default_storage_engine") || is_word(it, index, "storage_engine");
    if (!is_setting && !is_word(it, index, "ENGINE"))
        return;
    bool has_sign = is_symbol(it, index + 1, "=") || is_symbol(it, index + 1, ":=");
    wb_str engine = wb_token_unquoted(piece_at(it, index + (has_sign ? 2 : 1))->text);
    bool is_safe = has_sign ? is_named(engine, safe_engines) : !is_named(engine, outside_engines);
    if (!is_safe)
        refuse(it, "the engine \"%.*s\" may keep data outside of the database", WB_STR_ARG(engine));
}

static const char *const file_words[] = {"OUTFILE", "DUMPFILE", NULL};
static const char *const lock_functions[] = {"GET_LOCK", "RELEASE_LOCK", "RELEASE_ALL_LOCKS", NULL};
static const char *const server_scopes[] = {"GLOBAL", "PERSIST", "PERSIST_ONLY", NULL};

static void look_at_word(looking *it, size_t index)
{
    wb_str word = piece_at(it, index)->text;
    if (is_one_of(it, index, file_words))
        refuse(it, "it writes a file");
    if (is_one_of(it, index, lock_functions) && is_symbol(it, index + 1, "("))
        refuse(it, "it takes or releases a lock of the whole server");
    bool is_scope = is_one_of(it, index, server_scopes);
    if (is_scope && index > 0 &&
        (is_symbol(it, index - 1, "@@") ||
         (is_word(it, 0, "SET") && (is_symbol(it, index - 1, ",") || index == 1))))
        refuse(it, "it is about a setting of the whole server");
    if (is_word(it, index, "DIRECTORY") && index > 0 &&
        (is_word(it, index - 1, "DATA") || is_word(it, index - 1, "INDEX")))
        refuse(it, "it names a directory");
    if (is_word(it, index, "CONNECTION") && is_symbol(it, index + 1, "="))
        refuse(it, "it names another server");
    look_at_engine(it, index);
    for (size_t i = 0; i < it->guard->functions.count; i++) {
        if (wb_str_is_nocase(wb_token_unquoted(word), it->guard->functions.items[i]))
            refuse(it, "it names the loadable function \"%s\"", it->guard->functions.items[i]);
    }
}

/* ---- bodies ---- */

static const char *const dynamic_words[] = {"PREPARE", "EXECUTE", "DEALLOCATE", NULL};
/* What is about the whole server, by its first words; NULL: the first alone tells. */
static const struct {
    const char *first;
    const char *second;
} server_words[] = {
    {"BACKUP", "STAGE"},
    {"BACKUP", "LOCK"},
    {"BINLOG", NULL},
    {"CHANGE", "MASTER"},
    {"CHANGE", "REPLICATION"},
    {"CLONE", "INSTANCE"},
    {"CLONE", "LOCAL"},
    {"FLUSH", NULL},
    {"GLOBAL", NULL},
    {"GRANT", NULL},
    {"INSTALL", "PLUGIN"},
    {"INSTALL", "SONAME"},
    {"INSTALL", "COMPONENT"},
    {"KILL", NULL},
    {"LOAD", "DATA"},
    {"LOAD", "XML"},
    {"PERSIST", NULL},
    {"PURGE", NULL},
    {"RESET", "MASTER"},
    {"RESET", "SLAVE"},
    {"RESET", "REPLICA"},
    {"RESET", "QUERY"},
    {"RESET", "PERSIST"},
    {"RESET", "BINARY"},
    {"RESTART", NULL},
    {"REVOKE", NULL},
    {"SET", "PASSWORD"},
    {"SET", "DEFAULT"},
    {"SHUTDOWN", NULL},
    {"START", "ALL"},
    {"START", "SLAVE"},
    {"START", "REPLICA"},
    {"START", "GROUP_REPLICATION"},
    {"STOP", "ALL"},
    {"STOP", "SLAVE"},
    {"STOP", "REPLICA"},
    {"STOP", "GROUP_REPLICATION"},
    {"UNINSTALL", "PLUGIN"},
    {"UNINSTALL", "SONAME"},
    {"UNINSTALL", "COMPONENT"},
    {"XA", "START"},
    {"XA", "BEGIN"},
    {"XA", "END"},
    {"XA", "PREPARE"},
    {"XA", "COMMIT"},
    {"XA", "ROLLBACK"},
};
static const char *const makers[] = {"CREATE", "ALTER", "DROP", "RENAME", "REPLACE", NULL};
static const char *const server_nouns[] = {"DATABASE", "SCHEMA", "USER", "ROLE", "SERVER", NULL};

static bool is_server_word(const looking *it, size_t index)
{
    for (size_t i = 0; i < sizeof(server_words) / sizeof(server_words[0]); i++) {
        if (is_word(it, index, server_words[i].first) &&
            (server_words[i].second == NULL || is_word(it, index + 1, server_words[i].second)))
            return true;
    }
    return is_one_of(it, index, makers) && is_one_of(it, index + 1, server_nouns);
}

/* In a body every word may begin a statement, so the words themselves are refused, also where they
 * only are a column's name. */
static void look_in_body(looking *it, size_t index)
{
    wb_str word = piece_at(it, index)->text;
    if (piece_at(it, index)->kind != WB_TOKEN_WORD || is_qualified(it, index))
        return;
    if (is_one_of(it, index, dynamic_words))
        refuse(it, "it holds dynamic SQL");
    if (is_server_word(it, index))
        refuse(it, "it holds the word %.*s, which may be about the whole server", WB_STR_ARG(word));
    if (is_word(it, index, "USE") && !is_word(it, index + 1, "INDEX") &&
        !is_word(it, index + 1, "KEY"))
        refuse(it, "it changes the database");
    if (is_word(it, index, "EVENT") && index > 0 && is_one_of(it, index - 1, makers) &&
        it->guard->events_run && index > 1)
        refuse(it, "it is about an event, and the event scheduler runs");
}

/* ---- all ---- */

static const char *const row_parts[] = {"TRUNCATE", "EXCHANGE", "DISCARD", "IMPORT", NULL};

/* Some forms of ALTER TABLE change rows and leave the schema as it is. */
static void look_alter_table(looking *it)
{
    for (size_t i = 0; i < it->pieces.count; i++) {
        if (is_one_of(it, i, row_parts) && !is_qualified(it, i))
            it->look->repeat = WB_REPEAT_UNKNOWN;
    }
}

/* CREATE OR REPLACE also takes away the rows of the table, or the whole database. */
static void look_replace(looking *it, size_t noun)
{
    if (!is_word(it, 0, "CREATE") || !is_word(it, 1, "OR"))
        return;
    if (is_word(it, noun, "TABLE"))
        it->look->repeat = WB_REPEAT_UNKNOWN;
    if (is_word(it, noun, "DATABASE") || is_word(it, noun, "SCHEMA"))
        refuse(it, "it is about a whole database");
}

/* CREATE TABLE ... SELECT */
static bool is_filled(const looking *it, size_t noun)
{
    if (!it->look->makes_table)
        return false;
    for (size_t i = noun; i < it->pieces.count; i++) {
        if (is_word(it, i, "SELECT") || is_word(it, i, "VALUES"))
            return true;
    }
    return false;
}

/* USE is left out where it changes nothing. */
static void look_use(looking *it)
{
    wb_str name = wb_token_unquoted(piece_at(it, 1)->text);
    if (it->guard->live != NULL && wb_str_is_nocase(name, it->guard->live)) {
        *it->look = (wb_maria_look){.action = WB_REPLAY_SKIP,
                                    .repeat = WB_REPEAT_HARMLESS,
                                    .reason = "it chooses the database that is chosen"};
        return;
    }
    refuse(it, "it changes to the database \"%.*s\"", WB_STR_ARG(name));
}

static bool is_loadable(const looking *it)
{
    for (size_t i = 0; i < it->pieces.count; i++) {
        if (is_word(it, i, "SONAME"))
            return true;
    }
    return false;
}

static void look_at_all(looking *it, const statement_rule *rule)
{
    for (size_t i = 0; i < it->pieces.count; i++) {
        guard_piece *word = &it->pieces.items[i];
        if (word->kind == WB_TOKEN_WORD || word->kind == WB_TOKEN_NAME)
            look_at_word(it, i);
        look_at_qualifier(it, i);
        if ((rule->flags & BODY) != 0 && i > 0)
            look_in_body(it, i);
    }
    if ((rule->flags & IF_QUIET) != 0 && it->guard->events_run)
        refuse(it, "it is about an event, and the event scheduler runs");
}

/* Takes what the rule says. */
static void apply(looking *it, const statement_rule *rule, size_t noun)
{
    bool is_if = is_word(it, noun + 1, "IF") &&
                 (is_word(it, noun + 2, "EXISTS") || is_word(it, noun + 2, "NOT"));
    it->look->is_guarded = it->look->is_guarded || (is_if && rule->noun != NULL);
    it->look->action = rule->action;
    it->look->repeat = it->look->is_guarded && rule->repeat == WB_REPEAT_UNKNOWN
                           ? WB_REPEAT_HARMLESS
                           : rule->repeat;
    it->look->makes_table = is_word(it, 0, "CREATE") && is_word(it, noun, "TABLE");
    it->look->writes_rows = (rule->flags & MANY) != 0 || is_filled(it, noun);
    if (rule->action == WB_REPLAY_SKIP)
        it->look->reason = "it does not change the schema of the database";
    if (is_word(it, 0, "ALTER") && is_word(it, noun, "TABLE"))
        look_alter_table(it);
    look_replace(it, noun);
}

void wb_maria_guard_look(const wb_maria_guard *guard, wb_lexer_mode mode, wb_str text,
                         wb_arena *arena, wb_maria_look *ret_look)
{
    WB_SCRATCH(tmp);
    looking it = {.guard = guard, .tmp = tmp, .arena = arena, .look = ret_look};
    *ret_look = (wb_maria_look){.action = WB_REPLAY_RUN};
    if (!read_guarded(&it, mode, text)) {
        refuse(&it, "it cannot be read to its end");
        return;
    }
    if (is_word(&it, 0, "USE")) {
        look_use(&it);
        return;
    }
    size_t noun = find_noun(&it);
    const statement_rule *rule = find_rule(&it, noun);
    if (rule == NULL) {
        refuse_unknown(&it, noun);
        return;
    }
    apply(&it, rule, noun);
    if (is_word(&it, noun, "FUNCTION") && is_word(&it, 0, "CREATE") && is_loadable(&it))
        *ret_look = (wb_maria_look){.action = WB_REPLAY_SKIP,
                                    .repeat = WB_REPEAT_UNKNOWN,
                                    .reason = "it loads a function into the server"};
    if (rule->action == WB_REPLAY_REFUSE) {
        ret_look->action = WB_REPLAY_RUN;
        refuse(&it, "it is about a whole database");
    }
    if (ret_look->action == WB_REPLAY_RUN)
        look_at_all(&it, rule);
}
