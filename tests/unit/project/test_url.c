#include "base/buf.h"
#include "project/url.h"

/* cmocka.h needs the others before it. */
/* clang-format off */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
/* clang-format on */

typedef struct good {
    const char *text;
    const char *masked; /* NULL: as `text` */
    wb_engine engine;
    const char *user;
    const char *password;
    const char *host;
    const char *ports;
    const char *database;
    const char *parameters; /* "name=value;name=value"; NULL for none */
    const char *socket;
} good;

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static const char *joined_parameters(const wb_url *url, wb_arena *arena)
{
    WB_AUTO_BUF(text, 0);
    for (size_t i = 0; i < url->parameters.count; i++)
        wb_buf_printf(&text, "%s%s=%s", i == 0 ? "" : ";", url->parameters.items[i].name,
                      url->parameters.items[i].value);
    return text.len > 0 ? wb_str_dup(arena, wb_buf_str(&text)) : NULL;
}

static void check_good(const good *expected)
{
    WB_SCRATCH(arena);
    wb_url url;
    wb_error err;
    if (!wb_url_parse(expected->text, arena, &url, &err))
        fail_msg("%s: %s", expected->text, err.message);
    const char *want = wb_arena_printf(
        arena, "%d user %s password %s host %s ports %s database %s parameters %s socket %s",
        (int) expected->engine, or_dash(expected->user), or_dash(expected->password),
        or_dash(expected->host), or_dash(expected->ports), or_dash(expected->database),
        or_dash(expected->parameters), or_dash(expected->socket));
    const char *got = wb_arena_printf(
        arena, "%d user %s password %s host %s ports %s database %s parameters %s socket %s",
        (int) url.engine, or_dash(url.user), or_dash(url.password), or_dash(url.host),
        or_dash(url.ports), or_dash(url.database), or_dash(joined_parameters(&url, arena)),
        or_dash(url.socket));
    if (strcmp(got, want) != 0)
        fail_msg("%s:\n got %s\nwant %s", expected->text, got, want);
    assert_string_equal(url.masked, expected->masked != NULL ? expected->masked : expected->text);
}

#define CHECK_ALL(table)                                            \
    for (size_t i = 0; i < sizeof(table) / sizeof((table)[0]); i++) \
    check_good(&(table)[i])

static void reads_the_path_of_every_sqlite_form(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *path;
    } forms[] = {
        {"sqlite:app.db", "app.db"},
        {"sqlite:./a/../app.db", "./a/../app.db"},
        {"sqlite:/var/app.db", "/var/app.db"},
        {"sqlite3:app.db", "app.db"},
        {"sqlite3:///app.db", "app.db"},
        {"SQLite:///app.db", "app.db"},
        {"sqlite:///rel.db", "rel.db"},
        {"sqlite:////abs/x.db", "/abs/x.db"},
        {"sqlite:///./x.db", "./x.db"},
        {"sqlite+aiosqlite:///./x.db", "./x.db"},
        {"sqlite+pysqlite:////tmp/x.db", "/tmp/x.db"},
        {"sqlite://data/app.db", "data/app.db"},
        {"sqlite://./app.db", "./app.db"},
        {"sqlite://", ":memory:"},
        {"sqlite:///", ":memory:"},
        {"sqlite://:memory:", ":memory:"},
        {"sqlite::memory:", ":memory:"},
        {"sqlite:///:memory:", ":memory:"},
        {"sqlite+aiosqlite://", ":memory:"},
        {"sqlite:x?mode=memory", ":memory:"},
        {"file:app.db", "app.db"},
        {"file:./dev.db", "./dev.db"},
        {"file:/abs/app.db", "/abs/app.db"},
        {"file:///abs/app.db", "/abs/app.db"},
        {"file://localhost/abs/app.db", "/abs/app.db"},
        {"file::memory:?cache=shared", ":memory:"},
        {"file:name?mode=memory&cache=shared", ":memory:"},
        {"sqlite:///file:a/b.db?mode=rwc&uri=true", "a/b.db"},
        {"jdbc:sqlite:sample.db", "sample.db"},
        {"sqlite:my%20app.db", "my app.db"},
        {"sqlite:a#b.db", "a#b.db"},
        {"sqlite:100%25.db", "100%.db"},
        {"  sqlite:app.db\n", "app.db"},
        {"sqlite:\xc3\xa4.db", "\xc3\xa4.db"},
        {"sqlite:///C:/x/app.db", "C:/x/app.db"},
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        WB_SCRATCH(arena);
        wb_url url;
        wb_error err;
        if (!wb_url_parse(forms[i].text, arena, &url, &err))
            fail_msg("%s: %s", forms[i].text, err.message);
        assert_int_equal(url.engine, WB_ENGINE_SQLITE);
        assert_string_equal(url.database, forms[i].path);
        assert_null(url.host);
    }
}

