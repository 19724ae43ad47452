"""The glossary: its list, the page of a term, and terms in running text."""

import re

import pytest

from missions import search
from missions.models import Challenge, Mission, Theme
from missions.models.term import is_linked

from .factories import (
    make_case_study,
    make_entry,
    make_mission,
    make_organization,
    make_principle,
    make_source,
    make_task,
    make_term,
    make_topic,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("label", "linked"),
    [("Buffer zone", True), ("PEMA", True), ("Re-hatting", True), ("Neutrality", True), ("Mandate", False),
     ("Independent media", True), ("Human rights", False), ("Other operation", False)],
)  # fmt: skip
def test_which_terms_running_text_links(label, linked):
    assert is_linked(label) is linked


def test_an_entry_links_the_first_use_over_all_its_sections(client):
    make_term(slug="buffer-zone", label_text="Buffer zone", vocabulary="concept")
    make_case_study(slug="c", summary="First.", context="A buffer zone.", mandate="The buffer zone.")
    page = client.get("/case-studies/c/").content.decode()
    links = re.findall(r"<a [^>]*buffer-zone[^>]*>[^<]*</a>[^<]*", page)
    assert links == ['<a class="term" href="/glossary/buffer-zone/" rel="noopener">buffer zone</a>.']


def test_an_entry_named_as_a_term_does_not_link_it(client):
    make_term(slug="buffer-zone", label_text="Buffer zone", vocabulary="concept")
    make_topic(Theme, slug="t", title="Buffer Zone", discussion="A buffer zone.")
    assert "/glossary/buffer-zone/" not in client.get("/themes/t/").content.decode()


def test_the_page_of_a_mission_type_counts_what_its_list_holds(client):
    make_term(slug="observer", label_text="Observer mission", vocabulary="mission-type")
    make_mission(slug="one", acronym="ONE", type="observer", organization=make_organization("au"))
    make_mission(slug="two", acronym="TWO", type="observer", ended_on="2004-01-01", ended_precision="day")
    make_mission(slug="three", type="traditional")
    make_mission(slug="draft", acronym="DRAFT", type="observer", stage="draft")
    page = client.get("/glossary/observer/")
    assert [m.slug for m in page.context["missions"]] == ["one", "two"]
    html = page.content.decode()
    assert '<td class="nowrap">2001–2004</td>' in html
    assert '<a href="/missions/?type=observer">' in html
    assert client.get("/missions/?type=observer&format=json").json()["count"] == 2
    assert "DRAFT" not in html


def test_the_page_of_a_task_tells_who_has_it_and_how(client):
    term = make_term(slug="ceasefire", label_text="Ceasefire", group="security-and-force")
    last = make_source(symbol="S/RES/2 (2003)")
    late = make_mission(slug="late", acronym="LATE")
    make_task(late, term, monitor=True, assist=True, date="2005-05-06", last_source=last)
    make_task(make_mission(slug="early"), term, monitor=True, source=make_source(symbol="S/RES/1 (2002)"))
    make_task(make_mission(slug="other", acronym="OTHER"), term, stage="draft")
    make_task(make_mission(slug="hidden", acronym="HIDDEN", stage="draft"), term)
    page = client.get("/glossary/ceasefire/")
    assert [t.mission.slug for t in page.context["tasks"]] == ["early", "late"]
    assert page.context["modalities"] == [("Monitor", 2), ("Assist", 1)]
    html = page.content.decode()
    assert f'<td>3 February 2001, <a href="/sources/{page.context["tasks"][0].source.slug}/">S/RES/1 (2002)</a>' in html
    assert f'<a href="{last.get_absolute_url()}">S/RES/2 (2003)</a>' in html
    assert "OTHER" not in html
    assert "HIDDEN" not in html
    assert client.get("/missions/?task=ceasefire&format=json").json()["count"] == 2


def test_the_page_of_a_counting_rule_lists_what_it_counts(client):
    rule = make_term(slug="un-list", label_text="UN list", vocabulary="counting-rule")
    make_mission(slug="counted", counted_by=[rule])
    make_mission(slug="draft", counted_by=[rule], stage="draft")
    make_mission(slug="not-counted")
    page = client.get("/glossary/un-list/")
    assert [m.slug for m in page.context["missions"]] == ["counted"]
    assert '<a href="/missions/?counted_by=un-list">' in page.content.decode()


def test_the_page_of_a_concept_lists_the_published_texts_that_use_it(client):
    make_term(slug="peacebuilding", label_text="Peacebuilding", vocabulary="concept")
    make_topic(Challenge, slug="uses", title="Uses it", practice="There was peacebuilding.")
    make_topic(Challenge, title="Names an office", practice="The Peacebuilding Commission met.")
    make_principle(title="Cites only", definition="So [@peacebuilding-2001].")
    make_mission(title="A mission", summary="Some peacebuilding.")
    make_mission(title="A draft", summary="Some peacebuilding.", stage="draft")
    make_topic(Theme, title="Withdrawn", summary="Peacebuilding.", stage="withdrawn", withdrawal_note="Wrong.")
    page = client.get("/glossary/peacebuilding/")
    assert [(kind.__name__, [e["title"] for e in entries]) for kind, entries in page.context["uses"]] == [
        ("Mission", ["A mission"]), ("Challenge", ["Uses it"]),
    ]  # fmt: skip
    assert '<li><a href="/challenges/uses/">Uses it</a></li>' in page.content.decode()


def test_a_common_word_says_why_nothing_is_listed(client):
    make_term(slug="mandate", label_text="Mandate", vocabulary="concept")
    make_principle(summary="A mandate.")
    page = client.get("/glossary/mandate/")
    assert page.context["uses"] is None
    assert "throughout" in page.content.decode()


