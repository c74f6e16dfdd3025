"""Each kind of experiment: a fault, then the same command as if nothing had been, then a look.

An experiment is a specification of one line, so that it can be done again:
    kill:engine=mariadb:way=down:at=17:act=kill-after
"""
import contextlib
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from databases import Database, SqliteFile, Trouble
from program import HUNG, CutProxy, Fault

NETWORK = "connect,send"
FILES = "open,write,sync,truncate,remove"
COMMANDS = {"up": ["upgrade"], "down": ["downgrade", "r01"]}
REVISIONS = 10  # of each chain
SILENCE_S = 60  # how long the program may wait for a peer that says nothing and is not there
WITHIN_S = 5  # how long the program may take to end after a signal
kinds = {}


class Spec:
    def __init__(self, kind, **parts):
        self.kind, self.parts = kind, {key: str(value) for key, value in parts.items()}

    @classmethod
    def read(cls, text):
        kind, *parts = text.split(":")
        return cls(kind, **dict(part.split("=", 1) for part in parts))

    def __str__(self):
        return ":".join([self.kind, *(f"{key}={value}" for key, value in self.parts.items())])

    def __getitem__(self, key):
        return self.parts[key]

    def get(self, key, otherwise=""):
        return self.parts.get(key, otherwise)


class Outcome:
    def __init__(self, spec):
        self.spec = spec
        self.codes = []
        self.hit = True
        self.lost, self.doubled, self.other = [], [], []
        self.stopped = ""  # the program said that it cannot know, and asked
        self.trouble = ""

    def is_good(self):
        return not (self.lost or self.doubled or self.other or self.stopped or self.trouble)

    def wrong(self, text):
        self.other.append(text)


def kind(function):
    kinds[function.__name__.replace("_", "-")] = function
    return function


class Lab:
    """What experiments need: the program, servers, a folder, and what an undisturbed run gives."""

    def __init__(self, program, servers, base, engines):
        self.program, self.servers, self.base, self.engines = program, servers, base, engines
        self.references = {}
        self.totals = {}
        self.lock = threading.RLock()

    def database(self, spec):
        if spec["engine"] == "sqlite":
            return SqliteFile(self.base, wal=spec.get("wal") == "1")
        return Database(self.servers.of(spec["engine"], spec.get("server", "shared")))

    @contextlib.contextmanager
    def prepared(self, spec):
        """A database at the beginning of the spec's way."""
        database = self.database(spec)
        try:
            if spec.get("way") == "down":
                self.must(self.run(database, "upgrade"))
            yield database
        finally:
            database.drop()

    @staticmethod
    def must(result):
        if result.code != 0:
            raise Trouble(f"an undisturbed run ended with {result.code}: {result.err.strip()}")
        return result

    def run(self, database, *arguments, fault=None, timeout_s=120, chain=""):
        return self.program.run(database.url, database.engine, list(arguments), fault, timeout_s,
                                chain)

    def reference(self, spec, chain=""):
        key = (spec["engine"], spec.get("way", "up"), spec.get("wal"), chain)
        with self.lock:
            if key not in self.references:
                with self.prepared(spec) as database:
                    begin = time.monotonic()
                    self.must(self.run(database, *COMMANDS[key[1]], chain=chain))
                    seconds = time.monotonic() - begin
                    self.references[key] = (database.snapshot(), min(seconds, self.second(spec)))
        return self.references[key]

    def second(self, spec):
        """How long a run takes when everything is warm."""
        with self.prepared(spec) as database:
            begin = time.monotonic()
            self.run(database, *COMMANDS[spec.get("way", "up")])
            return time.monotonic() - begin

    def total(self, spec, calls, path=""):
        """How many calls of these classes an undisturbed run makes."""
        key = (spec["engine"], spec.get("way", "up"), spec.get("wal"), calls, path)
        with self.lock:
            if key not in self.totals:
                with self.prepared(spec) as database:
                    fault = Fault(calls, path=path)
                    result = self.must(self.run(database, *COMMANDS[key[1]], fault=fault))
                    self.totals[key] = result.calls
        return self.totals[key]

    def converge(self, spec, database, outcome, chain=""):
        """The same command once more, as a user would; then everything is as it has to be."""
        result = self.run(database, *COMMANDS[spec.get("way", "up")], chain=chain)
        if self.is_done(result, outcome):
            self.compare(spec, database, outcome, chain)

    @staticmethod
    def is_done(result, outcome):
        """Did the last run end well?"""
        outcome.codes.append(result.code)
        if result.status() == "UNRESOLVED":
            outcome.stopped = result.err.strip()
        elif result.code != 0:
            outcome.wrong(f"the last run ended with {result.code}: {result.err.strip()}")
        return result.code == 0

    def compare(self, spec, database, outcome, chain=""):
        found = self.reference(spec, chain)[0].compare(database.snapshot())
        outcome.lost, outcome.doubled = found[0], found[1]
        outcome.other += found[2]


