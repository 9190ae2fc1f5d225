"""Writes at random to a database until it is killed, and tells which commits were acknowledged.

Arguments: file, name of the writer, seed, number of transactions, whether to write past the
triggers too. Before each commit a line
T <tab> key=state <tab> … says what its own rows will be, '-' for none; after it a line A follows.
The keys of its own rows begin with its name. At the end it says E and waits to be killed.
"""
import random
import sqlite3
import sys
import time

path, name, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
past_triggers = sys.argv[5] == "true" and hasattr(sqlite3.Connection, "blobopen")
chance = random.Random(seed)
db = sqlite3.connect(path, timeout=30, isolation_level=None)
db.execute("PRAGMA synchronous = NORMAL")


def say(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def put(changes, key, i):
    text = name + "x" * chance.choice((1, 30, 300))
    number = chance.choice((i, i + 0.5, str(i), None))
    changes[key] = "%s|%s|%s" % (text, shown(number), kind(number))
    db.execute("INSERT OR REPLACE INTO items (id, text, number) VALUES (?, ?, ?)", (key, text, number))


def shown(number):
    return "null" if number is None else str(number)


def kind(number):
    # The column has no affinity, so what goes in stays what it is.
    return {int: "integer", float: "real", str: "text", type(None): "null"}[type(number)]


def shared(i):
    key = "shared-%d" % chance.randrange(12)
    what = chance.randrange(5)
    if what == 0:
        db.execute("DELETE FROM items WHERE id = ?", (key,))
    elif what == 1:
        db.execute("UPDATE items SET number = ? WHERE id = ?", (i, key))
    elif what == 2:
        db.execute("INSERT OR REPLACE INTO words VALUES (?, ?)", (key, chance.randrange(8)))
    elif what == 3:
        db.execute("DELETE FROM words WHERE id = ?", (key,))
    else:
        db.execute(
            "INSERT INTO items VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET text = excluded.text",
            (key, name, i),
        )


def data(i):
    key = "%s-%d" % (name, chance.randrange(4))
    row = db.execute("SELECT rowid, length(data) FROM blobs WHERE id = ?", (key,)).fetchone()
    if row and row[1] and past_triggers and chance.random() < 0.5:
        with db.blobopen("blobs", "data", row[0]) as blob:
            blob[0] = i % 256
    else:
        size = chance.choice((1, 100, 20000, 150000))
        db.execute("INSERT OR REPLACE INTO blobs VALUES (?, ?)", (key, chance.randbytes(size)))


for i in range(count):
    changes = {}
    what = chance.random()
    db.execute("BEGIN IMMEDIATE")
    if what < 0.55:
        put(changes, "%s-%d" % (name, chance.randrange(30)), i)
    elif what < 0.65:
        key = "%s-%d" % (name, chance.randrange(30))
        db.execute("DELETE FROM items WHERE id = ?", (key,))
        changes[key] = "-"
    elif what < 0.85:
        for _ in range(chance.randrange(1, 4)):
            shared(i)
    elif what < 0.92:
        data(i)
    else:
        for row in range(2200 if chance.random() < 0.02 else 20):
            put(changes, "%s-many-%d" % (name, row), i)
    say("\t".join(["T"] + ["%s=%s" % each for each in changes.items()]))
    db.execute("COMMIT")
    say("A")
    time.sleep(chance.random() * 0.02)
say("E")
sys.stdin.read()
