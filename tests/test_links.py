"""The link checker: what it must never ask, how politely it asks, and when it calls a link broken."""

import datetime
import ipaddress
import socket
import threading
import time
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from missions import links
from missions.links import Answer, Visitor, guard, record, visitor
from missions.models import LinkCheck

from .factories import make_organization, make_principle, make_source

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
THERE, GONE = Answer("there", "200 OK", 200), Answer("gone", "404 Not Found", 404)
DOUBT, SILENCE = Answer("doubtful", "403 Forbidden", 403), Answer("doubtful", "No answer within 15 seconds.")


class Handler(BaseHTTPRequestHandler):
    """Answers `/status/<n>` with that status, and a few addresses in ways of their own."""

    def do_HEAD(self):
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        answer = self.server.answers.get(self.path)
        if answer is None and self.path.startswith("/status/"):
            answer = int(self.path.removeprefix("/status/"))
        if callable(answer):
            return answer(self)
        status, headers = answer if isinstance(answer, tuple) else (answer or 200, {})
        self.reply(status, headers)

    do_GET = do_HEAD  # noqa: N815

    def reply(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


@pytest.fixture
def server():
    """A server of the test's own. `answers` maps path to status, (status, headers) or a function of the handler."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        server.handle_error = lambda *args: None  # the checker hangs up early, on purpose
        server.asked, server.answers = [], {}
        server.site = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server
        server.shutdown()


def anyone(address):
    return True


@pytest.fixture
def slept():
    return []


@pytest.fixture
def guest(slept):
    return Visitor(allowed=anyone, pause=0, sleep=slept.append)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("127.255.255.254", False), ("::1", False),
        ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False), ("169.254.169.254", False),
        ("100.64.0.1", False), ("0.0.0.0", False), ("::", False), ("224.0.0.1", False),  # noqa: S104
        ("239.255.255.250", False),
        ("240.0.0.1", False), ("255.255.255.255", False), ("192.0.2.1", False), ("198.18.0.1", False),
        ("fe80::1", False), ("fc00::1", False), ("fd12:3456::1", False), ("fec0::1", False),
        ("ff02::1", False), ("ff0e::1", False),
        ("2001:db8::1", False), ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False),
        ("64:ff9b::808:808", True), ("2002:7f00:1::", False), ("2001:0:7f00:1::", False), ("::127.0.0.1", False),
    ],
)  # fmt: skip
def test_only_machines_of_the_open_internet_are_asked(address, public):
    assert links.is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "017700000001", "[::1]", "[::ffff:127.0.0.1]", "0"]
)
def test_no_spelling_of_this_machine_is_asked(server, host):
    answer = Visitor(pause=0).visit(f"http://{host}:{server.server_port}/")
    assert (answer.meaning, server.asked) in (("refused", []), ("gone", []))
    assert Visitor().allowed is links.is_public


def resolver(monkeypatch, *found):
    """Let every name lead to these addresses, once; return the list of names that are asked for."""
    asked, real = [], socket.getaddrinfo

    def lookup(host, port, *args, **options):
        try:
            ipaddress.ip_address(host)
        except ValueError:
            asked.append(host)
            if len(asked) > 1:
                raise AssertionError("a name was looked up twice") from None
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]
        return real(host, port, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    return asked


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch):
    resolver(monkeypatch, "8.8.8.8", "10.0.0.1")
    answer = Visitor(pause=0).visit("https://un.example/")
    assert answer == Answer("refused", "The host has the address 10.0.0.1, which is not public: it was not asked.")


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch, server, guest):
    asked = resolver(monkeypatch, "127.0.0.1")
    port = server.server_port
    assert guest.visit(f"http://kb.example:{port}/status/200").meaning == "there"
    assert asked == ["kb.example"]
    assert [headers["Host"] for _, _, headers in server.asked] == [f"kb.example:{port}"]


def test_every_redirect_is_judged_anew(server, slept):
    server.answers["/"] = 302, {"Location": f"http://127.0.0.2:{server.server_port}/secret"}
    careful = Visitor(allowed=lambda a: str(a) == "127.0.0.1", pause=0, sleep=slept.append)
    assert careful.visit(f"{server.site}/").meaning == "refused"
    assert [path for _, path, _ in server.asked] == ["/"]


@pytest.mark.parametrize(
    "location", ["ftp://un.example/", "file:///etc/passwd", "gopher://127.0.0.1/", "http://a:b@c/"]
)
def test_a_redirect_out_of_the_web_is_not_followed(server, guest, location):
    server.answers["/"] = 301, {"Location": location}
    assert guest.visit(f"{server.site}/") == Answer(
        "refused", "This is not an http or https address without a user name."
    )
    server.answers["/"] = 301, {"Location": "http://[::1"}
    assert guest.visit(f"{server.site}/") == Answer("refused", "It leads on to what is not an address.")


@pytest.mark.parametrize(
    "url",
    ["ftp://un.example/a", "javascript:alert(1)", "mailto:a@b.example", "//un.example", "http://", "http:///path", "",
     "http://user:secret@un.example/", "http://un.example:99999/", "http://[::1", "http://a..b/", "http://\0/",
     f"http://{'a' * 70}.example/", "http://\u2100.example/", "http://😀\udcff/"],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_refused_without_a_look_up(monkeypatch, url):
    monkeypatch.setattr(socket, "getaddrinfo", None)
    assert Visitor(pause=0).visit(url).meaning == "refused"


def test_five_redirects_are_followed_and_no_more(server, guest):
    for n in range(9):
        server.answers[f"/{n}"] = 302, {"Location": f"/{n + 1}"}
    assert guest.visit(f"{server.site}/4") == Answer("there", f"200 OK, at {server.site}/9", 200)
    assert guest.visit(f"{server.site}/3") == Answer("doubtful", "More than 5 redirects.", 302)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [(200, "there"), (204, "there"), (416, "there"), (404, "gone"), (410, "gone"), (401, "doubtful"), (403, "doubtful"),
     (418, "doubtful"), (451, "doubtful"), (500, "doubtful"), (502, "doubtful"), (503, "doubtful"), (304, "doubtful"),
     (300, "doubtful"), (999, "doubtful")],
)  # fmt: skip
def test_what_a_status_means(server, guest, status, meaning):
    assert guest.visit(f"{server.site}/status/{status}").meaning == meaning


def test_the_head_is_asked_for_first_and_little_of_the_rest(server, guest):
    def only_get(handler):
        handler.reply(405 if handler.command == "HEAD" else 200, body=b"x" * 3_000_000)

    server.answers["/"] = only_get
    assert guest.visit(f"{server.site}/status/200").meaning == "there"
    assert guest.visit(f"{server.site}/").meaning == "there"
    assert [(method, headers.get("Range")) for method, _, headers in server.asked] == [
        ("HEAD", None), ("HEAD", None), ("GET", "bytes=0-1023")
    ]  # fmt: skip
    assert {headers["User-Agent"] for *_, headers in server.asked} == {"PeaceOperationsKnowledgeBase-LinkCheck/1.0"}


def test_addresses_are_sent_as_their_letters_demand(server, guest):
    server.answers["/to"] = 302, {"Location": "/é b".encode().decode("latin-1")}
    guest.visit(f"{server.site}/S/RES/186(1964)?a=b c&d=é%20#part")
    guest.visit(f"{server.site}/to")
    assert [path for _, path, _ in server.asked] == ["/S/RES/186(1964)?a=b%20c&d=%C3%A9%20", "/to", "/%C3%A9%20b"]


def test_a_host_rests_between_two_requests(server, slept):
    guest = Visitor(allowed=anyone, pause=5, sleep=slept.append)
    guest.visit(f"{server.site}/status/200")
    assert slept == []
    guest.visit(f"{server.site}/status/200")
    assert len(slept) == 1
    assert 4 < slept[0] <= 5


def test_who_asks_to_wait_is_asked_again_after_that(server, guest, slept):
    waits = iter([(429, {"Retry-After": "90"}), (200, {})])
    server.answers["/"] = lambda handler: handler.reply(*next(waits))
    assert guest.visit(f"{server.site}/").meaning == "there"
    assert len(slept) == 1
    assert 89 < slept[0] <= 90


@pytest.mark.parametrize("headers", [{"Retry-After": "100000"}, {"Retry-After": "60"}, {}])
def test_who_asks_for_long_or_twice_is_left_alone_for_the_run(server, guest, headers):
    server.answers["/"] = 429, headers
    assert guest.visit(f"{server.site}/") == Answer("doubtful", "429 Too Many Requests", 429)
    number = len(server.asked)
    assert number == (1 if headers.get("Retry-After") == "100000" else 2)
    assert guest.visit(f"{server.site}/status/200") is None
    assert len(server.asked) == number


def test_a_wait_can_be_a_time_and_nonsense_is_none():
    soon = format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=30), usegmt=True)
    assert 28 <= visitor.retry_after(soon) <= 30
    assert visitor.retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0
    assert [visitor.retry_after(v) for v in ("", "soon", "-5", "1e9", "٣", "9" * 30, "\x00")] == [None] * 7


def test_a_slow_answer_and_one_that_drips_are_given_up(server, guest, monkeypatch):
    def silent(handler):
        time.sleep(0.5)

    def dripping(handler):
        for _ in range(200):
            handler.wfile.write(b"H")
            time.sleep(0.02)

    server.answers |= {"/silent": silent, "/dripping": dripping}
    monkeypatch.setattr(visitor, "TIMEOUT", 0.1)
    assert guest.visit(f"{server.site}/silent") == Answer("doubtful", "No answer within 0.1 seconds.")
    monkeypatch.setattr(visitor, "DEADLINE", 0.2)
    started = time.monotonic()
    assert guest.visit(f"{server.site}/dripping").meaning == "doubtful"
    assert time.monotonic() - started < 1


def test_nonsense_in_place_of_an_answer_is_doubtful(server, guest):
    server.answers |= {
        "/garbage": lambda h: h.wfile.write(b"\xff\x00nonsense\r\n\r\n"),
        "/nothing": lambda h: None,
        "/long": lambda h: h.wfile.write(b"HTTP/1.1 200 OK\r\nA: " + b"a" * 100_000 + b"\r\n\r\n"),
    }
    assert [guest.visit(server.site + path).meaning for path in ("/garbage", "/nothing", "/long")] == ["doubtful"] * 3
    assert guest.visit(f"{server.site}/".replace("http:", "https:")).words.startswith("No secure connection: ")
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    assert guest.visit(f"http://127.0.0.1:{port}/").words.startswith("No proper answer: ")


@pytest.mark.parametrize(
    ("error", "meaning"),
    [(socket.EAI_NONAME, "gone"), (socket.EAI_NODATA, "gone"), (socket.EAI_AGAIN, "doubtful"),
     (socket.EAI_FAIL, "doubtful")],
)  # fmt: skip
def test_an_unknown_name_is_gone_but_a_look_up_that_fails_is_doubtful(monkeypatch, error, meaning):
    def fail(*args, **options):
        raise socket.gaierror(error, "no")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert Visitor(pause=0).visit("http://un.example/").meaning == meaning


def states(*checks):
    """Return the states after these answers, each at its time."""
    return [str(record("http://un.example/", answer, NOW + after)) for answer, after in checks]


def test_gone_is_believed_after_a_day_and_nothing_else_is():
    assert states((GONE, 0 * DAY), (GONE, HOUR), (GONE, 2 * HOUR), (GONE, DAY)) == ["unsure"] * 3 + ["broken"]
    check = LinkCheck.objects.get()
    assert (check.failures, check.failed_at, check.missing_at, check.checked_at) == (4, NOW, NOW, NOW + DAY)
    assert check.outcome == "404 Not Found"


def test_refusals_and_silence_prove_nothing_however_often():
    assert states(*((answer, n * DAY) for n, answer in enumerate([DOUBT, SILENCE] * 5))) == ["unsure"] * 10
    check = LinkCheck.objects.get()
    assert (check.failures, check.failed_at, check.missing_at) == (10, NOW, None)


def test_a_refusal_before_does_not_count_as_the_first_time():
    assert states((DOUBT, 0 * DAY), (GONE, 3 * DAY), (GONE, 4 * DAY)) == ["unsure", "unsure", "broken"]


def test_a_good_answer_clears_all_and_a_refusal_clears_nothing():
    assert states((GONE, 0 * DAY), (THERE, DAY), (GONE, 2 * DAY)) == ["unsure", "ok", "unsure"]
    assert states((DOUBT, 3 * DAY), (GONE, 4 * DAY), (DOUBT, 5 * DAY)) == ["unsure", "broken", "broken"]
    assert states((THERE, 6 * DAY)) == ["ok"]
    check = LinkCheck.objects.get()
    assert (check.failures, check.failed_at, check.missing_at) == (0, None, None)


def test_an_address_stands_wherever_the_content_leads_outside():
    report = make_source(title="Report", official_url="https://un.example/a(1)", doi="10.1000/x")
    un = make_organization("un")
    un.url = "https://un.example/"
    un.save()
    text = "See [this](https://a.example/b_(c)) and <http://d.example/>, [here](/missions/), `https://code.example/`."
    entry = make_principle(title="Consent", discussion=text, summary=f"[long](https://e.example/{'x' * 700})")
    make_principle(stage="draft", discussion="[x](https://draft.example/)")
    assert [(p.kind, p.key, p.field, p.label, p.url) for p in links.places()] == [
        ("organization", un.pk, "url", "UN", "https://un.example/"),
        ("principle", entry.pk, "discussion", "Consent", "http://d.example/"),
        ("principle", entry.pk, "discussion", "Consent", "https://a.example/b_(c)"),
        ("source", report.pk, "doi", "Report", "https://doi.org/10.1000/x"),
        ("source", report.pk, "official_url", "Report", "https://un.example/a(1)"),
    ]


def check_at(url, ago, answer=THERE):
    make_source(official_url=url)
    record(url, answer, timezone.now() - ago)


def test_due_are_the_new_ones_then_the_oldest_and_what_is_gone_from_the_content_is_forgotten():
    make_source(official_url="https://new.example/")
    check_at("https://old.example/", 40 * DAY)
    check_at("https://fresh.example/", 2 * DAY)
    check_at("https://failed.example/", 2 * DAY, GONE)
    check_at("https://just-failed.example/", HOUR, GONE)
    record("https://removed.example/", THERE)
    every = ["new", "old", "fresh", "failed", "just-failed"]
    assert sorted(links.due()) == sorted(f"https://{name}.example/" for name in every)
    assert links.due()[:2] == ["https://new.example/", "https://old.example/"]
    assert links.due(older_than=30) == [f"https://{name}.example/" for name in ("new", "old", "failed")]
    assert not LinkCheck.objects.filter(url="https://removed.example/").exists()


class Told:
    """A visitor that knows the answers beforehand."""

    def __init__(self, **answers):
        self.answers, self.asked = {f"https://{name}.example/": answer for name, answer in answers.items()}, []

    def visit(self, url):
        self.asked.append(url)
        return self.answers[url]


def addresses(*names):
    return [f"https://{name}.example/" for name in names]


def test_a_run_records_what_came_and_counts_it():
    told = Told(a=THERE, b=GONE, c=SILENCE, d=None)
    assert links.check_links(addresses("a", "b", "c", "d"), told) == {"ok": 1, "unsure": 2, "left alone": 1}
    assert list(LinkCheck.objects.values_list("url", "state")) == [
        ("https://a.example/", "ok"), ("https://b.example/", "unsure"), ("https://c.example/", "unsure")
    ]  # fmt: skip


def test_without_a_network_no_link_is_at_fault():
    silent = Answer("gone", "There is no such host.")
    with pytest.raises(links.OfflineError):
        links.check_links(addresses("a", "b"), Told(a=silent, b=SILENCE))
    record("https://known.example/", THERE, NOW)
    with pytest.raises(links.OfflineError):
        links.check_links(addresses("a", "b"), Told(a=silent, b=SILENCE, known=SILENCE))
    assert list(LinkCheck.objects.values_list("url", flat=True)) == ["https://known.example/"]
    assert links.check_links(addresses("a", "b"), Told(a=silent, b=SILENCE, known=THERE)) == {"unsure": 2}
    assert LinkCheck.objects.count() == 3


def test_what_is_silent_first_is_recorded_once_another_answers():
    assert links.check_links(addresses("a", "b"), Told(a=SILENCE, b=THERE)) == {"unsure": 1, "ok": 1}


def test_the_links_of_one_host_stand_apart():
    urls = [f"https://un.example/{n}" for n in range(3)] + ["https://a.example/", "https://b.example/"]
    assert links.records.interleaved(urls) == [
        "https://un.example/0", "https://a.example/", "https://b.example/", "https://un.example/1", "https://un.example/2"
    ]  # fmt: skip


def test_the_command_asks_records_and_reports(server, monkeypatch, capsys):
    monkeypatch.setattr(links, "Visitor", lambda: Visitor(allowed=anyone, pause=0))
    for status in (200, 404, 403):
        make_source(official_url=f"{server.site}/status/{status}")
    call_command("check_links")
    assert capsys.readouterr().out == "ok: 1, unsure: 2\n"
    call_command("check_links", "--older-than", "1")
    assert capsys.readouterr().out == "No link is due.\n"
    before = len(server.asked)
    call_command("check_links", "--limit", "1")
    assert len(server.asked) - before in (1, 2)


def test_the_command_never_asks_this_machine_and_fails_where_nothing_answers(server, monkeypatch, capsys):
    make_source(official_url=f"{server.site}/status/200")
    call_command("check_links")
    assert (capsys.readouterr().out, server.asked) == ("unsure: 1\n", [])
    assert LinkCheck.objects.get().outcome.startswith("The host has the address 127.0.0.1, which is not public")
    monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *a, **o: (_ for _ in ()).throw(socket.gaierror(-2, "no")))
    make_source(official_url="https://un.example/")
    with pytest.raises(CommandError, match="No address answered, so nothing was recorded"):
        call_command("check_links")
    for wrong in ("-1", "x", "1.5"):
        with pytest.raises(CommandError):
            call_command("check_links", "--limit", wrong)