static void translates_the_parameters_of_sqlite(void **state)
{
    (void) state;
    static const good urls[] = {
        {.text = "sqlite:a.db?mode=ro&cache=private",
         .database = "a.db",
         .parameters = "mode=ro;cache=private"},
        {.text = "sqlite:a.db?timeout=1500&check_same_thread=false",
         .database = "a.db",
         .parameters = "timeout=1500"},
        {.text = "sqlite+pysqlite:///a.db?timeout=1.5",
         .database = "a.db",
         .parameters = "timeout=1500"},
        {.text = "sqlite+aiosqlite:///a.db?timeout=30",
         .database = "a.db",
         .parameters = "timeout=30000"},
        {.text = "file:a.db?_busy_timeout=70&_foreign_keys=1&_journal_mode=WAL",
         .database = "a.db",
         .parameters = "timeout=70"},
        {.text = "sqlite:a.db?immutable=1&nolock=0&vfs=unix-none",
         .database = "a.db",
         .parameters = "immutable=true;nolock=false;vfs=unix-none"},
        {.text = "file:x?mode=memory&cache=shared",
         .database = ":memory:",
         .parameters = "cache=shared"},
        {.text = "sqlite:a.db?", .database = "a.db"},
        {.text = "sqlite:a.db?&mode=&", .database = "a.db"},
    };
    CHECK_ALL(urls);
}

static void reads_the_parts_of_a_postgres_url(void **state)
{
    (void) state;
    static const good urls[] = {
        {"postgresql://bob:s3@db.example:5433/app", "postgresql://bob:***@db.example:5433/app",
         WB_ENGINE_POSTGRES, "bob", "s3", "db.example", "5433", "app", NULL, NULL},
        {"postgres://bob@db/app", NULL, WB_ENGINE_POSTGRES, "bob", NULL, "db", NULL, "app", NULL,
         NULL},
        {"POSTGRES://db", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "db", NULL, NULL, NULL, NULL},
        {"postgresql://", NULL, WB_ENGINE_POSTGRES, NULL, NULL, NULL, NULL, NULL, NULL, NULL},
        {"postgresql:///app", NULL, WB_ENGINE_POSTGRES, NULL, NULL, NULL, NULL, "app", NULL, NULL},
        {"postgresql://:5433/app", NULL, WB_ENGINE_POSTGRES, NULL, NULL, NULL, "5433", "app", NULL,
         NULL},
        {"postgresql://u@", NULL, WB_ENGINE_POSTGRES, "u", NULL, NULL, NULL, NULL, NULL, NULL},
        {"postgresql://u:@h/d", NULL, WB_ENGINE_POSTGRES, "u", "", "h", NULL, "d", NULL, NULL},
        {"postgresql://:pw@h/d", "postgresql://:***@h/d", WB_ENGINE_POSTGRES, NULL, "pw", "h", NULL,
         "d", NULL, NULL},
        {"postgresql+asyncpg://u:p%40ss%2F@h/d", "postgresql+asyncpg://u:***@h/d",
         WB_ENGINE_POSTGRES, "u", "p@ss/", "h", NULL, "d", NULL, NULL},
        {"postgresql+psycopg2://h/d", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "h", NULL, "d", NULL,
         NULL},
        {"postgresql+psycopg://h/d", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "h", NULL, "d", NULL,
         NULL},
        {"postgresql+pg8000://h/d", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "h", NULL, "d", NULL,
         NULL},
        {"jdbc:postgresql://h:5432/d?user=u&password=geheim",
         "jdbc:postgresql://h:5432/d?user=u&password=***", WB_ENGINE_POSTGRES, "u", "geheim", "h",
         "5432", "d", NULL, NULL},
        {"postgresql://[::1]/d", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "::1", NULL, "d", NULL,
         NULL},
        {"postgresql://u@[fe80::1%25eth0]:5433/d", NULL, WB_ENGINE_POSTGRES, "u", NULL,
         "fe80::1%eth0", "5433", "d", NULL, NULL},
        {"postgresql://h/my%20db", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "h", NULL, "my db", NULL,
         NULL},
        {"postgresql://h/%C3%A4", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "h", NULL, "\xc3\xa4", NULL,
         NULL},
        {"postgresql://u:%E4@h/d", "postgresql://u:***@h/d", WB_ENGINE_POSTGRES, "u", "\xe4", "h",
         NULL, "d", NULL, NULL},
        {"postgresql://u:a+b c@h/d", "postgresql://u:***@h/d", WB_ENGINE_POSTGRES, "u", "a+b c",
         "h", NULL, "d", NULL, NULL},
    };
    CHECK_ALL(urls);
}

