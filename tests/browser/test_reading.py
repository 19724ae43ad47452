"""The reading of an entry: notes in place, contents that follow, steps through a list, the theme."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", [390, 1280])
def test_a_note_opens_in_place_by_keyboard_and_gives_the_place_back(open_page, snap, width):
    page = open_page("/case-studies/kosovo/", width=width)
    page.locator("#ref-2-1").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("dialog", name="Note 2")
    expect(box).to_be_visible()
    assert "S/RES/1244 (1999)" in box.inner_text()
    snap(page, "note")
    assert not page.url.endswith("#note-2")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("/sources/")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "ref-2-1"


def test_a_note_leads_on_to_all_sources(open_page):
    page = open_page("/missions/unamsil/")
    page.locator(".mark a").first.click()
    page.get_by_role("link", name="All sources of this page").click()
    assert page.url.endswith("#note-1")
    assert page.locator(".note-box").is_hidden()


@pytest.mark.parametrize("width", [390, 1280])
def test_without_scripts_a_mark_leads_to_its_note(open_page, width):
    page = open_page("/case-studies/kosovo/", width=width, java_script_enabled=False)
    page.locator("#ref-2-1").click()
    assert page.url.endswith("#note-2")
    assert page.locator("#note-2").is_visible()


def test_an_open_note_breaks_no_rule_of_access(open_page):
    from axe_playwright_python.sync_playwright import Axe

    for scheme in ("light", "dark"):
        page = open_page("/case-studies/kosovo/", color_scheme=scheme)
        page.locator("#ref-2-1").click()
        assert [v["id"] for v in Axe().run(page).response["violations"]] == []


def test_the_contents_follow_the_reader(open_page):
    page = open_page("/case-studies/kosovo/")
    here = page.locator("[data-contents] [aria-current]")
    page.locator("#outcome").scroll_into_view_if_needed()
    page.evaluate("document.querySelector('#outcome').scrollIntoView()")
    expect(here).to_have_text("Outcome")
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    expect(here).to_have_text("Cite this page")


def test_on_a_phone_the_contents_stay_within_reach(open_page, snap):
    page = open_page("/case-studies/kosovo/", width=390)
    page.evaluate("document.querySelector('#practice').scrollIntoView()")
    summary = page.locator(".contents summary")
    expect(summary).to_contain_text("Practice against the principles")
    assert summary.bounding_box()["y"] < 20
    assert page.locator("#practice").bounding_box()["y"] > summary.bounding_box()["height"]
    summary.click()
    snap(page, "contents")
    page.get_by_role("link", name="Debates", exact=True).click()
    expect(summary).to_contain_text("Debates")
    assert not page.locator(".contents ul").is_visible()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
def test_a_reader_steps_through_a_filtered_list(open_page, snap, width, scripts):
    page = open_page("/missions/?region=africa&type=observer", width=width, java_script_enabled=scripts)
    page.get_by_role("link", name="UNOMUR").click()
    steps = page.locator(".within").first
    assert "6 of 11 missions: Observer mission, Africa" in steps.inner_text()
    snap(page, "within")
    steps.get_by_role("link", name="Next").click()
    assert "/missions/unomil/?within=" in page.url
    page.locator(".within-list").first.click()
    assert page.url.endswith("/missions/?region=africa&type=observer")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_theme_is_chosen_without_scripts_and_by_keyboard(open_page, width):
    page = open_page("/case-studies/kosovo/", width=width, java_script_enabled=False, color_scheme="light")
    if width == 390:
        page.locator("summary", has_text="Menu").click()
    dark = page.get_by_role("button", name="Dark")
    dark.focus()
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url.endswith("/case-studies/kosovo/")
    page.goto(page.url.replace("/case-studies/kosovo/", "/missions/kfor/"))
    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_print_is_light_whatever_the_theme(open_page, site):
    page = open_page("/missions/kfor/", color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 35, 44)"
