"""The content itself: what the fixtures must hold, and that the site says the same as they do."""

import json
import random
import re
from itertools import chain
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import connection
from django.db.models import Count
from django.http import QueryDict
from django.utils.html import escape

from missions import previews
from missions.checks import check_content
from missions.filters import Listing
from missions.loading import FILES, Loader
from missions.models import (
    KINDS,
    LISTED,
    SECTIONS,
    Approach,
    CaseStudy,
    Challenge,
    Citation,
    Event,
    Evidence,
    Figure,
    Mission,
    Principle,
    Source,
    Succession,
    Theme,
    Trend,
)
from missions.prose import plain

pytestmark = pytest.mark.django_db

CASES = {
    "unficyp": ["unficyp"],
    "minustah": ["minustah"],
    "amisom": ["amisom"],
    "monusco": ["monusco"],
    "minusca": ["minusca"],
    "kosovo": ["kfor", "operation-allied-force", "unmik"],
    "sierra-leone": ["ecomog-sierra-leone", "operation-palliser", "unamsil", "uniosil", "unipsil", "unomsil"],
}


def fixture(name):
    return json.loads((settings.BASE_DIR / "fixtures" / f"{name}.json").read_text())


@pytest.mark.long
def test_loading_adds_every_record_and_a_second_time_none(content):
    total = sum(len(fixture(name)) for name in FILES)
    assert (content.added.total(), content.kept) == (total, [])
    again = Loader().load()
    assert (again.added.total(), again.refreshed.total(), again.unchanged.total(), again.kept) == (0, 0, total, [])


def test_there_is_one_fixture_file_a_kind_and_each_is_sorted(content):
    assert {p.stem for p in (settings.BASE_DIR / "fixtures").glob("*.json")} == set(FILES)
    for name, model in FILES.items():
        keys = [r["fields"][model.address_field] for r in fixture(name)]
        assert len(keys) == len(set(keys)), name
        if model.address_field == "slug" and name != "regions":  # regions stand in the order of M49
            assert keys == sorted(keys), name


def test_the_seven_cases_tell_of_fourteen_missions(content):
    assert {c.slug: sorted(m.slug for m in c.missions.all()) for c in CaseStudy.objects.published()} == CASES


@pytest.mark.parametrize("slug", CASES)
def test_a_case_is_complete(content, slug):
    case = CaseStudy.objects.published().get(slug=slug)
    assert [name for name in SECTIONS if len(getattr(case, name).split()) < 100] == []
    missions = case.missions.published()

    def of(name):
        return list(chain.from_iterable(getattr(m, name).published() for m in missions))

    events, figures = of("events"), of("figures")
    assert len(events) >= 10
    assert len([e for e in events if e.is_mandate_decision]) >= 3
    assert {f.measure.split("-")[0] for f in figures} >= {"authorized", "deployed"}
    assert len(of("tasks")) >= 6
    assert {a.verdict for a in of("assessments")} >= {"favourable", "critical"}
    topics = {(e.kind, e.entry.slug) for e in of("evidence") if e.kind != "trend"}
    assert len(topics) >= 3
    assert all(f.source and f.as_of for f in figures)


UN_DEATHS = {"unficyp": 184, "minustah": 187, "monusco": 292, "minusca": 208, "unmik": 62, "unamsil": 192, "onuc": 249}
UN_DEATHS |= {"unef-i": 104, "unef-ii": 56, "unavem-ii": 5, "unavem-iii": 36, "unosom-i": 160, "unosom-ii": 160}


def test_deaths_are_those_of_the_un_dataset(content):
    totals = Figure.objects.filter(source__slug="un-fatalities-dataset", scope="all", period="")
    assert {s: v for s, v in totals.values_list("mission__slug", "value") if s in UN_DEATHS} == UN_DEATHS


def test_deaths_by_year_and_by_cause_add_up_to_the_total(content):
    held = {}
    for f in Figure.objects.filter(source__slug="un-fatalities-dataset").select_related("mission"):
        held.setdefault(f.mission.slug, {})[f.period, f.scope] = f.value
    pooled = held.pop("unosom-i")
    assert pooled == {("", "all"): held["unosom-ii"]["", "all"]}
    assert len(held) > 55
    for slug, figures in held.items():
        for period in {p for p, _ in figures}:
            causes = [v for (p, scope), v in figures.items() if p == period and scope != "all"]
            assert sum(causes) == figures[period, "all"], (slug, period)
        years = [v for (p, scope), v in figures.items() if p and scope == "all"]
        assert sum(years) == figures["", "all"], slug


def test_pooled_figures_say_so(content):
    for slug in ("unosom-i", "unosom-ii", "unef-i", "unavem-iii"):
        assert "ool" in Figure.objects.filter(mission__slug=slug, measure="fatalities").first().note


