"""Hostile requests, drawn by a seed: what is odd in an address, a query, a header, a body; and how they are sent."""

import io
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlencode

from django.core.signals import got_request_exception, request_finished, request_started
from django.db import close_old_connections, transaction

from missions.models import LISTED
from peaceops.wsgi import application

from .everywhere import CONVERTER, filled


def b(*texts):
    return [t if isinstance(t, bytes) else t.encode("utf-8", "surrogatepass") for t in texts]


MARKUP = b("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)", "{{7*7}}", "${7*7}",
           "{0.__class__}", "%s%n", "%(x)s", "[@", "[@x, para. 1; @", "]]>", "=1+1", "\x1b[31m", "\r\nSet-Cookie: a=b",
           "a\nb", "\t", "\u2028")  # fmt: skip
SYNTAX = b("'", '"', '"unclosed', "a:b", "title:x", "NEAR(a b, 2)", "NEAR(", "a AND", "OR NOT *", "^a", "-", "--", "a*",
           "(", ")", "{}", "[a", "\\", "%", "_", "' OR 1=1 --", "1; SELECT pg_sleep(9)", "a & | ! <-> b", ":*", "🙂",
           "a" * 80 + "!", ".*(a+)+$", "@", "?", "~", "$1")  # fmt: skip
NUMBERS = b("0", "-1", "1.5", "1e309", "NaN", "-inf", "9" * 9, "9" * 20, "9" * 5000, "2147483648", "-2147483649",
            "9223372036854775808", "１２", "١٢", "²", "Ⅷ", "0x10", "1_000", " 1", "+1", "1,000", "00000000001",
            "1e3")  # fmt: skip
DAYS = b("0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2023-02-30", "1990-13-01", "1990-1-1", "-4712-01-01",
         "１９９０-01-01", "1990", "1899", "2101", "1990-01-01T00:00:00", "9999-12-31T23:59:59-23:59", "00:00",
         "today")  # fmt: skip
TEXTS = b("", " ", "\0", "a\0b", "x" * 5000, "é" * 2500, "a " * 2500, '"a" ' * 1200, "e" + "\u0301" * 2000,
          "\ufeff", "\u202e", "\u0130", "ﷺ" * 300, "😀" * 1000, "\ud800", b"\xff\xfe", b"\xc0\xae", b"\xf4\x90\x80\x80",
          b"\xe2\x82", "None", "null", "true", "undefined", "()", "[]", "__class__", "self")  # fmt: skip
NAMES = b("pk", "id", "-title,title", "title,,", ",", "password", "mission__slug", "organization__name__regex",
          "?", "random", "-", "--title", "csv", "xlsx", "zip", "json", "sha256", "svg", "api", "table", "map",
          "timeline", "cards", "missions", "figures", "sources", "fields", "1", "published", "draft")  # fmt: skip
PATHS = b("../../../etc/passwd", "..\\..\\x", "/etc/passwd", "//evil.example/", "https://evil.example/", "a/b", ".",
          "..", "%2e%2e%2f", "a%00b", "C:\\x", "file:///x", "_", "-", "add", "import", "5F", "_5F", "_ZZ",
          "a_2Fb")  # fmt: skip
VALUES = [*MARKUP, *SYNTAX, *NUMBERS, *DAYS, *TEXTS, *NAMES, *PATHS]
ENCODED = b("%", "%zz", "%2", "%u0041", "%ud800", "%c0%ae%c0%ae%2f", "%252e%252e%252f", "%00", "%0d%0a", "+", "%ff",
            "%ed%a0%80", "%F0%9F%99%82", "%26%3d", "%EF%BC%91")  # fmt: skip
QUERIES = [*ENCODED, *b("&", "&&&=&", "=", "==", ";", "?", "a=b=c", "a[]=1&a[b]=2",
"&".join(f"p{n}=1" for n in range(300)),
           "&".join(f"p{n}=1" for n in range(11_000)), "q", "q=%", "page", "page=1&page=x", "q=a&q=b",
           "format=csv&format=json")]  # fmt: skip

