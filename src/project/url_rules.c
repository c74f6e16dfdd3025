/* Every parameter that a stack is known to write, what the driver calls it, and what becomes of its
 * value. What only tunes the pool or the cache of another program is ignored; what is in no table
 * is an error, since a misspelt sslmode must not pass in silence. */
#include "project/url_rules.h"

#include "base/str.h"

/* Whether to verify the server or just to encrypt is worth a word of its own, so "true" promises no
 * more than encryption. */
static const wb_url_choice pg_sslmode[] = {
    {"disable", "disable", false},     {"allow", "allow", false},
    {"prefer", "prefer", false},       {"require", "require", false},
    {"verify-ca", "verify-ca", false}, {"verify-full", "verify-full", false},
    {"no-verify", "require", false},   {NULL, NULL, false},
};
static const wb_url_choice pg_ssl[] = {
    {"disable", "disable", false},
    {"allow", "allow", false},
    {"prefer", "prefer", false},
    {"require", "require", false},
    {"verify-ca", "verify-ca", false},
    {"verify-full", "verify-full", false},
    {"no-verify", "require", false},
    {"true", "require", true},
    {"1", "require", true},
    {"on", "require", true},
    {"false", "disable", true},
    {"0", "disable", true},
    {"off", "disable", true},
    {NULL, NULL, false},
};
static const wb_url_choice pg_sslaccept[] = {
    {"strict", "verify-full", false},
    {"accept_invalid_certs", "require", false},
    {NULL, NULL, false},
};
static const wb_url_choice pg_session[] = {
    {"any", "any", false},
    {"read-write", "read-write", false},
    {"read-only", "read-only", false},
    {"primary", "primary", false},
    {"standby", "standby", false},
    {"prefer-standby", "prefer-standby", false},
    {"master", "primary", false},
    {"secondary", "standby", false},
    {"slave", "standby", false},
    {"preferSecondary", "prefer-standby", false},
    {NULL, NULL, false},
};
static const wb_url_choice pg_encoding[] = {
    {"utf8", "UTF8", false},  {"unicode", "UTF8", false}, {"auto", "UTF8", false},
    {"utf_8", "UTF8", false}, {NULL, NULL, false},
};
static const wb_url_choice my_ssl_mode[] = {
    {"disabled", "disabled", false},
    {"disable", "disabled", false},
    {"preferred", "preferred", false},
    {"prefer", "preferred", false},
    {"required", "required", false},
    {"require", "required", false},
    {"trust", "required", false},
    {"skip_verify", "required", false},
    {"verify_ca", "verify_ca", false},
    {"verify_identity", "verify_identity", false},
    {"verify_full", "verify_identity", false},
    {"true", "required", true},
    {"1", "required", true},
    {"on", "required", true},
    {"false", "disabled", true},
    {"0", "disabled", true},
    {"off", "disabled", true},
    {NULL, NULL, false},
};
static const wb_url_choice my_require[] = {
    {"true", "required", false}, {"1", "required", false}, {"false", NULL, false},
    {"0", NULL, false},          {NULL, NULL, false},
};
static const wb_url_choice my_sslaccept[] = {
    {"strict", "verify_identity", false},
    {"accept_invalid_certs", "required", false},
    {NULL, NULL, false},
};
static const wb_url_choice my_identity[] = {
    {"true", "verify_identity", false},
    {"1", "verify_identity", false},
    {"on", "verify_identity", false},
    {"false", NULL, false},
    {"0", NULL, false},
    {"off", NULL, false},
    {NULL, NULL, false},
};
static const wb_url_choice my_charset[] = {
    {"utf8mb4", "utf8mb4", false}, {"utf8", "utf8mb4", false}, {"utf8mb3", "utf8mb4", false},
    {"utf_8", "utf8mb4", false},   {NULL, NULL, false},
};
static const wb_url_choice booleans[] = {
    {"true", "true", false}, {"1", "true", false},      {"on", "true", false},
    {"yes", "true", false},  {"false", "false", false}, {"0", "false", false},
    {"off", "false", false}, {"no", "false", false},    {NULL, NULL, false},
};
static const wb_url_choice sqlite_mode[] = {
    {"ro", "ro", false},         {"rw", "rw", false}, {"rwc", "rwc", false},
    {"memory", "memory", false}, {NULL, NULL, false},
};
static const wb_url_choice sqlite_cache[] = {
    {"shared", "shared", false}, {"private", "private", false}, {NULL, NULL, false}};

