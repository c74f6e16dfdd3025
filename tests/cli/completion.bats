load helper

# complete_bash WORDS... - what bash would offer for the last word
complete_bash() {
    bash -c '
        source <("$WHIMBREL" completion bash)
        COMP_WORDS=("$WHIMBREL" "$@") COMP_CWORD=$#
        _whimbrel
        printf "%s\n" "${COMPREPLY[@]}"' - "$@"
}

@test "bash completes commands, options, values and revisions" {
    chain
    run -0 complete_bash up
    [ "$output" = upgrade ]
    run -0 complete_bash upgrade --dry
    [ "$output" = --dry-run ]
    run -0 complete_bash upgrade --transaction ""
    [ "$output" = "each
all" ]
    run -0 complete_bash upgrade 00
    says 002
    run -0 complete_bash --only ""
    [ "$output" = default ]
    run -0 complete_bash help st
    [ "$output" = "stamp
status" ]
}

@test "the bash script passes shellcheck" {
    command -v shellcheck || skip "shellcheck is not installed"
    "$WHIMBREL" completion bash >script
    shellcheck -s bash script
}

@test "zsh reads its script" {
    command -v zsh || skip "zsh is not installed"
    "$WHIMBREL" completion zsh >script
    zsh -n script
}

@test "fish completes commands and options from its script" {
    command -v fish || skip "fish is not installed"
    "$WHIMBREL" completion fish >script.fish
    PATH=$(dirname "$WHIMBREL"):$PATH run -0 fish -c \
        'source script.fish; complete -C "whimbrel upgrade --transaction "; complete -C "whimbrel dow"'
    says each
    says downgrade
}

@test "completion needs a shell that it knows" {
    fails 2 "bash, zsh or fish" completion
    fails 2 "bash, zsh or fish" completion tcsh
}
