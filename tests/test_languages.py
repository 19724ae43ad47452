"""Pages in other languages: what decides which, what stays English, and that nothing is left untranslated."""

import json
import re
from datetime import date
from html.parser import HTMLParser

import polib
import pytest
from django.http import QueryDict
from django.template.base import Lexer, TokenType
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from missions import languages, workflow
from missions.languages import PREFIXED
from missions.models import SECTIONS
from missions.teaching import Quiz

from . import catalogues
from .factories import (
    make_event,
    make_evidence,
    make_figure,
    make_mission,
    make_packet,
    make_path,
    make_principle,
    make_question,
    make_task,
    make_term,
)

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
        is_english = bool(self.open and self.open[-1][1]) or "english" in attributes or attributes.get("lang") == "en"
        is_english = is_english or tag in ("code", "pre", "style")
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


# Teaching


def said_in_french(client, path):
    """Return what the main part of a page says, without what is marked as English."""
    page, main = Visible(), text_of(client, path).partition("<main")[2].partition("</main>")[0]
    page.feed(
        re.sub(r"<svg.*?</svg>", "", main, flags=re.DOTALL)
    )  # the title of a mark has no elements to mark parts of it
    return re.sub(r"\s+", " ", " ".join(page.found))


@pytest.fixture
def consent():
    return make_principle(slug="consent", title="Canary of a title")


@pytest.fixture
def mission(consent):
    """Make a mission with one of everything that a lesson shows."""
    mission = make_mission(slug="one", acronym="UNONE", title="Canary of a mission")
    make_evidence(mission, principle=consent, stance="breached", text="Canary of an observation.")
    make_figure(mission, measure="deployed-military", value=6411, as_of=date(2001, 3, 1))
    make_event(mission, kind="establishment", symbol="S/RES/1", vote="14-0-1", title="Canary of an event")
    for label in ("Mine action", "Border control"):
        make_task(
            mission,
            make_term(label_text=label, group="security-and-justice-sector", definition="Canary of a task."),
            assist=True,
        )
    make_question(consent, [mission], text="Canary of a question?")
    return mission


@pytest.mark.django_db
def test_a_packet_is_in_french_but_for_its_content(client, mission, consent):
    make_packet([mission], slug="agreeing", title="Canary of a packet", summary="Canary of a summary.",
                introduction="Canary of an introduction.", aims="Canary of an aim.", teacher_note="Canary of a note.",
                principles=[consent])  # fmt: skip
    said = said_in_french(client, "/fr/teaching/packets/agreeing/")
    for words in ("En anglais seulement pour l’instant", "Ce qui leur a été prescrit", "Lutte antimines", "Enfreint",
                  "Gouvernement hôte, UNONE",
                  "14 pour, 0 contre, abstentions : 1", "6 411 militaires"):  # fmt: skip
        assert words in said, words
    assert "Canary" not in said
    assert text_of(client, "/fr/teaching/packets/agreeing/").count("Canary") > 10
    cited = text_of(client, "/fr/teaching/packets/agreeing/").partition('class="cite-text"')[2].partition("</p>")[0]
    assert "http://testserver/teaching/packets/agreeing/ (accessed " in cited and "Teaching packet. Updated " in cited


@pytest.mark.django_db
def test_a_packet_as_pdf_has_one_address(client, mission):
    make_packet([mission], slug="agreeing")
    assert 'href="/teaching/packets/agreeing.pdf"' in text_of(client, "/fr/teaching/packets/agreeing/")
    assert 'href="/teaching/packet.pdf?m=one"' in text_of(client, "/fr/teaching/packet/?m=one")
    answer = client.get("/fr/teaching/packets/agreeing.pdf")
    assert (answer.status_code, answer["Location"]) == (301, "/teaching/packets/agreeing.pdf")


@pytest.mark.django_db
def test_a_quiz_shows_french_choices_and_judges_the_same_answers(client, mission, consent):
    for n, stance in enumerate(("upheld", "strained", "breached"), 2):
        make_evidence(
            make_mission(slug=f"m{n}", acronym=f"UNM{n}"), principle=consent, stance=stance,
            text=f"Canary <b>{n}</b> of UNM{n}.",  # as it names the mission, what is asked is how it is recorded
        )  # fmt: skip
    english = Quiz(consent, QueryDict()).questions
    with override("fr"):
        french = Quiz(consent, QueryDict()).questions
    assert [[v for v, _ in q.choices] for q in french] == [[v for v, _ in q.choices] for q in english]
    right = "&".join(f"a{n}={q.right_value}" for n, q in enumerate(english, 1))
    said = said_in_french(client, f"/fr/teaching/quiz/principles/consent/?{right}")
    assert f"Réponses justes : {len(english)} sur {len(english)} données" in said
    assert "Enfreint" in said and "Breached" not in said
    assert "<b>" not in text_of(client, f"/fr/teaching/quiz/principles/consent/?{right}")
    assert "Canary" not in said


@pytest.mark.django_db
def test_numbers_in_a_quiz_are_written_as_the_reader_is_used_to(mission):
    for n, value in enumerate((200, 1200, 200_000)):
        make_figure(make_mission(slug=f"m{n}"), measure="deployed-military", value=value, as_of=date(2001, 3, 1))
    with override("fr"):
        [question] = [q for q in Quiz(mission, QueryDict()).questions if q.key.endswith("deployed")]
        assert (question.right, dict(question.choices)[question.right_value]) == ("6,411", "6\u202f411")


@pytest.mark.django_db
def test_a_path_and_the_start_page_are_in_french_but_for_their_content(client, mission):
    make_path([mission], slug="first", title="Canary of a path", summary="Canary.", introduction="Canary.")
    said = said_in_french(client, "/fr/teaching/paths/first/")
    assert "Étudiant de première année" in said and "Canary" not in said
    start = said_in_french(client, "/fr/teaching/")
    assert "Parcours d’apprentissage" in start and "Canary" not in start
    assert 'href="/fr/teaching/paths/first/"' in text_of(client, "/fr/teaching/")


@pytest.mark.django_db
def test_what_is_wrong_with_a_packet_is_said_in_french(client):
    page = text_of(client, "/fr/teaching/packet/?m=nothing")
    assert "Il n’existe ici aucun élément de type «\xa0mission\xa0» nommé «\xa0nothing\xa0»" in page


def test_no_two_choices_of_a_quiz_are_the_same_in_french():
    for name, field in (("terms", "label_text"), ("organizations", "name")):
        rows = json.loads((catalogues.ROOT / "fixtures" / f"{name}.json").read_text())
        names = {row["fields"][field] for row in rows}
        with override("fr"):
            assert len({languages.translated(n) for n in names}) == len(names)
