"""Full-text search: what is found, what is never found, what any string does, and how the index keeps up."""

import csv
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from missions import search, workflow
from missions.models import Mission, Principle, SearchDocument
from missions.search import engine
from missions.search.spelling import distance

from .desk import address, form_of, publish, save, take
from .factories import (
    make_case_study,
    make_country,
    make_event,
    make_evidence,
    make_mission,
    make_principle,
    make_source,
    make_term,
)
from .test_admin import as_publisher  # noqa: F401

pytestmark = pytest.mark.django_db
CANARY = "Canary7331"


def ask(client, text, **more):
    return client.get("/search/", {"q": text, "format": "json", **more}).json()


def slugs(client, text, **more):
    return [r["slug"] for r in ask(client, text, **more)["results"]]


def test_the_exact_acronym_comes_first(client):
    make_mission(slug="other", acronym="OTHER", title="Follows MONUC, takes over from MONUC")
    make_mission(slug="monuc", acronym="MONUC", title="Mission in the Congo")
    search.rebuild()
    assert slugs(client, "monuc") == ["monuc", "other"]


def test_names_come_before_texts_and_pages_before_documents(client):
    make_source(slug="report", title="Report on consent")
    make_term(slug="word", label_text="Consent of a kind")
    make_principle(slug="in-text", title="Other", discussion="It rests on consent.")
    make_principle(slug="in-title", title="Of consent")
    search.rebuild()
    found = slugs(client, "consent")
    assert found[:2] == ["in-title", "in-text"]
    assert set(found[2:]) == {"report", "word"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("haiti", True), ("HAÏTI", True), ("operation", True), ("operations", True), ("misión", True),
        ("mision observadores", True), ('"misión de observadores"', True), ('"observadores de misión"', False),
        ("cholera haiti", True), ("cholera mali", False), ("S/RES/1542", True), ("s res 1542", True),
        ("resolution 1542", True), ("1542", True), ("2004", True), ("unstab", False),
    ],
)  # fmt: skip
def test_what_finds_a_mission(client, text, found):
    mission = make_mission(
        [make_country("HTI")], slug="unx", title="Operation in Haïti", other_names="Misión de Observadores",
        founding_instrument="S/RES/1542 (2004)", started_on="2004-06-01",
    )  # fmt: skip
    make_event(mission, title="An outbreak of cholera")
    search.rebuild()
    assert (slugs(client, text) == ["unx"]) is found


def test_words_that_mean_the_same_find_the_same(client):
    make_principle(slug="a", title="On peacekeepers in Cyprus")
    search.rebuild()
    for text in ("blue helmets", "casques bleus", "cascos azules", "peacekeepers chypre", "Casques bleus Chypre"):
        assert slugs(client, text) == ["a"]


def test_every_word_must_be_found_else_some_are_offered(client):
    make_principle(slug="a", title="Consent", discussion="Of the parties.")
    make_principle(slug="b", title="Consent")
    search.rebuild()
    assert slugs(client, "consent parties") == ["a"]
    assert slugs(client, "consent tribunals") == []
    page = client.get("/search/?q=consent+tribunals").content.decode()
    assert "Nothing has all of these words" in page
    assert page.index("With some of the words") < page.index('href="/principles/a/"')


@pytest.mark.parametrize("text", ["minustha", "minusth", "MINSTAH"])
def test_a_misspelt_name_is_understood(client, text):
    make_mission(slug="minustah", acronym="MINUSTAH", title="Stabilization Mission")
    make_mission(slug="hidden", acronym="MINUSTHAN", title="Draft", stage="draft")
    search.rebuild()
    answer = ask(client, text)
    assert (answer["count"], answer["did_you_mean"]) == (0, "MINUSTAH")
    page = client.get("/search/", {"q": text}).content.decode()
    assert 'Did you mean <a href="/search/?q=MINUSTAH">MINUSTAH</a>?' in page


@pytest.mark.parametrize(
    ("a", "b", "number"), [("kitten", "sitting", 3), ("minustha", "minustah", 1), ("", "ab", 2), ("same", "same", 0)]
)
def test_the_distance_counts_an_exchange_of_neighbours_once(a, b, number):
    assert distance(a, b, 5) == number


def test_passages_are_text_with_the_words_marked(client):
    make_principle(slug="a", title="<b>Consent</b>", summary="A <script>alert(1)</script> on consent & more.")
    search.rebuild()
    page = client.get("/search/?q=consent").content.decode()
    assert "&lt;b&gt;<mark>Consent</mark>&lt;/b&gt;" in page
    assert "script&gt;alert(1)&lt;/script&gt; on <mark>consent</mark> &amp; more." in page
    assert "<script>alert" not in page
    assert "script>alert(1)</script> on consent & more." in ask(client, "consent")["results"][0]["snippet"]


