load helper

# The statement that keeps a runner busy for a minute, on each engine.
busy_statement() {
    case $1 in
    sqlite)
        echo "CREATE TABLE busy AS WITH RECURSIVE c(n) AS
 (SELECT 4711 UNION ALL SELECT n + 1 FROM c WHERE n < 200000000) SELECT count(*) FROM c;"
        ;;
    postgres) echo "SELECT pg_sleep(60), 'a secret', 4711;" ;;
    mariadb) echo "DO SLEEP(60), 'a secret', 4711;" ;;
    esac
}

# begin_holding ENGINE - a runner that holds the lock, and is at the statement; sets holder
begin_holding() {
    on "$1"
    revision r1 "" "$(busy_statement "$1")"
    "$WHIMBREL" upgrade >holder.out 2>&1 3>&- &
    holder=$!
    until "$WHIMBREL" locks --json 2>/dev/null | grep -q '"held":true' && is_at_work "$1"; do
        kill -0 "$holder"
    done
}

# Has the holder's statement come to the server?
is_at_work() {
    [ "$1" = sqlite ] || "$WHIMBREL" locks | grep -qi "statement .*sleep"
}

end_holding() {
    kill "$holder"
    wait "$holder" || true
}

@test "locks shows a free lock, before and after a run, on every engine" {
    for engine in $(engines); do
        on "$engine"
        revision 001 ""
        run -0 whimbrel locks
        [ "$output" = "default: free" ]
        whimbrel upgrade -q
        run -0 whimbrel locks
        [ "$output" = "default: free" ]
    done
}

@test "locks makes no SQLite file, and leaves none behind" {
    run -0 whimbrel locks
    [ "$output" = "default: free" ]
    [ ! -e app.db ]
    chain
    whimbrel upgrade -q
    whimbrel locks -q
    [ ! -e app.db-journal ]
    [ ! -e app.db-wal ]
}

@test "locks shows who holds the lock and what the holder does, on every server" {
    for engine in $(engines); do
        [ "$engine" != sqlite ] || continue
        begin_holding "$engine"
        run -0 whimbrel locks
        end_holding
        [[ ${lines[0]} =~ ^"default: held for "[0-9.]+" "m?s" by "(pid|connection)" "[0-9]+$ ]]
        says "  run        upgrade, by $(id -un) on $(hostname)"
        says "  user       "
        says "  client     "
        says "  state      "
        if [ "$engine" = postgres ]; then
            says "  program    whimbrel upgrade"
            says "  waits for  Timeout: PgSleep"
            says "  statement  SELECT pg_sleep(60), '...', 4711"
        else
            says "  statement  DO SLEEP(60), '...', 4711"
        fi
        says_not "a secret"
    done
}

@test "locks gives the same to programs, on every server" {
    for engine in $(engines); do
        [ "$engine" != sqlite ] || continue
        begin_holding "$engine"
        run -0 --separate-stderr whimbrel locks --json
        end_holding
        python3 - "$output" <<'PY'
import json, sys
[lock] = json.loads(sys.argv[1])
assert lock["target"] == "default" and lock["held"] is True and lock["kind"] == "session", lock
assert lock["connection"] > 0 and lock["command"] == "upgrade", lock
assert 0 <= lock["held_ms"] < 60000 and 0 <= lock["state_ms"] < 60000, lock
assert "sleep(60)" in lock["statement"].lower(), lock
assert lock["token"] is None and lock["heartbeat_age_ms"] is None, lock
PY
    done
}

@test "locks sees a runner that writes to a SQLite file" {
    begin_holding sqlite
    run -0 whimbrel locks
    end_holding
    says "by process $holder"
    says "program    whimbrel upgrade"
    run -0 whimbrel locks
    [ "$output" = "default: free" ]
}

@test "locks sees a program of another kind that writes to the SQLite file" {
    revision 001 ""
    run -0 whimbrel upgrade
    mkfifo go
    sqlite3 app.db <go >held 3>&- &
    exec 4>go
    printf 'BEGIN IMMEDIATE;\nSELECT 1;\n' >&4
    until grep -q 1 held; do :; done
    run -0 whimbrel locks
    exec 4>&-
    wait
    says "default: held: "
}

@test "who waits for the lock is told for how long it has been held, on every server" {
    for engine in $(engines); do
        [ "$engine" != sqlite ] || continue
        begin_holding "$engine"
        run --separate-stderr -5 whimbrel --lock-timeout 100ms upgrade
        end_holding
        [[ $stderr =~ "waiting: "(pid|connection)" "[0-9]+" (user ".*", held for "[0-9]+" s)" ]]
        says "error: another runner holds the migration lock: "
    done
}

@test "locks of several databases are told one by one" {
    two_databases
    run -0 whimbrel locks
    [ "$output" = "auth: free
specs: free" ]
}
