#include "driver/driver.h"

static const wb_driver *const drivers[] = {
    &wb_driver_sqlite,
#ifdef WB_WITH_POSTGRES
    &wb_driver_postgres,
#endif
#ifdef WB_WITH_MARIADB
    &wb_driver_mariadb,
#endif
    NULL,
};

const wb_driver *const *wb_drivers(void)
{
    return drivers;
}

static const char *engine_name(wb_engine engine)
{
    switch (engine) {
    case WB_ENGINE_SQLITE:
        return "SQLite";
    case WB_ENGINE_POSTGRES:
        return "PostgreSQL";
    case WB_ENGINE_MARIADB:
        return "MariaDB and MySQL";
    }
    return "this engine";
}

bool wb_driver_find(wb_engine engine, const wb_driver **ret_driver, wb_error *err)
{
    for (size_t i = 0; drivers[i] != NULL; i++) {
        if (drivers[i]->engine == engine) {
            *ret_driver = drivers[i];
            return true;
        }
    }
    wb_fail(err, WB_E_UNSUPPORTED, "this build has no driver for %s", engine_name(engine));
    return wb_hint(err, "Build Whimbrel with -DWB_WITH_%s=ON.",
                   engine == WB_ENGINE_POSTGRES ? "POSTGRES" : "MARIADB");
}
