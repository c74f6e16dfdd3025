/* Each token is added with its kind before it and a NUL byte behind it, which no script holds; so
 * `a b` and `ab` differ, and no two scripts of different tokens are added alike. Line ends inside
 * tokens (bodies between dollar signs, texts) count as LF, since a checkout may change them. */
#include "base/hash.h"
#include "sql/script_mode.h"
#include "sql/token_reader.h"

enum { FEED_BYTES = 4096 };

/* Collects small additions; the hash is slow to call for each. */
typedef struct token_feed {
    struct wb_sha256 *hash;
    size_t length;
    bool after_cr; /* a CR is held back until it is known whether LF follows */
    char bytes[FEED_BYTES];
} token_feed;

static void add_byte(token_feed *feed, char byte)
{
    if (feed->length == FEED_BYTES) {
        wb_sha256_add(feed->hash, wb_str_make(feed->bytes, feed->length));
        feed->length = 0;
    }
    feed->bytes[feed->length++] = byte;
}

static void flush_cr(token_feed *feed)
{
    if (feed->after_cr)
        add_byte(feed, '\r');
    feed->after_cr = false;
}

static void add_text(token_feed *feed, wb_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (feed->after_cr && c != '\n')
            add_byte(feed, '\r');
        feed->after_cr = c == '\r';
        if (c != '\r')
            add_byte(feed, c);
    }
}

static char letter_of(wb_token_kind kind)
{
    switch (kind) {
    case WB_TOKEN_WORD:
        return 'w';
    case WB_TOKEN_NUMBER:
        return 'n';
    case WB_TOKEN_STRING:
        return 's';
    case WB_TOKEN_NAME:
        return 'q';
    case WB_TOKEN_CODE_OPEN:
    case WB_TOKEN_CODE_CLOSE:
    case WB_TOKEN_HINT:
        return 'c';
    default:
        return 'y';
    }
}

static void add_token(token_feed *feed, char letter, wb_str text)
{
    add_byte(feed, letter);
    add_text(feed, text);
    flush_cr(feed);
    add_byte(feed, '\0');
}

static bool add_statement(token_feed *feed, wb_lexer_mode mode, wb_str text, wb_error *err)
{
    wb_window window;
    wb_lexer lexer;
    wb_window_init_text(&window, text);
    wb_lexer_init(&lexer, &window, mode);
    wb_token token;
    for (;;) {
        if (!wb_lexer_next(&lexer, &token, err))
            return false;
        if (token.kind == WB_TOKEN_END)
            break;
        if (wb_token_is_code(&token))
            add_token(feed, letter_of(token.kind), wb_lexer_text(&lexer, &token));
    }
    add_token(feed, 'e', WB_STR(""));
    return true;
}

static bool add_copy_data(token_feed *feed, wb_splitter *splitter, wb_error *err)
{
    wb_str piece;
    add_byte(feed, 'd');
    do {
        if (!wb_splitter_copy_data(splitter, &piece, err))
            return false;
        add_text(feed, piece);
    } while (piece.len > 0);
    flush_cr(feed);
    add_byte(feed, '\0');
    return true;
}

static bool add_script(token_feed *feed, wb_splitter *splitter, wb_error *err)
{
    for (;;) {
        wb_statement statement;
        bool done = false;
        if (!wb_splitter_next(splitter, &statement, &done, err))
            return false;
        if (done)
            break;
        if (!add_statement(feed, wb_splitter_mode(splitter), statement.text, err))
            return false;
        if ((statement.traits & WB_STMT_COPY_IN) != 0 && !add_copy_data(feed, splitter, err))
            return false;
    }
    wb_sha256_add(feed->hash, wb_str_make(feed->bytes, feed->length));
    return true;
}

bool wb_sql_hash_tokens(const wb_splitter_options *options, wb_read_fn *read, void *source,
                        struct wb_sha256 *hash, wb_error *err)
{
    token_feed feed;
    feed.hash = hash;
    feed.length = 0;
    feed.after_cr = false;
    wb_splitter *splitter = wb_splitter_new(options, read, source);
    bool ok = add_script(&feed, splitter, err);
    wb_splitter_free(splitter);
    return ok;
}
