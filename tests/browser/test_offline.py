"""The edition of the content, opened from a disk with the network off, beside what the site itself answers."""

import json
import re
import subprocess
import sys
import zipfile

import pytest
from libzim.reader import Archive
from libzim.search import Query, Searcher
from libzim.suggestion import SuggestionSearcher
from playwright.sync_api import expect

from missions import offline

from ..content.test_relevance import MEANT, WANTED
from ..serving import ROOT, fetch
from .test_upkeep import axe_violations

pytestmark = pytest.mark.browser
API = {"case-studies", "missions", "approaches", "principles", "challenges", "trends", "themes", "sources"}
FACTS = ("figures", "events", "mandated tasks", "assessments", "evidence")


@pytest.fixture(scope="session")
def written(environment, tmp_path_factory):
    """Write the edition, without most of what is made alike; give its directory."""
    out = tmp_path_factory.mktemp("edition")
    command = [sys.executable, "-m", "tests.some_of_it", str(out), "http://127.0.0.1"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return next(path for path in out.iterdir() if path.is_dir())


@pytest.fixture(scope="session")
def unzipped(written, tmp_path_factory):
    out = tmp_path_factory.mktemp("stick")
    with zipfile.ZipFile(written.with_name(f"{written.name}.zip")) as archive:
        archive.extractall(out)
    return out / written.name


@pytest.fixture
def stick(chromium, unzipped):
    """Open files of the edition with the network off; fail if a page asks for anything else or complains."""
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900}, color_scheme="light")
    page, said = context.new_page(), []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    # What is broken off was under way when the next page was opened.
    page.on("requestfailed", lambda r: None if r.failure == "net::ERR_ABORTED" else said.append(r.url))
    page.set_default_timeout(10_000)

    def open_file(name):
        page.goto(f"{unzipped.as_uri()}/{name}")
        return page

    yield open_file
    context.close()
    assert said == []


def counted(page):
    return int(page.locator("[role=status] strong").first.inner_text())


def test_the_zip_is_small_and_holds_what_was_written(written, unzipped):
    archive = written.with_name(f"{written.name}.zip")
    assert archive.stat().st_size < offline.LARGEST
    files = {p.relative_to(written) for p in written.rglob("*") if p.is_file()}
    assert {p.relative_to(unzipped) for p in unzipped.rglob("*") if p.is_file()} == files


def test_it_holds_as_many_entries_and_facts_as_the_api(written, site):
    counts = json.loads((written / "manifest.json").read_text())["counts"]
    for kind in API:
        told = json.loads(fetch(f"{site}/api/v1/{kind}/"))["count"]
        assert counts[kind] == told, kind
        if kind != "sources":
            assert len([p for p in (written / kind).iterdir() if (p / "cite.bib").is_file()]) == told, kind
    missions = written / "missions"
    held = dict.fromkeys(("figures", "events", "tasks", "assessments", "evidence"), 0)
    for entry in missions.glob("*/index.json"):
        told = json.loads(entry.read_text())
        held = {name: number + len(told.get(name, ())) for name, number in held.items()}
    assert list(held.values()) == [counts[name] for name in FACTS]


def test_a_word_is_found_and_counted_as_on_the_site(stick, site):
    page = stick("index.html")
    page.fill("#home-q", "cholera")
    page.keyboard.press("Enter")
    expect(page.locator(".found-title").first).to_contain_text("MINUSTAH")
    assert counted(page) == json.loads(fetch(f"{site}/search/?q=cholera&format=json"))["count"]
    assert page.locator(".found mark").first.inner_text().lower() == "cholera"
    page.locator(".kinds a", has_text="Missions").click()
    expect(page).to_have_url(re.compile(r"search/index\.html\?q=cholera&kind=missions$"))
    page.locator(".found-title a").first.click()
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("S/RES/1244", "1244"),
        ("blue helmets", "eacekeep"),
        ("DRC", "Congo"),
        ("unficyp", "UNFICYP"),
        ("organisation", "rgani"),
    ],
)
def test_what_readers_type_is_found(stick, text, first):
    page = stick(f"search/index.html?q={text}")
    expect(page.locator(".found").first).to_contain_text(first)


