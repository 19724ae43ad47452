"""The index of facets that is kept in memory: at every moment the same as one read anew."""

import random

import pytest
from django.db import transaction

from missions import facets
from missions.choices import Stage
from missions.models import Evidence, MandatedTask, Mission, Principle

from .factories import (
    make_country,
    make_evidence,
    make_mission,
    make_principle,
    make_region,
    make_source,
    make_task,
    make_term,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    monkeypatch.setattr(facets, "indexes", {})


@pytest.fixture
def read(monkeypatch):
    """What was read of the database, in order: all rows, or how many."""
    done, all_of, some_of = [], facets.Index.read_all, facets.Index.read_some
    monkeypatch.setattr(facets.Index, "read_all", lambda self: (done.append("all"), all_of(self))[1])
    monkeypatch.setattr(facets.Index, "read_some", lambda self, keys: (done.append(len(keys)), some_of(self, keys))[1])
    return done


def anew(model=Mission):
    index = facets.Index(model)
    index.read_all()
    return index.rows, index.rows_of


def kept(model=Mission):
    return facets.index(model)[:2]


def test_bits_are_keys():
    assert facets.bits([]) == 0
    assert facets.bits(iter([0, 3, 8])) == 0b100001001


def test_it_is_read_once_and_asks_one_question_from_then_on(read, django_assert_num_queries):
    make_mission()
    kept()
    with django_assert_num_queries(1):
        kept()
    assert read == ["all"]


def test_a_saved_mission_alone_is_read_again(read):
    missions = [make_mission(countries=[make_country("COD", make_region("africa"))]) for _ in range(20)]
    kept()
    missions[3].type = "traditional"
    missions[3].save()
    missions[4].countries.clear()
    assert kept() == anew()
    Mission.objects.filter(pk=missions[6].pk).update(stage=Stage.WITHDRAWN)
    missions[7].delete()
    missions[8].counted_by.clear()
    assert kept() == anew()
    assert read == ["all", 2, "all", 2, "all"]


def test_what_many_missions_share_is_read_again_as_a_whole(read):
    country = make_country("COD", make_region("africa"))
    make_mission(countries=[country])
    kept()
    country.regions.clear()
    assert kept() == anew()
    assert read == ["all", "all", "all"]


def test_a_change_elsewhere_reads_nothing(read):
    make_mission()
    kept()
    make_source()
    kept()
    assert read == ["all"]


def test_a_change_that_is_undone_is_seen_by_no_one_else(read):
    mission = make_mission()
    before = kept()
    with transaction.atomic():
        Mission.objects.filter(pk=mission.pk).update(type="traditional")
        assert kept() != before
        transaction.set_rollback(True)
    assert kept() == before == anew()


def test_what_is_handed_out_stays_as_it_is():
    mission = make_mission()
    rows, rows_of, labels = facets.index(Mission)
    rows_of["type"].clear()
    labels.clear()
    assert kept() == anew()
    assert facets.index(Mission)[2]["type", "observer"] == "Observer mission"
    assert rows == 1 << mission.pk


@pytest.mark.long
def test_it_never_differs_from_one_read_anew():
    """Many changes of every sort that counts, the index asked after each."""
    chance = random.Random(7)
    regions = [make_region("africa"), make_region("asia")]
    countries = [make_country(iso3, chance.choice(regions)) for iso3 in ("COD", "CYP", "HTI")]
    principles = [make_principle() for _ in range(2)]
    for _ in range(6):
        make_mission(countries=chance.sample(countries, 2))

    def any_mission():
        return chance.choice(list(Mission.objects.all()))

    changes = [
        lambda: make_mission(countries=[chance.choice(countries)]),
        lambda: make_task(any_mission(), make_term(vocabulary="mandate-task")),
        lambda: make_evidence(any_mission(), principle=chance.choice(principles)),
        lambda: any_mission().countries.set(chance.sample(countries, 2)),
        lambda: MandatedTask.objects.filter(mission=any_mission()).update(mission=any_mission()),
        lambda: Evidence.objects.filter(mission=any_mission()).delete(),
        lambda: any_mission().delete() if Mission.objects.count() > 3 else None,
        lambda: Mission.objects.filter(pk=any_mission().pk).update(stage=chance.choice([Stage.DRAFT, Stage.PUBLISHED])),
        lambda: Principle.objects.filter(pk=principles[0].pk).update(
            stage=chance.choice([Stage.DRAFT, Stage.PUBLISHED])
        ),
        lambda: chance.choice(countries).regions.set([chance.choice(regions)]),
    ]
    for _ in range(60):
        for _ in range(chance.randint(1, 3)):
            chance.choice(changes)()
        assert kept() == anew()
        assert kept(Principle) == anew(Principle)


def test_more_changes_than_are_remembered_read_all(read, monkeypatch):
    missions = [make_mission() for _ in range(4)]
    kept()
    monkeypatch.setattr(facets, "MOST_CHANGES", 3)
    for mission in missions:
        mission.save()
    assert kept() == anew()
    assert read == ["all", "all", "all"]
