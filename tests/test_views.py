import csv
import io
import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from missions import workflow
from missions.models import KINDS, LISTED, CaseStudy, Challenge, Mission, Principle, Source, Theme, Trend

from . import factories
from .factories import (
    make_assessment,
    make_case_study,
    make_country,
    make_entry,
    make_event,
    make_evidence,
    make_figure,
    make_mission,
    make_organization,
    make_principle,
    make_region,
    make_source,
    make_task,
    make_term,
    make_topic,
)

pytestmark = pytest.mark.django_db
CANARY = "Canary-7331"


@pytest.mark.parametrize("model", LISTED, ids=lambda m: m.url_segment)
def test_every_list_answers_as_page_json_csv_and_api(client, model):
    make = {"sources": make_source, "glossary": make_term}.get(model.url_segment)
    row = make() if make else make_entry(model)
    address = f"/{model.url_segment}/"
    page = client.get(address)
    assert page.status_code == 200
    assert f'href="{row.get_absolute_url()}"' in page.content.decode()
    answer = client.get(address, {"format": "json"}).json()
    assert (answer["count"], answer["next"], answer["previous"]) == (1, None, None)
    assert answer["results"][0]["slug"] == row.slug
    assert client.get(f"/api/v1/{model.url_segment}/").json() == answer
    lines = list(csv.DictReader(io.StringIO(client.get(address, {"format": "csv"}).getvalue().decode("utf-8-sig"))))
    assert [line["slug"] for line in lines] == [row.slug]
    assert list(lines[0]) == list(answer["results"][0])


@pytest.mark.parametrize("model", LISTED, ids=lambda m: m.url_segment)
def test_every_entry_answers_as_page_json_and_api(client, model):
    make = {"sources": make_source, "glossary": make_term}.get(model.url_segment)
    row = make() if make else make_entry(model)
    page = client.get(row.get_absolute_url())
    assert page.status_code == 200
    assert str(row.label) in page.content.decode()
    record = client.get(row.get_absolute_url(), {"format": "json"}).json()
    assert (record["id"], record["slug"], record["url"]) == (row.permanent_id, row.slug, row.get_absolute_url())
    assert client.get(f"/api/v1/{model.url_segment}/{row.slug}/").json() == record


def full_mission(**values):
    """Make a mission with one of everything."""
    asia, source = make_region("asia"), make_source()
    values = {"summary": f"In short [@{source.slug}]."} | values
    mission = make_mission(countries=[make_country("CYP", asia, make_region("western-asia", parent=asia))], **values)
    make_figure(mission)
    make_event(mission, symbol="S/RES/1 (2001)", kind="establishment", vote="15-0-0")
    make_task(mission, assist=True)
    make_assessment(mission)
    make_evidence(mission, principle=make_principle())
    make_evidence(mission, challenge=make_topic(Challenge))
    make_evidence(mission, trend=make_topic(Trend))
    return mission


def test_a_mission_has_its_public_shape(client):
    term = make_term(slug="un-list", vocabulary="counting-rule")
    source = make_source(slug="s-res-186-1964")
    mission = full_mission(slug="unficyp", title="Force in Cyprus", acronym="UNFICYP", dates_source=source,
                           type_source=source, founding_instrument="S/RES/186 (1964)", counted_by=[term])  # fmt: skip
    make_case_study([mission], slug="cyprus")
    record = client.get("/missions/unficyp/?format=json").json()
    assert {k: record[k] for k in ("slug", "url", "title", "acronym", "type", "regions", "countries", "organization",
                                   "status", "started_on", "started_precision", "ended_on", "ended_precision",
                                   "founding_instrument", "chapter", "case_studies", "counted_by")} == {
        "slug": "unficyp", "url": "/missions/unficyp/", "title": "Force in Cyprus", "acronym": "UNFICYP",
        "type": "observer", "regions": ["asia", "western-asia"], "countries": ["CYP"], "organization": "un",
        "status": "ongoing", "started_on": "2001-02-03", "started_precision": "day", "ended_on": None,
        "ended_precision": "", "founding_instrument": "S/RES/186 (1964)", "chapter": "not-recorded",
        "case_studies": ["cyprus"], "counted_by": ["un-list"],
    }  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record["updated_at"])
    figure = record["figures"][0]
    figure_source = figure.pop("source")
    assert Source.objects.filter(slug=figure_source).exists()
    assert figure == {"measure": "fatalities", "value": 7, "unit": "persons", "scope": "all", "as_of": "2001-02-03",
                      "as_of_precision": "day", "period": "", "preferred": True, "confidence": "medium",
                      "locator": "", "note": ""}  # fmt: skip
    assert set(record["events"][0]) >= {"date", "precision", "kind", "title", "text", "source"}
    assert set(record["evidence"][0]) >= {"mission", "kind", "entry", "stance", "text", "date", "source"}
    assert (record["tasks"][0]["modality"], record["evidence"][0]["mission"]) == (["assist"], "unficyp")
    assert (record["predecessors"], record["successors"]) == ([], [])