def test_a_misspelling_is_understood_and_a_wrong_query_refused(stick):
    page = stick("search/index.html?q=chollera")
    expect(page.locator(".meant")).to_contain_text("cholera")
    page = stick("search/index.html?q=x&kind=ships")
    expect(page.locator(".message")).to_contain_text("“ships” is not a kind")
    page = stick("missions/index.html?colour=blue")
    expect(page.get_by_role("alert")).to_contain_text("no parameter “colour”")


FIRST_THREE = """async (text) => {
    const index = await peaceops.words("");
    return index.search(text).slice(0, 3).map((n) => index.documents[n]).map(([k, s]) => `${index.kinds[k][0]}/${s}`);
}"""
MEANT_FOR = """async (text) => {
    const index = await peaceops.words("");
    return index.search(text).length ? text : index.meant(text);
}"""


def test_what_readers_want_is_among_the_first_three_as_on_the_site(stick):
    page = stick("search/index.html")
    shown = {query: page.evaluate(FIRST_THREE, query) for query in WANTED}
    missed = {query: found for query, found in shown.items() if not set(found) & set(WANTED[query])}
    assert len(missed) <= len(WANTED) * 0.05, missed
    assert {query: page.evaluate(MEANT_FOR, query) for query in MEANT} == MEANT


QUERIES = ("region=africa&type=multidimensional", "region=europe&region=caribbean", "status=ongoing&principle=consent",
           "active_in=1994&chapter=vii", "started_from=1999&started_to=2003&country=COD", "q=cholera&region=americas",
           "ordering=-started_on&organization=un", "type=observer&q=ceasefire")  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
def test_filters_count_and_order_as_on_the_site(stick, site, query):
    told = json.loads(fetch(f"{site}/missions/?{query}&format=json&facets=1"))
    page = stick(f"missions/index.html?{query}")
    expect(page.locator(".chips, [data-nothing]").first).to_be_visible()
    assert counted(page) == told["count"]
    for name, choices in told["facets"].items():
        shown = page.locator(f"input[name={name}]").evaluate_all(
            """all => Object.fromEntries(all.map(
                i => [i.value, Number(i.closest("label").querySelector(".count").textContent)]))"""
        )
        assert {c["value"]: c["count"] for c in choices if c["count"]} == {v: n for v, n in shown.items() if n}, name
    slugs = page.locator(".cards [data-row]").evaluate_all("all => all.map(row => row.dataset.row)")
    wanted = [r["slug"] for r in told["results"]][:24]
    assert slugs == wanted if "q=" not in query else set(slugs) == set(wanted)


def test_a_filter_is_clicked_and_follows_into_every_view(stick, snap, site):
    page = stick("missions/index.html")
    page.locator("input[name=region][value=africa]").check()
    page.locator("input[name=type][value=multidimensional]").check()
    number = json.loads(fetch(f"{site}/missions/?region=africa&type=multidimensional&format=json"))["count"]
    expect(page.locator("[role=status] strong")).to_have_text(str(number))
    expect(page).to_have_url(re.compile(r"\?type=multidimensional&region=africa$"))
    for view in ("Map", "Timeline", "Table"):
        page.locator(".switch a", has_text=view).click()
        expect(page).to_have_url(re.compile(rf"{view.lower()}\.html\?.*view={view.lower()}"))
        expect(page.locator("[role=status] strong")).to_have_text(str(number))
        snap(page, f"offline-{view.lower()}")
    assert page.locator("tbody [data-row]").count() == number
    page.locator(".chips a", has_text="Africa").click()
    expect(page.locator("[role=status] strong")).not_to_have_text(str(number))
    page.go_back()
    expect(page.locator("[role=status] strong")).to_have_text(str(number))


