#!/usr/bin/env bash
# Two private PostgreSQL servers for tests, of which the second follows the first.
#
#   eval "$(replication.sh start DIR)"      makes them where needed, starts them, waits until the
#                                           standby follows
#   eval "$(replication.sh failover DIR)"   kills the primary and promotes the standby; the lines
#                                           printed then name only the new primary, no standby
#   replication.sh status DIR               prints the lines; fails where no primary runs
#   replication.sh stop DIR                 stops both, keeps their data
#   replication.sh crash DIR                kills both, as a power cut would
#   replication.sh remove DIR               stops both and deletes all they had, and DIR
#
# Prints WB_TEST_PRIMARY_URL, WB_TEST_STANDBY_URL (while there is one) and WB_TEST_PAIR_URL, which
# names both servers and asks for the one that can be written. A commit is acknowledged when the
# standby has it too, so a failover loses nothing. After a failover the pair is no pair any more:
# remove it and start anew.

# shellcheck source=tests/support/servers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
readonly SERVER_USER=postgres
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
readonly SHOWN_ON_STANDBY="synchronous_standby_names = '*'
synchronous_commit = remote_apply"

# server N VERB: postgres.sh for one of the two; WB_POSTGRES_CONF is for both.
server() { "$here/postgres.sh" "$2" "$DIR/server$1" 9>&-; }

home_of() { cat "$DIR/server$1/home"; }
port_of() { cat "$(home_of "$1")/port"; }

# sql N TEXT: at one of the servers, by its socket
sql() { psql -XAtq -h "$(home_of "$1")" -p "$(port_of "$1")" -U postgres -c "$2"; }

find_programs() {
    bin=$(dirname "$(readlink "/proc/$(head -n 1 "$(home_of 1)/data/postmaster.pid")/exe")")
    [ -x "$bin/pg_basebackup" ] || die "pg_basebackup is not installed; apt-get install postgresql"
}

# wait_until WHAT COMMAND...
wait_until() {
    local what=$1 end=$((SECONDS + START_SECONDS))
    shift
    until "$@"; do
        [ "$SECONDS" -lt "$end" ] || die "waited in vain until $what"
        sleep 0.05
    done
}

# shellcheck disable=SC2317 # called by wait_until
follows() { [ "$(sql 1 "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'")" = 1 ]; }

# Makes the home that postgres.sh will find for the second server, and prints it.
open_second_home() {
    local DIR=$DIR/server2 home
    mkdir -p "$DIR"
    open_home "$SERVER_USER"
    printf '%s\n' "$home"
}

# Fills the second server's home with a copy of the first one's data.
make_standby() {
    local first second
    first=$(home_of 1)
    second=$(open_second_home)
    run_as "$SERVER_USER" "$bin/pg_basebackup" -D "$second/data" -h "$first" -p "$(port_of 1)" \
        -U postgres -X stream -c fast --no-sync >"$DIR/copy.log" 2>&1 ||
        die "pg_basebackup failed, see $DIR/copy.log"
    run_as "$SERVER_USER" touch "$second/data/standby.signal"
    # The copied file includes the first server's settings.
    sed -i "s|^include = .*|include = '$second/test.conf'|" "$second/data/postgresql.conf"
    printf "primary_conninfo = 'host=%s port=%s user=postgres'\n" "$first" "$(port_of 1)" \
        >>"$second/data/postgresql.auto.conf"
    give_to "$SERVER_USER" "$second/data/postgresql.auto.conf" "$second/data/postgresql.conf"
}

is_running() {
    local number
    [ -s "$DIR/primary" ] || return 1
    number=$(cat "$DIR/primary")
    server "$number" status >/dev/null 2>&1 || return 1
    [ "$number" = 2 ] || server 2 status >/dev/null 2>&1
}

start_server() {
    need psql postgresql-client
    if [ "$(cat "$DIR/primary" 2>/dev/null)" = 2 ]; then
        server 2 start >/dev/null
        return
    fi
    if [ ! -s "$DIR/primary" ]; then
        server 1 start >/dev/null
        find_programs
        make_standby
        printf '1\n' >"$DIR/primary"
    fi
    WB_POSTGRES_CONF="${WB_POSTGRES_CONF:-}
$SHOWN_ON_STANDBY" restart_primary
    server 2 start >/dev/null
    wait_until "the standby follows" follows
}

restart_primary() {
    server 1 stop
    server 1 start >/dev/null
}

failover() {
    [ "$(cat "$DIR/primary")" = 1 ] || die "the standby was promoted already"
    find_programs
    server 1 crash
    printf '2\n' >"$DIR/primary"
    run_as "$SERVER_USER" "$bin/pg_ctl" promote -D "$(home_of 2)/data" -s -w >&2 9>&-
    report
}

# stop_server SIGNAL
stop_server() {
    local number verb=stop
    if [ "$1" = KILL ]; then verb=crash; fi
    for number in 1 2; do
        if [ -s "$DIR/server$number/home" ]; then server "$number" "$verb"; fi
    done
}

delete_more() {
    local number
    for number in 1 2; do
        if [ -d "$DIR/server$number" ]; then server "$number" remove; fi
    done
}

report() {
    local first second number password=whimbrel
    first=127.0.0.1:$(port_of 1) second=127.0.0.1:$(port_of 2)
    number=$(cat "$DIR/primary")
    print_export WB_TEST_PRIMARY_URL \
        "postgresql://postgres:$password@127.0.0.1:$(port_of "$number")/postgres"
    if [ "$number" = 1 ]; then
        print_export WB_TEST_STANDBY_URL "postgresql://postgres:$password@$second/postgres"
    fi
    print_export WB_TEST_PAIR_URL \
        "postgresql://postgres:$password@$first,$second/postgres?target_session_attrs=read-write"
}

if [ "${1:-}" = failover ] && [ $# -eq 2 ]; then
    case $2 in /*) DIR=$2 ;; *) DIR=$PWD/$2 ;; esac
    find_home || die "no servers in $DIR"
    lock_dir
    failover
else
    dispatch "$@"
fi
