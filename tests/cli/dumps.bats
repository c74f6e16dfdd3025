#!/usr/bin/env bats
# A dump of a real database, as the engine's own tool writes it, is a revision that runs.
load helper

root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

# dump ENGINE OPTION... - writes dump.sql of the tour's database and opens an empty one
dump() {
    local engine=$1 rest
    shift
    on "$engine"
    if [ "$engine" = sqlite ]; then DATABASE_URL=sqlite:$PWD/app.db; fi
    whimbrel -C "$root/examples/tour/$engine" --url "$DATABASE_URL" upgrade -q
    rest=${DATABASE_URL#*://}
    case $engine in
    sqlite) sqlite3 app.db .dump | grep -v whimbrel_ >dump.sql ;;
    postgres) pg_dump "$@" -d "$DATABASE_URL" --exclude-table='whimbrel_*' >dump.sql ;;
    mariadb)
        local password=${rest#*:} host=${rest#*@}
        password=${password%%@*} host=${host%%/*}
        MYSQL_PWD=$password mariadb-dump --no-defaults --user="${rest%%:*}" \
            --host="${host%%:*}" --port="${host##*:}" --routines --triggers --events "$@" \
            --ignore-table="${rest##*/}.whimbrel_history" \
            --ignore-table="${rest##*/}.whimbrel_journal" "${rest##*/}" >dump.sql
        ;;
    esac
    on "$engine"
}

# as_revision [OPTION] - migrations/base.sql with the dump, and a revision behind it
as_revision() {
    {
        printf -- '-- base\n-- revision: base0\n-- migrate:up%s\n' "${1:+ $1}"
        cat dump.sql
        printf -- '-- migrate:down\n'
    } >migrations/base.sql
    revision next base0 "CREATE TABLE after_dump (id integer);"
}

@test "a dump of pg_dump, with its data, runs as a revision" {
    dump postgres
    grep -q '^COPY ' dump.sql
    as_revision
    sed -i '/^CREATE SCHEMA public/d' migrations/base.sql
    whimbrel upgrade -q
    [ "$(psql -qXtA -d "$DATABASE_URL" -c 'SELECT count(*) > 0 FROM species')" = t ]
    [ "$(psql -qXtA -d "$DATABASE_URL" -c 'SELECT count(*) FROM after_dump')" = 0 ]
}

@test "a dump of pg_dump --inserts runs as a revision" {
    dump postgres --inserts
    as_revision
    sed -i '/^CREATE SCHEMA public/d' migrations/base.sql
    whimbrel upgrade -q
    [ "$(psql -qXtA -d "$DATABASE_URL" -c 'SELECT count(*) > 0 FROM species')" = t ]
}

@test "a dump of mariadb-dump, with its locks and routines, runs as a revision" {
    dump mariadb
    grep -q '^LOCK TABLES ' dump.sql
    grep -q '^DELIMITER ' dump.sql
    as_revision
    whimbrel upgrade -q
    maria_client "$DATABASE_URL" -N "${DATABASE_URL##*/}" -e 'SELECT count(*) > 0 FROM species' | grep -q 1
    maria_client "$DATABASE_URL" -N "${DATABASE_URL##*/}" -e 'SELECT count(*) FROM after_dump' | grep -q 0
}

@test "a dump of sqlite3 runs as a revision that leaves transactions to the file" {
    dump sqlite
    grep -q '^BEGIN TRANSACTION' dump.sql
    as_revision
    run -1 whimbrel upgrade
    as_revision transaction:false
    whimbrel upgrade -q
    [ "$(sqlite3 app.db 'SELECT count(*) > 0 FROM species')" = 1 ]
    [ "$(sqlite3 app.db 'SELECT count(*) FROM after_dump')" = 0 ]
}
