"""The file of a backup: a `.tar.gz` of `manifest.json` and the copy of the database, called `database`.

The manifest says when it was made, of which kind of database, which migrations it has seen, how many rows each table
has, and the size and SHA-256 of the copy.
"""

import hashlib
import json
import tarfile
import zlib
from contextlib import contextmanager
from io import BytesIO

from django.db import connection

from .. import databases

MANIFEST, DATABASE = "manifest.json", "database"
IN_USE = "The database is in use: stop the server and all commands first, then restore again."
CHUNK = 1024 * 1024
MOST = 1024 * 1024  # bytes of a manifest; a real one has a few thousand


class BackupError(Exception):
    """A backup cannot be made or used; the message says why and what to do."""


def checksum(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(target, database, manifest):
    """Write the file of a backup."""
    manifest = manifest | {"bytes": database.stat().st_size, "sha256": checksum(database)}
    told = json.dumps(manifest, indent=1).encode()
    with tarfile.open(target, "w:gz", compresslevel=6) as tar:
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(told)
        tar.addfile(head, BytesIO(told))
        tar.add(database, DATABASE)


def unpack(file, target):
    """Write the copy of the database in a backup to `target`; return the manifest. Raises `BackupError`."""
    damaged = f"{file} is damaged, or no backup: take another one."
    try:
        with tarfile.open(file, "r:gz") as tar:
            manifest = json.loads(part(tar, MANIFEST).read(MOST))
            with part(tar, DATABASE) as source, target.open("wb") as copy:
                while chunk := source.read(CHUNK):
                    copy.write(chunk)
        is_whole = (target.stat().st_size, checksum(target)) == (manifest["bytes"], manifest["sha256"])
    except FileNotFoundError as error:
        raise BackupError(f"{file} is not there.") from error
    except (tarfile.TarError, EOFError, zlib.error, ValueError, KeyError, OSError) as error:
        raise BackupError(f"{damaged} ({type(error).__name__})") from error
    if not is_whole:
        raise BackupError(f"{damaged} (Its checksum is another.)")
    return manifest


def part(tar, name):
    """Return a part of the archive, which must be next in it, as a file; nothing is unpacked by its own name."""
    member = tar.next()
    if member is None or member.name != name or not member.isfile():
        raise tarfile.ReadError(f"{name} is missing")
    return tar.extractfile(member)


def demand_same(rows, found):
    """Raise `BackupError` unless two counts of all tables agree."""
    wrong = [f"{n}: {found.get(n)} instead of {rows.get(n)}" for n in {**rows, **found} if found.get(n) != rows.get(n)]
    if wrong:
        raise BackupError(f"Tables have other numbers of rows than were counted: {'; '.join(wrong)}.")


@contextmanager
def pointed_at(name):
    """Let Django work on the database with this name until the block ends."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        with databases.replica.unused():
            yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