def fault_of(spec, on=False):
    """Network calls for servers, calls on the file for SQLite."""
    at, act = int(spec["at"]), spec["act"]
    clock_s = int(spec.get("clock", "0"))
    if spec["engine"] == "sqlite":
        return Fault(spec.get("calls") or FILES, at, act, "app.db", on, clock_s)
    return Fault(spec.get("calls") or NETWORK, at, act, "", on, clock_s)


def boundaries(lab, spec):
    if spec["engine"] == "sqlite":
        return lab.total(spec, spec.get("calls") or FILES, "app.db")
    return lab.total(spec, spec.get("calls") or NETWORK)


# ---- kill -9 of the program ----

@kind
def kill(lab, spec, outcome):
    """Killed before, in the middle of or after its n-th send, or write to the file."""
    with lab.prepared(spec) as database:
        result = lab.run(database, *COMMANDS[spec["way"]], fault=fault_of(spec))
        outcome.codes.append(result.code)
        outcome.hit = result.hits > 0
        lab.converge(spec, database, outcome)


@kind
def moment(lab, spec, outcome):
    """Killed at a random moment: `at` is a part of the time that an undisturbed run takes."""
    seconds = lab.reference(spec)[1] * float(spec["at"])
    with lab.prepared(spec) as database:
        running = lab.program.start(database.url, database.engine, COMMANDS[spec["way"]])
        try:
            running.process.wait(seconds)
        except subprocess.TimeoutExpired:
            running.kill()
        result = running.wait()
        outcome.codes.append(result.code)
        outcome.hit = result.code == -signal.SIGKILL
        lab.converge(spec, database, outcome)


@kind
def twice(lab, spec, outcome):
    """Killed, then the run that continues is killed as well, then a third one."""
    with lab.prepared(spec) as database:
        for at in (spec["at"], spec["then"]):
            fault = fault_of(Spec("kill", **{**spec.parts, "at": at}))
            result = lab.run(database, *COMMANDS[spec["way"]], fault=fault)
            outcome.codes.append(result.code)
        lab.converge(spec, database, outcome)


class Holder:
    """Another session, which holds a lock on a table until it is let go."""

    def __init__(self, database, table="item"):
        self.database = database
        self.link = self.process = None
        if database.engine == "sqlite":
            self.link = database.connect()
            self.link.execute(database.lock_sql)
            return
        words, env = database.server.session(database.name)
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        env=env, text=True)
        self.process.stdin.write(database.server.lock_sql.format(table) + "\n")
        self.process.stdin.flush()
        if self.process.stdout.readline().strip() != "held":
            raise Trouble("the lock was not had")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.release()

    def release(self):
        if self.link is not None:
            self.link.close()
            self.link = None
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait(30)
            self.process.stdout.close()
            self.process = None


def until(true, what, timeout_s=30):
    end = time.monotonic() + timeout_s
    while not true():
        if time.monotonic() > end:
            raise Trouble("waited in vain until " + what)
        time.sleep(0.01)


@kind
def orphan(lab, spec, outcome):
    """Killed while the server waits in one of its statements, which it goes on with later."""
    with lab.prepared(spec) as database:
        lab.must(lab.run(database, "upgrade", spec["after"]))
        with Holder(database):
            running = lab.program.start(database.url, database.engine, ["upgrade"])
            until(lambda: database.server.waiting(database.name) > 0, "the program waits")
            running.kill()
            outcome.codes.append(running.wait().code)
        lab.converge(spec, database, outcome)


