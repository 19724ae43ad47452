"""Pages in other languages: what decides which, what stays English, and that nothing is left untranslated."""

import re
from datetime import date
from html.parser import HTMLParser

import polib
import pytest
from django.template.base import Lexer, TokenType
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from missions import languages, workflow
from missions.languages import PREFIXED
from missions.models import SECTIONS

from . import catalogues
from .factories import make_figure, make_mission

PLACE = re.compile(r"%\(\w+\)[sd]|%%")
WORD = re.compile(r"[^\W\d_]{2,}")
READ_ALOUD = ("title", "aria-label", "placeholder", "alt")
# Names that no language translates, and what is written the same in all of them.
SAME_EVERYWHERE = {"Python", "curl", "JSON", "CSV", "SVG", "ISBN", "DOI", "SHA", "PDF", "csv", "R"}
VOID = {"meta", "link", "input", "br", "use", "path", "rect", "circle", "line", "polyline"}


def text_of(client, path):
    return client.get(path).content.decode()


# The catalogues


@pytest.fixture(scope="module")
def texts():
    """Collect them once; no database is asked."""
    return catalogues.messages()


def entries(language):
    return polib.pofile(str(catalogues.path_of(language)))


@pytest.mark.parametrize("language", PREFIXED)
def test_a_catalogue_has_every_text_and_no_other(language, texts):
    known = {(e.msgctxt, e.msgid, e.msgid_plural or None) for e in entries(language)}
    assert known == set(texts), "run `make messages` and translate what is new"


def test_everything_is_in_french():
    missing = [e.msgid for e in entries("fr") if not e.translated() or e.fuzzy or e.obsolete]
    assert missing == []


@pytest.mark.parametrize("language", PREFIXED)
def test_a_translation_has_the_placeholders_of_its_text(language):
    for e in entries(language):
        for said in filter(None, [e.msgstr, *e.msgstr_plural.values()]):
            assert set(PLACE.findall(said)) == set(PLACE.findall(e.msgid + e.msgid_plural)), e.msgid
            assert sorted(re.findall(r"<[^>]+>", said)) == sorted(re.findall(r"<[^>]+>", e.msgid)), e.msgid


@pytest.mark.parametrize("language", PREFIXED)
def test_a_compiled_catalogue_is_that_of_its_texts(language):
    compiled = catalogues.path_of(language).with_suffix(".mo").read_bytes()
    assert compiled == entries(language).to_binary(), "run `make messages`"


