"""Backups: made while others write, known to be good, and restored with the application running on them."""

import gzip
import io
import json
import re
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from missions import backups
from missions.backups import archive, making, restoring, sqlite

from .houses import done, manage
from .test_structure import ROOT

ROWS = {"one": 3, "two": 0}


@pytest.fixture
def packed(tmp_path):
    """Give the file of a small backup."""
    return pack(tmp_path)


def pack(where, **told):
    database, file = where / "database", where / "backup.tar.gz"
    database.write_bytes(b"rows" * 1000)
    archive.pack(file, database, {"engine": "SQLite", "migrations": [], "tables": ROWS} | told)
    return file


def test_a_backup_gives_back_what_was_put_in(packed, tmp_path):
    manifest = archive.unpack(packed, tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == b"rows" * 1000
    assert (manifest["tables"], manifest["bytes"]) == (ROWS, 4000)


def cut(data):
    return data[: len(data) // 2]


def turned(data):
    """Change one byte of what was packed, and pack it again."""
    plain = bytearray(gzip.decompress(data))
    plain[plain.index(b"rowsrows")] ^= 1
    return gzip.compress(bytes(plain))


def renamed(data):
    """Put the copy under a name that would lead out of the directory."""
    target = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(data)) as old, tarfile.open(fileobj=target, mode="w:gz") as new:
        for member in old:
            content = old.extractfile(member)
            member.name = member.name.replace("database", "../database")
            new.addfile(member, content)
    return target.getvalue()


@pytest.mark.parametrize("damage", [cut, turned, renamed, lambda _: b"", lambda _: b"PK\x03\x04 no backup"])
def test_a_damaged_backup_is_refused(packed, tmp_path, damage):
    packed.write_bytes(damage(packed.read_bytes()))
    with pytest.raises(backups.BackupError, match=r"is damaged, or no backup: take another one\."):
        archive.unpack(packed, tmp_path / "copy")
    assert not (tmp_path.parent / "database").exists()


def test_a_backup_that_is_not_there_is_named(tmp_path):
    with pytest.raises(backups.BackupError, match=r"nothing\.tar\.gz is not there\."):
        archive.unpack(tmp_path / "nothing.tar.gz", tmp_path / "copy")


@pytest.mark.django_db
def test_a_newer_schema_and_another_database_are_refused():
    this, other = ("SQLite", "PostgreSQL")[:: 1 if connection.vendor == "sqlite" else -1]
    known = {"engine": this, "migrations": [["missions", "0001_initial"]]}
    restoring.demand_fitting(known)
    with pytest.raises(backups.BackupError, match=r"made it, with missions\.9999_later: install that version first"):
        restoring.demand_fitting(known | {"migrations": [["missions", "0001_initial"], ["missions", "9999_later"]]})
    with pytest.raises(backups.BackupError, match=f"a backup of {other}, and DATABASE_URL names {this}"):
        restoring.demand_fitting(known | {"engine": other})


def test_a_copy_with_other_rows_broken_references_or_pages_is_refused(tmp_path):
    path = tmp_path / "copy.sqlite3"
    with sqlite.opened(path) as database:
        database.execute("CREATE TABLE one (id INTEGER PRIMARY KEY, two REFERENCES two, text)")
        database.execute("CREATE TABLE two (id INTEGER PRIMARY KEY)")
        database.execute("CREATE VIRTUAL TABLE one_fts USING fts5(text)")
        database.executemany("INSERT INTO one (text) VALUES (?)", [("x" * 5000,)] * 3)
        sqlite.verify(database, ROWS)
        with pytest.raises(backups.BackupError, match="one: 3 instead of 4; three: None instead of 1"):
            sqlite.verify(database, {"one": 4, "two": 0, "three": 1})
        database.execute("UPDATE one SET two = 7 WHERE id = 2")
        with pytest.raises(backups.BackupError, match="1 references lead nowhere, the first in the table one"):
            sqlite.verify(database, ROWS)
    content = bytearray(path.read_bytes())
    content[-4000:-2000] = bytes(2000)
    content[5000:6000] = bytes(1000)
    path.write_bytes(content)
    with sqlite.opened(path) as database, pytest.raises(backups.BackupError, match="The copy is damaged"):
        sqlite.verify(database, ROWS)


@pytest.fixture
def quick(monkeypatch, settings, tmp_path):
    """Let copies take no time, and clocks go on by a minute with each; give the directory of the backups."""
    settings.DATA_DIR = tmp_path
    began, minutes = timezone.now(), count()
    monkeypatch.setattr(making.timezone, "now", lambda: began + timedelta(minutes=next(minutes)))
    monkeypatch.setattr(making.engine(), "copy", lambda target, progress: target.write_bytes(b"x") and ROWS)
    return tmp_path / "backups"


@pytest.mark.django_db
def test_the_newest_are_kept_and_nothing_else_is_touched(quick, settings):
    settings.BACKUPS = 3
    made = [backups.make()[0]]
    (quick / "notes.txt").write_text("by hand")
    made += [backups.make()[0] for _ in range(4)]
    assert backups.kept() == made[:1:-1]
    assert sorted(p.name for p in quick.iterdir()) == sorted([".lock", "notes.txt", *(p.name for p in made[2:])])
    assert made[-1].stat().st_mode & 0o777 == 0o600
    assert quick.stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_a_backup_that_fails_removes_neither_itself_halfway_nor_an_older_one(quick, monkeypatch, settings):
    settings.BACKUPS = 1
    made, _ = backups.make()

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "pack", refuse)
    with pytest.raises(backups.BackupError, match=r"It cannot be written: .*No space left on device"):
        backups.make()
    assert sorted(p.name for p in quick.iterdir()) == [".lock", made.name]


