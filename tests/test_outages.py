"""A database that is away, or cannot be written: what readers and editors get, and that it passes."""

import sqlite3

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection
from django.test import RequestFactory
from reversion.models import Revision, Version

from missions import outages
from missions.models import Draft, Principle

from .desk import address, form_of
from .factories import make_principle
from .faults import FULL, READ_ONLY, gone, of_sqlite, unwritable

READING = outages.GONE
PAGES = ("/", "/missions/", "/search/?q=peace", "/admin/", "/sitemap.xml", "/feeds/changes.atom")


@pytest.fixture
def reader(client):
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_so_and_recovers_by_itself(reader, page):
    usual = reader.get(page).status_code
    with gone():
        reader.cookies["sessionid"] = "abcdefghijklmnopqrstuvwxyz012345"  # so that the session is asked for, too
        answer = reader.get(page)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "no-store" in answer["Cache-Control"]
    assert f"<p>{READING}</p>" in answer.content.decode()
    assert (reader.get(page).status_code, usual < 500) == (usual, True)


@pytest.mark.django_db
def test_the_api_says_so_in_json(reader):
    with gone():
        answer = reader.get("/api/v1/missions/")
    assert (answer.status_code, answer["Retry-After"], answer.json()) == (503, "30", {"detail": READING})
    assert reader.get("/api/v1/missions/").status_code == 200


@pytest.mark.django_db
def test_a_login_and_a_report_say_that_nothing_was_saved(reader):
    with gone():
        login = reader.post("/admin/login/", {"username": "ada", "password": "a long pass phrase"})
        report = reader.post("/report/?fact=po-0000000000", {"text": "It was 1964."})
    assert [a.status_code for a in (login, report)] == [503, 503]
    assert all(f"<p>{outages.UNSAVED}</p>" in a.content.decode() for a in (login, report))


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [FULL, READ_ONLY])
def test_where_nothing_can_be_written_editors_are_told_and_reading_goes_on(manager, fault):
    manager.raise_request_exception = False
    entry = make_principle(title="Old", discussion="Short.")
    values = form_of(manager, address(entry)) | {"title": "New", "discussion": "Long. " * 20_000}
    before = [list(model.objects.values()) for model in (Draft, Principle, Revision, Version)]
    with unwritable(fault):
        answer = manager.post(address(entry), values)
        assert (answer.status_code, answer["Retry-After"]) == (503, "30")
        assert f"<p>{outages.UNSAVED}</p>" in answer.content.decode()
        assert manager.get(entry.get_absolute_url()).status_code == 200
        assert manager.get("/search/?q=nowhere").status_code == 200  # which would count a search that found nothing
        assert manager.get(address(entry)).status_code == 200
    assert [list(model.objects.values()) for model in (Draft, Principle, Revision, Version)] == before
    assert manager.post(address(entry), values).status_code == 302


@pytest.mark.django_db
def test_a_wrong_query_is_a_fault_of_ours_and_no_outage(reader, monkeypatch):
    def broken(*args):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nothing FROM nowhere")

    monkeypatch.setattr("missions.reading.changed_lately", broken)
    assert reader.get("/").status_code == 500


@pytest.mark.parametrize(
    ("cause", "is_outage"),
    [
        (of_sqlite("SQLITE_FULL"), True),
        (of_sqlite("SQLITE_IOERR_FSYNC"), True),
        (of_sqlite("SQLITE_BUSY_SNAPSHOT"), True),
        (of_sqlite("SQLITE_NOTADB"), True),
        (of_sqlite("SQLITE_ERROR"), False),
        (of_sqlite("SQLITE_CONSTRAINT_UNIQUE"), False),
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.errors.AdminShutdown("terminating"), True),
        (psycopg.errors.DiskFull("no space"), True),
        (psycopg.errors.IoError("input/output error"), True),
        (psycopg.errors.SerializationFailure("canceling statement due to conflict with recovery"), True),
        (psycopg.InterfaceError("the connection is closed"), True),
        (psycopg.errors.UndefinedTable("no such table"), False),
        (psycopg.errors.UniqueViolation("twice"), False),
    ],
    ids=lambda v: getattr(v, "sqlite_errorname", type(v).__name__),
)
def test_which_errors_are_outages(cause, is_outage):
    raised = OperationalError("said by Django")
    raised.__cause__ = cause
    answer = outages.answer(RequestFactory().get("/"), raised)
    assert (answer is not None) is is_outage


def test_what_no_database_said_is_none():
    raised = ValueError("wrong")
    raised.__cause__ = IntegrityError("twice")
    assert outages.answer(RequestFactory().get("/"), raised) is None
    assert outages.answer(RequestFactory().get("/"), sqlite3.OperationalError("of a file of another program")) is None
