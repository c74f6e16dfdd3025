/* libmariadb (MariaDB Connector/C), loaded when it is first used: a program that never talks to
 * MariaDB does not need the library installed. The table holds what the driver calls, by the names
 * of the library without "mysql_". */
#ifndef WB_DRIVER_MARIADB_MARIA_LIBRARY_H
#define WB_DRIVER_MARIADB_MARIA_LIBRARY_H

#include "base/fail.h"

#include <mariadb/mysql.h>

/* F(member, name in the library) */
#define WB_MARIA_FUNCTIONS(F)                       \
    F(affected_rows, mysql_affected_rows)           \
    F(character_set_name, mysql_character_set_name) \
    F(close, mysql_close)                           \
    F(error_number, mysql_errno)                    \
    F(error_text, mysql_error)                      \
    F(fetch_fields, mysql_fetch_fields)             \
    F(fetch_lengths, mysql_fetch_lengths)           \
    F(fetch_row, mysql_fetch_row)                   \
    F(field_count, mysql_field_count)               \
    F(free_result, mysql_free_result)               \
    F(get_client_info, mysql_get_client_info)       \
    F(get_info, mariadb_get_info)                   \
    F(get_server_info, mysql_get_server_info)       \
    F(get_socket, mysql_get_socket)                 \
    F(get_ssl_cipher, mysql_get_ssl_cipher)         \
    F(init, mysql_init)                             \
    F(next_result, mysql_next_result)               \
    F(num_fields, mysql_num_fields)                 \
    F(options, mysql_options)                       \
    F(options4, mysql_options4)                     \
    F(real_connect, mysql_real_connect)             \
    F(real_query, mysql_real_query)                 \
    F(server_init, mysql_server_init)               \
    F(sqlstate, mysql_sqlstate)                     \
    F(thread_end, mysql_thread_end)                 \
    F(thread_id, mysql_thread_id)                   \
    F(thread_init, mysql_thread_init)               \
    F(use_result, mysql_use_result)                 \
    F(warning_count, mysql_warning_count)

typedef struct wb_maria_library {
#define WB_MARIA_MEMBER(member, name) __typeof__(name) *(member);
    WB_MARIA_FUNCTIONS(WB_MARIA_MEMBER)
#undef WB_MARIA_MEMBER
} wb_maria_library;

/* The library, loaded and initialised by the first call; later calls, from any thread, give the
 * same table. It stays loaded as long as the process lives. Errors: UNSUPPORTED where it is not
 * installed or lacks a function. */
bool wb_maria_library_load(const wb_maria_library **ret_library, wb_error *err);

#endif
