"""Public answers that are kept: who gets them, when they are made anew, and what can never be shared."""

import threading
import time

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory

from missions import pagecache, search, versions
from missions.models import Mission

from .factories import make_mission, make_principle
from .test_missed_searches import BROWSER

pytestmark = pytest.mark.django_db(transaction=True)
GZIP = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def reader(settings):
    """A client of a site that keeps its pages."""
    settings.PAGE_CACHE_MB = 8
    return Client()


@pytest.fixture
def made(monkeypatch):
    """The addresses for which an answer was made, in order."""
    addresses, make = [], pagecache.PageCache.made

    def noted(self, request, key, version):
        addresses.append(request.get_full_path())
        return make(self, request, key, version)

    monkeypatch.setattr(pagecache.PageCache, "made", noted)
    return addresses


def test_a_page_is_made_once_and_asks_one_question_from_then_on(reader, made, django_assert_num_queries):
    make_mission(slug="one", title="One")
    first = reader.get("/missions/")
    with django_assert_num_queries(1):
        again = reader.get("/missions/")
    assert made == ["/missions/"]
    del first["X-Request-ID"], again["X-Request-ID"]  # each request has its own
    assert (again.content, again.headers, again.status_code) == (first.content, first.headers, 200)
    assert again["Cache-Control"] == "public, no-cache"


def test_a_publication_is_seen_by_the_next_request(reader, made):
    mission = make_mission(slug="one", title="One")
    reader.get("/missions/one/")
    Mission.objects.filter(pk=mission.pk).update(title="Another")
    assert "Another" in reader.get("/missions/one/").content.decode()
    assert len(made) == 2


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("/missions/?type=observer&ordering=title", "/missions/?ordering=title&type=observer", True),
        ("/missions/", "/missions/?", True),
        ("/missions/?ordering=title", "/missions/?ordering=-title", False),
        ("/missions/?type=observer&type=peacekeeping", "/missions/?type=peacekeeping&type=observer", False),
        ("/missions/?q=a%26type=observer", "/missions/?q=a&type=observer", False),
    ],
)
def test_the_order_of_parameters_does_not_count_but_that_of_values_does(reader, made, first, second, is_one):
    make_mission()
    reader.get(first)
    reader.get(second)
    assert len(made) == (1 if is_one else 2)


def test_each_theme_and_encoding_and_host_has_its_own(reader, made, settings):
    settings.ALLOWED_HOSTS = ["testserver", "kb.example"]
    reader.get("/about/")
    reader.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in reader.get("/about/").content.decode()
    reader.cookies["theme"] = "nonsense"
    assert 'data-theme="dark"' not in reader.get("/about/").content.decode()
    assert len(made) == 2
    assert reader.get("/about/", headers=GZIP)["Content-Encoding"] == "gzip"
    assert (
        "https://kb.example/about/"
        in reader.get("/about/", headers={"Host": "kb.example"}, secure=True).content.decode()
    )
    assert len(made) == 4
    assert reader.get("/about/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.long
@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-For": "192.0.2.1"},
        {"Forwarded": "host=evil.example"},
        {"X-Original-URL": "/admin/"},
        {"X-HTTP-Method-Override": "POST"},
        {"Accept-Language": "de"},
        {"Referer": "https://evil.example/"},
        {"Cookie": "evil=1; theme=light"},
    ],
)
def test_no_header_of_a_stranger_reaches_what_others_get(reader, headers):
    """What comes after such a request is what comes without it."""
    make_mission(slug="one")
    addresses = ("/", "/missions/", "/missions/one/", "/api/v1/missions/", "/sitemap.xml")
    plain = [Client().get(a).content for a in addresses]
    for address in addresses:
        reader.get(address, headers=headers)
    reader.cookies.clear()
    assert [reader.get(a).content for a in addresses] == plain