static void finds_the_password_that_was_not_encoded(void **state)
{
    (void) state;
    static const good urls[] = {
        {"postgresql://u:p@ss@h/d", "postgresql://u:***@h/d", WB_ENGINE_POSTGRES, "u", "p@ss", "h",
         NULL, "d", NULL, NULL},
        {"postgresql://u:p:s@h/d", "postgresql://u:***@h/d", WB_ENGINE_POSTGRES, "u", "p:s", "h",
         NULL, "d", NULL, NULL},
        {"postgresql://u:pa/ss@h/d", "postgresql://u:***@h/d", WB_ENGINE_POSTGRES, "u", "pa/ss",
         "h", NULL, "d", NULL, NULL},
        {"postgresql://u:pa?ss@h/d?sslmode=require", "postgresql://u:***@h/d?sslmode=require",
         WB_ENGINE_POSTGRES, "u", "pa?ss", "h", NULL, "d", "sslmode=require", NULL},
        {"postgresql://u:#1@h:1/d", "postgresql://u:***@h:1/d", WB_ENGINE_POSTGRES, "u", "#1", "h",
         "1", "d", NULL, NULL},
        {"postgresql://h:5432/d?application_name=a@b", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "h",
         "5432", "d", "application_name=a@b", NULL},
        {"postgresql://a:1,b:2/d?user=me@corp", NULL, WB_ENGINE_POSTGRES, "me@corp", NULL, "a,b",
         "1,2", "d", NULL, NULL},
        {"postgresql://[::1]:5432/d?application_name=a@b", NULL, WB_ENGINE_POSTGRES, NULL, NULL,
         "::1", "5432", "d", "application_name=a@b", NULL},
    };
    CHECK_ALL(urls);
}

static void reads_several_hosts_with_a_port_for_each(void **state)
{
    (void) state;
    static const good urls[] = {
        {"postgresql://h1:1,h2:2/d?target_session_attrs=read-write", NULL, WB_ENGINE_POSTGRES, NULL,
         NULL, "h1,h2", "1,2", "d", "target_session_attrs=read-write", NULL},
        {"postgresql://h1,h2:2,h3/d", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "h1,h2,h3", ",2,", "d",
         NULL, NULL},
        {"postgresql://h1,h2:2/d?application_name=a@b", NULL, WB_ENGINE_POSTGRES, NULL, NULL,
         "h1,h2", ",2", "d", "application_name=a@b", NULL},
        {"postgresql://h1,h2/d", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "h1,h2", NULL, "d", NULL,
         NULL},
        {"postgresql://u:p@[::1]:1,h2:2/d", "postgresql://u:***@[::1]:1,h2:2/d", WB_ENGINE_POSTGRES,
         "u", "p", "::1,h2", "1,2", "d", NULL, NULL},
        {"postgresql:///d?host=a,b&port=1,2", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "a,b", "1,2",
         "d", NULL, NULL},
        {"postgresql:///d?host=a,b&port=7", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "a,b", "7,7", "d",
         NULL, NULL},
        {"postgresql+psycopg2://u:p@/d?host=A:1&host=B:2&host=C",
         "postgresql+psycopg2://u:***@/d?host=A:1&host=B:2&host=C", WB_ENGINE_POSTGRES, "u", "p",
         "A,B,C", "1,2,", "d", NULL, NULL},
        {"postgresql://h/d?host=::1", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "::1", NULL, "d", NULL,
         NULL},
        {"postgresql://h/d?host=[::1]:99", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "::1", "99", "d",
         NULL, NULL},
    };
    CHECK_ALL(urls);
}

