"""Looks at the files of the demo: whether they are equal, and hold what the programs committed."""

import hashlib
import json
import sqlite3

SCHEMA = """
    PRAGMA journal_mode = WAL;
    CREATE TABLE notes (id TEXT PRIMARY KEY, author TEXT, body TEXT, edits INTEGER, stamp BLOB);
    CREATE TABLE tags (note TEXT, tag TEXT, PRIMARY KEY (note, tag)) WITHOUT ROWID;
    CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT, author TEXT);
"""
COLUMNS = {
    "notes": ["id", "author", "body", "edits", "stamp"],
    "tags": ["note", "tag"],
    "settings": ["name", "value", "author"],
}


def connect(file):
    return sqlite3.connect(file, timeout=30, isolation_level=None)


def make(file):
    connection = connect(file)
    connection.executescript(SCHEMA)
    connection.close()


def rows(file, table):
    """Each row by its values' types and bytes, in the order of the key."""
    shown = ", ".join(f"typeof({c}), hex(CAST({c} AS BLOB))" for c in COLUMNS[table])
    connection = connect(file)
    try:
        return connection.execute(f"SELECT {shown} FROM {table} ORDER BY 2, 4").fetchall()
    finally:
        connection.close()


def digest(found):
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def digests(file):
    return {table: digest(rows(file, table)) for table in COLUMNS}


def is_whole(file):
    connection = connect(file)
    try:
        return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    finally:
        connection.close()


class Acknowledged:
    """What the programs were told is committed, from what they noted."""

    def __init__(self, files):
        self.transactions = 0
        self.writes = 0
        self.rows = {"notes": {}, "tags": {}}
        self.settings = {}
        for file in files:
            self._read(file)

    def _read(self, file):
        last = 0
        with open(file, encoding="utf-8") as notes:
            for line in notes:
                last, table, key, row = json.loads(line)
                self.writes += 1
                if table == "settings":
                    self.given(row)
                elif row is None:
                    del self.rows[table][tuple(key)]
                else:
                    self.rows[table][tuple(key)] = tuple(row)
        self.transactions += last

    def given(self, setting):
        """A row that all write to was written; its columns merge each for itself."""
        columns = self.settings.setdefault(setting[0], [set() for _ in setting])
        for values, value in zip(columns, setting):
            values.add(value)

    def count(self):
        return sum(len(rows) for rows in self.rows.values())

    def faults(self, file):
        """What a file holds otherwise than it was committed; a row that all write to may have in
        each column any value that somebody gave it."""
        connection = connect(file)
        try:
            notes = connection.execute("SELECT id, author, body, edits, lower(hex(stamp)) FROM notes")
            held = {"notes": {(row[0],): row for row in notes}}
            held["tags"] = {row: row for row in connection.execute("SELECT note, tag FROM tags")}
            settings = connection.execute("SELECT name, value, author FROM settings").fetchall()
        finally:
            connection.close()
        faults = []
        for table, expected in self.rows.items():
            lost = [key for key, row in expected.items() if held[table].get(key) != row]
            extra = [key for key in held[table] if key not in expected]
            faults += [f"{table} {'/'.join(key)} is not as it was committed" for key in lost]
            faults += [f"{table} {'/'.join(key)} was never committed, or deleted" for key in extra]
        for row in settings:
            columns = self.settings.get(row[0], [set() for _ in row])
            if any(value not in values for value, values in zip(row, columns)):
                faults.append(f"settings {row[0]} has a value that nobody gave it")
        missing = self.settings.keys() - {row[0] for row in settings}
        return faults + [f"settings {name} is missing" for name in sorted(missing)]
