"""The map: keyboard, phone, weight, what it looks like."""

import re
import urllib.request

import pytest

pytestmark = pytest.mark.browser
MAP = "/missions/?view=map"


def tab_to(page, wanted, most=80):
    """Press Tab until the focus is on what the script finds true; return how often."""
    for pressed in range(1, most + 1):
        page.keyboard.press("Tab")
        if page.evaluate(f"(e => {wanted})(document.activeElement)"):
            return pressed
    raise AssertionError(f"not reached by {most} steps: {wanted}")


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_outlines_are_drawn(open_page, width, scripts):
    page = open_page(MAP, width=width, java_script_enabled=scripts)
    land = page.locator(".map-picture .map-land").bounding_box()
    congo = page.locator('.map-picture a[href*="COD"] use').bounding_box()
    assert land["width"] > 400
    assert 20 < congo["width"] < 120


def test_the_keyboard_skips_the_map_or_chooses_a_country(open_page):
    page = open_page(MAP)
    page.locator(".switch a").last.focus()
    tab_to(page, "e.className === 'map-skip'", 3)
    assert page.locator(".map-skip").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "places"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Afghanistan"
    page.locator(".map-skip").focus()
    tab_to(page, "e.textContent.trim().startsWith('Cyprus: 1 mission')", 120)
    page.keyboard.press("Enter")
    page.wait_for_url("**/missions/?view=map&country=CYP")
    assert page.locator(".results-count").inner_text() == "1 of 136 missions"
    assert page.locator('.map-picture a[aria-current="true"]').count() == 1


def test_a_country_is_chosen_with_the_pointer_and_without_scripts(open_page):
    page = open_page(f"{MAP}&type=observer", java_script_enabled=False)
    page.locator('.map-picture a[href*="country=AGO"]').click()
    assert page.url.endswith("?view=map&type=observer&country=AGO")
    page.get_by_label("Traditional peacekeeping").check()
    page.get_by_role("button", name="Show results").click()
    assert "view=map" in page.url
    assert page.locator(".map-picture").is_visible()


def test_a_phone_shows_the_middle_of_the_map_and_scrolls_it(open_page, snap):
    page = open_page(MAP, width=390)
    frame = page.locator(".map-frame")
    assert frame.evaluate("e => e.scrollWidth") > 600
    assert page.locator(".map-picture").bounding_box()["height"] > 300
    snap(page, "map")
    frame.evaluate("e => e.scrollTo(9999, 0)")
    assert frame.evaluate("e => e.scrollLeft") > 300
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    small = page.locator("#places a").evaluate_all(
        "all => all.filter(a => a.getBoundingClientRect().height < 24).length"
    )
    assert small == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_pictures_of_the_map(open_page, site, snap, width, scheme):
    page = open_page(MAP, width=width, color_scheme=scheme)
    snap(page, "map")
    for name, path in (("map-africa", f"{MAP}&region=africa&status=ongoing"), ("map-mission", "/missions/undof/")):
        page.goto(site + path)
        snap(page, name)


def test_the_map_prints_whole_and_keeps_lines_in_forced_colours(open_page, snap):
    page = open_page(MAP)
    page.emulate_media(media="print")
    frame = page.locator(".map-frame")
    assert frame.evaluate("e => getComputedStyle(e).overflowX") == "visible"
    page.emulate_media(media="screen", forced_colors="active")
    snap(page, "map-forced")
    fills = page.evaluate(
        "['.map-land', '.map-picture .level-4 use'].map(s => getComputedStyle(document.querySelector(s)).fill)"
    )
    assert fills[0] != fills[1]


def test_map_and_sprite_are_under_60_kb_brotli(site):
    import brotli

    def fetched(path):
        request = urllib.request.Request(site + path, headers={"Accept-Encoding": "br"})  # noqa: S310
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return answer.headers, answer.read()

    _, html = fetched(MAP)
    text = html.decode() if html[:2] == b"<!" else brotli.decompress(html).decode()
    headers, sprite = fetched(re.search(r'/static/img/world[^"#]*', text)[0])
    assert headers["Content-Encoding"] == "br"
    assert len(sprite) < 27_000
    assert "immutable" in headers["Cache-Control"]
    assert len(brotli.compress(text.encode(), quality=5)) + len(sprite) < 60_000
