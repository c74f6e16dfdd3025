# shellcheck shell=bash
# What the server scripts share; sourced by them, not run.
#
# A server is known by a folder DIR, which may be anywhere. Its data, socket and log live in a
# folder of their own, its home, whose path is kept in DIR/home: on /dev/shm where that has room, so
# that nothing waits for a disk, and always with a path short enough for a unix socket and open
# enough for the user that the server runs as. Standard output carries only lines for `eval`.
set -euo pipefail
umask 022
export LC_ALL=C.UTF-8
# Settings meant for the caller's own servers must not reach these.
unset "${!PG@}" "${!MYSQL_@}" "${!MARIADB_@}" CDPATH

# shellcheck disable=SC2034 # for the scripts that source this one
readonly PORT_TRIES=20 START_SECONDS=90
readonly HOME_NEEDS_KIB=$((600 * 1024))

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
die() {
    say "$*"
    exit 1
}
print_export() { printf "export %s='%s'\n" "$1" "${2//\'/\'\\\'\'}"; }

usage() {
    sed -n '2,/^$/{s/^# \{0,1\}//p}' "$0" >&2
    exit 2
}

# need PROGRAM PACKAGE
need() {
    command -v "$1" >/dev/null 2>&1 || die "$1 is not installed; apt-get install $2"
}

# run_as USER COMMAND...: as that user where we are root, as ourselves otherwise. The servers
# refuse to run as root.
run_as() {
    local user=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        id "$user" >/dev/null 2>&1 || die "there is no user $user; install the server's package"
        (cd / && HOME=/nonexistent exec setpriv --reuid="$user" --regid="$(id -g "$user")" \
            --init-groups "$@")
    else
        (cd / && exec "$@")
    fi
}

# give_to USER PATH...
give_to() {
    [ "$(id -u)" != 0 ] || chown -R "$1" "${@:2}"
}

# open_home USER: makes DIR and the server's home, or finds the one it has. Sets `home`.
open_home() {
    local base=/tmp room
    if [ -s "$DIR/home" ] && [ -d "$(cat "$DIR/home")" ]; then
        home=$(cat "$DIR/home")
        return
    fi
    room=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || room=0
    if [ -w /dev/shm ] && [ "$room" -gt "$HOME_NEEDS_KIB" ]; then base=/dev/shm; fi
    home=$(mktemp -d "$base/wb-server.XXXXXX")
    chmod 755 "$home"
    give_to "$1" "$home"
    printf '%s\n' "$home" >"$DIR/home"
}

# find_home: as open_home, but fails where the server was never started.
find_home() {
    [ -s "$DIR/home" ] || return 1
    home=$(cat "$DIR/home")
    [ -d "$home" ]
}

delete_home() {
    if find_home; then rm -rf "$home"; fi
    rm -rf "$DIR"
}

# One script at a time works on DIR. The servers must not inherit descriptor 9, or the lock would
# live as long as they do.
lock_dir() {
    mkdir -p "$DIR"
    exec 9>"$DIR/lock"
    flock 9
}

# A port that nobody listens on now, below those the kernel gives to outgoing connections. Only the
# server's own bind decides: where that fails, the caller tries another.
guess_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 10000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s\n' "$port"
            return
        fi
    done
}

# next_port TRY: the port that the server had before, first; clients find it again there.
next_port() {
    if [ "$1" = 0 ] && [ -s "$home/port" ]; then
        cat "$home/port"
    else
        guess_port
    fi
}

# make_certificates USER: an authority and a certificate for localhost and 127.0.0.1, so that
# verified connections can be tested. Without openssl the server runs without TLS.
make_certificates() {
    local tls=$home/tls
    if [ -s "$tls/server.crt" ] || ! command -v openssl >/dev/null 2>&1; then return; fi
    mkdir -p "$tls"
    {
        openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj "/CN=Whimbrel test authority" \
            -keyout "$tls/ca.key" -out "$tls/ca.crt"
        openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout "$tls/server.key" \
            -out "$tls/server.csr"
        printf 'subjectAltName=DNS:localhost,IP:127.0.0.1\n' >"$tls/server.ext"
        openssl x509 -req -days 3650 -in "$tls/server.csr" -CA "$tls/ca.crt" -CAkey "$tls/ca.key" \
            -CAcreateserial -extfile "$tls/server.ext" -out "$tls/server.crt"
    } >>"$tls/log" 2>&1 || die "openssl could not make certificates, see $tls/log"
    chmod 600 "$tls/server.key" "$tls/ca.key"
    give_to "$1" "$tls"
}

has_tls() { [ -s "$home/tls/server.crt" ]; }

# wait_gone PID SECONDS: waits for a process's end; false where it still runs then.
wait_gone() {
    local end=$((SECONDS + $2))
    while kill -0 "$1" 2>/dev/null; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.02
    done
}

# What a script has beyond its home; those that have something define this again.
delete_more() { :; }

# dispatch VERB DIR: each script defines start_server, stop_server SIGNAL, is_running, report.
# `home` is set before any of them is called.
dispatch() {
    if [ $# -ne 2 ] || [ -z "$2" ]; then usage; fi
    case $2 in /*) DIR=$2 ;; *) DIR=$PWD/$2 ;; esac
    case $1 in
    start)
        lock_dir
        open_home "$SERVER_USER"
        is_running || start_server
        report
        ;;
    stop)
        find_home || return 0
        lock_dir
        stop_server TERM
        ;;
    crash)
        find_home || die "no server in $DIR"
        lock_dir
        stop_server KILL
        ;;
    remove)
        find_home || return 0
        lock_dir
        stop_server KILL
        delete_more
        delete_home
        ;;
    status)
        if ! find_home || ! is_running; then die "not running"; fi
        report
        ;;
    *) usage ;;
    esac
}