PLAIN = ("q", "page", "ordering", "format", "table", "view", "group", "facets", "within", "at", "fields", "page_size",
         "kind", "entry", "mission", "part", "v", "fact", "sent", "theme", "next", "rows", "only", "from", "to",
         "compare", "utm_source")  # fmt: skip
FILTERS = sorted({name for model in LISTED for name in getattr(model, "filter_fields", {})}
                 | {"active_in", "started_after", "started_before", "ongoing"})  # fmt: skip
PARAMETERS = [*PLAIN, *FILTERS]

HOSTS = ("evil.example", "", "localhost:99999", "localhost:abc", "[::1", "[::1]:x", "a@localhost", "é", "x" * 5000, " ",
         "localhost,evil", ".localhost", "localhost.", "127.1", "\xff")  # fmt: skip
ORIGINS = (
    "null",
    "https://evil.example",
    "http://[",
    "https://[::1",
    "x" * 5000,
    "\xff",
    "http://localhost:99999",
    "://",
)
TAGS = ("*", '"', "W/", 'W/"', '"a",' * 2000, "\xff", '"\\"', "", '"a" "b"')
MOMENTS = ("Sun, 06 Nov 99999999 08:49:37 GMT", "Thu, 99 Foo 1994 99:99:99 GMT", "Sun, 06 Nov 1994 08:49:37 GMT", "0",
           "Mon, 00 Jan 0000 00:00:00 GMT", "\xff", "Sunday, 06-Nov-94 08:49:37 GMT")  # fmt: skip
HEADERS = {
    "HTTP_HOST": HOSTS,
    "HTTP_X_FORWARDED_HOST": HOSTS,
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4, \xff", "::1%eth0", ",", "1.2.3.4," * 500, "' OR 1=1 --", "999.1.1.1", "\0"),
    "HTTP_X_FORWARDED_PROTO": ("https", "https,http", "gopher", "\xff", ""),
    "HTTP_X_FORWARDED_PORT": ("99999", "x", "-1"),
    "HTTP_FORWARDED": ("for=_x;host=evil.example;proto=https", "=;=;="),
    "HTTP_X_ORIGINAL_URL": ("/admin/",),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE", "\xff"),
    "HTTP_ORIGIN": ORIGINS,
    "HTTP_REFERER": ORIGINS,
    "HTTP_ACCESS_CONTROL_REQUEST_METHOD": ("DELETE", "\xff", ""),
    "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": ("x" * 5000, "\xff"),
    "HTTP_IF_NONE_MATCH": TAGS,
    "HTTP_IF_MATCH": TAGS,
    "HTTP_IF_MODIFIED_SINCE": MOMENTS,
    "HTTP_IF_UNMODIFIED_SINCE": MOMENTS,
    "HTTP_IF_RANGE": (*TAGS, *MOMENTS),
    "HTTP_RANGE": ("bytes=0-", "bytes=-1,9-,5", "bytes=9999999999999999-", "bytes=", "x=1", "bytes=5-1", "0-" * 3000),
    "HTTP_ACCEPT": ("*/*;q=x", "application/json; indent=99999999", "application/json;version=\xff", "x" * 5000, ";",
                    ",",
                    "text/html;q=0", "a/b/c", "*", "application/json;" * 500),
    "HTTP_ACCEPT_ENCODING": ("gzip;q=0, *;q=x", "br", "gzip," * 2000, "\xff", "identity;q=0"),
    "HTTP_ACCEPT_LANGUAGE": ("xx-" * 2000, "a;q=9", "\xff", "en;q=" + "9" * 500, "*"),
    "HTTP_COOKIE": ("theme=;;;", 'theme="\\777"', "sessionid=\xff", "csrftoken=" + "x" * 5000, "a" * 8000, "=;=;=",
                    "sessionid='; DROP TABLE x", "messages=x; sessionid=" + "z" * 200, "theme=\0", "sessionid=a\0b"),
    "HTTP_USER_AGENT": ("Mozilla/5.0 \xff", "Mozilla/" + "x" * 5000, "", "Mozilla/5.0 \0"),
    "HTTP_AUTHORIZATION": ("Basic \xff", "Bearer x", "Token", "x" * 5000),
    "HTTP_CACHE_CONTROL": ("no-cache", "max-age=-1", "\xff"),
    "HTTP_X_REQUEST_ID": ("x" * 5000, "\r\n{}", "\xff"),
    "HTTP_X_REQUESTED_WITH": ("XMLHttpRequest",),
    "HTTP_PURPOSE": ("prefetch",),
    "HTTP_UPGRADE": ("websocket", "h2c"),
    "HTTP_EXPECT": ("100-continue",),
    "HTTP_TRANSFER_ENCODING": ("chunked", "identity, chunked"),
    "REMOTE_ADDR": ("", "::1", "\xff", "@"),
    "CONTENT_LENGTH": ("x", "99999999", ""),
    "wsgi.url_scheme": ("https",),
}  # fmt: skip
METHODS = ("HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get", "FOO", "G\xffT",
           "X" * 500, "")  # fmt: skip
