"""What programs ask first: the feed, the sitemap, the description of the search, and the plain-text guide."""

import datetime
import re

import pytest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from lxml import etree

from missions.models import KINDS, LISTED, Change

from .factories import make_entry, make_mission, make_packet, make_path, make_principle, make_source, make_term

pytestmark = pytest.mark.django_db
CANARY = "Canary-7331"
ATOM = "{http://www.w3.org/2005/Atom}"
FIRST = datetime.datetime(2026, 1, 5, 9, tzinfo=datetime.UTC)
MACHINES = ("/sitemap.xml", "/feeds/changes.atom", "/opensearch.xml", "/llms.txt")


def change(entry, days=10, **values):
    values = {"note": "The date was wrong.", "published_at": FIRST + datetime.timedelta(days=days)} | values
    key = {"kind": entry._meta.model_name, "entry_id": entry.pk, "permanent_id": entry.permanent_id}
    return Change.objects.create(title=entry.title, **key | values)


def feed(client):
    """Return the entries of the feed as dictionaries of text."""
    root = etree.fromstring(client.get("/feeds/changes.atom").content)
    return [{child.tag.removeprefix(ATOM): child.text for child in e} for e in root.findall(f"{ATOM}entry")]


def test_the_feed_tells_of_first_publications_and_changes_newest_first(client):
    mission = make_mission(title="Force", published_at=FIRST, summary="In **short** [@x].")
    change(mission)
    change(mission, days=20, is_correction=True, note="It was 1964.")
    change(mission, days=30, note="")
    found = feed(client)
    assert [(e["title"], e["summary"], e["updated"], e["published"]) for e in found] == [
        ("Corrected: Force", "It was 1964.", "2026-01-25T09:00:00+00:00", "2026-01-05T09:00:00+00:00"),
        ("Changed: Force", "The date was wrong.", "2026-01-15T09:00:00+00:00", "2026-01-05T09:00:00+00:00"),
        ("New mission: Force", "In short.", "2026-01-05T09:00:00+00:00", "2026-01-05T09:00:00+00:00"),
    ]
    assert len({e["id"] for e in found}) == 3
    assert all(re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", e["id"]) for e in found)


def test_ids_stay_when_an_entry_is_renamed(client):
    mission = make_mission(slug="old", published_at=FIRST)
    change(mission)
    before = [e["id"] for e in feed(client)]
    type(mission).objects.update(slug="new", title="New")
    assert [e["id"] for e in feed(client)] == before


def test_a_first_publication_on_record_is_told_of_once(client):
    mission = make_mission(title="Force", published_at=FIRST)
    change(mission, days=0, note="First published.")
    assert [(e["title"], e["summary"]) for e in feed(client)] == [("New mission: Force", "First published.")]


def test_the_feed_says_when_it_last_changed(client):
    make_mission(published_at=FIRST)
    assert client.get("/feeds/changes.atom")["Last-Modified"] == "Mon, 05 Jan 2026 09:00:00 GMT"
    root = etree.fromstring(client.get("/feeds/changes.atom").content)
    assert parse_datetime(root.findtext(f"{ATOM}updated")) == FIRST
    assert root.find(f"{ATOM}link[@rel='self']").get("href") == "http://testserver/feeds/changes.atom"


@pytest.mark.parametrize("rows", [1, 20])
def test_the_feed_runs_a_fixed_number_of_queries(client, rows, django_assert_num_queries):
    for _ in range(rows):
        change(make_mission(published_at=FIRST))
        change(make_principle(published_at=FIRST))
    with django_assert_num_queries(4):  # changes, the entries of two kinds, first publications
        client.get("/feeds/changes.atom")


def hidden(model):
    """Make a draft, a scheduled and a withdrawn entry, each with a change on record."""
    later = timezone.now() + datetime.timedelta(days=1)
    gone = {"stage": "withdrawn", "withdrawal_note": "Wrong.", "withdrawal_kind": "error", "published_at": FIRST}
    for number, values in enumerate([{"stage": "draft"}, {"published_at": later}, gone]):
        entry = make_entry(model, title=f"{CANARY} {number}", slug=f"canary-{number}")
        model.objects.filter(pk=entry.pk).update(**values)
        change(entry, note=CANARY)
        yield entry


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.__name__)
def test_only_what_is_published_is_told_of(client, model):
    entries = list(hidden(model))
    make_entry(model, title="Seen", slug="seen")
    for address in MACHINES:
        assert "canary" not in client.get(address).content.decode().lower(), address
    assert "/seen/" in client.get("/sitemap.xml").content.decode()
    model.objects.filter(pk__in=[e.pk for e in entries]).update(stage="published", published_at=FIRST)
    told = client.get("/feeds/changes.atom").content.decode()
    listed = client.get("/sitemap.xml").content.decode()
    for number in range(3):
        assert f"New {model._meta.verbose_name}: {CANARY} {number}" in told
        assert f"/{model.url_segment}/canary-{number}/</loc>" in listed


