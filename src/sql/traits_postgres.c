/* The statements of PostgreSQL and what they do. Where a statement may do it or not, depending on
 * the server's state, the careful answer is given: outside a transaction it always runs. */
#include "sql/traits.h"

/* COPY table [(columns)] FROM STDIN; STDOUT there means the same. */
static unsigned look_copy(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    while (!wb_token_reader_is_at_end(reader)) {
        if (reader->token.kind == WB_TOKEN_OPEN) {
            wb_token_reader_skip_group(reader);
        } else if (wb_token_reader_accept(reader, "FROM")) {
            bool is_stdin =
                wb_traits_is_word(reader, "STDIN") || wb_traits_is_word(reader, "STDOUT");
            return WB_T_DML | (is_stdin ? (unsigned) WB_STMT_COPY_IN : 0);
        } else if (wb_token_reader_accept(reader, "TO")) {
            return wb_traits_is_word(reader, "STDOUT") || wb_traits_is_word(reader, "STDIN")
                       ? WB_T_ROWS
                       : 0;
        } else {
            wb_token_reader_step(reader);
        }
    }
    return 0;
}

/* REINDEX [(options)] INDEX|TABLE|SCHEMA|DATABASE|SYSTEM [CONCURRENTLY] name; also VERBOSE as a
 * word, as older servers have it. */
static unsigned look_reindex(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    bool concurrent = false;
    if (reader->token.kind == WB_TOKEN_OPEN) {
        concurrent = wb_traits_option(reader, "CONCURRENTLY") == WB_OPTION_ON;
        wb_token_reader_skip_group(reader);
    }
    bool is_wide = wb_traits_is_word(reader, "SCHEMA") || wb_traits_is_word(reader, "DATABASE") ||
                   wb_traits_is_word(reader, "SYSTEM");
    wb_token_reader_step(reader);
    concurrent = wb_traits_is_word(reader, "CONCURRENTLY") || concurrent;
    if (concurrent)
        return WB_T_NO_TX | WB_T_CONCURRENT;
    return is_wide ? WB_T_NO_TX : 0;
}

/* Goes to the next group in parentheses; false where there is none. */
static bool find_group(wb_token_reader *reader)
{
    while (!wb_token_reader_is_at_end(reader) && reader->token.kind != WB_TOKEN_OPEN)
        wb_token_reader_step(reader);
    return reader->token.kind == WB_TOKEN_OPEN;
}

/* CREATE SUBSCRIPTION makes a replication slot on the other server, unless an option forbids. */
static unsigned look_create_subscription(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    if (!find_group(reader))
        return WB_T_NO_TX;
    bool stays = wb_traits_option(reader, "connect") == WB_OPTION_OFF ||
                 wb_traits_option(reader, "create_slot") == WB_OPTION_OFF;
    return stays ? 0 : WB_T_NO_TX;
}

/* ALTER SUBSCRIPTION name: what refreshes or changes the slot talks to the other server. */
static unsigned look_alter_subscription(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    if (wb_traits_is_word(reader, "REFRESH"))
        return WB_T_NO_TX;
    if (!wb_token_reader_accept(reader, "SET") && !wb_token_reader_accept(reader, "ADD") &&
        !wb_token_reader_accept(reader, "DROP"))
        return 0;
    bool is_publication = wb_traits_is_word(reader, "PUBLICATION");
    bool has_group = find_group(reader);
    if (is_publication)
        return has_group && wb_traits_option(reader, "refresh") == WB_OPTION_OFF ? 0 : WB_T_NO_TX;
    bool is_slot = has_group && (wb_traits_option(reader, "failover") != WB_OPTION_ABSENT ||
                                 wb_traits_option(reader, "two_phase") != WB_OPTION_ABSENT);
    return is_slot ? WB_T_NO_TX : 0;
}

static unsigned look_add_value(wb_traits_look *look)
{
    return look->version != 0 && look->version < 120000 ? WB_T_NO_TX : 0;
}

/* DO: a block without a COMMIT of its own, and without a CALL that could hide one, is atomic. */
static unsigned look_do(wb_traits_look *look)
{
    static const char *const words[] = {"commit", "rollback", "call"};
    wb_token_reader *reader = &look->reader;
    for (; !wb_token_reader_is_at_end(reader); wb_token_reader_step(reader)) {
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
            if (wb_str_has_nocase(reader->text, words[i]))
                return WB_T_DML | WB_T_PROGRAM;
        }
    }
    return WB_T_DML;
}

