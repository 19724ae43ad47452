"""Choosing missions and comparing them, with and without scripts, on a screen and on paper."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
KEY_FACTS = "rows=dates&rows=authority&rows=place&rows=strength&rows=cost"
APPROACHES = "/approaches/compare/?a=peacekeeping&a=peace-enforcement"
PAIR = "/missions/compare/?m=unficyp&m=minustah"


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("view", ["cards", "table"])
@pytest.mark.parametrize("width", [390, 1280])
def test_missions_ticked_in_a_list_are_compared(open_page, width, view, scripts):
    page = open_page(f"/missions/?view={view}&region=europe", width=width, java_script_enabled=scripts)
    page.get_by_label("Compare KFOR").check()
    page.get_by_label("Compare UNMIK").check()
    page.get_by_role("button", name="Compare the chosen").click()
    assert page.url.endswith("/missions/compare/?m=unmik&m=kfor")
    expect(page.locator("h1")).to_have_text("UNMIK and KFOR")


def test_missions_are_added_and_taken_away_without_scripts(open_page):
    page = open_page("/missions/compare/", java_script_enabled=False)
    page.get_by_label("First").select_option("unficyp")
    page.get_by_role("button", name="Compare").click()
    assert page.url.endswith("/missions/compare/?m=unficyp")
    page.get_by_label("Another mission").select_option("minustah")
    page.get_by_role("button", name="Add").click()
    assert page.url.endswith(PAIR)
    page.get_by_role("link", name="UNFICYP , remove").click()
    assert page.url.endswith("/missions/compare/?m=minustah")


def test_rows_are_chosen_without_scripts(open_page):
    page = open_page(f"{PAIR}&rows=dates&rows=deaths&align=month", java_script_enabled=False)
    page.get_by_text("Choose rows").click()
    page.get_by_label("Started").uncheck()
    page.get_by_label("Only rows that differ").check()
    page.get_by_role("button", name="Show these rows").click()
    query = "m=unficyp&m=minustah&align=month&rows=ended&rows=duration&rows=mandate-to&rows=deaths&differences=1"
    assert page.url.endswith(f"/missions/compare/?{query}")
    assert set(page.locator(".compare tbody .verdict").all_inner_texts()) == {"differs"}


def test_the_comparison_works_by_keyboard_alone(open_page):
    page = open_page("/missions/?view=table&region=europe")
    for name in ("Compare KFOR", "Compare UNMIK"):
        page.get_by_label(name).focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Compare the chosen").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/missions/compare/?m=unmik&m=kfor")
    page.locator(".compare-rows > summary").focus()
    page.keyboard.press("Enter")
    assert page.get_by_label("Only rows that differ").is_visible()
    page.get_by_role("link", name="month", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**align=month")
    assert "by month since the start" in page.locator(".compare-chart figcaption").inner_text()


def test_the_first_column_stays_in_sight_on_a_phone(open_page):
    page = open_page(f"{PAIR}&m=kfor&m=monusco", width=320)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.evaluate("document.querySelector('.compare-scroll').scrollLeft = 400")
    label = page.locator(".compare tbody th[scope=row]").first.bounding_box()
    region = page.locator(".compare-scroll").bounding_box()
    assert label["x"] == pytest.approx(region["x"], abs=1)


@pytest.mark.parametrize(
    ("missions", "pages"),
    [("m=unficyp&m=minustah", 1), ("m=kfor&m=unmik", 1), ("m=unficyp&m=minustah&m=minusca&m=monusco", 2)],
)
def test_the_key_facts_of_two_print_on_one_page_of_a4_with_their_sources(open_page, missions, pages):
    page = open_page(f"/missions/compare/?{missions}&{KEY_FACTS}")
    pdf = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == pages
    assert re.search(rb"/MediaBox \[0 0 84\d[.\d]* 59\d", pdf)


def test_the_table_of_four_fits_the_first_printed_page(open_page):
    page = open_page(f"/missions/compare/?m=unficyp&m=minustah&m=minusca&m=monusco&{KEY_FACTS}", width=1062)
    page.emulate_media(media="print")
    millimetres = page.locator(".compare").bounding_box()["height"] * 25.4 / 96
    assert millimetres < 170


def test_the_lines_of_a_chart_differ_by_more_than_colour(open_page):
    page = open_page(f"{PAIR}&m=monusco&m=minusca")
    dashes = page.evaluate(
        "[...document.querySelectorAll('.compare-chart .scroll .line')].map(e => getComputedStyle(e).strokeDasharray)"
    )
    assert len(dashes) == len(set(dashes)) == 4
    marks = page.evaluate("[...document.querySelectorAll('.legend .mark-of')].map(e => e.getAttribute('href'))")
    assert marks == ["#mark-1", "#mark-2", "#mark-3", "#mark-4"]


def test_the_pictures_are_kept(open_page, snap):
    for width in (390, 1280):
        for scheme in ("light", "dark"):
            for name, path in (("compare", PAIR), ("compare-approaches", APPROACHES)):
                snap(open_page(path, width=width, color_scheme=scheme), name)