static const wb_url_rule sqlite_rules[] = {
    {"mode", "mode", WB_URL_CHOICE, sqlite_mode},
    {"cache", "cache", WB_URL_CHOICE, sqlite_cache},
    {"immutable", "immutable", WB_URL_CHOICE, booleans},
    {"nolock", "nolock", WB_URL_CHOICE, booleans},
    {"vfs", "vfs", WB_URL_PASS, NULL},
    {"timeout", "timeout", WB_URL_BUSY, NULL},
    {"busy_timeout", "timeout", WB_URL_COUNT, NULL},
    {"_busy_timeout", "timeout", WB_URL_COUNT, NULL},
    {"_timeout", "timeout", WB_URL_COUNT, NULL},
    {"uri", NULL, WB_URL_IGNORE, NULL},
    {"check_same_thread", NULL, WB_URL_IGNORE, NULL},
    {"isolation_level", NULL, WB_URL_IGNORE, NULL},
    {"detect_types", NULL, WB_URL_IGNORE, NULL},
    {"cached_statements", NULL, WB_URL_IGNORE, NULL},
    {"connection_limit", NULL, WB_URL_IGNORE, NULL},
    {"pool", NULL, WB_URL_IGNORE, NULL},
    {"poolclass", NULL, WB_URL_IGNORE, NULL},
    {"psow", NULL, WB_URL_IGNORE, NULL},
    {"native_datetime", NULL, WB_URL_IGNORE, NULL},
    {"serverVersion", NULL, WB_URL_IGNORE, NULL},
    {"socket_timeout", NULL, WB_URL_IGNORE, NULL},
    {"_foreign_keys", NULL, WB_URL_IGNORE, NULL},
    {"_fk", NULL, WB_URL_IGNORE, NULL},
    {"_journal_mode", NULL, WB_URL_IGNORE, NULL},
    {"_journal", NULL, WB_URL_IGNORE, NULL},
    {"_synchronous", NULL, WB_URL_IGNORE, NULL},
    {"_sync", NULL, WB_URL_IGNORE, NULL},
    {"_txlock", NULL, WB_URL_IGNORE, NULL},
    {"_loc", NULL, WB_URL_IGNORE, NULL},
    {"_mutex", NULL, WB_URL_IGNORE, NULL},
    {"_pragma", NULL, WB_URL_IGNORE, NULL},
    {"_time_format", NULL, WB_URL_IGNORE, NULL},
    {"_cache_size", NULL, WB_URL_IGNORE, NULL},
};

