/* Runs scripts through the splitter, in pieces of several sizes, and compares. */
#ifndef WB_TESTS_UNIT_SQL_SPLIT_SUPPORT_H
#define WB_TESTS_UNIT_SQL_SPLIT_SUPPORT_H

#include "../../support/test.h"
#include "base/utf8.h"
#include "sql/splitter.h"

#include <stdio.h>

enum { SPLIT_MOST = 16 };

/* A source that gives at most `piece` bytes at once. */
typedef struct piecewise {
    wb_text_source text;
    size_t piece;
} piecewise;

typedef struct split_case {
    const char *script;
    const char *statements[SPLIT_MOST]; /* up to the first NULL */
} split_case;

typedef struct split_fault {
    const char *script;
    unsigned line;
    unsigned column;
    const char *message; /* a part of it */
} split_fault;

static inline bool read_piecewise(void *source, char *bytes, size_t size, size_t *ret_read,
                                  wb_error *err)
{
    piecewise *from = source;
    return wb_read_text(&from->text, bytes, size < from->piece ? size : from->piece, ret_read, err);
}

static inline wb_position position_by_hand(wb_str script, uint64_t offset)
{
    wb_position place = {.offset = offset, .line = 1, .column = 1};
    size_t line_start = wb_str_has_prefix(script, WB_STR("\xEF\xBB\xBF")) ? 3 : 0;
    for (size_t i = 0; i < offset; i++) {
        if (script.ptr[i] == '\n') {
            place.line++;
            line_start = i + 1;
        }
    }
    place.column += (unsigned) wb_utf8_count(wb_str_sub(script, line_start, offset - line_start));
    return place;
}

/* Each statement is as expected, stands in the source where it says, and ends the list. */
static inline void check_split(const wb_splitter_options *options, const split_case *expected,
                               size_t piece)
{
    wb_str script = wb_str_from(expected->script);
    piecewise source = {.text = {script}, .piece = piece};
    wb_splitter *splitter = wb_splitter_new(options, read_piecewise, &source);
    wb_error err;
    wb_statement statement;
    bool done = false;
    for (unsigned i = 0;; i++) {
        if (!wb_splitter_next(splitter, &statement, &done, &err))
            fail_msg("in pieces of %zu: %u:%u: %s\n%s", piece, err.line, err.column, err.message,
                     expected->script);
        const char *want = i < SPLIT_MOST ? expected->statements[i] : NULL;
        if (done != (want == NULL) || (!done && !wb_str_is(statement.text, want)))
            fail_msg("in pieces of %zu: statement %u is \"%.*s\", not \"%s\", of\n%s", piece, i + 1,
                     WB_STR_ARG(statement.text), want != NULL ? want : "(none)", expected->script);
        if (done)
            break;
        wb_position at = position_by_hand(script, statement.at.offset);
        assert_true(wb_str_is_equal(
            wb_str_sub(script, (size_t) statement.at.offset, statement.text.len), statement.text));
        assert_int_equal(statement.at.line, at.line);
        assert_int_equal(statement.at.column, at.column);
        assert_int_equal(statement.number, i + 1);
    }
    wb_splitter_free(splitter);
}

static inline void check_splits(const wb_splitter_options *options, const split_case *cases,
                                size_t count)
{
    static const size_t pieces[] = {1, 2, 3, 7, 1000000};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < COUNT_OF(pieces); j++)
            check_split(options, &cases[i], pieces[j]);
    }
}

/* Reads up to the error, which must be there. */
static inline void split_to_error(const wb_splitter_options *options, wb_str script, size_t piece,
                                  wb_error *ret_err)
{
    piecewise source = {.text = {script}, .piece = piece};
    wb_splitter *splitter = wb_splitter_new(options, read_piecewise, &source);
    wb_statement statement;
    bool done = false;
    bool ok = true;
    while (ok && !done)
        ok = wb_splitter_next(splitter, &statement, &done, ret_err);
    if (ok)
        fail_msg("no error in: %.*s", WB_STR_ARG(script));
    wb_error again;
    assert_false(wb_splitter_next(splitter, &statement, &done, &again)); /* and it stays failed */
    wb_splitter_free(splitter);
}

static inline void check_faults(const wb_splitter_options *options, const split_fault *faults,
                                size_t count)
{
    static const size_t pieces[] = {1, 5, 1000000};
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < COUNT_OF(pieces); j++) {
            wb_error err;
            split_to_error(options, wb_str_from(faults[i].script), pieces[j], &err);
            if (strstr(err.message, faults[i].message) == NULL || err.line != faults[i].line ||
                err.column != faults[i].column)
                fail_msg("in pieces of %zu: %u:%u: %s, not %u:%u: ...%s..., of\n%s", pieces[j],
                         err.line, err.column, err.message, faults[i].line, faults[i].column,
                         faults[i].message, faults[i].script);
            assert_true(err.hint[0] == '\0' || err.hint[strlen(err.hint) - 1] == '.');
        }
    }
}

static inline wb_splitter_options options_for(wb_dialect_id id)
{
    return (wb_splitter_options){.dialect = wb_dialect_of(id), .file = "script.sql"};
}

#endif
