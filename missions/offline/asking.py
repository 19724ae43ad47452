"""One address asked of the site itself, without a server: the views answer as they answer a reader."""

from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404
from django.urls import resolve
from django.utils import timezone

from ..middleware import THEMES


@dataclass(frozen=True)
class Answer:
    """What an address answers: its content type without parameters, and its bytes."""

    kind: str
    content: bytes

    @property
    def is_page(self):
        return self.kind == "text/html"

    @property
    def text(self):
        return self.content.decode()


@contextmanager
def clock_at(moment):
    """Let everything in this process think that it is `moment`, so that what depends on the day repeats itself."""
    now = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = now


def request_for(address, subject):
    """Return the request of a reader of `subject`, a `Subject`, for an address such as `/missions/?view=map`."""
    site, asked = urlsplit(subject.address), urlsplit(address)
    environ = {
        "wsgi.url_scheme": site.scheme,
        "HTTP_HOST": site.netloc,
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(site.port or (443 if site.scheme == "https" else 80)),
        "PATH_INFO": asked.path.encode().decode("latin-1"),
        "QUERY_STRING": asked.query,
        "wsgi.input": BytesIO(),
    }
    setup_testing_defaults(environ)
    request = WSGIRequest(environ)
    request.theme, request.edition = THEMES[0], subject
    request.resolver_match = resolve(asked.path)
    return request


def ask(address, subject):
    """Return the `Answer` at an address. Raises `LookupError` if it is not 200, which no public address may be."""
    request = request_for(address, subject)
    view, args, kwargs = request.resolver_match
    try:
        response = view(request, *args, **kwargs)
    except Http404 as error:
        raise LookupError(f"{address} answers 404: {error}") from error
    if hasattr(response, "render"):
        response.render()
    if response.status_code != 200:
        raise LookupError(f"{address} answers {response.status_code}.")
    content = b"".join(response)
    if file := getattr(response, "file_to_stream", None):
        file.close()  # and not the answer, which would tell the database that a request is over
    return Answer(response["Content-Type"].partition(";")[0], content)
