"""Missions, and approaches, side by side."""

import csv
import datetime
import io
import re

import pytest
from django.core.exceptions import ValidationError

from missions import charts
from missions.models import Approach, ApproachDimension, Challenge, Mission, Succession, Trend
from missions.reading import cells, mission_rows

from .factories import (
    DAY,
    make_assessment,
    make_case_study,
    make_country,
    make_event,
    make_evidence,
    make_figure,
    make_mission,
    make_principle,
    make_region,
    make_source,
    make_task,
    make_term,
    make_topic,
)

pytestmark = pytest.mark.django_db
CANARY = "Canary-7331"
ADDRESS = "/missions/compare/"


def day(text):
    return datetime.date.fromisoformat(text)


def pair(one=None, other=None):
    """Make an ongoing mission “one” and a closed one “two”."""
    closed = {"ended_on": day("2003-05-01"), "ended_precision": "month"}
    return (make_mission(slug="one", acronym="ONE", **one or {}),
            make_mission(slug="two", acronym="TWO", **closed | (other or {})))  # fmt: skip


def compared(client, query="m=one&m=two"):
    return client.get(f"{ADDRESS}?{query}")


def texts(page):
    """Return {row: [cell in words, ..., verdict]} of the rows shown."""
    return {
        r.slug: [*(c.in_words() for c in r.cells), r.verdict] for _, _, rows in page.context["groups"] for r in rows
    }


def test_two_missions_stand_side_by_side_in_the_order_given(client):
    pair()
    page = compared(client, "m=two&m=one")
    html = page.content.decode()
    assert re.findall(r'<th scope="col"><a href="([^"]*)">', html) == ["/missions/two/", "/missions/one/"]
    assert "<h1>TWO and ONE</h1>" in html
    assert '<link rel="canonical" href="http://testserver/missions/compare/?m=two&amp;m=one">' in html


def test_what_goes_on_has_no_end_and_that_is_not_a_gap(client):
    pair()
    rows = texts(compared(client))
    assert rows["started"] == ["3 February 2001", "3 February 2001", "same"]
    assert rows["ended"] == ["not applicable; ongoing (as of 3 February 2001)", "May 2003", "differs"]
    assert rows["duration"] == ["0 days so far (as of 3 February 2001)", "about 2 years 2 months", "differs"]
    assert rows["mandate-to"] == ["not recorded", "not applicable; closed", "not all recorded"]
    assert rows["successors"] == ["not applicable; ongoing", "not recorded", "not all recorded"]
    assert rows["budget"] == ["not recorded", "not recorded", "none recorded"]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2001-01-31", "2001-02-01", "1 day"),
        ("2001-01-31", "2001-02-28", "28 days"),
        ("2001-01-15", "2001-02-15", "1 month"),
        ("2000-02-29", "2001-02-28", "11 months"),
        ("2000-03-01", "2001-03-01", "1 year"),
        ("2000-03-01", "2062-05-02", "62 years 2 months"),
    ],
)
def test_a_duration_in_words_never_rounds_up(start, end, words):
    assert mission_rows.length(day(start), day(end)) == words


def test_a_zero_is_a_number_and_a_gap_is_none(client):
    one, _ = pair()
    make_figure(one, value=0)
    assert texts(compared(client))["deaths"] == ["0 (as of 3 February 2001)", "not recorded", "not all recorded"]


def test_figures_carry_their_date_their_count_and_what_to_know(client):
    one, two = pair()
    make_figure(one, measure="authorized-military", value=1000, as_of=day("2001-03-01"))
    make_figure(one, measure="authorized-military", value=700, as_of=day("2002-03-01"), as_of_precision="year")
    make_figure(two, measure="authorized-uniformed", value=1000)
    make_figure(one, value=9, note="Pooled with another operation.")
    make_figure(two, value=9)
    make_figure(two, value=11, preferred=False)
    make_figure(one, measure="budget", unit="US dollars", period="2025/26", value=1234)
    rows = texts(compared(client))
    assert rows["authorized-highest"] == ["1,000 military (as of 1 March 2001)",
                                          "1,000 uniformed (as of 3 February 2001)", "differs"]  # fmt: skip
    assert rows["authorized-newest"][0] == "700 military (as of 2002)"
    assert rows["deaths"] == ["9 (as of 3 February 2001) (Pooled with another operation.)",
                              "9 (as of 3 February 2001) (sources differ)", "same"]  # fmt: skip
    assert rows["budget"][0] == "US$ 1,234 (as of 3 February 2001) (2025/26)"