BOUNDARY = "b"
TYPES = ("application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=hex", "application/json",
         "application/json; charset=utf-7", f"multipart/form-data; boundary={BOUNDARY}", "multipart/form-data",
         "multipart/form-data; boundary=" + "x" * 300, "multipart/form-data; boundary=\xff", "text/xml", "\xff", "",
         "/", ";")  # fmt: skip
BODIES = [*b("a=1", "\0", "%00=%00", "a=%", "{", "[" * 20_000, '{"a": NaN}', '{"a":' * 5000, '"\\ud800"', "null",
             "1" * 5000),
          b"\xff\xfe" * 500, b"&".join(b"a%d=1" % n for n in range(11_000)),
          b"--b\r\n", b"--b--", b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n",
          b"--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../../x\0.csv\"\r\n\r\n\0\r\n--b--\r\n",
          b"--b\r\nContent-Disposition: form-data; name*=hex''zz; filename*=utf-8''%00\r\n\r\nx\r\n--b--\r\n",
          b"--b\r\nContent-Disposition: form-data; name=\r\nContent-Transfer-Encoding: base64\r\n\r\n===x\r\n--b--\r\n",
          b"--b\r\nContent-Disposition: form-data; name=a\r\nContent-Type: a/b; charset=hex\r\n\r\nx\r\n--b--\r\n",
          b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"]  # fmt: skip


@dataclass
class Request:
    """One request as a server hands it on; `path` and `query` are still encoded."""

    path: bytes
    query: bytes = b""
    method: str = "GET"
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    type: str = ""

    def environ(self):
        return {
            "REQUEST_METHOD": self.method, "PATH_INFO": unquote_to_bytes(self.path).decode("latin-1"),
            "SCRIPT_NAME": "",
            "QUERY_STRING": self.query.decode("latin-1"), "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_LENGTH": str(len(self.body)), "CONTENT_TYPE": self.type, "wsgi.input": io.BytesIO(self.body),
            "wsgi.errors": io.StringIO(), "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False,
            "wsgi.multiprocess": False, "wsgi.run_once": False,
        } | self.headers  # fmt: skip

    def __str__(self):
        parts = [self.method, self.path[:200], self.query[:300], {k: v[:200] for k, v in self.headers.items()}]
        return " ".join(map(str, [*parts, self.type, self.body[:600]]))


@dataclass
class Outcome:
    status: int
    seconds: float
    fault: object
    content: bytes = b""


@contextmanager
def one_connection():
    """Keep the connection of the test, and what its transaction holds, from request to request."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@contextmanager
def faults():
    """Give the list of what views raise and Django answers with status 500."""
    found = []

    def note(sender, **told):
        found.append(sys.exc_info()[1])

    got_request_exception.connect(note)
    try:
        yield found
    finally:
        got_request_exception.disconnect(note)


def send(request):
    """Send a request and read its answer whole; what it writes is rolled back."""
    statuses, content, begun = [], b"", time.perf_counter()
    with one_connection(), faults() as found:
        try:
            with transaction.atomic():
                answer = application(request.environ(), lambda status, *_: statuses.append(int(status[:3])))
                content = b"".join(answer)
                answer.close()
                transaction.set_rollback(True)
        except Exception as fault:  # this is what is looked for
            statuses[:], found[:] = [599], [fault]
    return Outcome(statuses[0], time.perf_counter() - begun, found[0] if found else None, content)


def encoded(value):
    return quote_from_bytes(value, safe="")


class Attacker:
    """Draws requests for one route after the other."""

    def __init__(self, random, known, headers=None):
        self.random, self.known, self.headers = random, known, headers or {}

    def value(self):
        return self.random.choice(VALUES)

    def part(self, real):
        """Return something in place of a real part of a path: odd by its letters or by how they are encoded."""
        odd = [
            encoded(self.value()[:300]).encode(),
            self.random.choice(ENCODED),
            real + encoded(self.value()[:50]).encode(),
        ]
        return self.random.choice(odd)

    def path(self, route, pattern, hostile=False):
        names = [name for _, name in CONVERTER.findall(route)]
        chosen = self.random.choice(names) if hostile and names else None

        def of(name):
            real = self.known(pattern, name)
            return self.part(real) if name == chosen else real

        path = filled(route, of)
        return path + self.part(b"") if hostile and not names else path

    def query(self, names=PARAMETERS):
        """Return a query of one to three known parameters, seldom of unknown ones."""
        if self.random.random() < 0.1:
            return self.random.choice(QUERIES)
        pairs = []
        for _ in range(self.random.choice((1, 1, 2, 3))):
            name = self.random.choice(names) if self.random.random() < 0.95 else self.value()[:300]
            pairs += [(name, self.value())] * self.random.choice((1, 1, 1, 2))
        return urlencode(pairs).encode()

    def odd_headers(self):
        chosen = self.random.sample(sorted(HEADERS), self.random.choice((1, 1, 2)))
        return self.headers | {name: self.random.choice(HEADERS[name]) for name in chosen}

    def requests(self, route, pattern, names=PARAMETERS, queries=16, parts=6, heads=6, bodies=4):
        """Yield hostile requests to one route."""
        real = self.path(route, pattern)
        for _ in range(queries):
            yield Request(real, self.query(names), headers=self.headers)
        for _ in range(parts):
            yield Request(self.path(route, pattern, hostile=True), headers=self.headers)
        for _ in range(heads):
            yield Request(real, headers=self.odd_headers())
        for _ in range(bodies):
            random = self.random
            method, body, type_ = random.choice(METHODS), random.choice(BODIES), random.choice(TYPES)
            yield Request(real, self.query(names), method, self.headers, body, type_)


# The editors' side

LISTED_BY = ("q", "p", "o", "e", "all", "_popup", "_to_field", "_changelist_filters", "_facets", "_isnull", "page",
             "only",
             "rows", "row", "old", "new", "next", "format", "kind", "term", "app_label", "model_name", "field_name",
             "stage__exact", "mission__id__exact", "mission__slug", "updated_at__year", "updated_at__month",
             "updated_at__day",
             "updated_at__gte", "date__year", "as_of__gte", "id__in", "pk", "title__regex", "slug__startswith",
             "stage__in",
             "mission__organization__slug__regex", "user__password__startswith", "groups__id__exact",
             "is_active__exact",
             "source__isnull", "mission", "mission__facts", "x__y__z")  # fmt: skip
POSTED = ("action", "_selected_action", "select_across", "index", "post", "_save", "_continue", "_addanother",
          "_saveasnew",
          "_popup", "_to_field", "step", "seen", "take", "token", "cancel", "restore", "version", "row", "link",
          "change",
          "text", "title", "q", "kind", "permanent_id", "note", "reason", "change_note", "username", "password", "next",
          "code", "recovery", "replace", "old_password", "new_password1", "new_password2", "password1",
          "usable_password",
          "publish_at", "days", "lock_seen", "lock_over", "opened", "withdrawal_note", "withdrawal_kind", "merged_into",
          "form-TOTAL_FORMS", "form-INITIAL_FORMS", "form-0-id", "file", "replacement", "source", "answer",
          "status")  # fmt: skip
STEPS = b("submit", "approve", "send_back", "publish", "schedule", "withdraw", "restore", "discard", "link", "revoke",
          "delete_selected", "on", "1", "yes")  # fmt: skip
COUNTS = b("-1", "", "x", "1001", "99999999999", "1.5", "0", "3")
FORM = "application/x-www-form-urlencoded"


def as_form(values):
    return urlencode(values, doseq=True).encode()


def as_upload(values, name, content):
    """Return a form with a file as a body of `multipart/form-data`; the name of the file goes as it is."""
    parts = [b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (k.encode(), v) for k, v in values.items()]
    head = b'Content-Disposition: form-data; name="file"; filename="%s"\r\nContent-Type: text/csv\r\n\r\n' % name
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in [*parts, head + content]) + b"--b--\r\n"


class Insider(Attacker):
    """Draws requests of someone who is logged in, with a sound token against forgery."""

    def __init__(self, random, known, session):
        token = "a" * 32
        cookie = f"sessionid={session}; csrftoken={token}"
        super().__init__(random, known, {"HTTP_COOKIE": cookie, "HTTP_X_CSRFTOKEN": token})

    def posts(self, path, number=3):
        """Yield forms of fields that some page of the admin knows."""
        for _ in range(number):
            names = self.random.sample(POSTED, 4)
            values = {n: self.random.choice((self.value(), self.random.choice(STEPS))) for n in names}
            yield Request(path, b"", "POST", self.headers, as_form(values), FORM)

    def spoilt(self, path, values, number=10):
        """Yield a form as it is sent back, with some of its values spoilt."""
        names = sorted(values)
        for _ in range(number):
            odd = dict(values)
            for name in self.random.sample(names, min(len(names), self.random.choice((1, 2, 5)))):
                odd[name] = self.random.choice(COUNTS) if name.endswith("_FORMS") else self.value()
                if self.random.random() < 0.1:
                    del odd[name]
            yield Request(path, b"", "POST", self.headers, as_form(odd), FORM)

    def uploads(self, path, csv, xlsx, number=12):
        """Yield tables with some cells or bytes spoilt."""
        for _ in range(number):
            content = self.spoilt_csv(csv) if self.random.random() < 0.6 else self.spoilt_bytes(xlsx)
            name = self.random.choice(
                (b"table.csv", b"../../x.xlsx", b"x\0.csv", b"\xff", b"", b"a" * 3000, b"\xe2\x80\xae")
            )
            body = as_upload({"reason": self.random.choice((b"Why", self.value()))}, name, content)
            yield Request(path, b"", "POST", self.headers, body, f"multipart/form-data; boundary={BOUNDARY}")

    def spoilt_csv(self, content):
        lines = [line.split(b",") for line in content.split(b"\r\n") if line]
        for _ in range(self.random.choice((1, 3, 20))):
            cells = self.random.choice(lines)
            value = self.value()
            if self.random.random() < 0.7:
                value = b'"' + value.replace(b'"', b'""') + b'"'
            cells[self.random.randrange(len(cells))] = value
        if self.random.random() < 0.1:
            lines[0] = lines[0] * self.random.choice((2, 30))
        return b"\r\n".join(b",".join(cells) for cells in lines)

    def spoilt_bytes(self, content):
        odd = bytearray(content)
        for _ in range(self.random.choice((1, 5, 50))):
            odd[self.random.randrange(len(odd))] = self.random.randrange(256)
        return bytes(odd[: self.random.choice((len(odd), len(odd), len(odd) // 2, 30))])
