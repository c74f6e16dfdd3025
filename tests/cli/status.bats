load helper

@test "status shows each database in one line, on every engine" {
    chain
    for engine in $(engines); do
        on "$engine"
        run -0 whimbrel status
        [ "$output" = "default: <base>, 3 pending" ]
        whimbrel upgrade -q 002
        run -0 whimbrel status
        [ "$output" = "default: 002, 1 pending" ]
        whimbrel upgrade -q
        run -0 whimbrel status
        [ "$output" = "default: 003 (head)" ]
    done
}

@test "status --exit-code ends with 3 while revisions are pending" {
    chain
    run -3 whimbrel status --exit-code -q
    [ "$output" = "" ]
    whimbrel upgrade -q
    run -0 whimbrel status --exit-code
}

@test "status -v names server, counts and pending revisions" {
    chain
    whimbrel upgrade -q 001
    run -0 whimbrel status -v
    says "server     SQLite 3."
    says "applied    1"
    says "pending    002  revision 002"
    says "last run   upgrade at 20"
}

@test "status tells where the last run failed" {
    chain
    revision 004 003 "CREATE TABLE ok (id INTEGER PRIMARY KEY);
CREATE TABEL broken (id INTEGER);"
    run -1 whimbrel upgrade
    run -0 whimbrel status
    says "last upgrade failed in 004"
}

@test "status --json is one array with an object for each database" {
    two_databases
    run -0 whimbrel status --json
    [[ $output == '[{"target":"auth",'*'{"target":"specs",'*']' ]]
    says '"pending":["001"]'
}

@test "status goes on where one database cannot be reached" {
    two_databases
    sed -i 's|sqlite:auth.db|sqlite:no/such/folder/auth.db|' whimbrel.yaml
    run -1 --separate-stderr whimbrel status
    says 'specs: <base>, 1 pending'
    says 'database "auth"'
}

@test "status tells what is half done, where, and what to do next" {
    for engine in $(engines); do
        [ "$engine" != sqlite ] || continue
        on "$engine"
        revision 001 ""
        cat >migrations/002.sql <<'SQL'
-- two
-- revision: 002
-- revises: 001

-- migrate:up transaction:false
CREATE TABLE ok (id INTEGER PRIMARY KEY);
INSERT INTO ok VALUES (1);
SELECT nope;
SQL
        run -1 whimbrel upgrade
        run -0 whimbrel status
        says "last upgrade failed in 002 (migrations/002.sql:8, statement 3): "
        says "002 is half done: 2 statements of it are not run again"
        # shellcheck disable=SC2016 # backquotes are what is looked for
        says 'Mend the cause and run `whimbrel upgrade` again'
        rm migrations/*
    done
}

@test "status tells a run that goes on from one that was cut off" {
    for engine in $(engines); do
        [ "$engine" != sqlite ] || continue
        on "$engine"
        revision 001 ""
        whimbrel upgrade -q
        if [ "$engine" = postgres ]; then revision 002 001 "SELECT pg_sleep(60);"; else
            revision 002 001 "DO sleep(60);"; fi
        "$WHIMBREL" upgrade >run.out 2>&1 3>&- &
        runner=$!
        until "$WHIMBREL" status | grep -q "upgrade is running"; do kill -0 "$runner"; done
        kill -9 "$runner"
        wait "$runner" || true
        until "$WHIMBREL" status | grep -q "last upgrade was cut off"; do
            if [ "$engine" = mariadb ]; then # that server goes on with the statement
                maria_client "${DATABASE_URL%/*}/mysql" -N -e \
                    "SELECT concat('KILL ', id, ';') FROM information_schema.processlist
                     WHERE info LIKE 'DO sleep%' AND db = '${DATABASE_URL##*/}'" >kills
                maria_client "${DATABASE_URL%/*}/mysql" <kills
            fi
        done
        run -0 whimbrel status
        # shellcheck disable=SC2016 # backquotes are what is looked for
        says 'Run `whimbrel upgrade` again'
        rm migrations/*
    done
}