static void finds_unix_sockets(void **state)
{
    (void) state;
    static const good urls[] = {
        {"postgresql:///d?host=/var/run/postgresql", NULL, WB_ENGINE_POSTGRES, NULL, NULL,
         "/var/run/postgresql", NULL, "d", NULL, NULL},
        {"postgresql://%2Fvar%2Frun/d", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "/var/run", NULL, "d",
         NULL, NULL},
        {"postgresql://u@localhost:5433/d?host=/tmp", NULL, WB_ENGINE_POSTGRES, "u", NULL, "/tmp",
         "5433", "d", NULL, NULL},
        {"postgresql://u:p@/d?host=/cloudsql/a:b:c", "postgresql://u:***@/d?host=/cloudsql/a:b:c",
         WB_ENGINE_POSTGRES, "u", "p", "/cloudsql/a:b:c", NULL, "d", NULL, NULL},
        {"mysql://u@localhost/d?unix_socket=/run/m.sock", NULL, WB_ENGINE_MARIADB, "u", NULL,
         "localhost", NULL, "d", NULL, "/run/m.sock"},
        {"mariadb:///d?socket=/run/m.sock", NULL, WB_ENGINE_MARIADB, NULL, NULL, NULL, NULL, "d",
         NULL, "/run/m.sock"},
        {"mysql://u@%2Frun%2Fm.sock/d", NULL, WB_ENGINE_MARIADB, "u", NULL, NULL, NULL, "d", NULL,
         "/run/m.sock"},
    };
    CHECK_ALL(urls);
}