def test_what_is_for_one_reader_is_kept_from_all(reader, made, django_user_model):
    user = django_user_model.objects.create_superuser("ada")
    make_mission(slug="one")
    member = Client()
    member.force_login(user)
    answer = member.get("/missions/one/")
    assert (answer["Cache-Control"], made) == ("private, no-cache", [])
    for _ in range(2):
        assert reader.get("/theme/?theme=dark&next=/")["Cache-Control"] == "private, no-cache"
        reader.cookies.clear()
    assert made == ["/theme/?theme=dark&next=/"] * 2
    assert "no-store" in reader.get("/admin/login/")["Cache-Control"]


def test_an_answer_with_a_token_against_forgery_is_never_kept(reader, made):
    mission = make_mission()
    for _ in range(2):
        answer = reader.get(f"/report/?fact={mission.permanent_id}")
        assert answer["Cache-Control"] == "no-store"
    assert len(made) == 2


@pytest.mark.parametrize("address", ["/nowhere/", "/missions/?nonsense=1", "/missions/?page=99"])
def test_errors_are_neither_kept_nor_believed(reader, made, address):
    for _ in range(2):
        assert reader.get(address)["Cache-Control"] == "no-store"
    assert len(made) == 2


def test_a_search_that_finds_nothing_is_counted_every_time(reader, made):
    make_principle(title="Consent")
    search.rebuild()
    for _ in range(2):
        reader.get("/search/?q=zzzz", headers={"User-Agent": BROWSER})
    assert len(made) == 2


@pytest.mark.parametrize("headers", [{}, GZIP])
@pytest.mark.parametrize("address", ["/missions/", "/api/v1/missions/", "/missions/?format=csv", "/feeds/changes.atom"])
def test_who_holds_the_answer_is_not_sent_it_again(reader, address, headers):
    make_mission()
    first = reader.get(address, headers=headers)
    for _ in range(2):
        again = reader.get(address, headers={**headers, "If-None-Match": first["ETag"]})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Cache-Control"] == first["Cache-Control"]
    make_mission()
    assert reader.get(address, headers={**headers, "If-None-Match": first["ETag"]}).status_code == 200


def test_an_answer_without_a_tag_is_never_held_already(reader):
    make_mission(slug="one")
    for _ in range(2):
        assert reader.get("/missions/one", headers={"If-None-Match": ""}).status_code == 301


def test_without_a_version_nothing_is_kept_and_no_file_has_a_tag(reader, made, monkeypatch):
    monkeypatch.setattr(versions, "current", lambda: None)  # as while migrations run
    make_mission()
    for _ in range(2):
        assert "ETag" not in reader.get("/missions/?format=csv")
        assert "ETag" in reader.get("/missions/")
    assert len(made) == 4


def test_a_page_of_another_site_may_read_that_nothing_changed(reader):
    make_mission()
    headers = {"Origin": "https://other.example"}
    headers["If-None-Match"] = reader.get("/api/v1/missions/", headers=headers)["ETag"]
    again = reader.get("/api/v1/missions/", headers=headers)
    assert (again.status_code, again["Access-Control-Allow-Origin"]) == (304, "*")
    assert "Access-Control-Allow-Origin" not in reader.get("/api/v1/missions/")


def test_another_change_leaves_the_tag_of_a_page(reader):
    """Readers on a slow line need not fetch a page again because another was published."""
    make_mission(slug="one")
    tag = reader.get("/missions/one/")["ETag"]
    make_principle()
    assert reader.get("/missions/one/", headers={"If-None-Match": tag}).status_code == 304


def test_the_head_alone_comes_without_a_body(reader):
    make_mission()
    for _ in range(2):
        head = reader.head("/missions/")
        whole = reader.get("/missions/")
        assert (head.content, head["Content-Length"]) == (b"", str(len(whole.content)))


