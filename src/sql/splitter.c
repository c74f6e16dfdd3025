/* The splitter puts the parts together: the window holds the script, the lexer cuts it into tokens,
 * the stored body says which terminators end a statement, meta takes the client's commands,
 * the traits say what a statement is, and the script mode follows what it sets. */
#include "sql/splitter.h"

#include "base/fail.h"
#include "sql/copy_data.h"
#include "sql/meta.h"
#include "sql/script_mode.h"
#include "sql/stored_body.h"
#include "sql/traits.h"

#include <stdlib.h>

typedef enum copy_state { NO_COPY, COPY_READY, COPY_OPEN } copy_state;

struct wb_splitter {
    wb_window window;
    wb_lexer lexer;
    wb_script_mode mode;
    wb_lexer_mode statement_mode;
    wb_stored_body body;
    wb_buf options;
    uint64_t start; /* of the statement; WB_NO_OFFSET before its first token */
    uint64_t end;   /* of its last token of code */
    unsigned number;
    copy_state copy;
    bool has_begun;
};

wb_splitter *wb_splitter_new(const wb_splitter_options *options, wb_read_fn *read, void *source)
{
    enum { OPTIONS_MAX = 64 * 1024 };
    wb_splitter *splitter = wb_alloc(sizeof(*splitter));
    *splitter = (wb_splitter){.start = WB_NO_OFFSET};
    wb_window_init(&splitter->window, options, read, source);
    wb_script_mode_init(&splitter->mode, options);
    wb_lexer_init(&splitter->lexer, &splitter->window, splitter->mode.now);
    wb_buf_init(&splitter->options, OPTIONS_MAX);
    return splitter;
}

void wb_splitter_free(wb_splitter *splitter)
{
    if (splitter == NULL)
        return;
    wb_window_clear(&splitter->window);
    wb_stored_body_clear(&splitter->body);
    wb_buf_clear(&splitter->options);
    free(splitter);
}

wb_lexer_mode wb_splitter_mode(const wb_splitter *splitter)
{
    return splitter->statement_mode;
}

static bool is_in_statement(const wb_splitter *splitter)
{
    return splitter->start != WB_NO_OFFSET;
}

/* Keeps the text behind "whimbrel:" of a comment line; several lines are joined by line ends. */
static void add_option(wb_splitter *splitter, const wb_token *token)
{
    wb_str text = wb_lexer_text(&splitter->lexer, token);
    size_t colon = 0;
    (void) wb_str_find_byte(text, ':', &colon);
    if (splitter->options.len > 0)
        wb_buf_putc(&splitter->options, '\n');
    wb_buf_add_str(&splitter->options, wb_str_trim(wb_str_from_offset(text, colon + 1)));
}

static bool finish(wb_splitter *splitter, wb_statement *ret_statement)
{
    wb_window *window = &splitter->window;
    wb_str text = wb_window_text(window, splitter->start, splitter->end);
    if (text.len > window->max_bytes) {
        (void) wb_window_fail(window, WB_E_SYNTAX, splitter->start,
                              "a statement is longer than %zu bytes", window->max_bytes);
        return wb_window_hint(window, "Is a quote or a terminator missing? Otherwise cut it into "
                                      "several statements.");
    }
    splitter->statement_mode = splitter->lexer.mode;
    *ret_statement = (wb_statement){.text = text,
                                    .at = wb_window_mark(window, splitter->start),
                                    .traits = wb_traits_of(splitter->lexer.mode, text, 0),
                                    .number = ++splitter->number,
                                    .options = wb_buf_str(&splitter->options)};
    wb_script_mode_apply(&splitter->mode, text, ret_statement->traits);
    splitter->lexer.mode = splitter->mode.now;
    if ((ret_statement->traits & WB_STMT_COPY_IN) != 0)
        splitter->copy = COPY_READY;
    return true;
}

/* The first token of a statement, or a command of the client. */
static bool begin_statement(wb_splitter *splitter, const wb_token *token, wb_error *err)
{
    wb_lexer *lexer = &splitter->lexer;
    bool is_command = false;
    if (token->kind == WB_TOKEN_BACKSLASH)
        return wb_meta_command(lexer, token, err);
    if (token->kind == WB_TOKEN_WORD && !wb_meta_word(lexer, token, &is_command, err))
        return false;
    if (is_command)
        return true;
    if (token->kind == WB_TOKEN_SYMBOL && lexer->mode.dialect == WB_SQLITE &&
        wb_str_is(wb_lexer_text(lexer, token), "."))
        return wb_meta_refuse_dot(lexer, token, err);
    splitter->start = token->start;
    splitter->window.keep = token->start;
    wb_stored_body_start(&splitter->body, lexer->mode, lexer->delimiter_length != 0);
    return true;
}

/* Takes a token of code that does not end the statement. *ret_ends: it does after all, and is not
 * part of it. */