static void translates_the_parameters_of_postgres(void **state)
{
    (void) state;
    static const struct {
        const char *query;
        const char *parameters;
    } cases[] = {
        {"sslmode=verify-full&sslrootcert=/ca.pem&sslcert=c&sslkey=k",
         "sslmode=verify-full;sslrootcert=/ca.pem;sslcert=c;sslkey=k"},
        {"ssl=require", "sslmode=require"},
        {"ssl=true", "sslmode=require"},
        {"ssl", "sslmode=require"},
        {"ssl=verify-full&sslmode=verify-full", "sslmode=verify-full"},
        {"ssl=true&sslmode=verify-full", "sslmode=verify-full"},
        {"sslmode=verify-full&ssl=true", "sslmode=verify-full"},
        {"sslmode=no-verify", "sslmode=require"},
        {"ssl=0", "sslmode=disable"},
        {"channel_binding=require&sslmode=require", "channel_binding=require;sslmode=require"},
        {"connect_timeout=10&application_name=my%20app",
         "connect_timeout=10;application_name=my app"},
        {"ApplicationName=x&targetServerType=primary",
         "application_name=x;target_session_attrs=primary"},
        {"search_path=a,b", "options=-c search_path=a,b"},
        {"search_path=a,%20b", "options=-c search_path=a,\\ b"},
        {"currentSchema=a", "options=-c search_path=a"},
        {"schema=public", "options=-c search_path=public"},
        {"schema=My%22Own", "options=-c search_path=\"My\"\"Own\""},
        {"options=-c%20geqo=off&search_path=a&statement_timeout=5s",
         "options=-c geqo=off -c search_path=a -c statement_timeout=5s"},
        {"sslmode=require&options=-cgeqo%3Doff&schema=1st",
         "sslmode=require;options=-cgeqo=off -c search_path=\"1st\""},
        {"sslmode=require&sslmode=require", "sslmode=require"},
        {"client_encoding=UTF-8", "client_encoding=UTF8"},
        {"prepared_statement_cache_size=0&statement_cache_size=0&pgbouncer=true", NULL},
        {"connection_limit=5&pool_timeout=2&async_fallback=True", NULL},
        {"x-migrations-table=schema_migrations", NULL},
        {"passfile=/home/me/.pgpass", "passfile=/home/me/.pgpass"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        const char *text = wb_arena_printf(arena, "postgresql://h/d?%s", cases[i].query);
        good expected = {.text = text,
                         .engine = WB_ENGINE_POSTGRES,
                         .host = "h",
                         .database = "d",
                         .parameters = cases[i].parameters};
        check_good(&expected);
    }
}

static void translates_the_parameters_of_mariadb(void **state)
{
    (void) state;
    static const struct {
        const char *query;
        const char *parameters;
    } cases[] = {
        {"ssl_ca=/ca.pem&ssl_cert=c&ssl_key=k&ssl_verify_cert=true",
         "ssl_ca=/ca.pem;ssl_cert=c;ssl_key=k;ssl_verify_cert=true"},
        {"ssl-mode=REQUIRED", "ssl_mode=required"},
        {"ssl_mode=VERIFY_IDENTITY", "ssl_mode=verify_identity"},
        {"sslMode=verify-full", "ssl_mode=verify_identity"},
        {"ssl=true", "ssl_mode=required"},
        {"tls=skip-verify", "ssl_mode=required"},
        {"useSSL=false", "ssl_mode=disabled"},
        {"useSSL=true&requireSSL=false", "ssl_mode=required"},
        {"useSSL=true&sslMode=VERIFY_CA", "ssl_mode=verify_ca"},
        {"sslaccept=strict", "ssl_mode=verify_identity"},
        {"ssl_verify_identity=true", "ssl_mode=verify_identity"},
        {"ssl_verify_identity=false", NULL},
        {"charset=utf8mb4", "charset=utf8mb4"},
        {"charset=utf8", "charset=utf8mb4"},
        {"connect_timeout=3", "connect_timeout=3"},
        {"connectTimeout=2500", "connect_timeout=3"},
        {"parseTime=true&loc=Local&multiStatements=true", NULL},
        {"serverVersion=10.11.2-MariaDB", NULL},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        const char *text = wb_arena_printf(arena, "mysql+pymysql://h/d?%s", cases[i].query);
        good expected = {.text = text,
                         .engine = WB_ENGINE_MARIADB,
                         .host = "h",
                         .database = "d",
                         .parameters = cases[i].parameters};
        check_good(&expected);
    }
}

static void knows_the_schemes_of_other_stacks(void **state)
{
    (void) state;
    static const struct {
        const char *scheme;
        wb_engine engine;
    } schemes[] = {
        {"postgres", WB_ENGINE_POSTGRES},
        {"pgsql", WB_ENGINE_POSTGRES},
        {"postgis", WB_ENGINE_POSTGRES},
        {"pgx5", WB_ENGINE_POSTGRES},
        {"postgresql+psycopg2cffi", WB_ENGINE_POSTGRES},
        {"mysql", WB_ENGINE_MARIADB},
        {"mysql2", WB_ENGINE_MARIADB},
        {"mysql+pymysql", WB_ENGINE_MARIADB},
        {"mysql+aiomysql", WB_ENGINE_MARIADB},
        {"mariadb", WB_ENGINE_MARIADB},
        {"mariadb+mariadbconnector", WB_ENGINE_MARIADB},
        {"jdbc:mariadb", WB_ENGINE_MARIADB},
    };
    for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        WB_SCRATCH(arena);
        const char *text = wb_arena_printf(arena, "%s://u@h:3/d", schemes[i].scheme);
        good expected = {.text = text,
                         .engine = schemes[i].engine,
                         .user = "u",
                         .host = "h",
                         .ports = "3",
                         .database = "d"};
        check_good(&expected);
    }
}