def test_every_value_has_the_mark_of_its_source(client):
    one, _ = pair({"dates_source": make_source(slug="dates"), "type_source": make_source(slug="types")})
    figure = make_figure(one, source=make_source(slug="deaths", title="On deaths"), locator="p. 3")
    html = compared(client).content.decode()
    assert re.search(rf'>{figure.value} <span class="meta">as of 3 February 2001</span><sup class="mark">', html)
    notes = html.split('id="sources"')[1]
    assert "On deaths" in notes
    marks, ends = re.findall(r'<a href="#(note-\d+)"', html), re.findall(r'<li id="(note-\d+)"', notes)
    assert sorted(set(marks)) == sorted(ends)


def test_tasks_tell_what_is_not_named_from_what_is_not_coded(client):
    one, two = pair()
    three = make_mission(slug="three", acronym="THREE")
    elections, demining = (
        make_term(slug="elections", label_text="Elections"),
        make_term(slug="mines", label_text="Mines"),
    )
    make_task(one, elections, assist=True, strength="all-necessary-means")
    make_task(one, demining)
    make_task(two, demining)
    make_task(three, elections, stage="draft")
    rows = texts(compared(client, "m=one&m=two&m=three&rows=tasks"))
    given = "given (first given 3 February 2001)"
    assert rows == {
        "tasks/elections": ["assist, with all necessary means (first given 3 February 2001)", "not named",
                            "not recorded", "differs"],
        "tasks/mines": [given, given, "not recorded", "not all recorded"],
    }  # fmt: skip


def test_stances_are_compared_whatever_their_number(client):
    one, two = pair()
    consent = make_principle(slug="consent", title="Consent")
    risk = make_topic(Challenge, slug="risk", title="Risk")
    make_evidence(one, principle=consent, stance="strained")
    make_evidence(one, principle=consent, stance="strained", date="2002-01-01")
    make_evidence(two, principle=consent, stance="strained")
    make_evidence(two, challenge=risk, stance="breached")
    make_evidence(two, trend=make_topic(Trend, slug="trend"))
    rows = texts(compared(client, "m=one&m=two&rows=principles&rows=challenges"))
    assert rows == {
        "principles/consent": ["Strained (3 February 2001); Strained (1 January 2002)", "Strained (3 February 2001)",
                               "same"],
        "challenges/risk": ["not recorded", "Overwhelming (3 February 2001)", "not all recorded"],
    }  # fmt: skip


def test_the_rest_of_the_rows_say_what_is_recorded(client):
    asia = make_region("asia")
    one, two = pair({"robust": True, "authorization": "un-led", "chapter": "vii", "chapter_basis": "cited",
                     "founding_instrument": "S/RES/1", "mandate_ends_on": day("2020-01-01"),
                     "mandate_source": make_source()}, {"robust": False})  # fmt: skip
    one.countries.set([make_country("CYP", asia, make_region("western-asia", asia))])
    make_event(one, kind="renewal", symbol="S/RES/2", date="2002-01-01")
    make_event(one, kind="renewal", symbol="S/RES/9", date="2003-01-01", preferred=False)
    make_assessment(one)
    make_assessment(one, date="2004-01-01", precision="year")
    make_case_study([one], title="The case")
    Succession.objects.create(predecessor=two, successor=one, date=DAY, source=make_source())
    rows = texts(compared(client))
    assert {name: values[0] for name, values in rows.items()} == ROWS_OF_ONE
    assert rows["robust"][1] == "not authorized"
    assert rows["successors"][1] == "ONE (on 3 February 2001) (Follow-on operation)"


