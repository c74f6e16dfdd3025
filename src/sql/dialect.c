#include "sql/dialect.h"

static const wb_dialect dialects[WB_DIALECT_COUNT] = {
    [WB_SQLITE] = {WB_SQLITE, "sqlite", '"'},
    [WB_POSTGRES] = {WB_POSTGRES, "postgres", '"'},
    [WB_MARIADB] = {WB_MARIADB, "mariadb", '`'},
};

static const struct {
    const char *name;
    wb_dialect_id id;
} names[] = {
    {"sqlite", WB_SQLITE},   {"sqlite3", WB_SQLITE},      {"postgres", WB_POSTGRES},
    {"pg", WB_POSTGRES},     {"postgresql", WB_POSTGRES}, {"pgsql", WB_POSTGRES},
    {"mariadb", WB_MARIADB}, {"mysql", WB_MARIADB},
};

const wb_dialect *wb_dialect_of(wb_dialect_id id)
{
    return &dialects[id];
}

const wb_dialect *wb_dialect_find(wb_str name)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (wb_str_is_nocase(name, names[i].name))
            return &dialects[names[i].id];
    }
    return NULL;
}
