load helper

@test "upgrade applies all that is pending, on every engine" {
    chain
    for engine in $(engines); do
        on "$engine"
        run -0 whimbrel upgrade
        says "[1/3] up   001"
        says "3 revisions applied"
        says "database is at 003"
        run -0 whimbrel upgrade
        says "nothing to do; database is at 003"
    done
}

@test "upgrade takes ids, steps, labels and heads, on every engine" {
    revision 001 "" "CREATE TABLE a (id INTEGER PRIMARY KEY);" "DROP TABLE a;" "branch_labels: auth"
    revision 002 001
    revision 003 002
    for engine in $(engines); do
        on "$engine"
        run -0 whimbrel upgrade +1
        says "database is at 001"
        run -0 whimbrel upgrade 002
        says "database is at 002"
        run -0 whimbrel upgrade auth@head
        says "database is at 003"
    done
}

@test "upgrade --dry-run changes nothing" {
    chain
    run -0 whimbrel upgrade --dry-run
    says "up   001"
    says "dry run: 3 revisions; database would go from <base> to 003"
    run -0 whimbrel current
    [ "$output" = "" ]
}

@test "upgrade --dry-run --json is exactly one object" {
    chain
    run -0 whimbrel upgrade 002 --dry-run --json
    [ "$output" = '{"command":"upgrade","target":"default","current":[],"steps":[{"revision":"001","direction":"up"},{"revision":"002","direction":"up"}],"heads_after":["002"]}' ]
}

@test "upgrade --json tells every event, and the plan last" {
    chain
    run -0 whimbrel upgrade --json
    says '{"event":"run_begin"'
    says '"event":"step_end","target":"default","command":"upgrade","direction":"up","revision":"002"'
    [[ ${lines[-1]} == '{"command":"upgrade",'*'"heads_after":["003"]}' ]]
}

@test "upgrade --sql prints a script that does the same" {
    needs sqlite3
    chain
    whimbrel upgrade --sql >script.sql
    sqlite3 app.db <script.sql
    run -0 whimbrel current
    [ "$output" = "003 (head) (current)" ]
    run -0 whimbrel upgrade
    says "nothing to do"
}

@test "upgrade refuses a range without --sql" {
    chain
    fails 1 "--sql" upgrade 001:003
}

@test "upgrade --transaction all leaves nothing of a run that fails" {
    chain
    revision 004 003 "CREATE TABLE broken (;"
    fails 1 "004" upgrade --transaction all
    run -0 whimbrel current
    [ "$output" = "" ]
}

@test "upgrade --transaction each keeps the revisions before the failing one" {
    chain
    revision 004 003 "CREATE TABLE broken (;"
    fails 1 "004" upgrade
    run -0 whimbrel current
    says "003"
}

@test "upgrade refuses another value of --transaction" {
    fails 2 "It is one of each or all." upgrade --transaction some
}

@test "upgrade --quiet prints nothing" {
    chain
    run --separate-stderr -0 whimbrel upgrade -q
    [ "$output$stderr" = "" ]
}

@test "upgrade replaces declared variables with --var" {
    # shellcheck disable=SC2016 # the file's own variable
    revision 001 "" 'CREATE TABLE ${name} (id INTEGER PRIMARY KEY);' 'DROP TABLE ${name};' \
        "variables: name"
    run -0 whimbrel upgrade --var name=people
    needs sqlite3
    [ "$(sqlite3 app.db "SELECT count(*) FROM people")" = 0 ]
}

@test "upgrade runs every database of the project in the file's order" {
    two_databases
    run -0 whimbrel upgrade
    [ "${lines[0]}" = "auth:" ]
    says "specs:"
    run -0 whimbrel status
    [ "$output" = "auth: 001 (head)
specs: 002 (head)" ]
}

@test "upgrade goes on with the other databases when one fails" {
    two_databases
    sed -i 's/CREATE TABLE.*/CREATE TABEL x;/' a/001.sql
    fails 1 'database "auth"' upgrade
    says "database is at 002"
    run -0 whimbrel status --only specs
    [ "$output" = "specs: 002 (head)" ]
}

@test "upgrade --only works on one database, and --url is then its own" {
    two_databases
    run -0 whimbrel upgrade --only specs --url sqlite:third.db
    [ -f third.db ]
    [ ! -f specs.db ]
    [ ! -f auth.db ]
}

@test "upgrade waits for another runner, and ends with 5" {
    needs sqlite3
    chain
    whimbrel upgrade -q 001
    mkfifo hold
    sqlite3 app.db <hold &
    exec 9>hold
    echo "BEGIN IMMEDIATE;" >&9
    while sqlite3 app.db "BEGIN IMMEDIATE; ROLLBACK;" 2>/dev/null; do :; done
    fails 5 "hint:" upgrade --lock-timeout 300ms
    exec 9>&-
    wait
    run -0 whimbrel upgrade
    says "2 revisions applied"
}
