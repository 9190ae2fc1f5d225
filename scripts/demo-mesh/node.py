"""A node of the demo: a database, and the process of its daemon."""

import json
import os
import signal
import subprocess
import time

COMMAND_SECONDS = 120


class Failed(Exception):
    """A command that should have succeeded has not."""


class Node:
    def __init__(self, number, folder, fazt, place):
        self.number = number
        self.name = f"n{number}"
        self.file = os.path.join(folder, self.name + ".db")
        self.log = os.path.join(folder, self.name + ".log")
        self.fazt_program = fazt
        self.place = place
        self.daemon = None
        self.said = 0

    def _line(self, words):
        return [*self.place.inside(self.number), self.fazt_program, *words, "--db", self.file]

    def fazt(self, *words, secret=None):
        """Runs a command on the node's machine to its end; what it prints."""
        environment = dict(os.environ, **({"FAZT_MESH_TOKEN": secret} if secret else {}))
        done = subprocess.run(
            self._line(words),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=COMMAND_SECONDS,
            env=environment,
            check=False,
        )
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip()
            raise Failed(f"{self.name}: fazt {' '.join(words)} ended with {done.returncode}: {said}")
        return done.stdout

    def found(self):
        self.fazt(*f"mesh init --name {self.name} --yes --no-phrase --listen".split(), self._listen())

    def join(self, inviter):
        token = inviter.fazt("mesh", "invite", "-q").strip()
        words = ["mesh", "join", self.place.url(inviter.number), "--name", self.name]
        self.fazt(*words, "--listen", self._listen(), "--yes", "--no-daemon", secret=token)

    def _listen(self):
        return self.place.listen(self.number)

    def start(self):
        """Starts the daemon; it is this process's child, and no shell stands between."""
        with open(self.log, "a", encoding="utf-8") as log:
            self.said = log.tell()
            self.daemon = subprocess.Popen(
                self._line(["mesh", "daemon"]), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def await_serving(self, seconds=120):
        end = time.monotonic() + seconds
        while not self.is_serving():
            if not self.is_up():
                raise Failed(f"{self.name}: the daemon has ended: {self._said()}")
            if time.monotonic() > end:
                raise Failed(f"{self.name}: the daemon does not serve after {seconds} s")
            time.sleep(0.05)

    def is_serving(self):
        """Whether the daemon that was started last has said that it listens."""
        return "listening on" in self._said()

    def _said(self):
        with open(self.log, encoding="utf-8") as log:
            log.seek(self.said)
            return log.read().strip()

    def is_up(self):
        return self.daemon is not None and self.daemon.poll() is None

    def kill(self):
        """As a power cut would end it."""
        self.daemon.send_signal(signal.SIGKILL)
        ended = self.daemon.wait()
        if ended != -signal.SIGKILL:
            raise Failed(f"{self.name}: the daemon had ended by itself with {ended}: {self._said()}")

    def stop(self):
        if self.is_up():
            self.daemon.terminate()
            try:
                self.daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.daemon.kill()
                self.daemon.wait()
                raise Failed(f"{self.name}: the daemon did not end within 20 s") from None

    def linked(self):
        """The names of the nodes that this one has a link with."""
        peers = json.loads(self.fazt("mesh", "status", "--format", "json"))["peers"]
        return {peer["name"] for peer in peers if peer["state"] == "connected"}
