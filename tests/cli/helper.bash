# What every bats file loads: a temporary project, revision files by short calls, and databases of
# every engine.
# shellcheck shell=bash
bats_require_minimum_version 1.5.0

: "${WHIMBREL:?path of the program to be tested}"

# bats gives every test its own folder; `run` sets output and stderr.
setup() {
    unset DATABASE_URL VISUAL EDITOR COLUMNS NO_COLOR
    export LC_ALL=C TERM=dumb
    project=$BATS_TEST_TMPDIR/project
    mkdir -p "$project/migrations"
    cd "$project" || return 1
    export DATABASE_URL=sqlite:app.db
}

whimbrel() { "$WHIMBREL" "$@"; }

# revision ID REVISES [UP [DOWN [HEADER]]] - writes migrations/ID.sql
revision() {
    local up=${3-"CREATE TABLE t_$1 (id INTEGER PRIMARY KEY);"}
    local down=${4-"DROP TABLE t_$1;"}
    {
        printf -- '-- revision %s\n--\n-- revision: %s\n-- revises: %s\n' "$1" "$1" "$2"
        if [ -n "${5-}" ]; then printf -- '-- %s\n' "$5"; fi
        printf '\n-- migrate:up\n%s\n\n-- migrate:down\n%s\n' "$up" "$down"
    } >"migrations/$1.sql"
}

# Three revisions in a line: 001, 002, 003.
chain() {
    revision 001 ""
    revision 002 001
    revision 003 002
}

# Two databases, auth with 001 and specs with 002.
two_databases() {
    mkdir -p a b
    revision 001 "" && mv migrations/001.sql a/
    revision 002 "" && mv migrations/002.sql b/
    cat >whimbrel.yaml <<'YAML'
databases:
  auth: { url: "sqlite:auth.db", migrations: a }
  specs: { url: "sqlite:specs.db", migrations: b }
YAML
}

# says TEXT - the output or the error text of the last `run` holds it
says() {
    if [[ ${output-} != *"$1"* && ${stderr-} != *"$1"* ]]; then
        printf 'not said: %s\noutput: %s\nerror: %s\n' "$1" "${output-}" "${stderr-}"
        return 1
    fi
}

says_not() {
    if [[ ${output-} == *"$1"* || ${stderr-} == *"$1"* ]]; then
        printf 'said, but should not: %s\noutput: %s\nerror: %s\n' "$1" "${output-}" "${stderr-}"
        return 1
    fi
}

# fails CODE TEXT WORDS... - the program ends with CODE and says TEXT on the standard error
fails() {
    local code=$1 text=$2
    shift 2
    run --separate-stderr -"$code" whimbrel "$@"
    if [[ $stderr != *"error: "* || $stderr != *"$text"* ]]; then
        printf 'not said: %s\nerror: %s\n' "$text" "$stderr"
        return 1
    fi
}

# Is a program of the system needed for this test there?
needs() {
    command -v "$1" >/dev/null || {
        echo "$1 is missing"
        return 1
    }
}

# on ENGINE - makes an empty database and sets DATABASE_URL.
on() {
    local url_variable=WB_TEST_${1^^}_URL
    local url=${!url_variable-} name
    database_count=$((${database_count:-0} + 1))
    name=wb_cli_${BASHPID}_$database_count
    case $1 in
    sqlite) rm -f app.db* && export DATABASE_URL=sqlite:app.db ;;
    *)
        if [ -z "$url" ]; then
            echo "$url_variable is not set, but WB_REQUIRE asks for $1"
            return 1
        fi
        create_database "$1" "$url" "$name"
        export DATABASE_URL=${url%/*}/$name
        ;;
    esac
}

# create_database ENGINE URL NAME
create_database() {
    case $1 in
    postgres) psql -qX "$2" -c "CREATE DATABASE $3" ;;
    mariadb) maria_client "$2" -e "CREATE DATABASE $3" ;;
    esac
}

# maria_client URL ARGUMENTS... - the server's own client on a mariadb:// URL
maria_client() {
    local rest=${1#*://} user password host port
    user=${rest%%[:@]*}
    password=${rest#*:} && password=${password%%@*}
    host=${rest#*@} && host=${host%%/*}
    port=${host##*:} && host=${host%%:*}
    shift
    MYSQL_PWD=$password mariadb --no-defaults --user="$user" --host="$host" --port="$port" "$@"
}

# Engines of this machine, for `for engine in $(engines)`. One that WB_REQUIRE names is always
# among them: `on` then fails and says why.
engines() {
    local engine url_variable
    for engine in sqlite postgres mariadb; do
        url_variable=WB_TEST_${engine^^}_URL
        if [ "$engine" = sqlite ] || [ -n "${!url_variable-}" ] ||
            [[ ",${WB_REQUIRE-}," == *",$engine,"* ]]; then
            echo "$engine"
        fi
    done
}
