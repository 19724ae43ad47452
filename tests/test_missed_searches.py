"""Searches that found nothing: what is counted, what is never kept, and that no search suffers from it."""

import datetime

import pytest
from django.utils import timezone

from missions import search
from missions.models import MissedSearch
from missions.search import engine, missed

from .factories import make_principle
from .test_search import HOSTILE

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
TODAY = datetime.date(2026, 3, 1)


@pytest.fixture
def reader(client):
    """A browser, before a site that knows of consent alone."""
    make_principle(title="Consent")
    search.rebuild()
    client.defaults["HTTP_USER_AGENT"] = BROWSER
    return client


def counted():
    return list(MissedSearch.objects.values_list("term", "number", "days", "last_on"))


def ask(reader, text, **headers):
    page = reader.get("/search/", {"q": text}, **headers)
    assert page.status_code == 200
    return page.content.decode()


def test_what_finds_nothing_is_counted_by_its_words(reader):
    for text in ("Kofi Annán", "kofi  annan!", "“KOFI ANNAN”"):
        assert "Nothing has all of these words" in ask(reader, text)
    ask(reader, "consent")
    ask(reader, "?!")
    assert counted() == [("kofi annan", 3, 1, timezone.localdate())]


def test_days_are_counted_apart_from_times(reader, monkeypatch):
    for day in (0, 0, 1, 5, 5):
        monkeypatch.setattr(missed.timezone, "localdate", lambda d=day: TODAY + datetime.timedelta(days=d))
        search.count_missed("drones")
    assert counted() == [("drones", 5, 3, TODAY + datetime.timedelta(days=5))]


@pytest.mark.parametrize(
    "text",
    ["ada@un.example", "write to ada＠un.example", "born 1984", "born １９８４", "call 079 123 45 67", "a12.34",
     "12/3/45", "one two three four five six seven", "x" * 61, "ﬃ" * 30, "... ", "", "—"],
)  # fmt: skip
def test_what_might_tell_who_asked_is_never_kept(reader, text):
    search.count_missed(text)
    ask(reader, text) if text.strip() else None
    assert counted() == []


@pytest.mark.parametrize("text", ["un 123", "one two three four five six", "x" * 60, "UNMISS", "women’s role", "維和"])
def test_what_tells_nothing_of_a_person_is_counted(text):
    search.count_missed(text)
    assert MissedSearch.objects.count() == 1


def test_a_row_holds_words_numbers_and_a_day_and_nothing_else():
    names = [f.name for f in MissedSearch._meta.get_fields()]
    assert names == ["id", "term", "number", "days", "last_on"]
    assert MissedSearch._meta.get_field("last_on").get_internal_type() == "DateField"


@pytest.mark.parametrize(
    "headers",
    [{"HTTP_USER_AGENT": ""}, {"HTTP_USER_AGENT": "curl/8.9"},
     {"HTTP_USER_AGENT": "Mozilla/5.0 (compatible; SomeBot/2)"},
     {"HTTP_USER_AGENT": f"{BROWSER} crawler"}, {"HTTP_SEC_PURPOSE": "prefetch"}],
)  # fmt: skip
def test_programs_and_guesses_of_the_browser_are_not_counted(reader, headers):
    ask(reader, "drones", **headers)
    assert counted() == []
    ask(reader, "drones")
    assert len(counted()) == 1


def test_only_pages_count(reader):
    for more in ({"format": "json"}, {"format": "csv"}):
        assert reader.get("/search/", {"q": "drones", **more}).status_code == 200
    assert reader.get("/search/suggest", {"q": "drones"}).status_code == 200
    assert reader.head("/search/", {"q": "drones"}).status_code == 200
    assert reader.get("/search/", {"q": "drones", "colour": "red"}).status_code == 400
    assert counted() == []


def test_an_index_that_lacks_something_makes_no_word_missing(reader):
    make_principle(title="Drones")
    assert "rebuild_search" in ask(reader, "drones")
    assert counted() == []


def test_what_is_found_only_in_another_kind_is_not_missing(reader):
    assert reader.get("/search/?q=consent&kind=missions").status_code == 200
    assert counted() == []


@pytest.mark.parametrize("text", [*HOSTILE, "'); DROP TABLE missions_missedsearch; --", "%s %(term)s"])
def test_hostile_text_breaks_nothing(reader, text):
    search.count_missed(text)
    ask(reader, text)
    assert MissedSearch.objects.count() <= 1


def test_a_search_that_finds_asks_no_more_of_the_database_than_before(reader, django_assert_num_queries):
    ask(reader, "consent")
    with django_assert_num_queries(5 if engine.is_sqlite() else 6):
        ask(reader, "consent")


def test_a_failure_to_count_is_logged_and_the_search_answers(reader, monkeypatch, caplog):
    monkeypatch.setattr(missed, "COUNT", "INSERT INTO no_such_table VALUES (%(term)s)")
    assert "Nothing has all of these words" in ask(reader, "drones")
    assert [r.getMessage() for r in caplog.records if r.name == "missions.search.missed"] == [
        "A search that found nothing could not be counted."
    ]
    monkeypatch.undo()
    ask(reader, "drones")
    assert len(counted()) == 1


def test_there_is_a_ceiling_and_the_least_asked_make_room(monkeypatch):
    monkeypatch.setattr(missed, "MOST_ROWS", 3)
    monkeypatch.setattr(missed, "FORGOTTEN", 1)
    for text in ("often", "often", "old", "new"):
        search.count_missed(text)
    MissedSearch.objects.filter(term="old").update(last_on=TODAY)
    search.count_missed("often")  # what is known is counted even where there is no room
    search.count_missed("late")
    assert set(MissedSearch.objects.values_list("term", "number")) == {("often", 3), ("new", 1)}
    search.count_missed("late")
    assert set(MissedSearch.objects.values_list("term", "number")) == {("often", 3), ("new", 1), ("late", 1)}
