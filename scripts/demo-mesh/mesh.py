"""Eight nodes in a line, killed at random while programs write into all files, end equal: with
exit status 0 if all held, with 1 if not."""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

sys.dont_write_bytecode = True  # nothing is left beside these files either

import compare
import line
from node import Failed, Node
from storm import Storm

CONVERGE_SECONDS = 120
SIGNAL_SECONDS = 20
COMMANDS_AT_ONCE = 4


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/demo mesh", description=__doc__)
    parser.add_argument("--seed", type=int, help="kill and write as in an earlier run")
    parser.add_argument("--nodes", type=int, default=8, help="how many, 3 to 16 (8)")
    parser.add_argument("--seconds", type=int, default=25, help="how long programs write (25)")
    parser.add_argument("--loopback", action="store_true", help="all see each other, no line")
    parser.add_argument("--keep", action="store_true", help="leave the files")
    parser.add_argument("--fazt", help=argparse.SUPPRESS)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if not 3 <= chosen.nodes <= 16 or not 5 <= chosen.seconds <= 600:
        parser.error("--nodes takes 3 to 16, --seconds 5 to 600")
    if chosen.seed is None:
        chosen.seed = random.randrange(1, 1_000_000)
    return chosen


class Report:
    """What is said, on standard output."""

    def __init__(self):
        plain = not sys.stdout.isatty() or "NO_COLOR" in os.environ
        self.bold, self.end = ("", "") if plain else ("\x1b[1m", "\x1b[0m")
        self.chapters = 0

    def title(self, text):
        self.chapters += 1
        print(f"\n{self.bold}{self.chapters}. {text}{self.end}", flush=True)

    def say(self, text):
        print("  " + text, flush=True)


def names(numbers):
    return " and ".join(f"n{number}" for number in sorted(numbers))


class Demo:
    def __init__(self, chosen, folder, fazt):
        self.chosen = chosen
        self.report = Report()
        lined = chosen.inside
        self.place = line.Line(chosen.nodes) if lined else line.Together(chosen.nodes)
        self.nodes = [Node(n, folder, fazt, self.place) for n in range(1, chosen.nodes + 1)]
        self.storm = Storm(self.nodes, folder, chosen.seed, chosen.seconds)
        self.faults = []

    def run(self):
        self.machines()
        self.found()
        self.write_and_kill()
        equal = self.heal()
        if equal:
            self.cross()
        self.prove()

    def machines(self):
        count = len(self.nodes)
        if isinstance(self.place, line.Together):
            self.report.title(f"{count} nodes on one machine; each reaches each")
            self.place.build()
            return
        self.report.title(f"{count} machines, and a cable from each to the next")
        self.place.build()
        for node in self.nodes:
            reached = self.place.reachable(node.number)
            if reached != self.place.neighbours(node.number):
                raise Failed(f"{node.name} reaches {names(reached)}")
        self.report.say(" — ".join(node.name for node in self.nodes))
        self.report.say("each reaches its neighbours and nobody else, as tried from each to each")

    def found(self):
        self.report.title("n1 founds a mesh; each other node joins through the one before it")
        compare.make(self.nodes[0].file)
        for inviter, node in zip([None, *self.nodes], self.nodes):
            begun = time.monotonic()
            if inviter is None:
                node.found()
            else:
                node.join(inviter)
            node.start()
            node.await_serving()
            how = "founds" if inviter is None else f"joins through {inviter.name}"
            self.report.say(f"{node.name} {how:18} {time.monotonic() - begun:4.1f} s")

    def write_and_kill(self):
        self.report.title("Programs write into all files, and daemons are killed with -9")
        kinds = self.storm.start()
        self.report.say(f"{len(self.nodes)} programs that know nothing of a mesh: {kinds}")
        self.storm.run(self.report.say)
        self.storm.end()
        self.acknowledged = compare.Acknowledged(self.storm.acknowledged())
        self.report.say(
            f"{self.acknowledged.transactions:,} transactions with"
            f" {self.acknowledged.writes:,} writes were acknowledged in {self.chosen.seconds} s;"
            f" daemons were killed {len(self.storm.kills)} times"
        )

    def heal(self):
        """Whether all files are equal within the time that they are given."""
        self.report.title("The line heals")
        for node in self.nodes:
            node.await_serving()
        end = time.monotonic() + CONVERGE_SECONDS
        while len({str(compare.digests(node.file)) for node in self.nodes}) > 1:
            if time.monotonic() > end:
                self.fault(f"the files are not equal {CONVERGE_SECONDS} s after all daemons serve")
                return False
            time.sleep(0.2)
        took = time.monotonic() - self.storm.end_of_writes
        self.report.say(f"all {len(self.nodes)} files are equal {took:.1f} s after the last write")
        with ThreadPoolExecutor(COMMANDS_AT_ONCE) as pool:
            list(pool.map(lambda node: node.fazt("mesh", "sync"), self.nodes))
            self.report.say("fazt mesh sync says so on each node")
            linked = list(pool.map(Node.linked, self.nodes))
        for node, links in zip(self.nodes, linked):
            if links != {f"n{n}" for n in self.place.neighbours(node.number)}:
                self.fault(f"{node.name} is linked with {' '.join(sorted(links)) or 'nobody'}")
        return True

    def cross(self):
        """How long a row takes from one end to each node."""
        first, others = self.nodes[0], self.nodes[1:]
        connections = {node: compare.connect(node.file) for node in others}
        writer = compare.connect(first.file)
        setting = ("setting-0", "from end to end", first.name)
        begun = time.monotonic()
        writer.execute("INSERT OR REPLACE INTO settings VALUES (?, ?, ?)", setting)
        self.acknowledged.given(setting)
        seen = {}
        find = "SELECT 1 FROM settings WHERE value = 'from end to end'"
        while len(seen) < len(others) and time.monotonic() - begun < SIGNAL_SECONDS:
            for node in others:
                if node not in seen and connections[node].execute(find).fetchone():
                    seen[node] = (time.monotonic() - begun) * 1000
            time.sleep(0.001)
        for connection in [writer, *connections.values()]:
            connection.close()
        if len(seen) < len(others):
            self.fault(f"a row of n1 was on {len(seen)} others after {SIGNAL_SECONDS} s")
            return
        lined = isinstance(self.place, line.Line)
        far = f"at the other end, {len(others)} hops away" if lined else "on all others"
        self.report.say(f"a row that n1 writes now is {far}, after {max(seen.values()):.0f} ms:")
        self.report.say(", ".join(f"{node.name} {seen[node]:.0f} ms" for node in others))

    def prove(self):
        self.report.title("The proof: all files, table by table, byte by byte")
        self.report.say(f"{'TABLE':10}{'ROWS':>8}  SHA-256")
        for table in compare.COLUMNS:
            found = [compare.rows(node.file, table) for node in self.nodes]
            differ = [n.name for n, rows in zip(self.nodes, found) if rows != found[0]]
            word = f"equal on all {len(found)}" if not differ else f"DIFFERENT on {' '.join(differ)}"
            self.report.say(f"{table:10}{len(found[0]):8,}  {compare.digest(found[0])[:16]}…  {word}")
            if differ:
                self.fault(f"{table} differs between n1 and {' '.join(differ)}")
        for node in self.nodes:
            faults = self.acknowledged.faults(node.file)
            if faults:
                self.fault(f"{node.name}: {'; '.join(faults[:3])}; {len(faults)} such")
            if not compare.is_whole(node.file):
                self.fault(f"{node.name}.db is damaged")
        if not self.faults:
            self.report.say(
                f"{self.acknowledged.count():,} acknowledged rows are there, as they were last"
                " written, and none that was deleted; each file is sound"
            )

    def fault(self, text):
        self.faults.append(text)
        self.report.say("WRONG: " + text)

    def end(self):
        """Ends all that this has started, whatever became of it."""
        self.storm.close()
        for node in self.nodes:
            try:
                node.stop()
            except Failed as failed:
                self.fault(str(failed))
        self.place.close()


