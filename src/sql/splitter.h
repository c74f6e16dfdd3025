/* Cuts a SQL script into statements, one dialect at a time, in constant memory: a window of the
 * script as large as its longest statement is held, nothing else.
 *
 * Positions are kept for every statement: byte offset in the source, line and column (characters),
 * so that an error of the server can be shown in the user's file. */
#ifndef WB_SQL_SPLITTER_H
#define WB_SQL_SPLITTER_H

#include "sql/dialect.h"

/* Where the script comes from. Sets *ret_read to 0 at the end. */
typedef bool wb_read_fn(void *source, char *bytes, size_t size, size_t *ret_read, wb_error *err);

typedef struct wb_position {
    uint64_t offset; /* bytes from the start of the file: of the source, plus where it begins */
    unsigned line;   /* 1-based */
    unsigned column; /* 1-based, in characters */
} wb_position;

typedef struct wb_splitter_options {
    const wb_dialect *dialect;
    const char *file;  /* for errors; not copied */
    wb_position start; /* where the source begins within its file; line 0 means 1:1 at offset 0 */
    /* MariaDB: the session's sql_mode, as the server gives it. It decides what quotes and
     * backslashes mean until the script changes it. NULL for the default. */
    const char *sql_mode;
    bool nonstandard_strings;   /* PostgreSQL: standard_conforming_strings is off at the start */
    size_t max_statement_bytes; /* longest statement; 0 for 1 GiB */
} wb_splitter_options;

/* What a statement is, as far as running it needs to know. Or-ed. */
enum {
    WB_STMT_BEGIN = 1 << 0,             /* opens a transaction: BEGIN, START TRANSACTION */
    WB_STMT_END = 1 << 1,               /* ends one: COMMIT, END, ROLLBACK, PREPARE TRANSACTION */
    WB_STMT_SAVEPOINT = 1 << 2,         /* SAVEPOINT, RELEASE, ROLLBACK TO */
    WB_STMT_NO_TRANSACTION = 1 << 3,    /* the engine refuses it in a transaction, or ignores it */
    WB_STMT_AUTOCOMMIT = 1 << 4,        /* MariaDB: commits implicitly (DDL and the like) */
    WB_STMT_COPY_IN = 1 << 5,           /* PostgreSQL COPY ... FROM STDIN; its data follow */
    WB_STMT_SETTING = 1 << 6,           /* changes the session beyond the transaction: SET, RESET,
                                           set_config(), PRAGMA, USE */
    WB_STMT_ROWS = 1 << 7,              /* gives rows that nobody asked for: SELECT, VALUES, SHOW */
    WB_STMT_DDL = 1 << 8,               /* changes the schema */
    WB_STMT_DML = 1 << 9,               /* changes rows */
    WB_STMT_CONCURRENT_INDEX = 1 << 10, /* CREATE/DROP/REINDEX ... CONCURRENTLY */
    WB_STMT_PROGRAM = 1 << 11           /* runs a program that may commit: CALL, DO, a block */
};

typedef struct wb_statement {
    wb_str text; /* without the terminator and the comments around it; valid until the next call */
    wb_position at;  /* of the first byte of `text` */
    unsigned traits; /* WB_STMT_... */
    unsigned number; /* 1-based within this script */
    wb_str options; /* what stands behind `-- whimbrel:` on the comment lines just before, joined by
                       line ends; may be empty; valid until the next call */
} wb_statement;

typedef struct wb_splitter wb_splitter;

wb_splitter *wb_splitter_new(const wb_splitter_options *options, wb_read_fn *read, void *source);
void wb_splitter_free(wb_splitter *splitter);

/* The next statement. At the end of the script *ret_done is set and the statement is empty.
 * Fails on an unterminated quote, comment or body (naming its opening line), an END that does not
 * fit what is open, NUL bytes, invalid UTF-8, a command of the client that is not harmless, a
 * statement over the maximum, a `-- whimbrel:` line with no statement behind it. It gives all
 * statements before the fault, and the same ones whatever the size of the pieces that are read.
 * After COPY ... FROM STDIN the data that was not read is skipped. */
bool wb_splitter_next(wb_splitter *splitter, wb_statement *ret_statement, bool *ret_done,
                      wb_error *err);

/* After a statement with WB_STMT_COPY_IN: the next piece of its data, whole lines, without the
 * closing "\.". An empty piece is the end. The piece is valid until the next call. */
bool wb_splitter_copy_data(wb_splitter *splitter, wb_str *ret_piece, wb_error *err);

/* Splits a text in memory: a read function and its source. */
typedef struct wb_text_source {
    wb_str rest;
} wb_text_source;
bool wb_read_text(void *text_source, char *bytes, size_t size, size_t *ret_read, wb_error *err);

/* Traits of one statement that stands alone. `version` is the server's as one number
 * (150004, 101119, 3040001); 0 when not known, then the careful answer is given. */
unsigned wb_statement_traits(const wb_dialect *dialect, wb_str text, unsigned version);

/* A checksum that ignores line ends, comments and white space, also how statements are delimited:
 * adds the tokens of the script and the data of COPY, one by one, to `hash`. Version comments and
 * optimizer hints are code. Fails where the script can't be split. */
struct wb_sha256;
bool wb_sql_hash_tokens(const wb_splitter_options *options, wb_read_fn *read, void *source,
                        struct wb_sha256 *hash, wb_error *err);

#endif
