"""The way back: a backup is tried with the application before it takes the place of what stands."""

import tempfile
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.utils import timezone

from .. import search
from .archive import DATABASE, BackupError, unpack
from .making import STAMP, engine

PAGES = ("/", "/missions/", "/search/?q=peace", "/data/", "/api/v1/missions/", "/admin/login/")


def restore(file, progress=False):
    """Put a backup in the place of the database; return its manifest and where what stood there is kept.

    Raises `BackupError`, and then all is as it was.
    """
    stamp = f"{timezone.now():{STAMP}}"
    try:
        with tempfile.TemporaryDirectory(prefix="restoring-", dir=settings.DATA_DIR) as work:
            copied = Path(work) / DATABASE
            manifest = unpack(Path(file), copied)
            demand_fitting(manifest)
            with engine().tried(copied, manifest["tables"], stamp) as former:
                call_command("migrate", verbosity=1 if progress else 0, interactive=False)
                if search.is_stale():
                    search.rebuild(progress)
                demand_answers()
    except OSError as error:
        raise BackupError(f"It cannot be written: {error}.") from error
    return manifest, former


def demand_fitting(manifest):
    """Refuse what is for another kind of database, and what a newer version of this program made."""
    if manifest["engine"] != engine().NAME:
        raise BackupError(
            f"This is a backup of {manifest['engine']}, and DATABASE_URL names {engine().NAME}. Restore it where it "
            f"comes from, then use manage.py move_data."
        )
    known = MigrationLoader(None).disk_migrations
    if newer := [f"{app}.{name}" for app, name in manifest["migrations"] if (app, name) not in known]:
        raise BackupError(f"A newer version of this program made it, with {newer[0]}: install that version first.")


def demand_answers():
    """Ask the application for some pages; each must be answered."""
    host = next((h.lstrip(".") for h in settings.ALLOWED_HOSTS if h != "*"), "localhost")
    client = Client(raise_request_exception=False)
    for page in PAGES:
        answer = client.get(page, secure=settings.HTTPS, headers={"host": host})
        if answer.status_code != 200:
            raise BackupError(f"With it, {page} is answered with {answer.status_code} instead of 200.")
