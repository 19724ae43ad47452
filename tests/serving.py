"""The running site with all content, for tests that go to it as readers and their programs do."""

import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def serve(env):
    """Serve until the block ends; give the address."""
    with serve_by_process(env) as (address, _):
        yield address


@contextmanager
def serve_by_process(env):
    """Serve until the block ends; give the address, and the id of the server's process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("gunicorn"), "peaceops.wsgi", "-b", f"127.0.0.1:{port}", "--threads=4",
               "--no-control-socket", "--log-level=error"]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/healthz").close()  # noqa: S310
                break
            except OSError:
                time.sleep(0.1)
        try:
            yield address, server.pid
        finally:
            server.terminate()


def fetch(address):
    try:
        with urllib.request.urlopen(address) as answer:  # noqa: S310
            return answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.read()
