/* The statements of MariaDB and what they do. All DDL commits, but for temporary tables. */
#include "sql/traits.h"

/* MariaDB: ANALYZE [FORMAT = JSON] statement, which runs it. */
static unsigned look_analyze(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    if (wb_token_reader_accept(reader, "FORMAT") && wb_token_reader_accept(reader, "="))
        wb_token_reader_step(reader);
    look->again = true;
    return WB_T_ROWS;
}

/* SET STATEMENT variable = value, ... FOR statement */
static unsigned look_set_statement(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    while (!wb_token_reader_is_at_end(reader) && !wb_token_reader_accept(reader, "FOR"))
        wb_token_reader_step(reader);
    look->again = true;
    return 0;
}

/* SET ...: switching autocommit on commits, switching it off opens a transaction. */
static unsigned look_set(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    unsigned traits = WB_T_SETTING;
    while (!wb_token_reader_is_at_end(reader)) {
        bool is_user_variable = wb_token_reader_accept(reader, "@");
        bool is_autocommit =
            wb_str_is_nocase(wb_token_unquoted(reader->text), "autocommit") && !is_user_variable;
        wb_token_reader_step(reader);
        if (!is_autocommit ||
            (!wb_token_reader_accept(reader, "=") && !wb_token_reader_accept(reader, ":=")))
            continue;
        bool off = wb_str_is(reader->text, "0") ||
                   wb_str_is_nocase(wb_token_unquoted(reader->text), "off") ||
                   wb_str_is_nocase(reader->text, "false");
        traits |= off ? (unsigned) WB_T_BEGIN : (unsigned) WB_T_END;
    }
    return traits;
}

/* BEGIN opens a transaction, unless a block begins: BEGIN NOT ATOMIC, and each BEGIN in the
 * language of Oracle. */
static unsigned look_begin(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    return wb_traits_is_word(reader, "NOT") || reader->lexer.mode.oracle ? WB_T_DML | WB_T_PROGRAM
                                                                         : WB_T_BEGIN;
}