static const wb_url_rule postgres_rules[] = {
    {"host", NULL, WB_URL_HOST, NULL},
    {"port", NULL, WB_URL_PORT, NULL},
    {"user", NULL, WB_URL_USER, NULL},
    {"username", NULL, WB_URL_USER, NULL},
    {"password", NULL, WB_URL_PASSWORD, NULL},
    {"dbname", NULL, WB_URL_DATABASE, NULL},
    {"database", NULL, WB_URL_DATABASE, NULL},
    /* libpq's own */
    {"hostaddr", "hostaddr", WB_URL_PASS, NULL},
    {"passfile", "passfile", WB_URL_PASS, NULL},
    {"require_auth", "require_auth", WB_URL_PASS, NULL},
    {"channel_binding", "channel_binding", WB_URL_PASS, NULL},
    {"connect_timeout", "connect_timeout", WB_URL_COUNT, NULL},
    {"client_encoding", "client_encoding", WB_URL_CHOICE, pg_encoding},
    {"options", "options", WB_URL_PASS, NULL},
    {"application_name", "application_name", WB_URL_PASS, NULL},
    {"fallback_application_name", "fallback_application_name", WB_URL_PASS, NULL},
    {"keepalives", "keepalives", WB_URL_COUNT, NULL},
    {"keepalives_idle", "keepalives_idle", WB_URL_COUNT, NULL},
    {"keepalives_interval", "keepalives_interval", WB_URL_COUNT, NULL},
    {"keepalives_count", "keepalives_count", WB_URL_COUNT, NULL},
    {"tcp_user_timeout", "tcp_user_timeout", WB_URL_COUNT, NULL},
    {"gssencmode", "gssencmode", WB_URL_PASS, NULL},
    {"sslmode", "sslmode", WB_URL_CHOICE, pg_sslmode},
    {"sslnegotiation", "sslnegotiation", WB_URL_PASS, NULL},
    {"sslcompression", "sslcompression", WB_URL_COUNT, NULL},
    {"sslcert", "sslcert", WB_URL_PASS, NULL},
    {"sslkey", "sslkey", WB_URL_PASS, NULL},
    {"sslpassword", "sslpassword", WB_URL_PASS, NULL},
    {"sslcertmode", "sslcertmode", WB_URL_PASS, NULL},
    {"sslrootcert", "sslrootcert", WB_URL_PASS, NULL},
    {"sslcrl", "sslcrl", WB_URL_PASS, NULL},
    {"sslcrldir", "sslcrldir", WB_URL_PASS, NULL},
    {"sslsni", "sslsni", WB_URL_COUNT, NULL},
    {"requirepeer", "requirepeer", WB_URL_PASS, NULL},
    {"ssl_min_protocol_version", "ssl_min_protocol_version", WB_URL_PASS, NULL},
    {"ssl_max_protocol_version", "ssl_max_protocol_version", WB_URL_PASS, NULL},
    {"krbsrvname", "krbsrvname", WB_URL_PASS, NULL},
    {"gsslib", "gsslib", WB_URL_PASS, NULL},
    {"gssdelegation", "gssdelegation", WB_URL_PASS, NULL},
    {"service", "service", WB_URL_PASS, NULL},
    {"target_session_attrs", "target_session_attrs", WB_URL_CHOICE, pg_session},
    {"load_balance_hosts", "load_balance_hosts", WB_URL_PASS, NULL},
    /* what other stacks call the same */
    {"ssl", "sslmode", WB_URL_CHOICE, pg_ssl},
    {"sslaccept", "sslmode", WB_URL_CHOICE, pg_sslaccept},
    {"targetServerType", "target_session_attrs", WB_URL_CHOICE, pg_session},
    {"timeout", "connect_timeout", WB_URL_COUNT, NULL},
    {"connectTimeout", "connect_timeout", WB_URL_COUNT, NULL},
    {"loginTimeout", "connect_timeout", WB_URL_COUNT, NULL},
    {"ApplicationName", "application_name", WB_URL_PASS, NULL},
    {"encoding", "client_encoding", WB_URL_CHOICE, pg_encoding},
    {"charset", "client_encoding", WB_URL_CHOICE, pg_encoding},
    {"search_path", "search_path", WB_URL_OPTIONS, NULL},
    {"currentSchema", "search_path", WB_URL_OPTIONS, NULL},
    {"schema", "search_path", WB_URL_SCHEMA, NULL},
    {"statement_timeout", "statement_timeout", WB_URL_OPTIONS, NULL},
    {"lock_timeout", "lock_timeout", WB_URL_OPTIONS, NULL},
    {"idle_in_transaction_session_timeout", "idle_in_transaction_session_timeout", WB_URL_OPTIONS,
     NULL},
    {"timezone", "TimeZone", WB_URL_OPTIONS, NULL},
    {"role", "role", WB_URL_OPTIONS, NULL},
    /* pools and caches of other programs */
    {"async_fallback", NULL, WB_URL_IGNORE, NULL},
    {"autosave", NULL, WB_URL_IGNORE, NULL},
    {"binaryTransfer", NULL, WB_URL_IGNORE, NULL},
    {"command_timeout", NULL, WB_URL_IGNORE, NULL},
    {"conn_max_age", NULL, WB_URL_IGNORE, NULL},
    {"connection_limit", NULL, WB_URL_IGNORE, NULL},
    {"default_query_exec_mode", NULL, WB_URL_IGNORE, NULL},
    {"description_cache_capacity", NULL, WB_URL_IGNORE, NULL},
    {"jit", NULL, WB_URL_IGNORE, NULL},
    {"max_cacheable_statement_size", NULL, WB_URL_IGNORE, NULL},
    {"max_cached_statement_lifetime", NULL, WB_URL_IGNORE, NULL},
    {"max_overflow", NULL, WB_URL_IGNORE, NULL},
    {"pgbouncer", NULL, WB_URL_IGNORE, NULL},
    {"pool", NULL, WB_URL_IGNORE, NULL},
    {"pool_health_check_period", NULL, WB_URL_IGNORE, NULL},
    {"pool_max_conn_idle_time", NULL, WB_URL_IGNORE, NULL},
    {"pool_max_conn_lifetime", NULL, WB_URL_IGNORE, NULL},
    {"pool_max_conn_lifetime_jitter", NULL, WB_URL_IGNORE, NULL},
    {"pool_max_conns", NULL, WB_URL_IGNORE, NULL},
    {"pool_min_conns", NULL, WB_URL_IGNORE, NULL},
    {"pool_mode", NULL, WB_URL_IGNORE, NULL},
    {"pool_pre_ping", NULL, WB_URL_IGNORE, NULL},
    {"pool_recycle", NULL, WB_URL_IGNORE, NULL},
    {"pool_size", NULL, WB_URL_IGNORE, NULL},
    {"pool_timeout", NULL, WB_URL_IGNORE, NULL},
    {"prepare_threshold", NULL, WB_URL_IGNORE, NULL},
    {"prepareThreshold", NULL, WB_URL_IGNORE, NULL},
    {"prepared_statement_cache_size", NULL, WB_URL_IGNORE, NULL},
    {"prepared_statement_name_func", NULL, WB_URL_IGNORE, NULL},
    {"prepared_statements", NULL, WB_URL_IGNORE, NULL},
    {"preparedStatementCacheQueries", NULL, WB_URL_IGNORE, NULL},
    {"preferQueryMode", NULL, WB_URL_IGNORE, NULL},
    {"reWriteBatchedInserts", NULL, WB_URL_IGNORE, NULL},
    {"serverVersion", NULL, WB_URL_IGNORE, NULL},
    {"socketTimeout", NULL, WB_URL_IGNORE, NULL},
    {"socket_timeout", NULL, WB_URL_IGNORE, NULL},
    {"statement_cache_capacity", NULL, WB_URL_IGNORE, NULL},
    {"statement_cache_mode", NULL, WB_URL_IGNORE, NULL},
    {"statement_cache_size", NULL, WB_URL_IGNORE, NULL},
    {"stringtype", NULL, WB_URL_IGNORE, NULL},
    {"supa", NULL, WB_URL_IGNORE, NULL},
    {"tcpKeepAlive", NULL, WB_URL_IGNORE, NULL},
    {"tcp_keepalive", NULL, WB_URL_IGNORE, NULL},
    {"uselibpqcompat", NULL, WB_URL_IGNORE, NULL},
};

