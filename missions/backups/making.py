"""Make a backup while others write, keep so many of them."""

import fcntl
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from . import postgresql, sqlite
from .archive import DATABASE, BackupError, pack

FORM = re.compile(r"peaceops-\d{8}T\d{6}Z\.tar\.gz")
STAMP = "%Y%m%dT%H%M%SZ"
UNFINISHED = ".unfinished-"


def engine():
    return sqlite if connection.vendor == "sqlite" else postgresql


def directory():
    return settings.DATA_DIR / "backups"


def kept(where=None):
    """Return the files of the backups that are kept, newest first."""
    return sorted((p for p in (where or directory()).glob("*") if FORM.fullmatch(p.name)), reverse=True)


def make(where=None, progress=False):
    """Make a backup and remove the oldest beyond the number to keep; return its file and manifest.

    It has its name only once it is whole and verified. Raises `BackupError`, and then nothing is left of it.
    """
    where = Path(where or directory())
    now = timezone.now()
    with alone(where), tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=where) as work:
        copied, packed = Path(work) / DATABASE, Path(work) / "packed"
        try:
            rows = engine().copy(copied, progress)
            manifest = {
                "made_at": now.isoformat(timespec="seconds"),
                "engine": engine().NAME,
                "migrations": sorted(MigrationRecorder(connection).applied_migrations()),
                "tables": rows,
            }
            pack(packed, copied, manifest)
        except OSError as error:
            raise BackupError(f"It cannot be written: {error}.") from error
        packed.chmod(0o600)  # it holds addresses of readers and digests of passwords
        target = where / f"peaceops-{now:{STAMP}}.tar.gz"
        packed.replace(target)
        for old in kept(where)[settings.BACKUPS :]:
            old.unlink()
    return target, manifest


@contextmanager
def alone(where):
    """Hold the directory for one backup at a time, and clear away what one that was killed has left."""
    try:
        where.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (where / ".lock").open("w")
    except OSError as error:
        raise BackupError(f"{where} cannot be written: {error.strerror}.") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError("Another backup is being made: wait for it.") from error
        for left in where.glob(f"{UNFINISHED}*"):
            for file in left.iterdir():
                file.unlink()
            left.rmdir()
        yield
