"""Logs as lines of JSON that hold no personal data: what happened, when, and in which request.

A log outlives what it tells of and is read by more people than the database. So names, addresses, what was asked for
after the “?” and the words of an error stay out of it; the type of an error and the lines it came through are enough to
find it. Whoever did what to an entry stands in its history.
"""

import json
import logging
import re
import secrets
import time
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime

from django.conf import settings
from django.contrib.auth import user_logged_in, user_logged_out, user_login_failed

REQUEST_ID = re.compile(r"[0-9a-f]{32}\Z")  # nginx's $request_id
PLAIN = re.compile(r"[0-9A-Za-z._-]{1,80}\Z")
# The name of the part of an address that is a secret.
SECRET = "token"  # noqa: S105  # nosec B105
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE")
EXTRAS = ("method", "path", "status", "milliseconds")
current = ContextVar("request_id", default="")
log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """One line for each record. JSON escapes line breaks, so no text can forge a line."""

    def format(self, record):
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": message_of(record),
            "request": current.get(),
        }
        line |= {name: getattr(record, name) for name in EXTRAS if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            line["error"] = type(record.exc_info[1]).__name__
            line["at"] = [f"{f.filename}:{f.lineno} {f.name}" for f in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(line)


def message_of(record):
    """Return what a record says; of what Django says of a request only the status, as its words repeat the request."""
    if record.name.startswith(("django.request", "django.security")):
        return f"answered {getattr(record, 'status_code', 'with a refusal')}"
    return record.getMessage()


def request_id(request):
    """Return the name of a request in the logs: the proxy's if there is one that we trust, else a new one."""
    named = request.META.get("HTTP_X_REQUEST_ID", "") if settings.BEHIND_PROXY else ""
    return named if REQUEST_ID.match(named) else secrets.token_hex(16)


def shown_path(request, status):
    """Return the path of a request as the log may hold it: the pattern alone where a part could be anything."""
    match = request.resolver_match
    if match is None:  # answered before a view was looked for: from what is kept of one, or by a refusal
        return request.path if was_kept(request, status) else ""
    parts = match.captured_kwargs or {}
    if status == 404 or SECRET in parts or not all(PLAIN.match(str(part)) for part in parts.values()):
        return f"/{match.route}"
    return request.path


def was_kept(request, status):
    """Tell whether an answer for which no view was reached is a page, or a file, that is there."""
    return request.resolver_match is None and request.method in ("GET", "HEAD") and status in (200, 304, 410)


class LogRequests:
    """Give each request a name, send it back as X-Request-ID, and write one line once it is answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        current.set(request_id(request))
        began = time.perf_counter()
        response = self.get_response(request)
        response["X-Request-ID"] = current.get()
        status, method = response.status_code, request.method if request.method in METHODS else "other"
        milliseconds = round(1000 * (time.perf_counter() - began), 1)
        path = shown_path(request, status)
        log.log(
            level_of(status), "%s %s %s", method, path or "-", status,
            extra={"method": method, "path": path, "status": status, "milliseconds": milliseconds},
        )  # fmt: skip
        return response


def level_of(status):
    return logging.ERROR if status >= 500 else logging.WARNING if status in (403, 429) else logging.INFO


def told(sentence):
    """Return a receiver of a signal that writes a sentence, and nothing of whom it is about."""

    def write(sender, **kwargs):
        log.info(sentence)

    return write


def listen():
    """Have logins written down."""
    for signal, sentence in (
        (user_logged_in, "login: password accepted"),
        (user_login_failed, "login: refused"),
        (user_logged_out, "logout"),
    ):
        signal.connect(told(sentence), weak=False, dispatch_uid=sentence)


def configuration(form):
    """Return the configuration of Python's logging: `json` lines or, for one's own machine, plain `text`."""
    ours = "INFO" if form == "json" else "WARNING"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "missions.logs.JsonLines"},
            "text": {"format": "%(levelname)s %(name)s: %(message)s"},
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "missions": {"level": ours},
            # By default Django writes to handlers of its own, which would go past the form.
            "django": {"handlers": [], "level": "WARNING"},
            "django.request": {"level": "ERROR" if form == "json" else "WARNING"},  # our own line tells the rest
            "axes": {"level": "ERROR"},  # it repeats what was typed, and the line of the request tells of a lock
        },
    }
