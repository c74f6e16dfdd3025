load helper

@test "heads shows where lines end, with labels" {
    revision 001 "" "CREATE TABLE a (id INTEGER PRIMARY KEY);" "DROP TABLE a;" "branch_labels: auth"
    revision 002 001
    revision b01 ""
    run -0 whimbrel heads
    says "002 (auth) (head)"
    says "b01 (head)"
}

@test "heads --resolve-dependencies leaves out heads that others depend on" {
    revision 001 ""
    revision b01 "" "CREATE TABLE b (id INTEGER PRIMARY KEY);" "DROP TABLE b;" "depends_on: 001"
    run -0 whimbrel heads
    says "001 (effective head)"
    run -0 whimbrel heads --resolve-dependencies
    [ "$output" = "b01 (head)" ]
}

@test "branches shows forks with their children" {
    chain
    revision 004 002
    run -0 whimbrel branches
    [ "$output" = "002 (branchpoint)
    -> 003
    -> 004" ]
}

@test "branches prints nothing where the history does not fork" {
    chain
    run -0 whimbrel branches
    [ "$output" = "" ]
    run -0 whimbrel branches --json
    [ "$output" = "[]" ]
}

@test "show takes ids, prefixes, head and several symbols" {
    revision b8a169f37b24 ""
    revision 2963c4558295 b8a169f37b24
    run -0 whimbrel show head
    says "Revision    2963c4558295 (head)"
    says "Revises     b8a169f37b24"
    says "File        migrations/2963c4558295.sql"
    run -0 whimbrel show b8a1
    says "Revised by  2963c4558295"
    run -0 whimbrel show b8a1 2963
    says "Message     revision b8a169f37b24"
    says "Message     revision 2963c4558295"
}

@test "show refuses what it does not know" {
    chain
    fails 1 '"00x"' show 00x
}

@test "merge joins all heads" {
    chain
    revision 004 002
    run -0 whimbrel merge -m "join" --rev-id 005
    says "005 (head) (mergepoint), join"
    run -0 whimbrel heads
    [ "$output" = "005 (head) (mergepoint)" ]
    run -0 whimbrel upgrade
    says "database is at 005"
}

@test "merge refuses a history with one head" {
    chain
    fails 2 "hint:" merge -m join
}
