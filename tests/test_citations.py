"""Citations: the records, the files made of them, the references, and what pages carry of them."""

import datetime
import html
import json
import re
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from django.utils import timezone

from missions import citations, workflow
from missions.addresses import leave
from missions.citations import START, STOP
from missions.citations.bibtex import bibtex, text
from missions.citations.names import names
from missions.citations.references import made
from missions.citations.ris import ris
from missions.models import KINDS, LISTED, CaseStudy, Mission, Principle, Release, Source

from .factories import make_entry, make_evidence, make_mission, make_principle, make_source, make_term

pytestmark = pytest.mark.django_db
DAY = datetime.date(1964, 3, 4)
CHANGED = datetime.datetime(2026, 3, 2, 12, tzinfo=datetime.UTC)


def source(**values):
    values = {"slug": "s", "kind": "book", "title": "A title", "authors": "Author, Ann", "published_on": DAY} | values
    return Source(**values)


def shown(record):
    """Return the references of a record by style, with italics between asterisks."""
    return {key: re.sub(f"[{START}{STOP}]", "*", text) for key, _, text in citations.formatted(record)}


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ("United Nations Security Council", ("author", [{"literal": "United Nations Security Council"}])),
        ("Bellamy, Alex J.; Williams, Paul D.",
         ("author", [{"family": "Bellamy", "given": "Alex J."}, {"family": "Williams", "given": "Paul D."}])),
        ("Lombard, Louisa; Ng, Ada (eds.)",
         ("editor", [{"family": "Lombard", "given": "Louisa"}, {"family": "Ng", "given": "Ada"}])),
        ("Collelo, Thomas (ed.)", ("editor", [{"family": "Collelo", "given": "Thomas"}])),
        ("Tuncak, Baskut (Special Rapporteur)", ("author", [{"family": "Tuncak", "given": "Baskut"}])),
        ("Symons of Vernham Dean, Elizabeth", ("author", [{"family": "Symons of Vernham Dean", "given": "Elizabeth"}])),
        ("Australia, Department of Defence", ("author", [{"literal": "Australia, Department of Defence"}])),
        ("Inquiry (chair: Long, Robert)", ("author", [{"literal": "Inquiry (chair: Long, Robert)"}])),
        ("Human Rights Watch (Africa Watch)", ("author", [{"literal": "Human Rights Watch (Africa Watch)"}])),
    ],
)  # fmt: skip
def test_persons_are_taken_apart_and_bodies_are_not(authors, expected):
    assert names(authors) == expected


def test_no_body_of_the_fixtures_is_taken_for_a_person():
    rows = json.loads((settings.BASE_DIR / "fixtures/sources.json").read_text())
    found = [n for row in rows for n in names(row["fields"]["authors"])[1]]
    bodies = {n["literal"] for n in found if "literal" in n}
    assert {"France, Ministry of Defence", "United Nations, Meetings Coverage", "Human Rights Watch"} <= bodies
    given = {n["given"] for n in found if "given" in n}
    assert len(given) > 150
    odd = [g for g in given if not re.fullmatch(r"'?[^\W\d_a-z][\w.'-]*( [^\W\d_a-z][\w.'-]*){0,2}", g)]
    assert odd == []


@pytest.mark.parametrize(("precision", "parts"), [("day", [1964, 3, 4]), ("month", [1964, 3]), ("year", [1964])])
def test_a_date_is_as_exact_as_it_is_known(precision, parts):
    record = citations.of_source(source(published_precision=precision))
    assert record["issued"] == {"date-parts": [parts]}
    dates = [line for line in bibtex([record]).splitlines() if line.startswith(("  year", "  month", "  date"))]
    iso = "-".join(f"{p:02}" for p in parts)
    assert dates == ["  year = {1964},", *["  month = mar,"] * (len(parts) > 1), f"  date = {{{iso}}},"]
    assert f"\nDA  - {iso.replace('-', '/')}\n" in ris([record])


