load helper

# SQL that takes long on an engine, and can be stopped.
slow_sql() {
    case $1 in
    sqlite) echo "CREATE TABLE n AS WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 4000000000) SELECT count(*) AS i FROM c;" ;;
    postgres) echo "SELECT pg_sleep(120);" ;;
    mariadb) echo "SELECT count(*) FROM seq_1_to_100000 a, seq_1_to_10000000 b;" ;; # DO and SLEEP end without an error
    esac
}

# begin_slow ENGINE - starts an upgrade that takes long; sets `pid`
begin_slow() {
    : >events
    revision 001 "" "$(slow_sql "$1")"
    # bats and non-interactive shells start background jobs with SIGINT ignored
    env --default-signal=INT "$WHIMBREL" upgrade --json >events 2>error &
    pid=$!
    until grep -q '"step_begin"' events; do kill -0 "$pid"; done
}

@test "the first signal stops the statement, and says how to go on, on every engine" {
    for engine in $(engines); do
        for signal in INT TERM HUP; do
            on "$engine"
            begin_slow "$engine"
            kill -"$signal" "$pid"
            code=0
            wait "$pid" || code=$?
            [ "$code" = 1 ]
            [[ $(cat error) == '{"error":{"class":"cancelled",'*'"status":"CANCELLED"'* ]]
            [ "$(wc -l <error)" = 1 ]
            revision 001 ""
            run -0 whimbrel upgrade
            says "database is at 001"
        done
    done
}

@test "in text it says at once that it stops" {
    revision 001 "" "$(slow_sql sqlite)"
    env --default-signal=INT "$WHIMBREL" upgrade -v >out 2>error &
    pid=$!
    until [ -e app.db-journal ] || [ -e app.db-wal ]; do kill -0 "$pid"; done
    kill -INT "$pid"
    code=0
    wait "$pid" || code=$?
    [ "$code" = 1 ]
    grep -q "interrupted: stopping" error
    grep -q "^error: .*cancel" error
}

@test "an ignored SIGHUP stays ignored, as nohup wants it" {
    chain
    env --ignore-signal=HUP "$WHIMBREL" --url postgres://me@127.0.0.1:1/db wait --timeout 2s >out 2>&1 &
    pid=$!
    until grep -q waiting out; do kill -0 "$pid"; done
    kill -HUP "$pid"
    code=0
    wait "$pid" || code=$?
    [ "$code" = 1 ]
    run -0 cat out
    says_not interrupted
}