@pytest.mark.django_db
def test_what_a_killed_backup_left_is_cleared_away_and_two_at_once_are_refused(quick):
    left = quick / f"{making.UNFINISHED}abc"
    left.mkdir(parents=True)
    (left / "database").write_bytes(b"half")
    made, _ = backups.make()
    assert sorted(p.name for p in quick.iterdir()) == [".lock", made.name]
    with making.alone(quick), pytest.raises(backups.BackupError, match="Another backup is being made: wait for it"):
        backups.make()


# From here on whole: the command lines, as processes, on databases of their own.

WRITER = """
import sys, time
from itertools import count
from missions.models import Term
print("ready", flush=True)
for n in count():
    Term.objects.create(slug=f"written-{n}", label_text=f"Written {n}", definition="x" * 500)
    print(n, flush=True)
"""
ASK = "from missions.models import Term; print(Term.objects.filter(slug__startswith='written-').count())"


@contextmanager
def writing(env):
    """Let another process write as fast as it can until the block ends; what it wrote is then in its `.wrote`."""
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", WRITER]
    with subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as writer:
        assert writer.stdout.readline() == "ready\n"
        yield writer
        writer.send_signal(signal.SIGKILL)
        out, writer.errors = writer.communicate()
        writer.wrote = len(out.splitlines())


@pytest.mark.long
def test_a_restore_drill_while_others_write(house, tmp_path):
    done(house, "load_entries")
    with writing(house) as writer:
        time.sleep(0.3)
        told = done(house, "backup")
        time.sleep(0.3)
    assert writer.errors == ""
    file = re.match(r"(\S+): [\d,]+ bytes, [\d,]+ rows in \d+ tables, verified\nkept: 1\n", told).group(1)
    with tarfile.open(file) as tar:
        manifest = json.load(tar.extractfile("manifest.json"))
    in_backup = manifest["tables"]["missions_term"]
    before = int(done(house, "shell", "-v0", "-c", ASK))
    loaded = (
        int(done(house, "shell", "-v0", "-c", "from missions.models import Term; print(Term.objects.count())")) - before
    )
    assert loaded < in_backup < loaded + before  # some were written before the snapshot, and some after it
    assert before - writer.wrote in (0, 1)  # the last may have been written and not told

    answer = done(house, "restore", file)
    assert answer.startswith(f"restored: the database of {manifest['made_at']}")
    assert answer.endswith("Pages were asked for and answered. Start the server now.\n")
    assert int(done(house, "shell", "-v0", "-c", ASK)) == in_backup - loaded
    done(house, "check_content")
    kept = re.search("kept aside: (.*)", answer).group(1)
    assert rows_aside(house, kept) == before
    assert sorted(p.name for p in tmp_path.iterdir() if "restor" in p.name) == []


def rows_aside(env, kept):
    """Return how many of the rows written meanwhile the database has that was kept aside."""
    url = env["DATABASE_URL"]
    aside = f"sqlite:///{kept}" if url.startswith("sqlite") else f"{url.rpartition('/')[0]}/{kept}"
    return int(done(env | {"DATABASE_URL": aside}, "shell", "-v0", "-c", ASK))


@pytest.mark.long
def test_what_cannot_be_restored_leaves_all_as_it_was(house, tmp_path):
    file = done(house, "backup").partition(":")[0]
    done(house, "shell", "-v0", "-c", WRITER.replace("count()", "range(5)"))
    with held(house):
        assert "The database is in use: stop the server" in manage(house, "restore", file).stderr
    assert int(done(house, "shell", "-v0", "-c", ASK)) == 5

    broken = tmp_path / "broken.tar.gz"
    for wrong, message in (
        ({"tables": lambda t: t | {"missions_term": 1}}, "missions_term: "),
        ({"migrations": lambda m: [*m, ["missions", "9999_later"]]}, "A newer version of this program made it"),
    ):
        changed(file, broken, wrong)
        refused = manage(house, "restore", str(broken))
        assert (refused.returncode, message in refused.stderr) == (1, True)
    refused = manage(house | {"PEACEOPS_ALLOWED_HOSTS": "no host at all"}, "restore", file)
    assert "With it, / is answered with 400 instead of 200." in refused.stderr
    assert int(done(house, "shell", "-v0", "-c", ASK)) == 5
    assert [p.name for p in tmp_path.iterdir() if "restor" in p.name or "before" in p.name] == []


@contextmanager
def held(env):
    """Have the database open, as a server has."""
    url = env["DATABASE_URL"]
    opened = sqlite3.connect(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else psycopg.connect(url)
    with closing(opened):
        opened.execute("SELECT count(*) FROM missions_term").fetchall()
        yield


def changed(file, target, wrong):
    """Write a backup whose manifest says something else."""
    with tarfile.open(file) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            content = old.extractfile(member).read()
            if member.name == "manifest.json":
                told = json.loads(content)
                content = json.dumps(told | {k: change(told[k]) for k, change in wrong.items()}).encode()
                member.size = len(content)
            new.addfile(member, io.BytesIO(content))


@pytest.mark.long
def test_a_database_that_is_damaged_is_moved_aside(house, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("a server looks after its files itself")
    file = done(house, "backup").partition(":")[0]
    path = tmp_path / "peaceops.sqlite3"
    path.write_bytes(b"no database" * 1000)
    answer = done(house, "restore", file)
    kept = re.search("kept aside: (.*)", answer).group(1)
    assert Path(kept).read_bytes() == b"no database" * 1000
    done(house, "check_content")
