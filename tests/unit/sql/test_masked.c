#include "../../support/test.h"
#include "sql/masked.h"

static void assert_masked(wb_dialect_id dialect, const char *sql, const char *expected)
{
    WB_SCRATCH(arena);
    assert_string_equal(wb_sql_masked(wb_str_from(sql), dialect, 60, arena), expected);
}

static void values_are_replaced_and_names_are_not(void **state)
{
    (void) state;
    assert_masked(WB_POSTGRES, "UPDATE t1 SET a = 'it''s', b = 4.5e3 WHERE \"c 1\" = $$x$$",
                  "UPDATE t1 SET a = ?, b = ? WHERE \"c 1\" = ?");
    assert_masked(WB_MARIADB, "INSERT INTO `t 1` VALUES ('a\\'b', \"c\", 0x1f)",
                  "INSERT INTO `t 1` VALUES (?, ?, ?)");
    assert_masked(WB_SQLITE, "DELETE FROM t WHERE a IN (1,2)", "DELETE FROM t WHERE a IN (?,?)");
}

static void comments_and_line_ends_become_one_blank(void **state)
{
    (void) state;
    assert_masked(WB_POSTGRES, "  SELECT -- 'secret'\n\n  1 /* too */ + 2 ;\n", "SELECT ? + ?");
}

static void a_text_that_was_cut_within_a_value_does_not_show_it(void **state)
{
    (void) state;
    assert_masked(WB_POSTGRES, "INSERT INTO t VALUES ('half of a sec", "INSERT INTO t VALUES (...");
    assert_masked(WB_MARIADB, "DO SLEEP(1) /* half", "DO SLEEP(?)...");
}

static void a_long_statement_is_cut_between_characters(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_str sql = WB_STR("SELECT a\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4, b, c, d, e FROM somewhere");
    assert_string_equal(wb_sql_masked(sql, WB_POSTGRES, 12, arena), "SELECT a...");
    assert_string_equal(wb_sql_masked(sql, WB_POSTGRES, 13, arena), "SELECT a\xC3\xA4...");
}

static void nothing_gives_nothing(void **state)
{
    (void) state;
    assert_masked(WB_POSTGRES, "", "");
    assert_masked(WB_POSTGRES, "-- only a comment", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_replaced_and_names_are_not),
        cmocka_unit_test(comments_and_line_ends_become_one_blank),
        cmocka_unit_test(a_text_that_was_cut_within_a_value_does_not_show_it),
        cmocka_unit_test(a_long_statement_is_cut_between_characters),
        cmocka_unit_test(nothing_gives_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