static bool take_token(wb_splitter *splitter, const wb_token *token, bool *ret_ends, wb_error *err)
{
    wb_lexer *lexer = &splitter->lexer;
    if (!is_in_statement(splitter)) {
        if (!begin_statement(splitter, token, err))
            return false;
        if (!is_in_statement(splitter))
            return true;
    } else if (token->kind == WB_TOKEN_BACKSLASH) {
        return wb_meta_refuse_inside(lexer, token, err);
    } else if (token->kind == WB_TOKEN_WORD && token->is_first_on_line) {
        if (!wb_meta_is_delimiter_line(lexer, token, ret_ends, err))
            return false;
        if (*ret_ends) {
            lexer->offset = token->start; /* to be read again, between statements */
            lexer->is_line_start = true;
            return true;
        }
    }
    splitter->end = token->end;
    return wb_stored_body_token(&splitter->body, &splitter->window, token);
}

static bool take_terminator(wb_splitter *splitter, const wb_token *token, bool *ret_ends)
{
    if (!is_in_statement(splitter))
        return true;
    if (!wb_stored_body_terminator(&splitter->body, &splitter->window, ret_ends))
        return false;
    if (splitter->lexer.code_comment != WB_NO_OFFSET)
        *ret_ends = false; /* half a version comment would be no statement */
    if (!*ret_ends)
        splitter->end = token->end;
    return true;
}

/* Reads on to the end of the statement; *ret_done: there is none. */
static bool read_statement(wb_splitter *splitter, bool *ret_done, wb_error *err)
{
    for (bool ends = false; !ends;) {
        wb_token token;
        if (!wb_lexer_next(&splitter->lexer, &token, err))
            return false;
        switch (token.kind) {
        case WB_TOKEN_END:
            *ret_done = !is_in_statement(splitter);
            return *ret_done || wb_stored_body_end(&splitter->body, &splitter->window);
        case WB_TOKEN_TERMINATOR:
            if (!take_terminator(splitter, &token, &ends))
                return false;
            break;
        case WB_TOKEN_COMMENT:
            break;
        case WB_TOKEN_OPTION:
            if (!is_in_statement(splitter))
                add_option(splitter, &token);
            break;
        default:
            if (!take_token(splitter, &token, &ends, err))
                return false;
        }
    }
    return true;
}

static bool skip_copy_data(wb_splitter *splitter, wb_error *err)
{
    wb_str piece;
    do {
        if (!wb_splitter_copy_data(splitter, &piece, err))
            return false;
    } while (piece.len > 0);
    return true;
}

/* Forgets the statement before. */
static bool prepare(wb_splitter *splitter, wb_error *err)
{
    splitter->window.err = err;
    if (splitter->window.failed)
        return wb_fail(err, WB_E_USAGE, "the script was not read on after an error");
    if (!skip_copy_data(splitter, err))
        return false;
    splitter->window.keep = WB_NO_OFFSET;
    splitter->start = WB_NO_OFFSET;
    wb_buf_reset(&splitter->options);
    if (splitter->has_begun)
        return true;
    splitter->has_begun = true;
    return wb_lexer_skip_mark(&splitter->lexer, err);
}

bool wb_splitter_next(wb_splitter *splitter, wb_statement *ret_statement, bool *ret_done,
                      wb_error *err)
{
    *ret_statement = (wb_statement){.text = WB_STR(""), .options = WB_STR("")};
    *ret_done = false;
    if (!prepare(splitter, err) || !read_statement(splitter, ret_done, err))
        return false;
    if (!*ret_done)
        return finish(splitter, ret_statement);
    if (splitter->options.len == 0)
        return true;
    (void) wb_window_fail(&splitter->window, WB_E_SYNTAX, splitter->lexer.offset,
                          "there is no statement behind the last \"-- whimbrel:\" line");
    return wb_window_hint(&splitter->window, "Such a line belongs to the statement behind it.");
}

bool wb_splitter_copy_data(wb_splitter *splitter, wb_str *ret_piece, wb_error *err)
{
    *ret_piece = WB_STR("");
    if (splitter->copy == NO_COPY)
        return true;
    if (splitter->copy == COPY_READY && !wb_copy_data_begin(&splitter->lexer, err))
        return false;
    splitter->copy = COPY_OPEN;
    bool ended = false;
    if (!wb_copy_data_piece(&splitter->lexer, ret_piece, &ended, err))
        return false;
    if (ended)
        splitter->copy = NO_COPY;
    return true;
}

bool wb_read_text(void *text_source, char *bytes, size_t size, size_t *ret_read, wb_error *err)
{
    (void) err;
    wb_text_source *source = text_source;
    size_t length = source->rest.len < size ? source->rest.len : size;
    if (length > 0)
        memcpy(bytes, source->rest.ptr, length);
    source->rest = wb_str_from_offset(source->rest, length);
    *ret_read = length;
    return true;
}