RESOLUTION = {
    "kind": "un-resolution", "authors": "United Nations Security Council", "title": "Resolution 186 (1964)",
    "symbol": "S/RES/186 (1964)", "publisher": "United Nations", "official_url": "https://undocs.org/S/RES/186(1964)",
}  # fmt: skip
ARTICLE = {
    "kind": "article", "authors": "Bove, Vincenzo; Ruggeri, Andrea", "title": "Kinds of Blue: Diversity in Missions",
    "container": "British Journal of Political Science", "volume": "46", "issue": "3", "pages": "681-700",
    "published_on": datetime.date(2016, 1, 1), "published_precision": "year", "doi": "10.1017/S0007123415000034",
}  # fmt: skip
CHAPTER = {
    "kind": "chapter", "authors": "Dorn, A. Walter", "title": "Aerial Surveillance During a Civil War, 1958",
    "container": "Air Power in UN Operations (ed. A. Walter Dorn)", "pages": "135-145", "publisher": "Ashgate",
    "published_on": datetime.date(2015, 1, 1), "published_precision": "year",
}  # fmt: skip
DATASET = {
    "kind": "dataset", "authors": "Kroc Institute for International Peace Studies", "title": "Peace Accords Matrix",
    "publisher": "University of Notre Dame", "published_on": datetime.date(2015, 1, 1), "published_precision": "year",
    "official_url": "https://peaceaccords.nd.edu/",
}  # fmt: skip
EDITED = {
    "authors": "Carayannis, Tatiana; Lombard, Louisa (eds.)", "title": "Making Sense of the Republic",
    "publisher": "Zed Books", "published_on": datetime.date(2015, 1, 1),
}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "apa", "chicago", "mla"),
    [
        (
            RESOLUTION,
            "United Nations Security Council. (1964). *Resolution 186 (1964)* (S/RES/186 (1964)). United Nations. "
            "https://undocs.org/S/RES/186(1964)",
            "United Nations Security Council. 1964. *Resolution 186 (1964)*. S/RES/186 (1964). United Nations. "
            "https://undocs.org/S/RES/186(1964).",
            "United Nations Security Council. *Resolution 186 (1964)*. S/RES/186 (1964), United Nations, 4 Mar. 1964, "
            "https://undocs.org/S/RES/186(1964).",
        ),
        (
            ARTICLE,
            "Bove, V., & Ruggeri, A. (2016). Kinds of Blue: Diversity in Missions. "
            "*British Journal of Political Science*, *46*(3), 681–700. https://doi.org/10.1017/S0007123415000034",
            "Bove, Vincenzo, and Andrea Ruggeri. 2016. “Kinds of Blue: Diversity in Missions.” "
            "*British Journal of Political Science* 46 (3): 681–700. https://doi.org/10.1017/S0007123415000034.",
            "Bove, Vincenzo, and Andrea Ruggeri. “Kinds of Blue: Diversity in Missions.” "
            "*British Journal of Political Science*, vol. 46, no. 3, 2016, pp. 681–700, "
            "https://doi.org/10.1017/S0007123415000034.",
        ),
        (
            CHAPTER,
            "Dorn, A. W. (2015). Aerial Surveillance During a Civil War, 1958. In A. Walter Dorn (Ed.), "
            "*Air Power in UN Operations* (pp. 135–145). Ashgate.",
            "Dorn, A. Walter. 2015. “Aerial Surveillance During a Civil War, 1958.” In *Air Power in UN Operations*, "
            "edited by A. Walter Dorn. Ashgate.",
            "Dorn, A. Walter. “Aerial Surveillance During a Civil War, 1958.” *Air Power in UN Operations*, "
            "edited by A. Walter Dorn, Ashgate, 2015, pp. 135–45.",
        ),
        (
            DATASET,
            "Kroc Institute for International Peace Studies. (2015). *Peace Accords Matrix* [Dataset]. "
            "University of Notre Dame. https://peaceaccords.nd.edu/",
            "Kroc Institute for International Peace Studies. 2015. “Peace Accords Matrix.” "
            "University of Notre Dame. https://peaceaccords.nd.edu/.",
            "Kroc Institute for International Peace Studies. “Peace Accords Matrix.” "
            "University of Notre Dame, 2015, https://peaceaccords.nd.edu/.",
        ),
        (
            EDITED,
            "Carayannis, T., & Lombard, L. (Eds.). (2015). *Making Sense of the Republic*. Zed Books.",
            "Carayannis, Tatiana, and Louisa Lombard, eds. 2015. *Making Sense of the Republic*. Zed Books.",
            "Carayannis, Tatiana, and Louisa Lombard, editors. *Making Sense of the Republic*. Zed Books, 2015.",
        ),
        (
            EDITED | {"authors": "Collelo, Thomas (ed.)"},
            "Collelo, T. (Ed.). (2015). *Making Sense of the Republic*. Zed Books.",
            "Collelo, Thomas, ed. 2015. *Making Sense of the Republic*. Zed Books.",
            "Collelo, Thomas, editor. *Making Sense of the Republic*. Zed Books, 2015.",
        ),
        (
            {"kind": "report", "authors": "African Union; United Nations", "title": "Lessons Learned"},
            "African Union & United Nations. (1964). *Lessons Learned*.",
            "African Union and United Nations. 1964. *Lessons Learned*.",
            "African Union and United Nations. *Lessons Learned*. 4 Mar. 1964.",
        ),
        (
            {"kind": "treaty", "authors": "Egypt; Israel", "title": "Treaty of Peace"},
            "Treaty of Peace, Egypt-Israel, March 4, 1964.",
            "Treaty of Peace, Egypt-Israel, March 4, 1964.",
            "Egypt and Israel. Treaty of Peace. 4 Mar. 1964.",
        ),
        (
            {"kind": "news", "authors": "Reuters", "title": "la vie en paix", "container": "Le Monde",
             "note": "In French."},
            "Reuters. (1964, March 4). la vie en paix. *Le Monde*.",
            "Reuters. 1964. “la vie en paix.” *Le Monde*, March 4.",
            "Reuters. “la vie en paix.” *Le Monde*, 4 Mar. 1964.",
        ),
    ],
    ids=["resolution", "article", "chapter", "dataset", "editors", "editor", "bodies", "treaty", "french"],
)  # fmt: skip
def test_references_of_sources_are_as_the_manuals_print_them(values, apa, chicago, mla):
    assert shown(citations.of_source(source(**values))) == {"apa": apa, "chicago": chicago, "mla": mla}


