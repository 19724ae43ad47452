"""What readers and editors get while the database cannot be reached, or cannot be written.

Django makes an answer of whatever breaks by calling the handlers of `peaceops.urls`, for views and middleware alike.
They ask here first. Nothing needs to be done once the database is back: the next request opens a connection.
"""

import logging
import sqlite3

import psycopg
from django.db import Error
from django.http import JsonResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_noop

from .languages import translated
from .middleware import API, SAFE

RETRY_AFTER = 30  # seconds
GONE = gettext_noop("The database cannot be reached at the moment. Nothing was lost: please try again in a minute.")
UNSAVED = gettext_noop(
    "Nothing was saved: the database cannot be reached or written at the moment. Go back in your browser, where what "
    "you typed still stands, keep a copy of long texts, and save again in a minute. If this lasts, tell whoever runs "
    "this site that its disk or its database is out of order."
)
# SQLite's own classes of failure (the low byte of its codes) that are not the fault of a query.
SQLITE = {
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}
# The last is not among psycopg's operational errors: the server has become one that only follows another.
POSTGRESQL = (psycopg.OperationalError, psycopg.InterfaceError, psycopg.errors.ReadOnlySqlTransaction)
log = logging.getLogger(__name__)


def is_outage(error):
    """Tell whether an error says that the database is out of order, and not that a query is wrong."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & 0xFF in SQLITE
    return isinstance(error, POSTGRESQL)


def behind(error):
    """Yield an error and those that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def answer(request, error):
    """Return the answer to a request that failed with this error, or None if the database is not to blame for it."""
    cause = next((e for e in behind(error) if is_outage(e)), None)
    if cause is None or not any(isinstance(e, Error) for e in behind(error)):
        return None
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None) or type(cause).__name__
    log.error("the database is out of order: %s", code)
    sentence = translated(GONE if request.method in SAFE else UNSAVED)
    if request.path.startswith(API):
        response = JsonResponse({"detail": sentence}, status=503)
    else:
        response = render(None, "503.html", {"sentence": sentence}, status=503)
    add_never_cache_headers(response)
    response["Retry-After"] = RETRY_AFTER
    return response
