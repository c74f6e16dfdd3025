load helper

@test "init writes a project that can be used at once" {
    unset DATABASE_URL
    cd "$BATS_TEST_TMPDIR"
    run -0 whimbrel init fresh
    says "wrote"
    cd fresh
    run -0 whimbrel revision -q -m "create users table"
    [ -f "$output" ]
    run -0 whimbrel upgrade
    says "1 revision applied"
    [ -f app.db ]
}

@test "init writes the URL that was given" {
    cd "$BATS_TEST_TMPDIR"
    run -0 whimbrel init fresh --url sqlite:other.db
    cd fresh
    unset DATABASE_URL
    run -0 whimbrel config url
    [ "$output" = sqlite:other.db ]
}

@test "init refuses to replace a project file" {
    echo "url: sqlite:mine.db" >whimbrel.yaml
    fails 2 whimbrel.yaml init
    [ "$(cat whimbrel.yaml)" = "url: sqlite:mine.db" ]
}

@test "init --json lists what it wrote" {
    cd "$BATS_TEST_TMPDIR"
    run -0 whimbrel init fresh --json
    says '{"written":['
    says whimbrel.yaml
}