static void reads_the_keyword_form_with_its_quoting(void **state)
{
    (void) state;
    static const good urls[] = {
        {"host=/run/postgresql dbname='my db' user=x password=geheim",
         "host=/run/postgresql dbname='my db' user=x password=***", WB_ENGINE_POSTGRES, "x",
         "geheim", "/run/postgresql", NULL, "my db", NULL, NULL},
        {"dbname = d password = 'it\\'s \\\\ a b' sslmode=require",
         "dbname = d password = *** sslmode=require", WB_ENGINE_POSTGRES, NULL, "it's \\ a b", NULL,
         NULL, "d", "sslmode=require", NULL},
        {"password=a\\ b host=h", "password=*** host=h", WB_ENGINE_POSTGRES, NULL, "a b", "h", NULL,
         NULL, NULL, NULL},
        {"host=a,b port=1,2 dbname=d", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "a,b", "1,2", "d",
         NULL, NULL},
        {"host=a,b port=5", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "a,b", "5,5", NULL, NULL, NULL},
        {"host=::1 user=''", NULL, WB_ENGINE_POSTGRES, NULL, NULL, "::1", NULL, NULL, NULL, NULL},
        {"password=100% host=h", "password=*** host=h", WB_ENGINE_POSTGRES, NULL, "100%", "h", NULL,
         NULL, NULL, NULL},
        {"sslpassword=k host=h", "sslpassword=*** host=h", WB_ENGINE_POSTGRES, NULL, NULL, "h",
         NULL, NULL, "sslpassword=k", NULL},
    };
    CHECK_ALL(urls);
}

static void refuses_what_it_cannot_read_and_says_why(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *message; /* a part of it */
        const char *hint;    /* a part of it; NULL: not looked at */
    } cases[] = {
        {"", "empty", "sqlite:app.db"},
        {"   \n", "empty", NULL},
        {"app.db", "\"app.db\" is a path", "sqlite:app.db"},
        {"./data/app.sqlite3", "is a path", "sqlite:./data/app.sqlite3"},
        {":memory:", "is a path", "sqlite::memory:"},
        {"C:\\data\\app.db", "is a path", NULL},
        {"C://data/app.db", "is a path", NULL},
        {"hello", "no scheme", NULL},
        {"\"postgresql://h/d\"", "begins with a quote", "docker"},
        {"postgrsql://h/d", "\"postgrsql\" is not known", "\"postgresql\""},
        {"mongodb://h/d", "\"mongodb\" is not known", "SQLite, PostgreSQL"},
        {"postgresql:h/d", "lacks \"//\"", NULL},
        {"mysql:host=h;dbname=d", "lacks \"//\"", NULL},
        {"sqlite:", "lacks the path", "sqlite::memory:"},
        {"file:", "lacks the path", NULL},
        {"file:?mode=ro", "lacks the path", NULL},
        {"sqlite:folder/", "ends with \"/\"", NULL},
        {"sqlite:~/app.db", "\"~\"", "${HOME}"},
        {"sqlite://u@h/app.db", "no user and no host", NULL},
        {"sqlite://localhost/app.db", "no user and no host", NULL},
        {"file://host/app.db", "names a host", NULL},
        {"sqlite:a%zz.db", "two hex digits", "%25"},
        {"sqlite:a%2", "two hex digits", NULL},
        {"sqlite:a%", "two hex digits", NULL},
        {"sqlite:a%00.db", "zero byte", NULL},
        {"sqlite:a%ff.db", "not valid UTF-8", NULL},
        {"sqlite:\xff.db", "not valid UTF-8", NULL},
        {"sqlite:a\tb.db", "control character", NULL},
        {"sqlite:a.db?mode=readonly", "\"mode\" is not one of", "ro, rw, rwc"},
        {"sqlite:a.db?moode=ro", "\"moode\" is not known for SQLite", "\"mode\""},
        {"sqlite:a.db?timeout=5s", "\"timeout\"", NULL},
        {"sqlite+pysqlite:///a.db?timeout=1.x", "\"timeout\"", NULL},
        {"sqlite:a.db?=ro", "no name", NULL},
        {"sqlite:a.db?mode=ro&mode=rw", "\"mode\" contradicts", NULL},
        {"postgresql://h:0/d", "port", NULL},
        {"postgresql://h:65536/d", "port", NULL},
        {"postgresql://h:5432x/d", "port", NULL},
        {"postgresql://::1/d", "port", "brackets"},
        {"postgresql://[::1/d", "brackets", NULL},
        {"postgresql://[]/d", "brackets", NULL},
        {"postgresql://[::1]x/d", "behind the brackets", NULL},
        {"postgresql://h%20x/d", "host", NULL},
        {"postgresql://h/d/e", "\"/\"", "%2F"},
        {"postgresql://h/d/", "\"/\"", NULL},
        {"postgresql://h/d#x", "\"#\"", "%23"},
        {"postgresql://h/d?sslmode=requir", "\"sslmode\"", "verify-full"},
        {"postgresql://h/d?sslmod=require", "\"sslmod\" is not known for PostgreSQL",
         "\"sslmode\""},
        {"postgresql://h/d?sslmode=require&ssl=disable", "\"ssl\" contradicts", "\"sslmode\""},
        {"mysql://h/d?ssl=true&useSSL=false", "\"useSSL\" contradicts", "\"ssl_mode\""},
        {"postgresql://h/d?connect_timeout=soon", "\"connect_timeout\" is not a whole number",
         NULL},
        {"postgresql://h/d?client_encoding=latin1", "\"client_encoding\"", NULL},
        {"postgresql://h/d?port=1,2,3", "3 ports for 1 hosts", NULL},
        {"postgresql://h/d?port=x", "\"port\"", NULL},
        {"postgresql://h/d?password", "\"password\" is not given a value", NULL},
        {"postgresql://h/d?host=a:b", "65535", NULL},
        {"postgresql://h/d?host=a%20b", "no host name", NULL},
        {"postgresql://u%zz@h/d", "the user name has a", "%25"},
        {"postgresql://h/%zz", "the database name has a", NULL},
        {"postgresql://h/d?%zz=a", "the name of a parameter has a", NULL},
        {"postgresql://u:1/2@h/d", "not clear where the password ends", "%2F"},
        {"postgresql://u:a/b@c@h/d", "not clear where the password ends", "%40"},
        {"mysql://a,b/d", "several hosts", NULL},
        {"mysql://u:p@tcp(h:3306)/d", "", NULL},
        {"mysql://h/d?ssl_mode=maybe", "\"ssl_mode\"", NULL},
        {"mysql://h/d?init_command=x", "not known for MariaDB", NULL},
        {"host=h dbname", "keyword=value is expected", NULL},
        {"host=h dbname='x", "quote is not closed", NULL},
        {"hots=h", "\"hots\" is not known", "\"host\""},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_url url;
        wb_error err = {0};
        if (wb_url_parse(cases[i].text, arena, &url, &err))
            fail_msg("accepted: %s", cases[i].text);
        assert_int_equal(err.status, WB_E_CONFIG);
        if (strstr(err.message, cases[i].message) == NULL)
            fail_msg("%s: %s", cases[i].text, err.message);
        if (cases[i].hint != NULL && strstr(err.hint, cases[i].hint) == NULL)
            fail_msg("%s: %s", cases[i].text, err.hint);
    }
}