def test_the_map_shows_shapes_and_filters_by_a_country(stick):
    page = stick("missions/map.html")
    land = page.locator("#land").evaluate("node => node.getBBox().width")
    assert land > 1000
    page.locator(".map-picture a[data-mark=COD]").dispatch_event("click")
    expect(page.locator(".chips")).to_contain_text("Democratic Republic of the Congo")
    rows = page.locator("[data-place=COD] [data-row]:not([hidden])").count()
    assert counted(page) == rows > 0


def test_the_files_of_a_filter_are_those_of_the_site(stick, site):
    page = stick("missions/index.html?region=caribbean")
    with page.expect_download() as waiting:
        page.locator(".take a[download]").click()
    assert waiting.value.path().read_bytes() == fetch(f"{site}/missions/?region=caribbean&format=csv")


def test_two_missions_are_compared_and_a_note_followed(stick, snap, site):
    page = stick("missions/compare/index.html")
    page.select_option("#add-1", "unficyp")
    page.select_option("#add-2", "unmik")
    page.locator(".compare-add button").click()
    expect(page.locator("h1")).to_have_text("UNFICYP and UNMIK")
    told = json.loads(fetch(f"{site}/missions/compare/?m=unficyp&m=unmik&format=json"))
    verdicts = page.locator("table.compare tbody tr:not(.group)").evaluate_all(
        "all => all.map(row => [row.cells[0].textContent.trim(), row.cells[row.cells.length - 1].textContent.trim()])"
    )
    assert verdicts == [[row["label"], row["verdict"]] for row in told["rows"]]
    snap(page, "offline-compare")
    mark = page.locator("table.compare .mark a").nth(3)
    number = mark.inner_text()
    mark.click()
    expect(page.locator(".note-box")).to_be_visible()
    page.locator(".note-box a", has_text="All sources").click()
    note = page.locator(f"#note-{number}")
    expect(note).to_be_in_viewport()
    note.locator("a").first.click()
    expect(page).to_have_url(re.compile(r"/sources/[^/]+/index\.html$"))


def test_the_evidence_follows_the_filter(stick, site):
    page = stick("evidence/index.html?region=africa")
    told = json.loads(fetch(f"{site}/evidence/?region=africa&format=json"))["count"]
    expect(page.locator("[role=status] strong")).to_have_text(str(told))


def test_the_theme_is_kept(stick):
    page = stick("index.html")
    page.locator("[data-themes] button", has_text="Dark").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page = stick("missions/unficyp/index.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


LOOKED_AT = (
    "index.html",
    "missions/index.html",
    "missions/map.html",
    "missions/unficyp/index.html",
    "search/index.html?q=consent",
    "missions/compare/index.html?m=unficyp&m=unmik",
)


@pytest.mark.parametrize("name", LOOKED_AT)
def test_no_page_is_wider_than_a_phone_or_unusable(stick, name):
    page = stick(name)
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe_violations(page, "body", preload=False) == []


def test_the_zim_file_opens_and_finds_unficyp(written):
    zim = Archive(written.with_name(f"{written.name}.zim"))
    assert zim.check() and zim.has_fulltext_index and zim.has_title_index
    assert zim.get_metadata("Language") == b"eng"
    assert zim.main_entry.get_item().path == "index.html"
    found = list(Searcher(zim).search(Query().set_query("UNFICYP")).getResults(0, 20))
    assert "missions/unficyp/index.html" in found
    suggested = list(SuggestionSearcher(zim).suggest("UNFICYP").getResults(0, 20))
    assert "missions/unficyp/index.html" in suggested
    page = bytes(zim.get_entry_by_path("missions/unficyp/index.html").get_item().content)
    assert page == (written / "missions/unficyp/index.html").read_bytes()
