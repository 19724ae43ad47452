"""One address asked politely: one request at a time, a pause for each host, as little data as can be."""

import http.client
import re
import socket
import ssl
import time
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from threading import Timer
from urllib.parse import quote, urljoin, urlsplit

from .guard import RefusedError, UnknownHostError, is_public, lookup

USER_AGENT = "PeaceOperationsKnowledgeBase-LinkCheck/1.0"
PAUSE = 1.0  # seconds between two requests to one host
TIMEOUT = 15  # seconds for one step of a request
DEADLINE = 30  # seconds for all of it, however slowly an answer drips
LONGEST_WAIT = 120  # seconds; a host that asks for more is left alone for this run
USUAL_WAIT = 60  # seconds, where a host has had too much and does not say for how long
MOST_REDIRECTS = 5
MOST_BYTES = 1024
MOST_ADDRESSES = 3  # of one host, tried one after the other
PORTS = {"http": 80, "https": 443}
THERE, GONE = (*range(200, 300), 416), (404, 410)  # 416: it is there, but shorter than what was asked for
SAFE = "/%:@!$&'()*+,;=~"
HOST = re.compile(r"[a-z0-9._:-]+", re.A | re.I)


@dataclass(frozen=True)
class Answer:
    """What came of asking: `meaning` is there, gone, doubtful or refused. `status` is None where no one answered."""

    meaning: str
    words: str
    status: int | None = None


@dataclass(frozen=True)
class Target:
    """An address taken apart, fit to be asked."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True)
class Reply:
    status: int
    location: str
    wait: int | None  # seconds for which the host asks to be left alone


def target(url):
    """Take an address apart. Raises `RefusedError` if it is not one of the web."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError as error:
        raise RefusedError("This is not an address.") from error
    if parts.scheme not in PORTS or not HOST.fullmatch(host) or "@" in parts.netloc:
        raise RefusedError("This is not an http or https address without a user name.")
    query = f"?{quote(parts.query, safe=SAFE + '?')}" if parts.query else ""
    return Target(parts.scheme, host, port or PORTS[parts.scheme], quote(parts.path or "/", safe=SAFE) + query)


class Connection(http.client.HTTPConnection):
    """Speaks with a host by IP addresses that were looked at before, and stops at a deadline."""

    def __init__(self, aim, addresses):
        super().__init__(aim.host, aim.port, timeout=TIMEOUT)
        self.default_port, self.addresses, self.is_cut = PORTS[aim.scheme], addresses, False
        self.tls = ssl.create_default_context() if aim.scheme == "https" else None

    def connect(self):
        self.sock = self.reach()
        if self.tls:
            # The handshake comes after, so that a deadline can cut it too.
            self.sock = self.tls.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()
        if self.is_cut:
            raise TimeoutError

    def reach(self):
        *others, last = self.addresses[:MOST_ADDRESSES]
        for address in others:
            with suppress(OSError):
                return socket.create_connection((str(address), self.port), TIMEOUT)
        return socket.create_connection((str(last), self.port), TIMEOUT)

    def cut(self):
        """End what is going on, from another thread."""
        self.is_cut = True
        with suppress(OSError, TypeError):  # it may be over, or not yet begun
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


class Visitor:
    """Asks addresses one after the other.

    `allowed` judges an IP address. It is a parameter for the tests, which have a server of their own; there is no
    setting for it, so that none can be left on.
    """

    def __init__(self, allowed=is_public, pause=PAUSE, sleep=time.sleep):
        self.allowed, self.pause, self.sleep = allowed, pause, sleep
        self.ready_at = defaultdict(float)
        self.left_alone = set()

    def visit(self, url):
        """Return the answer, or None if the host has asked to be left alone."""
        try:
            return self.follow(url)
        except RefusedError as reason:
            return Answer("refused", str(reason))
        except UnknownHostError:
            return Answer("gone", "There is no such host.")
        except TimeoutError:
            return Answer("doubtful", f"No answer within {TIMEOUT} seconds.")
        except ssl.SSLError as error:
            return Answer("doubtful", f"No secure connection: {error.reason or error}.")
        except (OSError, http.client.HTTPException) as error:
            return Answer("doubtful", f"No proper answer: {error or type(error).__name__}.")

    def follow(self, url):
        start = url
        for _ in range(MOST_REDIRECTS + 1):
            aim = target(url)
            if aim.host in self.left_alone:
                return None
            reply = self.ask(aim)
            if not reply.location:
                return judged(reply, "" if url == start else url)
            url = led_on(url, reply.location)
        return Answer("doubtful", f"More than {MOST_REDIRECTS} redirects.", reply.status)

    def ask(self, aim):
        """Ask for the head alone; many hosts refuse that, so what they refuse is asked for by its first bytes."""
        reply = self.patiently("HEAD", aim)
        if reply.status >= 400 and aim.host not in self.left_alone:
            reply = self.patiently("GET", aim)
        return reply

    def patiently(self, method, aim):
        """Send a request, and once more after the time for which the host asks. Who asks twice is left alone."""
        reply = self.send(method, aim)
        if reply.wait is None:
            return reply
        if reply.wait <= LONGEST_WAIT:
            self.ready_at[aim.host] = time.monotonic() + reply.wait
            reply = self.send(method, aim)
        if reply.wait is not None:
            self.left_alone.add(aim.host)
        return reply

    def send(self, method, aim):
        addresses = lookup(aim.host, aim.port, self.allowed)
        self.wait_for(aim.host)
        connection = Connection(aim, addresses)
        timer = Timer(DEADLINE, connection.cut)
        timer.daemon = True
        timer.start()
        try:
            few = {"Range": f"bytes=0-{MOST_BYTES - 1}"} if method == "GET" else {}
            connection.request(method, aim.path, headers={"User-Agent": USER_AGENT, "Accept": "*/*", **few})
            with connection.getresponse() as response:
                response.read(MOST_BYTES)
                return reply_of(response)
        finally:
            timer.cancel()
            connection.close()
            self.ready_at[aim.host] = time.monotonic() + self.pause

    def wait_for(self, host):
        if (seconds := self.ready_at[host] - time.monotonic()) > 0:
            self.sleep(seconds)


def led_on(url, location):
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise RefusedError("It leads on to what is not an address.") from error


def reply_of(response):
    status, wait = response.status, None
    if status in (429, 503):
        told = retry_after(response.getheader("Retry-After", ""))
        wait = USUAL_WAIT if told is None and status == 429 else told
    location = response.getheader("Location", "") if status in (301, 302, 303, 307, 308) else ""
    # Headers are read as Latin-1, and addresses are written in UTF-8.
    return Reply(status, location.encode("latin-1", "replace").decode("utf-8", "replace"), wait)


def retry_after(value):
    """Return the seconds that a Retry-After header names, as a number or as a time; None if it names none."""
    if re.fullmatch(r"[0-9]{1,9}", value.strip()):
        return int(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, round((moment - datetime.now(UTC)).total_seconds()))


def judged(reply, led_to=""):
    meaning = "there" if reply.status in THERE else "gone" if reply.status in GONE else "doubtful"
    phrase = f" {HTTPStatus(reply.status).phrase}" if reply.status in set(HTTPStatus) else ""
    return Answer(meaning, f"{reply.status}{phrase}{f', at {led_to}' if led_to else ''}", reply.status)