@pytest.mark.parametrize(
    ("text", "matches"),
    [
        ("PEMA: CivProtect; PACT 2.0: Civilian", [
            ("Peacekeeping Mandates dataset (PEMA)", "pema-2022", "CivProtect"),
            ("Peacekeeping Activities dataset (PACT 2.0)", "", "Civilian"),
        ]),
        ("X: a:b;; Y", [("X: a", "", "b"), ("", "", "Y")]),
        ("", []),
    ],
)  # fmt: skip
def test_matches_in_other_schemes_are_read_in_one_place(text, matches):
    assert make_term(crosswalk=text).matches == matches


def test_a_scheme_links_its_source_where_there_is_one(client):
    make_source(slug="pema-2022")
    make_term(slug="t", crosswalk="PEMA: A; PACT 2.0: B")
    page = client.get("/glossary/t/").content.decode()
    assert '<a href="/sources/pema-2022/">Peacekeeping Mandates dataset (PEMA)</a></th><td><code>A</code>' in page
    assert '<th scope="row">Peacekeeping Activities dataset (PACT 2.0)</th><td><code>B</code>' in page


def test_neighbours_are_of_the_same_group_or_vocabulary(client):
    for slug, group in (("a", "combatants"), ("b", "combatants"), ("c", "human-rights"), ("d", ""), ("e", "")):
        make_term(slug=slug, group=group, vocabulary="mandate-task" if group else "concept")
    assert [t.slug for t in client.get("/glossary/a/").context["neighbours"]] == ["b"]
    assert [t.slug for t in client.get("/glossary/d/").context["neighbours"]] == ["e"]


def test_the_list_runs_from_a_to_z_on_one_page(client):
    for n in range(60):
        make_term(label_text=f"Same {n:02}")
    make_term(slug="b", label_text="Buffer <zone>")
    page = client.get("/glossary/").content.decode()
    assert re.findall(r'<h2 id="letter-(.)">', page) == ["B", "S"]
    assert re.findall(r'<a href="#letter-(.)">', page) == ["B", "S"]
    assert page.count("<dt><a href=") == 61
    assert "Buffer &lt;zone&gt;" in page
    assert "<strong>61</strong> of 61 terms" in page
    assert client.get("/glossary/?format=json").json()["next"] is None
    assert client.get("/glossary/?page=2").status_code == 400


def test_the_list_keeps_one_section_a_letter_whatever_the_order(client):
    for label in ("Alpha", "Beta", "Alpha beta"):
        make_term(label_text=label)
    search.rebuild()
    page = client.get("/glossary/?q=beta").content.decode()
    assert re.findall(r'<h2 id="letter-(.)">', page) == ["A", "B"]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_glossary_runs_a_fixed_number_of_queries(client, rows, django_assert_num_queries):
    source, kinds = make_source(slug="pema-2022"), {"T": "mission-type", "C": "concept", "R": "counting-rule"}
    terms = {k: make_term(slug=f"x{k}".lower(), label_text=f"Term {k}", vocabulary=v, source=source)
             for k, v in kinds.items()}  # fmt: skip
    task = make_term(slug="task", crosswalk="PEMA: X", source=source)
    for _ in range(rows):
        make_term(label_text="Another term")
        mission = make_mission(type="observer", counted_by=[terms["R"]], summary="Term C.")
        make_task(mission, task, last_source=source)
    Mission.objects.update(type="traditional")
    for address, queries in (("/glossary/", 3), ("/glossary/xt/", 4), ("/glossary/xr/", 4), ("/glossary/xc/", 3),
                             ("/glossary/task/", 5)):  # fmt: skip
        with django_assert_num_queries(queries):
            client.get(address)


@pytest.mark.parametrize("kind", ["casestudy", "challenge"])
def test_reading_time_stands_on_the_page_and_on_cards(client, kind):
    words = "word " * 231
    model = {"casestudy": make_case_study, "challenge": lambda **v: make_topic(Challenge, **v)}[kind]
    entry = model(summary=words, slug="x")
    assert "About 2 minutes to read" in client.get(entry.get_absolute_url()).content.decode()
    if kind == "casestudy":
        for address in ("/", "/case-studies/"):
            assert "about 2 minutes to read" in client.get(address).content.decode()


def test_a_mission_has_no_reading_time(client):
    assert "to read" not in client.get(make_mission().get_absolute_url()).content.decode()


@pytest.mark.parametrize("model", [Mission, Challenge])
def test_a_page_offers_its_citation_address_and_mail_without_a_third_party(client, model):
    entry = make_entry(model, slug="x", title='Cost & "gain" 100%')
    page = client.get(entry.get_absolute_url()).content.decode()
    address = f"http://testserver{entry.get_absolute_url()}"
    cite = page[page.index('<section class="cite"') :]
    assert f'readonly value="{address}"' in cite
    quoted = address.replace(":", "%3A").replace("/", "%2F")
    assert f'href="mailto:?subject=Cost%20%26%20%22gain%22%20100%25&amp;body={quoted}"' in cite
    assert f"Permanent id {entry.permanent_id}." in cite
    assert re.findall(r'href="(?:https?:)?//', cite[: cite.index("</section>")]) == []
    assert cite.count("hidden>") == 6  # the buttons wait for their scripts


@pytest.mark.parametrize("address", ["/glossary/?", "/glossary/?format=json&", "/api/v1/glossary/?"])
def test_the_glossary_is_filtered_by_the_group_of_a_task(client, address):
    make_term(label_text="Disarmament", group="combatants")
    make_term(label_text="Elections", group="governance-and-elections")
    answer = client.get(f"{address}group=combatants")
    assert answer.status_code == 200
    assert ["Disarmament" in answer.content.decode(), "Elections" in answer.content.decode()] == [True, False]
    assert client.get(f"{address}group=country").status_code == 400
