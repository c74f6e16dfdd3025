load helper

@test "without a command it says where to begin" {
    fails 2 "whimbrel init"
}

@test "an unknown command suggests the nearest" {
    fails 2 'Did you mean "upgrade"?' upgrad
    fails 2 'unknown command "zzzzzzzz"' zzzzzzzz
}

@test "an unknown option suggests the nearest, of the command or global" {
    fails 2 'Did you mean "--dry-run"?' upgrade --dryrun
    fails 2 'Did you mean "--quiet"?' upgrade --quite
    fails 2 'unknown option "-Z"' upgrade -Z
    fails 2 'unknown option "--zzzzzzzz"' upgrade --zzzzzzzz=1
}

@test "an option without its value, with one too many, or given twice" {
    fails 2 'option "--config" needs a value' upgrade --config
    fails 2 'option "--dry-run" takes no value' upgrade --dry-run=yes
    fails 2 'option "--url" is given twice' upgrade --url a --url b
    fails 2 'unexpected argument "x"' heads x
}

@test "global options stand before or behind the command" {
    chain
    run -0 whimbrel --json heads
    [[ $output == '[{'* ]]
    run -0 whimbrel heads --json
    [[ $output == '[{'* ]]
    run -0 whimbrel --directory migrations --url sqlite:x.db --migrations=. heads
    [ "$output" = "003 (head)" ]
    run -0 whimbrel -Cmigrations --migrations . heads
    [ "$output" = "003 (head)" ]
}

@test "--config names the project file" {
    mkdir other
    chain
    printf 'url: sqlite:cfg.db\nmigrations: ../migrations\n' >other/mine.yaml
    unset DATABASE_URL
    run -0 whimbrel -c other/mine.yaml upgrade
    [ -f other/cfg.db ]
    fails 1 "no/such.yaml" -c no/such.yaml heads
}

@test "--directory to a folder that is not there" {
    fails 1 '"no/such"' -C no/such heads
}

@test "--only with a name that the project has not" {
    two_databases
    fails 2 'It has "auth", "specs".' status --only nope
}

@test "usage errors are JSON too" {
    run -2 --separate-stderr whimbrel upgrade --dryrun --json
    [[ $stderr == '{"error":{"class":"usage","message":"unknown option \"--dryrun\"",'*'"status":"USAGE"'* ]]
    [ "$output" = "" ]
}

@test "a digit in a word of other letters is no negative target" {
    fails 2 'unknown option' downgrade -1x
}

@test "a flag takes a negative number as its value, not as a target" {
    fails 2 'takes a duration, not "-1"' downgrade base --lock-timeout -1
}
