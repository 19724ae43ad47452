"""What readers of feeds, search engines and browsers make of the running site."""

from pathlib import Path

import feedparser
import pytest
from lxml import etree

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
