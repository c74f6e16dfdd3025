load helper

@test "a target that is not known names what could be meant" {
    revision b8a169f37b24 ""
    fails 1 '"b8a169f37b25"' upgrade b8a169f37b25
    says "b8a169f37b24"
}

@test "an id that fits several revisions names them" {
    revision abcd1111 ""
    revision abcd2222 abcd1111
    fails 1 abcd1111 upgrade abcd
    says abcd2222
}

@test "head with two heads names both and says what to do" {
    chain
    revision 004 002
    fails 1 "003" upgrade head
    says "004"
    says "heads"
    says "merge"
}

@test "an applied file that was edited stops a run, on every engine" {
    chain
    for engine in $(engines); do
        on "$engine"
        revision 003 002
        whimbrel upgrade -q
        sed -i 's/t_003 (id/t_003 (key/' migrations/003.sql
        revision 004 003
        fails 1 "migrations/003.sql" upgrade
        says "edited"
        says "hint:"
        rm migrations/004.sql
    done
}

@test "a cosmetic edit of an applied file does not stop a run" {
    chain
    whimbrel upgrade -q
    printf '\n-- a comment\n' >>migrations/003.sql
    revision 004 003
    run -0 whimbrel upgrade
    says "1 revision applied"
}

@test "an applied file that is missing stops a run" {
    chain
    whimbrel upgrade -q
    rm migrations/003.sql
    revision 004 002
    fails 1 '"003"' upgrade
    says "hint:"
}

@test "a statement that fails is shown in its file, on every engine" {
    chain
    revision 004 003 "CREATE TABLE fine (id INTEGER PRIMARY KEY);

CREATE TABLE good (id INTEGER PRIMARY KEY);
INSERT INTO nowhere (id) VALUES (1);"
    for engine in $(engines); do
        on "$engine"
        run -1 --separate-stderr whimbrel upgrade
        says " --> migrations/004.sql:10"
        says "10 | INSERT INTO nowhere"
        run -0 whimbrel current
        [ "$output" = "003 (current)" ]
    done
}

@test "the caret stands under the place that the server names" {
    revision 001 "" "SELECT 1,
    nothing_like_this
;"
    for engine in $(engines); do
        [ "$engine" != mariadb ] || continue # its errors have no column
        on "$engine"
        run -1 --separate-stderr whimbrel upgrade
        says "migrations/001.sql:8:5"
        says " 8 |     nothing_like_this
   |     ^"
    done
}

@test "an error in JSON is one object with all its parts" {
    revision 001 "" "INSERT INTO nowhere (id) VALUES (1);"
    run -1 --separate-stderr whimbrel upgrade --json
    [[ $stderr == '{"error":{"class":"query",'*'"file":"migrations/001.sql","line":7,'*'"status":"QUERY"'*'}}' ]]
}

@test "a database file that may not be written" {
    needs setpriv
    chain
    whimbrel upgrade -q 001
    chmod 444 app.db
    chmod 555 .
    program=$WHIMBREL
    as_nobody=()
    if [ "$(id -u)" = 0 ]; then
        program=$BATS_TEST_TMPDIR/whimbrel
        cp "$WHIMBREL" "$program"
        folder=$BATS_TEST_TMPDIR
        while [ "$folder" != / ] && [ "$folder" != /tmp ]; do
            chmod o+rx "$folder"
            folder=$(dirname "$folder")
        done
        as_nobody=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    fi
    run -1 --separate-stderr "${as_nobody[@]}" "$program" upgrade
    chmod 755 .
    says "error: "
    says "app.db"
    run -0 whimbrel current
    [ "$output" = "001 (current)" ]
}

@test "a file that is no database" {
    chain
    printf 'this is not a database, but a text that is long enough to be looked at\n%.0s' 1 2 3 4 5 6 7 8 9 >app.db
    fails 1 "app.db" upgrade
}

@test "a server that is not there" {
    chain
    DATABASE_URL=postgres://me@127.0.0.1:1/db fails 1 "127.0.0.1" upgrade
    says_not "while while"
    DATABASE_URL=mariadb://me@127.0.0.1:1/db fails 1 "127.0.0.1" upgrade
}

@test "a database that is not there, on every server" {
    chain
    for engine in $(engines); do
        [ "$engine" != sqlite ] || continue
        on "$engine"
        DATABASE_URL=${DATABASE_URL%/*}/no_such_database fails 1 "no_such_database" upgrade
    done
}

@test "a ledger of a newer version is left alone" {
    needs sqlite3
    chain
    whimbrel upgrade -q 001
    sqlite3 app.db "UPDATE whimbrel_journal SET statement = 99 WHERE event = 'ledger'"
    fails 1 "newer" upgrade
    says "hint:"
}

@test "no database at all is said with what to set" {
    unset DATABASE_URL
    chain
    fails 1 "DATABASE_URL" status
}

@test "a disk that is full undoes what was not committed, and the next run goes on" {
    mkdir small
    revision 001 ""
    revision 002 001 "CREATE TABLE big (t text);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000)
INSERT INTO big SELECT hex(randomblob(500)) FROM n;" "DROP TABLE big;"
    local as_root=()
    if [ "$(id -u)" != 0 ]; then as_root=(--map-root-user); fi
    # shellcheck disable=SC2016 # expanded by the inner shell
    run -0 --separate-stderr unshare --mount "${as_root[@]}" bash -ec '
        mount -t tmpfs -o size=300k none small
        code=0
        "$WHIMBREL" --url sqlite:small/app.db upgrade || code=$?
        [ "$code" -eq 1 ]
        [ "$(sqlite3 small/app.db "PRAGMA integrity_check")" = ok ]
        [ -z "$("$WHIMBREL" --url sqlite:small/app.db current -q)" ]
        mount -o remount,size=20m small
        "$WHIMBREL" --url sqlite:small/app.db upgrade -q
        "$WHIMBREL" --url sqlite:small/app.db current'
    says "database or disk is full"
    says "Free some space"
    says "002 (head)"
}
