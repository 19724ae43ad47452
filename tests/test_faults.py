"""The running site while its database is stopped, or its disk full, and after it."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager, suppress
from http.cookiejar import CookieJar
from pathlib import Path

import pytest
from django.db import connection

from missions import outages

from .faults import failing, skip_unless_traceable
from .houses import PASSWORD, add_administrator, done, environment_of, file_in, move_in
from .serving import serve, serve_by_process

MEGABYTE = 1024 * 1024
READ = ("/", "/missions/", "/search/?q=x", "/missions/?format=csv", "/api/v1/missions/")


def ask(address, data=None, opener=None):
    """Return (status, body) of a request."""
    opener = opener or urllib.request.build_opener()
    try:
        with opener.open(address, data and urllib.parse.urlencode(data).encode(), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode()


def visitor():
    """Return an opener that keeps cookies."""
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))


def form_at(address, opener, **values):
    """Return what is to be posted to a page with a form."""
    token = ask(address, opener=opener)[1].partition('name="csrfmiddlewaretoken" value="')[2][:64]
    return {"csrfmiddlewaretoken": token, **values}


def log_in(address, opener):
    """Send the password of ada, and return the answer."""
    login = f"{address}/admin/login/"
    return ask(login, form_at(login, opener, username="ada", password=PASSWORD), opener)


def with_member(env):
    """Make ada; return the environment of a site that asks her for nothing but the password."""
    add_administrator(env)
    return env | {"PEACEOPS_TWO_FACTOR": "false"}


def checks(address):
    """Return the status of /readyz and what is not in order."""
    status, body = ask(f"{address}/readyz")
    return status, [name for name, found in json.loads(body)["checks"].items() if found == "failed"]


@contextmanager
def cluster(followed=None):
    """Give the port of a PostgreSQL server of its own, and a function that starts or stops it.

    With `followed`, the port of another, it is a standby of that one.
    """
    where = Path(tempfile.mkdtemp(prefix="peaceops-cluster-"))
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))[-1]
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_owner:
        shutil.chown(where, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def control(program, *options, check=True):
        command = [*as_owner, programs / program, "-D", where / "data", *options]
        subprocess.run(command, check=check, capture_output=True)

    def turn(on):
        options = f"-p {port} -k {where} -c listen_addresses=127.0.0.1"
        control("pg_ctl", *(("-o", options, "-l", where / "log", "-w", "start") if on else ("-m", "immediate", "stop")))

    if followed:
        control("pg_basebackup", "-h", "127.0.0.1", "-p", str(followed), "-U", "peaceops", "-c", "fast", "-R")
    else:
        control("initdb", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", "peaceops")
    turn(True)
    try:
        yield port, turn
    finally:
        control("pg_ctl", "-m", "immediate", "stop", check=False)
        shutil.rmtree(where)


@pytest.mark.long
def test_while_postgresql_is_stopped_pages_say_so_and_come_back_by_themselves(tmp_path, empty):
    if connection.vendor != "postgresql":
        pytest.skip("a server is needed")
    with cluster() as (port, turn):
        env = environment_of(f"postgres://peaceops@127.0.0.1:{port}/postgres", tmp_path)
        move_in(empty, tmp_path)
        done(env, "migrate", "-v0")
        with serve(env) as address:
            assert (ask(f"{address}/missions/")[0], checks(address)) == (200, (200, []))
            turn(False)
            for _ in range(3):
                began = time.monotonic()
                status, page = ask(f"{address}/missions/")
                assert (status, outages.GONE in page, time.monotonic() - began < 6) == (503, True, True)
            assert ask(f"{address}/api/v1/missions/") == (503, json.dumps({"detail": outages.GONE}))
            assert ask(f"{address}/healthz") == (200, "ok\n")
            assert checks(address) == (503, ["database"])
            turn(True)
            assert [ask(f"{address}/missions/")[0] for _ in range(8)] == [200] * 8
            turn(False)
            turn(True)  # between two requests, so that every thread holds a dead connection
            assert [ask(f"{address}/missions/")[0] for _ in range(8)] == [200] * 8
            assert checks(address) == (200, [])


@contextmanager
def small_disk(where, megabytes):
    """Mount a small file system for the data."""
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "none", where]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("this machine lets no one mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", where], check=True)


def fill(path):
    """Write until the disk is full."""
    with path.open("wb", buffering=0) as filler, suppress(OSError):
        while filler.write(bytes(MEGABYTE)):
            pass


@pytest.mark.long
def test_on_a_full_disk_readers_read_on_and_whoever_writes_is_told(tmp_path, empty):
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL the disk is the server's own")
    with small_disk(tmp_path, 400):
        env = environment_of(file_in(tmp_path), tmp_path)
        move_in(empty, tmp_path)
        with serve(with_member(env)) as address:
            opener = visitor()
            assert checks(address) == (200, [])
            fill(tmp_path / "filler")
            assert [ask(f"{address}{page}")[0] for page in READ] == [200] * len(READ)
            status, page = log_in(address, opener)
            assert (status, outages.UNSAVED in page) == (503, True)
            assert (checks(address)[0], "disk" in checks(address)[1]) == (503, True)
            assert ask(f"{address}/healthz") == (200, "ok\n")
            (tmp_path / "filler").unlink()
            status, page = log_in(address, opener)
            assert (status, "Editing" in page) == (200, True)
            assert checks(address) == (200, [])


# What a disk does that fails as it writes: at once, in the middle of a transaction, when it is full, when it is to make
# sure. Of the last, SQLite asks seldom, so that a save may succeed.
FAILURES = ("pwrite64:error=EIO", "pwrite64:error=EIO:when=4+", "pwrite64:error=ENOSPC:when=4+",
            "fsync,fdatasync:error=EIO")  # fmt: skip


@pytest.mark.long
def test_while_the_disk_fails_readers_read_on_and_nothing_is_half_written(tmp_path, empty):
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL the disk is the server's own")
    skip_unless_traceable()
    file = tmp_path / "peaceops.sqlite3"
    move_in(empty, tmp_path)

    def written():
        """Return how many members there are beside ada, and how many lines say that one was added."""
        with sqlite3.connect(file) as database:
            assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            ask_for = "SELECT (SELECT count(*) - 1 FROM auth_user), (SELECT count(*) FROM django_admin_log)"
            return database.execute(ask_for).fetchone()

    with serve_by_process(with_member(environment_of(file_in(tmp_path), tmp_path))) as (address, server):
        worker = Path(f"/proc/{server}/task/{server}/children").read_text().split()[0]
        adding, opener = f"{address}/admin/auth/user/add/", visitor()
        assert log_in(address, opener)[0] == 200
        added = 0
        for number, fault in enumerate(FAILURES):
            form = form_at(adding, opener, username=f"member-{number}")
            with failing(worker, fault):
                assert [ask(f"{address}{page}")[0] for page in READ] == [200] * len(READ)
                status, page = ask(adding, form, opener)
                refused = status == 503 and outages.UNSAVED in page
                assert refused or (fault.startswith("fsync") and status == 200), (fault, status)
                assert ask(f"{address}/admin/", opener=opener)[0] == 200
                added += not refused
                assert written() == (added, added)
            if refused:
                assert ask(adding, form, opener)[0] == 200
                added += 1
            assert written() == (added, added)
        assert (added, checks(address)) == (len(FAILURES), (200, []))