def drafts_everywhere():
    """Make drafts that hang on published entries in every way there is; return the published ones."""
    hidden_term = make_term(label_text="Shown term")
    mission = full_mission(slug="shown", summary="Seen [@seen].")
    make_source(slug="seen")
    workflow.index_citations(mission)
    draft = full_mission(slug="canary-mission", stage="draft", title=CANARY, acronym=CANARY, summary=CANARY)
    for make in (make_figure, make_event, make_assessment, make_evidence):
        field = {"make_figure": "note", "make_event": "title"}.get(make.__name__, "text")
        make(mission, stage="draft", **{field: CANARY})
    make_task(mission, hidden_term, stage="draft", text=CANARY)
    hidden = {"stage": "draft", "title": CANARY, "slug": "canary-principle", "summary": CANARY}
    make_evidence(mission, principle=make_principle(**hidden), text=CANARY)
    withdrawn = {"stage": "withdrawn", "withdrawal_note": "Wrong.", "title": CANARY}
    make_evidence(mission, challenge=make_topic(Challenge, **withdrawn), text=CANARY)
    case = make_case_study([mission, draft], slug="shown-case")
    make_case_study([mission], slug="canary-case", stage="draft", title=CANARY)
    principle = make_principle(slug="shown-principle")
    make_evidence(draft, principle=principle, text=CANARY)
    theme = make_topic(Theme, slug="shown-theme", missions=[mission, draft])
    factories.models.Succession.objects.create(
        predecessor=draft, successor=mission, date=factories.DAY, source=make_source()
    )
    return [mission, case, principle, theme]


def test_no_output_shows_a_draft(client):
    shown = drafts_everywhere()
    pages = [e.get_absolute_url() for e in [*shown, *Source.objects.all(), *factories.models.Term.objects.all()]]
    lists = [f"/{m.url_segment}/" for m in LISTED]
    lists += [f"{a}?format={f}" for a in lists for f in ("json&facets=1", "csv")]
    lists += ["/data/", "/data/codebook/", "/missions/?format=csv&table=sources"]
    lists += ["/missions/?view=table", f"/missions/?q={CANARY}", f"/search/?q={CANARY}", "/search/?q=shown&format=json"]
    details = [f"{a}?format=json" for a in pages]
    seen = 0
    for address in ["/", "/about/", *pages, *lists, *details]:
        body = client.get(address).getvalue().decode()
        body = body.replace(f'value="{CANARY}"', "").replace(f"“{CANARY}”", "").replace(f"{CANARY}</a>", "")
        body = re.sub(rf"[?;]q={CANARY}|</span> {CANARY} <|: {CANARY}<|_q-{CANARY}", "", body)
        assert "canary" not in body.lower(), address
        seen += "shown" in body
    assert seen > 10  # the pages that could have shown them are there
    mission = Mission.objects.get(slug="canary-mission")
    mission.stage, mission.published_at = "published", mission.updated_at
    source = make_source()
    mission.dates_source = mission.type_source = source
    mission.save()
    assert CANARY in client.get("/missions/").content.decode()


@pytest.mark.parametrize("suffix", ["", "?format=json"])
@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.__name__)
def test_a_draft_is_not_found_and_a_withdrawn_entry_is_gone(client, model, suffix):
    make_entry(model, slug="draft", stage="draft")
    make_entry(model, slug="gone", stage="withdrawn", withdrawal_note="It was a duplicate.", withdrawal_kind="error")
    assert client.get(f"/{model.url_segment}/draft/{suffix}").status_code == 404
    gone = client.get(f"/{model.url_segment}/gone/{suffix}")
    assert gone.status_code == 410
    assert "It was a duplicate." in gone.content.decode()


def test_an_unknown_address_offers_a_search(client):
    page = client.get("/missions/minustha/")
    assert page.status_code == 404
    assert 'action="/search/"' in page.content.decode()
    assert 'value="minustha"' in page.content.decode()
    assert client.get("/api/v1/missions/minustha/").json() == {"detail": "There is no mission here."}


