#!/usr/bin/env bash
# A private Galera cluster of three MariaDB servers for tests, on 127.0.0.1.
#
#   eval "$(galera.sh start DIR)"   makes it where needed, starts it, waits until all nodes are in
#   galera.sh status DIR            prints the same lines; fails where a node does not run
#   galera.sh stop DIR              stops it, keeps its data
#   galera.sh crash DIR             kills all nodes, as a power cut would
#   galera.sh remove DIR            stops it and deletes all it had, and DIR
#
# Prints WB_TEST_GALERA1_URL to WB_TEST_GALERA3_URL. The user in them may do everything. Nodes join
# one after the other, which takes about ten seconds in all.

# shellcheck source=tests/support/servers/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
PATH=$PATH:/usr/sbin
readonly SERVER_USER=mysql PASSWORD=whimbrel NODES="1 2 3"
readonly PROVIDER=/usr/lib/galera/libgalera_smm.so
# Short, so that a node that is gone is given up soon.
readonly TIMES="evs.keepalive_period=PT0.3S;evs.inactive_check_period=PT0.3S;\
evs.suspect_timeout=PT3S;evs.inactive_timeout=PT6S;evs.install_timeout=PT6S;\
gmcast.peer_timeout=PT3S;pc.recovery=FALSE;gcache.size=16M"

node_pid() {
    local pid
    [ -s "$home/pid$1" ] || return 1
    pid=$(cat "$home/pid$1")
    [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = mariadbd ] || return 1
    printf '%s\n' "$pid"
}

# status_of NODE VARIABLE
status_of() {
    MYSQL_PWD=$PASSWORD mariadb --no-defaults --socket="$home/socket$1" --user=whimbrel -N -B -e \
        "SELECT variable_value FROM information_schema.global_status WHERE variable_name = '$2'" \
        2>/dev/null
}

is_synced() { node_pid "$1" >/dev/null && [ "$(status_of "$1" wsrep_local_state_comment)" = Synced ]; }

is_running() {
    local node
    for node in $NODES; do
        is_synced "$node" && [ "$(status_of "$node" wsrep_cluster_size)" = 3 ] || return 1
    done
}

write_setup() {
    cat >"$home/setup.sql" <<SQL
CREATE DATABASE IF NOT EXISTS whimbrel;
CREATE USER IF NOT EXISTS 'whimbrel'@'%' IDENTIFIED BY '$PASSWORD';
GRANT ALL PRIVILEGES ON *.* TO 'whimbrel'@'%' WITH GRANT OPTION;
SQL
}

# One installation is copied to all nodes.
initialise() {
    local node
    if [ -e "$home/initialised" ]; then return; fi
    mkdir -p "$home/data1"
    give_to "$SERVER_USER" "$home/data1"
    run_as "$SERVER_USER" mariadb-install-db --no-defaults --datadir="$home/data1" --skip-test-db \
        --auth-root-authentication-method=normal --innodb-log-file-size=16M \
        --innodb-flush-method=nosync >"$home/init.log" 2>&1 9>&- ||
        die "mariadb-install-db failed, see $home/init.log"
    for node in 2 3; do cp -a "$home/data1" "$home/data$node"; done
    : >"$home/initialised"
}

# Ports of a node: of its clients, of the group, and of the two kinds of state transfer. They are
# looked for once, since each node must be told those of the others.
choose_ports() {
    local node kind
    for node in $NODES; do
        for kind in client group ist sst; do guess_port >"$home/$kind$node"; done
    done
}

cluster_address() {
    local node addresses=
    for node in $NODES; do addresses+=,127.0.0.1:$(cat "$home/group$node"); done
    printf 'gcomm://%s\n' "${addresses#,}"
}

# launch NODE [OPTION]: starts a node and waits until it has all that the others have
launch() {
    local node=$1 group ist pid end options
    group=$(cat "$home/group$node")
    ist=$(cat "$home/ist$node")
    options="base_host=127.0.0.1;base_port=$group;gmcast.listen_addr=tcp://127.0.0.1:$group"
    options+=";ist.recv_addr=127.0.0.1:$ist;ist.recv_bind=127.0.0.1:$ist;$TIMES"
    : >"$home/log$node"
    rm -f "$home/pid$node"
    run_as "$SERVER_USER" setsid mariadbd --no-defaults --datadir="$home/data$node" \
        --port="$(cat "$home/client$node")" --bind-address=127.0.0.1 --socket="$home/socket$node" \
        --pid-file="$home/pid$node" --init-file="$home/setup.sql" --skip-name-resolve \
        --max-connections=100 --character-set-server=utf8mb4 --default-time-zone=+00:00 \
        --innodb-buffer-pool-size=32M --innodb-log-file-size=16M --innodb-flush-method=nosync \
        --innodb-flush-log-at-trx-commit=0 --innodb-autoinc-lock-mode=2 --binlog-format=ROW \
        --wsrep-on=ON --wsrep-provider="$PROVIDER" --wsrep-cluster-name=whimbrel \
        --wsrep-cluster-address="$(cluster_address)" --wsrep-node-name="node$node" \
        --wsrep-node-address="127.0.0.1:$group" --wsrep-sst-method=rsync \
        --wsrep-node-incoming-address="127.0.0.1:$(cat "$home/client$node")" \
        --wsrep-sst-receive-address="127.0.0.1:$(cat "$home/sst$node")" \
        --wsrep-provider-options="$options" "${@:2}" </dev/null >>"$home/log$node" 2>&1 9>&- &
    pid=$!
    end=$((SECONDS + START_SECONDS))
    until is_synced "$node"; do
        kill -0 "$pid" 2>/dev/null && [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.1
    done
}

launch_all() {
    local node
    sed -i 's/^safe_to_bootstrap: 0/safe_to_bootstrap: 1/' "$home/data1/grastate.dat" 2>/dev/null ||
        true
    launch 1 --wsrep-new-cluster || return 1
    for node in 2 3; do launch "$node" || return 1; done
}

start_server() {
    local try
    need mariadbd mariadb-server
    need rsync rsync
    need lsof lsof
    [ -e "$PROVIDER" ] || die "galera is not installed; apt-get install galera-4"
    stop_server KILL
    initialise
    write_setup
    for ((try = 0; try < 3; try++)); do
        choose_ports
        if launch_all && is_running; then return; fi
        stop_server KILL
        grep -qiE 'already in use|failed to bind' "$home"/log? || break
    done
    tail -n 8 "$home"/log? >&2
    die "the cluster did not start"
}

# stop_server SIGNAL: the first node goes last, so that it may begin the next time
stop_server() {
    local node pid
    for node in 3 2 1; do
        pid=$(node_pid "$node") || continue
        kill -s "$1" "$pid" 2>/dev/null || continue
        if wait_gone "$pid" 30; then continue; fi
        kill -s KILL "$pid" 2>/dev/null || true
        wait_gone "$pid" 10 || die "MariaDB (process $pid) did not stop"
    done
}

report() {
    local node
    for node in $NODES; do
        print_export "WB_TEST_GALERA${node}_URL" \
            "mysql://whimbrel:$PASSWORD@127.0.0.1:$(cat "$home/client$node")/whimbrel"
    done
}

dispatch "$@"
