load helper

@test "config says where each value comes from" {
    printf 'url: sqlite:file.db\nlock_timeout: 7s\n' >whimbrel.yaml
    unset DATABASE_URL
    run -0 whimbrel config --set transaction=all
    says "file whimbrel.yaml:1"
    says "file whimbrel.yaml:2"
    says "flag --set"
    run -0 whimbrel config lock_timeout
    [ "$output" = 7s ]
}

@test "config masks passwords, also in JSON" {
    run -0 whimbrel --url postgres://me:hunter2@localhost/db config --json
    says "postgres://me:***@localhost/db"
    says_not hunter2
}

@test "config refuses a setting that there is not" {
    fails 2 '"lock_tiemout"' config lock_tiemout
    fails 2 "lock_timeout" config --set lock_tiemout=1s
}