def test_the_reference_of_an_entry_names_its_last_change_and_the_newest_release():
    mission = make_mission(slug="unficyp", title="Force in Cyprus", acronym="UNFICYP", updated_at=CHANGED)
    record = citations.of_entry(mission, "https://kb.example/missions/unficyp/", "2026.1")
    today = timezone.localdate()
    assert record == {
        "id": mission.permanent_id, "type": "webpage", "author": [{"literal": "Peace Operations Knowledge Base"}],
        "title": "UNFICYP: Force in Cyprus", "issued": {"date-parts": [[2026, 3, 2]]},
        "accessed": {"date-parts": [[today.year, today.month, today.day]]},
        "URL": "https://kb.example/missions/unficyp/", "language": "en", "version": "2026.1",
        "note": f"Permanent id {mission.permanent_id}",
    }  # fmt: skip
    assert shown(record) == {
        "apa": "Peace Operations Knowledge Base. (2026, March 2). *UNFICYP: Force in Cyprus*. "
        "https://kb.example/missions/unficyp/",
        "chicago": "Peace Operations Knowledge Base. 2026. “UNFICYP: Force in Cyprus.” Version 2026.1. March 2. "
        "https://kb.example/missions/unficyp/.",
        "mla": "Peace Operations Knowledge Base. *UNFICYP: Force in Cyprus*. Version 2026.1, 2 Mar. 2026, "
        "https://kb.example/missions/unficyp/.",
    }


def test_what_has_no_date_names_the_day_of_access():
    record = citations.of_list("Search results", [], 2, "https://kb.example/search/")
    assert "issued" not in record
    assert "Retrieved" in shown(record)["apa"]
    assert "Accessed" in shown(record)["mla"]


