"""What holds for every page: accessibility, layout, weight, the keyboard, life without scripts."""

import os
import re
import subprocess

import pytest
from playwright.sync_api import expect

from ..serving import fetch

PAGES = [
    "/",
    "/about/",
    "/about/counting/",
    "/about/attribution/",
    "/evidence/",
    "/evidence/?kind=challenge&entry=security-risks",
    "/missions/minusca/",
    "/trends/",
    "/missions/",
    "/missions/?view=table",
    "/missions/?view=map",
    "/missions/?view=map&region=africa&status=ongoing",
    "/missions/?view=timeline",
    "/missions/?view=timeline&group=type&page=2",
    "/missions/compare/",
    "/missions/compare/?m=unficyp",
    "/missions/compare/?m=unficyp&m=minustah&m=kfor&m=monusco",
    "/missions/compare/?m=unficyp&m=minustah&differences=1&align=month",
    "/missions/compare/?m=nothing&m=unficyp&m=unficyp",
    "/approaches/compare/?a=peacekeeping&a=peace-enforcement",
    "/missions/?region=africa&type=observer&active_in=1999",
    "/missions/?q=nothing+at+all+like+this",
    "/missions/?colour=red",
    "/missions/unamsil/",
    "/missions/kfor/",
    "/case-studies/",
    "/case-studies/sierra-leone/",
    "/approaches/",
    "/approaches/peacekeeping/",
    "/principles/?view=table",
    "/principles/impartiality/",
    "/challenges/limited-mandates/",
    "/trends/technology/",
    "/themes/judging-success/",
    "/sources/",
    "/sources/s-res-1270-1999/",
    "/glossary/",
    "/glossary/civilian-protection/",
    "/missions/unficyp/?at=1974-07-20",
    "/data/",
    "/data/codebook/",
    "/data/releases/",
    "/data/releases/2026.1/",
    "/data/releases/2026.1/missions/unficyp/",
    "/data/releases/2026.1...2026.1/",
    "/teaching/",
    "/teaching/packets/consent-under-strain/",
    "/teaching/packet/",
    "/teaching/packet/choose/?region=africa&type=observer",
    "/teaching/packet/?m=unficyp&principle=consent",
    "/teaching/packet/?m=nothing",
    "/teaching/paths/first-year-student/",
    "/teaching/quiz/",
    "/teaching/quiz/missions/unamsil/",
    "/teaching/quiz/principles/consent/?show=1",
    "/api/v1/docs/",
    "/search/?q=cholera",
    "/search/?q=minustha",
    "/search/?q=consent+tribunals",
    "/nothing-here/",
]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])  # layout by width, contrast by scheme
def test_axe_finds_nothing(open_page, site, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    page = open_page(width=width, color_scheme=scheme)
    for path in PAGES:
        page.goto(site + path)
        for violation in axe.run(page).response["violations"]:
            found += [
                (path, violation["id"], node["html"][:200], node["failureSummary"][:300])
                for node in violation["nodes"][:2]
            ]
    assert found == []


VIEWS = {
    "home": "/",
    "cards": "/missions/",
    "table": "/missions/?view=table",
    "map": "/missions/?view=map",
    "timeline": "/missions/?view=timeline",
    "compare": "/missions/compare/?m=unficyp&m=minustah",
    "mission": "/missions/unamsil/",
    "case": "/case-studies/kosovo/",
    "approach": "/approaches/peacekeeping/",
    "principle": "/principles/impartiality/",
    "evidence": "/evidence/",
    "glossary": "/glossary/",
    "term": "/glossary/civilian-protection/",
    "search": "/search/?q=blue+helmets+cholera",
    "teaching": "/teaching/",
    "packet": "/teaching/packets/leaving-well/",
    "quiz": "/teaching/quiz/missions/unamsil/?show=1",
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pictures_of_each_view_are_kept(open_page, site, snap, width, scheme):
    page = open_page(width=width, color_scheme=scheme)
    for name, path in VIEWS.items():
        assert page.goto(site + path).status == 200
        assert page.locator("h1").is_visible()
        snap(page, name)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_page_is_wider_than_the_window(open_page, site, width):
    page = open_page(width=width)
    wide = []
    for path in PAGES:
        page.goto(site + path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    assert wide == []


def test_the_nu_checker_finds_no_error(site, every_page, tmp_path):
    jar = os.environ.get("VNU_JAR")
    if not jar:
        pytest.skip("set VNU_JAR to the Nu checker's jar")
    pages = every_page | {path: fetch(site + path) for path in PAGES}
    for number, html in enumerate(pages.values()):
        (tmp_path / f"{number:04}.html").write_bytes(html)
    command = ["java", "-jar", jar, "--errors-only", "--skip-non-html", str(tmp_path)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert checked.stderr.strip()[:3000] == ""
    assert checked.returncode == 0


def test_every_page_is_under_60_kb_brotli(every_page):
    import brotli

    weights = {path: len(brotli.compress(html, quality=5)) for path, html in every_page.items()}
    assert len(weights) > 600
    assert {p: w for p, w in weights.items() if w >= 60_000} == {}


def test_filters_work_without_scripts(open_page):
    page = open_page("/missions/", java_script_enabled=False)
    page.get_by_label("Observer mission").check()
    page.get_by_role("button", name="Show results").click()
    assert page.url.endswith("/missions/?type=observer")
    expect(page.locator(".results-count")).to_have_text("28 of 136 missions")
    page.get_by_role("link", name="Type: Observer mission").click()
    expect(page.locator(".results-count")).to_have_text("136 of 136 missions")


def test_filters_are_folded_away_on_a_phone_and_open_beside_the_results(open_page):
    phone = open_page("/missions/", width=390)
    assert not phone.get_by_role("button", name="Show results").is_visible()
    phone.get_by_text("Filter", exact=True).click()
    assert phone.get_by_role("button", name="Show results").is_visible()
    assert open_page("/missions/").get_by_role("button", name="Show results").is_visible()


def test_the_keyboard_reaches_the_content_a_note_and_comes_back(open_page):
    page = open_page("/case-studies/unficyp/", java_script_enabled=False)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.locator("#ref-1-1").focus()
    page.keyboard.press("Enter")
    assert page.url.endswith("#note-1")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#ref-1-1"
    page.keyboard.press("Enter")
    assert page.url.endswith("#ref-1-1")


def test_every_mark_has_its_note_and_every_note_its_marks(site):
    for path in ("/case-studies/kosovo/", "/missions/minusca/", "/principles/consent/"):
        html = fetch(site + path).decode()
        ids = re.findall(r'id="((?:note|ref)-[0-9-]+)"', html)
        assert len(ids) == len(set(ids)) > 20
        assert set(re.findall(r'href="#((?:note|ref)-[0-9-]+)"', html)) == set(ids)


def test_print_keeps_text_and_notes_and_drops_the_rest(open_page):
    page = open_page("/case-studies/amisom/")
    page.emulate_media(media="print")
    shown = {s: page.locator(s).first.is_visible() for s in (".site-head", ".contents", ".entry-body", ".notes")}
    assert shown == {".site-head": False, ".contents": False, ".entry-body": True, ".notes": True}


def test_an_editor_corrects_a_fact_in_the_admin(open_page, site):
    page = open_page("/admin/")
    page.fill("#id_username", "ada")
    page.fill("#id_password", "a long pass phrase")
    page.get_by_role("button", name="Log in").click()
    page.goto(f"{site}/admin/missions/mission/?q=UNOMSIL")
    page.get_by_role("link", name="UNOMSIL").click()
    page.fill("#id_dates_note", "Corrected by an editor.")
    page.locator("[name=_publication]").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Readers still get what is published.")
    page.goto(f"{site}/missions/unomsil/")
    assert "Corrected by an editor." not in page.locator(".facts").inner_text()
    page.go_back()
    page.get_by_text("Publish without a review").click()
    step = page.locator("details[open].step")
    step.get_by_label("What changed").fill("A note on the dates.")
    step.get_by_label("Why without a review").fill("A trial.")
    step.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published")
    page.goto(f"{site}/missions/unomsil/")
    assert "Corrected by an editor." in page.locator(".facts").inner_text()
