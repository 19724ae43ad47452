"""Readers are answered from a replica, members and whatever writes from the main database, and no one by a mix."""

import json
import random
import re
import sqlite3
import subprocess
import time
from contextlib import contextmanager
from itertools import count

import psycopg
import pytest
from django.db import OperationalError, connection, connections, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.test.utils import CaptureQueriesContext

from missions import databases, facets, moving, search, versions
from missions.backups.archive import pointed_at
from missions.databases import REPLICA
from missions.models import FormerAddress, MissedSearch, Mission, Principle, Report
from missions.search.documents import NAMES, documents
from peaceops.settings import database
from peaceops.settings import replica as replica_of

from .everywhere import filled, populate, routes
from .factories import make_country, make_mission, make_principle
from .faults import WRITING, gone
from .houses import done, environment_of, file_in, move_in
from .serving import serve
from .test_faults import ask, cluster, log_in, visitor, with_member
from .test_missed_searches import BROWSER
from .test_secrets import KEY, start  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)
number = count(1)
CALLED = re.compile("Called old|Called new")


def copied_file(path):
    """Copy the database to a file that is not there yet; return its address."""
    connection.ensure_connection()
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    copy.close()
    return f"sqlite:///{path}"


@contextmanager
def administrator():
    told = connection.settings_dict
    server = f"postgres://{told['USER']}@{told['HOST']}:{told['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as found:
        yield found, server


def copied_database(name):
    """Copy the database to another of the same server; return its address."""
    connection.close()
    with administrator() as (found, server):
        found.execute(f'CREATE DATABASE {name} TEMPLATE "{connection.settings_dict["NAME"]}"')
    return f"{server}/{name}"


def opened(url):
    """Let there be a replica at this address, which Django's tests would not open."""
    told = connections.configure_settings({"default": {}, REPLICA: replica_of(url, database(url))})[REPLICA]

    class Opened(type(connections["default"])):
        def ensure_connection(self):
            if self.connection is None:
                with self.wrap_database_errors:
                    self.connect()

    connections.settings[REPLICA], connections[REPLICA] = told, Opened(told, REPLICA)


def forget():
    """Give up the replica that there is."""
    if REPLICA not in connections:
        return
    name = connections[REPLICA].settings_dict["NAME"]
    connections[REPLICA].close()
    del connections[REPLICA], connections.settings[REPLICA]
    if connection.vendor == "postgresql":
        with administrator() as (found, _):
            found.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def follow(settings, monkeypatch, tmp_path):
    """Give a function that lets the replica hold what the main database holds now; it does at first."""

    def catch_up():
        forget()
        n = next(number)
        sqlite = connection.vendor == "sqlite"
        url = copied_file(tmp_path / f"{n}.sqlite3") if sqlite else copied_database(f"replica_{id(settings)}_{n}")
        opened(url)

    monkeypatch.setattr(databases, "replica", databases.Replica())
    monkeypatch.setattr(facets, "indexes", {})
    monkeypatch.setattr(versions, "clocks", {})
    settings.DATABASE_ROUTERS = ["missions.databases.Router"]
    catch_up()
    yield catch_up
    forget()


@pytest.fixture
def reader(follow):
    return Client()


@pytest.fixture
def clock(monkeypatch):
    """Give a function that lets so many seconds pass for what remembers that the replica is away."""
    now = [1000.0]
    monkeypatch.setattr(databases.time, "monotonic", lambda: now[0])
    return lambda seconds: now.__setitem__(0, now[0] + seconds)


def asked_of(alias):
    return CaptureQueriesContext(connections[alias])