ROWS_OF_ONE = {
    "started": "3 February 2001",
    "ended": "not applicable; ongoing (as of 3 February 2001)",
    "duration": "0 days so far (as of 3 February 2001)",
    "mandate-to": "1 January 2020 (renewal not verified)",
    "led-by": "UN",
    "authorization": "UN-led",
    "instrument": "S/RES/1",
    "chapter": "Chapter VII, cited in the founding text",
    "type": "Observer mission",
    "robust": "authorized",
    "newest-decision": "S/RES/2 (of 1 January 2002)",
    "countries": "Cyp",
    "regions": "Asia",
    "authorized-highest": "not recorded",
    "authorized-newest": "not recorded",
    "deployed-highest": "not recorded",
    "deployed-newest": "not recorded",
    "deaths": "not recorded",
    "budget": "not recorded",
    "predecessors": "TWO (on 3 February 2001) (Follow-on operation)",
    "successors": "not applicable; ongoing",
    "alongside": "not recorded",
    "assessments": "2 mixed (newest 2004)",
    "case-studies": "The case",
    "counted-by": "not recorded",
}


def test_any_rows_can_be_chosen_by_name_or_group(client):
    pair()
    assert list(texts(compared(client, "m=one&m=two&rows=deaths&rows=dates"))) == [
        "started", "ended", "duration", "mandate-to", "deaths",
    ]  # fmt: skip
    html = compared(client, "m=one&m=two&rows=deaths").content.decode()
    assert re.findall(r'name="rows" value="([^"]*)" checked', html) == ["deaths"]
    assert "Strengths by" not in html


def test_names_of_rows_and_groups_mean_one_thing():
    choices = mission_rows.choices()
    names = [n for group, (_, rows) in choices.items() for n in {group, *rows}]
    assert len(names) == len(set(names))


def test_only_the_differences(client):
    pair()
    page = compared(client, "m=one&m=two&rows=dates&rows=authority&differences=1")
    assert list(texts(page)) == ["ended", "duration"]
    assert "Only the rows that differ are shown: 2." in page.content.decode()
    page = compared(client, "m=one&m=two&rows=led-by&differences=1")
    assert texts(page) == {}
    assert "No row is known to differ" in page.content.decode()


def test_differences_are_said_in_words(client):
    pair()
    html = compared(client, "m=one&m=two&rows=dates&rows=budget").content.decode()
    assert re.findall(r'<td class="verdict">([^<]*)</td>', html) == [
        "same", "differs", "differs", "not all recorded", "none recorded",
    ]  # fmt: skip


def with_strengths():
    one, two = pair({"verified_on": day("2004-02-03")}, {"started_on": day("2002-02-03")})
    for mission, year in ((one, 2001), (two, 2002)):
        make_figure(mission, measure="authorized-military", value=500, as_of=day(f"{year}-02-03"))
        make_figure(mission, measure="deployed-military", value=400, as_of=day(f"{year}-08-03"))


def test_strengths_stand_on_one_scale_by_calendar_or_by_month(client):
    with_strengths()
    by_calendar = compared(client).context["strengths"]
    starts = [s["path"].split(" ")[0] for s in by_calendar["chart"]["series"]]
    assert starts[0] == f"M{charts.LEFT}.0"
    assert starts[0] != starts[1]
    by_month = compared(client, "m=one&m=two&align=month").context["strengths"]
    assert [s["path"].split(" ")[0] for s in by_month["chart"]["series"]] == [f"M{charts.LEFT}.0"] * 2
    assert [t.label for t in by_month["chart"]["ticks"]] == ["0", "12", "24", "36"]
    assert [(m.slug, f.value, round(month)) for m, f, month in by_month["rows"]] == [
        ("one", 500, 0), ("one", 400, 6), ("two", 500, 0), ("two", 400, 6),
    ]  # fmt: skip
    assert by_month["finding"] == (
        "ONE: at most 500 authorized (military), at most 400 deployed (military); "
        "TWO: at most 500 authorized (military), at most 400 deployed (military)."
    )


