"""What supervisors and balancers ask: that the process runs, and that all it needs is there."""

from collections import namedtuple

import pytest
from django.core.cache import cache
from django.db.migrations.recorder import MigrationRecorder

from missions import health
from missions.models import SearchDocument

from .factories import make_principle
from .faults import READ_ONLY, gone, unwritable

ALL = ("database", "migrations", "search", "disk", "cache")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def ready(client):
    answer = client.get("/readyz")
    assert answer["Cache-Control"] == "no-store"
    assert answer.json()["ready"] is (answer.status_code == 200)
    return answer.status_code, [f"{k}: {v}" for k, v in answer.json()["checks"].items() if v != "ok"]


def test_ready_names_every_check(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"ready": True, "checks": dict.fromkeys(ALL, "ok")})


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_neither_host_nor_scheme_nor_cookie_matters(client, settings, address):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get(address, headers={"host": "10.0.0.7:8000", "cookie": "sessionid=x"})
    assert (answer.status_code, answer["Cache-Control"], answer.cookies.output()) == (200, "no-store", "")
    assert client.get("/", headers={"host": "10.0.0.7:8000"}).status_code == 400
    assert client.post(address).status_code == 405


def test_health_asks_no_database(client):
    with gone():
        answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_a_database_that_is_gone_is_asked_once(client):
    with gone():
        assert ready(client) == (503, ["database: failed", "migrations: not checked", "search: not checked"])
    assert ready(client) == (200, [])


def test_a_pending_migration_is_named(client):
    MigrationRecorder.Migration.objects.filter(app="missions").latest("id").delete()
    assert ready(client) == (503, ["migrations: failed"])


def test_an_index_behind_the_content_is_named(client):
    make_principle()
    assert SearchDocument.objects.count() == 0
    assert ready(client) == (503, ["search: failed"])


def test_a_full_disk_and_one_that_cannot_be_written_are_named(client, settings, monkeypatch):
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as patch:
        patch.setattr(health.shutil, "disk_usage", lambda _: usage(0, 0, health.ROOM - 1))
        assert ready(client) == (503, ["disk: failed"])
        patch.setattr(health.shutil, "disk_usage", lambda _: usage(0, 0, health.ROOM))
        assert ready(client) == (200, [])
    settings.DATA_DIR = settings.DATA_DIR / "not there"
    assert ready(client) == (503, ["disk: failed"])


def test_no_file_is_left_by_asking(client, data):
    assert ready(client) == (200, [])
    assert list(data.iterdir()) == []


def test_a_cache_that_forgets_or_fails_is_named(client, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(type(cache._connections["default"]), "get", lambda *_: None)
        assert ready(client) == (503, ["cache: failed"])

    def refuse(*_):
        raise ConnectionError("no cache here")

    with monkeypatch.context() as patch:
        patch.setattr(type(cache._connections["default"]), "set", refuse)
        assert ready(client) == (503, ["cache: failed"])
    assert ready(client) == (200, [])


def test_a_database_that_only_reads_is_ready_to_read(client):
    with unwritable(READ_ONLY):
        assert ready(client) == (200, [])
