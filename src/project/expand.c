/* One pass over the text with a stack of the defaults that are open. While a default that is not
 * needed is being read, nothing is written and nothing is missing, but its form is still checked.
 */
#include "project/expand.h"

#include "base/buf.h"

enum { DEEPEST = 8, LONGEST_VALUE = 64 * 1024 };

typedef struct open_default {
    wb_str name;
    bool is_skipped;
    unsigned braces; /* plain ones that are open inside */
} open_default;

typedef struct expander {
    wb_str text;
    size_t at;
    wb_getenv_fn *getenv;
    void *getenv_arg;
    wb_arena *arena;
    wb_missing_list *missing;
    open_default stack[DEEPEST];
    unsigned depth;
    unsigned skipping; /* how many of the open defaults are skipped */
    wb_buf out;
} expander;

static char byte_at(const expander *e, size_t i)
{
    if (i >= e->text.len)
        return '\0';
    return e->text.ptr[i];
}

static void emit(expander *e, const char *bytes, size_t length)
{
    if (e->skipping == 0)
        wb_buf_add(&e->out, bytes, length);
}

static const char *look_up(const expander *e, wb_str name)
{
    return e->getenv != NULL ? e->getenv(e->getenv_arg, wb_str_dup(e->arena, name)) : NULL;
}

static void add_missing(expander *e, wb_str name, wb_str message)
{
    if (e->skipping > 0)
        return;
    wb_missing item = {
        .name = wb_str_dup(e->arena, name),
        .message = wb_str_dup(e->arena, message),
    };
    WB_LIST_ADD(e->arena, e->missing, item);
}

static bool fail_form(wb_error *err, const char *what)
{
    (void) wb_fail(err, WB_E_CONFIG, "%s", what);
    return wb_hint(err, "Write ${NAME}, ${NAME:-default} or ${NAME:?message}; write $$ for a "
                        "dollar sign.");
}

static wb_str read_name(expander *e)
{
    size_t start = e->at;
    char first = byte_at(e, start);
    if (wb_is_alpha(first) || first == '_') {
        while (wb_is_alnum(byte_at(e, e->at)) || byte_at(e, e->at) == '_')
            e->at++;
    }
    return wb_str_sub(e->text, start, e->at - start);
}

static bool fail_not_closed(wb_str name, wb_error *err)
{
    (void) wb_fail(err, WB_E_CONFIG, "\"${%.*s\" is not closed by a \"}\"", WB_STR_ARG(name));
    return wb_hint(err, "Write $$ for a dollar sign that begins no variable.");
}

/* The message of ${NAME:?message}, up to its closing brace. */
static bool read_message(expander *e, wb_str name, const char *value, wb_error *err)
{
    size_t start = e->at;
    unsigned braces = 0;
    while (e->at < e->text.len && (braces > 0 || e->text.ptr[e->at] != '}')) {
        char c = e->text.ptr[e->at++];
        if (c == '{')
            braces++;
        else if (c == '}')
            braces--;
    }
    if (e->at == e->text.len)
        return fail_not_closed(name, err);
    wb_str message = wb_str_sub(e->text, start, e->at - start);
    e->at++;
    if (value == NULL || value[0] == '\0')
        add_missing(e, name, message);
    else
        emit(e, value, strlen(value));
    return true;
}

static bool open_default_text(expander *e, wb_str name, const char *value, wb_error *err)
{
    if (e->depth == DEEPEST)
        return fail_form(err, "defaults of variables are nested too deeply");
    bool is_set = value != NULL && value[0] != '\0';
    if (is_set)
        emit(e, value, strlen(value));
    e->stack[e->depth++] = (open_default){.name = name, .is_skipped = is_set};
    e->skipping += is_set ? 1 : 0;
    return true;
}

/* `at` is behind "${". */
static bool expand_variable(expander *e, wb_error *err)
{
    wb_str name = read_name(e);
    if (name.len == 0)
        return fail_form(err, "\"${\" is not followed by the name of a variable");
    const char *value = look_up(e, name);
    char sign = byte_at(e, e->at);
    char second = byte_at(e, e->at + 1);
    if (sign == '}') {
        e->at++;
        if (value == NULL)
            add_missing(e, name, wb_str_make("", 0));
        else
            emit(e, value, strlen(value));
        return true;
    }
    if (sign == ':' && second == '-') {
        e->at += 2;
        return open_default_text(e, name, value, err);
    }
    if (sign == ':' && second == '?') {
        e->at += 2;
        return read_message(e, name, value, err);
    }
    if (sign == '\0')
        return fail_not_closed(name, err);
    (void) fail_form(err, "a variable is followed by neither \"}\" nor \":-\" nor \":?\"");
    return wb_detail(err, "The variable is \"%.*s\".", WB_STR_ARG(name));
}

static void close_brace(expander *e)
{
    open_default *top = &e->stack[e->depth - 1];
    if (top->braces > 0) {
        top->braces--;
        emit(e, "}", 1);
        return;
    }
    e->skipping -= top->is_skipped ? 1 : 0;
    e->depth--;
}

static bool step(expander *e, wb_error *err)
{
    char c = e->text.ptr[e->at++];
    char next = byte_at(e, e->at);
    if (c == '$' && next == '$') {
        e->at++;
        emit(e, "$", 1);
    } else if (c == '$' && next == '{') {
        e->at++;
        return expand_variable(e, err);
    } else if (c == '}' && e->depth > 0) {
        close_brace(e);
    } else {
        if (c == '{' && e->depth > 0)
            e->stack[e->depth - 1].braces++;
        emit(e, &c, 1);
    }
    return true;
}

static bool expand_all(expander *e, wb_error *err)
{
    while (e->at < e->text.len) {
        if (!step(e, err))
            return false;
    }
    if (e->depth > 0)
        return fail_not_closed(e->stack[e->depth - 1].name, err);
    if (e->out.overflow)
        return wb_fail(err, WB_E_CONFIG, "the value is longer than %d bytes", (int) LONGEST_VALUE);
    return true;
}

bool wb_expand(wb_str text, wb_getenv_fn *getenv, void *getenv_arg, wb_arena *arena,
               wb_missing_list *missing, const char **ret_text, wb_error *err)
{
    expander e = {
        .text = text,
        .getenv = getenv,
        .getenv_arg = getenv_arg,
        .arena = arena,
        .missing = missing,
    };
    wb_buf_init(&e.out, LONGEST_VALUE);
    bool ok = expand_all(&e, err);
    if (ok)
        *ret_text = wb_str_dup(arena, wb_buf_str(&e.out));
    wb_buf_clear(&e.out);
    return ok;
}

bool wb_has_variable(wb_str text)
{
    size_t at = 0;
    return wb_str_find(text, WB_STR("${"), &at);
}