@pytest.mark.parametrize(
    "query", ["colour=red", "type=x", "page=99", "active_in=x", "view=y", "facets=2", "format=pdf"]
)
def test_a_bad_query_is_refused_everywhere(client, query):
    make_mission(title="Should not be seen")
    for address in (f"/missions/?format=json&{query}", f"/api/v1/missions/?{query}", f"/missions/?format=csv&{query}"):
        if query == "format=pdf":
            address = address.replace("format=json&", "").replace("format=csv&", "")
        answer = client.get(address)
        assert answer.status_code == 400
        assert list(answer.json()["errors"]) == [query.split("=")[0]]
    page = client.get(f"/missions/?{query}")
    assert page.status_code == 400
    assert "Should not be seen" not in page.content.decode()


def test_the_page_says_what_is_wrong(client):
    page = client.get("/missions/?colour=red").content.decode()
    assert "<code>colour</code>: Unknown parameter." in page
    page = client.get("/missions/?view=hologram").content.decode()
    assert "There is no view “hologram”. Use one of: cards, table, map, timeline." in page


def test_empty_parameters_are_dropped_from_the_address(client):
    answer = client.get("/missions/?q=&type=observer&active_in=")
    assert (answer.status_code, answer["Location"]) == (302, "/missions/?type=observer")


@pytest.mark.parametrize(
    "address",
    [
        "/missions/?q=%00", "/missions/%00/", "/search/?q=%00", "/search/?q=" + "x" * 5000, "/search/?q=a&q=b",
        "/search/?kind=x", "/search/?x=1", "/missions/?" + "&".join(f"p{n}=1" for n in range(300)),
    ],
    ids=range(8),
)  # fmt: skip
def test_hostile_addresses_get_a_clear_4xx(client, address):
    assert client.get(address).status_code in (400, 404)


@pytest.mark.parametrize("text", ['"', "a:b", "NEAR(", "%", "_", "\\", "'; DROP TABLE", "<script>", "é" * 100, "  "])
def test_any_words_are_safe_to_search(client, text):
    make_mission()
    for address in ("/search/", "/missions/"):
        page = client.get(address, {"q": text})
        assert page.status_code in (200, 302)
        assert "<script>" not in page.content.decode()


@pytest.mark.parametrize("address", ["/missions/", "/search/", "/api/v1/missions/", "/nothing/"])
def test_only_reading_is_allowed(address):
    client = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(client, method)(address)
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")


@pytest.mark.parametrize(
    ("value", "cell"), [("=1+1", "'=1+1"), ("-5", "'-5"), ("@x", "'@x"), ("\tx", "'\tx"), ("a=b", "a=b"), ("", "")]
)
def test_csv_cells_are_no_formulas(client, value, cell):
    make_mission(founding_instrument=value)
    text = client.get("/missions/?format=csv").getvalue().decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["founding_instrument"] == cell


def test_a_list_is_paged_without_gaps(client):
    for n in range(50):
        make_principle(slug=f"p-{n:02}", title="Same title")
    seen, address = [], "/principles/?format=json"
    while address:
        answer = client.get(address).json()
        seen += [r["slug"] for r in answer["results"]]
        address = answer["next"]
    assert seen == [f"p-{n:02}" for n in range(50)]


def test_two_values_that_differ_are_both_shown(client):
    mission = make_mission(slug="m")
    make_figure(mission, value=100, note="Counted.")
    make_figure(mission, value=120, preferred=False, note="Estimated.")
    page = client.get("/missions/m/").content.decode()
    assert "Sources differ; this value is preferred." in page
    assert "Another value is preferred." in page
    table = client.get("/missions/?view=table").content.decode()
    assert ">100<br>" in table
    assert ">120<br>" not in table


def test_what_is_not_recorded_is_not_a_zero(client):
    make_mission(slug="none")
    make_figure(make_mission(slug="zero"), value=0)
    rows = re.findall(r'<td class="number">(.*?)</td>', client.get("/missions/?view=table").content.decode(), re.S)
    assert ["not recorded" in row for row in rows] == [True, False]


def test_a_mandate_that_ran_out_is_not_called_current(client):
    make_mission(slug="m", mandate_ends_on=factories.DAY, mandate_source=make_source())
    assert "renewal not verified" in client.get("/missions/m/").content.decode()


def test_a_source_lists_what_rests_on_it(client):
    source = make_source(slug="report")
    principle = make_principle(title="Consent", definition="So [@report].")
    workflow.index_citations(principle)
    make_figure(make_mission(acronym="UNX", slug="unx"), source=source, value=1234)
    page = client.get("/sources/report/").content.decode()
    assert f'<a href="{principle.get_absolute_url()}">Consent</a>' in page
    assert '<a href="/missions/unx/">UNX</a>: Fatalities: 1,234' in page