def test_the_register_holds_136_operations_and_the_71_of_the_un_list(content):
    missions = Mission.objects.published()
    assert missions.count() == 136
    assert missions.filter(counted_by__slug="un-list").count() == 71
    assert missions.filter(counted_by__slug="pema").count() == 27
    assert missions.filter(counted_by__slug="this-knowledge-base").count() == 136
    assert not missions.filter(organization__slug__in=["nato", "au", "eu"], counted_by__slug="un-list").exists()


def test_every_mission_has_three_to_six_sentences_with_a_source(content):
    for mission in Mission.objects.published():
        text = plain(mission.summary)
        assert 55 <= len(text.split()) <= 170, mission
        assert len(re.findall(r"[.!?](?:\s|$)", text)) >= 3, mission
        assert mission.cited_slugs(), mission


def test_every_mission_has_its_beginning_and_its_end_on_the_timeline(content):
    for mission in Mission.objects.published():
        kinds = set(mission.events.published().values_list("kind", flat=True))
        assert kinds & {"establishment", "operational"}, mission
        assert not mission.ended_on or kinds & {"closure", "transition"}, mission


def test_decisions_of_the_coded_operations_name_their_tasks(content):
    coded = Mission.objects.filter(counted_by__slug="pema")
    for mission in coded:
        assert any(e.tasks for e in mission.events.published()), mission
        known = set(mission.tasks.values_list("task__slug", flat=True))
        assert {t["task"] for e in mission.events.all() for t in e.tasks} <= known, mission


def test_disagreements_on_dates_are_recorded(content):
    rivals = Event.objects.published().filter(preferred=False)
    assert set(rivals.values_list("mission__slug", flat=True)) >= {
        "unficyp",
        "onuc",
        "undof",
        "uncro",
        "unmop",
        "unoci",
    }
    assert [e.title for e in rivals if not e.note] == []


def test_lineages_lead_from_regional_to_un_operations(content):
    links = set(Succession.objects.values_list("predecessor__slug", "successor__slug"))
    assert links >= {("unomsil", "unamsil"), ("unamsil", "uniosil"), ("uniosil", "unipsil"), ("afisma", "minusma"),
                     ("misca", "minusca"), ("monuc", "monusco"), ("amisom", "atmis"), ("atmis", "aussom")}  # fmt: skip


@pytest.mark.parametrize("model", [Principle, Challenge], ids=lambda m: m.__name__)
def test_every_principle_and_challenge_has_three_items_of_evidence(content, model):
    assert {t.slug: n for t in model.objects.published() if (n := t.evidence.published().count()) < 3} == {}


def test_evidence_covers_the_case_studies_and_twenty_further_missions(content):
    evidence = Evidence.objects.published()
    told = set(chain.from_iterable(CASES.values()))
    assert evidence.filter(mission__slug__in=told).count() >= 80
    assert len(set(evidence.exclude(mission__slug__in=told).values_list("mission__slug", flat=True))) >= 20


def test_the_content_keeps_its_rules(content):
    assert [str(f) for f in check_content() if f.level == "error"] == []


def test_there_are_two_approaches_compared_over_nine_dimensions(content):
    cells = {a.slug: {d.dimension for d in a.dimensions.all()} for a in Approach.objects.published()}
    assert set(cells) == {"peacekeeping", "peace-enforcement"}
    assert cells["peacekeeping"] == cells["peace-enforcement"]
    assert len(cells["peacekeeping"]) == 9


@pytest.mark.parametrize("model", [Principle, Challenge, Trend, Theme], ids=lambda m: m.__name__)
def test_every_idea_is_defined_discussed_and_sourced(content, model):
    for topic in model.objects.published():
        assert min(len(getattr(topic, n).split()) for n in ("definition", "discussion", "practice")) > 30, topic
        assert len(topic.cited_slugs()) >= 3, topic


def test_at_least_sixty_sources_and_none_without_use(content):
    assert Source.objects.count() >= 60
    for source in Source.objects.all():
        assert source.publisher or source.container or source.symbol, source.slug
    mirrors = re.compile(r"wikipedia|wikimili|archive\.org|scribd|researchgate|academia\.edu", re.I)
    assert [s.slug for s in Source.objects.all() if mirrors.search(s.official_url + s.publisher)] == []


def test_low_confidence_is_never_shown_to_the_day(content):
    for mission in Mission.objects.all():
        for name in ("events", "evidence", "assessments", "tasks"):
            assert [f for f in getattr(mission, name).all() if f.confidence == "low" and f.precision == "day"] == []
        assert [f for f in mission.figures.all() if f.confidence == "low" and f.as_of_precision == "day"] == []


def test_every_idea_listed_in_the_coverage_leads_to_a_page(content):
    links = set(re.findall(r"(/[a-z-]+/[a-z-]+/)", (settings.BASE_DIR / "docs/coverage.md").read_text()))
    assert len(links) > 30
    public = {row.get_absolute_url() for model in LISTED for row in model.objects.published()}
    assert links - public == set()
    covered = {a.split("/")[2] for a in links}
    for model in (Approach, Principle, Challenge, Trend, Theme):
        assert set(model.objects.values_list("slug", flat=True)) <= covered


