#include "../support/test.h"
#include "engine/maria_fingerprint.h"

static void leaves_out_what_differs_between_databases_that_are_alike(void **state)
{
    (void) state;
    static const struct {
        const char *definition;
        const char *normal;
    } rows[] = {
        {"CREATE TABLE `t` (\n  `id` int(11) NOT NULL AUTO_INCREMENT\n) ENGINE=InnoDB"
         " AUTO_INCREMENT=42 DEFAULT CHARSET=utf8mb4",
         "CREATE TABLE `t` (\n  `id` int(11) NOT NULL AUTO_INCREMENT\n) ENGINE=InnoDB DEFAULT"
         " CHARSET=utf8mb4"},
        {"CREATE TABLE `t` (`v` bigint DEFAULT nextval(`d`.`s`)) COMMENT='`d`.`s`'",
         "CREATE TABLE `t` (`v` bigint DEFAULT nextval(`s`)) COMMENT='`d`.`s`'"},
        {"CREATE ALGORITHM=UNDEFINED DEFINER=`u`@`%` SQL SECURITY DEFINER VIEW `d`.`v` AS select"
         " `d`.`t`.`id` AS `d` from `d`.`t`",
         "CREATE ALGORITHM=UNDEFINED SQL SECURITY DEFINER VIEW `v` AS select `t`.`id` AS `d` from"
         " `t`"},
        {"CREATE DEFINER=`role` PROCEDURE `p`()\nSELECT 1", "CREATE PROCEDURE `p`()\nSELECT 1"},
        {"CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:00:00' ENABLE DO SELECT 1",
         "CREATE EVENT `e` ON SCHEDULE EVERY 1 DAY ENABLE DO SELECT 1"},
        {"CREATE TABLE `t` () PARTITION BY SYSTEM_TIME INTERVAL 1 DAY STARTS TIMESTAMP'2026-01-01'",
         "CREATE TABLE `t` () PARTITION BY SYSTEM_TIME INTERVAL 1 DAY"},
        {"CREATE PROCEDURE p() SELECT 'not closed", "CREATE PROCEDURE p() SELECT 'not closed"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        WB_SCRATCH(arena);
        assert_string_equal(wb_maria_normal_definition(wb_str_from(rows[i].definition), "d", arena),
                            rows[i].normal);
    }
}

static wb_fingerprint make(wb_arena *arena, const char *const *names_and_texts)
{
    wb_fingerprint made = {0};
    for (; *names_and_texts != NULL; names_and_texts += 2)
        WB_LIST_ADD(arena, &made.objects,
                    ((wb_schema_object){"table", names_and_texts[0], names_and_texts[1]}));
    return made;
}

static void difference_holds_what_one_side_lacks_or_has_otherwise(void **state)
{
    (void) state;
    static const char *const left[] = {"a", "1", "b", "1", "c", "1", NULL};
    static const char *const right[] = {"b", "2", "c", "1", "d", "1", NULL};
    WB_SCRATCH(arena);
    wb_fingerprint a = make(arena, left);
    wb_fingerprint b = make(arena, right);
    wb_fingerprint in_a;
    wb_fingerprint in_b;
    wb_fingerprint_difference(&a, &b, arena, &in_a, &in_b);
    assert_int_equal(in_a.objects.count, 3);
    assert_int_equal(in_b.objects.count, 3);
    assert_string_equal(in_a.objects.items[0].name, "a");
    assert_null(in_b.objects.items[0].text);
    assert_string_equal(in_a.objects.items[1].text, "1");
    assert_string_equal(in_b.objects.items[1].text, "2");
    assert_string_equal(in_b.objects.items[2].name, "d");
    assert_null(in_a.objects.items[2].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leaves_out_what_differs_between_databases_that_are_alike),
        cmocka_unit_test(difference_holds_what_one_side_lacks_or_has_otherwise),
    };
    return RUN_TESTS(tests);
}