static void tells_at_which_character_the_fault_is(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    wb_url url;
    wb_error err;
    assert_false(wb_url_parse("sqlite:\xc3\xa4%zz.db", arena, &url, &err));
    assert_non_null(strstr(err.message, "(character 9 of the URL)"));
}

static void never_quotes_a_secret_in_an_error(void **state)
{
    (void) state;
    static const char *const urls[] = {
        "postgres://u:GEHEIM",
        "postgres://u:GEHEIM/d",
        "postgres://u:GEHEIM?x/d",
        "postgres://u:1/GEHEIM@h/d",
        "postgres://u:1?GEHEIM=x@h/d",
        "postgres://u:a@b/GEHEIM@h/d@x",
        "postgres://u:a/GEHEIM@b@h/d",
        "postgres://u:GEHEIM%zz@h/d",
        "postgres://u:GEHEIM@h:x/d",
        "postgres://u:GEHEIM@h/d?sslmode=x",
        "postgres://u:GEHEIM@h/d?sslmod=x",
        "postgres://u:GEHEIM@h h/d",
        "postgres://h/d?pasword=GEHEIM",
        "postgres://h/d?password=GEHEIM%",
        "postgres://h/d?sslpassword=GEHEIM&sslpassword=GEHEIM2",
        "postgrsql://u:GEHEIM@h/d",
        "u:GEHEIM@tcp(h:3306)/d",
        "u:GEHEIM@h/app.db",
        "Server=h;Password=GEHEIM",
        "mysql:host=h;password=GEHEIM",
        "mysql://u:GEHEIM@tcp(h:3306)/d",
        "sqlite://u:GEHEIM@h/app.db",
        "host=h password='GEHEIM",
        "password=a GEHEIM=x host=h",
        "password=a GEHEIM",
        "host=h pasword=GEHEIM",
        "'postgres://u:GEHEIM@h/d'",
    };
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        WB_SCRATCH(arena);
        wb_url url;
        wb_error err = {0};
        if (wb_url_parse(urls[i], arena, &url, &err))
            fail_msg("accepted: %s", urls[i]);
        if (strstr(err.message, "GEHEIM") != NULL || strstr(err.detail, "GEHEIM") != NULL ||
            strstr(err.hint, "GEHEIM") != NULL || strstr(err.excerpt, "GEHEIM") != NULL)
            fail_msg("%s: %s %s", urls[i], err.message, err.hint);
    }
}

