"""What an editor types survives: an ended session, leaving by mistake, a double click, another editor."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PASSWORD = "a long pass phrase"


def log_in(page):
    page.fill("#id_username", "ada")
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Log in").click()


@pytest.fixture
def form(open_page, site):
    """Open the form of a mission as an administrator; give a function that opens more of them."""
    page = open_page("/admin/")
    page.set_default_timeout(15_000)
    log_in(page)

    def open_form(acronym, page=page):
        page.goto(f"{site}/admin/missions/mission/?q={acronym}")
        page.get_by_role("link", name=acronym, exact=True).click()
        return page

    return open_form


def test_after_an_ended_session_the_form_is_back_filled_with_its_rows(form, site):
    page = form("UNMIH")
    number = int(page.input_value("#id_events-TOTAL_FORMS"))
    page.fill("#id_dates_note", "Typed before the session ended.")
    page.locator("#events-heading").click()
    page.locator("#events-group .add-row a").click()
    page.fill(f"#id_events-{number}-title", "A row typed before the end")
    page.context.clear_cookies(name="sessionid")
    page.locator("[name=_continue]").first.click()
    log_in(page)
    expect(page.locator(".kept")).to_contain_text("back in the form")
    assert page.input_value("#id_dates_note") == "Typed before the session ended."
    assert page.input_value(f"#id_events-{number}-title") == "A row typed before the end"
    page.locator("#events-heading").click()
    page.locator(f"#id_events-{number}-kind").select_option("political")
    page.locator(f"#id_events-{number}-stage").select_option("draft")
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Saved")
    assert page.locator(".kept").count() == 0
    assert page.input_value("#id_dates_note") == "Typed before the session ended."
    assert int(page.input_value("#id_events-TOTAL_FORMS")) == number + 1


def test_leaving_with_unsaved_changes_asks_and_leaving_without_does_not(form, site):
    page = form("UNOMIG")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.locator("#id_dates_note").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("Not saved.")
    page.get_by_role("link", name="Home").first.click(no_wait_after=True)
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    assert "/change/" in page.url
    assert page.input_value("#id_dates_note") == "Not saved."
    page.locator("[name=_continue]").first.click()
    expect(page.locator(".messagelist")).to_contain_text("Saved")
    page.get_by_role("link", name="Home").first.click()
    expect(page).to_have_url(f"{site}/admin/")
    assert asked == ["beforeunload"]


def test_a_double_click_saves_once(form, site):
    page = form("UNASOG")
    posts = []
    page.on("request", lambda r: posts.append(r.url) if r.method == "POST" else None)
    page.fill("#id_dates_note", "Saved once.")
    page.locator("[name=_continue]").first.dblclick()
    expect(page.locator(".messagelist")).to_contain_text("Saved")
    assert len(posts) == 1


def test_two_tabs_meet_in_a_page_that_merges(form, snap):
    first = form("UNPREDEP")
    second = form("UNPREDEP", first.context.new_page())
    first.fill("#id_dates_note", "From the first tab.")
    first.locator("[name=_continue]").first.click()
    expect(first.locator(".messagelist")).to_contain_text("Saved")
    second.fill("#id_chapter_note", "From the second tab.")
    second.locator("[name=_continue]").first.click()
    conflict = second.locator(".conflict")
    expect(conflict).to_contain_text("From the first tab.")
    snap(second, "conflict")
    assert second.get_by_role("checkbox", name="From the first tab.").is_checked()
    second.get_by_role("button", name="Save with these choices").click()
    expect(second.locator(".messagelist")).to_contain_text("Saved")
    assert second.input_value("#id_dates_note") == "From the first tab."
    assert second.input_value("#id_chapter_note") == "From the second tab."
