"""A database for each experiment, and what is compared of it: schema, rows, effects, ledger."""
import collections
import os
import re
import shutil
import sqlite3
import subprocess
import threading
import urllib.parse

CLIENT_ENV = {"PATH": os.environ["PATH"] + ":/usr/sbin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
serial_lock = threading.Lock()
serial = 0


class Trouble(Exception):
    """The experiment itself could not be done; nothing is said about the program."""


def next_name():
    global serial
    with serial_lock:
        serial += 1
        return f"wbf_{os.getpid()}_{serial}"


def call(words, env=None, text=None):
    done = subprocess.run(words, input=text, capture_output=True, text=True,
                          env={**CLIENT_ENV, **(env or {})}, timeout=120, check=False)
    if done.returncode != 0:
        raise Trouble(f"{words[0]}: {done.stderr.strip()}")
    return done.stdout


class Snapshot:
    """What has to be the same after a fault as without it. Times and run ids are not in it."""

    def __init__(self, schema, rows, effects, counters, ledger):
        self.schema = schema
        self.rows = collections.Counter(rows)
        self.effects = collections.Counter(effects)
        self.counters = counters
        self.ledger = ledger

    def compare(self, got):
        """lost effects, doubled effects, other differences"""
        lost = list((self.effects - got.effects).elements())
        doubled = list((got.effects - self.effects).elements())
        other = []
        for name in sorted(set(self.counters) | set(got.counters)):
            want, is_ = self.counters.get(name, 0), got.counters.get(name, 0)
            if is_ != want:
                (lost if is_ < want else doubled).append(f"counter {name}: {is_} for {want}")
        for line in (self.rows - got.rows).elements():
            other.append("missing row: " + line)
        for line in (got.rows - self.rows).elements():
            other.append("more rows: " + line)
        if self.schema != got.schema:
            other += ["not in the schema: " + s for s in self.schema if s not in got.schema]
            other += ["only in the schema: " + s for s in got.schema if s not in self.schema]
        if self.ledger != got.ledger:
            other.append(f"ledger: {got.ledger} for {self.ledger}")
        return lost, doubled, other


def snapshot_of_dump(dump, counted):
    """From a dump with a line for each row; `counted` are lines 'kind<tab>...' of a query."""
    schema, rows, statement = [], [], []
    for line in dump.splitlines():
        if line.startswith("INSERT INTO "):
            if not re.match(r"INSERT INTO (public\.)?[`\"]?(whimbrel_|effect|counter)", line):
                rows.append(line)
        elif line and not line.startswith(("--", "SET ", "SELECT pg_catalog.set", "/*", "\\")):
            statement.append(re.sub(r" AUTO_INCREMENT=\d+", "", line))
            if line.endswith(";"):
                schema.append("\n".join(statement))
                statement = []
    effects, counters, ledger = [], {}, []
    for line in counted.splitlines():
        kind, *rest = line.split("\t")
        if kind == "effect":
            effects.append(rest[0])
        elif kind == "counter":
            counters[rest[0]] = int(rest[1])
        elif kind == "ledger":
            ledger.append(tuple(rest))
        else:
            schema.append(line)
    return Snapshot(sorted(schema), rows, effects, counters, sorted(ledger))


COUNTED = """
SELECT 'effect', what FROM effect;
SELECT 'counter', name, n FROM counter;
SELECT 'ledger', revision, position FROM whimbrel_history;
"""
POSTGRES_FLAWS = """
SELECT 'index', indexrelid::regclass, indisvalid, indisready, indislive FROM pg_index
 WHERE NOT (indisvalid AND indisready AND indislive) ORDER BY 1;
SELECT 'detaching', inhrelid::regclass FROM pg_inherits WHERE inhdetachpending;
"""


class Server:
    """A PostgreSQL or MariaDB server, by the URL that its script prints."""

    def __init__(self, url):
        self.url = url
        parts = urllib.parse.urlsplit(url)
        self.user = parts.username or ""
        self.password = parts.password or ""
        self.host, self.port = parts.hostname, str(parts.port)

    def address(self):
        return f"{self.host}:{self.port}"

    def through(self, port, database):
        """The URL of a database by way of a proxy on that port of this machine."""
        parts = urllib.parse.urlsplit(self.url)
        return f"{parts.scheme}://{self.user}:{self.password}@127.0.0.1:{port}/{database}{self.query}"


class Postgres(Server):
    engine = "postgres"
    query = "?sslmode=disable"
    lock_sql = "BEGIN; LOCK TABLE {} IN ACCESS EXCLUSIVE MODE; SELECT 'held';"

    def run(self, sql, database="postgres"):
        return call(["psql", "-XAtq", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", self.host, "-p",
                     self.port, "-U", self.user, "-d", database, "-f", "-"],
                    {"PGPASSWORD": self.password}, sql)

    def session(self, database):
        """Words and variables of an interactive client."""
        return (["psql", "-XAtq", "-h", self.host, "-p", self.port, "-U", self.user, "-d", database],
                {**CLIENT_ENV, "PGPASSWORD": self.password})

    def waiting(self, database):
        """How many sessions wait for somebody's lock."""
        return int(self.run("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                            f" AND datname = '{database}'"))

    def sessions(self, database):
        rows = self.run("SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend'"
                        f" AND datname = '{database}'")
        return [int(row) for row in rows.split()]

    def create(self, name):
        self.run(f"CREATE DATABASE {name}")

    def drop(self, name):
        self.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def snapshot(self, name):
        dump = call(["pg_dump", "--no-owner", "--inserts", "-h", self.host, "-p", self.port, "-U",
                     self.user, "--exclude-table-data=whimbrel_*", name],
                    {"PGPASSWORD": self.password})
        dump = re.sub(r"(?m)^SELECT pg_catalog\.setval.*$", "", dump)
        return snapshot_of_dump(dump, self.run(COUNTED + POSTGRES_FLAWS, name))


class Mariadb(Server):
    engine = "mariadb"
    query = "?ssl_mode=disabled"
    lock_sql = "LOCK TABLES {} WRITE; SELECT 'held';"

    def words(self, program):
        return [program, "--no-defaults", "-u", self.user, "-h", self.host, "-P", self.port]

    def run(self, sql, database="mysql"):
        return call([*self.words("mariadb"), "-N", "-B", database], {"MYSQL_PWD": self.password}, sql)

    def session(self, database):
        return ([*self.words("mariadb"), "-N", "-B", "-n", "--unbuffered", database],
                {**CLIENT_ENV, "MYSQL_PWD": self.password})

    def waiting(self, database):
        return int(self.run("SELECT count(*) FROM information_schema.processlist WHERE"
                            f" db = '{database}' AND state LIKE 'Waiting for table%'"))

    def sessions(self, database):
        rows = self.run(f"SELECT id FROM information_schema.processlist WHERE db = '{database}'")
        return [int(row) for row in rows.split()]

    def create(self, name):
        self.run(f"CREATE DATABASE {name}")

    def drop(self, name):
        for session in self.sessions(name):
            try:
                self.run(f"KILL CONNECTION {session}")
            except Trouble:
                pass  # it has ended by itself
        self.run(f"DROP DATABASE IF EXISTS {name}")

    def snapshot(self, name):
        dump = call([*self.words("mariadb-dump"), "--skip-comments", "--compact", "--routines",
                     "--skip-extended-insert", "--triggers",
                     f"--ignore-table-data={name}.whimbrel_journal",
                     f"--ignore-table={name}.whimbrel_lock", name],
                    {"MYSQL_PWD": self.password})
        return snapshot_of_dump(dump, self.run(COUNTED, name))


class Database:
    """One database on a server."""

    def __init__(self, server):
        self.server = server
        self.engine = server.engine
        self.name = next_name()
        server.create(self.name)

    @property
    def url(self):
        return self.server.through(self.server.port, self.name)

    def run(self, sql):
        return self.server.run(sql, self.name)

    def snapshot(self):
        return self.server.snapshot(self.name)

    def drop(self):
        self.server.drop(self.name)


class SqliteFile:
    """A database file in a folder of its own."""
    engine = "sqlite"
    lock_sql = "BEGIN IMMEDIATE"

    def __init__(self, base, wal=False):
        self.folder = os.path.join(base, next_name())
        os.mkdir(self.folder)
        self.path = os.path.join(self.folder, "app.db")
        self.url = "sqlite:" + self.path
        if wal:
            self.run("PRAGMA journal_mode = WAL")

    def connect(self):
        return sqlite3.connect(self.path, timeout=10, isolation_level=None)

    def run(self, sql):
        link = self.connect()
        try:
            return link.execute(sql).fetchall()
        finally:
            link.close()

    def snapshot(self):
        link = self.connect()
        try:
            return self.snapshot_of(link)
        except sqlite3.Error as error:
            raise Trouble(f"{self.path}: {error}") from error
        finally:
            link.close()

    @staticmethod
    def snapshot_of(link):
        def rows_of(sql):
            return link.execute(sql).fetchall()
        schema = [row[0] for row in rows_of("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        schema += [f"{name}: {rows_of('PRAGMA ' + name)}" for name in
                   ("user_version", "integrity_check", "foreign_key_check", "journal_mode")]
        rows = []
        for (table,) in rows_of("SELECT name FROM sqlite_master WHERE type = 'table'"):
            if not table.startswith(("whimbrel_", "effect", "counter", "sqlite_")):
                rows += [f"{table} {row}" for row in rows_of(f"SELECT * FROM {table}")]
        return Snapshot(sorted(schema), rows, [row[0] for row in rows_of("SELECT what FROM effect")],
                        dict(rows_of("SELECT name, n FROM counter")),
                        sorted(rows_of("SELECT revision, position FROM whimbrel_history")))

    def drop(self):
        shutil.rmtree(self.folder, ignore_errors=True)