def test_every_address_says_how_long_it_may_be_believed(reader):
    make_mission(slug="one")
    for address in (
        "/",
        "/missions/one",
        "/missions/?q=",
        "/nowhere/",
        "/robots.txt",
        "/healthz",
        "/admin/",
        "/api/v1/x",
    ):
        assert reader.get(address)["Cache-Control"], address


def in_parallel(number, ask):
    answers = [None] * number
    barrier = threading.Barrier(number)

    def one(n):
        barrier.wait()
        try:
            answers[n] = ask()
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[n]) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


class Slow:
    """A page that takes its time, behind the cache."""

    def __init__(self, monkeypatch):
        self.number, self.text = 0, "first"
        # Threads of a test share no database, so the version is told here.
        monkeypatch.setattr(versions, "current", lambda: self.text)

    def __call__(self, request):
        self.number += 1
        text = self.text
        time.sleep(0.3)
        return HttpResponse(text)


def asking(cache):
    def ask():
        request = RequestFactory().get("/x/")
        return cache(request).content.decode()

    return ask


def test_forty_requests_to_a_cold_page_make_it_once(settings, monkeypatch):
    settings.PAGE_CACHE_MB = 8
    page = Slow(monkeypatch)
    ask = asking(pagecache.PageCache(page))
    assert in_parallel(40, ask) == ["first"] * 40
    assert page.number == 1
    page.text = "second"
    answers = in_parallel(40, ask)
    assert page.number == 2
    assert sorted(set(answers)) == ["first", "second"]
    assert answers.count("second") == 1  # the others did not wait
    assert ask() == "second"


def test_the_memory_is_bounded(settings, monkeypatch):
    settings.PAGE_CACHE_MB, settings.REDIS_URL = 1, ""
    page = Slow(monkeypatch)
    monkeypatch.setattr(time, "sleep", lambda seconds: None)
    page.text = "x" * 100_000
    cache = pagecache.PageCache(page)
    for n in range(30):
        request = RequestFactory().get(f"/{n}/")
        cache(request)
    assert len(cache.pages.memory.kept) == 10
    page.text = "x" * 140_000  # more than an eighth
    asking(cache)()
    assert len(cache.pages.memory.kept) == 10


def test_without_a_database_what_is_kept_is_served(reader, monkeypatch):
    make_mission(slug="one", title="One")
    reader.get("/missions/one/")

    def gone():
        raise OperationalError("gone")

    monkeypatch.setattr(versions, "token", gone)
    assert "One" in reader.get("/missions/one/").content.decode()


class FailingCache:
    """A shared cache that is down."""

    def __getattr__(self, name):
        def fail(*values):
            raise ConnectionError("down")

        return fail


@pytest.fixture
def two_processes(settings, monkeypatch):
    """Two caches, as of two processes, that share a third, before one slow page."""
    settings.PAGE_CACHE_MB, settings.REDIS_URL = 8, "redis://only-its-presence-counts"
    caches["default"].clear()
    page = Slow(monkeypatch)
    return page, asking(pagecache.PageCache(page)), asking(pagecache.PageCache(page))


def test_processes_share_what_one_of_them_made(two_processes):
    page, one, other = two_processes
    assert (one(), other(), page.number) == ("first", "first", 1)
    page.text = "second"
    assert (other(), one(), page.number) == ("second", "second", 2)


def test_processes_do_not_make_the_same_page_at_once(two_processes):
    page, one, other = two_processes
    turns = iter([one, other] * 10)
    assert in_parallel(20, lambda: next(turns)()) == ["first"] * 20
    assert page.number == 1


def test_a_shared_cache_that_is_down_costs_nothing_but_its_help(two_processes, monkeypatch, caplog):
    monkeypatch.setattr(pagecache.Shared, "__init__", lambda self: setattr(self, "cache", FailingCache()))
    page, _, _ = two_processes
    ask = asking(pagecache.PageCache(page))
    assert (ask(), ask(), page.number) == ("first", "first", 1)
    assert "The shared cache did not answer: ConnectionError" in caplog.text
