"""All rows from one database to another, such as from SQLite to PostgreSQL: everything or nothing.

Rows are written as they are read, past `save()` and signals, with their keys and times. Django's foreign keys are
checked when a transaction ends, so the order of the tables does not matter. What the target's own triggers derive from
a row, such as the index of the search, they derive as each row comes in.
"""

import os
import subprocess  # nosec B404
import sys

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import DatabaseError, connections, transaction
from reversion.models import Version
from tqdm import tqdm

from peaceops.settings import database

from .models import FACTS, LISTED, TAUGHT, Country, DiscussionQuestion, Draft, Organization, Release, Report

SOURCE, TARGET = "default", "target"
REPLICA = ("DATABASE_REPLICA_URL", "DATABASE_REPLICA_URL_FILE")  # of the source; the target has none
# What triggers write, which they do while rows come in as well.
OF_THE_DATABASE = ("missions.ContentVersion", "missions.ContentChange")
BATCH = 500  # rows; a release is megabytes, so tables with files go row by row
# What people made; a target in which one of these has rows is in use. Migrations write some of the other tables.
CONTENT = (*LISTED, *FACTS, *TAUGHT, DiscussionQuestion, Country, Organization, Draft, Release, Report, User, Version)


class MoveError(Exception):
    """The rows cannot be moved; the message says why and what to do."""


def move(url, progress=False):
    """Copy every row to the database at `url` and return {table: rows}. Raises `MoveError`, and nothing was copied."""
    prepare(url)
    connect(url)
    try:
        refuse_content()
        with transaction.atomic(using=SOURCE, durable=True), transaction.atomic(using=TARGET):
            one_snapshot()
            return copy_all(progress)
    except DatabaseError as error:
        raise MoveError(f"The target refuses it: {str(error).strip()}") from error
    finally:
        connections[TARGET].close()


def prepare(url):
    """Make the tables of the target, in a process whose database it is."""
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "migrate", "-v0", "--no-input"]
    env = os.environ | {"DATABASE_URL": url} | dict.fromkeys(REPLICA, "")
    done = subprocess.run(command, env=env, capture_output=True, text=True)  # noqa: S603  # nosec B603
    if done.returncode:
        raise MoveError(f"The target cannot be prepared: {done.stderr.strip().splitlines()[-1]}")


def connect(url):
    told = connections.configure_settings({"default": {}, TARGET: database(url)})[TARGET]
    same = ("ENGINE", "NAME", "HOST", "PORT")
    if [told[k] for k in same] == [connections[SOURCE].settings_dict[k] for k in same]:
        raise MoveError("The target is the database in use: name another one with --to.")
    connections.databases[TARGET] = told


def models():
    """Return every model whose rows people made, the tables between many and many included."""
    own = [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]
    return [m for m in own if m._meta.label not in OF_THE_DATABASE]


def rows_in(alias):
    return {m._meta.db_table: m._base_manager.using(alias).count() for m in models()}


def refuse_content():
    """Raise `MoveError` if the target holds more than its migrations put there."""
    full = [m._meta.db_table for m in CONTENT if m._base_manager.using(TARGET).exists()]
    if full:
        raise MoveError(f"The target holds content, in {', '.join(full[:5])}: name an empty database.")


def one_snapshot():
    """Let all that is read of the source be of one moment. SQLite's transaction keeps writers out by itself."""
    if connections[SOURCE].vendor == "postgresql":
        with connections[SOURCE].cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def copy_all(progress):
    rows = rows_in(SOURCE)
    with tqdm(total=sum(rows.values()), unit=" rows", disable=not progress) as bar:
        for model in models():
            bar.set_description(model._meta.db_table)
            copy(model, bar)
    with connections[TARGET].cursor() as cursor:
        for statement in connections[TARGET].ops.sequence_reset_sql(no_style(), models()):
            cursor.execute(statement)
    found = rows_in(TARGET)
    if wrong := [f"{name}: {found[name]} of {number}" for name, number in rows.items() if found[name] != number]:
        raise MoveError(f"Not all rows arrived: {'; '.join(wrong)}.")
    return rows


def copy(model, bar):
    """Put the rows of one table in the place of those that the migrations wrote."""
    model._base_manager.using(TARGET)._raw_delete(TARGET)
    fields = [f for f in model._meta.local_concrete_fields if not f.generated]
    has_files = any(f.get_internal_type() == "BinaryField" and not f.max_length for f in fields)
    size = 1 if has_files else min(BATCH, connections[TARGET].ops.bulk_batch_size(fields, range(BATCH)))
    batch = []
    for row in model._base_manager.using(SOURCE).order_by("pk").iterator(chunk_size=size):
        batch.append(row)
        if len(batch) == size:
            write(model, fields, batch, bar)
            batch = []
    if batch:
        write(model, fields, batch, bar)


def write(model, fields, rows, bar):
    # Raw, as fixtures are loaded: `auto_now` would put the time of the move in the place of the row's.
    model._base_manager._insert(rows, fields, using=TARGET, raw=True)
    bar.update(len(rows))
