"""Faults of the database, put in on purpose."""

import sqlite3
from contextlib import contextmanager

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
