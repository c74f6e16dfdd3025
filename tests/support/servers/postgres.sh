#!/usr/bin/env bash
# A private PostgreSQL server for tests, on 127.0.0.1 and on a unix socket.
#
#   eval "$(postgres.sh start DIR)"   makes it where needed, starts it, waits until it answers
#   postgres.sh status DIR            prints the same lines; fails where the server does not run
#   postgres.sh stop DIR              stops it, keeps its data
#   postgres.sh crash DIR             kills it, as a power cut would
#   postgres.sh remove DIR            stops it and deletes all it had, and DIR
#
# Prints WB_TEST_POSTGRES_URL (TCP, with a password), WB_TEST_POSTGRES_SOCKET_URL (no password) and,
# where openssl is installed, WB_TEST_POSTGRES_CA, the authority of the server's certificate.
# WB_POSTGRES_BIN names the folder of another version's programs; WB_POSTGRES_CONF holds lines for
# postgresql.conf. Files are not synced: the data are as good as lost when the machine stops.

# shellcheck source=tests/support/servers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
readonly SERVER_USER=postgres PASSWORD=whimbrel

# Debian keeps the server's programs out of PATH, in a folder for each version.
find_programs() {
    local folder
    bin=${WB_POSTGRES_BIN:-}
    if [ -z "$bin" ]; then
        while read -r folder; do
            if [ -x "$folder/postgres" ]; then bin=$folder; fi
        done < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V)
    fi
    [ -x "$bin/initdb" ] || die "no PostgreSQL server is installed; apt-get install postgresql"
}

control() { run_as "$SERVER_USER" "$bin/pg_ctl" -D "$home/data" -s "$@" 9>&-; }

is_running() {
    find_programs
    [ -s "$home/port" ] && [ -s "$home/data/postmaster.pid" ] && control status >/dev/null 2>&1
}

initialise() {
    if [ -s "$home/data/PG_VERSION" ]; then return; fi
    printf '%s\n' "$PASSWORD" >"$home/password"
    rm -rf "$home/data"
    run_as "$SERVER_USER" "$bin/initdb" -D "$home/data" -U postgres --pwfile="$home/password" \
        --auth-local=trust --auth-host=scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync \
        >"$home/init.log" 2>&1 9>&- || die "initdb failed, see $home/init.log"
    printf "include = '%s'\n" "$home/test.conf" >>"$home/data/postgresql.conf"
}

# write_conf PORT
write_conf() {
    {
        cat <<CONF
listen_addresses = '127.0.0.1'
port = $1
unix_socket_directories = '$home'
max_connections = 100
max_prepared_transactions = 20
shared_buffers = 64MB
dynamic_shared_memory_type = mmap
fsync = off
synchronous_commit = off
full_page_writes = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %a: '
CONF
        if has_tls; then
            printf "ssl = on\nssl_cert_file = '%s'\nssl_key_file = '%s'\n" \
                "$home/tls/server.crt" "$home/tls/server.key"
        fi
        printf '%s\n' "${WB_POSTGRES_CONF:-}"
    } >"$home/test.conf"
}

start_server() {
    local try port
    find_programs
    make_certificates "$SERVER_USER"
    initialise
    for ((try = 0; try < PORT_TRIES; try++)); do
        port=$(next_port "$try")
        write_conf "$port"
        : >"$home/log"
        give_to "$SERVER_USER" "$home/log"
        if control -w -t "$START_SECONDS" -l "$home/log" start </dev/null >/dev/null 2>&1; then
            printf '%s\n' "$port" >"$home/port"
            return
        fi
        grep -q 'Address already in use' "$home/log" || break
    done
    tail -n 15 "$home/log" >&2
    die "PostgreSQL did not start"
}

# stop_server SIGNAL: an immediate stop is a crash, after which the next start recovers.
stop_server() {
    local mode=fast
    if [ "$1" = KILL ]; then mode=immediate; fi
    if is_running; then control -w -m "$mode" stop || die "PostgreSQL did not stop"; fi
}

report() {
    local port
    port=$(cat "$home/port")
    print_export WB_TEST_POSTGRES_URL "postgresql://postgres:$PASSWORD@127.0.0.1:$port/postgres"
    print_export WB_TEST_POSTGRES_SOCKET_URL \
        "postgresql://postgres@/postgres?host=$home&port=$port"
    if has_tls; then print_export WB_TEST_POSTGRES_CA "$home/tls/ca.crt"; fi
}

dispatch "$@"