def test_kinds_are_counted_and_chosen(client):
    for n in range(30):
        make_principle(slug=f"p-{n:02}", title=f"Consent {n}")
    make_source(slug="s", title="On consent")
    search.rebuild()
    answer = ask(client, "consent", facets=1)
    assert (answer["count"], len(answer["results"])) == (31, 24)
    assert [f for f in answer["facets"]["kind"] if f["count"]] == [
        {"value": "principles", "label": "principles", "count": 30},
        {"value": "sources", "label": "sources", "count": 1},
    ]
    assert answer["next"].endswith("page=2")
    second = client.get(answer["next"]).json()
    assert [r["kind"] for r in second["results"]] == ["principles"] * 6 + ["sources"]
    assert slugs(client, "consent", kind="sources") == ["s"]
    lines = client.get("/search/?q=consent&format=csv").getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(lines)))
    assert (len(rows), list(rows[0])) == (31, ["kind", "slug", "url", "title", "acronym", "snippet"])


def test_lists_and_the_search_page_find_the_same(client):
    make_principle(slug="a", title="Consent", discussion="Of the parties.")
    make_principle(slug="b", title="Of parties and consent")
    search.rebuild()
    listed = client.get("/principles/?q=consent+parties&format=json").json()["results"]
    assert [r["slug"] for r in listed] == slugs(client, "consent parties", kind="principles") == ["b", "a"]