def test_the_sitemap_names_every_page_with_its_last_change(client):
    entries = [make_source(), make_term(), *(make_entry(m, updated_at=FIRST) for m in KINDS)]
    entries += [make_packet(slug="shown"), make_path(slug="shown")]
    root = etree.fromstring(client.get("/sitemap.xml").content)
    ns = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    found = {
        u.findtext("s:loc", namespaces=ns): u.findtext("s:lastmod", namespaces=ns) for u in root.findall("s:url", ns)
    }
    for entry in entries:
        assert found[f"http://testserver{entry.get_absolute_url()}"] == f"{entry.updated_at:%Y-%m-%d}"
    for model in LISTED:
        assert f"http://testserver/{model.url_segment}/" in found
    assert found["http://testserver/missions/"] == "2026-01-05"
    for address in found:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_robots_are_told_where_the_sitemap_is(client):
    assert client.get("/robots.txt").content.decode() == (
        "User-agent: *\nDisallow: /admin/\n"
        "Disallow: /report/\nDisallow: /fr/report/\nDisallow: /ar/report/\n"
        "Disallow: /teaching/packet/\nDisallow: /fr/teaching/packet/\nDisallow: /ar/teaching/packet/\n"
        "Disallow: /teaching/packet.pdf\n"
        "\nSitemap: http://testserver/sitemap.xml\n"
    )


def test_every_page_leads_to_the_feed_and_the_search(client):
    page = client.get("/about/").content.decode()
    assert re.search(r'<link rel="alternate" type="application/atom\+xml" [^>]*href="/feeds/changes.atom">', page)
    search = r'<link rel="search" type="application/opensearchdescription\+xml" [^>]*href="/opensearch.xml">'
    assert re.search(search, page)


def test_the_search_is_described(client):
    answer = client.get("/opensearch.xml")
    assert answer["Content-Type"] == "application/opensearchdescription+xml; charset=utf-8"
    root, ns = etree.fromstring(answer.content), {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    assert len(root.findtext("o:ShortName", namespaces=ns)) <= 16
    addresses = {u.get("type"): u.get("template") for u in root.findall("o:Url", ns)}
    assert addresses["text/html"] == "http://testserver/search/?q={searchTerms}"
    make_principle(slug="consent", title="Consent")
    for kind in ("text/html", "application/json"):
        path = addresses[kind].removeprefix("http://testserver").replace("{searchTerms}", "consent")
        assert client.get(path)["Content-Type"].startswith(kind)


def test_the_guide_leads_to_addresses_that_answer(client):
    make_mission(slug="unficyp")
    answer = client.get("/llms.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("# Peace Operations Knowledge Base\n\n> ")
    addresses = {a.rstrip(".,") for a in re.findall(r"http://testserver(/[^\s),;]*)", text)}
    assert {"/missions/?format=json", "/missions/unficyp/cite.bib", "/data/", "/api/v1/missions/"} <= addresses
    for address in addresses - {"/data/", "/data/codebook/", "/api/v1/"}:
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("address", MACHINES)
def test_addresses_without_parameters_refuse_them(client, address):
    answer = client.get(f"{address}?x=1")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["x"])
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", MACHINES)
def test_what_did_not_change_is_not_sent_again(client, address):
    make_mission(published_at=FIRST)
    first = client.get(address)
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    make_mission(published_at=FIRST + datetime.timedelta(days=1))
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == (200 if address in MACHINES[:2] else 304)
