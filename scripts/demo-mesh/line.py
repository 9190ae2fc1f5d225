"""Where the nodes of the demo run: machines in a line, or one machine where that is not allowed."""

import socket
import subprocess
import sys

PORT = 8443
PROBE_SECONDS = 1.0
ALLOWED = """
    ip link add name near type veth peer name far && unshare -n true && nsenter -t $$ -n true
"""


def enter():
    """The command that gives this user a network of its own; empty, and why, if there is none."""
    space = ["unshare", "-Urn"]
    try:
        probe = subprocess.run(
            [*space, "sh", "-c", ALLOWED], capture_output=True, text=True, check=False
        )
    except FileNotFoundError as missing:
        return [], f"{missing.filename} is missing"
    said = probe.stderr.strip().splitlines() or [f"unshare ended with {probe.returncode}"]
    return (space, "") if probe.returncode == 0 else ([], said[0])


class Line:
    """A network namespace a node, and a cable to the next: two addresses of a net of their own."""

    def __init__(self, count):
        self.count = count
        self.holders = []

    def build(self):
        for _ in range(self.count):
            self.holders.append(
                subprocess.Popen(
                    ["unshare", "-n", "sh", "-c", "echo ready; exec cat"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
            )
        for number, holder in enumerate(self.holders, 1):
            holder.stdout.readline()
            self.run(number, "ip link set lo up; echo 0 > /proc/sys/net/ipv4/ip_forward || true")
        for left in range(1, self.count):
            near, far = (self.holders[left - 1].pid, self.holders[left].pid)
            words = f"link add name right netns {near} type veth peer name left netns {far}"
            subprocess.run(["ip", *words.split()], check=True)
            for number, end, host in ((left, "right", 1), (left + 1, "left", 2)):
                self.run(
                    number,
                    f"ip link set {end} addrgenmode none"
                    f" && ip addr add 10.77.{left}.{host}/30 dev {end} && ip link set {end} up",
                )

    def inside(self, number):
        """What a command line begins with, to run on that node's machine."""
        return ["nsenter", "-t", str(self.holders[number - 1].pid), "-n", "--"]

    def run(self, number, script):
        subprocess.run([*self.inside(number), "sh", "-c", script], check=True)

    def addresses(self, number):
        """Those on the cables to the left and to the right."""
        left = [f"10.77.{number - 1}.2"] if number > 1 else []
        right = [f"10.77.{number}.1"] if number < self.count else []
        return left + right

    def listen(self, number):
        return f"0.0.0.0:{PORT}"

    def url(self, number):
        """Where the next node of the line reaches this one."""
        return f"https://10.77.{number}.1:{PORT}"

    def neighbours(self, number):
        return {n for n in (number - 1, number + 1) if 1 <= n <= self.count}

    def reachable(self, number):
        """The nodes that this one reaches, by whatever address."""
        others = [n for n in range(1, self.count + 1) if n != number]
        words = [f"{n}={','.join(self.addresses(n))}" for n in others]
        said = subprocess.run(
            [*self.inside(number), sys.executable, __file__, *words],
            check=True,
            capture_output=True,
            text=True,
        )
        return {int(word) for word in said.stdout.split()}

    def close(self):
        for holder in self.holders:
            holder.stdin.close()
        for holder in self.holders:
            holder.wait(timeout=20)
        self.holders = []


class Together:
    """All nodes on the loopback interface, where each reaches each."""

    def __init__(self, count):
        self.count = count
        self.ports = []

    def build(self):
        probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(self.count)]
        self.ports = [probe.getsockname()[1] for probe in probes]
        for probe in probes:
            probe.close()

    def inside(self, number):
        return []

    def listen(self, number):
        return f"127.0.0.1:{self.ports[number - 1]}"

    def url(self, number):
        return "https://" + self.listen(number)

    def neighbours(self, number):
        return {n for n in range(1, self.count + 1) if n != number}

    def close(self):
        pass


def answers(address):
    """Whether a machine is there; that nothing listens yet does not matter."""
    try:
        socket.create_connection((address, PORT), PROBE_SECONDS).close()
        return True
    except ConnectionRefusedError:
        return True
    except OSError:
        return False


if __name__ == "__main__":
    for word in sys.argv[1:]:
        node, places = word.split("=")
        if any(answers(place) for place in places.split(",")):
            print(node)
