"""Files that wait between preview and import, in the data directory, where every process of the server finds them."""

import json
import secrets
import time
from contextlib import suppress
from dataclasses import asdict, dataclass

from django.conf import settings

from .files import FileError

KEPT = 24 * 60 * 60  # seconds


@dataclass(frozen=True)
class Upload:
    """A file that an editor uploaded: whose, for which kind of record, under which name and for what reason."""

    user_id: int
    kind: str
    name: str
    reason: str


def directory():
    return settings.DATA_DIR / "imports"


def keep(upload, content):
    """Keep an upload and return the key under which `fetch` finds it. Forgets those that no one came back to.

    Raises `FileError` if there is no room for it.
    """
    key = secrets.token_hex(16)
    part = directory() / f"{key}.part"
    try:
        directory().mkdir(mode=0o700, parents=True, exist_ok=True)
        forget_old()
        part.write_bytes(json.dumps(asdict(upload)).encode() + b"\n" + content)
        part.replace(path_of(key))
    except OSError as error:
        raise FileError("The server could not keep the file: its disk may be full. Tell its keeper.") from error
    return key


def forget_old():
    for path in directory().iterdir():
        with suppress(FileNotFoundError):  # another process was faster
            if path.stat().st_mtime < time.time() - KEPT:
                path.unlink()


def path_of(key):
    return directory() / f"{key}.upload"


def fetch(key, user, model):
    """Return an upload of this user for this kind of record and its content, or None if there is none."""
    try:
        told, _, content = path_of(key).read_bytes().partition(b"\n")
    except OSError:
        return None
    upload = Upload(**json.loads(told))
    return (upload, content) if (upload.user_id, upload.kind) == (user.pk, model._meta.model_name) else None


def forget(key):
    path_of(key).unlink(missing_ok=True)