def test_a_release_is_cited_as_a_dataset_with_its_checksum():
    release = Release(number="2026.1", made_at=CHANGED, checksum="ab" * 32)
    record = citations.of_release(release, "https://kb.example/data/releases/2026.1/")
    assert {k: record[k] for k in ("id", "type", "title", "version", "note", "issued", "URL")} == {
        "id": "release-2026.1", "type": "dataset", "title": "Peace Operations Knowledge Base: data",
        "version": "2026.1", "note": f"SHA-256 {'ab' * 32}", "issued": {"date-parts": [[2026, 3, 2]]},
        "URL": "https://kb.example/data/releases/2026.1/",
    }  # fmt: skip
    assert shown(record)["apa"] == (
        "Peace Operations Knowledge Base. (2026). *Peace Operations Knowledge Base: data* (Version 2026.1) [Dataset]. "
        "https://kb.example/data/releases/2026.1/"
    )


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a & b_c 100% #1 $2", r"a \& b\_c 100\% \#1 \$2"), ("{odd", "odd"), ("}x{", "x"), ("a {b} c", r"a \{b\} c"),
        ("~^", r"\textasciitilde{}\textasciicircum{}"), ("\\input", r"\textbackslash{}input"), ("é ć 中", "é ć 中"),
        ("two\nlines", "two lines"), ("FOI-R--25", "FOI-R-{}-25"),
    ],
)  # fmt: skip
def test_text_is_escaped_for_tex(written, expected):
    assert text(written) == expected


def test_addresses_in_bibtex_stay_as_they_are():
    record = citations.of_source(source(official_url="https://x.org/a_b?c=d&e=1%20#f", doi="10.1000/a_b<c>"))
    lines = bibtex([record]).splitlines()
    assert "  doi = {10.1000/a_b<c>}," in lines
    assert "  url = {https://x.org/a_b?c=d&e=1%20#f}," in lines
    assert "  author = {Author, Ann}," in lines
    body = citations.of_source(source(authors="Department of Rules and Order"))
    assert "  author = {{Department of Rules and Order}}," in bibtex([body]).splitlines()


def test_ris_records_begin_with_their_type():
    lines = ris([citations.of_source(source(**RESOLUTION)), citations.of_source(source())]).splitlines()
    assert [n for n, line in enumerate(lines) if line.startswith("TY  - ")] == [0, lines.index("") + 1]
    assert [line for line in lines if line and not re.match(r"[A-Z][A-Z0-9]  - ", line)] == []
    assert "SN  - S/RES/186 (1964)" in lines


HOSTILE = [
    "<script>alert(1)</script>", "</span><img src=x onerror=alert(1)>", '"><b>x', "<span class=\"nocase\">x",
    "&lt;b&gt;",
    f"{START}script{STOP}", "{}", "{{", "\\", "%s %d {0}", "", " ", "«é»", "a" * 400, "A: b? c! d. e…", "“q”", "'", ".",
    "\x02\x1e\x1f", "…", "()", "[x]", "1–2–3", "et al., and", "\N{INFORMATION SEPARATOR TWO}",
]  # fmt: skip


