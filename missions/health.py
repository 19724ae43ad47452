"""Whether this process runs, and whether all that it needs is there: what a supervisor and a balancer ask."""

import logging
import os
import shutil
import tempfile

from django.conf import settings
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse

from . import databases, search, versions

ROOM = 200 * 1024 * 1024  # bytes that must be free where the data lie; a backup or an import needs about as much
log = logging.getLogger(__name__)


class NotReadyError(Exception):
    """A check failed; the message says what was found."""


def database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def migrations():
    if plan := databases.pending(DEFAULT_DB_ALIAS):
        raise NotReadyError(f"{len(plan)} migrations are pending: run manage.py migrate")


def search_index():
    if search.is_stale():
        raise NotReadyError("the index is not in step with the content: run manage.py rebuild_search")


def disk():
    """Write a small file where the data lie, and see what room is left there."""
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as probe:
        probe.write(b"ready?")
        probe.flush()
        os.fsync(probe.fileno())
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < ROOM:
        raise NotReadyError(f"{free:,} bytes are free in {settings.DATA_DIR}, and {ROOM:,} are wanted")


def shared_cache():
    token = os.urandom(8).hex()
    cache.set(f"ready-{token}", token, 10)
    if cache.get(f"ready-{token}") != token:
        raise NotReadyError("the cache does not give back what was put into it")
    cache.delete(f"ready-{token}")


CHECKS = {
    "database": database,
    "migrations": migrations,
    "search": search_index,
    "disk": disk,
    "cache": shared_cache,
}
ASK_DATABASE = ("migrations", "search")


def replica():
    """Return "ok" where readers get from the replica what members see, "behind" where it holds another version, "away"
    where they are served from the main database instead. None of these is a reason to take this host out of service."""
    ours = versions.token()
    try:
        with databases.reading():
            return "away" if not databases.replica.answers() else "ok" if versions.token() == ours else "behind"
    except Error:  # it went just now
        return "away"


def state():
    """Return {check: "ok", "failed" or, where the database is what failed, "not checked"}; the log says why.

    A replica, where there is one, never fails: see `replica`.
    """
    found = {}
    for name, check in CHECKS.items():
        if name in ASK_DATABASE and found["database"] != "ok":
            found[name] = "not checked"  # it would only wait for the same database again
            continue
        try:
            check()
            found[name] = "ok"
        except Exception as error:
            log.warning("not ready: %s: %s: %s", name, type(error).__name__, error)
            found[name] = "failed"
    if databases.REPLICA in connections:
        found["replica"] = replica() if found["database"] == "ok" else "not checked"
    return found


def healthz(request):
    """Answer that the process runs, whatever else does."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def readyz(request):
    """Answer whether requests can be served, naming each check: 200, or 503 if one failed."""
    checks = state()
    ready = "failed" not in checks.values()
    return JsonResponse({"ready": ready, "checks": checks}, status=200 if ready else 503)


class Health:
    """Answer both before all else, so that no host, scheme, session or database decides whether they answer."""

    answers = {"/healthz": healthz, "/readyz": readyz}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.answers.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        response = answer(request) if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])
        response["Cache-Control"] = "no-store"
        return response