def left_over(folder):
    """The processes that still have a file or their folder in it."""
    found = []
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{process}/cmdline", encoding="utf-8", errors="replace") as words:
                if int(process) != os.getpid() and folder in words.read():
                    found.append(process)
        except OSError:
            continue
    return found


def perform(chosen, fazt):
    begun = time.monotonic()
    folder = tempfile.mkdtemp(prefix="fazt-demo.")
    os.environ["FAZT_HOME"] = os.path.join(folder, "home")
    os.environ.setdefault("USER", "jay")
    for name in ("FAZT_DB_PATH", "FAZT_MESH_TOKEN"):
        os.environ.pop(name, None)
    demo = Demo(chosen, folder, fazt)
    print(f"The same kills and programs again: --seed {chosen.seed}", flush=True)
    try:
        demo.run()
    except (Failed, OSError, subprocess.SubprocessError) as failed:
        demo.fault(str(failed))
    finally:
        try:
            demo.end()
        finally:
            if not chosen.keep:
                shutil.rmtree(folder, ignore_errors=True)
    if not chosen.keep and os.path.exists(folder):
        demo.fault(f"{folder} could not be removed")
    left = left_over(folder)
    if left:
        demo.fault(f"these processes were left: {' '.join(left)}")
    kept = f"The files are in {folder}." if chosen.keep else "No process and no file is left."
    took = f"All of this took {time.monotonic() - begun:.0f} s."
    if demo.faults:
        print(f"\n✗ FAILED with seed {chosen.seed}: {demo.faults[0]}. {took}")
        return 1
    print(f"\n✓ All {chosen.nodes} files are equal and nothing was lost. {kept} {took}")
    return 0


def main():
    chosen = arguments()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(143))
    fazt = chosen.fazt or os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "fazt")
    if not chosen.inside and not chosen.loopback:
        space, why = line.enter()
        if space:
            again = [sys.executable, os.path.abspath(__file__), *sys.argv[1:]]
            os.execvp(space[0], [*space, *again, "--inside", "--seed", str(chosen.seed)])
        print(f"No line: this user may not make networks here ({why}); all nodes see each other.")
    try:
        return perform(chosen, os.path.realpath(fazt))
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
