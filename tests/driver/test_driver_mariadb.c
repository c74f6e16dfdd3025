/* The conformance suite on MariaDB. What only MariaDB has is in tests/unit/driver/test_maria_*.c.
 */
#include "conformance.h"

static const wb_tested_error errors[] = {
    {"SELECT 1 FROM no_such_table", WB_E_QUERY, "42S02", NULL},
    {"SELECT no_such_column", WB_E_QUERY, "42S22", NULL},
    {"SELECT '\xe6\x97\xa5' FROMM parent WHERE", WB_E_QUERY, "42000", "parent"},
    {"SELECT 1 +", WB_E_QUERY, "42000", NULL},
    {"INSERT INTO parent VALUES (1, 2)", WB_E_CONSTRAINT, "23000", NULL},
    {"INSERT INTO parent VALUES (2, NULL)", WB_E_CONSTRAINT, "23000", NULL},
    {"INSERT INTO parent VALUES (2, -1)", WB_E_CONSTRAINT, "23000", NULL},
    {"INSERT INTO child VALUES (2, 99)", WB_E_CONSTRAINT, "23000", NULL},
    {"DELETE FROM parent", WB_E_CONSTRAINT, "23000", NULL},
    {"CREATE TABLE parent (id int)", WB_E_QUERY, "42S01", NULL},
};

int main(void)
{
    wb_tested_engine engine = {
        .name = "mariadb",
        .engine = WB_ENGINE_MARIADB,
        .url_variable = "WB_TEST_MARIADB_URL",
        .can = WB_CAN_SESSION_LOCK | WB_CAN_PIPELINE,
        .long_text = "LONGTEXT",
        .sleep_sql = "SELECT SLEEP(20)",
        .own_id_sql = "SELECT CONNECTION_ID()",
        .kill_before = "KILL CONNECTION ",
        .kill_after = "",
        .scheme = "mysql",
        .errors = errors,
        .error_count = sizeof(errors) / sizeof(errors[0]),
    };
    return wb_conformance_run(&engine);
}