# ---- kill -9 of the server ----

@kind
def server(lab, spec, outcome):
    """The server is killed while the program stands at its n-th send; `first` says whether the
    server is back before the program goes on."""
    private = lab.servers.private(spec["engine"])
    spec.parts["server"] = "private"
    with private.lock, lab.prepared(spec) as database:
        running = lab.program.start(database.url, database.engine, COMMANDS[spec["way"]],
                                    fault_of(spec))
        outcome.hit = running.wait_stopped()
        if not outcome.hit:
            outcome.codes.append(running.wait().code)
            lab.converge(spec, database, outcome)
            return
        if spec["what"] == "session":
            private.kill_session(database)
        else:
            private.kill()
        if spec["first"] == "server":
            private.start()
        running.kill(signal.SIGCONT)
        result = running.wait()
        outcome.codes.append(result.code)
        if result.code == HUNG:
            outcome.wrong("the program did not notice within 120 s")
        if result.code not in (0, 1):
            outcome.wrong(f"exit code {result.code}")
        private.start()
        lab.converge(spec, database, outcome)


# ---- the connection ----

@kind
def cut(lab, spec, outcome):
    """The connection breaks after n bytes in one direction."""
    with lab.prepared(spec) as database:
        options = ["--" + spec["side"], spec["at"], "--how", spec["how"]]
        with CutProxy(lab.program, database.server.address(), *options) as proxy:
            url = database.server.through(proxy.port, database.name)
            result = lab.program.run(url, database.engine, COMMANDS[spec["way"]])
            proxy.end()
        outcome.codes.append(result.code)
        outcome.hit = any(link["cut"] for link in proxy.links)
        if result.code not in (0, 1) or result.seconds > SILENCE_S:
            outcome.wrong(f"exit code {result.code} after {result.seconds:.1f} s")
        lab.converge(spec, database, outcome)


def bytes_passed(lab, spec):
    """Bytes of the first connection of an undisturbed run: up, down."""
    with lab.prepared(spec) as database:
        with CutProxy(lab.program, database.server.address()) as proxy:
            url = database.server.through(proxy.port, database.name)
            lab.must(lab.program.run(url, database.engine, COMMANDS[spec["way"]]))
            proxy.end()
        return {"up": proxy.links[0]["up"], "down": proxy.links[0]["down"]}


# ---- many at once ----

@kind
def crowd(lab, spec, outcome):
    """Many runners start together on an empty database."""
    chain = spec.get("chain")
    with lab.prepared(spec) as database:
        urls = [database.url]
        more = ["--lock-timeout", "5m"]
        if spec.get("by"):
            pooler = lab.servers.pooler(database)
            urls = pooler.urls
            more += pooler.more(spec["by"])
        run_crowd(lab, spec, outcome, database.engine, urls, more)
        lab.compare(spec, database, outcome, chain)


@kind
def crowd_killed(lab, spec, outcome):
    """Runners start together and some are killed; the others do the whole."""
    with lab.prepared(spec) as database:
        faults = [fault_of(Spec("kill", **{**spec.parts, "at": at}))
                  for at in spec["at"].split("+")]
        killed = [lab.program.start(database.url, database.engine, ["upgrade"], fault)
                  for fault in faults]
        others = [lab.program.start(database.url, database.engine,
                                    ["upgrade", "--lock-timeout", "5m"])
                  for _ in range(int(spec["runners"]))]
        for runner in killed:
            outcome.codes.append(runner.wait().code)
        for runner in others:
            result = runner.wait(300)
            if not lab.is_done(result, outcome) and outcome.stopped:
                break
        if not outcome.stopped:
            lab.compare(spec, database, outcome)
        for runner in others:
            runner.end()


def run_crowd(lab, spec, outcome, engine, urls, more):
    chain = spec.get("chain")
    runners = [lab.program.start(urls[i % len(urls)], engine, ["upgrade", *more], chain=chain)
               for i in range(int(spec["runners"]))]
    applied = 0
    for runner in runners:
        result = runner.wait(300)
        applied += result.out.count('"step_end"')
        outcome.codes.append(result.code)
        if result.code != 0:
            outcome.wrong(f"a runner ended with {result.code}: {result.err.strip()}")
    if applied != REVISIONS:
        outcome.wrong(f"{applied} revisions were applied by all runners together")


