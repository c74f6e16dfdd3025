"""The servers of the experiments, started when they are first asked for."""
import os
import re
import signal
import subprocess
import threading
import time
import urllib.parse

from databases import Mariadb, Postgres, Trouble

SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support", "servers")
CLASSES = {"postgres": Postgres, "mariadb": Mariadb}
# A killed server must keep what it has acknowledged: written, though not synced, is enough for that.
KEEPS = {"WB_POSTGRES_CONF": "synchronous_commit = on",
         "WB_MARIADB_ARGS": "--innodb-flush-log-at-trx-commit=2 --tcp-keepalive-time=5"
                            " --tcp-keepalive-interval=2 --tcp-keepalive-probes=3"}


def script(name, verb, folder, *more):
    done = subprocess.run([os.path.join(SCRIPTS, name + ".sh"), verb, folder, *more],
                          capture_output=True, text=True, check=False, timeout=300,
                          env={**os.environ, **KEEPS})
    if done.returncode != 0:
        raise Trouble(f"{name}.sh {verb}: {done.stderr.strip()}")
    return dict(re.findall(r"^export (\w+)='(.*)'$", done.stdout, re.M))


def children(pid):
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True,
                           check=False)
    return [int(word) for word in found.stdout.split()]


def wait_gone(pids, timeout_s=30):
    end = time.monotonic() + timeout_s
    while any(os.path.exists(f"/proc/{pid}") for pid in pids):
        if time.monotonic() > end:
            raise Trouble(f"processes {pids} do not end")
        time.sleep(0.01)


class Private:
    """A server that may be killed."""

    def __init__(self, engine, folder):
        self.engine, self.folder = engine, folder
        self.lock = threading.Lock()
        self.server = None
        self.start()

    def start(self):
        found = script(self.engine, "start", self.folder)
        server = CLASSES[self.engine](found[f"WB_TEST_{self.engine.upper()}_URL"])
        if self.server is None:
            self.server = server
        self.server.__dict__.update(server.__dict__)

    def home(self):
        with open(os.path.join(self.folder, "home"), encoding="utf-8") as file:
            return file.read().strip()

    def main_pid(self):
        path = "data/postmaster.pid" if self.engine == "postgres" else "pid"
        with open(os.path.join(self.home(), path), encoding="utf-8") as file:
            return int(file.readline())

    def kill(self):
        pid = self.main_pid()
        family = [pid, *children(pid)]
        os.kill(pid, signal.SIGKILL)
        wait_gone(family)

    def kill_session(self, database):
        for session in self.server.sessions(database.name):
            if self.engine == "postgres":
                os.kill(session, signal.SIGKILL)
                wait_gone([session])
            else:
                self.server.run(f"KILL CONNECTION {session}")
        end = time.monotonic() + 60
        while True:  # PostgreSQL goes through a recovery then
            try:
                self.server.run("SELECT 1")
                return
            except Trouble:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def remove(self):
        script(self.engine, "remove", self.folder)


class Pooler:
    """pgbouncer in transaction mode, with its own server behind it."""

    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.Lock()
        found = script("pgbouncer", "start", folder)
        self.url = found["WB_TEST_PGBOUNCER_URL"]
        self.server = Postgres(found["WB_TEST_POSTGRES_URL"])

    def remove(self):
        script("pgbouncer", "remove", self.folder)


class Through:
    """A database by way of the pooler."""

    def __init__(self, pooler, database):
        parts = urllib.parse.urlsplit(pooler.url)
        self.urls = [f"postgresql://{parts.username}@127.0.0.1:{parts.port}/{database.name}"]
        self.direct = database.url

    def more(self, by):
        return ["--set", "direct_url=" + self.direct] if by == "direct" else []


class Pair:
    """A primary and its standby."""

    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.Lock()
        self.found = {}

    def start(self):
        self.found = script("replication", "start", self.folder)

    def failover(self):
        self.found = script("replication", "failover", self.folder)

    def primary(self):
        return Postgres(self.found["WB_TEST_PRIMARY_URL"])

    def standby(self):
        return Postgres(self.found["WB_TEST_STANDBY_URL"])

    def wait_for(self, name):
        end = time.monotonic() + 30
        while name not in self.standby().run("SELECT datname FROM pg_database"):
            if time.monotonic() > end:
                raise Trouble("the standby does not follow")
            time.sleep(0.02)

    def url(self, name):
        return re.sub(r"/postgres\?", f"/{name}?", self.found["WB_TEST_PAIR_URL"])

    def remove(self):
        script("replication", "remove", self.folder)


class Node(Mariadb):
    def is_caught_up(self):
        return self.run("SELECT variable_value FROM information_schema.global_status"
                        " WHERE variable_name = 'wsrep_local_recv_queue'").strip() == "0"


class Cluster:
    """Three nodes of Galera."""

    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.Lock()
        found = script("galera", "start", folder)
        self.nodes = [Node(found[f"WB_TEST_GALERA{i}_URL"]) for i in (1, 2, 3)]

    def remove(self):
        script("galera", "remove", self.folder)


class Servers:
    def __init__(self, base):
        self.base = base
        self.made = {}
        self.lock = threading.Lock()

    def get(self, name, make):
        with self.lock:
            if name not in self.made:
                self.made[name] = make(os.path.join(self.base, name))
            return self.made[name]

    def of(self, engine, which):
        """The server that experiments share is the one that the environment names, if any."""
        if which == "private":
            return self.private(engine).server
        if which == "pooled":
            return self.get("pgbouncer", Pooler).server
        url = os.environ.get(f"WB_TEST_{engine.upper()}_URL")
        if url:
            return CLASSES[engine](url)
        return self.get("shared-" + engine, lambda folder: Private(engine, folder)).server

    def private(self, engine):
        return self.get("private-" + engine, lambda folder: Private(engine, folder))

    def pooler(self, database):
        return Through(self.get("pgbouncer", Pooler), database)

    def pair(self):
        return self.get("pair", Pair)

    def cluster(self):
        return self.get("galera", Cluster)

    def remove(self):
        for server in self.made.values():
            try:
                server.remove()
            except (Trouble, subprocess.SubprocessError) as error:
                print("not removed:", error)