def test_a_mission_without_strengths_is_said_to_have_none_recorded(client):
    one, _ = pair()
    make_figure(one, measure="deployed-military", value=400)
    strengths = compared(client).context["strengths"]
    assert strengths["finding"].endswith("TWO: no strength is recorded.")
    assert len(strengths["chart"]["series"]) == 1


def test_a_strength_from_before_the_start_lies_left_of_month_zero(client):
    one, _ = pair()
    make_figure(one, measure="authorized-military", value=400, as_of=day("1999-02-03"))
    ticks = compared(client, "m=one&m=two&align=month").context["strengths"]["chart"]["ticks"]
    assert [t.label for t in ticks] == ["-24", "-12", "0"]


def test_without_missions_the_page_offers_two_choices(client):
    pair()
    make_mission(slug="draft", acronym=CANARY, stage="draft")
    html = client.get(ADDRESS).content.decode()
    assert re.findall(r'<select id="(add-\d)" name="m">', html) == ["add-1", "add-2"]
    assert html.count('<option value="one">ONE: Entry') == 2
    assert CANARY not in html


def test_with_one_mission_the_page_offers_another(client):
    pair()
    html = client.get(f"{ADDRESS}?m=one&rows=deaths").content.decode()
    assert '<input type="hidden" name="m" value="one">' in html
    assert '<input type="hidden" name="rows" value="deaths">' in html
    assert re.findall(r'<option value="([^"]*)">', html) == ["", "two"]
    assert "One is chosen: add at least one more." in html


def test_each_mission_can_be_taken_away_and_four_are_enough(client):
    for n in range(5):
        make_mission(slug=f"m{n}", acronym=f"M{n}")
    page = compared(client, "m=m0&m=m1&m=m2&m=m3")
    html = page.content.decode()
    assert re.findall(r'<li><a href="(\?m=[^"]*)">', html)[0] == "?m=m1&amp;m=m2&amp;m=m3"
    assert "<select" not in html


@pytest.mark.parametrize(
    ("query", "name", "reason"),
    [
        ("m=one&m=nothing", "m", "There is no mission “nothing” here: leave it out."),
        ("m=one&m=draft", "m", "There is no mission “draft” here: leave it out."),
        ("m=one&m=one", "m", "“one” is named more than once: name it once."),
        (
            "m=one&m=two&m=a&m=b&m=c",
            "m",
            "At most 4 missions can stand side by side, and this names 5: leave some out.",
        ),
        ("m=one&m=two&rows=colour", "rows", "“colour” is no row. Use some of: "),
        ("m=one&m=two&differences=2", "differences", "Use 1, or leave it out."),
        ("m=one&m=two&align=week", "align", "Use one of: calendar, month."),
        ("m=one&m=two&align=month&align=month", "align", "Given more than once."),
        ("m=one&m=two&colour=red", "colour", "Unknown parameter. Known: m, rows, differences, align, format."),
    ],
)
def test_a_bad_query_is_refused_with_a_sentence(client, query, name, reason):
    pair()
    make_mission(slug="draft", acronym=CANARY, title=CANARY, stage="draft")
    page = compared(client, query)
    html = page.content.decode()
    assert page.status_code == 400
    assert f"<code>{name}</code>: {reason}" in html
    assert "<table" not in html
    assert CANARY not in html
    answer = client.get(f"{ADDRESS}?{query}&format=json")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])


@pytest.mark.parametrize("query", ["m=%00", "m=<script>", "m=" + "x" * 5000, "rows=%00&m=one&m=two", "format=pdf"])
def test_hostile_queries_get_a_clear_4xx(client, query):
    pair()
    page = compared(client, query)
    assert page.status_code == 400
    assert "<script>" not in page.content.decode().replace("<script src", "")


