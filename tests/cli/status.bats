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