/* clang-format off */
static const wb_traits_row mariadb_rows[] = {
    {"ALTER", "", WB_T_DDL | WB_T_COMMITS, NULL},
    {"ANALYZE", "?NO_WRITE_TO_BINLOG|LOCAL TABLE|TABLES|VIEW", WB_T_COMMITS | WB_T_ROWS, NULL},
    {"ANALYZE", "", 0, look_analyze},
    {"BACKUP", "", WB_T_COMMITS, NULL},
    {"BEGIN", "", 0, look_begin},
    {"BINLOG", "", WB_T_DML, NULL},
    {"CACHE", "", WB_T_COMMITS, NULL},
    {"CALL", "", WB_T_DML | WB_T_PROGRAM, NULL},
    {"CASE", "", WB_T_DML | WB_T_PROGRAM, NULL},
    {"CHANGE", "", WB_T_COMMITS, NULL},
    {"CHECK", "?NO_WRITE_TO_BINLOG|LOCAL TABLE|TABLES|VIEW", WB_T_COMMITS | WB_T_ROWS, NULL},
    {"CHECKSUM", "", WB_T_ROWS, NULL},
    {"COMMIT", "?WORK AND CHAIN", WB_T_END | WB_T_BEGIN, NULL},
    {"COMMIT", "", WB_T_END, NULL},
    {"CREATE", "?OR ?REPLACE TEMPORARY", WB_T_DDL, NULL},
    {"CREATE", "", WB_T_DDL | WB_T_COMMITS, NULL},
    {"DEALLOCATE", "", WB_T_SETTING, NULL},
    {"DECLARE", "", WB_T_DML | WB_T_PROGRAM, NULL},
    {"DELETE", "", WB_T_DML, NULL},
    {"DESC", "", WB_T_ROWS, NULL},
    {"DESCRIBE", "", WB_T_ROWS, NULL},
    {"DO", "", WB_T_DML, NULL},
    {"DROP", "TEMPORARY", WB_T_DDL, NULL},
    {"DROP", "", WB_T_DDL | WB_T_COMMITS, NULL},
    {"EXECUTE", "", WB_T_DML | WB_T_PROGRAM, NULL},
    {"EXPLAIN", "", WB_T_ROWS, NULL},
    {"FLUSH", "", WB_T_COMMITS, NULL},
    {"FOR", "", WB_T_DML | WB_T_PROGRAM, NULL},
    {"GRANT", "", WB_T_DDL | WB_T_COMMITS, NULL},
    {"HELP", "", WB_T_ROWS, NULL},
    {"IF", "", WB_T_DML | WB_T_PROGRAM, NULL},
    {"INSERT", "", WB_T_DML, NULL},
    {"INSTALL", "", WB_T_DDL | WB_T_COMMITS, NULL},
    {"LOAD", "INDEX", WB_T_COMMITS, NULL},
    {"LOAD", "", WB_T_DML, NULL},
    {"LOCK", "", WB_T_SETTING | WB_T_COMMITS, NULL},
    {"LOOP", "", WB_T_DML | WB_T_PROGRAM, NULL},
    {"OPTIMIZE", "?NO_WRITE_TO_BINLOG|LOCAL TABLE|TABLES|VIEW", WB_T_COMMITS | WB_T_ROWS, NULL},
    {"PREPARE", "", WB_T_SETTING, NULL},
    {"PURGE", "", WB_T_COMMITS, NULL},
    {"RELEASE", "", WB_T_SAVEPOINT, NULL},
    {"RENAME", "", WB_T_DDL | WB_T_COMMITS, NULL},
    {"REPAIR", "?NO_WRITE_TO_BINLOG|LOCAL TABLE|TABLES|VIEW", WB_T_COMMITS | WB_T_ROWS, NULL},
    {"REPEAT", "", WB_T_DML | WB_T_PROGRAM, NULL},
    {"REPLACE", "", WB_T_DML, NULL},
    {"RESET", "", WB_T_COMMITS, NULL},
    {"REVOKE", "", WB_T_DDL | WB_T_COMMITS, NULL},
    {"ROLLBACK", "?WORK TO", WB_T_SAVEPOINT, NULL},
    {"ROLLBACK", "?WORK AND CHAIN", WB_T_END | WB_T_BEGIN, NULL},
    {"ROLLBACK", "", WB_T_END, NULL},
    {"SAVEPOINT", "", WB_T_SAVEPOINT, NULL},
    {"SELECT", "", 0, wb_traits_look_select},
    {"SET", "STATEMENT", 0, look_set_statement},
    {"SET", "PASSWORD", WB_T_DDL | WB_T_COMMITS, NULL},
    {"SET", "DEFAULT ROLE", WB_T_DDL | WB_T_COMMITS, NULL},
    {"SET", "TRANSACTION", 0, NULL},
    {"SET", "", 0, look_set},
    {"SHOW", "", WB_T_ROWS, NULL},
    {"START", "TRANSACTION", WB_T_BEGIN, NULL},
    {"START", "", WB_T_COMMITS, NULL},
    {"STOP", "", WB_T_COMMITS, NULL},
    {"TRUNCATE", "", WB_T_DML | WB_T_COMMITS, NULL},
    {"UNINSTALL", "", WB_T_DDL | WB_T_COMMITS, NULL},
    {"UNLOCK", "", WB_T_SETTING | WB_T_COMMITS, NULL},
    {"UPDATE", "", WB_T_DML, NULL},
    {"USE", "", WB_T_SETTING, NULL},
    {"VALUES", "", WB_T_ROWS, NULL},
    {"WHILE", "", WB_T_DML | WB_T_PROGRAM, NULL},
    {"WITH", "", 0, wb_traits_look_with},
    {"XA", "START|BEGIN", WB_T_BEGIN, NULL},
    {"XA", "PREPARE|COMMIT|ROLLBACK", WB_T_END, NULL},
    {"XA", "RECOVER", WB_T_ROWS, NULL},
};
/* clang-format on */

const wb_traits_table wb_traits_mariadb = {mariadb_rows,
                                           sizeof(mariadb_rows) / sizeof(mariadb_rows[0])};
