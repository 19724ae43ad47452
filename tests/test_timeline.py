"""The list of missions drawn along the years, and the events of a mission on one axis."""

import datetime
import re

import pytest

from missions import charts
from missions.reading import timelines

from .factories import make_case_study, make_country, make_event, make_mission, make_region

CANARY = "Canary-7331"
pytestmark = pytest.mark.django_db


def day(text):
    return datetime.date.fromisoformat(text)


def register():
    """Make missions of two regions, one of both, one of none and a draft."""
    africa, asia = make_region("africa"), make_region("asia")
    egypt, cyprus = make_country("EGY", africa, make_region("northern-africa", africa)), make_country("CYP", asia)
    named = make_country("LBN", asia, make_region("middle-east", m49=""))
    make_mission([cyprus], slug="c", acronym="C", started_on="1964-03-04", type="traditional")
    make_mission([egypt], slug="b", acronym="B", started_on="1990-01-01", ended_on="1991-05-01",
                 started_precision="month", ended_precision="year")  # fmt: skip
    make_mission([egypt, named], slug="a", acronym="A", started_on="1948-06-11")
    make_mission([egypt], slug="d", acronym="D", started_on="1960-07-01", ended_on="1964-06-30", ended_precision="day")
    make_mission(slug="e", acronym="E", started_on="2000-01-01")
    make_mission([egypt], slug="draft", acronym=CANARY, title=CANARY, stage="draft", started_on="1970-01-01")


def rows(page):
    return [(name, [b["mission"].slug for b in bars]) for name, bars in page.context["groups"]]


def test_missions_stand_under_their_region_by_start(client):
    register()
    page = client.get("/missions/?view=timeline")
    assert rows(page) == [("Africa", ["d", "b"]), ("Africa and Asia", ["a"]), ("Asia", ["c"]),
                          ("No region recorded", ["e"])]  # fmt: skip
    assert CANARY not in page.content.decode()


def test_missions_stand_under_their_type_in_the_order_of_the_vocabulary(client):
    register()
    assert rows(client.get("/missions/?view=timeline&group=type")) == [
        ("Observer mission", ["a", "d", "b", "e"]),
        ("Traditional peacekeeping", ["c"]),
    ]


def test_the_timeline_follows_filter_and_order(client):
    register()
    page = client.get("/missions/?view=timeline&group=type&type=observer&ordering=-started_on")
    assert rows(page) == [("Observer mission", ["e", "b", "d", "a"])]
    html = page.content.decode()
    assert "<strong>4</strong> of 5 missions" in html
    assert '<input type="hidden" name="view" value="timeline">' in html
    assert '<input type="hidden" name="group" value="type">' in html
    assert 'href="/missions/?view=timeline">Clear all</a>' in html
    assert 'href="?type=observer&amp;ordering=-started_on">Cards</a>' in html
    assert 'href="?type=observer&amp;ordering=-started_on&amp;format=csv" rel="nofollow">CSV</a>' in html


def test_ends_are_told_as_exactly_as_they_are_known(client):
    register()
    html = client.get("/missions/?view=timeline").content.decode()
    assert re.findall("<title>([^<]*)</title>", html)[1:] == [
        "1 July 1960 to 30 June 1964",
        "January 1990 to 1991; start known to the month only; end known to the year only",
        "11 June 1948 to present, as of 3 February 2001",
        "4 March 1964 to present, as of 3 February 2001",
        "1 January 2000 to present, as of 3 February 2001",
    ]
    assert html.count('<use href="#goes-on"') == 3
    assert len(re.findall(r'<circle class="rough" cx="[\d.]+%"', html)) == 2


def test_all_rows_stand_on_one_page_whose_queries_do_not_grow(client, django_assert_num_queries):
    countries = [make_country(iso3, make_region(slug)) for iso3, slug in (("CYP", "asia"), ("EGY", "africa"))]
    for number in (1, 50):
        for n in range(number):
            make_mission([countries[n % 2]], slug=f"m-{number}-{n}")
        for group, queries in (("region", 3), ("type", 2)):
            with django_assert_num_queries(queries):
                page = client.get(f"/missions/?view=timeline&group={group}")
    assert sum(len(bars) for _, bars in page.context["groups"]) == 51
    assert 'class="pages"' not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("view=timeline&page=1", ["page"]),
        ("view=timeline&group=colour", ["group"]),
        ("view=timeline&group=type&group=region", ["group"]),
        ("group=type", ["group"]),
        ("view=table&group=type", ["group"]),
        ("view=timeline&active_in=x", ["active_in"]),
    ],
)
def test_what_the_timeline_does_not_know_is_refused(client, query, names):
    make_mission(acronym="Should not be seen")
    page = client.get(f"/missions/?{query}")
    assert (page.status_code, list(page.context["errors"])) == (400, names)
    assert "Should not be seen" not in page.content.decode()