HOSTILE = [
    '"', "'", '""', "a:b", "NEAR(a b)", "a AND", "OR", "NOT x", "a*", "*", "^a", "-a", "(", ")", "((((", "{title} : a",
    "a & | ! b", "a <-> b", "a:*", "\\", "\\'", "%", "_", "'; DROP TABLE missions_mission; --", "<script>", "&amp;",
    "😀", "א ב", "\u202eabc", "\ue000x\ue001", "\ufeff", "é" * 200, "a " * 99, "/" * 50, "S/RES/", "$1", "{}", "?",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_any_string_is_a_safe_query(client, text):
    make_mission(title=f"Mission {CANARY}")
    search.rebuild()
    for path in ("/search/", "/missions/", "/search/suggest"):
        answer = client.get(path, {"q": text})
        assert answer.status_code in (200, 302)
        assert "<script>" not in answer.content.decode().replace('<script src="', "")
    assert client.get("/search/", {"q": text, "format": "json"}).status_code == 200
    assert Mission.objects.count() == 1


@pytest.mark.parametrize(
    ("query", "name"),
    [("q=a&q=b", "q"), ("q=" + "x" * 201, "q"), ("q=a&kind=x", "kind"), ("q=a&page=0", "page"), ("q=a&page=9", "page"),
     ("q=a&page=1e5", "page"), ("q=a&colour=red", "colour"), ("q=a&facets=2", "facets"), ("q=a&format=pdf", "format")],
)  # fmt: skip
def test_what_cannot_be_asked_is_named(client, query, name):
    assert client.get(f"/search/?{query}").status_code == 400
    asked = query if "format" in query else f"{query}&format=json"
    assert list(client.get(f"/search/?{asked}").json()["errors"]) == [name]


def test_broken_encoding_and_nul_are_refused_or_read_as_text(client):
    assert client.get("/search/?q=%00").status_code == 400
    assert client.get("/search/?q=%ED%A0%80").status_code == 200
    assert client.get("/search/suggest?q=%ED%A0%80").status_code == 200


def test_nothing_unpublished_is_found_suggested_or_offered(client):
    later = timezone.now() + timezone.timedelta(days=1)
    make_mission(slug="draft", acronym=CANARY, title=CANARY, stage="draft")
    make_mission(slug="later", acronym=CANARY, title=CANARY, published_at=later)
    make_principle(title=CANARY, stage="withdrawn", withdrawal_note="Wrong.")
    shown = make_mission(slug="shown", acronym="SHOWN", title="Shown")
    make_event(shown, title=CANARY, stage="draft")
    make_evidence(shown, principle=make_principle(stage="draft"), text=CANARY)
    make_case_study([Mission.objects.get(slug="draft")], slug="case", title="Case")
    search.rebuild()
    answer = ask(client, CANARY)
    assert (answer["count"], answer["stale"]) == (0, False)
    assert ask(client, CANARY[:-1])["did_you_mean"] == ""
    assert client.get(f"/search/suggest?q={CANARY[:5]}").json() == {"results": []}
    Mission.objects.filter(slug="later").update(published_at=timezone.now())
    assert slugs(client, CANARY) == ["later"]


def test_an_entry_withdrawn_by_any_way_is_not_found_though_the_index_has_it(client):
    make_principle(slug="a", title=CANARY)
    search.rebuild()
    assert slugs(client, CANARY) == ["a"]
    Principle.objects.update(stage="draft")
    answer = ask(client, CANARY)
    assert (answer["count"], answer["stale"]) == (0, True)


def test_a_save_is_found_at_once_and_a_deletion_forgotten(as_publisher):  # noqa: F811
    entry = make_principle(slug="a", title="Old")
    search.rebuild()
    save(as_publisher, entry, title=CANARY)
    assert slugs(as_publisher, CANARY) == []
    publish(as_publisher, entry)
    assert slugs(as_publisher, CANARY) == ["a"]
    assert slugs(as_publisher, "Old") == []
    take(as_publisher, entry, "withdraw", withdrawal_kind="error", withdrawal_note="Wrong.")
    assert SearchDocument.objects.filter(slug="a").count() == 0
    source = make_source(slug="s")
    values = form_of(as_publisher, address(source)) | {"title": f"Book {CANARY}"}
    assert as_publisher.post(address(source), values).status_code == 302
    assert slugs(as_publisher, CANARY) == ["s"]
    as_publisher.post(address(source, "delete"), {"post": "yes"})
    assert slugs(as_publisher, CANARY) == []
    assert not search.is_stale()


def test_the_name_of_a_country_finds_its_missions_after_a_change(as_publisher):  # noqa: F811
    country = make_country("CYP")
    mission = make_mission([country], slug="unx")
    make_case_study([mission], slug="case")
    search.rebuild()
    assert (
        as_publisher.post(address(country), form_of(as_publisher, address(country)) | {"name": CANARY}).status_code
        == 302
    )
    assert set(slugs(as_publisher, CANARY)) == {"unx", "case"}


@pytest.mark.parametrize("model", [Mission, Principle], ids=lambda m: m.__name__)
def test_many_entries_are_indexed_together_as_all_are_one_by_one(monkeypatch, model):
    monkeypatch.setattr(workflow, "TOGETHER", 2)
    missions = [make_mission(slug=f"m-{n}", stage="draft" if n == 1 else "published") for n in range(5)]
    for n in range(3):
        make_case_study(missions[n : n + 3], slug=f"c-{n}")
        make_evidence(missions[n], principle=make_principle(slug=f"p-{n}"))
    search.rebuild()
    model.objects.update(title=CANARY)
    Mission.objects.filter(slug="m-4").update(stage="draft")
    workflow.index_texts(model, list(model.objects.values_list("pk", flat=True)))
    columns = ("kind", "entry_id", "title", "names", "lead", "body", "keys")
    together = set(SearchDocument.objects.values_list(*columns))
    search.rebuild()
    assert together >= {row for row in SearchDocument.objects.values_list(*columns) if CANARY in str(row)} != set()
    if model is Mission:
        assert together == set(SearchDocument.objects.values_list(*columns))


def test_a_stale_index_is_said_and_mended(client, capsys):
    make_principle(slug="a", title=CANARY)
    assert ask(client, CANARY) | {"results": None} == {
        "count": 0, "next": None, "previous": None, "results": None, "did_you_mean": "", "stale": True
    }  # fmt: skip
    assert "<code>manage.py rebuild_search</code>" in client.get(f"/search/?q={CANARY}").content.decode()
    call_command("rebuild_search")
    assert capsys.readouterr().out == "indexed: 1\n"
    assert slugs(client, CANARY) == ["a"]
    assert "rebuild_search" not in client.get(f"/search/?q={CANARY}").content.decode()


def test_suggestions_are_the_entries_whose_names_begin_so(client):
    make_mission(slug="minusca", acronym="MINUSCA", title="Mission in the Central African Republic")
    make_mission(slug="minustah", acronym="MINUSTAH", title="Mission in Haiti")
    make_principle(slug="text", title="Other", discussion="MINUSTAH")
    for n in range(12):
        make_principle(slug=f"m-{n:02}", title=f"Mission of kind {n}")
    search.rebuild()
    found = client.get("/search/suggest?q=minus").json()["results"]
    assert {r["acronym"] for r in found} == {"MINUSCA", "MINUSTAH"}
    assert client.get("/search/suggest?q=minust").json() == {"results": [
        {"title": "Mission in Haiti", "acronym": "MINUSTAH", "kind": "missions", "kind_name": "mission",
         "url": "/missions/minustah/"}]}  # fmt: skip
    assert len(client.get("/search/suggest?q=mission").json()["results"]) == 8
    for text in ("m", "minu", "minusta", "republi", "central afr", "haïti"):
        assert client.get("/search/suggest", {"q": text}).json()["results"] != [], text
    assert client.get("/search/suggest?q=").json() == {"results": []}


@pytest.mark.parametrize("number", [1, 60])
def test_a_search_runs_a_fixed_number_of_queries(client, django_assert_num_queries, number):
    for n in range(number):
        make_principle(slug=f"p-{n}", title=f"Consent {n}")
    search.rebuild()
    # Two are made once for each version of the content; PostgreSQL asks in one more which have the words in a name.
    with django_assert_num_queries(5 if engine.is_sqlite() else 6):
        client.get("/search/?q=consent")
    with django_assert_num_queries(1):
        client.get("/search/suggest?q=cons")
    with django_assert_num_queries(0):
        client.get("/search/")
