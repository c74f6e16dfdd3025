# What only SQLite needs: rebuilds of tables, views and triggers, the locks of its file.
load helper

sql() { sqlite3 -cmd ".timeout 5000" app.db "$@"; }

# Parents 1 and 2, a child of each that goes with its parent.
family() {
    needs sqlite3
    revision 001 "" "CREATE TABLE parent (id INTEGER PRIMARY KEY, a);
CREATE TABLE child (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES parent ON DELETE CASCADE);
INSERT INTO parent VALUES (1, 'x'), (2, 'y');
INSERT INTO child VALUES (10, 1), (20, 2);" "DROP TABLE child; DROP TABLE parent;"
}

rebuild="CREATE TABLE parent_new (id INTEGER PRIMARY KEY, a NOT NULL, b);
INSERT INTO parent_new SELECT id, a, 'new' FROM parent;
DROP TABLE parent;
ALTER TABLE parent_new RENAME TO parent;"

rename_first="ALTER TABLE parent RENAME TO parent_old;
CREATE TABLE parent (id INTEGER PRIMARY KEY, a NOT NULL, b);
INSERT INTO parent SELECT id, a, 'new' FROM parent_old;
DROP TABLE parent_old;"

recreate="CREATE TEMP TABLE saved AS SELECT * FROM parent;
DROP TABLE parent;
CREATE TABLE parent (id INTEGER PRIMARY KEY, a NOT NULL, b);
INSERT INTO parent SELECT id, a, 'new' FROM saved;
DROP TABLE saved;"

@test "a rebuilt table keeps the rows that refer to it, however it is rebuilt" {
    local way
    for way in "$rebuild" "$rename_first" "$recreate" "PRAGMA foreign_keys = OFF;
$rebuild
PRAGMA foreign_keys = ON;"; do
        rm -f app.db
        family
        revision 002 001 "$way" "SELECT 1;"
        revision 003 002 "INSERT INTO child VALUES (30, 2);" "SELECT 1;"
        run -0 whimbrel upgrade
        says "3 revisions applied"
        [ "$(sql "SELECT group_concat(id) FROM child")" = "10,20,30" ]
        [ "$(sql "SELECT group_concat(b) FROM parent")" = "new,new" ]
        [ "$(sql "SELECT \"table\" FROM pragma_foreign_key_list('child')")" = parent ]
        [ -z "$(sql "PRAGMA foreign_key_check")" ]
    done
}

@test "a rebuild on the way down keeps the rows that refer to it too" {
    family
    revision 002 001 "ALTER TABLE parent ADD COLUMN b;" "$rebuild"
    whimbrel upgrade -q
    run -0 whimbrel downgrade 001
    [ "$(sql "SELECT group_concat(id) FROM child")" = "10,20" ]
}

@test "a rebuild that loses a row that others refer to is rolled back, and says which" {
    family
    revision 002 001 "${rebuild/FROM parent;/FROM parent WHERE id = 1;}" "SELECT 1;"
    fails 1 'revision "002" leaves 1 row that refers to nothing' upgrade
    says 'row 20 of "child" refers to "parent"'
    says "migrations/002.sql"
    says "Nothing of this revision was kept"
    [ "$(sql "SELECT group_concat(id) FROM child")" = "10,20" ]
    [ "$(sql "SELECT count(*) FROM parent")" = 2 ]
    run -0 whimbrel current
    says "001"
    revision 002 001 "$rebuild" "SELECT 1;"
    run -0 whimbrel upgrade
}

@test "what referred to nothing before the step does not make it fail" {
    family
    whimbrel upgrade -q
    sql "PRAGMA foreign_keys = OFF; INSERT INTO child VALUES (40, 99), (50, 98)"
    revision 002 001 "$rebuild" "SELECT 1;"
    run -0 whimbrel upgrade
    revision 003 002 "PRAGMA foreign_keys = OFF; DELETE FROM parent WHERE id = 1;" "SELECT 1;"
    fails 1 "leaves 1 row" upgrade
    says 'row 10 of "child"'
}

