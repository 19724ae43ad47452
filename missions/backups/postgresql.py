"""PostgreSQL: a dump of one snapshot, and a database made of it beside the one in use."""

import os
import re
import subprocess  # nosec B404
from contextlib import contextmanager, nullcontext

import psycopg
from django.db import Error, connection, transaction
from psycopg import sql
from tqdm import tqdm

from .archive import IN_USE, BackupError, demand_same, pointed_at

NAME = "PostgreSQL"
COPIED = re.compile(rb"COPY (?:\S+\.)?\"?(\w+)\"? \(")
DUMP = ("--format=custom", "--no-owner", "--no-privileges", "--no-comments")
RESTORE = ("--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction")


def place():
    return connection.settings_dict["NAME"]


def run(program, *options):
    """Return a running program of PostgreSQL's, which knows where the server is and who asks."""
    told = connection.settings_dict
    _, env = connection.client.settings_to_cmd_args_env(told, [])
    where = {"PGHOST": told["HOST"], "PGPORT": str(told["PORT"] or ""), "PGUSER": told["USER"]}
    env = os.environ | {k: v for k, v in where.items() if v} | (env or {})
    try:
        return subprocess.Popen([program, *options], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603  # nosec B603
    except FileNotFoundError as error:
        raise BackupError(f"{program} is not here: install PostgreSQL's client, no older than the server.") from error


def finish(process, program):
    _, errors = process.communicate()
    if process.returncode:
        raise BackupError(f"{program} failed: {errors.decode(errors='replace').strip()}")


def copy(target, progress):
    """Write a dump of one snapshot to `target`, while others write, and return {table: rows} of it."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        rows = counts()
        options = (*DUMP, f"--snapshot={snapshot}", f"--file={target}", f"--dbname={place()}")
        finish(run("pg_dump", *options), "pg_dump")
    demand_same(rows, rows_in(target, sum(rows.values()), progress))
    return rows


def counts():
    """Return {table: rows} of everything."""
    with connection.cursor() as cursor:
        names, found = sorted(connection.introspection.table_names(cursor)), {}
        for name in names:
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name)))
            found[name] = cursor.fetchone()[0]
    return found


def rows_in(dump, expected, progress):
    """Return {table: rows} of a dump, by reading all of it."""
    found, table = {}, None
    process = run("pg_restore", "--data-only", "--file=-", str(dump))
    with tqdm(total=expected, desc="verifying", unit=" rows", disable=not progress) as bar:
        for line in process.stdout:
            if table is None:
                if begun := COPIED.match(line):
                    table = begun.group(1).decode()
                    found[table] = 0
            elif line == b"\\.\n":
                bar.update(found[table])
                table = None
            else:
                found[table] += 1
    finish(process, "pg_restore")
    return found


@contextmanager
def tried(copied, rows, stamp):
    """Let Django work on the copy until the block ends; if it ends well, the copy takes the place of the database.

    Yields the name of the database in which what stood there is kept.
    """
    former, made = f"{place()}_before_{stamp.lower()}", f"{place()}_restored_{stamp.lower()}"
    administer(("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", made))
    try:
        finish(run("pg_restore", *RESTORE, f"--dbname={made}", str(copied)), "pg_restore")
        with pointed_at(made):
            demand_same(rows, counts())
            yield former
        rename = "ALTER DATABASE {} RENAME TO {}"
        administer((rename, place(), former), (rename, made, place()))
    finally:
        administer(("DROP DATABASE IF EXISTS {}", made))


def administer(*statements):
    """Run statements about whole databases, several as one. Raises `BackupError` where that cannot be."""
    connection.close()
    try:
        with connection._nodb_cursor() as cursor, as_one(cursor, statements):
            for statement, *names in statements:
                cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
    except Error as error:
        is_in_use = isinstance(error.__cause__, psycopg.errors.ObjectInUse)
        raise BackupError(IN_USE if is_in_use else str(error).strip()) from error


def as_one(cursor, statements):
    """Return a transaction for several statements; to make or drop a database, there must be none."""
    return cursor.connection.transaction() if len(statements) > 1 else nullcontext()