@kind
def galera(lab, spec, outcome):
    """Runners on all nodes of a cluster at once."""
    cluster = lab.servers.cluster()
    with cluster.lock:
        database = Database(cluster.nodes[0])
        try:
            urls = [node.through(node.port, database.name) for node in cluster.nodes]
            run_crowd(lab, spec, outcome, "mariadb", urls, ["--lock-timeout", "5m"])
            for node in cluster.nodes:
                until(lambda node=node: node.is_caught_up(), "the node has all")
                snapshot = node.snapshot(database.name)
                found = lab.reference(spec)[0].compare(snapshot)
                outcome.lost += found[0]
                outcome.doubled += found[1]
                outcome.other += found[2]
        finally:
            database.drop()


# ---- signals ----

@kind
def stop(lab, spec, outcome):
    """SIGTERM or SIGINT at its n-th call: it ends within 5 s and the next run goes on."""
    with lab.prepared(spec) as database:
        fault = fault_of(spec)
        result = lab.run(database, *COMMANDS[spec["way"]], fault=fault)
        check_stopped(outcome, result, result.seconds)
        outcome.hit = result.hits > 0
        if result.code == 130 and is_half_way(lab, spec, database):
            outcome.wrong("it ended at once in the middle of its work")
        lab.converge(spec, database, outcome)


def is_half_way(lab, spec, database):
    """Had the run begun, and not ended?"""
    try:
        snapshot = database.snapshot()
    except Trouble:
        return False  # nothing is there yet
    end = lab.reference(spec)[0].compare(snapshot)
    return any(end) and spec["way"] == "up"


def check_stopped(outcome, result, seconds):
    """0 where the work was done all the same, 1 where it was cancelled, 130 where there was nothing
    to cancel."""
    outcome.codes.append(result.code)
    if result.code not in (0, 1, 130):
        outcome.wrong(f"exit code {result.code} after a signal: {result.err.strip()}")
    if result.code == 1 and result.status() != "CANCELLED":
        outcome.wrong(f"status {result.status()} after a signal: {result.err.strip()}")
    if seconds > WITHIN_S:
        outcome.wrong(f"ended {seconds:.1f} s after the signal")


@kind
def stop_waiting(lab, spec, outcome):
    """SIGTERM or SIGINT while a statement waits for a lock of another session, and the lock stays."""
    with lab.prepared(spec) as database:
        lab.must(lab.run(database, "upgrade", spec["after"]))
        with Holder(database):
            running = lab.program.start(database.url, database.engine,
                                        ["upgrade", "--set", "lock_timeout=1m"])
            if database.engine == "sqlite":
                until(lambda: opened(running, database.path), "the file is open")
            else:
                until(lambda: database.server.waiting(database.name) > 0, "the program waits")
            begin = time.monotonic()
            running.kill(getattr(signal, spec["act"]))
            result = running.wait(60)
            check_stopped(outcome, result, time.monotonic() - begin)
        lab.converge(spec, database, outcome)


@kind
def stop_queue(lab, spec, outcome):
    """SIGTERM or SIGINT while another runner, which stands still, holds the migration lock."""
    with lab.prepared(spec) as database:
        first = lab.program.start(database.url, database.engine, ["upgrade"], fault_of(spec))
        try:
            if not first.wait_stopped():
                raise Trouble("the first runner did not stop")
            second = lab.program.start(database.url, database.engine, ["upgrade"])
            until(lambda: second.says('"lock_wait"') or second.process.poll() is not None,
                  "the second runner waits")
            if second.process.poll() is None:
                begin = time.monotonic()
                second.kill(getattr(signal, spec["signal"]))
                check_stopped(outcome, second.wait(60), time.monotonic() - begin)
            else:
                outcome.wrong(f"the second runner did not wait: {second.wait().err.strip()}")
        finally:
            first.kill(signal.SIGCONT)
            outcome.codes.append(first.wait().code)
        lab.converge(spec, database, outcome)


