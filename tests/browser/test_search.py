"""The search box: suggestions by keyboard, and the same search without scripts."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
BOXES = {"/missions/unamsil/": "#site-q", "/": "#home-q", "/search/?q=consent": "#search-q"}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("path", "box"), BOXES.items())
def test_suggestions_are_chosen_by_keyboard(open_page, snap, path, box, width):
    page = open_page(path, width=width)
    page.locator(box).fill("")
    page.locator(box).focus()
    page.keyboard.type("minust")
    options = page.get_by_role("option")
    expect(options.first).to_have_text(re.compile("^MINUSTAH: "))
    field = page.locator(box)
    assert field.get_attribute("role") == "combobox"
    assert field.get_attribute("aria-expanded") == "true"
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert options.first.get_attribute("aria-selected") == "true"
    assert page.evaluate("document.activeElement.type") == "search"
    snap(page, f"suggestions{box.replace('#', '-')}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/missions/minustah/$|/case-studies/minustah/$"))


def test_escape_closes_and_enter_still_searches(open_page):
    page = open_page("/")
    page.locator("#home-q").focus()
    page.keyboard.type("consent")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("option").first).to_be_hidden()
    assert page.input_value("#home-q") == "consent"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=consent$"))


def test_leaving_the_box_closes_the_list_and_a_click_opens_an_entry(open_page):
    page = open_page("/")
    page.locator("#home-q").focus()
    page.keyboard.type("unficyp")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("option").first).to_be_hidden()
    page.locator("#home-q").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("option", name=re.compile("^UNFICYP: ")).first.click()
    expect(page).to_have_url(re.compile(r"/(missions|case-studies)/unficyp/$"))


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_search_shows_passages_kinds_and_pages(open_page, snap, width, scripts):
    page = open_page("/", width=width, java_script_enabled=scripts)
    page.fill("#home-q", "blue helmets cholera")
    page.locator(".hero-search").get_by_role("button", name="Search").click()
    page.wait_for_url("**/search/?q=*")
    expect(page.locator(".found mark").first).to_be_visible()
    assert "/minustah/" in " ".join(a.get_attribute("href") for a in page.locator(".found-title a").all()[:3])
    snap(page, "search")
    page.locator(".kinds a", has_text="Missions").click()
    page.wait_for_url("**kind=missions*")
    assert {t.inner_text() for t in page.locator(".found .tag").all()} == {"mission"}


@pytest.mark.parametrize("scripts", [True, False])
def test_a_misspelling_leads_on(open_page, snap, scripts):
    page = open_page("/search/?q=minustha", java_script_enabled=scripts)
    snap(page, "did-you-mean")
    page.get_by_role("link", name="MINUSTAH").click()
    expect(page.locator(".found-title a").first).to_have_attribute("href", re.compile("/minustah/$"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_open_list_breaks_no_rule_of_access(open_page, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page("/search/?q=cholera", width=width, color_scheme=scheme)
    page.locator("#search-q").fill("")
    page.locator("#search-q").focus()
    page.keyboard.type("minus")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"][:200]) for v in found] == []
