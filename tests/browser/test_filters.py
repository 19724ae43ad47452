"""Filters that refresh in place with scripts, and answer the same without."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def count(page):
    return page.locator(".results-count")


def choose(page, label):
    if not page.get_by_label(label).is_visible():
        page.locator(".filters-box > summary").click()
    page.get_by_label(label).check()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_choice_refreshes_rows_counts_title_and_address_in_place(open_page, width):
    page = open_page("/missions/", width=width)
    page.evaluate("window.same = document.querySelector('.results-count')")
    choose(page, "Observer mission")
    expect(count(page)).to_have_text("28 of 136 missions")
    assert page.url.endswith("/missions/?type=observer")
    assert page.title() == "28 missions · Peace Operations Knowledge Base"
    assert page.locator(".cards .card").count() == 24
    assert page.locator(".chips").inner_text().startswith("Type: Observer mission")
    africa = page.locator("label.choice", has_text="Africa").first.locator(".count")
    assert africa.inner_text() == "11"
    assert page.evaluate("window.same === document.querySelector('.results-count')")
    assert page.evaluate("document.activeElement.value") == "observer"


def test_back_restores_boxes_and_rows(open_page):
    page = open_page("/missions/?view=table")
    choose(page, "Observer mission")
    expect(count(page)).to_have_text("28 of 136 missions")
    choose(page, "Northern Africa")
    expect(count(page)).to_have_text("3 of 136 missions")
    assert page.url.endswith("/missions/?type=observer&region=northern-africa&view=table")
    page.go_back()
    expect(count(page)).to_have_text("28 of 136 missions")
    assert page.get_by_label("Observer mission").is_checked()
    assert not page.get_by_label("Northern Africa").is_checked()
    page.go_back()
    expect(count(page)).to_have_text("136 of 136 missions")
    assert not page.get_by_label("Observer mission").is_checked()
    page.go_forward()
    expect(count(page)).to_have_text("28 of 136 missions")
    assert page.locator("tbody tr").count() == 24


def test_chips_and_words_work_by_keyboard(open_page):
    page = open_page("/missions/?type=observer")
    page.locator("#f-q").focus()
    page.keyboard.type("Congo")
    expect(page).to_have_url(re.compile(r"\?q=Congo&type=observer$"))
    expect(count(page)).not_to_have_text("28 of 136 missions")
    page.locator(".chips a", has_text="Type").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/missions/\?q=Congo$"))
    assert not page.get_by_label("Observer mission").is_checked()
    assert page.evaluate("document.activeElement.classList.contains('results')")


def test_a_bad_year_is_said_in_place_and_mended_in_place(open_page):
    page = open_page("/missions/")
    page.locator("summary", has_text="Years").click()
    page.fill("#f-active", "19x")
    page.keyboard.press("Tab")
    expect(page.locator("[role=alert]")).to_contain_text("active_in")
    page.fill("#f-active", "1999")
    page.keyboard.press("Tab")
    expect(page.locator(".chips")).to_contain_text("1999")
    assert page.locator("[role=alert]").count() == 0


def test_the_theme_leads_back_to_the_filtered_list(open_page):
    page = open_page("/missions/")
    choose(page, "Observer mission")
    expect(count(page)).to_have_text("28 of 136 missions")
    page.get_by_role("button", name="Dark").click()
    expect(page).to_have_url(re.compile(r"/missions/\?type=observer$"))
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


def test_the_evidence_refreshes_in_place(open_page):
    page = open_page("/evidence/?kind=challenge")
    before = count(page).inner_text()
    choose(page, "Observer mission")
    expect(count(page)).not_to_have_text(before)
    assert page.url.endswith("/evidence/?type=observer&kind=challenge")


def test_a_lost_connection_ends_in_an_ordinary_load(open_page):
    page = open_page("/missions/", expected="net::ERR_FAILED")
    page.route("**/missions/?type=observer", lambda route: route.abort(), times=1)
    choose(page, "Observer mission")
    expect(count(page)).to_have_text("28 of 136 missions")