def opened(running, path):
    folder = f"/proc/{running.process.pid}/fd"
    return any(os.readlink(f"{folder}/{fd}") == path for fd in os.listdir(folder)
               if os.path.exists(f"{folder}/{fd}"))


# ---- disks, files, clocks ----

@kind
def fail(lab, spec, outcome):
    """The n-th call on the file or the network fails, or every one from then on."""
    with lab.prepared(spec) as database:
        result = lab.run(database, *COMMANDS[spec["way"]], fault=fault_of(spec, spec["on"] == "1"))
        outcome.codes.append(result.code)
        outcome.hit = result.hits > 0
        if result.code not in (0, 1):
            outcome.wrong(f"exit code {result.code}: {result.err.strip()}")
        if result.code == 1 and not result.status():
            outcome.wrong(f"no error was named: {result.err.strip()}")
        lab.converge(spec, database, outcome)


@kind
def clock(lab, spec, outcome):
    """The wall clock jumps in the middle: nothing may come of it."""
    with lab.prepared(spec) as database:
        result = lab.run(database, *COMMANDS[spec["way"]], fault=fault_of(spec))
        outcome.codes.append(result.code)
        outcome.hit = result.hits > 0
        if result.code != 0:
            outcome.wrong(f"exit code {result.code}: {result.err.strip()}")
        lab.converge(spec, database, outcome)


@kind
def read_only(lab, spec, outcome):
    """SQLite: the file, or its folder, may not be written by who runs the program."""
    with lab.prepared(spec) as database:
        lab.must(lab.run(database, "upgrade", "r04"))
        before = database.snapshot()
        os.chmod(database.path, 0o444)
        os.chmod(database.folder, 0o555)
        user = 65534 if os.getuid() == 0 else None
        result = lab.program.start(database.url, "sqlite", ["upgrade"], as_user=user).wait()
        outcome.codes.append(result.code)
        if result.code != 1 or result.status() != "READ_ONLY":
            outcome.wrong(f"exit code {result.code}, {result.err.strip()}")
        lost, doubled, other = before.compare(database.snapshot())
        outcome.other += lost + doubled + other
        os.chmod(database.folder, 0o755)
        os.chmod(database.path, 0o644)
        lab.converge(spec, database, outcome)


@contextlib.contextmanager
def small_disk(base, size):
    """A folder on a file system of its own; None where that is not allowed."""
    folder = tempfile.mkdtemp(dir=base)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=1777", "tmpfs", folder]
    is_mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    try:
        yield folder if is_mounted else None
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", folder], check=True)
        os.rmdir(folder)


def check_full(outcome, result):
    outcome.codes.append(result.code)
    outcome.hit = result.code != 0  # there was room enough
    if outcome.hit and (result.code != 1 or result.status() != "NO_SPACE"):
        outcome.wrong(f"exit code {result.code}: {result.err.strip()}")


@kind
def full_disk(lab, spec, outcome):
    """SQLite: the disk is full, then it has room again."""
    with small_disk(lab.base, spec["size"]) as folder:
        if folder is None:
            outcome.hit = False
            return
        database = SqliteFile(folder, wal=spec.get("wal") == "1")
        check_full(outcome, lab.run(database, "upgrade"))
        subprocess.run(["mount", "-o", "remount,size=32m", folder], check=True)
        lab.converge(spec, database, outcome)


@contextlib.contextmanager
def on_small_disk(lab, spec, folder, database):
    """What the server makes in this database from now on is on the small disk."""
    server_ = database.server
    if spec["engine"] == "postgres":
        space = "space_" + database.name
        shutil.chown(folder, "postgres" if os.getuid() == 0 else None)
        server_.run(f"CREATE TABLESPACE {space} LOCATION '{folder}'")
        server_.run(f"ALTER DATABASE {database.name} SET default_tablespace = '{space}'")
        yield
        database.drop()
        server_.run(f"DROP TABLESPACE {space}")
    else:
        place = os.path.join(lab.servers.private("mariadb").home(), "data", database.name)
        subprocess.run(["mount", "--bind", folder, place], check=True)
        try:
            shutil.chown(folder, "mysql", "mysql")
            yield
        finally:
            server_.run("FLUSH TABLES")
            tables = server_.run("SELECT table_name FROM information_schema.tables WHERE"
                                 f" table_schema = '{database.name}' AND table_type = 'BASE TABLE'")
            for table in tables.split():
                server_.run(f"SET foreign_key_checks = 0; DROP TABLE {table}", database.name)
            subprocess.run(["umount", "-l", place], check=True)


