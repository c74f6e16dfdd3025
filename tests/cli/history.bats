load helper

branched() {
    chain
    revision 004 002
    revision 005 "003, 004"
}

@test "history lists revisions newest first, with parents and marks" {
    chain
    run -0 whimbrel history
    [ "$output" = "002 -> 003 (head), revision 003
001 -> 002, revision 002
<base> -> 001, revision 001" ]
}

@test "history -i marks what is current, on every engine" {
    chain
    for engine in $(engines); do
        on "$engine"
        whimbrel upgrade -q 002
        run -0 whimbrel history -i
        says "001 -> 002 (current), revision 002"
    done
}

@test "history without -i asks no database" {
    chain
    DATABASE_URL=postgres://nobody@127.0.0.1:1/none run -0 whimbrel history
    says "003 (head)"
}

@test "history -r shows a range, open on either side" {
    chain
    run -0 whimbrel history -r 002:003
    says "-> 002"
    says_not "-> 001"
    run -0 whimbrel history -r :002
    says_not "-> 003"
    run -0 whimbrel history -r 002:
    says_not "-> 001"
}

@test "history refuses a word that is no range" {
    chain
    fails 1 "hint:" history -r 002
}

@test "history --graph draws branches and merges" {
    branched
    run -0 whimbrel history --graph
    says "*  005 (head) (mergepoint) revision 005"
    says "+-."
    says "+-'"
    says "002 (branchpoint) revision 002"
}

@test "history --graph draws with line characters in a UTF-8 locale" {
    branched
    LC_ALL=C.UTF-8 run -0 whimbrel history --graph
    says $'\xe2\x94\x9c\xe2\x94\x80\xe2\x95\xae'
}

@test "history --json is one array, also with --graph" {
    chain
    run -0 whimbrel history --json --graph
    [[ $output == '[{"target":"default","revision":"003",'* ]]
    says '"revises":["002"]'
}

@test "history of several databases is headed by their names" {
    two_databases
    run -0 whimbrel history
    [ "${lines[0]}" = "auth:" ]
    says "specs:"
}