static void reads_no_further_than_a_sane_length(void **state)
{
    (void) state;
    WB_SCRATCH(arena);
    char *text = wb_arena_alloc(arena, 40001);
    memset(text, 'a', 40000);
    memcpy(text, "sqlite:", 7);
    text[40000] = '\0';
    wb_url url;
    wb_error err;
    assert_false(wb_url_parse(text, arena, &url, &err));
    text[30000] = '\0';
    assert_true(wb_url_parse(text, arena, &url, &err));
}

static void moves_relative_sqlite_paths_into_a_folder(void **state)
{
    (void) state;
    static const struct {
        const char *text;
        const char *resolved;
    } cases[] = {
        {"sqlite:app.db", "sqlite:/srv/app.db"},
        {"sqlite:///app.db", "sqlite:/srv/app.db"},
        {"sqlite+aiosqlite:///./x.db?timeout=2", "sqlite+aiosqlite:/srv/./x.db?timeout=2"},
        {"file:a b%25.db", "file:/srv/a%20b%25.db"},
        {"sqlite:////abs/app.db", "sqlite:////abs/app.db"},
        {"sqlite::memory:", "sqlite::memory:"},
        {"sqlite://", "sqlite://"},
        {"sqlite:x?mode=memory", "sqlite:x?mode=memory"},
        {"postgresql://h/d", "postgresql://h/d"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        WB_SCRATCH(arena);
        wb_error err;
        const char *resolved = NULL;
        assert_true(wb_url_resolve(cases[i].text, "/srv", arena, &resolved, &err));
        assert_string_equal(resolved, cases[i].resolved);
        wb_url url;
        assert_true(wb_url_parse(resolved, arena, &url, &err));
    }
    WB_SCRATCH(arena);
    wb_error err;
    const char *resolved = NULL;
    assert_true(wb_url_resolve("sqlite:app.db", ".", arena, &resolved, &err));
    assert_string_equal(resolved, "sqlite:app.db");
    assert_true(wb_url_resolve("sqlite:app.db", "/", arena, &resolved, &err));
    assert_string_equal(resolved, "sqlite:/app.db");
    assert_false(wb_url_resolve("app.db", "/srv", arena, &resolved, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_path_of_every_sqlite_form),
        cmocka_unit_test(translates_the_parameters_of_sqlite),
        cmocka_unit_test(reads_the_parts_of_a_postgres_url),
        cmocka_unit_test(finds_the_password_that_was_not_encoded),
        cmocka_unit_test(reads_several_hosts_with_a_port_for_each),
        cmocka_unit_test(finds_unix_sockets),
        cmocka_unit_test(translates_the_parameters_of_postgres),
        cmocka_unit_test(translates_the_parameters_of_mariadb),
        cmocka_unit_test(knows_the_schemes_of_other_stacks),
        cmocka_unit_test(reads_the_keyword_form_with_its_quoting),
        cmocka_unit_test(refuses_what_it_cannot_read_and_says_why),
        cmocka_unit_test(tells_at_which_character_the_fault_is),
        cmocka_unit_test(never_quotes_a_secret_in_an_error),
        cmocka_unit_test(reads_no_further_than_a_sane_length),
        cmocka_unit_test(moves_relative_sqlite_paths_into_a_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
