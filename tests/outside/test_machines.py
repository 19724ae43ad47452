"""What readers of feeds, search engines and browsers make of the running site."""

import json
import re
from collections import Counter
from pathlib import Path

import feedparser
import pytest
from lxml import etree
from pyld import jsonld

from tests.serving import fetch

pytestmark = pytest.mark.outside
SITEMAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def test_feedparser_reads_the_feed_without_complaint(site):
    feed = feedparser.parse(fetch(f"{site}/feeds/changes.atom"))
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert feed.feed.title == "Peace Operations Knowledge Base: what is new and what changed"
    assert len(feed.entries) == 50
    assert len({e.id for e in feed.entries}) == 50
    for entry in feed.entries:
        assert entry.link.startswith(f"{site}/")
        assert entry.updated_parsed >= entry.published_parsed
        assert entry.summary
    assert [e.updated for e in feed.entries] == sorted((e.updated for e in feed.entries), reverse=True)


def test_the_sitemap_keeps_to_the_schema_and_names_every_entry(site):
    schema = etree.XMLSchema(etree.parse(Path(__file__).with_name("sitemap.xsd")))
    root = etree.fromstring(fetch(f"{site}/sitemap.xml"))
    schema.assertValid(root)
    addresses = root.xpath("s:url/s:loc/text()", namespaces=SITEMAP)
    assert len(addresses) == len(set(addresses)) > 1800
    broken = etree.fromstring(etree.tostring(root))
    broken[0].find("s:loc", SITEMAP).text = ""
    assert not schema.validate(broken)  # the schema can refuse


def test_the_description_of_the_search_parses_and_leads_to_results(site):
    root = etree.fromstring(fetch(f"{site}/opensearch.xml"))
    ns = {"o": "http://a9.com/-/spec/opensearch/1.1/"}
    template = root.xpath("o:Url[@type='text/html']/@template", namespaces=ns)[0]
    assert template.startswith(f"{site}/search/")
    assert 'href="/missions/unficyp/"' in fetch(template.replace("{searchTerms}", "unficyp")).decode()
    image = root.findtext("o:Image", namespaces=ns)
    assert fetch(image).startswith(b"<svg")


LOADED = json.loads(Path(__file__).with_name("schema_org.json").read_text())


def load(address, options):
    """Hand out the terms of schema.org that are used here, copied from there, so that a misspelt one is unknown."""
    assert address.rstrip("/") == "https://schema.org"
    return {"contextUrl": None, "documentUrl": address, "document": LOADED}


def terms(data):
    """Yield every property of JSON-LD as written."""
    for name, value in data.items() if isinstance(data, dict) else ():
        if not name.startswith("@"):
            yield name
        if name != "@context":
            yield from terms(value)
    for value in data if isinstance(data, list) else ():
        yield from terms(value)


def types(data):
    if isinstance(data, dict):
        yield from data.get("@type", [])
        data = list(data.values())
    for value in data if isinstance(data, list) else ():
        yield from types(value)


PAGES = ("/missions/unficyp/", "/missions/kfor/", "/case-studies/kosovo/", "/principles/consent/", "/themes/",
         "/glossary/chapter-vii/", "/sources/", "/missions/?type=observer", "/sources/s-res-186-1964/",
         "/approaches/peacekeeping/")  # fmt: skip


def blocks_of(site):
    for path in PAGES:
        page = fetch(site + path).decode()
        found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
        assert len(found) == 1, path
        yield from map(json.loads, found)


def test_pyld_expands_every_block_and_loses_no_term(site):
    seen = Counter()
    for data in blocks_of(site):
        written = Counter(f"https://schema.org/{name}" for name in terms(data))
        expanded = jsonld.expand(data, {"documentLoader": load})
        assert Counter(terms(expanded)) == written
        assert {t for t in types(expanded) if not t.startswith("https://schema.org/")} == set()
        seen += written
    assert len(seen) > 30
    lost = jsonld.expand({"@context": "https://schema.org", "naem": "x", "name": "y"}, {"documentLoader": load})
    assert list(terms(lost)) == ["https://schema.org/name"]  # an unknown term does vanish
