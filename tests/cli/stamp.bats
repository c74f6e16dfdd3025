load helper

@test "stamp records without running, on every engine" {
    chain
    for engine in $(engines); do
        on "$engine"
        run -0 whimbrel stamp 002
        says "2 revisions recorded"
        run -0 whimbrel current
        says "002 (current)"
        run -0 whimbrel stamp base
        says "2 revisions forgotten"
    done
}

@test "stamp --dry-run changes nothing" {
    chain
    run -0 whimbrel stamp head --dry-run
    says "record 003"
    run -0 whimbrel current
    [ "$output" = "" ]
}

@test "stamp accepts an edited file" {
    chain
    whimbrel upgrade -q
    sed -i 's/t_002 (id/t_002 (key/' migrations/002.sql
    revision 004 003
    fails 1 "edited" upgrade
    whimbrel stamp -q current
    run -0 whimbrel upgrade
    says "1 revision applied"
}

@test "stamp --purge forgets what the files do not know" {
    chain
    whimbrel upgrade -q
    rm migrations/003.sql
    fails 1 "003" stamp 002
    run -0 whimbrel stamp --purge 002
    run -0 whimbrel current
    [ "$output" = "002 (head) (current)" ]
}

@test "stamp --sql prints SQL and connects to nothing" {
    chain
    DATABASE_URL=postgres://nobody@127.0.0.1:1/none run -0 whimbrel stamp --sql 001
    says "001"
    says "INSERT INTO"
}

@test "stamp needs a target" {
    fails 2 "stamp needs TARGET" stamp
}
