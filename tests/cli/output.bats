load helper

# on_terminal COLUMNS WORDS... - runs the program on a terminal; prints what it wrote
on_terminal() {
    local columns=$1
    shift
    script -qec "stty cols $columns; TERM=xterm $(printf '%q ' "$WHIMBREL" "$@")" /dev/null
}

@test "there are no colours in a pipe, unless asked for" {
    chain
    run -0 whimbrel heads
    says_not $'\033'
    run -0 whimbrel heads --color always
    says $'\033[33m003'
}

@test "colours on a terminal obey NO_COLOR, TERM and --color" {
    needs script
    chain
    run -0 on_terminal 80 heads
    says $'\033[33m003'
    NO_COLOR=1 run -0 on_terminal 80 heads
    says_not $'\033'
    run -0 on_terminal 80 heads --color never
    says_not $'\033'
}

@test "progress on a terminal cuts messages to its width" {
    needs script
    revision 001 ""
    sed -i '1s/.*/-- a very long message that goes on and on beyond the width of any terminal that is common/' migrations/001.sql
    run -0 on_terminal 60 upgrade --color never
    says "[1/1] up   001"
    says "..."
    says_not "that is common"
    run -0 whimbrel downgrade base
    says "that is common"
}

@test "a full disk behind the output is an error" {
    [ -w /dev/full ] || skip "there is no /dev/full"
    chain
    "$WHIMBREL" history >/dev/full 2>error && false
    grep -q "cannot write to the standard output" error
    code=0
    "$WHIMBREL" upgrade --sql >/dev/full 2>error || code=$?
    [ "$code" = 1 ]
}

@test "a full disk behind the output does not stop a run" {
    [ -w /dev/full ] || skip "there is no /dev/full"
    chain
    code=0
    "$WHIMBREL" upgrade >/dev/full 2>error || code=$?
    [ "$code" = 1 ]
    grep -q "No space left" error
    run -0 whimbrel current
    [ "$output" = "003 (head) (current)" ]
}

@test "a reader who goes away ends nothing and is no error" {
    for n in $(seq 101 400); do
        previous=$((n - 1))
        [ "$n" -gt 101 ] || previous=
        revision "$n" "$previous"
    done
    bash -c '"$WHIMBREL" upgrade 2>error | head -n 1 >/dev/null; echo ${PIPESTATUS[0]}' >code
    [ "$(cat code)" = 0 ]
    [ ! -s error ]
    run -0 whimbrel status
    [ "$output" = "default: 400 (head)" ]
}

@test "control characters of files do not reach the terminal" {
    revision 001 ""
    printf -- '-- evil \033[31m title\n--\n-- revision: 002\n-- revises: 001\n\n-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 1;\n' >migrations/002.sql
    run whimbrel history
    says_not $'\033'
}

@test "the address of the reader: results on the standard output, errors on the other" {
    chain
    run -0 --separate-stderr whimbrel upgrade
    [ "$stderr" = "" ]
    run -1 --separate-stderr whimbrel upgrade nope
    [ "$output" = "" ]
}
