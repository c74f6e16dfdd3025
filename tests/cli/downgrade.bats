load helper

@test "downgrade takes negative steps, ids and base, on every engine" {
    chain
    for engine in $(engines); do
        on "$engine"
        whimbrel upgrade -q
        run -0 whimbrel downgrade -1
        says "[1/1] down 003"
        says "database is at 002"
        run -0 whimbrel downgrade 001
        says "database is at 001"
        run -0 whimbrel downgrade base
        says "database is at <base>"
    done
}

@test "downgrade -2 may stand before or behind options" {
    chain
    whimbrel upgrade -q
    run -0 whimbrel downgrade --dry-run -2
    says "database would go from 003 to 001"
    run -0 whimbrel downgrade -2 --dry-run
    says "database would go from 003 to 001"
    run -0 whimbrel downgrade --dry-run -- -2
    says "database would go from 003 to 001"
}

@test "downgrade needs a target" {
    fails 2 "downgrade needs TARGET" downgrade
}

@test "downgrade takes one target only" {
    fails 2 'unexpected argument "002"' downgrade 001 002
}

@test "downgrade refuses more steps than there are" {
    chain
    whimbrel upgrade -q 001
    fails 1 "hint:" downgrade -3
}

@test "downgrade refuses a revision that is not applied" {
    chain
    whimbrel upgrade -q 001
    fails 1 "003" downgrade 003
}

@test "downgrade --dry-run --json is one object" {
    chain
    whimbrel upgrade -q
    run -0 whimbrel downgrade -1 --dry-run --json
    [ "$output" = '{"command":"downgrade","target":"default","current":["003"],"steps":[{"revision":"003","direction":"down"}],"heads_after":["002"]}' ]
}

@test "downgrade --sql needs a range, and prints its script" {
    chain
    fails 2 "FROM:TO" downgrade --sql base
    run -0 whimbrel downgrade --sql 003:001
    says "DROP TABLE t_003"
    says "DROP TABLE t_002"
    says_not "DROP TABLE t_001"
}