def test_every_answer_carries_the_policy_without_unsafe_inline(client):
    for address in ("/", "/nothing/", "/admin/login/"):
        policy = client.get(address)["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy


LIST_QUERIES = {Mission: 4, CaseStudy: 4, Principle: 3}


@pytest.mark.parametrize("rows", [1, 50])
@pytest.mark.parametrize("model", LIST_QUERIES, ids=lambda m: m.url_segment)
def test_a_list_runs_a_fixed_number_of_queries(client, model, rows, django_assert_num_queries):
    for _ in range(rows):
        mission = full_mission()
        if model is CaseStudy:
            make_case_study([mission])
    with django_assert_num_queries(LIST_QUERIES[model]):
        client.get(reverse(f"{model._meta.model_name}-list"))


@pytest.mark.parametrize("facts", [1, 50])
def test_a_page_runs_a_fixed_number_of_queries(client, facts, django_assert_num_queries):
    assert connection.features.supports_json_field  # Django asks SQLite once, in the first test that needs to know
    missions = [full_mission() for _ in range(facts)]
    case = make_case_study(missions)
    for _ in range(facts):
        make_event(missions[0])
        make_evidence(missions[0], principle=make_principle())
    principle = make_principle(slug="held")
    for mission in missions:
        make_evidence(mission, principle=principle)
    for entry, queries in ((missions[0], 12), (case, 9), (principle, 5)):
        with django_assert_num_queries(queries):
            client.get(entry.get_absolute_url())


def test_the_matrix_counts_evidence_and_a_cell_opens_its_items(client):
    mission, principle = make_mission(slug="unx", acronym="UNX"), make_principle(slug="consent", title="Consent")
    make_evidence(mission, principle=principle, text="It held.")
    make_evidence(mission, principle=principle, text="It broke.", stance="breached", date="2005-01-01")
    make_evidence(mission, principle=principle, text="A draft.", stage="draft")
    page = client.get("/evidence/").content.decode()
    assert "Consent, UNX: Upheld, Breached; </span>2</a>" in page
    assert "It held." not in page
    opened = client.get("/evidence/?entry=consent&mission=unx&kind=principle").content.decode()
    assert "It held." in opened
    assert "It broke." in opened
    assert "A draft." not in opened
    results = client.get("/evidence/?format=json&entry=consent").json()
    assert [(r["mission"], r["kind"], r["entry"], r["stance"]) for r in results["results"]] == [
        ("unx", "principle", "consent", "upheld"), ("unx", "principle", "consent", "breached"),
    ]  # fmt: skip
    assert client.get("/evidence/?format=csv").getvalue().decode().count("\n") == 3


def test_the_matrix_follows_the_filters_of_the_missions(client):
    principle = make_principle()
    for slug, kind in (("one", "observer"), ("two", "traditional")):
        make_evidence(make_mission(slug=slug, acronym=slug.upper(), type=kind), principle=principle)
    page = client.get("/evidence/?type=observer").content.decode()
    assert re.findall(r"mission=(one|two)\b", page.split("<tbody>")[0].split("<thead>")[1]) == ["one"]


@pytest.mark.parametrize(
    "query",
    ["kind=theme", "entry=nothing", "mission=nothing", "colour=red", "kind=trend&kind=principle", "type=x", "page=2"],
)
def test_a_bad_query_of_the_matrix_is_refused(client, query):
    make_evidence(make_mission())
    assert client.get(f"/evidence/?{query}").status_code == 400
    answer = client.get(f"/evidence/?format=json&{query}")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [query.split("=")[0]])


def test_the_mandate_over_time_tells_what_each_decision_changed(client):
    mission = make_mission(slug="unx")
    terms = {s: make_term(slug=s, label_text=s.title()) for s in ("ceasefire", "elections", "demining")}
    for term in terms.values():
        make_task(mission, term)

    def decision(year, *tasks, anew=False):
        named = [{"task": t, "modality": ["assist"], "strength": "requested", "locator": "para. 1"} for t in tasks]
        make_event(mission, kind="mandate-change", symbol=f"S/RES/{year}", date=factories.DAY.replace(year=year),
                   tasks=named, replaces_mandate=anew)  # fmt: skip

    decision(2001, "ceasefire", "elections")
    decision(2002)
    decision(2003, "elections", "demining")
    decision(2004, "demining", anew=True)
    history = client.get("/missions/unx/").context["history"]
    assert [(e.symbol, *([t.slug for t in part] for part in parts)) for e, *parts in history] == [
        ("S/RES/2001", ["ceasefire", "elections"], [], []),
        ("S/RES/2003", ["demining"], ["elections"], []),
        ("S/RES/2004", [], ["demining"], ["ceasefire", "elections"]),
    ]