def test_what_texts_cite_is_indexed(content):
    for model in KINDS:
        for entry in model.objects.all():
            indexed = set(Citation.objects.filter(kind=model._meta.model_name, entry_id=entry.pk)
                          .values_list("source__slug", flat=True))  # fmt: skip
            assert set(entry.cited_slugs()) <= indexed, entry


@pytest.fixture
def register(content, client):
    """What the public pages say of every mission: {slug: {parameter: set of values}}."""
    found = {}
    for slug in Mission.objects.published().values_list("slug", flat=True):
        record = client.get(f"/missions/{slug}/?format=json").json()
        last = record["ended_on"] or "9999"
        evidence = {kind: {e["entry"] for e in record["evidence"] if e["kind"] == kind} for kind in
                    ("principle", "challenge", "trend")}  # fmt: skip
        found[slug] = evidence | {
            "type": {record["type"]}, "region": set(record["regions"]), "country": set(record["countries"]),
            "organization": {record["organization"]}, "status": {record["status"]},
            "chapter": {record["chapter"]}, "task": {t["task"] for t in record["tasks"]},
            "case_study": set(record["case_studies"]), "counted_by": set(record["counted_by"]),
            "years": range(int(record["started_on"][:4]), int(last[:4]) + 1),
        }  # fmt: skip
    return found


@pytest.mark.long
def test_every_count_equals_the_rows_that_one_gets_in_200_random_queries(register):
    chance = random.Random(1964)
    parameters = [p for p in next(iter(register.values())) if p != "years"]
    values = {p: sorted(set(chain.from_iterable(m[p] for m in register.values()))) for p in parameters}

    def rows(selection, year):
        return {s for s, m in register.items() if (year is None or year in m["years"])
                and all(m[p] & chosen for p, chosen in selection.items())}  # fmt: skip

    not_empty = 0
    for _ in range(200):
        chosen = chance.sample(parameters, chance.randint(0, 3))
        selection = {p: set(chance.sample(values[p], min(len(values[p]), chance.randint(1, 3)))) for p in chosen}
        year = chance.choice([None, None, chance.randint(1960, 2026)])
        query = {p: sorted(v) for p, v in selection.items()} | ({"active_in": year} if year else {})
        listing = Listing(Mission, QueryDict(urlencode(query, doseq=True)))
        assert listing.errors == {}
        assert set(listing.rows.values_list("slug", flat=True)) == rows(selection, year), query
        assert listing.count == len(rows(selection, year))
        not_empty += bool(listing.count)
        for facet in listing.facets:
            expected = {v: len(rows(selection | {facet.parameter: {v}}, year)) for v in values[facet.parameter]}
            assert {c.value: c.count for c in facet.choices} == expected, (query, facet.parameter)
    assert not_empty > 60


PAGES_WITH_QUERIES = {"/": 6, "/missions/": 4, "/missions/?view=table": 5, "/case-studies/": 4, "/sources/": 3}


@pytest.mark.parametrize("address", PAGES_WITH_QUERIES)
def test_a_page_of_the_content_stays_within_its_queries(content, client, address, django_assert_num_queries):
    with django_assert_num_queries(PAGES_WITH_QUERIES[address]):
        client.get(address)


@pytest.mark.long
def test_the_pages_of_all_entries_with_most_facts_stay_within_twelve_queries(
    content, client, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr("missions.citations.records.formatted", lambda record: [])  # asks nothing and takes its time
    assert connection.features.supports_json_field  # Django asks SQLite once, in the first test that needs to know
    told = (
        Mission.objects.published()
        .annotate(facts=Count("events", distinct=True) + Count("figures", distinct=True))
        .order_by("-facts")
    )
    for rows in (told[:40], *(model.objects.published() for model in KINDS if model is not Mission)):
        for entry in rows:
            with django_assert_max_num_queries(12):
                assert client.get(entry.get_absolute_url()).status_code == 200


def test_every_title_fits_on_its_preview_image(content):
    cut = []
    for entry in (e for model in KINDS for e in model.objects.published()):
        drawn = previews.preview(entry).svg()
        words = " ".join(re.findall(r"<text[^>]*>([^<]*)</text>", drawn))
        if escape(entry.title) not in words:
            cut.append(entry.slug)
    assert cut == []


def test_the_texts_link_the_glossary_where_it_helps(content, client):
    page = client.get("/case-studies/kosovo/").content.decode()
    linked = re.findall(r'class="term" href="/glossary/([a-z-]+)/"', page)
    assert len(linked) == len(set(linked))
    assert linked[:2] == ["chapter-vii", "arms-embargo"]
