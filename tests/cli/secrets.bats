load helper

@test "a password of --url shows nowhere in the output" {
    chain
    for words in "upgrade" "status" "config" "config --json" "upgrade --json" "check --database"; do
        # shellcheck disable=SC2086 # several words
        run whimbrel --url postgres://me:hunter2secret@127.0.0.1:1/db?connect_timeout=1 $words
        says_not hunter2secret
    done
}

@test "a password in a URL that cannot be read shows nowhere" {
    run whimbrel --url 'postgres://me:hunter2secret@[::1/db' status
    says_not hunter2secret
    run whimbrel --url 'foo://me:hunter2secret@host/db' status
    says_not hunter2secret
}

@test "the process list does not show the password" {
    "$WHIMBREL" --url postgres://me:hunter2secret@127.0.0.1:1/db wait --timeout 20s >out 2>&1 &
    pid=$!
    until grep -q waiting out; do kill -0 "$pid"; done
    run cat "/proc/$pid/cmdline"
    kill "$pid"
    wait "$pid" || true
    says_not hunter2secret
}

@test "a wrong password is said to be one, on every server" {
    for engine in $(engines); do
        [ "$engine" != sqlite ] || continue
        on "$engine"
        user=$(sed -E 's|^[^/]*//([^:@]*).*|\1|' <<<"$DATABASE_URL")
        host=${DATABASE_URL#*@}
        DATABASE_URL=$engine://$user:not-the-password@$host
        run -1 --separate-stderr whimbrel status --json
        says '"class":"connection"'
        says '"status":"AUTH"'
        says_not not-the-password
    done
}
