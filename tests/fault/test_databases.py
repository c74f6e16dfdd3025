"""The comparison sees what it is there to see: a change of every kind in a SQLite file and in a dump.

    python3 tests/fault/test_databases.py"""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from databases import SqliteFile, snapshot_of_dump  # noqa: E402  pylint: disable=wrong-import-position

MADE = """
CREATE TABLE effect (what text);
CREATE TABLE counter (name text, n integer);
CREATE TABLE whimbrel_history (revision text, position integer);
CREATE TABLE item (id integer, label text);
CREATE INDEX item_label ON item (label);
INSERT INTO effect VALUES ('one'), ('two');
INSERT INTO counter VALUES ('up', 2);
INSERT INTO item VALUES (1, 'a');
INSERT INTO whimbrel_history VALUES ('r01', 1);
"""
DUMP = """
CREATE TABLE item (
    id integer
) ENGINE=InnoDB AUTO_INCREMENT=7;
INSERT INTO `item` VALUES (1);
INSERT INTO `counter` VALUES ('up',2);
"""
COUNTED = "effect\tone\ncounter\tup\t2\nledger\tr01\t1\n"


class SqliteChanges(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.file = SqliteFile(self.folder.name)
        link = self.file.connect()
        link.executescript(MADE)
        link.close()
        self.before = self.file.snapshot()

    def tearDown(self):
        self.folder.cleanup()

    def after(self, sql):
        self.file.run(sql)
        return self.before.compare(self.file.snapshot())

    def test_nothing_is_found_where_nothing_changed(self):
        self.assertEqual(self.before.compare(self.file.snapshot()), ([], [], []))

    def test_an_effect_that_is_gone_is_lost(self):
        self.assertEqual(self.after("DELETE FROM effect WHERE what = 'one'"), (["one"], [], []))

    def test_an_effect_that_came_twice_is_doubled(self):
        self.assertEqual(self.after("INSERT INTO effect VALUES ('two')"), ([], ["two"], []))

    def test_a_counter_tells_lost_from_doubled(self):
        self.assertEqual(self.after("UPDATE counter SET n = 3"), ([], ["counter up: 3 for 2"], []))
        self.assertEqual(self.after("UPDATE counter SET n = 1"), (["counter up: 1 for 2"], [], []))

    def test_rows_indexes_settings_and_the_ledger_are_compared(self):
        for sql in ("UPDATE item SET label = 'b'", "DROP INDEX item_label",
                    "PRAGMA user_version = 3", "UPDATE whimbrel_history SET position = 2"):
            with self.subTest(sql):
                self.assertNotEqual(self.after(sql)[2], [])
                self.before = self.file.snapshot()


class DumpChanges(unittest.TestCase):
    def test_a_dump_is_read_by_statement_and_row(self):
        snapshot = snapshot_of_dump(DUMP, COUNTED)
        self.assertEqual(snapshot.schema, ["CREATE TABLE item (\n    id integer\n) ENGINE=InnoDB;"])
        self.assertEqual(list(snapshot.rows), ["INSERT INTO `item` VALUES (1);"])
        self.assertEqual(snapshot.counters, {"up": 2})
        self.assertEqual(snapshot.ledger, [("r01", "1")])

    def test_a_row_and_a_column_are_compared(self):
        before = snapshot_of_dump(DUMP, COUNTED)
        for change in (("(1)", "(2)"), ("id integer", "id bigint")):
            got = snapshot_of_dump(DUMP.replace(*change), COUNTED)
            self.assertNotEqual(before.compare(got)[2], [])

    def test_an_invalid_index_is_a_difference(self):
        before = snapshot_of_dump(DUMP, COUNTED)
        got = snapshot_of_dump(DUMP, COUNTED + "index\titem_label\tf\tt\tt\n")
        self.assertNotEqual(before.compare(got)[2], [])


if __name__ == "__main__":
    unittest.main()
