load helper

@test "check passes sound files without a database" {
    chain
    DATABASE_URL=postgres://nobody@127.0.0.1:1/none run -0 whimbrel check
    [ "$output" = "3 revisions checked, 0 errors" ]
}

@test "check --database ends with 3 while revisions are pending, on every engine" {
    chain
    for engine in $(engines); do
        on "$engine"
        run -3 whimbrel check --database
        says "3 pending"
        whimbrel upgrade -q
        run -0 whimbrel check --database
        says "0 pending"
    done
}

@test "check finds two heads that nobody merged" {
    chain
    revision 004 002
    run -1 whimbrel check
    says "003"
    says "004"
    says "hint:"
}

@test "check --database finds an edited and a missing file" {
    chain
    whimbrel upgrade -q
    sed -i 's/t_002 (id/t_002 (key/' migrations/002.sql
    run -1 whimbrel check --database
    says migrations/002.sql
    rm migrations/003.sql
    run -1 whimbrel check --database
    says "003"
}

@test "check --json is one array with all findings" {
    chain
    run -3 whimbrel check --database --json
    [[ $output == '[{"target":"default","asked_database":true,"revisions":3,"pending":3,'* ]]
    says '"kind":"pending"'
}

@test "check --quiet says no more than the findings" {
    chain
    run -0 whimbrel check -q
    [ "$output" = "" ]
}