@test "rows of a rebuilt table may get other numbers" {
    needs sqlite3
    revision 001 "" "CREATE TABLE p (id TEXT PRIMARY KEY);
CREATE TABLE c (id TEXT PRIMARY KEY, p REFERENCES p);
INSERT INTO p VALUES ('a');" "SELECT 1;"
    whimbrel upgrade -q
    sql "PRAGMA foreign_keys = OFF; INSERT INTO c VALUES ('x', 'a'), ('y', 'gone'), ('z', 'a');
        DELETE FROM c WHERE id = 'x'"
    revision 002 001 "CREATE TABLE n (id TEXT PRIMARY KEY, p REFERENCES p, q);
INSERT INTO n SELECT id, p, 1 FROM c;
DROP TABLE c;
ALTER TABLE n RENAME TO c;" "SELECT 1;"
    run -0 whimbrel upgrade
}

@test "foreign keys are on again after a rebuild, also after one that failed" {
    family
    revision 002 001 "$rebuild" "SELECT 1;"
    revision 003 002 "INSERT INTO child VALUES (30, 99);" "SELECT 1;"
    fails 1 "FOREIGN KEY constraint failed" upgrade
    run -0 whimbrel current
    says "002"
}

@test "a rebuild that is left to the file is checked too, with and without its own transaction" {
    local way lossy="${rebuild/FROM parent;/FROM parent WHERE id = 1;}"
    for way in "$rebuild" "PRAGMA foreign_keys = OFF;
BEGIN;
$rebuild
COMMIT;
PRAGMA foreign_keys = ON;"; do
        rm -f app.db
        family
        revision 002 001 "$way" "SELECT 1;"
        sed -i 's/^-- migrate:up$/-- migrate:up transaction:false/' migrations/002.sql
        run -0 whimbrel upgrade
        [ "$(sql "SELECT group_concat(id) FROM child")" = "10,20" ]
    done
    rm -f app.db
    family
    revision 002 001 "BEGIN;
$lossy
COMMIT;" "SELECT 1;"
    sed -i 's/^-- migrate:up$/-- migrate:up transaction:false/' migrations/002.sql
    fails 1 'row 20 of "child" refers to "parent"' upgrade
    [ "$(sql "SELECT count(*) FROM parent")" = 2 ]
    revision 002 001 "$rebuild" "SELECT 1;"
    run -0 whimbrel upgrade
}

@test "a rebuild and its row in the ledger are one transaction" {
    family
    whimbrel upgrade -q
    sql "CREATE TRIGGER no BEFORE INSERT ON whimbrel_history BEGIN SELECT RAISE(ABORT, 'no'); END"
    revision 002 001 "$rebuild" "SELECT 1;"
    fails 1 "no" upgrade
    [ "$(sql "SELECT count(*) FROM pragma_table_info('parent') WHERE name = 'b'")" = 0 ]
    [ "$(sql "SELECT count(*) FROM child")" = 2 ]
    sql "DROP TRIGGER no"
    run -0 whimbrel upgrade
    [ "$(sql "SELECT count(*) FROM child")" = 2 ]
}

@test "one transaction for the whole run refuses a rebuild before anything is done" {
    family
    revision 002 001 "$rebuild" "SELECT 1;"
    fails 1 'revision "002" must run without foreign keys' upgrade --transaction all
    says "--transaction each"
    [ ! -f app.db ]
}

@test "a view on a table that is rebuilt is told what to do" {
    family
    revision 002 001 "CREATE VIEW names AS SELECT a FROM parent;" "DROP VIEW names;"
    revision 003 002 "$rebuild" "SELECT 1;"
    fails 1 "error in view names" upgrade
    says "drop this one before, and create it again after"
    revision 003 002 "DROP VIEW names;
$rebuild
CREATE VIEW names AS SELECT a, b FROM parent;" "SELECT 1;"
    run -0 whimbrel upgrade
    revision 004 003 "PRAGMA legacy_alter_table = ON;
$rebuild" "SELECT 1;"
    run -0 whimbrel upgrade
    [ "$(sql "SELECT count(*) FROM child")" = 2 ]
}

@test "pragmas of one revision do not reach the next" {
    needs sqlite3
    revision 001 "" "PRAGMA ignore_check_constraints = ON;
CREATE TABLE t (a CHECK (a > 0));
INSERT INTO t VALUES (-1);" "SELECT 1;"
    revision 002 001 "INSERT INTO t VALUES (-2);" "SELECT 1;"
    fails 1 "CHECK constraint failed" upgrade
    revision 002 001 "PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY;" "SELECT 1;"
    revision 003 002 "CREATE TABLE seen AS SELECT
(SELECT synchronous FROM pragma_synchronous) AS s, (SELECT journal_mode FROM pragma_journal_mode) AS j;" \
        "DROP TABLE seen;"
    run -0 whimbrel upgrade
    [ "$(sql "SELECT s, j FROM seen")" = "2|delete" ]
}

