"""The version of the content: renewed by every change that readers see, however it is made, and by nothing else."""

import datetime

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from missions import search, versions
from missions.models import ContentChange, ContentVersion, Country, Figure, Mission, Report, Source, Theme

from .factories import make_country, make_figure, make_mission, make_principle, make_source

pytestmark = pytest.mark.django_db(transaction=True)


def changed(what):
    """Tell whether doing this renews the token."""
    before = versions.token()
    what()
    return versions.token() != before


def by_hand(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_every_way_of_writing_renews_the_token():
    mission, country = make_mission(), make_country("COD")
    assert changed(make_source)
    assert changed(lambda: Mission.objects.filter(pk=mission.pk).update(title="Another"))
    assert changed(lambda: Theme.objects.bulk_create([Theme(slug="x", title="X", summary="X")]))
    assert changed(lambda: mission.countries.add(country))
    assert changed(lambda: by_hand("UPDATE missions_country SET name = 'Congo'"))
    assert changed(lambda: mission.countries.clear())
    assert changed(lambda: Country.objects.all().delete())


def test_what_no_reader_sees_leaves_it(django_user_model):
    assert not changed(lambda: Report.objects.create(permanent_id="po-1", kind="other", text="Wrong."))
    assert not changed(lambda: django_user_model.objects.create_user("edith"))


def test_what_is_undone_leaves_it():
    def undone():
        with transaction.atomic():
            make_source()
            transaction.set_rollback(True)

    assert not changed(undone)


def test_a_token_never_comes_back():
    seen = set()
    for _ in range(5):
        make_source()
        seen.add(versions.token())
    assert len(seen) == 5


def test_every_table_tells_of_its_changes_or_is_known_to_be_unseen():
    with connection.cursor() as cursor:
        there = set(versions.installed(cursor, connection.vendor).values())
    models = {m._meta.db_table for m in apps.get_app_config("missions").get_models(include_auto_created=True)}
    assert models - there == {f"missions_{name}" for name in versions.UNSEEN}


def test_a_change_names_its_mission():
    mission, other, source = make_mission(), make_mission(), make_source()
    figure = make_figure(mission, source=source)
    ContentChange.objects.all().delete()
    mission.title = "Another"
    mission.save()
    mission.countries.add(make_country("COD"))
    Figure.objects.filter(pk=figure.pk).update(mission=other)
    make_principle()
    told = set(ContentChange.objects.values_list("table", "mission_id"))
    assert told == {
        ("missions_mission", mission.pk),
        ("missions_country", None),
        ("missions_mission_countries", mission.pk),
        ("missions_figure", mission.pk),
        ("missions_figure", other.pk),
        ("missions_principle", None),
    }


def test_only_so_many_changes_are_remembered(monkeypatch):
    Source.objects.bulk_create(
        Source(slug=f"s{n}", kind="book", title="T", authors="A", published_on=datetime.date(2001, 1, 1))
        for n in range(versions.CHANGES_KEPT + 300)
    )
    make_source()  # PostgreSQL forgets at the next change
    assert versions.CHANGES_KEPT <= ContentChange.objects.count() <= versions.CHANGES_KEPT + 1


def test_the_version_moves_with_the_clock(monkeypatch):
    now = datetime.datetime(2026, 3, 28, 23, 0, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    make_mission(published_at=now + datetime.timedelta(minutes=30))
    first = versions.current()
    assert versions.current() == first
    now += datetime.timedelta(minutes=29)
    assert versions.current() == first
    now += datetime.timedelta(minutes=1)
    due = versions.current()
    assert due != first
    now += datetime.timedelta(minutes=30)  # midnight
    assert versions.current() not in (first, due)


def test_the_clock_is_asked_for_once_by_token(django_assert_num_queries):
    make_mission()
    with django_assert_num_queries(2):
        versions.current()
    with django_assert_num_queries(1):
        versions.current()


def test_migrations_run_without_triggers_and_give_a_new_token():
    make_source()
    token = versions.token()
    versions.remove(plan=[])
    assert versions.token() == token
    versions.remove(plan=["a migration"])
    with connection.cursor() as cursor:
        assert versions.installed(cursor, connection.vendor) == {}
    assert versions.current() is None
    assert ContentVersion.objects.count() == 0
    call_command("migrate", verbosity=0)
    assert versions.token() not in (None, token)
    assert changed(make_source)


def test_what_rests_on_the_content_is_asked_once_for_each_version():
    asked = []

    @versions.once
    def sources():
        asked.append(1)
        return Source.objects.count()

    assert [sources(), sources(), len(asked)] == [0, 0, 1]
    make_source()
    assert [sources(), sources(), len(asked)] == [1, 1, 2]
    with transaction.atomic():
        make_source()
        assert [sources(), sources(), len(asked)] == [2, 2, 4]
        transaction.set_rollback(True)
    assert [sources(), len(asked)] == [1, 4]


def test_what_a_search_is_held_against_never_outlives_a_withdrawal(client):
    """The document is still there, as after a change by hand; what is found is held against the entries."""

    def number():
        return client.get("/search/?q=consent&format=json").json()["count"]

    entry = make_principle(title="Consent")
    search.rebuild()
    assert [number(), number()] == [1, 1]
    type(entry).objects.filter(pk=entry.pk).update(stage="withdrawn")
    assert number() == 0
