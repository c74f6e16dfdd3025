#!/usr/bin/env bash
# A private MariaDB server for tests, on 127.0.0.1 and on a unix socket.
#
#   eval "$(mariadb.sh start DIR)"   makes it where needed, starts it, waits until it answers
#   mariadb.sh status DIR            prints the same lines; fails where the server does not run
#   mariadb.sh stop DIR              stops it, keeps its data
#   mariadb.sh crash DIR             kills it, as a power cut would
#   mariadb.sh remove DIR            stops it and deletes all it had, and DIR
#
# Prints WB_TEST_MARIADB_URL (TCP), WB_TEST_MARIADB_SOCKET_URL and, where openssl is installed,
# WB_TEST_MARIADB_CA, the authority of the server's certificate. The user in the URLs may do
# everything. WB_MARIADB_ARGS holds more options of mariadbd, separated by blanks. Files are not
# synced: the data are as good as lost when the machine stops.

# shellcheck source=tests/support/servers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
PATH=$PATH:/usr/sbin
readonly SERVER_USER=mysql PASSWORD=whimbrel

server_pid() {
    local pid
    [ -s "$home/pid" ] || return 1
    pid=$(cat "$home/pid")
    # The number may belong to some other process by now.
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = mariadbd ] || return 1
    printf '%s\n' "$pid"
}

answers() {
    mariadb-admin --no-defaults --socket="$home/socket" --user=nobody ping >/dev/null 2>&1
}

is_running() { [ -s "$home/port" ] && server_pid >/dev/null && answers; }

# The server runs these at each start, before it lets anyone in.
write_setup() {
    cat >"$home/setup.sql" <<SQL
CREATE DATABASE IF NOT EXISTS whimbrel;
CREATE USER IF NOT EXISTS 'whimbrel'@'%' IDENTIFIED BY '$PASSWORD';
GRANT ALL PRIVILEGES ON *.* TO 'whimbrel'@'%' WITH GRANT OPTION;
SQL
}

initialise() {
    if [ -e "$home/initialised" ]; then return; fi
    rm -rf "$home/data"
    mkdir "$home/data"
    give_to "$SERVER_USER" "$home/data"
    run_as "$SERVER_USER" mariadb-install-db --no-defaults --datadir="$home/data" --skip-test-db \
        --auth-root-authentication-method=normal --innodb-log-file-size=16M \
        --innodb-flush-method=nosync >"$home/init.log" 2>&1 9>&- ||
        die "mariadb-install-db failed, see $home/init.log"
    : >"$home/initialised"
}

# launch PORT: starts the server in the background and waits until it answers or has ended.
launch() {
    local end pid more=()
    if has_tls; then
        more+=("--ssl-ca=$home/tls/ca.crt" "--ssl-cert=$home/tls/server.crt"
            "--ssl-key=$home/tls/server.key")
    fi
    # shellcheck disable=SC2206 # blanks separate the options
    more+=(${WB_MARIADB_ARGS:-})
    : >"$home/log"
    rm -f "$home/pid"
    run_as "$SERVER_USER" setsid mariadbd --no-defaults --datadir="$home/data" --port="$1" \
        --bind-address=127.0.0.1 --socket="$home/socket" --pid-file="$home/pid" \
        --init-file="$home/setup.sql" --skip-name-resolve --max-connections=100 \
        --character-set-server=utf8mb4 --default-time-zone=+00:00 --innodb-buffer-pool-size=64M \
        --innodb-log-file-size=16M --innodb-flush-method=nosync --innodb-doublewrite=0 \
        --innodb-flush-log-at-trx-commit=0 --performance-schema=ON "${more[@]}" \
        </dev/null >>"$home/log" 2>&1 9>&- &
    pid=$!
    end=$((SECONDS + START_SECONDS))
    until server_pid >/dev/null && answers; do
        kill -0 "$pid" 2>/dev/null && [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.05
    done
}

start_server() {
    local try port
    need mariadbd mariadb-server
    need mariadb-install-db mariadb-server
    need mariadb-admin mariadb-client
    stop_server KILL
    make_certificates "$SERVER_USER"
    initialise
    write_setup
    for ((try = 0; try < PORT_TRIES; try++)); do
        port=$(next_port "$try")
        if launch "$port"; then
            printf '%s\n' "$port" >"$home/port"
            return
        fi
        stop_server KILL
        grep -q 'Bind on TCP/IP port' "$home/log" || break
    done
    tail -n 15 "$home/log" >&2
    die "MariaDB did not start"
}

# stop_server SIGNAL
stop_server() {
    local pid
    pid=$(server_pid) || return 0
    kill -s "$1" "$pid" 2>/dev/null || return 0
    if wait_gone "$pid" 30; then return; fi
    kill -s KILL "$pid" 2>/dev/null || return 0
    wait_gone "$pid" 10 || die "MariaDB (process $pid) did not stop"
}

report() {
    local user="whimbrel:$PASSWORD" port
    port=$(cat "$home/port")
    print_export WB_TEST_MARIADB_URL "mysql://$user@127.0.0.1:$port/whimbrel"
    print_export WB_TEST_MARIADB_SOCKET_URL \
        "mysql://$user@localhost/whimbrel?socket=$home/socket"
    if has_tls; then print_export WB_TEST_MARIADB_CA "$home/tls/ca.crt"; fi
}

dispatch "$@"
