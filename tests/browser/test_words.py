"""The glossary, terms in running text, the box to cite and share, preview images."""

import re
import struct

import pytest
from playwright.sync_api import expect

from ..serving import fetch

pytestmark = pytest.mark.browser
PAGES = ["/glossary/", "/glossary/?vocabulary=concept", "/glossary/?view=table", "/glossary/observer/",
         "/glossary/civilian-protection/", "/glossary/un-list/", "/glossary/chapter-vii/", "/glossary/mandate/",
         "/case-studies/kosovo/", "/principles/impartiality/", "/missions/unficyp/"]  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])  # layout by width, contrast by scheme
def test_axe_finds_nothing(open_page, site, snap, width, scheme):
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    page = open_page(width=width, color_scheme=scheme)
    for path in PAGES:
        page.goto(site + path)
        for violation in axe.run(page).response["violations"]:
            found += [(path, violation["id"], node["html"][:200]) for node in violation["nodes"][:2]]
        snap(page, "words" + re.sub(r"[^a-z]+", "-", path).rstrip("-"))
    assert found == []


@pytest.mark.parametrize("width", [320, 390])
def test_no_page_is_wider_than_the_window(open_page, site, width):
    page, wide = open_page(width=width), []
    for path in PAGES:
        page.goto(site + path)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wide.append(path)
    assert wide == []


def test_the_letters_lead_to_their_terms_and_do_not_cover_them(open_page):
    for width in (390, 1280):
        page = open_page("/glossary/", width=width)
        page.get_by_role("navigation", name="A to Z").get_by_role("link", name="P", exact=True).click()
        assert page.url.endswith("#letter-P")
        heading, letters = page.locator("#letter-P").bounding_box(), page.locator(".letters").bounding_box()
        assert letters["y"] + letters["height"] <= heading["y"] < 300


def test_the_letters_are_large_enough_to_touch(open_page):
    page = open_page("/glossary/", width=320)
    boxes = [link.bounding_box() for link in page.locator(".letters a").all()]
    assert len(boxes) > 10
    assert min(min(b["width"], b["height"]) for b in boxes) >= 24


def test_a_term_leads_from_the_text_to_its_definition_by_keyboard(open_page):
    page = open_page("/case-studies/kosovo/")
    term = page.locator("a.term").first
    assert term.evaluate("e => getComputedStyle(e).textDecorationStyle") == "dotted"
    term.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/glossary/chapter-vii/")
    assert page.get_by_role("heading", level=1).inner_text() == "Chapter VII"


@pytest.mark.parametrize("width", [390, 1280])
def test_citation_and_address_are_copied_by_keyboard(open_page, site, snap, width):
    page = open_page("/case-studies/kosovo/", width=width, permissions=["clipboard-read", "clipboard-write"])
    status = page.locator(".cite [role=status]")
    assert status.inner_text() == ""
    page.get_by_role("button", name="Copy the citation").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cite [role=status]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.locator(".cite-text").inner_text()
    assert copied.startswith("Peace Operations Knowledge Base (")
    snap(page, "words-copied")
    page.get_by_role("button", name="Copy the address").click()
    for _ in range(50):
        if page.evaluate("navigator.clipboard.readText()") != copied:
            break
        page.wait_for_timeout(100)
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/case-studies/kosovo/"


def test_without_a_clipboard_what_is_selected_is_copied(open_page, site):
    page = open_page("/missions/unficyp/", permissions=["clipboard-read", "clipboard-write"])
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true})")
    page.get_by_role("button", name="Copy the address").click()
    expect(page.locator(".cite [role=status]")).to_have_text("Copied")
    page.evaluate("delete navigator.clipboard")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/missions/unficyp/"


def test_a_refusal_to_copy_says_what_to_do(open_page):
    page = open_page("/missions/unficyp/")
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('no')); }")
    page.get_by_role("button", name="Copy the address").click()
    expect(page.locator(".cite [role=status]")).to_contain_text("select the text")


def test_sharing_is_offered_where_the_device_has_a_way(open_page, site):
    page = open_page("/glossary/chapter-vii/")
    page.add_init_script("navigator.share = undefined")
    page.reload()
    assert page.locator("[data-share]").is_hidden()
    page.add_init_script("navigator.share = (what) => { window.shared = what; return Promise.reject(); }")
    page.reload()
    page.get_by_role("button", name="Share").click()
    assert page.evaluate("window.shared") == {"title": "Chapter VII", "url": f"{site}/glossary/chapter-vii/"}


def test_citing_works_without_scripts(open_page, site):
    page = open_page("/principles/consent/", java_script_enabled=False)
    assert page.locator(".cite button:visible").count() == 0
    assert page.get_by_label("Address of this page").input_value() == f"{site}/principles/consent/"
    assert page.get_by_role("link", name="Send by e-mail").get_attribute("href").startswith("mailto:?subject=Consent")


def test_print_keeps_the_citation_and_drops_the_buttons(open_page):
    page = open_page("/case-studies/kosovo/")
    page.emulate_media(media="print")
    assert page.locator(".cite-text").is_visible()
    assert page.locator(".cite button:visible").count() == 0


def test_the_preview_image_of_a_page_is_there(site):
    for path in ("/", "/missions/unficyp/", "/case-studies/kosovo/"):
        address = re.search(r'property="og:image" content="([^"]*)"', fetch(site + path).decode())[1]
        assert address.startswith(f"{site}/previews/")
        assert struct.unpack(">II", fetch(address)[16:24]) == (1200, 630)
