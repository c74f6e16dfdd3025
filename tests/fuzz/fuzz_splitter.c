/* Any bytes through the splitter. The first byte chooses the dialect, its settings and the size of
 * the pieces. Whatever comes: offsets go up, a statement is what stands in the source at its
 * offset, and pieces of any size give the same statements, data and error as the whole at once. */
#include "base/buf.h"
#include "base/hash.h"
#include "sql/splitter.h"

#include <stdio.h>
#include <stdlib.h>

/* NOLINTNEXTLINE(readability-identifier-naming): libFuzzer wants this name */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct piecewise {
    wb_text_source text;
    size_t piece;
} piecewise;

static bool read_piecewise(void *source, char *bytes, size_t size, size_t *ret_read, wb_error *err)
{
    piecewise *from = source;
    return wb_read_text(&from->text, bytes, size < from->piece ? size : from->piece, ret_read, err);
}

static void must(bool holds, const char *what)
{
    if (holds)
        return;
    (void) fprintf(stderr, "does not hold: %s\n", what);
    abort();
}

static void check_statement(wb_str script, const wb_statement *statement, uint64_t *behind)
{
    must(statement->text.len > 0, "a statement has a text");
    must(statement->at.offset >= *behind, "offsets go up");
    must(statement->at.line > 0 && statement->at.column > 0, "a statement has a place");
    wb_str there = wb_str_sub(script, (size_t) statement->at.offset, statement->text.len);
    must(wb_str_is_equal(there, statement->text), "the text stands in the source");
    *behind = statement->at.offset + statement->text.len;
}

/* Writes down all that the splitter says. */
static void describe(const wb_splitter_options *options, wb_str script, size_t piece,
                     wb_buf *ret_text)
{
    piecewise source = {.text = {script}, .piece = piece};
    wb_splitter *splitter = wb_splitter_new(options, read_piecewise, &source);
    uint64_t behind = 0;
    for (;;) {
        wb_statement statement;
        wb_error err;
        wb_str data = {"", 0};
        bool done = false;
        bool ok = wb_splitter_next(splitter, &statement, &done, &err);
        if (ok && !done) {
            check_statement(script, &statement, &behind);
            wb_buf_printf(ret_text, "%u:%u %x ", statement.at.line, statement.at.column,
                          statement.traits);
            wb_buf_add_str(ret_text, statement.options);
            wb_buf_putc(ret_text, ' ');
            wb_buf_add_str(ret_text, statement.text);
            wb_buf_putc(ret_text, '\n');
        }
        while (ok && !done && (statement.traits & WB_STMT_COPY_IN) != 0) {
            ok = wb_splitter_copy_data(splitter, &data, &err);
            if (data.len == 0)
                break;
            wb_buf_add_str(ret_text, data);
        }
        if (!ok) {
            must(err.status != WB_E_OK && err.message[0] != '\0', "an error says what it is");
            wb_buf_printf(ret_text, "error %u:%u %s\n", err.line, err.column, err.message);
        }
        if (!ok || done)
            break;
    }
    wb_splitter_free(splitter);
}

static bool hash(const wb_splitter_options *options, wb_str script, size_t piece, char *ret_hex)
{
    piecewise source = {.text = {script}, .piece = piece};
    wb_sha256 sha;
    wb_error err;
    wb_sha256_init(&sha);
    bool ok = wb_sql_hash_tokens(options, read_piecewise, &source, &sha, &err);
    wb_sha256_hex(&sha, ret_hex);
    return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const modes[] = {"", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ORACLE"};
    if (size == 0)
        return 0;
    unsigned choice = data[0];
    wb_str script = {(const char *) data + 1, size - 1};
    wb_splitter_options options = {.dialect = wb_dialect_of((wb_dialect_id) (choice % 3)),
                                   .file = "fuzz.sql",
                                   .nonstandard_strings = (choice & 4) != 0,
                                   .sql_mode = modes[choice >> 3 & 3]};
    static const size_t pieces[] = {1, 2, 3, 64};
    wb_buf whole;
    wb_buf cut;
    wb_buf_init(&whole, 0);
    wb_buf_init(&cut, 0);
    describe(&options, script, SIZE_MAX, &whole);
    describe(&options, script, pieces[choice >> 5 & 3], &cut);
    must(wb_str_is_equal(wb_buf_str(&whole), wb_buf_str(&cut)), "pieces give the same");
    char first[WB_SHA256_HEX];
    char second[WB_SHA256_HEX];
    bool ok = hash(&options, script, SIZE_MAX, first);
    must(ok == hash(&options, script, pieces[choice >> 5 & 3], second), "pieces fail alike");
    must(!ok || strcmp(first, second) == 0, "pieces give the same hash");
    wb_buf_clear(&whole);
    wb_buf_clear(&cut);
    return 0;
}
