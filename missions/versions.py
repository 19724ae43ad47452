"""In which state everything public is, as one token: what is kept of an answer is good while that stays the same.

Triggers renew the token, so a change counts however it is made: by a form, a command, or by hand in the database.
They are no part of the migrations, which may make tables anew and so would lose them: they go before migrations run
and are made for all tables when these are done.
"""

from bisect import bisect_right
from datetime import timedelta
from functools import wraps
from uuid import uuid4

from django.apps import apps
from django.db import connections
from django.utils import timezone

from . import databases
from .choices import Stage
from .databases import connection
from .models import KINDS, ContentVersion, Mission

UNSEEN = {  # what readers never see, and what is told of in another table
    "batch", "confirmation", "contentchange", "contentversion", "draft", "linkcheck", "loadedrecord", "missedsearch",
    "previewlink", "report", "reportsending",
}  # fmt: skip
VERSION, CHANGE = "missions_contentversion", "missions_contentchange"
PREFIX = "missions_version_"
CHANGES_KEPT = 5_000

FUNCTION = f"""
CREATE OR REPLACE FUNCTION missions_content_changed() RETURNS trigger AS $$
DECLARE
    this text := pg_current_xact_id()::text;
    was bigint; is_now bigint;
BEGIN
    IF current_setting('missions.changed_in', true) IS DISTINCT FROM this THEN
        UPDATE {VERSION} SET token = gen_random_uuid()::text;
        PERFORM set_config('missions.changed_in', this, true);
        DELETE FROM {CHANGE} WHERE id <= (SELECT max(id) FROM {CHANGE}) - {CHANGES_KEPT};
    END IF;
    IF TG_OP <> 'INSERT' THEN was := (to_jsonb(OLD) ->> TG_ARGV[0])::bigint; END IF;
    IF TG_OP <> 'DELETE' THEN is_now := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint; END IF;
    INSERT INTO {CHANGE} ("table", mission_id) VALUES (TG_TABLE_NAME, coalesce(is_now, was));
    IF was <> is_now THEN INSERT INTO {CHANGE} ("table", mission_id) VALUES (TG_TABLE_NAME, was); END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql"""


def tables():
    """Return {table: column that holds a mission, or ""} of all that readers see."""
    found = {}
    for model in apps.get_app_config("missions").get_models(include_auto_created=True):
        if model._meta.model_name not in UNSEEN:
            columns = [f.column for f in model._meta.concrete_fields if f.related_model is Mission]
            own = "id" if model is Mission else ""
            found[model._meta.db_table] = own or (columns[0] if len(columns) == 1 else "")
    return found


def sqlite_triggers(table, column):
    """Yield the statements that make a table of SQLite tell of its changes."""
    for event, rows in (("INSERT", ["NEW"]), ("DELETE", ["OLD"]), ("UPDATE", ["OLD", "NEW"])):
        missions = [f'{row}."{column}"' if column else "NULL" for row in rows]
        told = ", ".join(f"('{table}', {mission})" for mission in dict.fromkeys(missions))
        yield (
            f"CREATE TRIGGER {PREFIX}{table}_{event.lower()} AFTER {event} ON {table} BEGIN "
            f"UPDATE {VERSION} SET token = lower(hex(randomblob(16))); "
            f'INSERT INTO {CHANGE} ("table", mission_id) VALUES {told}; '
            f"DELETE FROM {CHANGE} WHERE id <= (SELECT max(id) FROM {CHANGE}) - {CHANGES_KEPT}; END"
        )


def postgresql_triggers(table, column):
    """Yield the statement that makes a table of PostgreSQL tell of its changes.

    Deferred to the end of the transaction, so that two editors wait for each other only for that moment, and a draft
    that is shown in a transaction to be undone changes nothing.
    """
    yield (
        f"CREATE CONSTRAINT TRIGGER {PREFIX}{table} AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION missions_content_changed('{column}')"
    )


def installed(cursor, vendor):
    """Return {trigger: table}."""
    if vendor == "sqlite":
        cursor.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'")
    else:
        cursor.execute("SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid")
    return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def install(using="default", **_):
    """Make every table tell of its changes, as far as it does not yet, and see that there is a token."""
    database = connections[using]
    with database.cursor() as cursor:
        present = database.introspection.table_names(cursor)
        if VERSION not in present:
            return  # migrated to before there were versions
        there = set(installed(cursor, database.vendor).values())
        if database.vendor == "postgresql" and not there:
            cursor.execute(FUNCTION)
        statements = {"sqlite": sqlite_triggers, "postgresql": postgresql_triggers}[database.vendor]
        for table, column in tables().items():
            if table in present and table not in there:  # the others were not made yet in the state migrated to
                for statement in statements(table, column):
                    cursor.execute(statement)
    versions = ContentVersion.objects.using(using)
    if not versions.exists():
        versions.create(token=str(uuid4()))


def remove(using="default", plan=(), **_):
    """Take the triggers away before tables are altered, and give up the token: what pages look like may change, too."""
    database = connections[using]
    if not plan:
        return
    with database.cursor() as cursor:
        for name, table in installed(cursor, database.vendor).items():
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if database.vendor == "postgresql" else ""))
        if VERSION in database.introspection.table_names(cursor):
            cursor.execute(f"DELETE FROM {VERSION}")


def token():
    """Return the token of what is public now, or None before there is one. Asked at every request, so in plain SQL."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT token FROM {VERSION}")
        row = cursor.fetchone()
    return row and row[0]


def scheduled():
    """Return the times still to come at which entries become public by the clock alone, in order."""
    now = timezone.now()
    first, *rest = [
        model.objects.filter(stage=Stage.PUBLISHED, published_at__gt=now).order_by().values_list("published_at")
        for model in KINDS
    ]
    return sorted(time for (time,) in first.union(*rest))


class Clock:
    """What the clock alone changes: the day, and which scheduled entries are due. Looked up once for each token."""

    def __init__(self):
        self.token, self.times, self.since, self.until, self.text = None, [], None, None, ""

    def reading(self, token):
        """Return the day and the next time at which an entry becomes public, as text."""
        now = timezone.now()
        if self.token != token:
            self.token, self.times, self.until = token, scheduled(), None
        if self.until is None or not self.since <= now < self.until:
            self.read(now)
        return self.text

    def read(self, now):
        """Set what the clock shows now, and how long it will show that."""
        midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
        due = self.times[bisect_right(self.times, now) :][:1]
        self.text = f"{midnight:%Y%m%d}" + "".join(f".{time.timestamp()}" for time in due)
        self.since, self.until = now, min([midnight + timedelta(days=1), *due])


clocks = {}  # one for each database, as a replica may be behind


def current():
    """Return the version of everything public at this moment as text, or None if it cannot be told."""
    now, clock = token(), clocks.setdefault(databases.alias(), Clock())
    return now and f"{now}.{clock.reading(now)}"


def once(function):
    """Make a function of the content, without arguments, run once for each version; in a transaction at every call.

    Kept is the last version of each database: members and readers may be shown different ones by turns.
    """
    kept = {}

    @wraps(function)
    def asked():
        version = None if connection.in_atomic_block else current()
        if version is None:
            return function()
        of, result = kept.get(databases.alias(), (None, None))
        if of != version:
            result = function()
            kept[databases.alias()] = version, result
        return result

    return asked
