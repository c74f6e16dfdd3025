#!/usr/bin/env python3
"""Writes the benchmarks' chain of revisions in the format of each tool.

    generate.py COUNT ENGINE FOLDER     ENGINE is postgres, sqlite or mariadb

The statements are those of bench_chain.c. FOLDER gets one folder for each tool:

    whimbrel/migrations  dbmate  sql-migrate  node-pg-migrate  alembic  script

and `script` holds up.sql and down.sql for the engine's own client, with a row of history for each
revision. Standard library only.
"""

import hashlib
import pathlib
import sys

UP = (
    "CREATE TABLE bench_{n:06d} (id bigint PRIMARY KEY, name varchar(80) NOT NULL)",
    "CREATE INDEX bench_{n:06d}_name ON bench_{n:06d} (name)",
    "ALTER TABLE bench_{n:06d} ADD COLUMN note varchar(200)",
)
DOWN = (
    "ALTER TABLE bench_{n:06d} DROP COLUMN note",
    "DROP INDEX bench_{n:06d}_name",
    "DROP TABLE bench_{n:06d}",
)
ON_TABLE = " ON bench_{n:06d}"  # MariaDB's indexes have no names of their own


def statements(engine, number, is_up):
    patterns = UP if is_up else DOWN
    texts = [pattern.format(n=number) for pattern in patterns]
    if engine == "mariadb" and not is_up:
        texts[1] += ON_TABLE.format(n=number)
    return texts


def block(engine, number, is_up):
    return "".join(text + ";\n" for text in statements(engine, number, is_up))


def identifier(number):
    return hashlib.sha256(f"bench {number}".encode()).hexdigest()[:12]


def date(number):
    """Rises by a minute with each revision; the fields need not be a real calendar's."""
    minute, hour, day = number % 60, number // 60 % 24, number // 1440
    return 2025 + day // 336, 1 + day // 28 % 12, 1 + day % 28, hour, minute


def write_whimbrel(folder, engine, count):
    folder = folder / "whimbrel" / "migrations"
    folder.mkdir(parents=True)
    for n in range(1, count + 1):
        year, month, day, hour, minute = date(n)
        revises = identifier(n - 1) if n > 1 else ""
        name = f"{year}{month:02d}{day:02d}_{hour:02d}{minute:02d}-{identifier(n)}_revision_{n}.sql"
        (folder / name).write_text(
            f"-- Revision {n}\n--\n-- revision: {identifier(n)}\n-- revises: {revises}\n"
            f"-- create_date: {year}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:00Z\n\n"
            f"-- migrate:up\n{block(engine, n, True)}\n-- migrate:down\n{block(engine, n, False)}"
        )


def write_marked(folder, engine, count, up, down):
    folder.mkdir(parents=True)
    for n in range(1, count + 1):
        (folder / f"{n:014d}_revision_{n}.sql").write_text(
            f"{up}\n{block(engine, n, True)}\n{down}\n{block(engine, n, False)}"
        )


ALEMBIC_INI = """[alembic]
script_location = {folder}
"""

# One transaction for each revision, as the other tools have it.
ALEMBIC_ENV = """import os
from alembic import context
from sqlalchemy import create_engine, pool

engine = create_engine(os.environ["BENCH_ALEMBIC_URL"], poolclass=pool.NullPool)
with engine.connect() as connection:
    context.configure(connection=connection, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()
"""


def write_alembic(folder, engine, count):
    folder = folder / "alembic"
    (folder / "versions").mkdir(parents=True)
    (folder / "alembic.ini").write_text(ALEMBIC_INI.format(folder=folder))
    (folder / "env.py").write_text(ALEMBIC_ENV)
    for n in range(1, count + 1):
        lines = ["from alembic import op\n", f'revision = "{identifier(n)}"']
        lines.append(f"down_revision = {repr(identifier(n - 1)) if n > 1 else None}\n")
        for function, is_up in (("upgrade", True), ("downgrade", False)):
            lines.append(f"\ndef {function}():")
            lines += [f'    op.execute("{text}")' for text in statements(engine, n, is_up)]
            lines.append("")
        (folder / "versions" / f"{identifier(n)}_revision_{n}.py").write_text("\n".join(lines))


def write_script(folder, engine, count):
    """Each revision is a transaction; MariaDB commits at each statement whatever is said."""
    folder = folder / "script"
    folder.mkdir(parents=True)
    kind = "varchar(20)" if engine == "mariadb" else "text"
    with open(folder / "up.sql", "w") as up:
        up.write(f"CREATE TABLE IF NOT EXISTS bench_history (version {kind} PRIMARY KEY);\n")
        for n in range(1, count + 1):
            up.write(f"BEGIN;\n{block(engine, n, True)}")
            up.write(f"INSERT INTO bench_history VALUES ('{n:014d}');\nCOMMIT;\n")
    with open(folder / "down.sql", "w") as down:
        for n in range(count, 0, -1):
            down.write(f"BEGIN;\n{block(engine, n, False)}")
            down.write(f"DELETE FROM bench_history WHERE version = '{n:014d}';\nCOMMIT;\n")


def main():
    if len(sys.argv) != 4 or sys.argv[2] not in ("postgres", "sqlite", "mariadb"):
        sys.exit(__doc__)
    count, engine, folder = int(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3]).resolve()
    write_whimbrel(folder, engine, count)
    write_marked(folder / "dbmate", engine, count, "-- migrate:up", "-- migrate:down")
    write_marked(folder / "sql-migrate", engine, count, "-- +migrate Up", "-- +migrate Down")
    write_script(folder, engine, count)
    if engine == "postgres":
        write_marked(
            folder / "node-pg-migrate", engine, count, "-- Up Migration", "-- Down Migration"
        )
    if engine != "mariadb":
        write_alembic(folder, engine, count)


main()
