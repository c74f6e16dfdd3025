load helper

commands() { "$WHIMBREL" completion --list commands; }

@test "help lists every command" {
    run -0 whimbrel --help
    while read -r command; do says "  $command "; done < <(commands)
    [ "$output" = "$("$WHIMBREL" help)" ]
}

@test "every command has help, the same by all three ways, within 80 columns" {
    while read -r command; do
        run -0 whimbrel "$command" --help
        [ "$output" = "$("$WHIMBREL" help "$command")" ]
        [ "$output" = "$("$WHIMBREL" -h "$command")" ]
        says "Usage"
        awk 'length($0) > 80 { print; bad = 1 } END { exit bad }' <<<"$output"
    done < <(commands)
}

@test "help wraps to a narrow terminal" {
    COLUMNS=50 run -0 whimbrel upgrade --help
    awk 'length($0) > 50 && !/^  whimbrel|^      [A-Z]/ { print; bad = 1 } END { exit bad }' <<<"$output"
}

@test "every command has a manual page that renders, with all its options" {
    [ -d "${WB_MAN-}" ] || skip "the manual was not built"
    command -v man || skip "man is not installed"
    while read -r command; do
        page=$WB_MAN/whimbrel-$command.1
        [ -f "$page" ]
        run -0 --separate-stderr env MANWIDTH=200 man --warnings -l "$page"
        [ "$stderr" = "" ]
        while read -r option; do says "$option"; done < <("$WHIMBREL" "$command" --help |
            sed -n '/^Options$/,/^$/s/^ *\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p')
    done < <(commands)
}

@test "the program's manual page names every command, global option and exit code" {
    [ -d "${WB_MAN-}" ] || skip "the manual was not built"
    command -v man || skip "man is not installed"
    run -0 env MANWIDTH=200 man -l "$WB_MAN/whimbrel.1"
    while read -r command; do says "whimbrel-$command(1)"; done < <(commands)
    while read -r option; do says "$option"; done < <("$WHIMBREL" --help |
        sed -n 's/^ *\(-., \)\{0,1\}\(--[a-z-]*\).*/\2/p')
    says "EXIT CODES"
    says "TARGETS"
}

@test "help of an unknown command suggests the nearest" {
    fails 2 'Did you mean "upgrade"?' help upgrad
}

@test "version is printed in three ways" {
    run -0 whimbrel version
    [[ $output =~ ^whimbrel\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    [ "$output" = "$("$WHIMBREL" --version)" ]
    run -0 whimbrel version --json
    [[ $output =~ ^\{\"version\":\"[0-9.]+\"\}$ ]]
}
