"""kill -9 in the middle of what writes many rows: all of it or nothing, and the next try works."""

import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.db import connection

from .faults import skip_unless_traceable, tracing
from .houses import done
from .test_structure import ROOT

LINE = re.compile(r"(\w+) (?:killed at (\d+) of (\d+)|left alone): (-?\d+) (as before|CHANGED)")


@pytest.mark.long
def test_what_is_killed_was_never_begun_and_can_be_done_again(house):
    lines = done(house, "shell", "-v0", "-c", "import tests.killing").splitlines()
    told = [LINE.fullmatch(line).groups() for line in lines]
    assert list(dict.fromkeys(step for step, *_ in told)) == ["import_rows", "publish", "withdraw", "release"]
    for _step, at, writes, status, outcome in told:
        assert (status, outcome) == (("-9", "as before") if at else ("0", "CHANGED"))
        assert at is None or 0 <= int(at) <= int(writes)
    assert {step for step, at, writes, *_ in told if at and at == writes} == {step for step, *_ in told}


BEFORE = """
from django.contrib.auth.models import Group, User
from missions import batches
from tests.factories import make_country, make_mission, make_source
manager = User.objects.create_user("mona", is_staff=True)
manager.groups.add(Group.objects.get(name="Managing editors"))
mission = make_mission(slug="m", countries=[make_country()])
make_source(slug="report")
batches.record_unrecorded(mission)  # which the import would do first, in a transaction of its own
"""
IMPORT = """
from django.contrib.auth.models import User
from missions import bulk
from missions.models import Figure
head = "mission,measure,value,as_of,period,source,stage\\n"
rows = "".join(f"m,fatalities,{n},2001-01-01,{1800 + n},report,published\\n" for n in range(200))
bulk.apply(bulk.check(Figure, (head + rows).encode()), User.objects.get(), "figures.csv", "From the report.")
"""


def rows_of(file):
    """Return {table: rows} of a database that a process may have left in disorder."""
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: database.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}  # noqa: S608


@pytest.mark.long
def test_an_import_that_is_killed_while_its_pages_are_written_is_there_whole_or_not_at_all(house, tmp_path):
    """The other test kills between statements, when SQLite has written nothing yet; this one in its commit."""
    if connection.vendor != "sqlite":
        pytest.skip("the server of PostgreSQL writes, and would have to be killed")
    skip_unless_traceable()
    file, kept, trace = tmp_path / "peaceops.sqlite3", tmp_path / "kept.sqlite3", tmp_path / "trace"
    done(house, "shell", "-v0", "-c", BEFORE)
    shutil.copy(file, kept)

    def imported(*strace):
        shutil.copy(kept, file)
        command = [*strace, sys.executable, "manage.py", "shell", "-v0", "-c", IMPORT]
        return subprocess.run(command, cwd=ROOT, env=house, capture_output=True, text=True).returncode

    assert imported("strace", "-f", "-qq", "-o", trace, "-e", "trace=pwrite64") == 0
    before, after, writes = rows_of(kept), rows_of(file), len(re.findall(r"pwrite64\(", trace.read_text()))
    assert after["missions_figure"] - before["missions_figure"] == 200
    found = []
    for at in sorted({1, 2, *(round(writes * part) for part in (0.1, 0.3, 0.5, 0.7, 0.9, 1.0))}):
        assert imported(*tracing(f"pwrite64:signal=KILL:when={at}")) in (-9, 137)
        found.append(rows_of(file))
        assert found[-1] in (before, after), f"killed at write {at} of {writes}"
    assert found[0] == before
    assert found[-1] == after  # when the log is copied into the file
