#!/usr/bin/env bash
# Times whimbrel beside its peers and beside the floor: the same statements with nothing around.
#
#   bench.sh [OPTION...] [SCENARIO...]
#
#   --runs N       how often each is run (5)
#   --count N      revisions (1000)
#   --link N       revisions over the slow link (100)
#   --delay-ms MS  the link's delay, one way (10)
#   --quick        2 runs, 50 revisions, 20 over the link: to see that all works
#   --no-peers     whimbrel and the floors only
#
# Scenarios: pg-up pg-down pg-link pg-noop sqlite-up sqlite-noop mariadb-up graph; all without any.
#
# WHIMBREL is the program (build/bench/whimbrel), WB_BENCH_BIN the folder of the C programs
# (build/bench/bench). Servers are started by tests/support/servers/with-servers, unless
# WB_TEST_POSTGRES_URL and WB_TEST_MARIADB_URL name them: the database "bench" there is deleted.
# README.md says how to read the tables.
set -euo pipefail
export LC_ALL=C.UTF-8

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
root=$(cd "$here/../.." && pwd -P)
WHIMBREL=${WHIMBREL:-$root/build/bench/whimbrel}
WB_BENCH_BIN=${WB_BENCH_BIN:-$root/build/bench/bench}
peers=$root/build/bench/peers
all_scenarios=(pg-up pg-down pg-link pg-noop sqlite-up sqlite-noop mariadb-up graph)

runs=5 count=1000 link_count=100 delay_ms=10 want_peers=yes
scenarios=()

say() { printf 'bench: %s\n' "$*" >&2; }
die() {
    say "$*"
    exit 1
}

arguments=("$@")
while [ $# -gt 0 ]; do
    case $1 in
    --runs) runs=$2 && shift ;;
    --count) count=$2 && shift ;;
    --link) link_count=$2 && shift ;;
    --delay-ms) delay_ms=$2 && shift ;;
    --quick) runs=2 count=50 link_count=20 ;;
    --no-peers) want_peers=no ;;
    -h | --help)
        sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$0"
        exit 0
        ;;
    -*) die "unknown option \"$1\"; see --help" ;;
    *)
        [[ " ${all_scenarios[*]} " == *" $1 "* ]] || die "unknown scenario \"$1\"; see --help"
        scenarios+=("$1")
        ;;
    esac
    shift
