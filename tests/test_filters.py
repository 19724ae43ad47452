import pytest
from django.http import QueryDict

from missions.facets import paths
from missions.filters import Listing
from missions.models import LISTED, Mission, Principle

from .factories import (
    DAY,
    make_case_study,
    make_country,
    make_evidence,
    make_mission,
    make_organization,
    make_principle,
    make_region,
    make_task,
    make_term,
)

pytestmark = pytest.mark.django_db


def listing(query="", model=Mission):
    return Listing(model, QueryDict(query))


def slugs(query, model=Mission):
    found = listing(query, model)
    assert found.errors == {}
    return sorted(found.rows.values_list("slug", flat=True))


@pytest.fixture
def three():
    africa = make_region("africa")
    western = make_region("western-africa", parent=africa)
    make_mission(slug="one", type="observer", countries=[make_country("SLE", africa, western)])
    make_mission(slug="two", type="traditional", countries=[make_country("SOM", africa)],
                 ended_on=DAY.replace(year=2005), ended_precision="day")  # fmt: skip
    make_mission(slug="three", type="observer", countries=[make_country("HTI", make_region("americas"))],
                 organization=make_organization("au"), started_on=DAY.replace(year=2010), chapter="vii",
                 chapter_basis="cited")  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["one", "three", "two"]),
        ("type=observer", ["one", "three"]),
        ("type=observer&type=traditional", ["one", "three", "two"]),
        ("type=observer&region=africa", ["one"]),
        ("region=western-africa", ["one"]),
        ("country=HTI&country=SOM", ["three", "two"]),
        ("organization=au", ["three"]),
        ("status=closed", ["two"]),
        ("chapter=not-recorded", ["one", "two"]),
        ("active_in=2004", ["one", "two"]),
        ("active_in=2006", ["one"]),
        ("started_from=2002", ["three"]),
        ("started_to=2009&status=ongoing", ["one"]),
        ("type=civilian", []),
    ],
)
def test_values_of_one_parameter_mean_or_and_parameters_mean_and(three, query, found):
    assert slugs(query) == found


def counts(found, parameter):
    facet = next(f for f in found.facets if f.parameter == parameter)
    return {c.value: c.count for c in facet.choices}


def test_a_count_ignores_the_selection_in_its_own_facet(three):
    found = listing("type=traditional&region=africa")
    assert counts(found, "type") == {"observer": 1, "traditional": 1}
    assert counts(found, "region") == {"africa": 1, "western-africa": 0, "americas": 0}


def test_words_and_years_narrow_the_counts(three):
    assert counts(listing("active_in=2006"), "type") == {"observer": 1, "traditional": 0}


def test_a_relation_through_drafts_does_not_count(three):
    mission = Mission.objects.get(slug="one")
    shown, hidden = make_principle(slug="shown"), make_principle(slug="hidden", stage="draft")
    make_evidence(mission, principle=shown)
    make_evidence(mission, principle=shown)
    make_evidence(mission, principle=hidden)
    make_evidence(Mission.objects.get(slug="two"), principle=shown, stage="draft", source=None)
    make_case_study([mission], slug="draft-case", stage="draft")
    found = listing()
    assert counts(found, "principle") == {"shown": 1}
    assert counts(found, "case_study") == {}
    assert slugs("principle=shown") == ["one"]
    assert "hidden" in listing("principle=hidden").errors["principle"][0]


def test_a_facet_of_another_kind_drops_unpublished_missions():
    principle = make_principle(slug="consent")
    make_evidence(make_mission(slug="draft", stage="draft"), principle=principle)
    assert counts(listing("", Principle), "mission") == {}
    make_evidence(make_mission(slug="shown"), principle=principle)
    assert counts(listing("", Principle), "mission") == {"shown": 1}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("colour=red", "colour"),
        ("type=observers", "type"),
        ("type=observer&type=nothing", "type"),
        ("region=atlantis", "region"),
        ("country=%00", "country"),
        ("q=%00", "q"),
        ("q=" + "x" * 5000, "q"),
        ("country=" + "x" * 5000, "country"),
        ("q=a&q=b", "q"),
        ("page=0", "page"),
        ("page=-1", "page"),
        ("page=x", "page"),
        ("page=1&page=x", "page"),
        ("page=999999", "page"),
        ("page=9999999999999999999999", "page"),
        ("page=\uff11", "page"),
        ("page=", "page"),
        ("active_in=soon", "active_in"),
        ("active_in=\uff11\uff19\uff19\uff10", "active_in"),
        ("active_in=2099", "active_in"),
        ("facets=2", "facets"),
        ("active_in=1e3", "active_in"),
        ("active_in=1_999", "active_in"),
        ("active_in=%2B1999", "active_in"),
        ("active_in=1.999e3", "active_in"),
        ("active_in=99999", "active_in"),
        ("active_in=1999.5", "active_in"),
        ("started_from=-1", "started_from"),
        ("ordering=stage", "ordering"),
        ("ordering=lock", "ordering"),
        ("ordering=title&ordering=title", "ordering"),
        ("\ud800=1".encode("utf-8", "replace").decode(), "?"),
    ],
)
def test_a_bad_query_names_its_parameter_and_gives_no_rows(query, parameter):
    make_mission()
    found = listing(query)
    assert list(found.errors) == [parameter]
    assert list(found.rows) == []
    assert found.count == 0


@pytest.mark.parametrize("ordering", ["-title,", ",-title", ",-title,,"])
def test_an_empty_part_of_an_ordering_asks_for_nothing(ordering):
    for slug in "ab":
        make_mission(slug=slug, title=slug)
    assert list(listing(f"ordering={ordering}").rows.values_list("slug", flat=True)) == ["b", "a"]
    assert listing("ordering=,,").rows.count() == 2


def test_ordering_ends_in_a_unique_field():
    for slug in "cab":
        make_mission(slug=slug, title="Same")
    by_title = list(listing("ordering=title").rows.values_list("slug", flat=True))
    assert by_title == ["c", "a", "b"]
    assert all(list(m._meta.ordering)[-1] == m.address_field for m in LISTED)


@pytest.mark.parametrize("model", LISTED, ids=lambda m: m.__name__)
def test_all_facets_are_read_in_one_query(model, django_assert_num_queries):
    with django_assert_num_queries(1 if paths(model) else 0):
        assert len(listing("", model).facets) == len(paths(model))


def test_terms_of_tasks_filter_missions():
    term = make_term(slug="ceasefire")
    make_task(make_mission(slug="one"), term)
    make_task(make_mission(slug="two"), term, stage="draft", source=None)
    assert slugs("task=ceasefire") == ["one"]


def test_a_label_and_a_value_are_shown_as_text(client):
    country = make_country("CYP")
    type(country).objects.filter(pk=country.pk).update(name="<b>'&\"", iso3='"><')
    make_mission(countries=[country])
    page = client.get("/missions/").content.decode()
    assert 'value="&quot;&gt;&lt;"> <span>&lt;b&gt;&#x27;&amp;&quot;</span> <span class="count">1</span>' in page
    assert "<b>" not in page
