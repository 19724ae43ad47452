"""Whole public answers, kept with the version of the content that they were made of.

A version names one state of everything public, so nothing else ever makes an answer invalid, and the next request
sees a publication in every process. While one request makes a page anew, others get the page as it was; while the
database cannot be reached, everyone does.
"""

import hashlib
import logging
import re
import time
from collections import namedtuple
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock

from cachetools import LRUCache
from django.conf import settings
from django.core.cache import caches
from django.db import Error
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from . import versions
from .middleware import ADMIN, API, THEME_COOKIE, in_json, theme_of

log = logging.getLogger(__name__)

Kept = namedtuple("Kept", "version status headers content")
OVERHEAD = 2_000  # bytes that a kept answer takes beside its content, about
PART = 8  # no answer may take more than this part of the memory
LONGEST_QUERY = 2_000
LASTING = (200, 301, 410)
NEVER = (ADMIN, settings.STATIC_URL)
CONDITIONS = {"HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"}
# What goes with a tag when the answer itself need not be sent again.
OF_A_TAG = {"cache-control", "etag", "vary", "access-control-allow-origin", "access-control-expose-headers"}
KEY_COVERS = {"cookie", "accept-encoding", "origin"}
OWN_COOKIES = {settings.SESSION_COOKIE_NAME, "messages"}
NOT_SHARED = re.compile(r"no-store|private")
GZIP = re.compile(r"\bgzip\b")  # as GZipMiddleware reads it


