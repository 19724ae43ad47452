"""The timeline of the missions, and the axis above the events of a page."""

import pytest

from ..serving import fetch

pytestmark = pytest.mark.browser


def test_the_timeline_follows_the_filter_without_scripts(open_page):
    page = open_page("/missions/", java_script_enabled=False)
    page.get_by_role("link", name="Timeline").click()
    page.get_by_role("link", name="type", exact=True).click()
    page.get_by_label("Observer mission").check()
    page.get_by_role("button", name="Show results").click()
    assert page.url.endswith("/missions/?type=observer&view=timeline&group=type")
    assert page.locator(".results-count").inner_text() == "28 of 136 missions"
    assert page.locator(".years-table tbody tr:not(.group)").count() == 28
    assert page.locator(".years-table .group").all_inner_texts() == ["Observer mission 28"]


def test_the_timeline_follows_the_filter_in_place(open_page):
    page = open_page("/missions/?view=timeline")
    page.get_by_label("Observer mission").check()
    page.wait_for_url("**/missions/?type=observer&view=timeline")
    assert page.locator(".years-table tbody tr:not(.group)").count() == 28
    page.get_by_role("link", name="type", exact=True).click()
    page.wait_for_url("**/missions/?type=observer&view=timeline&group=type")
    assert page.locator(".years-table .group").all_inner_texts() == ["Observer mission 28"]


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_bars_and_arrows_stay_within_the_table(open_page, width):
    page = open_page("/missions/?view=timeline", width=width)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    outside = page.evaluate(
        """() => { const right = document.querySelector(".years-table").getBoundingClientRect().right;
        return [...document.querySelectorAll(".years-table .life, .years-table use[href='#goes-on']")]
            .filter(e => e.getBoundingClientRect().right > right + 1).length; }"""
    )
    assert outside == 0
    assert page.locator(".years-table use[href='#goes-on']").count() == page.get_by_text("–present").count() == 22


def test_one_page_of_all_missions_is_light(site):
    import brotli

    assert len(brotli.compress(fetch(f"{site}/missions/?view=timeline"), quality=5)) < 15_000


def test_the_pictures_are_kept(open_page, snap):
    for width in (390, 1280):
        for scheme in ("light", "dark"):
            page = open_page("/missions/?view=timeline", width=width, color_scheme=scheme)
            snap(page, "timeline")
            page = open_page("/case-studies/sierra-leone/#timeline", width=width, color_scheme=scheme)
            snap(page, "lanes")


@pytest.mark.parametrize("path", ["/missions/minurso/", "/missions/unmik/", "/case-studies/sierra-leone/"])
@pytest.mark.parametrize("width", [390, 1280])
def test_marks_are_apart_and_large_enough_to_touch(open_page, path, width):
    page = open_page(path, width=width)
    boxes = page.evaluate(
        """() => [...document.querySelectorAll(".lanes .reach")]
            .map(e => e.getBoundingClientRect()).map(b => [b.x, b.y, b.width, b.height])"""
    )
    assert len(boxes) == page.locator(".timeline .event").count() > 15
    assert min(min(w, h) for _, _, w, h in boxes) >= 24
    for n, (x, y, w, h) in enumerate(boxes):
        assert not [1 for a, b, _, _ in boxes[:n] if abs(a - x) < w - 0.5 and abs(b - y) < h - 0.5]


def test_the_keyboard_passes_the_drawing_or_follows_a_mark(open_page):
    page = open_page("/missions/unmik/")
    page.locator(".pass").focus()
    assert page.locator(".pass").is_visible()
    page.keyboard.press("Enter")
    assert page.url.endswith("#events")
    page.locator(".lanes .scroll").focus()
    page.keyboard.press("Tab")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    assert target.startswith("#event-")
    page.keyboard.press("Enter")
    assert page.url.endswith(target)
    assert page.locator(".event:target").is_visible()


def test_a_mark_has_its_event_for_a_name(open_page):
    page = open_page("/missions/unmik/")
    mark = page.locator(".lanes svg a").first
    title = page.locator(".timeline .event-title strong").first.inner_text()
    assert page.get_by_role("link", name=f"10 June 1999: {title}").count() >= 1
    assert mark.get_attribute("href") == f"#{page.locator('.timeline .event').first.get_attribute('id')}"