@pytest.mark.parametrize("nasty", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("kind", ["un-resolution", "treaty", "dataset", "book", "chapter", "article", "news", "web"])
def test_no_text_breaks_a_file_a_reference_or_a_page(kind, nasty):
    values = dict.fromkeys(("title", "authors", "publisher", "container", "volume", "issue", "pages", "symbol"), nasty)
    values |= {"authors": nasty or "x", "title": nasty or "x", "doi": nasty, "isbn": nasty, "official_url": nasty}
    record = citations.of_source(source(kind=kind, **values))
    for form in citations.FORMS:
        assert citations.content([record], form)[0]
    for _, _, reference in citations.formatted(record):
        assert reference.count(START) == reference.count(STOP)
    assert citations.coins(record)


def test_a_script_in_a_title_is_text_on_every_page(client):
    evil = "<script>alert(1)</script>"
    entries = [
        make_source(title=evil),
        make_term(label_text=evil),
        make_mission(title=evil),
        make_principle(title=evil),
    ]
    for entry in entries:
        page = client.get(entry.get_absolute_url()).content.decode()
        assert evil not in page
        quoted = page[page.index('class="formatted"') :]
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in quoted
        rows = client.get(f"/{entry.url_segment}/").content.decode()
        assert evil not in rows
        assert "%3Cscript%3Ealert%281%29%3C%2Fscript%3E" in rows


def make(model, **values):
    maker = {"sources": make_source, "glossary": make_term}.get(model.url_segment)
    return maker(**values) if maker else make_entry(model, **values)


TYPES = {"bib": "application/x-bibtex; charset=utf-8", "ris": "application/x-research-info-systems; charset=utf-8",
         "json": "application/vnd.citationstyles.csl+json"}  # fmt: skip


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("model", LISTED, ids=lambda m: m.url_segment)
def test_every_entry_and_list_has_its_citation_as_a_file(client, model, form):
    entry = make(model, slug="one")
    for address, name in ((f"{entry.get_absolute_url()}cite.{form}", "one"),
                          (f"/{model.url_segment}/cite.{form}", model.url_segment)):  # fmt: skip
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, TYPES[form])
        assert answer["Content-Disposition"] == f'attachment; filename="{name}.{form}"'
    if form == "json":
        record = client.get(f"{entry.get_absolute_url()}cite.json").json()[0]
        assert record["id"] == ("one" if model is Source else entry.permanent_id)
        listed = client.get(f"/{model.url_segment}/cite.json").json()[0]
        assert listed["URL"] == f"http://testserver/{model.url_segment}/"
        assert listed["title"].endswith(", 1 row")


@pytest.mark.parametrize("form", TYPES)
@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.url_segment)
def test_the_bibliography_of_an_entry_is_what_it_cites(client, model, form):
    make_source(slug="cited", title="Seen"), make_source(slug="other", title="Not cited")
    entry = make_entry(model, summary="So [@cited].")
    workflow.index_citations(entry)
    answer = client.get(f"{entry.get_absolute_url()}sources.{form}")
    assert answer["Content-Disposition"] == f'attachment; filename="{entry.slug}-sources.{form}"'
    body = answer.content.decode()
    assert ("Seen" in body, "Not cited" in body) == (True, False)
    if form == "json":
        assert [r["id"] for r in answer.json() if r["id"] == "cited"] == ["cited"]


@pytest.mark.parametrize("name", ["cite", "sources"])
@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.url_segment)
def test_files_answer_as_the_entry_does(client, model, name):
    at = f"/{model.url_segment}"
    make_entry(model, slug="draft", stage="draft")
    later = timezone.now() + datetime.timedelta(days=1)
    make_entry(model, slug="later", published_at=later)
    make_entry(model, slug="gone", stage="withdrawn", withdrawal_note="It was wrong.", withdrawal_kind="error")
    for slug in ("draft", "later", "nothing"):
        answer = client.get(f"{at}/{slug}/{name}.bib")
        assert (answer.status_code, list(answer.json())) == (404, ["detail"])
    answer = client.get(f"{at}/gone/{name}.ris")
    assert (answer.status_code, answer.json()) == (410, {"detail": "Withdrawn: It was wrong."})
    entry = make_entry(model, slug="new")
    leave(entry, "old")
    answer = client.get(f"{at}/old/{name}.json")
    assert (answer.status_code, answer["Location"]) == (301, f"{at}/new/{name}.json")
    answer = client.get(f"{at}/new/{name}.bib?x=1")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["x"])
    assert client.get(f"{at}/new/{name}.pdf").status_code == 404


def test_a_list_is_cited_with_its_filters_and_its_number_of_rows(client):
    Release.objects.create(number="2026.1", checksum="c" * 64, archive=b"x")
    for slug, kind, day in (("a", "observer", 2), ("b", "observer", 5), ("c", "traditional", 9)):
        make_mission(slug=slug, type=kind, updated_at=CHANGED.replace(day=day))
    record = client.get("/missions/cite.json?type=observer&active_in=2001").json()[0]
    assert record["title"] == "Missions (type: Observer mission; active in the year: 2001), 2 rows"
    assert record["URL"] == "http://testserver/missions/?type=observer&active_in=2001"
    assert (record["issued"], record["version"]) == ({"date-parts": [[2026, 3, 5]]}, "2026.1")
    two = client.get("/missions/cite.json?type=observer&type=traditional&view=map").json()[0]
    assert two["title"] == "Missions (type: Observer mission or Traditional peacekeeping), 3 rows"
    assert two["id"] != record["id"]
    assert client.get("/missions/cite.bib?type=observer").content.decode().startswith("@dataset{list-")