@cache
def build():
    """Return a digest of all that makes pages of content: after an upgrade, what was kept before is not used."""
    root, digest = Path(settings.BASE_DIR), hashlib.sha256()
    for part in ("missions", "peaceops", "templates", "static", "locale"):
        for path in sorted((root / part).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def key_of(request):
    """Return what an answer depends on beside the content, as text; None if it must not be shared.

    Nothing else of a request may reach a page: no other cookie, no header of a proxy, no order of parameters. The host
    is checked when the answer is made, and what a wrong one gets is not kept.
    """
    meta, query = request.META, request.META.get("QUERY_STRING", "")
    if request.method not in ("GET", "HEAD") or request.path.startswith(NEVER) or len(query) > LONGEST_QUERY:
        return None
    if OWN_COOKIES & request.COOKIES.keys() or not CONDITIONS.isdisjoint(meta):
        return None
    return "\n".join(
        (
            build(),
            request.scheme,
            meta.get("HTTP_HOST") or f"{meta['SERVER_NAME']}:{meta['SERVER_PORT']}",
            theme_of(request),
            "gzip" if GZIP.search(meta.get("HTTP_ACCEPT_ENCODING", "")) else "",
            "origin" if "HTTP_ORIGIN" in meta else "",
            meta.get("HTTP_ACCEPT", "")[:LONGEST_QUERY] if request.path.startswith(API) else "",
            request.path_info,
            "&".join(sorted(query.split("&"), key=lambda part: part.partition("=")[0])),
        )
    )


def is_lasting(request, response):
    """Tell whether an answer is the same for everyone who asks with the same key."""
    varies = {name.strip().lower() for name in response.get("Vary", "").split(",") if name.strip()}
    covered = KEY_COVERS | ({"accept"} if request.path.startswith(API) else set())
    return (
        response.status_code in LASTING
        and not response.streaming
        and not response.cookies
        and set(request.COOKIES) <= {THEME_COOKIE}
        and not NOT_SHARED.search(response.get("Cache-Control", ""))
        and varies <= covered
    )


class Memory:
    """The answers of one process, within so many bytes; those asked for longest ago give way."""

    def __init__(self, size):
        self.size, self.lock = size, Lock()
        self.kept = LRUCache(size, getsizeof=lambda kept: len(kept.content) + OVERHEAD)

    def get(self, key):
        with self.lock:
            return self.kept.get(key)

    def put(self, key, kept):
        if len(kept.content) + OVERHEAD <= self.size / PART:
            with self.lock:
                self.kept[key] = kept


class Shared:
    """The answers of all processes and hosts, in Redis. If that fails, each process keeps its own."""

    SECONDS = 7 * 24 * 60 * 60
    MAKING = 30  # seconds after which whoever makes a page is given up
    PAUSE = 0.05

    def __init__(self):
        self.cache = caches["default"]

    def forgiving(self, ask, *values):
        """Return what the cache says, or None if it fails."""
        try:
            return ask(*values)
        except Exception as error:  # a client library raises what it likes; the page must come all the same
            log.warning("The shared cache did not answer: %s", type(error).__name__)

    def name(self, what, key):
        digest = hashlib.sha256(key.encode(errors="backslashreplace")).hexdigest()
        return f"{what}-{digest}"

    def get(self, key):
        return self.forgiving(self.cache.get, self.name("page", key))

    def put(self, key, kept):
        self.forgiving(self.cache.set, self.name("page", key), kept, self.SECONDS)

    def claim(self, key):
        """Tell whether no other process makes this page; a cache that fails knows of none."""
        return self.forgiving(self.cache.add, self.name("making", key), 1, self.MAKING) is not False

    def release(self, key):
        self.forgiving(self.cache.delete, self.name("making", key))

    def wait(self, key, version):
        """Return the answer that another process makes, or None if it does not come."""
        for _ in range(int(self.MAKING / self.PAUSE)):
            kept = self.get(key)
            if kept and kept.version == version:
                return kept
            if self.claim(key):  # given up there, or not one to be kept
                return None
            time.sleep(self.PAUSE)
        return None


class Pages:
    """What is kept: in the memory of the process and, where there is one, in the cache that all share."""

    def __init__(self, size, shared=None):
        self.memory, self.shared = Memory(size), shared
        self.lock, self.being_made = Lock(), {}

    def get(self, key, version=None):
        """Return the answer made of this version, else an older one, else None."""
        kept = self.memory.get(key)
        if self.shared and (kept is None or kept.version != version) and (found := self.shared.get(key)):
            self.memory.put(key, found)
            return found
        return kept

    def put(self, key, kept):
        self.memory.put(key, kept)
        if self.shared:
            self.shared.put(key, kept)

    @contextmanager
    def making(self, key, wait):
        """Give whether the page is ours to make: without `wait` at once, else when whoever makes it is done."""
        with self.lock:
            turn, users = self.being_made.get(key, (Lock(), 0))
            self.being_made[key] = turn, users + 1
        is_mine = turn.acquire(blocking=wait)
        try:
            yield is_mine
        finally:
            if is_mine:
                turn.release()
            with self.lock:
                turn, users = self.being_made.pop(key)
                if users > 1:
                    self.being_made[key] = turn, users - 1

    @contextmanager
    def making_for_all(self, key, version, wait):
        """Give whether the page is ours to make among all processes; with `wait` after another's turn."""
        is_mine = self.shared is None or self.shared.claim(key)
        if not is_mine and wait:
            is_mine = self.shared.wait(key, version) is None
        try:
            yield is_mine
        finally:
            if is_mine and self.shared:
                self.shared.release(key)


class PageCache:
    """Answer from what is kept, keep what is made, and say to every client how long it may believe an answer."""

    def __init__(self, get_response):
        self.get_response = get_response
        size = settings.PAGE_CACHE_MB * 1024 * 1024
        self.pages = Pages(size, Shared() if settings.REDIS_URL else None) if size else None

    def __call__(self, request):
        key = key_of(request) if self.pages else None
        if key is None:
            return conditional(request, stated(request, self.get_response(request)))
        try:
            version = versions.current()
        except Error:
            if kept := self.pages.get(key):
                return served(request, kept)
            raise
        kept = self.pages.get(key, version)
        if kept and kept.version == version:
            return served(request, kept)
        return self.in_turn(request, key, version, kept)

    def in_turn(self, request, key, version, older):
        """Make the answer once however many ask; the others get the older one, or wait if there is none."""
        wait = older is None
        with self.pages.making(key, wait) as is_mine:
            if not is_mine:
                return served(request, older)
            with self.pages.making_for_all(key, version, wait) as is_mine:
                kept = self.pages.get(key, version) or older
                if kept and (not is_mine or kept.version == version):  # made by another while this one waited
                    return served(request, kept)
                return self.made(request, key, version)

    def made(self, request, key, version):
        """Make the answer, whole whatever the client holds already, and keep it if it is the same for everyone."""
        held = request.META.pop("HTTP_IF_NONE_MATCH", None)
        response = stated(request, self.get_response(request), version and f"{version}\n{key}")
        if held is not None:
            request.META["HTTP_IF_NONE_MATCH"] = held
        if version and request.method == "GET" and is_lasting(request, response):
            self.pages.put(key, Kept(version, response.status_code, dict(response.items()), response.content))
        return conditional(request, response)


def stated(request, response, version=""):
    """Say how long an answer may be believed; what is written while it is sent gets the tag of its version."""
    if "Cache-Control" not in response:
        is_own = response.cookies or settings.SESSION_COOKIE_NAME in request.COOKIES
        believed = "private, no-cache" if is_own else "public, no-cache"
        response["Cache-Control"] = believed if response.status_code in (*LASTING, 302) else "no-store"
    if response.streaming and version and response.status_code == 200 and "ETag" not in response:
        response["ETag"] = f"W/{tag_of(version.encode())}"
    return response


def tag_of(content):
    return quote_etag(hashlib.sha256(content).hexdigest()[:32])


def served(request, kept):
    tag = kept.headers.get("ETag")
    if tag and request.META.get("HTTP_IF_NONE_MATCH") == tag:  # what browsers send: no list to read
        return unchanged(kept.headers)
    return conditional(request, HttpResponse(kept.content, status=kept.status, headers=kept.headers))


def unchanged(headers):
    """Return the answer to who holds it already."""
    return HttpResponseNotModified(headers={name: value for name, value in headers.items() if name.lower() in OF_A_TAG})


def conditional(request, response):
    """Return the answer, or that the client holds it already, or not the one that it names."""
    if "ETag" not in response:
        return response
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    if answer is not response and response.streaming:
        response.close()
    if answer.status_code == 412:
        return in_json(request, answer, "The answer has another tag than If-Match names.")
    return unchanged(response.headers) if answer.status_code == 304 else answer


class Tag:
    """Tag every whole answer by its content, before that is compressed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        is_whole = response.status_code == 200 and not response.streaming and request.method in ("GET", "HEAD")
        if is_whole and "ETag" not in response and "no-store" not in response.get("Cache-Control", ""):
            response["ETag"] = tag_of(response.content)
        return response
