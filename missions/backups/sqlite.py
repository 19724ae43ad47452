"""SQLite: a copy of a file that is being written, and a copy put in the place of the file."""

import re
import shutil
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connection
from tqdm import tqdm

from .archive import IN_USE, BackupError, demand_same, pointed_at

NAME = "SQLite"
PAGES = 2000  # copied at a time
DERIVED = re.compile(r"sqlite_.*|.*_fts(_\w+)?\Z")  # the full-text index beside its table
BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def place():
    return Path(connection.settings_dict["NAME"])


def opened(path, timeout=20):
    return closing(sqlite3.connect(path, isolation_level=None, timeout=timeout))


def copy(target, progress):
    """Write a copy of one snapshot to `target`, while others write, and return {table: rows} of it."""
    with opened(place()) as source, opened(target) as made:
        source.execute("BEGIN")  # all that follows reads one snapshot
        rows = counts(source)
        with tqdm(desc="copying", unit=" pages", disable=not progress) as bar:
            source.backup(made, pages=PAGES, progress=lambda _, left, total: show(bar, total - left, total))
        made.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
        verify(made, rows)
    return rows


def show(bar, done, total):
    bar.total = total
    bar.update(done - bar.n)


def counts(database):
    """Return {table: rows} of all that is not derived from something else."""
    names = [n for (n,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    return {
        n: database.execute(f'SELECT count(*) FROM "{n}"').fetchone()[0]  # noqa: S608  names from the schema
        for n in names
        if not DERIVED.match(n)
    }


def verify(database, rows):
    """Raise `BackupError` unless the copy is sound and has these rows."""
    try:
        found = database.execute("PRAGMA integrity_check").fetchone()[0]
        broken = database.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"The copy is damaged: {error}.") from error
    if found != "ok":
        raise BackupError(f"The copy is damaged: {found}.")
    if broken:
        raise BackupError(f"{len(broken)} references lead nowhere, the first in the table {broken[0][0]}.")
    demand_same(rows, counts(database))


@contextmanager
def tried(copied, rows, stamp):
    """Let Django work on the copy until the block ends; if it ends well, the copy takes the place of the database.

    Yields where what stood there is kept, or None if there was nothing.
    """
    with unused():
        former = place().with_name(f"{place().name}.before-{stamp}") if place().exists() else None
    path = place().with_name(f"{place().name}.restored-{stamp}")
    try:
        shutil.copyfile(copied, path)
        with opened(path) as database:
            verify(database, rows)
        with pointed_at(str(path)):
            yield former
        with opened(path) as database:
            database.execute("PRAGMA journal_mode = DELETE")
        take_place(path, former)
    finally:
        for left in with_logs(path):
            left.unlink()


def take_place(path, former):
    with unused():
        for old in with_logs(place()) if former else ():
            old.rename(former.with_name(old.name.replace(place().name, former.name, 1)))
        path.rename(place())


def with_logs(path):
    """Return the file of a database and the logs beside it that exist."""
    return [p for p in (path, *(Path(f"{path}-{kind}") for kind in ("wal", "shm", "journal"))) if p.exists()]


@contextmanager
def unused():
    """Keep everyone else from the database until the block ends; raise `BackupError` if someone has it open."""
    if not place().exists():
        yield
        return
    with opened(place(), timeout=1) as database:
        try:
            database.execute("PRAGMA journal_mode = DELETE")  # which needs to be alone
            database.execute("BEGIN EXCLUSIVE")
        except sqlite3.DatabaseError as error:  # what is damaged beyond opening may go as well
            if error.sqlite_errorcode & 0xFF in BUSY:
                raise BackupError(IN_USE) from error
        yield