static const wb_url_rule mariadb_rules[] = {
    {"host", NULL, WB_URL_HOST, NULL},
    {"port", NULL, WB_URL_PORT, NULL},
    {"user", NULL, WB_URL_USER, NULL},
    {"username", NULL, WB_URL_USER, NULL},
    {"password", NULL, WB_URL_PASSWORD, NULL},
    {"passwd", NULL, WB_URL_PASSWORD, NULL},
    {"database", NULL, WB_URL_DATABASE, NULL},
    {"db", NULL, WB_URL_DATABASE, NULL},
    {"dbname", NULL, WB_URL_DATABASE, NULL},
    {"unix_socket", NULL, WB_URL_SOCKET, NULL},
    {"socket", NULL, WB_URL_SOCKET, NULL},
    {"socketPath", NULL, WB_URL_SOCKET, NULL},
    {"localSocket", NULL, WB_URL_SOCKET, NULL},
    {"ssl", "ssl_mode", WB_URL_CHOICE, my_ssl_mode},
    {"ssl_mode", "ssl_mode", WB_URL_CHOICE, my_ssl_mode},
    {"sslMode", "ssl_mode", WB_URL_CHOICE, my_ssl_mode},
    {"tls", "ssl_mode", WB_URL_CHOICE, my_ssl_mode},
    {"useSSL", "ssl_mode", WB_URL_CHOICE, my_ssl_mode},
    {"requireSSL", "ssl_mode", WB_URL_CHOICE, my_require},
    {"sslaccept", "ssl_mode", WB_URL_CHOICE, my_sslaccept},
    {"ssl_verify_identity", "ssl_mode", WB_URL_CHOICE, my_identity},
    {"ssl_check_hostname", "ssl_mode", WB_URL_CHOICE, my_identity},
    {"ssl_verify_cert", "ssl_verify_cert", WB_URL_CHOICE, booleans},
    {"ssl_verify_server_cert", "ssl_verify_cert", WB_URL_CHOICE, booleans},
    {"verifyServerCertificate", "ssl_verify_cert", WB_URL_CHOICE, booleans},
    {"ssl_ca", "ssl_ca", WB_URL_PASS, NULL},
    {"sslca", "ssl_ca", WB_URL_PASS, NULL},
    {"sslrootcert", "ssl_ca", WB_URL_PASS, NULL},
    {"serverSslCert", "ssl_ca", WB_URL_PASS, NULL},
    {"ssl_capath", "ssl_capath", WB_URL_PASS, NULL},
    {"sslcapath", "ssl_capath", WB_URL_PASS, NULL},
    {"ssl_cert", "ssl_cert", WB_URL_PASS, NULL},
    {"sslcert", "ssl_cert", WB_URL_PASS, NULL},
    {"ssl_key", "ssl_key", WB_URL_PASS, NULL},
    {"sslkey", "ssl_key", WB_URL_PASS, NULL},
    {"ssl_cipher", "ssl_cipher", WB_URL_PASS, NULL},
    {"sslcipher", "ssl_cipher", WB_URL_PASS, NULL},
    {"charset", "charset", WB_URL_CHOICE, my_charset},
    {"encoding", "charset", WB_URL_CHOICE, my_charset},
    {"characterEncoding", "charset", WB_URL_CHOICE, my_charset},
    {"connect_timeout", "connect_timeout", WB_URL_COUNT, NULL},
    {"connection_timeout", "connect_timeout", WB_URL_COUNT, NULL},
    {"connectTimeout", "connect_timeout", WB_URL_MILLIS, NULL},
    /* The habits of other programs. Their time limits for one statement are among them: a migration
     * may take longer than a request. */
    {"collation", NULL, WB_URL_IGNORE, NULL},
    {"compress", NULL, WB_URL_IGNORE, NULL},
    {"useCompression", NULL, WB_URL_IGNORE, NULL},
    {"read_timeout", NULL, WB_URL_IGNORE, NULL},
    {"write_timeout", NULL, WB_URL_IGNORE, NULL},
    {"allowMultiQueries", NULL, WB_URL_IGNORE, NULL},
    {"allowPublicKeyRetrieval", NULL, WB_URL_IGNORE, NULL},
    {"autocommit", NULL, WB_URL_IGNORE, NULL},
    {"autoReconnect", NULL, WB_URL_IGNORE, NULL},
    {"binary_prefix", NULL, WB_URL_IGNORE, NULL},
    {"cachePrepStmts", NULL, WB_URL_IGNORE, NULL},
    {"connection_limit", NULL, WB_URL_IGNORE, NULL},
    {"createDatabaseIfNotExist", NULL, WB_URL_IGNORE, NULL},
    {"loc", NULL, WB_URL_IGNORE, NULL},
    {"local_infile", NULL, WB_URL_IGNORE, NULL},
    {"max_overflow", NULL, WB_URL_IGNORE, NULL},
    {"maxsize", NULL, WB_URL_IGNORE, NULL},
    {"minsize", NULL, WB_URL_IGNORE, NULL},
    {"multiStatements", NULL, WB_URL_IGNORE, NULL},
    {"parseTime", NULL, WB_URL_IGNORE, NULL},
    {"pool", NULL, WB_URL_IGNORE, NULL},
    {"pool_pre_ping", NULL, WB_URL_IGNORE, NULL},
    {"pool_recycle", NULL, WB_URL_IGNORE, NULL},
    {"pool_size", NULL, WB_URL_IGNORE, NULL},
    {"pool_timeout", NULL, WB_URL_IGNORE, NULL},
    {"reconnect", NULL, WB_URL_IGNORE, NULL},
    {"rewriteBatchedStatements", NULL, WB_URL_IGNORE, NULL},
    {"serverTimezone", NULL, WB_URL_IGNORE, NULL},
    {"serverVersion", NULL, WB_URL_IGNORE, NULL},
    {"socket_timeout", NULL, WB_URL_IGNORE, NULL},
    {"statement_cache_capacity", NULL, WB_URL_IGNORE, NULL},
    {"statement_cache_size", NULL, WB_URL_IGNORE, NULL},
    {"use_unicode", NULL, WB_URL_IGNORE, NULL},
    {"useUnicode", NULL, WB_URL_IGNORE, NULL},
    {"zeroDateTimeBehavior", NULL, WB_URL_IGNORE, NULL},
};

#define RULE_SET(rules, engine)                               \
    {                                                         \
        (rules), sizeof(rules) / sizeof((rules)[0]), (engine) \
    }

static const wb_url_rule_set rule_sets[] = {
    [WB_ENGINE_SQLITE] = RULE_SET(sqlite_rules, "SQLite"),
    [WB_ENGINE_POSTGRES] = RULE_SET(postgres_rules, "PostgreSQL"),
    [WB_ENGINE_MARIADB] = RULE_SET(mariadb_rules, "MariaDB"),
};

const wb_url_rule_set *wb_url_rules(wb_engine engine)
{
    return &rule_sets[engine];
}

static char folded(char c)
{
    if (c == '-')
        return '_';
    return wb_to_lower(c);
}

bool wb_url_is_same_word(const char *a, const char *b)
{
    while (*a != '\0' && folded(*a) == folded(*b)) {
        a++;
        b++;
    }
    return *a == '\0' && *b == '\0';
}

/* connectTimeout and connect_timeout differ in their units, so '_' is never left out. */
const wb_url_rule *wb_url_find_rule(const wb_url_rule_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++) {
        if (wb_url_is_same_word(set->rules[i].name, name))
            return &set->rules[i];
    }
    return NULL;
}