def test_searches_and_evidence_are_cited_too(client):
    mission, consent = make_mission(updated_at=CHANGED), make_principle(slug="consent", title="Consent")
    make_evidence(mission, principle=consent)
    workflow.index_entry(consent)
    found = client.get("/search/cite.json?q=consent&kind=principles").json()[0]
    assert found["title"] == "Search results (words: “consent”; kind: principles), 1 row"
    assert found["URL"] == "http://testserver/search/?q=consent&kind=principles"
    items = client.get("/evidence/cite.json?entry=consent").json()[0]
    assert items["title"] == "Evidence by principle (entry: consent), 1 row"
    assert items["issued"] == {"date-parts": [[2026, 3, 2]]}


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("/missions/cite.bib?colour=red", "colour"), ("/missions/cite.bib?type=x", "type"),
        ("/missions/cite.ris?page=1", "page"), ("/missions/cite.json?format=csv", "format"),
        ("/missions/cite.json?facets=1", "facets"), ("/missions/cite.json?view=x", "view"),
        ("/search/cite.json?x=1", "x"), ("/search/cite.bib?page=1", "page"), ("/evidence/cite.bib?kind=x", "kind"),
        ("/evidence/cite.bib?format=json", "format"),
    ],
)  # fmt: skip
def test_a_bad_query_is_refused_with_the_reason(client, address, parameter):
    answer = client.get(address)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, [parameter])


def meta(page):
    return [
        (n, html.unescape(c)) for n, c in re.findall(r'<meta name="((?:citation_|DC\.)[^"]*)" content="([^"]*)">', page)
    ]


def test_the_page_of_an_entry_carries_it_as_one_item(client):
    mission = make_mission(slug="unx", title='Force & "Co"', acronym="UNX", updated_at=CHANGED, published_at=CHANGED)
    tags = meta(client.get("/missions/unx/").content.decode())
    title, site = 'UNX: Force & "Co"', "Peace Operations Knowledge Base"
    assert tags == [
        ("citation_title", title), ("citation_author", site), ("citation_publication_date", "2026/03/02"),
        ("citation_online_date", "2026/03/02"), ("citation_publisher", site),
        ("citation_public_url", "http://testserver/missions/unx/"), ("citation_language", "en"),
        ("DC.title", title), ("DC.creator", site), ("DC.date", "2026-03-02"),
        ("DC.identifier", "http://testserver/missions/unx/"), ("DC.identifier", mission.permanent_id),
        ("DC.publisher", site), ("DC.type", "Text"), ("DC.rights", "https://creativecommons.org/licenses/by/4.0/"),
        ("DC.language", "en"),
    ]  # fmt: skip


def test_the_page_of_a_source_carries_the_document(client):
    make_source(slug="a", **ARTICLE)
    tags = meta(client.get("/sources/a/").content.decode())
    assert [t for t in tags if t[0].startswith("citation_")] == [
        ("citation_title", ARTICLE["title"]),
        ("citation_author", "Bove, Vincenzo"), ("citation_author", "Ruggeri, Andrea"),
        ("citation_publication_date", "2016"), ("citation_journal_title", ARTICLE["container"]),
        ("citation_volume", "46"), ("citation_issue", "3"), ("citation_firstpage", "681"), ("citation_lastpage", "700"),
        ("citation_doi", ARTICLE["doi"]), ("citation_publisher", "Press"),
    ]  # fmt: skip
    assert "DC.rights" not in dict(tags)
    make_source(slug="r", **RESOLUTION)
    tags = dict(meta(client.get("/sources/r/").content.decode()))
    assert tags["citation_technical_report_institution"] == "United Nations"
    assert tags["citation_technical_report_number"] == "S/RES/186 (1964)"


