load helper

@test "wait ends as soon as the database answers, on every engine" {
    for engine in $(engines); do
        on "$engine"
        run -0 whimbrel wait --timeout 10s
        says "default: ready"
    done
}

@test "wait gives up after its time, and says on what it waited" {
    DATABASE_URL=postgres://nobody@127.0.0.1:1/none fails 1 "127.0.0.1" wait --timeout 200ms
}

@test "wait sees a server that comes up meanwhile" {
    export DATABASE_URL=sqlite:late/app.db
    whimbrel wait --timeout 20s >out 2>&1 &
    until grep -q "waiting" out; do kill -0 $!; done
    mkdir late
    wait $!
    grep -q "default: ready" out
}

@test "wait refuses a time it cannot read" {
    fails 2 "500ms, 10s, 2m or 1h" wait --timeout soon
}