def test_a_wrong_choice_offers_what_can_be_compared(client):
    pair()
    html = compared(client, "m=one&m=two&m=nothing").content.decode()
    assert '<a href="?m=one&amp;m=two">Compare ONE and TWO</a>' in html


def test_empty_parameters_are_dropped_from_the_address(client):
    answer = client.get(f"{ADDRESS}?m=one&m=&rows=")
    assert (answer.status_code, answer["Location"]) == (302, f"{ADDRESS}?m=one")


def test_a_comparison_comes_as_json(client):
    one, _ = pair()
    figure = make_figure(one, value=7, locator="p. 1")
    answer = client.get(f"{ADDRESS}?m=two&m=one&rows=deaths&format=json").json()
    value = {"text": "7", "date": "2001-02-03", "precision": "day", "remark": "",
             "sources": [{"source": figure.source.slug, "locator": "p. 1"}]}  # fmt: skip
    assert answer == {
        "compared": ["two", "one"],
        "rows": [{"row": "deaths", "group": "cost", "label": "Deaths", "verdict": "not all recorded",
                  "cells": {"two": {"state": "not-recorded", "values": []},
                            "one": {"state": "recorded", "values": [value]}}}],
    }  # fmt: skip


def test_a_comparison_comes_as_csv_without_formulas(client):
    pair({"founding_instrument": "=1+1"})
    answer = client.get(f"{ADDRESS}?m=one&m=two&rows=instrument&format=csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert lines == [["row", "label", "verdict", "one", "two"],
                     ["instrument", "Founded by", "not all recorded", "'=1+1", "not recorded"]]  # fmt: skip


@pytest.mark.parametrize("query", ["format=json", "m=one&format=csv"])
def test_data_need_two_to_compare(client, query):
    pair()
    assert client.get(f"{ADDRESS}?{query}").json()["errors"] == {"m": ["Name two to four to compare."]}


def test_no_comparison_shows_a_draft(client):
    one, _ = pair()
    hidden = make_mission(slug="draft", acronym=CANARY, stage="draft")
    make_case_study([one], title=CANARY, slug="canary", stage="draft")
    make_figure(one, note=CANARY, value=7331, stage="draft")
    make_event(one, kind="renewal", symbol=CANARY, stage="draft")
    make_assessment(one, assessor=CANARY, verdict="critical", stage="draft")
    make_task(one, make_term(label_text=CANARY), stage="draft")
    make_evidence(one, principle=make_principle(title=CANARY, stage="draft"))
    Succession.objects.create(predecessor=hidden, successor=one, date=DAY, source=make_source())
    approach = make_topic(Approach, slug="a", missions=[one, hidden])
    make_topic(Approach, slug="b")
    make_principle(title=CANARY, stage="draft", approaches=[approach])
    for address in (f"{ADDRESS}?m=one&m=two", "/approaches/compare/?a=a&a=b"):
        for suffix in ("", "&format=json", "&format=csv"):
            body = client.get(address + suffix).getvalue().decode()
            assert CANARY.lower() not in body.lower()
            assert "7,331" not in body
    assert "ONE" in client.get("/approaches/compare/?a=a&a=b").content.decode()
    Mission.objects.filter(slug="draft").update(stage="published", published_at=one.published_at,
                                                dates_source=make_source(), type_source=make_source())  # fmt: skip
    assert CANARY in compared(client).content.decode()


@pytest.mark.parametrize("facts", [1, 10])
@pytest.mark.parametrize("number", [2, 4])
def test_a_comparison_runs_a_fixed_number_of_queries(client, number, facts, django_assert_num_queries):
    for n in range(number):
        mission = make_mission([make_country("CYP", make_region("asia"))], slug=f"m{n}", acronym=f"M{n}",
                               counted_by=[make_term(vocabulary="counting-rule")])  # fmt: skip
        make_case_study([mission])
        for year in range(2001, 2001 + facts):
            make_figure(mission, measure="deployed-military", as_of=day(f"{year}-01-01"))
            make_event(mission)
            make_task(mission)
            make_assessment(mission)
            make_evidence(mission)
            make_evidence(mission, challenge=make_topic(Challenge))
    query = "&".join(f"m=m{n}" for n in range(number))
    with django_assert_num_queries(12):
        compared(client, query)
    with django_assert_num_queries(1):
        compared(client, "m=m0")