done
[ ${#scenarios[@]} -gt 0 ] || scenarios=("${all_scenarios[@]}")

wants() { [[ " ${scenarios[*]} " == *" $1"* ]]; }

# Once more, with the servers that are needed.
engines=""
if wants pg- && [ -z "${WB_TEST_POSTGRES_URL:-}" ]; then engines+="postgres "; fi
if wants mariadb- && [ -z "${WB_TEST_MARIADB_URL:-}" ]; then engines+="mariadb "; fi
if [ -n "$engines" ]; then
    WB_ENGINES=$engines exec "$root/tests/support/servers/with-servers" "$0" "${arguments[@]}"
fi

if [ ! -x "$WB_BENCH_BIN/measure" ]; then
    die "no programs in $WB_BENCH_BIN; cmake --preset bench; cmake --build --preset bench"
fi
[ -x "$WHIMBREL" ] || say "no program at $WHIMBREL; the rest is measured without it"

base=/tmp
if [ -w /dev/shm ]; then base=/dev/shm; fi
work=$(mktemp -d "$base/wb-bench.XXXXXX")
proxy_pid=""
clean_up() {
    if [ -n "$proxy_pid" ]; then kill "$proxy_pid" 2>/dev/null || true; fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- the peers ------------------------------------------------------------------------------------

install_peers() {
    if [ "$want_peers" = no ]; then return; fi
    if ! command -v npm >/dev/null; then
        say "no npm: dbmate and node-pg-migrate are left out"
    elif [ ! -d "$peers/node_modules/node-pg-migrate" ]; then
        say "installing dbmate and node-pg-migrate into $peers"
        mkdir -p "$peers"
        npm install --no-audit --no-fund --loglevel=error --prefix "$peers" \
            dbmate@2 node-pg-migrate@7 pg@8 >&2
    fi
}

# The program itself; the one in .bin starts Node first.
find_dbmate() { printf '%s\n' "$peers"/node_modules/@dbmate/*/bin/dbmate | head -n 1; }

has() {
    case $1 in
    whimbrel) [ -x "$WHIMBREL" ] ;;
    floor* | noop | psql | mariadb) true ;;
    dbmate) [ "$want_peers" = yes ] && [ -x "$(find_dbmate)" ] ;;
    node-pg-migrate) [ "$want_peers" = yes ] && [ -d "$peers/node_modules/node-pg-migrate" ] ;;
    alembic) [ "$want_peers" = yes ] && [ -x /usr/bin/alembic ] ;;
    sql-migrate) [ "$want_peers" = yes ] && command -v sql-migrate >/dev/null ;;
    esac
}

# --- URLs -----------------------------------------------------------------------------------------

# split_url URL: sets user, password, host and port.
split_url() {
    local rest=${1#*://}
    rest=${rest%%/*}
    host=${rest##*@} port=5432 user="" password=""
    if [[ $rest == *@* ]]; then
        user=${rest%@*}
        if [[ $user == *:* ]]; then password=${user#*:} user=${user%%:*}; fi
    fi
    if [[ $host == *:* ]]; then port=${host##*:} host=${host%:*}; fi
}

# Encryption is off everywhere: it would be most of the cost of a connection, and not all tools
# would have it.
postgres_url() { printf 'postgresql://%s:%s@%s:%s/bench?sslmode=disable\n' "$@"; }

mysql_client() {
    split_url "$WB_TEST_MARIADB_URL"
    MYSQL_PWD=$password mariadb --no-defaults -h "$host" -P "$port" -u "$user" "$@"
}

# --- one database for each run --------------------------------------------------------------------

# reset ENGINE: an empty database; sets url.
reset() {
    case $1 in
    postgres)
        psql -qX "$WB_TEST_POSTGRES_URL" -c 'SET client_min_messages = warning' \
            -c 'DROP DATABASE IF EXISTS bench' -c 'CREATE DATABASE bench' -c 'CHECKPOINT'
        split_url "$WB_TEST_POSTGRES_URL"
        url=$(postgres_url "$user" "$password" "$host" "$port")
        ;;
    sqlite)
        rm -f "$work/bench.db"*
        url=sqlite:$work/bench.db
        ;;
    mariadb)
        mysql_client -e 'DROP DATABASE IF EXISTS bench; CREATE DATABASE bench'
        split_url "$WB_TEST_MARIADB_URL"
        url=mysql://$user:$password@$host:$port/bench
        ;;
    esac
}

write_sql_migrate_config() { # ENGINE FOLDER URL
    local dialect=$1 source=$3
    if [ "$1" = sqlite ]; then dialect=sqlite3 source=${3#sqlite:}; fi
    if [ "$1" = mariadb ]; then
        split_url "$3"
        dialect=mysql source="$user:$password@tcp($host:$port)/bench?parseTime=true"
    fi
    printf 'bench:\n  dialect: %s\n  datasource: "%s"\n  dir: %s\n' \
        "$dialect" "$source" "$2/sql-migrate" >"$work/sql-migrate.yml"
}

# set_command CONTENDER ENGINE ACTION COUNT URL: sets the array `command`. ACTION is up, down, noop.
set_command() {
    local who=$1 engine=$2 action=$3 n=$4 target=$5 folder=$work/$2-$4
    local file=${target#sqlite:} history="SELECT version FROM bench_history"
    case $who-$action in
    floor-*-noop) die "no such floor" ;;
    noop-noop) command=("$WB_BENCH_BIN/floor_noop_$engine" "${file:-$target}" "$history") ;;
    floor-*) command=("$WB_BENCH_BIN/floor_$engine" "$file" "$action" "$n" "${who#floor-}") ;;
    whimbrel-down)
        command=(env "DATABASE_URL=$target" "$WHIMBREL" -C "$folder/whimbrel" downgrade base)
        ;;
    whimbrel-*)
        command=(env "DATABASE_URL=$target" "$WHIMBREL" -C "$folder/whimbrel" upgrade)
        ;;
    psql-*)
        command=(psql -qX -v ON_ERROR_STOP=1 -f "$folder/script/$action.sql" "$target")
        ;;
    mariadb-*)
        split_url "$target"
        command=(env "MYSQL_PWD=$password" mariadb --no-defaults -h "$host" -P "$port" -u "$user"
            bench -e "source $folder/script/$action.sql")
        ;;
    dbmate-*)
        command=("$(find_dbmate)" --url "$target" -d "$folder/dbmate" --no-dump-schema up)
        ;;
    sql-migrate-*)
        write_sql_migrate_config "$engine" "$folder" "$target"
        command=(sql-migrate "${action/noop/up}" -config "$work/sql-migrate.yml" -env bench
            -limit 0)
        ;;
    node-pg-migrate-*)
        command=(env "DATABASE_URL=$target" node
            "$peers/node_modules/node-pg-migrate/bin/node-pg-migrate.js" "${action/noop/up}"
            -m "$folder/node-pg-migrate" --verbose false)
        if [ "$action" = down ]; then command+=("$n"); fi
        ;;
    alembic-*)
        target=${target/#sqlite:/sqlite:\/\//}
        command=(env "BENCH_ALEMBIC_URL=$target" /usr/bin/alembic -c "$folder/alembic/alembic.ini")
        if [ "$action" = down ]; then command+=(downgrade base); else command+=(upgrade head); fi
        ;;
    esac
}

# --- measuring ------------------------------------------------------------------------------------

start_proxy() { # HOST PORT; sets proxy_port
    # The last proxy's port must not be read for this one's.
    rm -f "$work/proxy.log"
    "$WB_BENCH_BIN/delay_proxy" --target "$1:$2" --delay-ms "$delay_ms" >"$work/proxy.log" &
    proxy_pid=$!
    until [ -s "$work/proxy.log" ]; do
        kill -0 "$proxy_pid" 2>/dev/null || die "the proxy did not start"
        sleep 0.01
    done
    proxy_port=$(sed -n '1s/.*"port": \([0-9]*\).*/\1/p' "$work/proxy.log")
}

stop_proxy() { # sets counts to a JSON object
    kill "$proxy_pid"
    wait "$proxy_pid" || true
    proxy_pid=""
    counts=$(grep '"total"' "$work/proxy.log")
}

# run_quietly COMMAND...: shows the output only where it fails.
run_quietly() {
    if ! "$@" >"$work/output.log" 2>&1 </dev/null; then
        say "failed: $*"
        tail -n 5 "$work/output.log" >&2
        return 1
    fi
}

# measure_one SCENARIO CONTENDER RUN: runs `command`, adds a line to the results.
measure_one() {
    local code=0
    run_quietly "$WB_BENCH_BIN/measure" "$work/took.json" "${command[@]}" || code=$?
    if [ -n "$proxy_pid" ]; then stop_proxy; else counts='{}'; fi
    printf '{"scenario": "%s", "contender": "%s", "run": %d, "took": %s, "counts": %s}\n' \
        "$1" "$2" "$3" "$(cat "$work/took.json")" "$counts" >>"$work/results"
    return "$code"
}

generate() { # COUNT ENGINE
    if [ ! -d "$work/$2-$1" ]; then python3 "$here/generate.py" "$1" "$2" "$work/$2-$1"; fi
}

# keep_present CONTENDER...: sets `present` to those that are here, and names the rest once.
keep_present() {
    local who
    present=()
    for who in "$@"; do
        if has "$who"; then
            present+=("$who")
        elif [ "$want_peers" = yes ] || [ "$who" = whimbrel ]; then
            say "left out, not installed: $who"
        fi
    done
}

print_table() { # TITLE SCENARIO
    printf '\n%s\n' "$1"
    python3 "$here/summarise.py" "$2" "$work/results"
}

# apply_scenario SCENARIO ENGINE ACTION COUNT CONTENDER...: each run on a new database; the order of
# the runs is A B C A B C, so that a slow minute of the machine hits all of them.
apply_scenario() {
    local scenario=$1 engine=$2 action=$3 n=$4 run who
    shift 4
    generate "$n" "$engine"
    keep_present "$@"
    for ((run = 1; run <= runs; run++)); do
        for who in "${present[@]}"; do
            reset "$engine"
            if [ "$action" = down ]; then
                set_command "$who" "$engine" up "$n" "$url"
                run_quietly "${command[@]}" || continue
            fi
            if [ "$scenario" = pg-link ]; then
                start_proxy "$host" "$port"
                url=$(postgres_url "$user" "$password" 127.0.0.1 "$proxy_port")
            fi
            set_command "$who" "$engine" "$action" "$n" "$url"
            measure_one "$scenario" "$who" "$run" || true
        done
    done
}

# A database for each contender, brought up before; then only starts with nothing to do.
noop_scenario() { # SCENARIO ENGINE COUNT CONTENDER...
    local scenario=$1 engine=$2 n=$3 run who setup
    shift 3
    generate "$n" "$engine"
    keep_present "$@"
    declare -A urls=()
    for who in "${present[@]}"; do
        reset "$engine"
        setup=$who
        if [ "$who" = noop ]; then
            setup=floor-each
        fi
        set_command "$setup" "$engine" up "$n" "$url"
        run_quietly "${command[@]}" || continue
        if [ "$engine" = sqlite ]; then
            mv "$work/bench.db" "$work/noop-$who.db"
            urls[$who]=sqlite:$work/noop-$who.db
        else
            psql -qX "$WB_TEST_POSTGRES_URL" -c 'SET client_min_messages = warning' \
                -c "DROP DATABASE IF EXISTS \"bench-$who\"" \
                -c "ALTER DATABASE bench RENAME TO \"bench-$who\""
            urls[$who]=${url/\/bench\?//bench-$who?}
        fi
    done
    for ((run = 1; run <= runs * 2; run++)); do
        for who in "${present[@]}"; do
            if [ -z "${urls[$who]:-}" ]; then continue; fi
            set_command "$who" "$engine" noop "$n" "${urls[$who]}"
            measure_one "$scenario" "$who" "$run" || true
        done
    done
    if [ "$engine" = postgres ]; then
        for who in "${!urls[@]}"; do
            psql -qX "$WB_TEST_POSTGRES_URL" -c "DROP DATABASE \"bench-$who\""
        done
    fi
}

run_scenario() {
    local pg_peers=(psql sql-migrate node-pg-migrate alembic)
    case $1 in
    pg-up)
        apply_scenario pg-up postgres up "$count" floor-pipeline floor-each whimbrel dbmate \
            "${pg_peers[@]}"
        print_table "PostgreSQL, $count revisions up" pg-up
        ;;
    pg-down)
        apply_scenario pg-down postgres down "$count" floor-pipeline floor-each whimbrel \
            "${pg_peers[@]}"
        print_table "PostgreSQL, $count revisions down (dbmate goes down one at a time)" pg-down
        ;;
    pg-link)
        apply_scenario pg-link postgres up "$link_count" floor-pipeline floor-each whimbrel \
            dbmate "${pg_peers[@]}"
        print_table "PostgreSQL, $link_count revisions up, round trip of $((2 * delay_ms)) ms" \
            pg-link
        ;;
    pg-noop)
        noop_scenario pg-noop postgres "$count" noop whimbrel dbmate sql-migrate \
            node-pg-migrate alembic
        print_table "PostgreSQL, nothing pending, $count files" pg-noop
        ;;
    sqlite-up)
        apply_scenario sqlite-up sqlite up "$count" floor-grouped floor-each whimbrel dbmate \
            sql-migrate alembic
        print_table "SQLite, $count revisions up" sqlite-up
        ;;
    sqlite-noop)
        noop_scenario sqlite-noop sqlite "$count" noop whimbrel dbmate sql-migrate alembic
        print_table "SQLite, nothing pending, $count files" sqlite-noop
        ;;
    mariadb-up)
        apply_scenario mariadb-up mariadb up "$count" mariadb whimbrel dbmate sql-migrate
        print_table "MariaDB, $count revisions up" mariadb-up
        ;;
    graph)
        if [ -x "$WB_BENCH_BIN/bench_graph" ]; then
            printf '\nLoading and planning, %d revisions\n' $((count * 100))
            "$WB_BENCH_BIN/bench_graph" $((count * 100)) "$work"
        else
            say "no program at $WB_BENCH_BIN/bench_graph"
        fi
        ;;
    esac
}

install_peers
for scenario in "${scenarios[@]}"; do run_scenario "$scenario"; done
