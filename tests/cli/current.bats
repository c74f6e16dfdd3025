load helper

@test "current prints what the database is at, on every engine" {
    chain
    for engine in $(engines); do
        on "$engine"
        run -0 whimbrel current
        [ "$output" = "" ]
        whimbrel upgrade -q 002
        run -0 whimbrel current
        [ "$output" = "002 (current)" ]
        run -0 whimbrel current -v
        says "Message     revision 002"
        says "Applied     20"
    done
}

@test "current --check-heads ends with 3 until every head is applied" {
    chain
    whimbrel upgrade -q 002
    fails 3 "the database is not at 003" current --check-heads
    whimbrel upgrade -q
    run -0 whimbrel current --check-heads
}

@test "current --check-heads passes where a head is implied by a dependency" {
    revision 001 ""
    revision b01 "" "CREATE TABLE b (id INTEGER PRIMARY KEY);" "DROP TABLE b;" "depends_on: 001"
    whimbrel upgrade -q
    run -0 whimbrel current --check-heads
}

@test "current --json is an array of revisions" {
    chain
    whimbrel upgrade -q
    run -0 whimbrel current --json
    says '[{"target":"default","revision":"003"'
    says '"applied":{"at":"20'
}