class Visible(HTMLParser):
    """The text of a template that readers see or hear, without what is marked as English."""

    def __init__(self):
        super().__init__()
        self.open, self.found = [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        is_english = bool(self.open and self.open[-1][1]) or "english" in attributes or tag in ("code", "pre", "style")
        if not is_english:
            self.found += [attributes[name] or "" for name in READ_ALOUD if name in attributes]
        if tag not in VOID:
            self.open.append((tag, is_english))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if not (self.open and self.open[-1][1]):
            self.found.append(data)


def outside_gettext(source):
    """Return the words of a template that do not go through gettext. Attributes alone count as pieces of the page."""
    parts, inside = [], False
    if not source.rstrip().endswith(">") and "<" not in source:  # the attributes of an element, without it
        source = f"<i{source}>"
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK and "blocktranslate" in token.contents.split()[0]:
            inside = not token.contents.startswith("end")
        elif token.token_type == TokenType.TEXT and not inside:
            parts.append(token.contents)
        elif token.token_type == TokenType.VAR and not inside:
            parts.append("0")  # a value, which may be the whole of an attribute
        elif token.token_type == TokenType.BLOCK and token.contents == "en":
            parts.append(" english ")
    page = Visible()
    page.feed("".join(parts))
    return [w for text in page.found for w in WORD.findall(re.sub(r"&\w+;", "", text)) if w not in SAME_EVERYWHERE]


@pytest.mark.parametrize("path", catalogues.public_templates(), ids=lambda path: path.name)
def test_a_public_template_says_nothing_outside_of_gettext(path):
    assert outside_gettext(path.read_text()) == []


def test_words_outside_of_gettext_are_found():
    source = '<p title="One">Two {% translate "three" %}<b{% en %}>four</b> {{ five }}</p><a aria-label="Six"></a>'
    assert outside_gettext(source) == ["One", "Two", "Six"]


# Addresses


@pytest.mark.django_db
def test_the_address_alone_says_the_language(client):
    client.cookies["django_language"] = "fr"
    english = client.get("/missions/", headers={"Accept-Language": "fr"})
    assert (english["Content-Language"], 'html lang="en"' in english.content.decode()) == ("en", True)
    assert "Accept-Language" not in english.get("Vary", "")
    french = client.get("/fr/missions/", headers={"Accept-Language": "en"})
    assert (french["Content-Language"], 'html lang="fr"' in french.content.decode()) == ("fr", True)
    assert 'html lang="ar" dir="rtl"' in text_of(client, "/ar/missions/")
    assert [client.get(path).status_code for path in ("/en/missions/", "/en-gb/missions/", "/de/", "/fr-ca/")] == [
        404
    ] * 4


@pytest.mark.django_db
def test_a_page_names_itself_in_every_language(client):
    make_mission(slug="one", title="One")
    page = text_of(client, "/fr/missions/?region=&q=peace&view=table".replace("region=&", ""))
    at = "http://testserver"
    for code, path in (
        ("en", "/missions/"),
        ("fr", "/fr/missions/"),
        ("ar", "/ar/missions/"),
        ("x-default", "/missions/"),
    ):
        assert f'<link rel="alternate" hreflang="{code}" href="{at}{path}?q=peace&amp;view=table">' in page
    assert '<a href="/missions/?q=peace&amp;view=table" lang="en" hreflang="en">English</a>' in page
    assert '<a href="/fr/missions/?q=peace&amp;view=table" lang="fr" hreflang="fr" aria-current="true">' in page
    assert "hreflang" not in text_of(client, "/api/v1/docs/")


@pytest.mark.django_db
def test_links_of_a_french_page_lead_to_french_pages_and_its_files_to_english_ones(client):
    make_mission(slug="one", title="One")
    page = text_of(client, "/fr/missions/one/")
    inside = set(re.findall(r'href="(/[^"#?]*)', page)) - {"/", "/missions/one/", "/ar/missions/one/"}
    files = {path for path in inside if not path.startswith("/fr/")}
    assert {"/fr/missions/", "/fr/about/", "/fr/glossary/observer/"} <= inside
    assert all(re.search(r"^/(static|feeds|api|opensearch|theme)|cite\.|sources\.|charts/", path) for path in files), (
        files
    )


@pytest.mark.django_db
def test_an_entry_is_cited_at_its_english_address_in_every_language(client):
    make_mission(slug="one", title="One")
    page = text_of(client, "/fr/missions/one/")
    assert '<link rel="canonical" href="http://testserver/missions/one/">' in page
    linked = page[page.index("application/ld+json") :]
    assert "/missions/one/" in linked and "/fr/" not in linked
    assert "/fr/" not in page[page.index('id="cite-text"') : page.index('class="share"')].replace("/fr/report/", "")


@pytest.mark.django_db
def test_data_is_english_and_at_one_address(client):
    make_mission(slug="one", title="One")
    for path in ("/missions/?format=csv", "/missions/one/?format=json"):
        assert client.get(f"/fr{path}").headers["Location"] == path
    for path in ("/missions/one/cite.bib", "/sitemap.xml"):
        answer = client.get(f"/fr{path}")
        assert (answer.status_code, answer["Location"]) == (301, path)
    assert client.get("/fr/missions/nothing/").status_code == 404
    assert client.get("/fr/api/v1/nothing/").status_code == 404


@pytest.mark.django_db
def test_errors_are_worded_in_the_language_of_the_page_and_in_english_for_programs(client):
    french = client.get("/fr/missions/?nonsense=1")
    assert (french.status_code, "Paramètre inconnu" in french.content.decode()) == (400, True)
    assert "Unknown parameter" in client.get("/api/v1/missions/?nonsense=1").json()["errors"]["nonsense"][0]


@pytest.mark.django_db
def test_a_report_can_be_sent_from_a_french_page(client):
    mission = make_mission(slug="one", title="One")
    path = f"/fr/report/?fact={mission.permanent_id}"
    assert "Envoyer le signalement" in text_of(client, path)
    answer = client.post(path, {"text": "This is not so, see the source."})
    assert answer.headers["Location"].startswith("/fr/report/?")


# What is kept


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", [("", "/fr"), ("/fr", "")])
def test_nothing_kept_in_one_language_comes_out_in_another(settings, order):
    settings.PAGE_CACHE_MB = 8
    workflow.index_entry(make_mission(slug="one", title="One"))
    reader = Client()
    for _ in range(2):
        for prefix in order:
            said, other = ("Données essentielles", "Key facts") if prefix else ("Key facts", "Données essentielles")
            page = text_of(reader, f"{prefix}/missions/one/")
            assert (said in page, other in page) == (True, False)
            assert f'href="{prefix}/missions/"' in page
            listed = text_of(reader, f"{prefix}/missions/?type=observer")
            assert ("Mission d’observation" in listed) == bool(prefix)
            assert f'href="{prefix}/missions/one/' in listed
            found = reader.get(f"{prefix}/search/suggest?q=one").json()["results"][0]
            assert found["url"] == f"{prefix}/missions/one/"
    assert "facets" in reader.get("/missions/?format=json&facets=1").json()
    facets = reader.get("/missions/?format=json&facets=1").json()["facets"]
    assert [c["label"] for c in facets["type"] if c["count"]] == ["Observer mission"]


# Words


@pytest.mark.django_db
def test_content_is_marked_as_english_on_a_french_page_only(client):
    make_mission(slug="one", title="The first mission", summary="What it was.")
    french, english = text_of(client, "/fr/missions/one/"), text_of(client, "/missions/one/")
    assert '<h1 lang="en" dir="ltr">' in french and "En anglais seulement pour l’instant" in french
    assert 'dir="ltr"' not in english and "only-english" not in english


def test_dates_and_numbers_are_in_the_form_of_the_reader():
    day = date(1964, 3, 27)
    said = {}
    for code in ("en-gb", "fr", "ar"):
        with override(code):
            dates = [languages.written(day, p) for p in ("day", "month", "year")]
            said[code] = [*dates, languages.written(date(1990, 8, 1)), languages.number(6411), languages.written(None)]
    assert said["en-gb"] == ["27 March 1964", "March 1964", "1964", "1 August 1990", "6,411", ""]
    assert said["fr"] == ["27 mars 1964", "mars 1964", "1964", "1er août 1990", "6\N{NARROW NO-BREAK SPACE}411", ""]
    assert said["ar"] == ["27 مارس 1964", "مارس 1964", "1964", "1 أغسطس 1990", "6,411", ""]


def test_addresses_have_one_prefix_at_most():
    assert [languages.bare(path) for path in ("/fr/missions/", "/fr/", "/missions/", "/friends/", "/")] == [
        "/missions/", "/", "/missions/", "/friends/", "/",
    ]  # fmt: skip
    assert [languages.in_language("/ar/data/?x=1", code) for code in ("en-gb", "fr", "ar")] == [
        "/data/?x=1", "/fr/data/?x=1", "/ar/data/?x=1",
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("language", PREFIXED)
def test_drawings_have_coordinates_that_browsers_read(client, language):
    mission = make_mission(slug="one", title="One")
    for year, value in ((2001, 1500), (2003, 2750)):
        make_figure(mission, measure="deployed-military", value=value, as_of=date(year, 5, 1))
    pages = [f"/{language}/missions/one/", f"/{language}/missions/?view=timeline"]
    for page in (text_of(client, path) for path in pages):
        places = re.findall(r' (?:x|y|x1|x2|y1|y2|cx|cy|r|width|height)="([^"]*)"', page)
        assert places and all(re.fullmatch(r"-?[\d.]+(%|rem)?|100%", place) for place in places), places


@pytest.mark.parametrize("name", ["home", "mission-list", "search", "evidence", "data", "codebook", "about"])
def test_addresses_are_made_in_the_language_that_is_active(name):
    with override("fr"):
        assert reverse(name).startswith("/fr/")
    assert not reverse(name).startswith("/fr")


def test_the_sections_of_a_case_study_are_in_french():
    with override("fr"):
        assert [languages.translated(label) for label in SECTIONS.values()][:2] == ["Contexte", "Mandat"]


def test_search_and_comparison_are_limited_in_every_language():
    assert (
        f"^/({'|'.join(f'{code}/' for code in PREFIXED)})?(search|"
        in (catalogues.ROOT / "deploy/nginx.conf").read_text()
    )