def spans(page):
    return [
        parse_qs(html.unescape(title)) for title in re.findall(r'<span class="Z3988" title="([^"]*)"></span>', page)
    ]


@pytest.mark.parametrize("view", ["", "?view=table"])
@pytest.mark.parametrize("model", LISTED, ids=lambda m: m.url_segment)
def test_every_row_of_a_list_can_be_saved(client, model, view):
    for n in range(3):
        make(model, slug=f"s-{n}")
    found = spans(client.get(f"/{model.url_segment}/{view}").content.decode())
    if model is Source:
        assert [(s["rft_val_fmt"], s["rft.au"]) for s in found] == [(["info:ofi/fmt:kev:mtx:book"], ["Author, A."])] * 3
    else:
        addresses = [f"http://testserver/{model.url_segment}/s-{n}/" for n in range(3)]
        assert sorted(s["rft_id"][0] for s in found) == addresses


def test_every_result_of_a_search_can_be_saved(client):
    principle = make_principle(slug="consent", title="Consent & more")
    workflow.index_entry(principle)
    assert spans(client.get("/search/?q=consent").content.decode()) == [
        {"ctx_ver": ["Z39.88-2004"], "rft_val_fmt": ["info:ofi/fmt:kev:mtx:dc"], "rft.type": ["webpage"],
         "rft_id": ["http://testserver/principles/consent/"], "rft.title": ["Consent & more"],
         "rft.identifier": ["http://testserver/principles/consent/"]},
    ]  # fmt: skip


def test_the_page_names_the_newest_release_without_a_query_more(client, django_assert_num_queries):
    case = make_entry(CaseStudy)
    with django_assert_num_queries(3):
        assert "Newest release" not in client.get(case.get_absolute_url()).content.decode()
    Release.objects.create(number="2026.9", checksum="c" * 64, archive=b"x")
    Release.objects.create(number="2026.10", checksum="c" * 64, archive=b"x")
    with django_assert_num_queries(3):
        page = client.get(case.get_absolute_url()).content.decode()
    assert "Newest release of the data: 2026.10." in page


def test_a_page_shows_the_references_and_leads_to_the_files(client):
    make_entry(Principle, slug="consent", title="Consent", updated_at=CHANGED)
    page = client.get("/principles/consent/?within=q%3Dx").content.decode()
    assert '<span id="cite-apa">Peace Operations Knowledge Base. (2026, March 2). <i>Consent</i>. ' in page
    for name in ("cite", "sources"):
        for form in citations.FORMS:
            assert f'href="/principles/consent/{name}.{form}"' in page
    rows = client.get("/missions/?type=observer&page=1").content.decode()
    assert 'href="/missions/cite.bib?type=observer"' in rows


def test_a_reference_is_made_once():
    record = citations.of_entry(make_mission(), "https://kb.example/once/")
    before = made.cache_info().misses
    first = citations.formatted(record)
    assert citations.formatted(record | {"accessed": {"date-parts": [[2030, 1, 1]]}}) == first
    assert made.cache_info().misses == before + 3


def test_csl_json_keeps_what_it_is_given():
    record = citations.of_source(source(title="Éloge «à» {x} & <y>"))
    assert json.loads(citations.content([record], "json")[0]) == [record]


def test_a_mission_without_acronym_is_cited_by_its_title():
    assert citations.of_entry(make_mission(acronym="", title="Force"), "https://x")["title"] == "Force"
    assert Mission.objects.count() == 1


@pytest.mark.parametrize(
    "query", ["q=%ff", "q=<script>", "q={}%5C", "q=" + "é" * 150, "q=%22%20%27", "type=observer&type="]
)
@pytest.mark.parametrize("form", citations.FORMS)
def test_odd_words_in_a_query_are_cited_as_they_are_asked(client, form, query):
    make_mission(type="observer")
    answer = client.get(f"/missions/cite.{form}?{query}")
    assert answer.status_code == 200
    assert "\\" not in re.findall(r"url = {(.*)}", answer.content.decode() or "")
