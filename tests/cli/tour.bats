#!/usr/bin/env bats
# The real input: examples/tour, up, down and up again on every engine, and as a script fed to the
# engine's own client.
load helper

root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

# schema ENGINE - everything in the database but the ledger, by the engine's own dump
schema() {
    case $1 in
    sqlite) sqlite3 app.db .schema | grep -vE 'whimbrel_|sqlite_sequence' | LC_ALL=C sort ;;
    postgres)
        pg_dump -s -d "$DATABASE_URL" --exclude-table='whimbrel_*' |
            grep -vE '^(\\(un)?restrict|--|SET|$)' | LC_ALL=C sort
        ;;
    mariadb)
        maria_dump --no-data --routines --triggers --events --skip-comments \
            --ignore-table="${DATABASE_URL##*/}.whimbrel_history" \
            --ignore-table="${DATABASE_URL##*/}.whimbrel_journal" |
            sed -e 's/ AUTO_INCREMENT=[0-9]*//' -e "s/${DATABASE_URL##*/}/this/g" | LC_ALL=C sort
        ;;
    esac
}

maria_dump() {
    local rest=${DATABASE_URL#*://} password host
    password=${rest#*:} && password=${password%%@*}
    host=${rest#*@} && host=${host%%/*}
    MYSQL_PWD=$password mariadb-dump --no-defaults --user="${rest%%:*}" --host="${host%%:*}" \
        --port="${host##*:}" "$@" "${DATABASE_URL##*/}"
}

tour() { whimbrel -C "$root/examples/tour/$1" --url "$tour_url" "${@:2}"; }

# begin ENGINE - an empty database, whose URL does not depend on the current folder
begin() {
    on "$1"
    tour_url=$DATABASE_URL
    if [ "$1" = sqlite ]; then tour_url=sqlite:$PWD/app.db; fi
}

up_down_up() {
    begin "$1"
    schema "$1" >empty
    tour "$1" upgrade -q
    [ "$(tour "$1" history --json -i | jq '[.[] | select(.applied)] | length')" -eq 51 ]
    schema "$1" >full
    [ "$(wc -l <full)" -gt 100 ]
    tour "$1" downgrade -q base
    schema "$1" | diff empty -
    tour "$1" upgrade -q 046573741a38
    [ "$(tour "$1" history --json -i | jq '[.[] | select(.applied)] | length')" -eq 26 ]
    tour "$1" upgrade -q
    schema "$1" | diff full -
    run -0 tour "$1" upgrade
    says "nothing to do"
}

script() {
    begin "$1"
    tour "$1" upgrade -q
    schema "$1" >full
    begin "$1"
    tour "$1" upgrade --sql >up.sql
    case $1 in
    sqlite) sqlite3 app.db <up.sql >/dev/null ;;
    postgres) psql -qX -d "$DATABASE_URL" -f up.sql >/dev/null ;;
    mariadb) maria_client "$DATABASE_URL" "${DATABASE_URL##*/}" <up.sql >/dev/null ;;
    esac
    schema "$1" | diff full -
    run -0 tour "$1" upgrade
    says "nothing to do"
    run -0 tour "$1" downgrade base
}

@test "tour: up, down and up again on SQLite" { up_down_up sqlite; }
@test "tour: up, down and up again on PostgreSQL" { up_down_up postgres; }
@test "tour: up, down and up again on MariaDB" { up_down_up mariadb; }
@test "tour: its script does the same on SQLite" { script sqlite; }
@test "tour: its script does the same on PostgreSQL" { script postgres; }
@test "tour: its script does the same on MariaDB" { script mariadb; }
