#!/usr/bin/env bash
# A private pgbouncer in transaction mode, with a private PostgreSQL server behind it, for tests.
#
#   eval "$(pgbouncer.sh start DIR)"   makes both where needed, starts them, waits until they answer
#   pgbouncer.sh status DIR            prints the same lines; fails where pgbouncer does not run
#   pgbouncer.sh stop DIR              stops both, keeps the data
#   pgbouncer.sh crash DIR             kills both, as a power cut would
#   pgbouncer.sh remove DIR            stops both and deletes all they had, and DIR
#
# Prints WB_TEST_PGBOUNCER_URL (any database of the server may be named in it, no password) and what
# postgres.sh prints for the server. WB_PGBOUNCER_POOL is how many connections it holds to a
# database, 4 without it, so that clients meet on them.

# shellcheck source=tests/support/servers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
PATH=$PATH:/usr/sbin
readonly SERVER_USER=postgres
postgres_script=$(dirname "${BASH_SOURCE[0]}")/postgres.sh

behind() { "$postgres_script" "$1" "$DIR/postgres" 9>&-; }

server_pid() {
    local pid
    [ -s "$home/pid" ] || return 1
    pid=$(cat "$home/pid")
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = pgbouncer ] || return 1
    printf '%s\n' "$pid"
}

listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

is_running() { [ -s "$home/port" ] && server_pid >/dev/null && listens "$(cat "$home/port")"; }

# write_conf PORT: the server is reached by its socket, where it asks for no password.
write_conf() {
    cat >"$home/pgbouncer.ini" <<CONF
[databases]
* = host=$(cat "$DIR/postgres/home") port=$(cat "$(cat "$DIR/postgres/home")/port") user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $1
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = ${WB_PGBOUNCER_POOL:-4}
max_client_conn = 200
logfile = $home/log
pidfile = $home/pid
CONF
    give_to "$SERVER_USER" "$home/pgbouncer.ini"
}

# launch PORT
launch() {
    local end=$((SECONDS + START_SECONDS))
    : >"$home/log"
    give_to "$SERVER_USER" "$home/log"
    rm -f "$home/pid"
    run_as "$SERVER_USER" pgbouncer -d -q "$home/pgbouncer.ini" </dev/null >>"$home/out" 2>&1 9>&- ||
        return 1
    until server_pid >/dev/null && listens "$1"; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.05
    done
}

start_server() {
    local try port
    need pgbouncer pgbouncer
    behind start >/dev/null
    for ((try = 0; try < PORT_TRIES; try++)); do
        port=$(next_port "$try")
        write_conf "$port"
        if launch "$port"; then
            printf '%s\n' "$port" >"$home/port"
            return
        fi
        grep -q 'Address already in use' "$home/log" || break
    done
    tail -n 15 "$home/log" "$home/out" >&2
    die "pgbouncer did not start"
}

# stop_server SIGNAL
stop_server() {
    local pid verb=stop
    if [ "$1" = KILL ]; then verb=crash; fi
    if pid=$(server_pid) && kill -s "$1" "$pid" 2>/dev/null; then
        wait_gone "$pid" 10 || die "pgbouncer (process $pid) did not stop"
    fi
    if [ -s "$DIR/postgres/home" ]; then behind "$verb"; fi
}

delete_more() {
    if [ -d "$DIR/postgres" ]; then behind remove; fi
}

report() {
    print_export WB_TEST_PGBOUNCER_URL "postgresql://postgres@127.0.0.1:$(cat "$home/port")/postgres"
    behind status
}

dispatch "$@"
