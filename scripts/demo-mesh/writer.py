"""A program that knows SQLite and nothing of any mesh: it writes into one file for a while.

What it has committed it notes, a JSON array a line: [transaction, table, key, row or null].
"""

import json
import random
import sqlite3
import subprocess
import sys
import time

BUSY_MILLIS = 30_000
WORDS = "site draft note Grüße it's café θ done later 東京 re-read -- ; 'quoted' \"twice\"".split()
SETTINGS = 12


def text(value):
    """A value as SQL writes it."""
    if isinstance(value, bytes):
        return "x'" + value.hex() + "'"
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else str(value)


class Module:
    """Python's own SQLite."""

    def __init__(self, file):
        self.connection = sqlite3.connect(file, timeout=BUSY_MILLIS / 1000, isolation_level=None)

    def commit(self, statements):
        for statement in ["BEGIN IMMEDIATE", *statements, "COMMIT"]:
            self.connection.execute(statement)

    def close(self):
        self.connection.close()


class Shell:
    """The program sqlite3, which ends at the first error."""

    def __init__(self, file):
        line = ["sqlite3", "-batch", "-bail", "-cmd", f".timeout {BUSY_MILLIS}", file]
        pipe = subprocess.PIPE
        self.shell = subprocess.Popen(line, stdin=pipe, stdout=pipe, text=True, encoding="utf-8")

    def commit(self, statements):
        script = ["BEGIN IMMEDIATE", *statements, "COMMIT", "SELECT 'committed'"]
        self.shell.stdin.write(";\n".join(script) + ";\n")
        self.shell.stdin.flush()
        if self.shell.stdout.readline() != "committed\n":
            raise RuntimeError("sqlite3 refused to go on")

    def close(self):
        self.shell.stdin.close()
        if self.shell.wait() != 0:
            raise RuntimeError("sqlite3 has failed")


class Author:
    """Decides what is written next: mostly rows of its own, at times one that all write to."""

    def __init__(self, name, seed):
        self.name = name
        self.chance = random.Random(seed)
        self.notes = {}
        self.count = 0

    def words(self):
        return " ".join(self.chance.choice(WORDS) for _ in range(self.chance.randint(1, 12)))

    def next(self):
        """The writes of one transaction: (table, key, row or None for a delete)."""
        draw = self.chance.random()
        if draw < 0.12:
            key = f"setting-{self.chance.randrange(SETTINGS)}"
            return [("settings", [key], [key, self.words(), self.name])]
        if draw < 0.20 and len(self.notes) > 20:
            note = self.chance.choice(sorted(self.notes))
            tags = self.notes.pop(note)[1]
            gone = [("tags", [note, tag], None) for tag in tags]
            return [*gone, ("notes", [note], None)]
        if draw < 0.45 and self.notes:
            note = self.chance.choice(sorted(self.notes))
            row, tags = self.notes[note]
            row = [note, self.name, self.words(), row[3] + 1, self.chance.randbytes(8)]
            self.notes[note] = (row, tags)
            return [("notes", [note], row)]
        writes = []
        for _ in range(self.chance.randint(1, 4)):
            self.count += 1
            note = f"{self.name}-{self.count:05}"
            row = [note, self.name, self.words(), 0, self.chance.randbytes(8)]
            tags = self.chance.sample(WORDS, self.chance.randint(0, 2))
            self.notes[note] = (row, tags)
            writes.append(("notes", [note], row))
            writes.extend(("tags", [note, tag], [note, tag]) for tag in tags)
        return writes


KEYS = {"notes": ["id"], "tags": ["note", "tag"], "settings": ["name"]}


def statement(table, key, row):
    if row is None:
        where = " AND ".join(f"{c} = {text(v)}" for c, v in zip(KEYS[table], key))
        return f"DELETE FROM {table} WHERE {where}"
    values = f"INSERT INTO {table} VALUES ({', '.join(text(value) for value in row)})"
    if table == "notes":
        return values + (
            " ON CONFLICT (id) DO UPDATE SET body = excluded.body, edits = edits + 1,"
            " stamp = excluded.stamp"
        )
    if table == "settings":
        return values + (
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value, author = excluded.author"
        )
    return values


def plain(row):
    return row and [value.hex() if isinstance(value, bytes) else value for value in row]


def main(program, file, name, seed, seconds, pause, acknowledged):
    author = Author(name, seed)
    client = Shell(file) if program == "sqlite3" else Module(file)
    end = time.monotonic() + float(seconds)
    transaction = 0
    with open(acknowledged, "w", encoding="utf-8") as notes:
        while time.monotonic() < end:
            writes = author.next()
            client.commit([statement(*write) for write in writes])
            transaction += 1
            for table, key, row in writes:
                line = json.dumps([transaction, table, key, plain(row)], ensure_ascii=False)
                notes.write(line + "\n")
            notes.flush()
            time.sleep(float(pause) * author.chance.uniform(0.5, 1.5))
    client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