# ---- views and triggers ----

@test "a column that a trigger uses cannot go away unnoticed" {
    needs sqlite3
    revision 001 "" "CREATE TABLE t (id INTEGER PRIMARY KEY, a, b);
CREATE TABLE log (x);
CREATE TRIGGER on_insert AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.b); END;" "SELECT 1;"
    revision 002 001 "ALTER TABLE log ADD COLUMN y;" "SELECT 1;"
    fails 1 'the trigger "on_insert" no longer works: table log has 2 columns' upgrade
    says "migrations/002.sql"
    says "Change or drop it in this section"
    says "Nothing of this revision was kept"
    [ "$(sql "SELECT count(*) FROM pragma_table_info('log')")" = 1 ]
    run -0 whimbrel current
    says "001"
    revision 002 001 "ALTER TABLE log ADD COLUMN y;
DROP TRIGGER on_insert;
CREATE TRIGGER on_insert AFTER INSERT ON t BEGIN INSERT INTO log (x) VALUES (new.b); END;" "SELECT 1;"
    run -0 whimbrel upgrade
}

@test "each kind of trigger is compiled, and only the one at fault is named" {
    needs sqlite3
    local event on
    for event in "AFTER INSERT ON t" "BEFORE UPDATE OF a ON t" "AFTER DELETE ON t" \
        "INSTEAD OF INSERT ON v" "INSTEAD OF UPDATE ON v" "INSTEAD OF DELETE ON v"; do
        rm -f app.db
        on=${event#* }
        revision 001 "" "CREATE TABLE t (id INTEGER PRIMARY KEY, a, g AS (a + 1));
CREATE VIEW v AS SELECT id, a FROM t;
CREATE TABLE gone (x);
CREATE TABLE kept (x);
CREATE TRIGGER fine AFTER ${on#OF } BEGIN INSERT INTO kept VALUES (1); END;
CREATE TRIGGER bad $event BEGIN INSERT INTO gone VALUES (1); END;" "SELECT 1;"
        if [[ $event == INSTEAD* ]]; then sed -i '/TRIGGER fine/d' migrations/001.sql; fi
        revision 002 001 "DROP TABLE gone;" "SELECT 1;"
        fails 1 'the trigger "bad" no longer works: no such table: main.gone' upgrade
        says_not '"fine"'
    done
}

@test "a view that no longer compiles makes the revision fail" {
    needs sqlite3
    revision 001 "" "CREATE TABLE t (a); CREATE TABLE u (b);
CREATE VIEW v AS SELECT a FROM t JOIN u; CREATE VIEW w AS SELECT * FROM v;" "SELECT 1;"
    revision 002 001 "ALTER TABLE u ADD COLUMN a;" "SELECT 1;"
    fails 1 'the view "v" no longer works: ambiguous column name: a' upgrade
    says 'view "w"'
    revision 002 001 "CREATE VIEW x AS SELECT absent FROM t;" "SELECT 1;"
    fails 1 'the view "x" does not work: no such column: absent' upgrade
    revision 002 001 "DROP TABLE t; DROP VIEW w; DROP VIEW v;" "SELECT 1;"
    run -0 whimbrel upgrade
}

@test "what was broken before the run is a warning, and does not stop it" {
    needs sqlite3
    revision 001 "" "CREATE TABLE t (a); CREATE TABLE u (b);" "SELECT 1;"
    whimbrel upgrade -q
    sql "CREATE VIEW v AS SELECT c FROM t; CREATE TRIGGER r AFTER INSERT ON t
        BEGIN INSERT INTO nowhere VALUES (1); END"
    revision 002 001 "ALTER TABLE u ADD COLUMN c;" "SELECT 1;"
    run -0 --separate-stderr whimbrel upgrade
    says "did not work before this run"
    says "1 revision applied"
}

@test "what needs a function of the application is not taken for broken" {
    revision 001 "" "CREATE TABLE t (a); CREATE VIEW v AS SELECT of_application(a) FROM t;
CREATE TRIGGER r AFTER INSERT ON t BEGIN SELECT of_application(new.a); END;" "SELECT 1;"
    revision 002 001 "ALTER TABLE t ADD COLUMN b;" "SELECT 1;"
    run -0 whimbrel upgrade
    says_not "warning"
}

# ---- locks ----

# holds SQL - another process runs it on app.db and waits; `release` ends it
holds() {
    mkfifo hold
    sqlite3 app.db <hold >held 2>&1 &
    holder=$!
    exec 9>hold
    printf '%s\n.print held\n' "$1" >&9
    until grep -q held held; do kill -0 $holder; done
}

release() {
    exec 9>&-
    wait $holder
    rm -f hold
}

@test "a writer elsewhere is waited for, and named, in both journal modes" {
    needs sqlite3
    local mode
    for mode in delete wal; do
        rm -f app.db*
        chain
        whimbrel upgrade -q 001
        sql "PRAGMA journal_mode = $mode"
        holds "BEGIN IMMEDIATE; CREATE TABLE x_$mode (a);"
        fails 5 "process $holder (sqlite3) is writing to the database file" upgrade --lock-timeout 200ms
        says "Waited 0.2 s"
        whimbrel upgrade >out 2>&1 9>&- &
        until grep -q "process $holder (sqlite3)" out; do kill -0 $!; done
        echo "COMMIT;" >&9
        wait $!
        release
        grep -q "2 revisions applied" out
        [ "$(sql "SELECT count(*) FROM sqlite_master WHERE name = 'x_$mode'")" = 1 ]
    done
}

@test "a reader in WAL mode stops nobody" {
    needs sqlite3
    chain
    whimbrel upgrade -q 001
    sql "PRAGMA journal_mode = wal"
    holds "BEGIN; SELECT count(*) FROM t_001;"
    run -0 whimbrel upgrade --lock-timeout 0
    says "2 revisions applied"
    says_not "waiting"
    echo "SELECT count(*) FROM sqlite_master WHERE name = 't_002';" >&9
    release
    [ "$(tail -n 1 held)" = 0 ]
}

@test "a transaction of the file's own whose snapshot is outdated is tried again as a whole" {
    needs sqlite3
    revision 001 "" "CREATE TABLE t (a); CREATE TABLE copied (n);" "SELECT 1;"
    whimbrel upgrade -q
    sql "PRAGMA journal_mode = wal"
    # The long SELECT holds the snapshot while the others commit.
    revision 002 001 "BEGIN;
SELECT count(*) FROM t, (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 3000000)
    SELECT max(i) FROM n);
INSERT INTO copied SELECT count(*) FROM t;
COMMIT;" "SELECT 1;"
    sed -i 's/^-- migrate:up$/-- migrate:up transaction:false/' migrations/002.sql
    whimbrel upgrade >out 2>&1 &
    local runner=$!
    until grep -q "trying again" out; do
        kill -0 $runner
        sql "INSERT INTO t VALUES (1)"
    done
    wait $runner
    grep -q "1 revision applied" out
    [ "$(sql "SELECT count(*) FROM copied")" = 1 ]
    [ "$(sql "SELECT n FROM copied")" = "$(sql "SELECT count(*) FROM t")" ]
}

@test "a reader without WAL keeps the commit waiting, and the whole transaction is tried again" {
    needs sqlite3
    chain
    whimbrel upgrade -q 001
    holds "BEGIN; SELECT count(*) FROM t_001;"
    WHIMBREL_LOCK_TIMEOUT=100ms WHIMBREL_LOCK_RETRIES=1 fails 1 "locked" upgrade
    says "process $holder (sqlite3) is reading the database file"
    [ "$(sql "SELECT count(*) FROM sqlite_master WHERE name = 't_002'")" = 0 ]
    WHIMBREL_LOCK_TIMEOUT=100ms WHIMBREL_LOCK_RETRIES=1000 whimbrel upgrade >out 2>&1 9>&- &
    until grep -q "locked" out; do kill -0 $!; done
    release
    wait $!
    grep -q "2 revisions applied" out
    run -0 whimbrel current
    says "003"
}

@test "the journal of a run that was killed is rolled back by the next" {
    needs sqlite3
    revision 001 "" "CREATE TABLE t (a); INSERT INTO t VALUES (1);" "DROP TABLE t;"
    whimbrel upgrade -q
    revision 002 001 "PRAGMA cache_size = 5;
UPDATE t SET a = 2;
CREATE TABLE big (b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
INSERT INTO big SELECT hex(randomblob(500)) FROM n;" "SELECT 1;"
    "$WHIMBREL" upgrade >out 2>&1 &
    local runner=$! before
    before=$(stat -c %s app.db)
    # What does not fit the cache is written to the file: from then on its journal is needed.
    until [ "$(stat -c %s app.db)" -gt $((before + 100000)) ]; do kill -0 $runner; done
    kill -9 $runner
    wait $runner || true
    [ -s app.db-journal ]
    revision 002 001 "CREATE TABLE big (b);" "DROP TABLE big;"
    run -0 whimbrel upgrade
    says "1 revision applied"
    [ "$(sql "SELECT a FROM t; SELECT count(*) FROM big; PRAGMA integrity_check")" = "1
0
ok" ]
}

@test "a writer that keeps even readers out is waited for, and named" {
    needs sqlite3
    chain
    whimbrel upgrade -q 001
    holds "BEGIN EXCLUSIVE;"
    fails 5 "process $holder (sqlite3) is writing to the database file" upgrade --lock-timeout 200ms
    whimbrel upgrade >out 2>&1 9>&- &
    until grep -q "process $holder (sqlite3)" out; do kill -0 $!; done
    release
    wait $!
    grep -q "2 revisions applied" out
}

# ---- files that cannot be written ----

# as_user COMMAND... - as somebody who is not root
as_user() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; else "$@"; fi
}

open_for_all() {
    local folder=$PWD
    chmod a+rw app.db
    while [ "$folder" != / ] && [ "$folder" != /tmp ]; do
        chmod a+rx "$folder"
        folder=$(dirname "$folder")
    done
    chmod -R a+rX .
}

@test "a file that may not be written is said before anything is tried" {
    needs setpriv
    chain
    whimbrel upgrade -q 001
    open_for_all
    chmod a-w app.db
    chmod a+w .
    run --separate-stderr -1 as_user "$WHIMBREL" upgrade
    says "app.db\" cannot be written"
    says "hint: Run as the user who owns the database"
    says_not "attempt to write"
    run -0 as_user "$WHIMBREL" upgrade --dry-run
}

@test "a folder that may not be written is said before anything is tried" {
    needs setpriv
    chain
    whimbrel upgrade -q 001
    open_for_all
    chmod a-w .
    run --separate-stderr -1 as_user "$WHIMBREL" upgrade
    chmod u+w .
    says "the folder \"$PWD\" cannot be written"
    says "for the journal"
}

@test "a disk that is read-only is said before anything is tried" {
    mkdir small
    chain
    local as_root=()
    if [ "$(id -u)" != 0 ]; then as_root=(--map-root-user); fi
    # shellcheck disable=SC2016 # expanded by the inner shell
    run --separate-stderr -1 unshare --mount "${as_root[@]}" bash -ec '
        mount -t tmpfs none small
        "$WHIMBREL" --url sqlite:small/app.db upgrade -q 001
        mount -o remount,ro small
        "$WHIMBREL" --url sqlite:small/app.db upgrade'
    says "cannot be written"
    says "a file system that is read-only"
    says "hint: Mount it for writing"
}

@test "a URL that allows only reading is said before anything is tried" {
    chain
    whimbrel upgrade -q 001
    DATABASE_URL="sqlite:app.db?mode=ro" fails 1 "opened for reading only" upgrade
    says "mode=ro"
}

@test "a file that may grow no more loses nothing, and the next run goes on" {
    needs sqlite3
    family
    revision 002 001 "CREATE TABLE small (a);" "DROP TABLE small;"
    revision 003 002 "PRAGMA max_page_count = 30;
CREATE TABLE big (b);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000)
INSERT INTO big SELECT hex(randomblob(500)) FROM n;" "SELECT 1;"
    fails 1 "database or disk is full" upgrade
    [ "$(sql "PRAGMA integrity_check; SELECT count(*) FROM sqlite_master WHERE name = 'big'")" = "ok
0" ]
    [ "$(sql "SELECT count(*) FROM whimbrel_history")" = "$(sql \
        "SELECT count(*) FROM sqlite_master WHERE name IN ('parent', 'small')")" ]
    revision 003 002 "CREATE TABLE big (b);" "SELECT 1;"
    run -0 whimbrel upgrade
    [ "$(sql "SELECT count(*) FROM child")" = 2 ]
}