@pytest.mark.parametrize(
    "address", ["/missions/?format=json", "/missions/?format=csv", "/api/v1/missions/?format=json"]
)
def test_data_have_no_groups(client, address):
    make_mission()
    answer = client.get(f"{address}&view=timeline&group=type")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["group"])
    assert client.get(f"{address}&view=timeline").status_code == 200


def test_only_missions_have_a_timeline(client):
    assert client.get("/principles/?view=timeline").status_code == 400
    assert client.get("/evidence/?group=type").status_code == 400


def test_an_empty_result_has_no_timeline(client):
    make_mission()
    page = client.get("/missions/?view=timeline&q=nothing")
    assert page.status_code == 200
    assert "Nothing matches" in page.content.decode()


def test_a_step_within_a_grouped_timeline_keeps_the_way_back(client):
    register()
    html = client.get("/missions/?view=timeline&group=type&type=traditional").content.decode()
    address = re.search(r'href="(/missions/c/\?within=[^"]*)"', html).group(1)
    assert 'href="/missions/?type=traditional&amp;view=timeline&amp;group=type"' in client.get(address).content.decode()
    plain = client.get("/missions/?view=timeline&group=type").content.decode()
    assert 'href="/missions/c/"' in plain


def test_every_event_of_a_mission_has_its_mark_and_its_place_in_the_list(client):
    mission = make_mission(slug="unx", started_on="2001-01-01")
    decision = make_event(mission, kind="establishment", symbol="S/RES/1", title="Set up", date="2001-01-01")
    vague = make_event(mission, title="A protest", date="2002-03-01", precision="month")
    draft = make_event(mission, title=CANARY, stage="draft")
    html = client.get("/missions/unx/").content.decode()
    marks = re.findall(r'<a href="#(event-[^"]*)"><title>([^<]*)</title>.*?class="dot ([a-z ]*)"', html)
    assert marks == [
        (f"event-{decision.permanent_id}", "1 January 2001: Set up", "decision"),
        (f"event-{vague.permanent_id}", "March 2002: A protest", "other rough"),
    ]
    assert re.findall(r'<li class="event[^"]*" id="([^"]*)"', html) == [m[0] for m in marks]
    assert draft.permanent_id not in html
    assert CANARY not in html


def test_a_case_study_has_a_lane_for_each_mission_by_start(client):
    late, early = (
        make_mission(slug="l", acronym="LATE", started_on="2005-01-01"),
        make_mission(slug="e", acronym="EARLY"),
    )
    hidden = make_mission(slug="h", acronym=CANARY, stage="draft")
    for mission in (late, early, hidden):
        make_event(mission, date="2006-01-01")
    make_case_study([late, early, hidden], slug="case")
    page = client.get("/case-studies/case/")
    assert [(lane["label"], len(lane["dots"])) for lane in page.context["lanes"]["lanes"]] == [
        ("EARLY", 1),
        ("LATE", 1),
    ]
    assert CANARY not in page.content.decode()


def test_without_events_nothing_is_drawn(client):
    make_mission(slug="unx")
    page = client.get("/missions/unx/")
    assert page.context["lanes"] is None
    assert "lanes-title" not in page.content.decode()


def test_years_are_places_in_per_cent():
    years = charts.Years(2000, 2009)
    assert (years.at(day("2000-01-01")), years.at(day("2005-01-01"))) == (0, 50)
    assert years.span(day("2000-01-01"), day("2005-01-01")) == (0, 50)
    assert years.span(day("2005-01-01"), day("2005-01-02")) == (50, 0.6)
    assert [(t.at, t.label) for t in years.ticks()][:2] == [(0, "2000"), (20, "2002")]


def test_marks_that_lie_close_together_are_stacked_and_none_overlaps():
    assert charts.stacked([0, 1, 2, 30, 31]) == [0, 1, 2, 0, 1]
    events = [(day(f"2000-01-{n:02}"), "other", "", "") for n in range(1, 29)]
    events.append((day("2010-01-01"), "other", "", ""))
    lane = charts.lanes([("A", day("2000-01-01"), None, events)], day("2010-01-01"))["lanes"][0]
    places = [(d.x, d.y) for d in lane["dots"]]
    assert len(places) == 29
    for n, (x, y) in enumerate(places):
        assert all(max(abs(x - p), abs(y - q)) >= charts.APART - 0.1 for p, q in places[:n])


def test_a_lane_holds_its_period_and_what_came_before_and_after():
    event = [(day("1995-01-01"), "other", "", ""), (day("2015-01-01"), "other", "", "")]
    picture = charts.lanes([("A", day("2000-01-01"), day("2005-01-01"), event)], day("2020-01-01"))
    lane = picture["lanes"][0]
    assert lane["dots"][0].x < lane["x"] < lane["x"] + lane["width"] < lane["dots"][1].x
    assert (lane["ongoing"], picture["height"]) == (False, charts.TOP + charts.APART + charts.GAP + charts.BOTTOM)


def test_a_mission_without_a_start_has_no_lane():
    class Unborn:
        started_on, pk, slug = None, 1, "x"

    assert timelines.event_lanes([Unborn()], []) is None
