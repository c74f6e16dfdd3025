#include "base/buf.h"
#include "project/yaml_tree.h"

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

static bool parse(const char *text, wb_arena *arena, wb_yaml_file **ret_file, wb_error *err)
{
    *err = (wb_error){0};
    return wb_yaml_parse("whimbrel.yaml", wb_str_from(text), arena, ret_file, err);
}

static const wb_yaml_pair *pair_of(const wb_yaml_node *map, const char *key)
{
    for (size_t i = 0; i < map->count; i++) {
        if (wb_str_is(map->pairs[i].key->text, key))
            return &map->pairs[i];
    }
    return NULL;
}

static const wb_yaml_node *value_of(const wb_yaml_node *map, const char *key)
{
    const wb_yaml_pair *pair = pair_of(map, key);
    return pair != NULL ? pair->value : NULL;
}

static void gives_every_value_its_place(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_yaml_file *file = NULL;
    wb_error err;
    assert_true(
        parse("# first\na: one\nb:\n  - x\n  - \"y z\"\n\xc3\xa4: {c: 'd'}\n", arena, &file, &err));
    const wb_yaml_node *a = value_of(file->root, "a");
    assert_int_equal(a->kind, WB_YAML_SCALAR);
    assert_true(a->is_plain);
    assert_string_equal(a->text.ptr, "one");
    assert_int_equal(a->line, 2);
    assert_int_equal(a->column, 4);
    const wb_yaml_node *b = value_of(file->root, "b");
    assert_int_equal(b->kind, WB_YAML_LIST);
    assert_int_equal(b->count, 2);
    assert_string_equal(b->items[1]->text.ptr, "y z");
    assert_false(b->items[1]->is_plain);
    assert_int_equal(b->items[1]->line, 5);
    assert_int_equal(b->items[1]->column, 5);
    const wb_yaml_node *c = value_of(value_of(file->root, "\xc3\xa4"), "c");
    assert_string_equal(c->text.ptr, "d");
    assert_int_equal(c->column, 8); /* characters, not bytes */
}

static void reads_line_ends_of_windows_and_a_byte_order_mark(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_yaml_file *file = NULL;
    wb_error err;
    assert_true(parse("\xef\xbb\xbf"
                      "a: one\r\nb: two\r\n",
                      arena, &file, &err));
    assert_string_equal(value_of(file->root, "b")->text.ptr, "two");
    assert_int_equal(value_of(file->root, "b")->line, 2);
}

static void tells_null_from_text(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_yaml_file *file = NULL;
    wb_error err;
    assert_true(parse("a:\nb: ~\nc: null\nd: ''\ne: 'null'\nf: nil\n", arena, &file, &err));
    assert_true(wb_yaml_is_null(value_of(file->root, "a")));
    assert_true(wb_yaml_is_null(value_of(file->root, "b")));
    assert_true(wb_yaml_is_null(value_of(file->root, "c")));
    assert_false(wb_yaml_is_null(value_of(file->root, "d")));
    assert_false(wb_yaml_is_null(value_of(file->root, "e")));
    assert_false(wb_yaml_is_null(value_of(file->root, "f")));
    assert_false(wb_yaml_is_null(file->root));
}

static void merges_the_keys_that_a_map_does_not_have(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_yaml_file *file = NULL;
    wb_error err;
    assert_true(parse("p: &p {a: 1, b: 1, c: 1}\n"
                      "q: &q {<<: *p, b: 2, d: 2}\n"
                      "r: {<<: [*q, *p], d: 3}\n"
                      "s: {'<<': text}\n",
                      arena, &file, &err));
    const wb_yaml_node *r = value_of(file->root, "r");
    assert_int_equal(r->count, 4);
    assert_string_equal(value_of(r, "a")->text.ptr, "1");
    assert_string_equal(value_of(r, "b")->text.ptr, "2");
    assert_string_equal(value_of(r, "c")->text.ptr, "1");
    assert_string_equal(value_of(r, "d")->text.ptr, "3");
    assert_null(value_of(r, "<<"));
    assert_string_equal(value_of(value_of(file->root, "s"), "<<")->text.ptr, "text");
}

