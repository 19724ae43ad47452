"""Faults of the database, put in on purpose."""

import os
import shutil
import sqlite3
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections
from psycopg import errors

FULL, READ_ONLY = "full", "read-only"
SQLITE = {FULL: "SQLITE_FULL", READ_ONLY: "SQLITE_READONLY"}
POSTGRESQL = {FULL: errors.DiskFull, READ_ONLY: errors.ReadOnlySqlTransaction}
WRITING = ("INSERT", "UPDATE", "DELETE")


@contextmanager
def gone(alias="default"):
    """Let every use of the database fail as it does when its server, or its file, is not there."""
    usual = connections[alias]
    nowhere = {"HOST": "127.0.0.1", "PORT": "1"} if usual.vendor == "postgresql" else {"NAME": "/nowhere/at/all"}
    connections[alias] = type(usual)({**usual.settings_dict, **nowhere}, alias)
    try:
        yield
    finally:
        connections[alias].close()
        connections[alias] = usual


def of_sqlite(name):
    """Return the error with this code, as SQLite raises it."""
    error = sqlite3.OperationalError(name)
    error.sqlite_errorcode, error.sqlite_errorname = getattr(sqlite3, name), name
    return error


@contextmanager
def unwritable(fault):
    """Refuse every writing as a full disk does, or a read-only one."""
    cause = of_sqlite(SQLITE[fault]) if connection.vendor == "sqlite" else POSTGRESQL[fault](fault)

    def refuse(execute, sql, params, many, context):
        if sql.lstrip().startswith(WRITING):
            raise OperationalError(fault) from cause
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


def tracing(fault):
    """Return the command that puts a fault such as `pwrite64:error=EIO` into the system calls of a process."""
    assert shutil.which("strace"), "strace is missing: .ci/run installs it"
    return ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={fault.partition(':')[0]}", "-e", f"inject={fault}"]


def skip_unless_traceable():
    """Skip the test on a machine that lets no process be traced, as some containers do."""
    tried = subprocess.run([*tracing("fsync:error=EIO"), "true"], capture_output=True, text=True)
    if tried.returncode:
        pytest.skip(f"no process can be traced here: {tried.stderr.strip()}")


@contextmanager
def failing(process, fault):
    """Let system calls of a running process fail until the block ends."""
    threads = Path(f"/proc/{process}/task")
    with subprocess.Popen([*tracing(fault), "-p", str(process)], stderr=subprocess.DEVNULL) as tracer:
        while any("TracerPid:\t0" in (thread / "status").read_text() for thread in threads.iterdir()):
            assert tracer.poll() is None
            time.sleep(0.05)
        try:
            yield
        finally:
            tracer.terminate()
