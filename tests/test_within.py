"""Stepping through the list from which a reader came."""

import re

import pytest

from missions.models import Principle

from .factories import make_mission, make_principle, make_source

pytestmark = pytest.mark.django_db
CANARY = "Canary-7331"


def register():
    for year, slug in enumerate(("first", "second", "third"), 1990):
        make_mission(slug=slug, acronym=slug.upper(), started_on=f"{year}-01-01", type="observer")
    make_mission(slug="other", acronym="OTHER", started_on="1991-06-01", type="support")
    make_mission(slug="draft", acronym=CANARY, started_on="1991-03-01", type="observer", stage="draft")


def steps(html):
    found = re.search(r'<nav class="within".*?</nav>', html, re.S)
    return re.findall(r'href="([^"]*)"', found.group(0)) if found else None


def test_a_filtered_list_leads_to_entries_that_know_their_place(client):
    register()
    page = client.get("/missions/?type=observer&view=table&page=1").content.decode()
    address = "/missions/second/?within=type%3Dobserver%26view%3Dtable"
    assert f'href="{address}"' in page
    html = client.get(address).content.decode()
    assert steps(html) == [
        "/missions/first/?within=type%3Dobserver%26view%3Dtable",
        "/missions/?type=observer&amp;view=table",
        "/missions/third/?within=type%3Dobserver%26view%3Dtable",
    ]
    assert "2 of 3 missions: Observer mission" in html
    assert CANARY not in html


def test_the_first_has_nothing_before_it_and_the_last_nothing_after(client):
    register()
    first = client.get("/missions/first/?within=type%3Dobserver").content.decode()
    assert steps(first) == ["/missions/?type=observer", "/missions/second/?within=type%3Dobserver"]
    last = client.get("/missions/third/?within=type%3Dobserver").content.decode()
    assert steps(last) == ["/missions/second/?within=type%3Dobserver", "/missions/?type=observer"]


def test_the_order_of_the_list_is_the_order_of_the_steps(client):
    register()
    html = client.get("/missions/third/?within=type%3Dobserver%26ordering%3D-started_on").content.decode()
    assert "1 of 3 missions" in html


def test_an_entry_outside_the_list_says_so(client):
    register()
    html = client.get("/missions/other/?within=type%3Dobserver").content.decode()
    assert "Not among the 3 missions" in html
    assert steps(html) == ["/missions/?type=observer"]


def test_an_unfiltered_list_leads_to_the_plain_address(client):
    register()
    assert 'href="/missions/first/"' in client.get("/missions/?view=table").content.decode()
    assert steps(client.get("/missions/first/").content.decode()) is None


@pytest.mark.parametrize(
    ("within", "name"),
    [("colour=red", "within: colour"), ("type=blue", "within: type"), ("page=9", "within: page"),
     ("started_from=abc", "within: started_from")],
)  # fmt: skip
def test_a_list_that_cannot_be_is_refused_by_name(client, within, name):
    register()
    answer = client.get("/missions/first/", {"within": within})
    assert answer.status_code == 400
    assert f"<code>{name}</code>" in answer.content.decode()


def test_hostile_queries_are_shown_as_text(client):
    register()
    html = client.get("/missions/first/", {"within": 'q=FIRST&type=observer"><script>alert(1)</script>'})
    assert html.status_code == 400
    assert "<script>alert" not in html.content.decode()
    html = client.get("/missions/first/", {"within": 'q="><script>alert(1)</script>'}).content.decode()
    assert "Not among the 0 missions" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize(("number", "queries"), [(1, 2), (50, 2)])
def test_a_place_costs_two_queries_however_long_the_list(client, django_assert_num_queries, number, queries):
    for n in range(number):
        make_principle(slug=f"p-{n:02}", title=f"P {n:02}")
    without = 5
    with django_assert_num_queries(without + queries):
        client.get("/principles/p-00/?within=ordering%3Dtitle")
    assert Principle.objects.count() == number


def test_sources_and_terms_can_be_stepped_through(client):
    one, two = make_source(title="A book", kind="book"), make_source(title="B book", kind="book")
    html = client.get(f"/sources/{one.slug}/?within=kind%3Dbook").content.decode()
    assert steps(html) == ["/sources/?kind=book", f"/sources/{two.slug}/?within=kind%3Dbook"]
