"""Pages as linked data: what they say of themselves to search engines."""

import datetime
import json
import re

import pytest
from django.conf import settings

from missions import linked, workflow
from missions.exports import DATA_FORMATS
from missions.models import KINDS, LISTED, CaseStudy, Release

from .factories import (
    make_case_study,
    make_country,
    make_entry,
    make_mission,
    make_organization,
    make_principle,
    make_source,
    make_term,
)

pytestmark = pytest.mark.django_db
HOST = "http://testserver"


def blocks(client, address):
    page = client.get(address).content.decode()
    return [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)]


def nodes(client, address):
    """Return the nodes of the one block of a page by their type."""
    (data,) = blocks(client, address)
    assert data["@context"] == "https://schema.org"
    return {node["@type"]: node for node in data["@graph"]}


def test_a_mission_is_an_article_about_an_operation_with_dates_and_place(client):
    cyprus = make_country("CYP")
    type(cyprus).objects.update(name="Cyprus", m49="196")
    mission = make_mission(
        countries=[cyprus], slug="unficyp", title="Force in Cyprus", acronym="UNFICYP", other_names="ONUC",
        started_on="1964-03-01", started_precision="month", ended_on="1970-01-01", ended_precision="year",
    )  # fmt: skip
    article = nodes(client, "/missions/unficyp/")["Article"]
    assert article["about"] == [{
        "@type": "Event", "@id": f"{HOST}/missions/unficyp/#operation", "name": "Force in Cyprus",
        "alternateName": ["UNFICYP", "ONUC"], "startDate": "1964-03", "endDate": "1970",
        "location": [{
            "@type": "Place", "name": "Cyprus", "sameAs": "http://www.wikidata.org/entity/Q229",
            "identifier": [
                {"@type": "PropertyValue", "propertyID": "ISO 3166-1 alpha-3", "value": "CYP"},
                {"@type": "PropertyValue", "propertyID": "UN M49", "value": "196"},
            ],
        }],
        "organizer": {"@type": "Organization", "name": "UN", "alternateName": "UN"},
    }]  # fmt: skip
    assert (article["headline"], article["identifier"]) == ("Force in Cyprus", mission.permanent_id)
    assert article["dateModified"] == mission.updated_at.date().isoformat()
    assert article["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_a_case_study_is_a_scholarly_article_about_its_missions(client):
    shown, draft = make_mission(slug="seen"), make_mission(slug="hidden", stage="draft", title="Canary")
    make_case_study([shown, draft], slug="case")
    article = nodes(client, "/case-studies/case/")["ScholarlyArticle"]
    assert [about["@id"] for about in article["about"]] == [f"{HOST}/missions/seen/#operation"]


def test_an_article_names_the_sources_that_its_page_cites(client):
    make_source(slug="report", kind="un-report", title="The report")
    principle = make_principle(slug="p", definition="So [@report].")
    workflow.index_citations(principle)
    assert nodes(client, "/principles/p/")["Article"]["citation"] == [
        {"@type": "Report", "@id": f"{HOST}/sources/report/#source", "name": "The report",
         "url": f"{HOST}/sources/report/"},
    ]  # fmt: skip


def test_a_term_belongs_to_its_vocabulary(client):
    source = make_source(slug="basis")
    term = make_term(slug="ceasefire", label_text="Ceasefire", definition="A pause.", source=source)
    node = nodes(client, "/glossary/ceasefire/")["DefinedTerm"]
    assert (node["name"], node["termCode"], node["description"]) == ("Ceasefire", "ceasefire", "A pause.")
    assert (node["identifier"], node["isBasedOn"]["name"]) == (term.permanent_id, source.title)
    vocabulary = node["inDefinedTermSet"]
    assert (vocabulary["@type"], vocabulary["name"]) == ("DefinedTermSet", "Mandate task")
    assert client.get(vocabulary["@id"].removeprefix(HOST)).status_code == 200


def test_a_source_is_the_document_that_it_is(client):
    make_source(slug="a", kind="article", title="Why", authors="Ng, Ada; World Bank", container="Journal", doi="10.1/x",
                pages="1-2", published_on=datetime.date(2001, 5, 1), published_precision="month")  # fmt: skip
    node = nodes(client, "/sources/a/")["ScholarlyArticle"]
    assert node["author"] == [
        {"@type": "Person", "name": "Ng, Ada", "familyName": "Ng", "givenName": "Ada"},
        {"@type": "Organization", "name": "World Bank"},
    ]
    assert {k: node[k] for k in ("name", "datePublished", "sameAs", "pagination", "mainEntityOfPage")} == {
        "name": "Why", "datePublished": "2001-05", "sameAs": "https://doi.org/10.1/x", "pagination": "1-2",
        "mainEntityOfPage": f"{HOST}/sources/a/",
    }  # fmt: skip


def make(model, **values):
    maker = {"sources": make_source, "glossary": make_term}.get(model.url_segment)
    return maker(**values) if maker else make_entry(model, **values)


@pytest.mark.parametrize("model", LISTED, ids=lambda m: m.url_segment)
def test_every_list_and_entry_says_where_it_stands(client, model):
    entry = make(model, slug="one")
    kind = str(model._meta.verbose_name_plural).capitalize()
    home = (1, "Peace Operations Knowledge Base", f"{HOST}/")
    lists = (2, kind, f"{HOST}/{model.url_segment}/")
    for address, expected in (
        (f"/{model.url_segment}/", [home, lists]),
        (entry.url, [home, lists, (3, str(entry.label), f"{HOST}{entry.url}")]),
    ):
        steps = nodes(client, address)["BreadcrumbList"]["itemListElement"]
        assert [(s["position"], s["name"], s["item"]) for s in steps] == expected


@pytest.mark.parametrize("model", LISTED, ids=lambda m: m.url_segment)
def test_a_list_is_a_dataset_with_its_files(client, model):
    make(model)
    node = nodes(client, f"/{model.url_segment}/?view=table")["Dataset"]
    assert (node["url"], node["size"]) == (f"{HOST}/{model.url_segment}/", "1 row")
    assert [d["name"] for d in node["distribution"]] == list(DATA_FORMATS)
    for download in node["distribution"]:
        answer = client.get(download["contentUrl"].removeprefix(HOST))
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith(download["encodingFormat"])
        answer.getvalue()  # to the end, so that the file is closed


def test_a_filtered_list_is_the_dataset_of_its_filters(client):
    make_mission(type="observer"), make_mission(type="traditional")
    node = nodes(client, "/missions/?type=observer&view=map")["Dataset"]
    assert (node["url"], node["size"]) == (f"{HOST}/missions/?type=observer", "1 row")
    assert node["distribution"][0]["contentUrl"] == f"{HOST}/missions/?type=observer&format=json"


@pytest.mark.parametrize("address", ["/", "/about/", "/missions/?type=x", "/search/?q=a", "/nothing/", "/missions/d/"])
def test_other_pages_have_none(client, address):
    make_mission(slug="d", stage="draft")
    assert blocks(client, address) == []


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.url_segment)
def test_nothing_in_a_text_ends_the_block(client, model):
    evil = '</script><script>alert(1)</script><!-- & "\\'
    entry = make_entry(model, title=evil, summary=f"S {evil}")
    page = client.get(entry.url).content.decode()
    assert "<script>alert" not in page
    article = nodes(client, entry.url)
    article = article["ScholarlyArticle" if model is CaseStudy else "Article"]
    assert article["headline"] == evil