def approaches():
    consent, force = make_principle(slug="consent", title="Consent"), make_principle(slug="force", title="Force")
    keeping = make_topic(Approach, slug="keeping", title="Keeping", missions=[make_mission(slug="unx", acronym="UNX")])
    enforcing = make_topic(Approach, slug="enforcing", title="Enforcing")
    consent.approaches.set([keeping, enforcing])
    force.approaches.set([enforcing])
    for approach, text in ((keeping, "Needed."), (enforcing, "Not needed.")):
        ApproachDimension.objects.create(approach=approach, dimension="consent", text=text, source=make_source())


def test_approaches_are_compared_by_dimension_and_by_what_they_rest_on(client):
    approaches()
    page = client.get("/approaches/compare/?a=keeping&a=enforcing")
    assert texts(page) == {
        "summary": ["A summary.", "A summary.", "same"],
        "consent": ["Needed.", "Not needed.", "differs"],
        "principles/consent": ["named", "named", "same"],
        "principles/force": ["not named", "named", "differs"],
        "missions/unx": ["named", "not named", "differs"],
    }
    assert "Strengths" not in page.content.decode()


def test_approaches_know_no_alignment_and_their_own_rows(client, django_assert_num_queries):
    approaches()
    answer = client.get("/approaches/compare/?a=keeping&a=enforcing&align=month&rows=deaths&format=json")
    assert list(answer.json()["errors"]) == ["align", "rows"]
    with django_assert_num_queries(7):
        client.get("/approaches/compare/?a=keeping&a=enforcing")


@pytest.mark.parametrize("view", ["cards", "table"])
def test_every_row_of_a_list_can_be_ticked_for_comparison(client, view):
    pair()
    html = client.get(f"/missions/?view={view}").content.decode()
    assert re.findall(r'<input type="checkbox" name="m" value="([^"]*)" form="compare">', html) == ["one", "two"]
    assert '<form class="compare-bar" id="compare" action="/missions/compare/"' in html


def test_pages_lead_to_their_comparison(client):
    one, two = pair()
    make_case_study([one, two], slug="case")
    approaches()
    assert 'href="/missions/compare/?m=one"' in client.get("/missions/one/").content.decode()
    assert 'href="/missions/compare/?m=one&amp;m=two"' in client.get("/case-studies/case/").content.decode()
    assert (
        'href="/approaches/compare/?a=keeping&amp;a=enforcing"' in client.get("/approaches/keeping/").content.decode()
    )


@pytest.mark.parametrize("make", [make_mission, lambda **values: make_topic(Approach, **values)])
def test_no_entry_can_take_the_address_of_a_comparison(make):
    entry = make(slug="fine")
    entry.full_clean()
    entry.slug = "compare"
    with pytest.raises(ValidationError) as refused:
        entry.full_clean()
    assert refused.value.message_dict == {"slug": ["“compare” is the address of a page of its own: choose another."]}


def test_only_reading_is_allowed(client):
    assert client.post(ADDRESS).status_code == 405


def test_a_gap_neither_differs_nor_agrees():
    known, other = cells.cell(cells.Part("a")), cells.cell(cells.Part("b"))
    gap, none = cells.MISSING, cells.Cell(state=cells.NOT_APPLICABLE)
    rows = [(known, known), (known, other), (known, gap), (gap, gap), (known, none), (known, other, gap), (none, none)]
    verdicts = [cells.Row("r", "R", row).verdict for row in rows]
    assert verdicts == ["same", "differs", "not all recorded", "none recorded", "differs", "differs", "same"]
