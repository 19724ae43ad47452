"""An editor's day as docs/editing.md tells it; its pictures are made here."""

import pytest
from playwright.sync_api import expect

from ..serving import ROOT

pytestmark = pytest.mark.browser
PICTURES = ROOT / "var" / "screenshots" / "manual"
CUT = {"x": 0, "y": 0, "width": 1100, "height": 760}


@pytest.fixture
def picture():
    PICTURES.mkdir(parents=True, exist_ok=True)

    def take(page, name):
        page.evaluate("window.scrollTo(0, 0)")
        page.screenshot(path=PICTURES / f"{name}.png", clip=CUT, scale="css")

    return take


def log_in(page):
    page.fill("#id_username", "ada")
    page.fill("#id_password", "a long pass phrase")
    page.get_by_role("button", name="Log in").click()


def test_a_day_of_an_editor(open_page, site, picture):
    page = open_page("/admin/", width=1100)
    page.set_default_timeout(30_000)
    log_in(page)
    picture(page, "dashboard")
    page.goto(f"{site}/admin/missions/mission/?q=UNGOMAP")
    page.get_by_role("link", name="UNGOMAP", exact=True).click()
    form = page.url
    other = page.context.new_page()
    other.goto(form)
    page.fill("#id_dates_note", "The Council confirmed the mission after it had begun.")
    page.fill("#id_summary", f"{page.input_value('#id_summary')} It was a small mission.")
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Readers still get what is published.")
    picture(page, "form")
    page.get_by_role("link", name="Publication", exact=True).click()
    expect(page.locator(".difference ins").first).to_contain_text("It was a small mission.")
    picture(page, "publication")
    page.get_by_label("What changed").first.fill("Says how small the mission was.")
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator(".messagelist")).to_contain_text("Sent to review.")
    other.fill("#id_dates_note", "Typed by someone else meanwhile.")
    other.locator("[name=_continue]").first.click()
    expect(other.locator(".conflict")).to_contain_text("The Council confirmed the mission")
    picture(other, "conflict")
    page.get_by_role("link", name="History", exact=True).click()
    expect(page.get_by_role("button", name="Compare")).to_be_visible()
    picture(page, "history")
    page.goto(f"{site}/missions/ungomap/")
    expect(page.locator("main")).not_to_contain_text("It was a small mission.")