def test_the_table_of_countries_covers_the_fixtures():
    countries = json.loads((settings.BASE_DIR / "fixtures/countries.json").read_text())
    assert list(linked.WIKIDATA) == [c["fields"]["iso3"] for c in countries]
    known = [q for q in linked.WIKIDATA.values() if q]
    assert len(known) == len(set(known)) == len(countries) - 1
    assert all(re.fullmatch(r"Q[1-9]\d*", q) for q in known)


def test_the_catalogue_lists_every_list_and_release():
    release = Release(number="2026.1", made_at=datetime.datetime(2026, 3, 2, tzinfo=datetime.UTC), checksum="c" * 64)
    data = linked.catalogue_graph(lambda path: f"https://kb.example{path}", LISTED, DATA_FORMATS, [release])
    _, catalogue = data["@graph"]
    assert (catalogue["@type"], catalogue["@id"]) == ("DataCatalog", "https://kb.example/data/#catalogue")
    *lists, last = catalogue["dataset"]
    assert [d["url"] for d in lists] == [f"https://kb.example/{m.url_segment}/" for m in LISTED]
    assert (last["version"], last["datePublished"]) == ("2026.1", "2026-03-02")
    assert last["url"] == "https://kb.example/data/releases/2026.1/"


def test_the_block_costs_no_query(client, django_assert_num_queries):
    missions = [make_mission(countries=[make_country()], organization=make_organization(f"o-{n}")) for n in range(3)]
    case = make_case_study(missions)
    for entry, queries in ((missions[0], 12), (case, 9)):
        with django_assert_num_queries(queries):
            assert len(blocks(client, entry.url)) == 1
