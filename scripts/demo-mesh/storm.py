"""The part of the demo in which programs write and daemons are killed."""

import os
import random
import shutil
import subprocess
import sys
import time

from node import Failed

PAUSE_SECONDS = 0.12


def plan(count, seconds, chance):
    """(second, node, seconds until it starts again): each node once before any is killed twice."""
    kills, bag, back = [], [], {}
    at = chance.uniform(0.5, 1.5)
    while at < seconds - 1:
        if not bag:
            bag = chance.sample(range(1, count + 1), count)
        down = [n for n in back if back[n] > at]
        pick = next((n for n in bag if n not in down), None)
        if pick is not None and len(down) < max(1, count // 2 - 1):
            bag.remove(pick)
            pause = chance.uniform(0.5, 5)
            back[pick] = at + pause + 1
            kills.append((at, pick, pause))
        at += chance.uniform(1.2, 3.2)
    return kills


class Storm:
    """Kills and starts daemons as planned, beside one program a file that writes all the while."""

    def __init__(self, nodes, folder, seed, seconds):
        self.nodes = nodes
        self.folder = folder
        self.seconds = seconds
        self.seed = seed
        self.kills = plan(len(nodes), seconds, random.Random(seed))
        self.programs = []
        self.end_of_writes = 0.0

    def acknowledged(self):
        return [os.path.join(self.folder, node.name + ".acknowledged") for node in self.nodes]

    def _programs(self):
        shell = "sqlite3" if shutil.which("sqlite3") else "python3"
        return ["python3" if node.number % 2 else shell for node in self.nodes]

    def start(self):
        script = os.path.join(os.path.dirname(os.path.abspath(__file__)), "writer.py")
        for node, kind, noted in zip(self.nodes, self._programs(), self.acknowledged()):
            words = [kind, node.file, node.name, f"{self.seed}.{node.number}"]
            words += [str(self.seconds), str(PAUSE_SECONDS), noted]
            line = [sys.executable, script, *words]
            self.programs.append(subprocess.Popen(line, stdin=subprocess.DEVNULL))
        self.end_of_writes = time.monotonic() + self.seconds
        kinds = self._programs()
        return ", ".join(f"{kinds.count(kind)} with {kind}" for kind in dict.fromkeys(kinds))

    def run(self, say):
        """Until the last daemon that was killed is started; tells of each as it happens."""
        begun = time.monotonic()
        events = [(at, "kill", number) for at, number, _ in self.kills]
        events += [(at + pause, "start", number) for at, number, pause in self.kills]
        for at, what, number in sorted(events):
            time.sleep(max(0.0, begun + at - time.monotonic()))
            node = self.nodes[number - 1]
            if what == "kill":
                node.kill()
            else:
                node.start()
            self._check()
            down = [other.name for other in self.nodes if not other.is_up()]
            word = "is killed" if what == "kill" else "starts again"
            rest = f"   down: {' '.join(down)}" if down else ""
            say(f"{time.monotonic() - begun:5.1f} s  {node.name} {word:12}{rest}")

    def _check(self):
        for program, node in zip(self.programs, self.nodes):
            if program.poll() not in (None, 0):
                raise Failed(f"the program that writes into {node.name}.db has failed")

    def end(self):
        """Waits for the programs, which end by the clock."""
        for program in self.programs:
            program.wait(timeout=60)
        self._check()

    def close(self):
        for program in self.programs:
            if program.poll() is None:
                program.kill()
                program.wait()
