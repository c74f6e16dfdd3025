/* Looks at queries, which are alike in the dialects. */
#include "sql/traits.h"

bool wb_traits_is_word(const wb_token_reader *reader, const char *text)
{
    return reader->token.kind == WB_TOKEN_WORD && wb_str_is_nocase(reader->text, text);
}

static bool is_dml_verb(const wb_token_reader *reader)
{
    static const char *const verbs[] = {"INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE"};
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        if (wb_traits_is_word(reader, verbs[i]))
            return true;
    }
    return false;
}

/* At the "(" of set_config(name, value, is_local): is is_local the word true? */
static bool is_local_setting(const wb_token_reader *reader)
{
    wb_token_reader ahead;
    wb_token_reader_copy(&ahead, reader);
    for (unsigned commas = 0; commas < 2 && !wb_token_reader_is_at_end(&ahead);) {
        commas += wb_str_is(ahead.text, ",") ? 1 : 0;
        wb_token_reader_step(&ahead);
    }
    return wb_str_is_nocase(wb_token_unquoted(ahead.text), "true") ||
           wb_str_is_nocase(wb_token_unquoted(ahead.text), "t");
}

/* SELECT ... INTO makes a table in PostgreSQL, and fills variables or a file in MariaDB. */
unsigned wb_traits_look_select(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    bool postgres = reader->lexer.mode.dialect == WB_POSTGRES;
    unsigned traits = WB_T_ROWS;
    size_t depth = 0;
    while (!wb_token_reader_is_at_end(reader)) {
        depth += reader->token.kind == WB_TOKEN_OPEN ? 1 : 0;
        depth -= reader->token.kind == WB_TOKEN_CLOSE && depth > 0 ? 1 : 0;
        bool is_into = depth == 0 && reader->text.len == 4 && wb_traits_is_word(reader, "INTO");
        bool is_config =
            postgres && reader->text.len == 10 && wb_traits_is_word(reader, "set_config");
        wb_token_reader_step(reader);
        if (is_into)
            traits = (traits & ~(unsigned) WB_T_ROWS) | (postgres ? (unsigned) WB_T_DDL : 0);
        if (is_config && reader->token.kind == WB_TOKEN_OPEN && !is_local_setting(reader))
            traits |= WB_T_SETTING;
    }
    return traits;
}

/* Goes to the main verb, which is the first behind the groups; in PostgreSQL a group may itself
 * change rows. */
unsigned wb_traits_look_with(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    unsigned traits = 0;
    bool behind_group = false;
    while (!wb_token_reader_is_at_end(reader)) {
        bool is_query = wb_traits_is_word(reader, "SELECT") ||
                        wb_traits_is_word(reader, "VALUES") || wb_traits_is_word(reader, "TABLE");
        if (behind_group && (is_query || is_dml_verb(reader))) {
            look->again = true;
            return traits;
        }
        if (reader->token.kind == WB_TOKEN_OPEN) {
            wb_token_reader inside;
            wb_token_reader_copy(&inside, reader);
            wb_token_reader_step(&inside);
            traits |= is_dml_verb(&inside) ? (unsigned) WB_T_DML : 0;
            wb_token_reader_skip_group(reader);
            behind_group = true;
        } else {
            wb_token_reader_step(reader);
        }
    }
    return traits | WB_T_ROWS;
}

wb_option_state wb_traits_option(const wb_token_reader *reader, const char *word)
{
    wb_token_reader inside;
    wb_token_reader_copy(&inside, reader);
    while (inside.token.kind != WB_TOKEN_END && inside.token.kind != WB_TOKEN_CLOSE) {
        bool is_it = wb_traits_is_word(&inside, word);
        wb_token_reader_step(&inside);
        if (!is_it)
            continue;
        (void) wb_token_reader_accept(&inside, "=");
        wb_str value = wb_token_unquoted(inside.text);
        bool off = wb_str_is_nocase(value, "false") || wb_str_is_nocase(value, "off") ||
                   wb_str_is(value, "0");
        return off ? WB_OPTION_OFF : WB_OPTION_ON;
    }
    return WB_OPTION_ABSENT;
}

/* EXPLAIN ANALYZE runs the statement behind it. */
unsigned wb_traits_look_explain(wb_traits_look *look)
{
    wb_token_reader *reader = &look->reader;
    bool runs = wb_token_reader_accept(reader, "ANALYZE");
    (void) wb_token_reader_accept(reader, "VERBOSE");
    if (reader->token.kind == WB_TOKEN_OPEN) {
        runs = wb_traits_option(reader, "ANALYZE") == WB_OPTION_ON;
        wb_token_reader_skip_group(reader);
    }
    look->again = runs;
    return WB_T_ROWS;
}
