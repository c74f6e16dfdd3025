/* Reading sections and replacing variables */
#define _GNU_SOURCE
#include "folder_fixture.h"
#include "revision/revision.h"

#include <unistd.h>

typedef struct setting {
    const char *name;
    const char *value;
} setting;

static const char *look_up(const void *arg, const char *name)
{
    for (const setting *at = arg; at->name != NULL; at++) {
        if (strcmp(at->name, name) == 0)
            return at->value;
    }
    return NULL;
}

static setting settings[] = {{"schema", "tenant_7"},
                             {"empty", ""},
                             {"self", "${self}"},
                             {"s", "\xE2\x82\xAC"},
                             {NULL, NULL}};

static wb_revision *make(void **state, const char *variables, wb_str body, wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    wb_buf_printf(&text, "-- revision: a\n-- variables: %s\n-- migrate:up\n", variables);
    wb_buf_add_str(&text, body);
    wb_buf_puts(&text, "-- migrate:down\nafter ${schema}\n");
    put_bytes(state, "a.sql", wb_buf_str(&text));
    wb_revision *revision = NULL;
    wb_error err = {0};
    assert_true(wb_revision_parse(wb_buf_str(&text), in_folder(state, "a.sql", arena), arena,
                                  &revision, &err));
    return revision;
}

/* Reads the up section in pieces of `size` bytes. */
static bool read_up(const wb_revision *revision, size_t size, wb_buf *text, wb_error *err)
{
    wb_section_source *source = NULL;
    const wb_section *section = wb_revision_section(revision, WB_UP, WB_SQLITE);
    if (!wb_section_open(revision, section, look_up, settings, &source, err))
        return false;
    bool ok = true;
    for (;;) {
        size_t got = 0;
        ok = wb_section_read(source, wb_buf_reserve(text, size), size, &got, err);
        assert_true(got <= size);
        text->len += got;
        text->ptr[text->len] = '\0';
        if (!ok || got == 0)
            break;
    }
    wb_section_close(source);
    return ok;
}

static void replaces_listed_variables_and_nothing_else(void **state)
{
    static const struct {
        const char *variables;
        const char *body;
        const char *expected;
    } cases[] = {
        {"", "${schema} $1 $$\n", "${schema} $1 $$\n"},
        {"schema", "${schema}.t, ${schema}\n", "tenant_7.t, tenant_7\n"},
        {"schema", "$${schema} ${other} ${schema ${schema}}\n",
         "$tenant_7 ${other} ${schema tenant_7}\n"},
        {"schema, empty", "a${empty}b${empty}${empty}c${schema}\n", "abctenant_7\n"},
        {"self", "${self}\n", "${self}\n"}, /* a value is not looked at again */
        {"s", "${s}${s}\n", "\xE2\x82\xAC\xE2\x82\xAC\n"},
        {"schema", "$\n", "$\n"},
        {"schema", "${schema\n", "${schema\n"},
        {"schema", "{schema} $schema $ {schema}\n", "{schema} $schema $ {schema}\n"},
        {"schema", "", ""},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        for (size_t size = 1; size < 30; size += 4) {
            WB_SCRATCH(arena);
            WB_AUTO_BUF(text, 0);
            wb_error err = {0};
            const wb_revision *revision =
                make(state, cases[i].variables, wb_str_from(cases[i].body), arena);
            assert_true(read_up(revision, size, &text, &err));
            assert_string_equal(wb_buf_text(&text), cases[i].expected);
        }
    }
}

static void replaces_across_the_edges_of_its_window(void **state)
{
    WB_SCRATCH(arena);
    WB_AUTO_BUF(body, 0);
    WB_AUTO_BUF(expected, 0);
    for (unsigned i = 0; body.len < 100000; i++) {
        wb_buf_printf(&body, "%0*u${schema}\n", (int) (i % 61), 7U);
        wb_buf_printf(&expected, "%0*utenant_7\n", (int) (i % 61), 7U);
    }
    const wb_revision *revision = make(state, "schema", wb_buf_str(&body), arena);
    static const size_t sizes[] = {7, 4096, 65536};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        WB_AUTO_BUF(text, 0);
        wb_error err = {0};
        assert_true(read_up(revision, sizes[i], &text, &err));
        assert_string_equal(wb_buf_text(&text), wb_buf_text(&expected));
    }
}

static void a_variable_without_a_value_is_an_error_at_its_place(void **state)
{
    WB_SCRATCH(arena);
    WB_AUTO_BUF(text, 0);
    wb_error err = {0};
    const wb_revision *revision =
        make(state, "schema, missing", WB_STR("one\n\xC3\xA4${schema} ${missing}\n"), arena);
    assert_false(read_up(revision, 100, &text, &err));
    assert_string_equal(err.message, "the variable \"missing\" has no value");
    assert_string_equal(err.file, revision->path);
    assert_int_equal(err.line, 5);
    assert_int_equal(err.column, 12);
}

static void a_file_cut_short_after_loading_is_an_error(void **state)
{
    WB_SCRATCH(arena);
    WB_AUTO_BUF(text, 0);
    wb_error err = {0};
    wb_revision *revision = make(state, "", WB_STR("SELECT 1;\nSELECT 2;\n"), arena);
    assert_int_equal(truncate(revision->path, 50), 0);
    assert_false(read_up(revision, 100, &text, &err));
    assert_non_null(strstr(err.message, "became shorter"));
    assert_int_equal(unlink(revision->path), 0);
    assert_false(read_up(revision, 100, &text, &err));
    assert_int_equal(err.status, WB_E_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(replaces_listed_variables_and_nothing_else),
        FOLDER_TEST(replaces_across_the_edges_of_its_window),
        FOLDER_TEST(a_variable_without_a_value_is_an_error_at_its_place),
        FOLDER_TEST(a_file_cut_short_after_loading_is_an_error),
    };
    return RUN_TESTS(tests);
}