@kind
def full_server(lab, spec, outcome):
    """The server's disk is full, then it has room again."""
    with small_disk(lab.base, spec["size"]) as folder:
        if folder is None:
            outcome.hit = False
            return
        with lab.prepared(spec) as database:
            with on_small_disk(lab, spec, folder, database):
                check_full(outcome, lab.run(database, "upgrade"))
                subprocess.run(["mount", "-o", "remount,size=64m", folder], check=True)
                lab.converge(spec, database, outcome)


# ---- locks of others ----

@kind
def locked(lab, spec, outcome):
    """A table is locked by another session for longer than all tries."""
    with lab.prepared(spec) as database:
        lab.must(lab.run(database, "upgrade", spec["after"]))
        before = database.snapshot()
        with Holder(database, spec["table"]):
            result = lab.run(database, "upgrade", "--set", "lock_timeout=200ms", "--lock-retries",
                             "2", "--lock-timeout", "2s", timeout_s=60)
        outcome.codes.append(result.code)
        if result.code not in (1, 5) or result.status() not in ("LOCK_TIMEOUT", "BUSY", "LOCK"):
            outcome.wrong(f"exit code {result.code}: {result.err.strip()}")
        if database.snapshot().ledger != before.ledger:
            outcome.wrong("the ledger has changed")
        if spec.get("whole") == "1":  # the step that waits is a transaction: nothing may stay of it
            lost, doubled, other = before.compare(database.snapshot())
            outcome.other += lost + doubled + other
        lab.converge(spec, database, outcome)


# ---- failover ----

@kind
def failover(lab, spec, outcome):
    """The primary is lost while the program stands at its n-th send; the standby takes over."""
    pair = lab.servers.pair()
    with pair.lock:
        pair.start()
        database = Database(pair.primary())
        url = pair.url(database.name)
        if spec["way"] == "down":
            lab.must(lab.program.run(url, "postgres", ["upgrade"]))
        running = lab.program.start(url, "postgres", COMMANDS[spec["way"]], fault_of(spec))
        outcome.hit = running.wait_stopped()
        if outcome.hit:
            pair.failover()
            running.kill(signal.SIGCONT)
        result = running.wait()
        outcome.codes.append(result.code)
        if result.code not in (0, 1):
            outcome.wrong(f"exit code {result.code}")
        database.server = pair.primary()
        if lab.is_done(lab.program.run(url, "postgres", COMMANDS[spec["way"]]), outcome):
            lab.compare(spec, database, outcome)
        pair.remove()


@kind
def replica(lab, spec, outcome):
    """A standby as the target is refused before anything is tried."""
    pair = lab.servers.pair()
    with pair.lock:
        pair.start()
        database = Database(pair.primary())
        pair.wait_for(database.name)
        standby = pair.standby()
        result = lab.program.run(standby.through(standby.port, database.name), "postgres",
                                 ["upgrade"])
        outcome.codes.append(result.code)
        if result.code != 1 or result.status() != "READ_ONLY":
            outcome.wrong(f"exit code {result.code}: {result.err.strip()}")
        database.drop()


def run_one(lab, spec):
    outcome = Outcome(spec)
    try:
        kinds[spec.kind](lab, spec, outcome)
    except (Trouble, OSError, subprocess.SubprocessError) as error:
        outcome.trouble = f"{type(error).__name__}: {error}"
    return outcome


def spread(total, count):
    """At most `count` of 1..total, evenly; all of them where count is None."""
    if count is None or count >= total:
        return list(range(1, total + 1))
    return sorted({1 + round(i * (total - 1) / max(1, count - 1)) for i in range(count)})


def shuffled(items, seed):
    items = list(items)
    random.Random(seed).shuffle(items)
    return items


def clean(base):
    shutil.rmtree(base, ignore_errors=True)
