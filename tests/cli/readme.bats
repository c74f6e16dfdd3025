#!/usr/bin/env bats
# The README's commands are typed as they stand there.
load helper

readme=$BATS_TEST_DIRNAME/../../README.md

# Commands of the README's indented blocks that begin with "whimbrel".
block_commands() { grep -oE '^    whimbrel [^#]*' "$readme"; }

# Commands of the table, in backquotes.
# shellcheck disable=SC2016 # backquotes are what is looked for
table_commands() { grep -oE '^\| .* \| `whimbrel [^`]*`' "$readme" | sed 's/.*`\(whimbrel [^`]*\)`/\1/'; }

in_a_shell() { PATH=$(dirname "$WHIMBREL"):$PATH bash -ec "$1"; }

@test "every command of the README's first project does what it is shown for" {
    rmdir migrations
    [ "$(block_commands | wc -l)" -ge 5 ]
    while read -r command; do
        echo "$command"
        in_a_shell "$command"
        if [[ $command == *'revision -m'* ]]; then
            file=(migrations/*_create_users_table.sql)
            sed -i 's/^-- migrate:up$/&\nCREATE TABLE users (id integer);/
                    s/^-- migrate:down$/&\nDROP TABLE users;/' "${file[0]}"
        fi
        if [[ $command == *upgrade* ]]; then
            [ "$(sqlite3 app.db "SELECT count(*) FROM sqlite_master WHERE name = 'users'")" = 1 ]
        fi
    done < <(block_commands)
    [ "$(sqlite3 app.db "SELECT count(*) FROM sqlite_master WHERE name = 'users'")" = 0 ]
}

@test "every command of the README's table works" {
    [ "$(table_commands | wc -l)" -ge 7 ]
    while read -r command; do
        echo "$command"
        rm -rf app.db migrations && mkdir migrations
        chain
        if [[ $command == *merge* ]]; then revision 004 001; fi
        in_a_shell "$command"
    done < <(table_commands)
}