/* clang-format off */
static const wb_traits_row postgres_rows[] = {
    {"ABORT", "?WORK|TRANSACTION AND CHAIN", WB_T_END | WB_T_BEGIN, NULL},
    {"ABORT", "", WB_T_END, NULL},
    {"ALTER", "DATABASE ~ SET TABLESPACE", WB_T_DDL | WB_T_NO_TX, NULL},
    {"ALTER", "SYSTEM", WB_T_NO_TX, NULL},
    {"ALTER", "SUBSCRIPTION ~", WB_T_DDL, look_alter_subscription},
    {"ALTER", "TYPE ~ ADD VALUE", WB_T_DDL, look_add_value},
    {"ALTER", "TABLE ?IF ?EXISTS ?ONLY ~ DETACH PARTITION ~ CONCURRENTLY", WB_T_DDL | WB_T_NO_TX,
     NULL},
    {"ALTER", "", WB_T_DDL, NULL},
    {"BEGIN", "", WB_T_BEGIN, NULL},
    {"CALL", "", WB_T_DML | WB_T_PROGRAM, NULL},
    {"CLUSTER", "?VERBOSE () .", WB_T_DDL | WB_T_NO_TX, NULL},
    {"CLUSTER", "", WB_T_DDL, NULL},
    {"COMMENT", "", WB_T_DDL, NULL},
    {"COMMIT", "PREPARED", WB_T_NO_TX, NULL},
    {"COMMIT", "?WORK|TRANSACTION AND CHAIN", WB_T_END | WB_T_BEGIN, NULL},
    {"COMMIT", "", WB_T_END, NULL},
    {"COPY", "", 0, look_copy},
    {"CREATE", "?UNIQUE INDEX CONCURRENTLY", WB_T_DDL | WB_T_NO_TX | WB_T_CONCURRENT, NULL},
    {"CREATE", "DATABASE|TABLESPACE", WB_T_DDL | WB_T_NO_TX, NULL},
    {"CREATE", "SUBSCRIPTION", WB_T_DDL, look_create_subscription},
    {"CREATE", "", WB_T_DDL, NULL},
    {"DEALLOCATE", "", WB_T_SETTING, NULL},
    {"DELETE", "", WB_T_DML, NULL},
    {"DISCARD", "ALL", WB_T_SETTING | WB_T_NO_TX, NULL},
    {"DISCARD", "", WB_T_SETTING, NULL},
    {"DO", "", 0, look_do},
    {"DROP", "INDEX CONCURRENTLY", WB_T_DDL | WB_T_NO_TX | WB_T_CONCURRENT, NULL},
    {"DROP", "DATABASE|TABLESPACE", WB_T_DDL | WB_T_NO_TX, NULL},
    {"DROP", "SUBSCRIPTION", WB_T_DDL | WB_T_NO_TX, NULL},
    {"DROP", "", WB_T_DDL, NULL},
    {"END", "?WORK|TRANSACTION AND CHAIN", WB_T_END | WB_T_BEGIN, NULL},
    {"END", "", WB_T_END, NULL},
    {"EXECUTE", "", WB_T_DML, NULL},
    {"EXPLAIN", "", 0, wb_traits_look_explain},
    {"FETCH", "", WB_T_ROWS, NULL},
    {"GRANT", "", WB_T_DDL, NULL},
    {"IMPORT", "", WB_T_DDL, NULL},
    {"INSERT", "", WB_T_DML, NULL},
    {"LISTEN", "", WB_T_SETTING, NULL},
    {"LOAD", "", WB_T_SETTING, NULL},
    {"MERGE", "", WB_T_DML, NULL},
    {"PREPARE", "TRANSACTION", WB_T_END, NULL},
    {"PREPARE", "", WB_T_SETTING, NULL},
    {"REASSIGN", "", WB_T_DDL, NULL},
    {"REFRESH", "", WB_T_DDL, NULL},
    {"REINDEX", "", WB_T_DDL, look_reindex},
    {"RELEASE", "", WB_T_SAVEPOINT, NULL},
    {"RESET", "", WB_T_SETTING, NULL},
    {"REVOKE", "", WB_T_DDL, NULL},
    {"ROLLBACK", "PREPARED", WB_T_NO_TX, NULL},
    {"ROLLBACK", "?WORK|TRANSACTION TO", WB_T_SAVEPOINT, NULL},
    {"ROLLBACK", "?WORK|TRANSACTION AND CHAIN", WB_T_END | WB_T_BEGIN, NULL},
    {"ROLLBACK", "", WB_T_END, NULL},
    {"SAVEPOINT", "", WB_T_SAVEPOINT, NULL},
    {"SECURITY", "", WB_T_DDL, NULL},
    {"SELECT", "", 0, wb_traits_look_select},
    {"SET", "LOCAL|TRANSACTION|CONSTRAINTS", 0, NULL},
    {"SET", "", WB_T_SETTING, NULL},
    {"SHOW", "", WB_T_ROWS, NULL},
    {"START", "TRANSACTION", WB_T_BEGIN, NULL},
    {"TABLE", "", WB_T_ROWS, NULL},
    {"TRUNCATE", "", WB_T_DML, NULL},
    {"UNLISTEN", "", WB_T_SETTING, NULL},
    {"UPDATE", "", WB_T_DML, NULL},
    {"VACUUM", "", WB_T_NO_TX, NULL},
    {"VALUES", "", WB_T_ROWS, NULL},
    {"WITH", "", 0, wb_traits_look_with},
};
/* clang-format on */

const wb_traits_table wb_traits_postgres = {postgres_rows,
                                            sizeof(postgres_rows) / sizeof(postgres_rows[0])};