static void refuses_faulty_files_and_shows_the_place(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *message; /* a part of it */
        unsigned line;
        unsigned column;
    } cases[] = {
        {"", "sets nothing", 1, 0},
        {"# a comment\n", "sets nothing", 1, 0},
        {"~", "sets nothing", 1, 0},
        {"---\n...\n", "sets nothing", 2, 0},
        {"{}", "sets nothing", 1, 0},
        {"- a\n- b\n", "is a list", 1, 1},
        {"\n\nurl postgres\n", "is a text", 3, 1},
        {"a: 1\nb: 2\na: 3\n", "\"a\" is there twice", 3, 1},
        {"x:\n  a: 1\n  'a': 3\n", "\"a\" is there twice", 3, 3},
        {"x: &x {a: 1}\ny: {<<: *x, <<: *x}\n", "\"<<\" is there twice", 2, 13},
        {"? [a]\n: b\n", "a key is not a text", 1, 3},
        {"{a: 1}: b\n", "a key is not a text", 1, 1},
        {"a: 1\n--- \nb: 2\n", "second document", 2, 1},
        {"a: [1, 2\n", "is no YAML", 2, 1},
        {"a: 1\n---\nb: [\n", "is no YAML", 4, 1},
        {"a: 'x\n", "is no YAML", 2, 1},
        {"a: *none\n", "undefined alias", 1, 4},
        {"a:\n\tb: 1\n", "a tab is used for indentation", 2, 1},
        {"a: 1\n b: 2\n", "is no YAML", 2, 3},
        {"a: \"\\0\"\n", "zero byte", 1, 4},
        {"a: 1\nb: \x01\n", "control characters", 2, 4},
        {"a: 1\nb: \xff\n", "not valid UTF-8", 2, 0},
        {"\xff\xfe"
         "a",
         "not valid UTF-8", 1, 0},
        {"a: {<<: text}\n", "no keys with values", 1, 9},
        {"a: {<<: [{b: 1}, text]}\n", "no keys with values", 1, 18},
        {"a: &a {<<: *a}\n", "in a circle", 1, 4},
        {"a: &a {<<: {<<: *a}}\n", "in a circle", 1, 4},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_yaml_file *file = NULL;
        wb_error err;
        if (parse(cases[i].text, arena, &file, &err))
            fail_msg("accepted: %s", cases[i].text);
        assert_int_equal(err.status, WB_E_CONFIG);
        if (strstr(err.message, cases[i].message) == NULL)
            fail_msg("%s: %s", cases[i].text, err.message);
        assert_string_equal(err.file, "whimbrel.yaml");
        if (err.line != cases[i].line || err.column != cases[i].column)
            fail_msg("%s: %u:%u", cases[i].text, err.line, err.column);
    }
}

static void refuses_a_zero_byte(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_yaml_file *file = NULL;
    wb_error err;
    assert_false(wb_yaml_parse("f", WB_STR("a: 1\nb: \0"), arena, &file, &err));
    assert_non_null(strstr(err.message, "zero byte"));
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 4);
}

/* libyaml's time grows with the square of the depth, and of the number of anchors: without bounds
 * these would take minutes. */
static void bounds_what_a_hostile_file_can_cost(void **state)
{
    (void) state;
    static const char *const pieces[] = {"[", "{", "- ", "? ", "{a: "};
    for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
        WB_SCRATCH(arena);
        WB_AUTO_BUF(text, 0);
        while (text.len < 1000000)
            wb_buf_puts(&text, pieces[i]);
        wb_yaml_file *file = NULL;
        wb_error err;
        assert_false(parse(wb_buf_text(&text), arena, &file, &err));
        assert_non_null(strstr(err.message, "nested too deeply"));
    }
    WB_SCRATCH(arena);
    WB_AUTO_BUF(text, 0);
    for (unsigned i = 0; i < 50000; i++)
        wb_buf_printf(&text, "k%u: &a%u x\n", i, i);
    wb_yaml_file *file = NULL;
    wb_error err;
    assert_false(parse(wb_buf_text(&text), arena, &file, &err));
    assert_non_null(strstr(err.message, "anchors"));
}

static void bounds_what_merging_can_cost(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_BUF(text, 0);
    wb_buf_puts(&text, "x0: &a0 {k: v}\n");
    for (unsigned i = 1; i < 100; i++)
        wb_buf_printf(&text, "x%u: &a%u {<<: [*a%u, *a%u]}\n", i, i, i - 1, i - 1);
    wb_yaml_file *file = NULL;
    wb_error err;
    assert_false(parse(wb_buf_text(&text), arena, &file, &err));
    assert_non_null(strstr(err.message, "merges too much"));
}

static void hides_secrets_in_the_line_that_it_shows(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_yaml_file *file = NULL;
    wb_error err;
    assert_true(parse("a: postgres://u:geheim@h/d # here\n", arena, &file, &err));
    (void) wb_fail(&err, WB_E_CONFIG, "x");
    assert_false(wb_yaml_show(file, 1, 4, &err));
    assert_string_equal(err.excerpt, "a: postgres://u:***@h/d # here");
    assert_int_equal(err.caret, 4);
    /* Behind the secret the columns of the line shown are not those of the file. */
    assert_false(wb_yaml_show(file, 1, 30, &err));
    assert_null(strstr(err.excerpt, "geheim"));
    assert_int_equal(err.caret, 0);
    assert_int_equal(err.column, 30);
}

/* The line is cut to fit; the cut must not take away what marks the secret as one. */
static void hides_secrets_in_a_line_that_is_cut(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    WB_AUTO_BUF(text, 0);
    wb_buf_puts(&text, "a: \"postgres://user:");
    for (unsigned i = 0; i < 60; i++)
        wb_buf_puts(&text, "geheim");
    wb_buf_puts(&text, "@host/d\" b");
    wb_yaml_file *file = NULL;
    wb_error err;
    assert_false(parse(wb_buf_text(&text), arena, &file, &err));
    assert_int_equal(err.line, 1);
    assert_null(strstr(err.excerpt, "geheim"));
    assert_non_null(strstr(err.excerpt, "***"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_every_value_its_place),
        cmocka_unit_test(reads_line_ends_of_windows_and_a_byte_order_mark),
        cmocka_unit_test(tells_null_from_text),
        cmocka_unit_test(merges_the_keys_that_a_map_does_not_have),
        cmocka_unit_test(refuses_faulty_files_and_shows_the_place),
        cmocka_unit_test(refuses_a_zero_byte),
        cmocka_unit_test(bounds_what_a_hostile_file_can_cost),
        cmocka_unit_test(bounds_what_merging_can_cost),
        cmocka_unit_test(hides_secrets_in_the_line_that_it_shows),
        cmocka_unit_test(hides_secrets_in_a_line_that_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