def text(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.getvalue()
    return answer.getvalue().decode()


SHOWN = ("/principles/x/", "/principles/?format=csv", "/api/v1/principles/", "/search/?q=called&format=json")


def test_readers_are_shown_the_replica_and_members_the_main_database(follow, writer, settings):
    settings.PAGE_CACHE_MB = 8
    entry, reader = make_principle(slug="x", title="Called old"), Client()
    search.rebuild()
    follow()
    Principle.objects.filter(pk=entry.pk).update(title="Called new")
    search.rebuild()
    for _ in range(2):  # made, then kept
        for address in SHOWN:
            assert CALLED.findall(text(reader, address))[0] == "Called old", address
            assert CALLED.findall(text(writer, address))[0] == "Called new", address
    follow()
    for address in SHOWN:
        assert set(CALLED.findall(text(reader, address))) == {"Called new"}, address


@pytest.mark.long
def test_nothing_public_asks_the_main_database_or_writes(follow):
    of, client = populate(), Client()
    search.rebuild()
    follow()
    written, asked, paths = [], [], set()

    def note(execute, sql, params, many, context):
        written.extend([sql] if sql.lstrip().startswith(WRITING) else [])
        return execute(sql, params, many, context)

    with connections[REPLICA].execute_wrapper(note):
        for route, pattern in routes():
            path = filled(route, lambda name, pattern=pattern: of(pattern, name)).decode()
            if path.startswith(("/admin/", "/preview/", "/report/")) or "(" in route:
                continue
            paths.add(path)
            with asked_of("default") as main:
                answer = client.get(path)
                answer.getvalue()
            asked += [(path, q["sql"]) for q in main.captured_queries]
            assert answer.status_code < 500, path
    assert (asked, written, len(paths) > 100) == ([], [], True)


def test_pages_of_members_and_drafts_and_what_is_sent_ask_the_replica_nothing(reader, writer):
    with asked_of(REPLICA) as questions:
        assert writer.get("/missions/").status_code == 200
        assert writer.get("/admin/").status_code == 200
        assert reader.get("/admin/login/").status_code == 200
        assert reader.get("/preview/x/").status_code == 404
        assert reader.get("/healthz").status_code == 200
        assert reader.post("/report/?fact=po-0000000000", {"text": "It was 1964."}).status_code == 404
        assert reader.options("/api/v1/missions/").status_code < 500
        reader.cookies["sessionid"] = "x"
        assert reader.get("/missions/").status_code == 200
    assert questions.captured_queries == []


def test_a_report_of_what_the_replica_shows_is_kept_in_the_main_database(follow):
    entry, reader = make_principle(slug="x"), Client()
    follow()
    address = f"/report/?fact={entry.permanent_id}"
    assert reader.get(address).status_code == 200
    sent = reader.post(address, {"text": "It was 1964.", "where": "", "email": ""})
    assert (sent.status_code, Report.objects.count(), Report.objects.using(REPLICA).count()) == (302, 1, 0)


def test_a_search_that_finds_nothing_is_counted_in_the_main_database(reader):
    for n in (1, 2):
        assert reader.get("/search/?q=drones", HTTP_USER_AGENT=BROWSER).status_code == 200
        assert list(MissedSearch.objects.values_list("term", "number")) == [("drones", n)]
    assert MissedSearch.objects.using(REPLICA).count() == 0


def test_where_a_reader_waits_for_a_writer_it_is_at_the_main_database(follow):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows")

    def patience(alias):
        with connections[alias].cursor() as cursor:
            return cursor.execute("PRAGMA busy_timeout").fetchone()[0]

    with databases.reading(), search.engine.impatient(200):
        assert [patience("default"), patience(REPLICA)] == [200, 20_000]
    assert patience("default") == 20_000


def test_what_is_written_and_what_decides_on_it_is_of_the_main_database(follow):
    first = make_principle(slug="first")
    with databases.reading():
        assert not Principle.objects.exists()
        with transaction.atomic():
            assert Principle.objects.get() == first
            assert databases.connection.in_atomic_block
        assert Principle.objects.select_for_update().db == "default"
        told = {"kind": "principle", "slug": "old", "permanent_id": first.permanent_id}
        assert [FormerAddress.objects.get_or_create(**told)[1] for _ in range(2)] == [True, False]
        make_principle(slug="second")
    assert [Principle.objects.count(), Principle.objects.using(REPLICA).count()] == [2, 0]


def test_what_was_read_of_the_replica_is_saved_in_the_main_database(follow):
    make_principle(slug="x", title="Old")
    follow()
    with databases.reading():
        entry = Principle.objects.get()
    entry.title = "New"
    entry.save()
    assert (entry._state.db, Principle.objects.get().title) == ("default", "New")
    assert Principle.objects.using(REPLICA).get().title == "Old"


def test_the_replica_is_never_migrated():
    router = databases.Router()
    assert (router.allow_migrate(REPLICA, "missions"), router.allow_migrate("default", "missions")) == (False, None)


def test_entries_of_both_are_related_and_others_are_left_to_django(follow):
    here, there, elsewhere = make_mission(), make_mission(), make_mission()
    there._state.db, elsewhere._state.db = REPLICA, "target"
    router = databases.Router()
    assert [router.allow_relation(here, other) for other in (here, there, elsewhere)] == [True, True, None]
    assert [router.db_for_write(Mission, instance=m) for m in (here, there, elsewhere)] == [None, "default", None]


def test_nothing_of_a_request_is_left_to_the_next(reader, monkeypatch):
    assert reader.get("/missions/").status_code == 200
    assert databases.alias() == "default"

    def broken(*args):
        assert databases.alias() == REPLICA
        raise ValueError("broken")

    monkeypatch.setattr("missions.reading.changed_lately", broken)
    with pytest.raises(ValueError, match="broken"):
        reader.get("/")
    assert databases.alias() == "default"


@pytest.mark.parametrize("is_read_to_its_end", [True, False])
def test_what_is_written_while_it_is_sent_is_of_the_replica_and_nothing_in_between(follow, is_read_to_its_end):
    make_principle(slug="x", title="Old")
    follow()
    Principle.objects.update(title="New")
    answer = Client().get("/principles/?format=csv")
    assert (answer.streaming, databases.alias()) == (True, "default")
    chunks, sent = iter(answer.streaming_content), b""
    with asked_of("default") as questions:
        for chunk in chunks:
            sent += chunk
            assert databases.alias() == "default"
            if not is_read_to_its_end:
                break
    answer.close()
    assert questions.captured_queries == []
    assert ("Old" in sent.decode(), "New" in sent.decode()) == (is_read_to_its_end, False)
    assert (databases.alias(), Principle.objects.get().title) == ("default", "New")


def known(alias):
    """Return what is kept in memory of a database, and the same read anew."""
    with databases.reading() if alias == REPLICA else transaction.atomic():
        anew = facets.Index(Mission)
        anew.read_all()
        fresh = anew.copy()[:2], sorted(Mission.objects.using(alias).published().values_list("pk", flat=True))
    with databases.reading() if alias == REPLICA else databases.replica.unused():
        found = documents()
        keys = [found.entry[n] for n, kind in enumerate(found.kinds) if kind == NAMES.index("mission")]
        return (facets.index(Mission)[:2], sorted(keys)), fresh


def test_what_is_kept_in_memory_is_of_one_database_however_far_the_other_is_behind(follow):
    draw, countries = random.Random(7), [make_country(iso3) for iso3 in ("COD", "CYP", "HTI")]
    missions = [make_mission(countries=[countries[n % 3]]) for n in range(9)]
    search.rebuild()
    follow()
    for step in range(6):
        mission = draw.choice(missions)
        mission.stage = draw.choice(["published", "withdrawn"])
        mission.save()
        mission.countries.set(draw.sample(countries, draw.randint(0, 2)))
        if step == 3:
            follow()
        for alias in draw.choices(["default", REPLICA], k=4):
            kept, fresh = known(alias)
            assert kept == fresh, (step, alias)


def test_each_database_has_its_own_version(follow):
    asked = []

    @versions.once
    def principles():
        asked.append(databases.alias())
        return Principle.objects.count()

    make_principle()
    for _ in range(3):
        with databases.reading():
            assert principles() == 0
        assert principles() == 1
    assert asked == [REPLICA, "default"]
    with databases.reading():
        behind = versions.current()
    assert versions.current() != behind
    follow()
    with databases.reading():
        assert versions.current() == versions.current()
        assert principles() == 1


def test_what_is_kept_of_one_is_not_given_up_for_the_other(follow, monkeypatch):
    make_mission()
    done_again, refresh, scheduled = [], facets.Index.refresh, versions.scheduled
    monkeypatch.setattr(facets.Index, "refresh", lambda *args: (done_again.append("index"), refresh(*args)))
    monkeypatch.setattr(versions, "scheduled", lambda: (done_again.append("clock"), scheduled())[1])
    for _ in range(3):
        with databases.reading():
            facets.index(Mission)
        facets.index(Mission)
    assert done_again == ["clock", "index"] * 2


def test_a_replica_that_is_away_is_asked_once_in_some_seconds_and_then_used_again(follow, clock, monkeypatch, caplog):
    entry, tried, fault = make_principle(slug="x", title="Old"), [], databases.Replica.fault
    follow()
    Principle.objects.filter(pk=entry.pk).update(title="New")
    monkeypatch.setattr(databases.Replica, "fault", lambda self: (tried.append(1), fault(self))[1])
    reader = Client()
    assert "Old" in text(reader, "/principles/x/")
    tried.clear()
    with gone(REPLICA):
        for _ in range(5):
            assert "New" in text(reader, "/principles/x/")
        assert len(tried) == 1
        clock(databases.PAUSE)
        assert "New" in text(reader, "/principles/x/")
        assert "New" in text(reader, "/principles/x/")
        assert len(tried) == 2
    assert "New" in text(reader, "/principles/x/")
    clock(databases.PAUSE)
    assert "Old" in text(reader, "/principles/x/")
    assert "Old" in text(reader, "/principles/x/")
    logged = [r.getMessage() for r in caplog.records if r.name == "missions.databases"]
    assert logged == ["the replica is left alone for 10 seconds: OperationalError"] * 2


def test_while_one_tries_a_replica_that_was_away_the_others_do_not_wait(follow, clock, monkeypatch):
    with gone(REPLICA):
        assert not databases.replica.answers()
    clock(databases.PAUSE)
    meanwhile = []
    monkeypatch.setattr(databases.Replica, "fault", lambda self: meanwhile.append(self.answers()) or "")
    assert databases.replica.answers()
    assert meanwhile == [False]


def test_readers_read_on_while_the_main_database_is_away(reader, settings):
    with gone():
        assert text(reader, "/missions/")
        assert reader.get("/search/?q=drones", HTTP_USER_AGENT=BROWSER).status_code == 200
        assert reader.get("/readyz").json()["checks"]["replica"] == "not checked"


def test_a_replica_is_not_read_before_it_has_the_migrations(follow, clock, caplog):
    row = MigrationRecorder.Migration.objects.filter(app="missions").latest("id")
    row.delete()
    follow()
    row.save(force_insert=True)
    assert not databases.replica.answers()
    assert caplog.messages == ["the replica is left alone for 10 seconds: migrations are pending there"]
    follow()
    assert not databases.replica.answers()
    clock(databases.PAUSE)
    assert databases.replica.answers()


def replica_seen(reader):
    answer = reader.get("/readyz")
    return answer.status_code, answer.json()["ready"], answer.json()["checks"]["replica"]


def test_whether_the_replica_is_in_step_is_told_and_takes_no_host_out_of_service(follow, clock, settings, tmp_path):
    settings.DATA_DIR, settings.METRICS_TOKEN = tmp_path, "0123456789abcdef" * 4
    reader = Client()

    def figure():
        page = reader.get("/metrics", headers={"authorization": f"Bearer {settings.METRICS_TOKEN}"}).content.decode()
        return [line for line in page.splitlines() if line.startswith("peaceops_replica_in_step")]

    assert (replica_seen(reader), figure()) == ((200, True, "ok"), ["peaceops_replica_in_step 1.0"])
    make_country()
    assert (replica_seen(reader), figure()) == ((200, True, "behind"), ["peaceops_replica_in_step 0.0"])
    with gone(REPLICA):
        assert (replica_seen(reader), figure()) == ((200, True, "away"), ["peaceops_replica_in_step 0.0"])
    clock(databases.PAUSE)
    assert replica_seen(reader) == (200, True, "behind")


def test_a_database_that_is_tried_alone_is_asked_itself(follow):
    make_principle(slug="x")
    reader = Client()
    assert reader.get("/principles/x/").status_code == 404
    with pointed_at(connection.settings_dict["NAME"]):
        assert reader.get("/principles/x/").status_code == 200
    assert reader.get("/principles/x/").status_code == 404


def test_a_database_that_rows_are_moved_to_has_no_replica(monkeypatch):
    told = []
    monkeypatch.setenv("DATABASE_REPLICA_URL", "postgres://kb@standby.example/kb")
    monkeypatch.setenv("DATABASE_REPLICA_URL_FILE", "/etc/peaceops/replica")
    done_well = subprocess.CompletedProcess([], 0)
    monkeypatch.setattr(moving.subprocess, "run", lambda *_, env, **__: told.append(env) or done_well)
    moving.prepare("sqlite:////srv/target.sqlite3")
    found = {name: told[0][name] for name in ("DATABASE_URL", *moving.REPLICA)}
    assert found == {"DATABASE_URL": "sqlite:////srv/target.sqlite3"} | dict.fromkeys(moving.REPLICA, "")


def test_the_setting_may_lie_in_a_file_and_must_name_a_copy(start, tmp_path):  # noqa: F811
    main, copy = "postgres://kb@db.example/kb", tmp_path / "copy"
    copy.write_text("postgres://kb:a%40b@standby.example:5433/kb\n")
    found = start(PEACEOPS_SECRET_KEY=KEY, DATABASE_URL=main, DATABASE_REPLICA_URL_FILE=str(copy))
    used = found["DATABASES"][REPLICA]
    assert [used[n] for n in ("NAME", "PASSWORD", "HOST", "PORT")] == ["kb", "a@b", "standby.example", 5433]
    assert used["OPTIONS"] == {"connect_timeout": 2, "tcp_user_timeout": 3000}
    assert found["DATABASES"]["default"]["OPTIONS"] == {"connect_timeout": 5}
    refusal = start(PEACEOPS_SECRET_KEY=KEY, DATABASE_URL=main, DATABASE_REPLICA_URL=f"sqlite:///{tmp_path}/x")
    assert refusal.startswith("DATABASE_REPLICA_URL is of another kind than DATABASE_URL")
    alone = start(PEACEOPS_SECRET_KEY=KEY, DATABASE_URL=main)
    assert (list(alone["DATABASES"]), "DATABASE_ROUTERS" in alone) == (["default"], False)


def test_a_file_that_is_missing_is_not_made_and_one_that_is_there_not_written(follow, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL’s standby sees to it")
    with pytest.raises(OperationalError, match="attempt to write a readonly database"):
        Principle.objects.using(REPLICA).update(title="New")
    forget()
    opened(f"sqlite:///{tmp_path}/none.sqlite3")
    assert (databases.replica.answers(), (tmp_path / "none.sqlite3").exists()) == (False, False)


MAKE = (
    "from missions import search; from tests.factories import make_principle;"
    "make_principle(slug={0!r}, title='Called {0}'); search.rebuild()"
)


def publish(env, slug):
    done(env, "shell", "-v0", "-c", MAKE.format(slug))


def seen(address, opener=None):
    """Return which entries are listed, on a page and in a file that is written as it is sent: both must agree."""
    status, page = ask(f"{address}/principles/", opener=opener)
    assert status == 200
    rows = ask(f"{address}/principles/?format=csv", opener=opener)[1]
    found = [sorted(set(re.findall("Called ([a-z]+)", part))) for part in (page, rows)]
    assert found[0] == found[1]
    return found[0]


def soon(what, seconds=30):
    """Tell whether something becomes so in time."""
    until = time.monotonic() + seconds
    while not (is_so := what()) and time.monotonic() < until:
        time.sleep(0.1)
    return is_so


def replica_told(address):
    status, body = ask(f"{address}/readyz")
    return status, json.loads(body)["checks"]["replica"]


@contextmanager
def served_with(env, url):
    """Serve a site that keeps its pages and has a replica; give its address and a member's opener."""
    with serve(with_member(env) | {"DATABASE_REPLICA_URL": url, "PEACEOPS_PAGE_CACHE_MB": "8"}) as address:
        member = visitor()
        assert log_in(address, member)[0] == 200
        yield address, member


@pytest.mark.long
def test_the_site_shows_readers_a_copy_and_members_what_is_new(tmp_path, empty):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has a standby of its own, below")
    env = environment_of(file_in(tmp_path), tmp_path)
    move_in(empty, tmp_path)
    publish(env, "first")
    with sqlite3.connect(tmp_path / "peaceops.sqlite3") as source, sqlite3.connect(tmp_path / "copy.sqlite3") as copy:
        source.backup(copy)
    source.close()
    copy.close()
    with served_with(env, f"sqlite:///{tmp_path}/copy.sqlite3") as (address, member):
        assert (seen(address), seen(address, member)) == (["first"], ["first"])
        publish(env, "second")
        for _ in range(6):  # whichever thread answers
            assert (seen(address), seen(address, member)) == (["first"], ["first", "second"])
        assert replica_told(address) == (200, "behind")


@pytest.mark.long
def test_a_standby_of_postgresql_serves_readers_and_costs_them_nothing_when_it_stops(tmp_path, empty):
    if connection.vendor != "postgresql":
        pytest.skip("a server is needed")
    with cluster() as (main, turn_main):
        url = f"postgres://peaceops@127.0.0.1:{main}/postgres"
        env = environment_of(url, tmp_path)
        move_in(empty, tmp_path)
        done(env, "migrate", "-v0")
        publish(env, "first")
        with cluster(followed=main) as (port, turn), served_with(env, url.replace(str(main), str(port))) as served:
            address, member = served

            def replay(does):
                with psycopg.connect(url.replace(str(main), str(port)), autocommit=True) as standby:
                    standby.execute(f"SELECT pg_wal_replay_{does}()")

            def shown(*titles):
                return soon(lambda: seen(address) == list(titles))

            assert shown("first")
            replay("pause")
            publish(env, "second")
            for _ in range(6):
                assert (seen(address), seen(address, member)) == (["first"], ["first", "second"])
            assert replica_told(address) == (200, "behind")
            replay("resume")
            assert shown("first", "second")
            assert soon(lambda: replica_told(address) == (200, "ok"))

            turn(False)
            publish(env, "third")
            for _ in range(8):
                began = time.monotonic()
                assert seen(address) == ["first", "second", "third"]
                assert time.monotonic() - began < 2
            assert replica_told(address) == (200, "away")

            turn(True)
            assert soon(lambda: replica_told(address) == (200, "ok"))
            replay("pause")
            publish(env, "winter")
            assert (seen(address), seen(address, member)[-1]) == (["first", "second", "third"], "winter")
            replay("resume")
            assert shown("first", "second", "third", "winter")

            turn_main(False)
            assert (seen(address)[-1], ask(f"{address}/principles/", opener=member)[0]) == ("winter", 503)
