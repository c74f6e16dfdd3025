/* A table may be made by an earlier revision that is still under way, so nothing can be looked up
 * before: the server must decide when it comes to it, and only a DO block can.
 *
 * Each table has a block of its own, whose handler undoes nothing but the lock that failed; locks
 * that were got stay with the transaction. What has neither storage nor partitions is a view, and
 * locking it would lock the tables below it. The two functions ask for that without a query, whose
 * planning would take longer than all the rest. */
#include "engine/table_lock_sql.h"

#include "sql/dialect.h"

static void add_lock_table(wb_buf *body, wb_str name, bool only, wb_lock_mode mode)
{
    wb_buf_printf(body, "LOCK TABLE %s%.*s IN %s MODE; ", only ? "ONLY " : "", WB_STR_ARG(name),
                  wb_lock_mode_name(mode));
}

static void add_table(wb_buf *body, const wb_table_lock *table)
{
    WB_AUTO_BUF(found, 0);
    wb_buf_puts(&found, "pg_catalog.to_regclass(");
    wb_sql_literal(&found, wb_dialect_of(WB_POSTGRES), table->name);
    wb_buf_putc(&found, ')');
    wb_buf_printf(body,
                  "BEGIN IF pg_catalog.pg_relation_filenode(%s) IS NOT NULL"
                  " OR pg_catalog.pg_partition_root(%s) IS NOT NULL THEN ",
                  wb_buf_text(&found), wb_buf_text(&found));
    if (table->tree != table->mode)
        add_lock_table(body, table->name, true, table->mode);
    if (table->tree != WB_LOCK_NONE)
        add_lock_table(body, table->name, false, table->tree);
    wb_buf_puts(body, "END IF; EXCEPTION WHEN insufficient_privilege OR undefined_table"
                      " OR wrong_object_type THEN NULL; END; ");
}

void wb_table_lock_sql(const wb_table_lock *tables, size_t count, wb_buf *sql)
{
    if (count == 0)
        return;
    WB_AUTO_BUF(body, 0);
    wb_buf_puts(&body, "BEGIN ");
    for (size_t i = 0; i < count; i++)
        add_table(&body, &tables[i]);
    wb_buf_puts(&body, "END");
    wb_buf_puts(sql, "DO ");
    wb_sql_literal(sql, wb_dialect_of(WB_POSTGRES), wb_buf_str(&body));
}
