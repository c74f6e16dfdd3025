# The migration lock on a Galera cluster. WB_TEST_GALERA1_URL to WB_TEST_GALERA3_URL are its nodes.
load helper

# cluster - makes an empty database that every node knows; sets node_url[1] to node_url[3]
cluster() {
    if [ -z "${WB_TEST_GALERA1_URL-}" ]; then
        [[ ",${WB_REQUIRE-}," != *",galera,"* ]] || return 1
        skip "no Galera cluster"
    fi
    local name=wb_cli_${BASHPID}_$RANDOM node url_variable
    maria_client "$WB_TEST_GALERA1_URL" -e "CREATE DATABASE $name"
    for node in 1 2 3; do
        url_variable=WB_TEST_GALERA${node}_URL
        node_url[node]=${!url_variable%/*}/$name
        until maria_client "${!url_variable}" -N -e "SHOW DATABASES LIKE '$name'" | grep -q .; do
            :
        done
    done
    first_node=$(ask "SELECT @@wsrep_node_name")
}

# ask SQL - the answer of the first node
ask() {
    maria_client "$WB_TEST_GALERA1_URL" -N -e "SET SESSION wsrep_sync_wait = 15; $1"
}

# In the database of the test.
ask_here() {
    ask "USE ${node_url[1]##*/}; $1"
}

# r1, a table; r2, which takes SECONDS on the first node only and leaves one row; r3.
slow_chain() {
    revision r1 "" "CREATE TABLE effects (revision varchar(8));"
    revision r2 r1 "DO SLEEP(if(@@wsrep_node_name = '$first_node', $1, 0));
INSERT INTO effects VALUES ('r2');"
    revision r3 r2 "CREATE TABLE t3 (id int);
INSERT INTO effects VALUES ('r3');"
}

# Runs an upgrade on the first node and waits until it sleeps within r2; sets holder.
begin_slow_upgrade() {
    "$WHIMBREL" --url "${node_url[1]}" upgrade >holder.out 2>holder.err 3>&- &
    holder=$!
    until ask "SHOW PROCESSLIST" | grep -q "DO SLEEP"; do kill -0 "$holder"; done
}

every_effect_once() {
    [ "$(ask_here "SELECT count(*), count(DISTINCT revision) FROM effects")" = "2	2" ]
    [ "$(ask_here "SELECT group_concat(revision ORDER BY position) FROM whimbrel_history")" = \
        "r1,r2,r3" ]
    [ "$(ask_here "SELECT count(*) FROM whimbrel_lock WHERE holder IS NOT NULL")" = 0 ]
}

@test "thirty runners on three nodes apply every revision once" {
    cluster
    slow_chain 0.1
    local pids=() pid i
    for i in {1..30}; do
        "$WHIMBREL" --url "${node_url[i % 3 + 1]}" upgrade >"out.$i" 2>&1 3>&- &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid"; done
    every_effect_once
}

@test "who waits on another node is told who holds the lock" {
    cluster
    slow_chain 3
    begin_slow_upgrade
    run --separate-stderr -5 whimbrel --url "${node_url[2]}" --lock-timeout 1s upgrade
    says "another runner holds the migration lock: $(id -un)@"
    says "process $holder, upgrade on node $first_node"
    says "held for"
    wait "$holder"
    every_effect_once
}

@test "locks shows the holder on every node, and what it does on its own" {
    cluster
    run -0 whimbrel --url "${node_url[2]}" locks
    [ "$output" = "default: free" ]
    slow_chain 4
    begin_slow_upgrade
    run -0 whimbrel --url "${node_url[2]}" locks
    says "process $holder, upgrade on node $first_node"
    says "  run        upgrade, by $(id -un)"
    says "  heartbeat  "
    says_not "statement"
    run -0 whimbrel --url "${node_url[1]}" locks
    says "  statement  DO SLEEP(if("
    wait "$holder"
    run -0 whimbrel --url "${node_url[3]}" locks
    [ "$output" = "default: free" ]
}

@test "the lock of a killed holder is taken over, on another node" {
    cluster
    slow_chain 30
    begin_slow_upgrade
    kill -9 "$holder"
    run --separate-stderr -0 whimbrel --url "${node_url[2]}" upgrade
    says "warning: took the migration lock over: its holder has given no sign for 15 s"
    every_effect_once
    # What the killed one had sent is still at work on its node; it comes to the fence.
    while ask "SHOW PROCESSLIST" | grep -q "DO SLEEP"; do :; done
    every_effect_once
}

@test "a holder that wakes up after a take-over can write nothing more" {
    cluster
    slow_chain 25
    begin_slow_upgrade
    kill -STOP "$holder"
    run --separate-stderr -0 whimbrel --url "${node_url[2]}" upgrade
    says "took the migration lock over"
    while ask "SHOW PROCESSLIST" | grep -q "DO SLEEP"; do :; done
    kill -CONT "$holder"
    local code=0
    wait "$holder" || code=$?
    [ "$code" = 5 ]
    grep -q "error: the migration lock was lost to another runner" holder.err
    every_effect_once
    [ "$(ask_here "SELECT count(*) FROM whimbrel_journal WHERE event = 'error'")" = 0 ]
}

@test "a holder that learns of a take-over gives up the statement that runs" {
    cluster
    slow_chain 60
    begin_slow_upgrade
    kill -STOP "$holder"
    run --separate-stderr -0 whimbrel --url "${node_url[3]}" upgrade
    kill -CONT "$holder"
    local code=0
    wait "$holder" || code=$?
    [ "$code" = 5 ]
    grep -q "error: the migration lock was lost to another runner" holder.err
    [ "$(ask "SHOW PROCESSLIST" | grep -c "DO SLEEP")" = 0 ]
    every_effect_once
}

@test "a long DDL that stops the cluster does not make its runner look dead" {
    cluster
    revision r1 "" "CREATE TABLE effects (revision varchar(8), n int);
INSERT INTO effects SELECT 'r1', 100 + seq FROM seq_1_to_250;"
    revision r2 r1 "ALTER TABLE effects
 ADD CHECK (length(sha2(repeat(n, 5000000), 512)) > 0), ALGORITHM=COPY;"
    local begin=$SECONDS
    "$WHIMBREL" --url "${node_url[1]}" upgrade >holder.out 2>holder.err 3>&- &
    holder=$!
    until ask "SHOW PROCESSLIST" | grep -q "ALTER TABLE effects"; do kill -0 "$holder"; done
    run --separate-stderr -0 whimbrel --url "${node_url[2]}" upgrade
    wait "$holder"
    says_not "took the migration lock over"
    # Longer than a holder may be silent, or nothing is proven.
    [ $((SECONDS - begin)) -ge 17 ]
}
