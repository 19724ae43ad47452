"""Which database is asked: the main one or, for readers, its replica, where DATABASE_REPLICA_URL names one.

While a reader is answered, the router and `connection` lead what is read to the replica. What is written goes to the
main database, and with it what is read in a transaction, because it decides on what is written there. So queries are
written as if there were one database.
"""

import logging
import time
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.executor import MigrationExecutor

REPLICA = "replica"
PAUSE = 10  # seconds for which a replica that failed is left alone
for_reader = ContextVar("for_reader", default=False)
log = logging.getLogger(__name__)


def alias():
    """Return the name of the database that is to be read now."""
    return REPLICA if for_reader.get() and not connections[DEFAULT_DB_ALIAS].in_atomic_block else DEFAULT_DB_ALIAS


class Connection:
    """The connection to the database that is to be read now, for modules that ask in plain SQL."""

    def __getattr__(self, name):
        return getattr(connections[alias()], name)


connection = Connection()


class Router:
    """Leads Django's queries to the same databases."""

    def db_for_read(self, model, **hints):
        return REPLICA if alias() == REPLICA else None

    def db_for_write(self, model, instance=None, **hints):
        return DEFAULT_DB_ALIAS if instance is None or instance._state.db == REPLICA else None

    def allow_relation(self, first, second, **hints):
        return True if {first._state.db, second._state.db} <= {DEFAULT_DB_ALIAS, REPLICA} else None

    def allow_migrate(self, db, app_label, **hints):
        return False if db == REPLICA else None


@contextmanager
def reading():
    """Read from the replica until the block ends."""
    token = for_reader.set(True)
    try:
        yield
    finally:
        for_reader.reset(token)


def while_reading(chunks):
    """Return chunks that are made as they are sent, each of them from the replica, and nothing else in between."""
    chunks = iter(chunks)

    def ask():
        with reading():
            return next(chunks, None)

    return iter(ask, None)


def pending(name):
    """Return the migrations that a database lacks."""
    executor = MigrationExecutor(connections[name])
    return executor.migration_plan(executor.loader.graph.leaf_nodes())


class Replica:
    """Whether the replica can be read, and if not, when to try again."""

    def __init__(self):
        self.try_at, self.has_migrations = 0.0, False

    def answers(self):
        """Tell whether readers are to be served from the replica; asked before each answer.

        Where it failed, one request in some seconds tries again, and the others do not wait beside it.
        """
        now = time.monotonic()
        if now < self.try_at:
            return False
        if self.try_at:
            self.try_at = now + PAUSE
        if fault := self.fault():
            log.warning("the replica is left alone for %d seconds: %s", PAUSE, fault)
            self.try_at, self.has_migrations = time.monotonic() + PAUSE, False
            return False
        self.try_at = 0.0
        return True

    def fault(self):
        """Return what keeps the replica from being read, or ""."""
        try:
            with connections[REPLICA].cursor():  # opens a connection, or tries the one that was open before
                self.has_migrations = self.has_migrations or not pending(REPLICA)
        except Error as error:
            return type(error).__name__
        return "" if self.has_migrations else "migrations are pending there"

    @contextmanager
    def unused(self):
        """Read all from the main database until the block ends, such as one that is only tried."""
        before, self.try_at = self.try_at, float("inf")
        try:
            yield
        finally:
            self.try_at = before


replica = Replica()
