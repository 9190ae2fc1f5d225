"""Writes at random to a database, one transaction after the other, and prints what must be there.

Arguments: file, name of the writer, seed, number of transactions. Every line printed is a row of
its own that was acknowledged: key, value, number, with tabs between; no line for a deleted row.
"""
import random
import sqlite3
import sys

path, name, seed, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
chance = random.Random(seed)
db = sqlite3.connect(path, timeout=20, isolation_level=None)
own = {}

for i in range(count):
    what = chance.random()
    key = "%s-%d" % (name, chance.randrange(60))
    if what < 0.45:
        value = (name + str(i) * chance.randrange(1, 40), i)
        db.execute("INSERT OR REPLACE INTO items VALUES (?, ?, ?)", (key,) + value)
        own[key] = value
    elif what < 0.65:
        db.execute("UPDATE items SET number = number + 1 WHERE id = ?", (key,))
        if key in own:
            own[key] = (own[key][0], own[key][1] + 1)
    elif what < 0.8:
        db.execute("DELETE FROM items WHERE id = ?", (key,))
        own.pop(key, None)
    elif what < 0.9:
        shared = "shared-%d" % chance.randrange(20)
        if chance.random() < 0.3:
            db.execute("DELETE FROM items WHERE id = ?", (shared,))
        else:
            db.execute(
                "INSERT INTO items VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET text = excluded.text",
                (shared, name, i),
            )
    else:
        db.execute("BEGIN IMMEDIATE")
        batch = {"%s-many-%d" % (name, chance.randrange(200)): (name, i) for _ in range(10)}
        db.executemany(
            "INSERT OR REPLACE INTO items VALUES (?, ?, ?)",
            [(k,) + v for k, v in batch.items()],
        )
        if chance.random() < 0.3:
            db.execute("ROLLBACK")
        else:
            db.execute("COMMIT")
            own.update(batch)

for key, (text, number) in own.items():
    print("%s\t%s\t%d" % (key, text, number))
