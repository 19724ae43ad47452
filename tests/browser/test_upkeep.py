"""The work that waits, in a browser: its cards and tables, “still correct”, and the form for readers."""

import re

import pytest
from playwright.sync_api import expect

from ..serving import fetch
from .test_editing import log_in

pytestmark = pytest.mark.browser
HEAPS = ("figures", "coverage", "reports")


def axe_violations(page, within=None, **options):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=within, options=options or None).response["violations"]
    return [(v["id"], n["html"][:200], n["failureSummary"][:300]) for v in found for n in v["nodes"][:3]]


def a_fact(site):
    """Return the address of the report on the first event of a mission."""
    return re.search(r'href="(/report/\?fact=po-\w+)"', fetch(f"{site}/missions/unamsil/").decode())[1]


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_axe_finds_nothing_in_the_work_that_waits(open_page, site, snap, width, scheme):
    page = open_page("/admin/", width=width, color_scheme=scheme)
    log_in(page)
    found = axe_violations(page, "#content")
    snap(page, "upkeep", full_page=True)
    for name in HEAPS:
        page.goto(f"{site}/admin/upkeep/{name}/")
        found += axe_violations(page, "#content")
        snap(page, f"upkeep-{name}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    assert found == []


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (390, "dark"), (1280, "light")])
def test_axe_finds_nothing_in_the_report_of_a_reader(open_page, site, snap, width, scheme):
    page = open_page(a_fact(site), width=width, color_scheme=scheme)
    found = axe_violations(page)
    snap(page, "report")
    page.get_by_role("button", name="Send the report").evaluate("button => button.form.noValidate = true")
    page.get_by_label("Your e-mail address").fill("nobody")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_contain_text("Say what is wrong.")
    found += axe_violations(page)
    snap(page, "report-wrong")
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_card_leads_to_its_rows_and_a_confirmation_takes_one_off(open_page, site):
    page = open_page("/admin/")
    log_in(page)
    card = page.locator(".heap", has_text="Stale figures")
    before = int(card.locator(".heap-count").inner_text())
    card.click()  # all of a card leads on
    expect(page).to_have_url(f"{site}/admin/upkeep/figures/")
    row = page.locator("tbody tr", has_text="UNDOF").first
    row.get_by_label("Note on UNDOF").fill("Compared with the newest report.")
    row.get_by_role("button", name="Still correct").click()
    expect(page.locator(".messagelist")).to_contain_text("Confirmed as still correct: UNDOF: ")
    page.goto(f"{site}/admin/")
    assert int(card.locator(".heap-count").inner_text()) == before - 1


def test_rows_are_filtered_and_ordered_without_scripts(open_page, site):
    page = open_page("/admin/", java_script_enabled=False)
    log_in(page)
    page.goto(f"{site}/admin/upkeep/coverage/")
    page.get_by_label("Missing").select_option("tasks")
    page.get_by_role("button", name="Filter").click()
    expect(page).to_have_url(f"{site}/admin/upkeep/coverage/?missing=tasks")
    page.get_by_role("link", name="Events").click()
    expect(page).to_have_url(f"{site}/admin/upkeep/coverage/?missing=tasks&ordering=events")
    events = [int(text) for text in page.locator("td[data-label=Events]").all_inner_texts()]
    assert events == sorted(events)


def test_a_reader_reports_a_fact_without_scripts_and_an_editor_closes_it(open_page, site):
    reader = open_page("/missions/unamsil/", java_script_enabled=False)
    flag = reader.locator(".event .flag").first
    name = flag.get_attribute("aria-label").removeprefix("Report an error: ")
    flag.click()
    expect(reader.locator("h1")).to_have_text("Report an error")
    expect(reader.locator(".report-about")).to_contain_text(f"UNAMSIL: {name}")
    reader.get_by_label("What is wrong?").fill("The date differs from that of the resolution.")
    reader.get_by_label("Your e-mail address").fill("reader@un.example")
    reader.get_by_role("button", name="Send the report").click()
    expect(reader.locator("h1")).to_have_text("Thank you")
    editor = open_page("/admin/")
    log_in(editor)
    editor.goto(f"{site}/admin/upkeep/reports/?q=resolution")
    editor.get_by_role("link", name=f"UNAMSIL: {name}").click()
    expect(editor.locator(".field-email")).to_contain_text("reader@un.example")
    editor.get_by_label("State").select_option("declined")
    editor.get_by_label("Answer").fill("The date is that of its adoption.")
    editor.locator("[name=_continue]").click()
    expect(editor.locator(".messagelist")).to_contain_text("was changed successfully")
    expect(editor.locator(".field-email")).not_to_contain_text("@")
    editor.goto(f"{site}/admin/upkeep/reports/?q=resolution")
    expect(editor.locator(".heap-empty")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_flags_make_no_row_longer(open_page, site, width):
    page = open_page(width=width)
    measure = """() => [...document.querySelectorAll(".entry-body :is(tr, .event, .evidence dd, .assessments li)")]
        .map((row) => row.getBoundingClientRect().height)"""
    for path in ("/missions/unamsil/", "/case-studies/kosovo/", "/principles/consent/"):
        page.goto(site + path)
        page.evaluate(
            "document.querySelectorAll('.entry-body > section').forEach(s => { s.style.contentVisibility = 'visible' })"
        )
        rows = page.evaluate(measure)
        assert page.locator(".flag").count() > 20
        page.evaluate("document.querySelectorAll('.flag').forEach((flag) => flag.remove())")
        assert page.evaluate(measure) == rows


def test_a_flag_is_reached_by_the_keyboard_and_then_seen(open_page):
    page = open_page("/missions/unamsil/")
    flag = page.locator(".event .flag").first
    seen = "flag => getComputedStyle(flag, '::before').opacity"
    assert flag.evaluate(seen) == "0"
    flag.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    assert flag.evaluate(seen) == "1"
    assert flag.evaluate("flag => flag === document.activeElement")
