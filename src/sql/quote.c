/* Names and texts as SQL.
 *
 * A literal must mean the same under every setting of the session, since a script may have changed
 * it, and a server may be set up in its own way. Without a backslash, '...' with doubled quotes
 * does. With one, PostgreSQL has E'...', which always escapes. MariaDB has no such form: '\\' is
 * one backslash or two, as NO_BACKSLASH_ESCAPES says; there the bytes are written in hexadecimal.
 * A NUL byte cannot be in a text of PostgreSQL: written as \000, the server refuses it by name,
 * where a raw one would end the statement. SQLite and MariaDB take it in hexadecimal. */
#include "sql/dialect.h"

static void add_doubled(wb_buf *sql, wb_str text, char quote)
{
    wb_buf_putc(sql, quote);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == quote)
            wb_buf_putc(sql, c);
        wb_buf_putc(sql, c);
    }
    wb_buf_putc(sql, quote);
}

/* E'...' with a blank before it, so that the E does not become the end of a word. */
static void add_escaped(wb_buf *sql, wb_str text)
{
    wb_buf_puts(sql, " E'");
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\'' || c == '\\')
            wb_buf_putc(sql, c);
        if (c == '\0')
            wb_buf_puts(sql, "\\000");
        else
            wb_buf_putc(sql, c);
    }
    wb_buf_putc(sql, '\'');
}

static void add_hex(wb_buf *sql, wb_str text)
{
    static const char digits[] = "0123456789ABCDEF";
    wb_buf_puts(sql, "X'");
    for (size_t i = 0; i < text.len; i++) {
        unsigned byte = (unsigned char) text.ptr[i];
        wb_buf_putc(sql, digits[byte >> 4]);
        wb_buf_putc(sql, digits[byte & 0xFU]);
    }
    wb_buf_putc(sql, '\'');
}

void wb_sql_identifier(wb_buf *sql, const wb_dialect *dialect, wb_str name)
{
    add_doubled(sql, name, dialect->identifier_quote);
}

void wb_sql_qualified(wb_buf *sql, const wb_dialect *dialect, wb_str schema, wb_str name)
{
    if (schema.len != 0) {
        wb_sql_identifier(sql, dialect, schema);
        wb_buf_putc(sql, '.');
    }
    wb_sql_identifier(sql, dialect, name);
}

void wb_sql_literal(wb_buf *sql, const wb_dialect *dialect, wb_str text)
{
    size_t at = 0;
    bool has_backslash = wb_str_find_byte(text, '\\', &at);
    bool has_nul = wb_str_find_byte(text, '\0', &at);
    switch (dialect->id) {
    case WB_POSTGRES:
        if (has_backslash || has_nul)
            add_escaped(sql, text);
        else
            add_doubled(sql, text, '\'');
        return;
    case WB_MARIADB:
        if (has_backslash || has_nul) {
            wb_buf_puts(sql, "_utf8mb4 ");
            add_hex(sql, text);
        } else {
            add_doubled(sql, text, '\'');
        }
        return;
    case WB_SQLITE:
        if (has_nul) {
            wb_buf_puts(sql, "CAST(");
            add_hex(sql, text);
            wb_buf_puts(sql, " AS TEXT)");
        } else {
            add_doubled(sql, text, '\'');
        }
        return;
    case WB_DIALECT_COUNT:
        break;
    }
}
