load helper

@test "revision follows the head and prints the path" {
    revision 001 ""
    run -0 whimbrel revision -m "add posts" --rev-id 002
    says "001 -> 002 (head), add posts"
    [ -f "${lines[1]}" ]
    grep -q "^-- revises: 001" "${lines[1]}"
}

@test "revision begins a second line with a label and a dependency" {
    revision 001 ""
    run -0 whimbrel revision -m billing --head base --branch-label billing --depends-on 001 \
        --rev-id b01 -q
    grep -q "^-- branch_labels: billing" "$output"
    grep -q "^-- depends_on: 001" "$output"
    run -0 whimbrel heads
    says "b01 (billing) (head)"
}

@test "revision refuses two heads and names them" {
    chain
    revision 004 002
    fails 1 "hint:" revision -m x
    says 003
    says 004
}

@test "revision refuses a parent that is no head, unless --splice" {
    chain
    fails 1 "001" revision -m x --head 001
    run -0 whimbrel revision -m x --head 001 --splice
}

@test "revision refuses an id that is used" {
    chain
    fails 2 "002" revision -m x --rev-id 002
}

@test "revision refuses an id with other characters" {
    fails 2 "a-b" revision -m x --rev-id a-b
}

@test "revision --edit opens the file in VISUAL, with arguments and quotes" {
    cat >"$BATS_TEST_TMPDIR/my editor" <<'SH'
#!/bin/sh
printf '%s|' "$@" >editor.log
SH
    chmod +x "$BATS_TEST_TMPDIR/my editor"
    VISUAL="'$BATS_TEST_TMPDIR/my editor' --wait \"two words\"" run -0 whimbrel revision -q -m x --edit
    says "migrations/"
    [ "$(cat editor.log)" = "--wait|two words|${lines[0]}|" ]
}

@test "revision needs one database of several" {
    two_databases
    fails 2 "--only auth, --only specs" revision -m x
    run -0 whimbrel revision -m x --only specs
    says "b/"
}