def test_lineage_shows_all_that_is_linked_and_no_draft(client):
    a, b, c = (make_mission(slug=s, acronym=s.upper(), started_on=factories.DAY.replace(year=y))
               for s, y in (("a", 2001), ("b", 2003), ("c", 2005)))  # fmt: skip
    draft = make_mission(slug="d", acronym="D", stage="draft", started_on=factories.DAY)
    for before, after in ((a, b), (b, c), (draft, a)):
        factories.models.Succession.objects.create(
            predecessor=before, successor=after, date=after.started_on, source=make_source()
        )
    assert [m.slug for m in client.get("/missions/a/").context["lineage"]["missions"]] == ["a", "b", "c"]
    assert client.get("/missions/a/?format=json").json()["successors"] == ["b"]
    assert client.get("/missions/a/?format=json").json()["predecessors"] == []


def test_deaths_by_year_leave_gaps_and_count_each_death_once(client):
    mission = make_mission(slug="unx")
    for period, scope, value in (("", "all", 5), ("2001", "all", 3), ("2001", "accident", 3), ("2003", "illness", 2)):
        make_figure(mission, period=period, scope=scope, value=value)
    chart = client.get("/missions/unx/").context["deaths_chart"]
    assert [(year, total) for year, _, total in chart["rows"]] == [(2001, 3), (2003, 2)]
    assert chart["finding"] == "5 deaths are recorded by year; the most in one year were 3, in 2001."
    assert client.get("/trends/").context["deaths"]["rows"] == chart["rows"]


def test_another_date_of_the_same_event_is_shown_as_such(client):
    mission = make_mission(slug="unx")
    make_event(mission, title="Start by another list", preferred=False, note="The other counts differently.")
    page = client.get("/missions/unx/").content.decode()
    assert "<dt>Also given</dt><dd>Start by another list: 3 February 2001" in page
    assert "Another date is preferred." in page


def test_the_counting_page_says_what_enters_beyond_the_un_list(client):
    rule = make_term(slug="un-list", vocabulary="counting-rule", label_text="UN list")
    make_mission(slug="listed", counted_by=[rule])
    nato = make_organization("nato")
    make_mission(slug="led-by-others", organization=nato, authorization="un-authorized")
    make_mission(slug="political", type="special-political")
    context = client.get("/about/counting/").context
    assert (context["total"], context["outside_total"], [r.total for r in context["rules"]]) == (3, 2, [1])
    assert [[m.slug for m in missions] for _, missions in context["outside"]] == [["political"], ["led-by-others"], []]


def test_the_attribution_names_licence_and_wanted_citation(client):
    make_source(kind="dataset", title="Deaths", licence="CC BY 3.0 IGO", how_to_cite="Cite so.")
    make_source(kind="dataset", title="Mandates")
    page = client.get("/about/attribution/").content.decode()
    assert "Licence: CC BY 3.0 IGO." in page
    assert "To be cited as: Cite so." in page
    assert "none stated by its makers" in page


def test_a_reader_chooses_a_theme_without_scripts(client):
    page = client.get("/missions/?type=observer")
    assert 'data-theme="auto"' in page.content.decode()
    assert "Cookie" in page["Vary"]
    answer = client.get("/theme/", {"theme": "dark", "next": "/missions/?type=observer"})
    assert (answer.status_code, answer["Location"]) == (302, "/missions/?type=observer")
    cookie = answer.cookies["theme"]
    assert (cookie.value, cookie["httponly"], cookie["samesite"]) == ("dark", True, "Lax")
    assert 'data-theme="dark"' in client.get("/").content.decode()
    client.get("/theme/", {"theme": "auto", "next": "/"})
    assert 'data-theme="auto"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_the_theme_leads_back_to_this_site_only(client, back):
    assert client.get("/theme/", {"theme": "light", "next": back})["Location"] == "/"


def test_an_unknown_theme_is_refused(client):
    assert client.get("/theme/?theme=pink").json()["errors"] == {"theme": ["Use one of: auto, light, dark."]}
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/").content.decode()


def test_an_unknown_host_is_refused_in_a_sentence(client, settings):
    settings.ALLOWED_HOSTS = ["kb.example"]
    answer = client.get("/", headers={"host": "evil.example"})
    assert (answer.status_code, answer.content.decode()[:35]) == (400, "The request cannot be read: its hos")
