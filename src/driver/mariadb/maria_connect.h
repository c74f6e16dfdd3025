/* Making connections. What a connection needs is kept as plain data, because cancelling a
 * statement takes a second connection, made by another thread. */
#ifndef WB_DRIVER_MARIADB_MARIA_CONNECT_H
#define WB_DRIVER_MARIADB_MARIA_CONNECT_H

#include "driver/driver.h"
#include "driver/mariadb/maria_library.h"

typedef enum wb_maria_tls {
    WB_MARIA_TLS_DISABLED,
    WB_MARIA_TLS_PREFERRED, /* where the server offers it; whoever sits between can prevent it */
    WB_MARIA_TLS_REQUIRED,
    WB_MARIA_TLS_VERIFY_CA,      /* the certificate comes from the given authority */
    WB_MARIA_TLS_VERIFY_IDENTITY /* and names the host */
} wb_maria_tls;

/* What a URL may set in the library as it is. */
typedef enum wb_maria_option {
    WB_MARIA_SSL_CA,
    WB_MARIA_SSL_CAPATH,
    WB_MARIA_SSL_CERT,
    WB_MARIA_SSL_KEY,
    WB_MARIA_SSL_CIPHER,
    WB_MARIA_OPTION_COUNT
} wb_maria_option;

typedef struct wb_maria_target {
    wb_arena *arena; /* of the target's own texts */
    const char *host;
    const char *user;
    char *password; /* NULL where there is none; wiped by clear */
    const char *database;
    const char *socket;
    const char *name;                           /* shown by the server as the program's name */
    const char *options[WB_MARIA_OPTION_COUNT]; /* NULL where not set */
    unsigned port;                              /* 0 for the default */
    unsigned timeout_s;                         /* for connecting */
    unsigned wait_timeout_s;                    /* for each send and each answer; 0: none */
    wb_maria_tls tls;
} wb_maria_target;

/* Reads a URL. Errors: CONFIG for a parameter or a value that is not known. */
bool wb_maria_target_from_url(const wb_url *url, const wb_connect_options *options,
                              wb_maria_target *ret_target, wb_error *err);
/* What the application used for its own connection. */
void wb_maria_target_from_handle(const MYSQL *handle, wb_maria_target *ret_target);
/* A copy with an arena of its own. */
void wb_maria_target_copy(const wb_maria_target *target, wb_maria_target *ret_copy);
void wb_maria_target_clear(wb_maria_target *target);

/* Connects. Where `cancelled` is not NULL, gives up soon after it becomes true. Errors: CONNECT,
 * AUTH, CANCELLED. */
bool wb_maria_connect(const wb_maria_library *library, const wb_maria_target *target,
                      const atomic_bool *cancelled, MYSQL **ret_handle, wb_error *err);

#endif
