load helper

# Every wrong file is found before anything runs, and the error says where it is.

@test "a folder of revisions that is not there" {
    rmdir migrations
    fails 1 "migrations" upgrade
    says "hint:"
    [ ! -e app.db ]
}

@test "a folder that may not be read" {
    needs setpriv
    chain
    chmod 755 "$BATS_TEST_TMPDIR" "$project"
    chmod 700 migrations
    as_nobody=()
    if [ "$(id -u)" = 0 ]; then
        reach_program
        as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    else
        chmod 000 migrations
    fi
    run -1 --separate-stderr "${as_nobody[@]}" "$program" history
    chmod 755 migrations
    says migrations
    says "ermission denied"
}

# Sets `program`: the program at a path that every user may reach.
reach_program() {
    program=$BATS_TEST_TMPDIR/whimbrel
    cp "$WHIMBREL" "$program"
    chmod 755 "$program"
    local folder=$BATS_TEST_TMPDIR
    while [ "$folder" != / ] && [ "$folder" != /tmp ]; do
        chmod o+x "$folder"
        folder=$(dirname "$folder")
    done
}

@test "a file that may not be read" {
    needs setpriv
    chain
    chmod 000 migrations/002.sql
    program=$WHIMBREL
    as_nobody=()
    if [ "$(id -u)" = 0 ]; then
        reach_program
        as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    fi
    run -1 --separate-stderr "${as_nobody[@]}" "$program" history
    says migrations/002.sql
    says "ermission denied"
}

@test "an empty file" {
    chain
    : >migrations/004.sql
    fails 1 migrations/004.sql upgrade
    says "hint:"
    [ ! -e app.db ]
}

@test "a file with NUL bytes" {
    chain
    printf 'SELECT 1;\0\n' >>migrations/002.sql
    fails 1 migrations/002.sql upgrade
    [ ! -e app.db ]
}

@test "a file that is not UTF-8, with its line" {
    chain
    printf 'SELECT 1; -- \xff\n' >>migrations/002.sql
    fails 1 migrations/002.sql:11 upgrade
    [ ! -e app.db ]
}

@test "a byte order mark is passed over" {
    chain
    { printf '\xef\xbb\xbf' && cat migrations/002.sql; } >with
    mv with migrations/002.sql
    run -0 whimbrel upgrade
    says "database is at 003"
}

@test "CRLF line ends are read" {
    chain
    sed -i 's/$/\r/' migrations/*.sql
    run -0 whimbrel upgrade
    says "database is at 003"
    run -0 whimbrel downgrade base
    says "3 revisions undone"
}

@test "a directory named like a revision" {
    chain
    mkdir migrations/004.sql
    fails 1 migrations/004.sql history
}

@test "a loop of symbolic links" {
    chain
    ln -s . migrations/loop
    fails 1 loop history
}

@test "a link that leads nowhere" {
    chain
    ln -s nowhere.sql migrations/004.sql
    fails 1 migrations/004.sql history
}

@test "an unknown key in the header, with its line and the nearest one" {
    chain
    sed -i 's/^-- revises: 001/-- revisse: 001/' migrations/002.sql
    fails 1 "migrations/002.sql:4" history
    says '"revises"'
}

@test "a header without an id" {
    chain
    sed -i '/^-- revision:/d' migrations/002.sql
    fails 1 migrations/002.sql history
    says "revision"
}

@test "an id used by two files names both" {
    chain
    cp migrations/002.sql migrations/002_copy.sql
    fails 1 002_copy.sql history
    says 002.sql
}

@test "a parent that no file has" {
    revision 002 001
    fails 1 migrations/002.sql history
    says '"001"'
}

@test "a cycle is named" {
    revision 001 003
    revision 002 001
    revision 003 002
    fails 1 "cycle" history
    says 001
    says 003
}

@test "a section marker that is misspelt" {
    chain
    sed -i 's/^-- migrate:down/-- migrate:donw/' migrations/002.sql
    fails 1 "migrations/002.sql:9" check
}

@test "a quote that is never closed, with its place" {
    revision 001 "" "INSERT INTO t VALUES ('never closed);"
    fails 1 "migrations/001.sql:7" upgrade
    [ ! -e app.db ] || [ "$(whimbrel current)" = "" ]
}

@test "a project file that is no YAML, with its line" {
    printf 'url: sqlite:a.db\n  broken: [\n' >whimbrel.yaml
    fails 1 "whimbrel.yaml:" status
}

@test "an unknown key in the project file, with the nearest one" {
    printf 'ulr: sqlite:a.db\n' >whimbrel.yaml
    fails 1 "whimbrel.yaml:1" status
    says '"url"'
}

@test "required variables that are missing are all named at once" {
    printf 'require_env: [APP_ONE, APP_TWO]\n' >whimbrel.yaml
    chain
    fails 1 "APP_ONE" upgrade
    says "APP_TWO"
    run -0 whimbrel history
}
