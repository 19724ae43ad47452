"""Servers to measure, the time they take of the processor, and tables of what came out."""

import http.client
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Result:
    """One comparison: what took `own` and `peer` of a unit, and the most that their ratio should be."""

    what: str
    own: float
    peer: float
    unit: str
    target: float

    @property
    def ratio(self):
        return self.own / self.peer

    def __str__(self):
        verdict = "ok" if self.ratio <= self.target else "MISSED"
        return (
            f"| {self.what} | {self.own:.2f} {self.unit} | {self.peer:.2f} {self.unit} | {self.ratio:.2f} "
            f"| ≤ {self.target:.2f} | {verdict} |"
        )


def print_table(results):
    print("| what | own | peer | ratio | target | |")
    print("| --- | --- | --- | --- | --- | --- |")
    for result in results:
        print(result)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Server:
    """A running server: what it is asked, and what its processes took of the processor."""

    def __init__(self, process, port):
        self.process, self.port = process, port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, path, headers=None):
        """Return status, headers and body of the answer."""
        self.connection.request("GET", path, headers=headers or {})
        answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def pids(self):
        found = [self.process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += [int(n) for n in (task / "children").read_text().split()]
        return found

    def processor_seconds(self):
        """Return what the server and all of its processes took so far."""
        ticks = 0
        for pid in self.pids():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICK

    def memory(self):
        """Return the bytes that the largest process holds."""
        pages = max(int(Path(f"/proc/{p}/statm").read_text().split()[1]) for p in self.pids())
        return pages * os.sysconf("SC_PAGESIZE")

    def milliseconds(self, path, number, headers=None, status=200):
        """Return the processor's time for one request to `path`, the mean of `number`."""
        before = self.processor_seconds()
        for _ in range(number):
            found = self.ask(path, headers)[0]
            if found != status:
                raise RuntimeError(f"{path} answered {found}, not {status}.")
        return 1000 * (self.processor_seconds() - before) / number


@contextmanager
def running(command, env=None):
    """Run a server until the block ends; `{port}` in the command is a free port."""
    port = free_port()
    command = [str(part).format(port=port) for part in command]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, cwd=ROOT, env=env, **quiet) as process:
        try:
            for _ in range(300):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield Server(process, port)
        finally:
            process.terminate()


def environment(data):
    """Return the environment of the knowledge base on the database in the folder `data`, for measuring."""
    own = {"PEACEOPS_DATA_DIR": str(data), "PEACEOPS_SECRET_KEY": "only-for-measuring", "PEACEOPS_HTTPS": "false"}
    own |= {"PEACEOPS_TWO_FACTOR": "false", "PEACEOPS_API_RATE": "", "PEACEOPS_LOG": "text"}
    return os.environ | own | {"DJANGO_SETTINGS_MODULE": "peaceops.settings"}


@contextmanager
def copied(data):
    """Give a folder with a copy of the database in the folder `data`, to write in."""
    with tempfile.TemporaryDirectory() as folder:
        with (
            closing(sqlite3.connect(Path(data) / "peaceops.sqlite3")) as source,
            closing(sqlite3.connect(Path(folder) / "peaceops.sqlite3")) as copy,
        ):
            source.backup(copy)
        (Path(folder) / "static").symlink_to((Path(data) / "static").resolve())
        yield folder


def gunicorn(application, env=None, workers=1):
    """Run a WSGI application as `make run` does."""
    binary = Path(sys.executable).with_name("gunicorn")
    return running([binary, application, "--bind=127.0.0.1:{port}", f"--workers={workers}", "--threads=4",
                    "--keep-alive=75", "--no-control-socket", "--log-level=error"], env)  # fmt: skip


def peaceops(data, **env):
    """Run the knowledge base on the database in the folder `data`."""
    return gunicorn("peaceops.wsgi", environment(data) | env)


def in_turns(first, second, rounds=5):
    """Return the median of what two functions return, called in turns, so that a noisy machine is noisy for both."""
    firsts, seconds = [], []
    for _ in range(rounds):
        firsts.append(first())
        seconds.append(second())
    return statistics.median(firsts), statistics.median(seconds)
