/* The statements of SQLite and what they do. */
#include "sql/traits.h"

typedef enum pragma_use {
    CONNECTION, /* may be set at any time */
    OUTSIDE,    /* refused or without effect in a transaction */
    CONTENT,    /* changes the file, with the transaction */
    QUERY,      /* its argument says what is asked */
    TRANSIENT   /* ends with the transaction */
} pragma_use;

static const struct {
    const char *name;
    pragma_use use;
} pragmas[] = {
    {"foreign_keys", OUTSIDE},   {"journal_mode", OUTSIDE},
    {"synchronous", OUTSIDE},    {"page_size", OUTSIDE},
    {"auto_vacuum", OUTSIDE},    {"encoding", OUTSIDE},
    {"temp_store", OUTSIDE},     {"temp_store_directory", OUTSIDE},
    {"wal_checkpoint", OUTSIDE}, {"defer_foreign_keys", TRANSIENT},
    {"application_id", CONTENT}, {"user_version", CONTENT},
    {"schema_version", CONTENT}, {"incremental_vacuum", CONTENT},
    {"optimize", CONTENT},       {"foreign_key_check", QUERY},
    {"foreign_key_list", QUERY}, {"index_info", QUERY},
    {"index_list", QUERY},       {"index_xinfo", QUERY},
    {"integrity_check", QUERY},  {"quick_check", QUERY},
    {"table_info", QUERY},       {"table_list", QUERY},
    {"table_xinfo", QUERY},
};

static pragma_use pragma_by_name(wb_str name)
{
    for (size_t i = 0; i < sizeof(pragmas) / sizeof(pragmas[0]); i++) {
        if (wb_str_is_nocase(name, pragmas[i].name))
            return pragmas[i].use;
    }
    return CONNECTION;
}

/* PRAGMA [schema.]name [= value | (value)] */
static unsigned look_pragma(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    wb_str name = wb_token_unquoted(reader->text);
    wb_token_reader_step(reader);
    if (wb_token_reader_accept(reader, ".")) {
        name = wb_token_unquoted(reader->text);
        wb_token_reader_step(reader);
    }
    bool has_value = !wb_token_reader_is_at_end(reader);
    switch (pragma_by_name(name)) {
    case CONNECTION:
        return has_value ? WB_T_SETTING : WB_T_ROWS;
    case OUTSIDE:
        if (wb_str_is_nocase(name, "wal_checkpoint"))
            return WB_T_NO_TX | WB_T_ROWS;
        return has_value ? WB_T_SETTING | WB_T_NO_TX : WB_T_ROWS;
    case CONTENT:
        return has_value || wb_str_is_nocase(name, "optimize") ||
                       wb_str_is_nocase(name, "incremental_vacuum")
                   ? WB_T_DML
                   : WB_T_ROWS;
    case QUERY:
        return WB_T_ROWS;
    case TRANSIENT:
        return has_value ? 0 : WB_T_ROWS;
    }
    return 0;
}

static const wb_traits_row sqlite_rows[] = {
    {"ALTER", "", WB_T_DDL, NULL},        {"ANALYZE", "", WB_T_DML, NULL},
    {"ATTACH", "", WB_T_SETTING, NULL},   {"BEGIN", "", WB_T_BEGIN, NULL},
    {"COMMIT", "", WB_T_END, NULL},       {"CREATE", "", WB_T_DDL, NULL},
    {"DELETE", "", WB_T_DML, NULL},       {"DETACH", "", WB_T_SETTING | WB_T_NO_TX, NULL},
    {"DROP", "", WB_T_DDL, NULL},         {"END", "", WB_T_END, NULL},
    {"EXPLAIN", "", WB_T_ROWS, NULL},     {"INSERT", "", WB_T_DML, NULL},
    {"PRAGMA", "", 0, look_pragma},       {"RELEASE", "", WB_T_SAVEPOINT, NULL},
    {"REPLACE", "", WB_T_DML, NULL},      {"ROLLBACK", "?TRANSACTION TO", WB_T_SAVEPOINT, NULL},
    {"ROLLBACK", "", WB_T_END, NULL},     {"SAVEPOINT", "", WB_T_SAVEPOINT, NULL},
    {"SELECT", "", WB_T_ROWS, NULL},      {"UPDATE", "", WB_T_DML, NULL},
    {"VACUUM", "", WB_T_NO_TX, NULL},     {"VALUES", "", WB_T_ROWS, NULL},
    {"WITH", "", 0, wb_traits_look_with},
};

const wb_traits_table wb_traits_sqlite = {sqlite_rows,
                                          sizeof(sqlite_rows) / sizeof(sqlite_rows[0])};
