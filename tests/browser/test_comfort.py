"""The forms of editors: writing, citing, previews, keys, and errors that lead to their fields; on any screen."""

import re

import pytest
from playwright.sync_api import expect

from .test_editing import log_in

pytestmark = pytest.mark.browser
SCREENS = [(390, "dark"), (1280, "light")]  # layouts differ by width, contrasts by scheme
NO_SHEETS = {
    "preload": False
}  # axe would read the style sheets in by inline styles, which the policy of the page refuses


@pytest.fixture
def admin(open_page, site):
    """Log in as an administrator; give a function that goes to an address, or to the form of what a list finds."""

    def go(path="", kind="", q="", view="change", page=None, **options):
        if page is None:
            page = open_page("/admin/", **options)
            page.set_default_timeout(15_000)
            log_in(page)
            expect(page.locator("#user-tools")).to_be_visible()
        if kind:
            page.goto(f"{site}/admin/missions/{kind}/?q={q}")
            path = (
                page.locator("#result_list tbody th a")
                .first.get_attribute("href")
                .split("?")[0]
                .replace("change", view)
            )
        page.goto(site + path)
        return page

    return go


def violations(page, where):
    from axe_playwright_python.sync_playwright import Axe

    return [
        (where, one["id"], node["html"][:200], node["failureSummary"][:300])
        for one in Axe().run(page, options=NO_SHEETS).response["violations"]
        for node in one["nodes"][:3]
    ]


def is_wider_than_the_window(page):
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


def prose(page, name):
    """Return the text area for prose of this name, and what is around it."""
    return page.locator(f"#id_{name}"), page.locator(f".prose-field:has(#id_{name})")


PAGES = {
    "index": {"path": "/admin/"},
    "list": {"path": "/admin/missions/mission/"},
    "mission": {"kind": "mission", "q": "UNTAES"},
    "new-mission": {"path": "/admin/missions/mission/add/"},
    "principle": {"kind": "principle", "q": "consent"},
    "figure": {"kind": "figure", "q": "UNTAES"},
    "source": {"kind": "source", "q": "S/RES/186"},
    "replace": {"kind": "source", "q": "S/RES/186", "view": "replace"},
    "delete": {"kind": "source", "q": "S/RES/186", "view": "delete"},
    "history": {"kind": "mission", "q": "UNTAES", "view": "history"},
    "users": {"path": "/admin/auth/user/"},
    "user": {"path": "/admin/auth/user/1/change/"},
    "new-user": {"path": "/admin/auth/user/add/"},
}


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_in_the_admin_and_no_page_is_too_wide(open_page, admin, snap, width, scheme):
    found = violations(open_page("/admin/login/", width=width, color_scheme=scheme), "login")
    # Django's script focuses the first field of a new record, which asks for the focus itself.
    page = admin("/admin/", width=width, color_scheme=scheme, expected="Autofocus processing was blocked")
    wide = []
    for name, where in PAGES.items():
        admin(**where, page=page)
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        found += violations(page, name)
        wide += [name] * is_wider_than_the_window(page)
        snap(page, f"admin-{name}")
    assert (found, wide) == ([], [])


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_in_what_opens_while_one_writes(admin, snap, width, scheme):
    page = admin(kind="principle", q="impartiality", width=width, color_scheme=scheme)
    area, field = prose(page, "definition")
    field.get_by_role("button", name="Preview").click()
    area.press_sequentially("It was said [@no-such-source] and [@S/RES/18")
    expect(field.get_by_role("option").first).to_be_visible()
    expect(field.get_by_role("region")).to_contain_text("No source has this address: no-such-source")
    found = violations(page, "sources to cite")
    snap(page, "cite")
    area.press_sequentially("zzz")
    expect(field.get_by_role("link", name="Add it as a new source")).to_be_visible()
    found += violations(page, "no source found")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+/")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    found += violations(page, "keys")
    snap(page, "keys")
    page.keyboard.press("Escape")
    page.fill("#id_title", "")
    page.locator("[name=_continue]").first.click()
    expect(page.locator("[data-problems]")).to_be_focused()
    found += violations(page, "errors")
    snap(page, "errors")
    page.locator(".field-approaches .select2-selection").click()
    expect(page.get_by_role("listbox", name="Suggestions").get_by_role("option").first).to_contain_text("Peace")
    found += violations(page, "suggestions")
    assert (found, is_wider_than_the_window(page)) == ([], False)


def test_a_citation_is_found_by_its_symbol_and_can_be_taken_back(admin):
    page = admin(kind="principle", q="impartiality")
    area, field = prose(page, "practice")
    before = area.input_value()
    area.press("Control+End")
    page.keyboard.type(" The force was set up in 1964 [@S/RES/186")
    option = field.get_by_role("option", selected=True)
    expect(option).to_contain_text("S/RES/186 (1964)")
    assert area.get_attribute("aria-activedescendant") == option.get_attribute("id")
    page.keyboard.press("Enter")
    expect(field.get_by_role("listbox")).to_be_hidden()
    page.keyboard.type(", para. 4")
    assert area.input_value() == f"{before} The force was set up in 1964 [@s-res-186-1964, para. 4]"
    for _ in range(30):
        if area.input_value().endswith("[@S/RES/186"):
            break
        page.keyboard.press("Control+z")
    assert area.input_value() == f"{before} The force was set up in 1964 [@S/RES/186"


def test_the_list_of_sources_follows_keyboard_and_mouse(admin):
    page = admin(kind="principle", q="impartiality")
    area, field = prose(page, "practice")
    options = field.get_by_role("option")
    area.fill("One")
    field.get_by_role("button", name="Cite a source").click()
    assert area.input_value() == "One [@"
    expect(options).to_have_count(10)  # the newest, and none is chosen yet
    expect(field.get_by_role("option", selected=True)).to_have_count(0)
    page.keyboard.type("autesserre")
    expect(options.first).to_contain_text("Autesserre")
    names = options.locator("code").all_inner_texts()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert area.input_value() == f"One [@{names[1]}]"
    page.keyboard.type("; @fortna")  # a second source in the same brackets
    expect(options.first).to_contain_text("Fortna")
    second = options.locator("code").first.inner_text()
    options.first.click()
    assert area.input_value() == f"One [@{names[1]}; @{second}]"
    page.keyboard.type("; @un")
    expect(options.first).to_be_visible()
    page.keyboard.press("Home")
    page.keyboard.type("[@fortna")  # before a word
    expect(options.first).to_contain_text("Fortna")
    page.keyboard.press("Enter")
    assert area.input_value() == f"[@{second}]One [@{names[1]}; @{second}; @un]"
    area.evaluate("a => a.setSelectionRange(4, 4)")  # within an address that is there already
    page.keyboard.type("x")
    page.keyboard.press("Backspace")
    expect(options.first).to_be_visible()
    chosen = options.locator("code").first.inner_text()
    page.keyboard.press("Enter")
    assert area.input_value() == f"[@{chosen}]One [@{names[1]}; @{second}; @un]"
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.type("-")
    expect(options.first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.type("list")
    page.wait_for_timeout(400)
    expect(field.get_by_role("listbox")).to_be_hidden()
    assert area.input_value() == f"[@{chosen}]One [@{names[1]}; @{second}; @un-list]"


def test_a_source_that_is_missing_is_added_in_another_tab(admin):
    page = admin(kind="principle", q="impartiality")
    area, field = prose(page, "practice")
    area.fill("")
    page.keyboard.type("[@A/99/9999")
    link = field.get_by_role("link", name="Add it as a new source")
    expect(link).to_be_visible()
    page.keyboard.press("Tab")
    expect(link).to_be_focused()
    with page.context.expect_page() as opened:
        page.keyboard.press("Enter")
    opened.value.wait_for_load_state()
    assert opened.value.input_value("#id_symbol") == "A/99/9999"
    assert area.input_value() == "[@A/99/9999"


def test_buttons_and_keys_write_marks_and_can_be_taken_back(admin):
    page = admin(kind="principle", q="impartiality")
    area, field = prose(page, "practice")

    def press(name):
        field.get_by_role("button", name=name, exact=True).click()

    area.fill("one two\nthree")
    area.evaluate("a => a.setSelectionRange(4, 8)")  # “two” and the end of its line
    press("Bold")
    assert area.input_value() == "one **two**\nthree"
    page.keyboard.press("Control+i")
    assert area.input_value() == "one ***two***\nthree"
    page.keyboard.press("Control+b")
    assert area.input_value() == "one *two*\nthree"
    for expected in ("one ***two***\nthree", "one **two**\nthree", "one two\nthree"):
        page.keyboard.press("Control+z")
        assert area.input_value() == expected
    page.keyboard.press("Control+a")
    press("List")
    assert area.input_value() == "- one two\n- three"
    press("Numbered list")
    assert area.input_value() == "1. one two\n2. three"
    press("Numbered list")
    assert area.input_value() == "one two\nthree"
    area.evaluate("a => a.setSelectionRange(8, 8)")
    press("Heading")
    assert area.input_value() == "one two\n### three"
    area.evaluate("a => a.setSelectionRange(0, 3)")
    page.keyboard.press("Control+k")
    page.keyboard.type("/glossary/")
    assert area.input_value() == "[one](/glossary/) two\n### three"


def test_a_toolbar_is_one_stop_of_the_tab_key(admin):
    page = admin(kind="principle", q="impartiality")
    area, field = prose(page, "practice")
    toolbar = field.get_by_role("toolbar", name="Format: Practice")
    area.focus()
    page.keyboard.press("Shift+Tab")
    expect(toolbar.get_by_role("button", name="Bold")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(toolbar.get_by_role("button", name="Preview")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(toolbar.get_by_role("button", name="Italic")).to_be_focused()
    page.keyboard.press("Tab")
    expect(area).to_be_focused()


def test_the_preview_is_what_the_page_will_show_and_follows_the_text(admin, site):
    page = admin(kind="principle", q="impartiality")
    area, field = prose(page, "definition")
    pane = field.get_by_role("region", name="Preview: Definition")
    expect(pane).to_be_hidden()
    area.focus()
    page.keyboard.press("Control+Shift+Period")
    expect(pane.locator(".prose p").first).to_be_visible()
    shown = pane.locator(".prose").inner_text()
    area.press("Control+End")
    page.keyboard.type("\n\nAdded **now** [@no-such].")
    expect(pane.locator("strong", has_text="now")).to_be_visible()
    expect(pane.locator(".mark.unknown")).to_have_text("unknown source no-such")
    expect(pane.locator(".unknown-sources")).to_contain_text("No source has this address: no-such")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((e) => e.id)")
    assert len(ids) == len(set(ids))
    targets = pane.locator("a[href^='#']").evaluate_all("all => all.map((a) => a.getAttribute('href').slice(1))")
    assert set(targets) <= set(ids)
    others = pane.locator("a:not([href^='#'])").evaluate_all("all => all.map((a) => a.target)")
    assert set(others) == {"_blank"}
    page.get_by_role("button", name="Save", exact=True).first.click()  # refused: the source is unknown
    expect(page.locator("[data-problems]")).to_be_visible()
    expect(prose(page, "definition")[1].get_by_role("region")).to_contain_text("Added now")  # it opens by itself
    public = admin("/principles/impartiality/", page=page)
    on_page = public.locator("section:has(#definition) .prose").inner_text()
    # Notes count on over a page and from 1 in a field.
    assert re.sub(r"\d", "", on_page).split() == re.sub(r"\d", "", shown).split()


def test_previews_stand_beside_the_text_where_there_is_room_and_below_it_on_a_phone(admin):
    for width, beside in ((1280, True), (390, False)):
        page = admin(kind="principle", q="impartiality", width=width)
        area, field = prose(page, "definition")
        field.get_by_role("button", name="Preview").click()
        text, pane = area.bounding_box(), field.get_by_role("region").bounding_box()
        assert (pane["x"] >= text["x"] + text["width"]) is beside
        assert (pane["y"] >= text["y"] + text["height"]) is not beside


def test_words_and_citations_are_counted_as_on_the_page(admin):
    from missions.prose import citations_in, reading_minutes

    page = admin(kind="principle", q="impartiality")
    area, field = prose(page, "practice")
    text = "### A heading\n\n- One – two [@a, p. 3; @b].\n- Three [@a]."
    area.fill(text)
    assert len(citations_in(text)) == 3
    expect(field.locator(".prose-count")).to_have_text("5 words, 3 citations")
    area.fill(" ".join(["word"] * 230))
    assert reading_minutes(area.input_value()) == 1
    expect(field.locator(".prose-count")).to_have_text("230 words, 0 citations")


def test_after_the_end_of_a_session_the_preview_says_so_and_the_text_stays(admin):
    page = admin(kind="principle", q="impartiality")
    area, field = prose(page, "practice")
    page.context.clear_cookies(name="sessionid")
    area.fill("Still here.")
    field.get_by_role("button", name="Preview").click()
    expect(field.get_by_role("region")).to_have_text(
        re.compile(r"Your session has ended\. Log in again in another tab")
    )
    assert area.input_value() == "Still here."


def test_keys_save_open_the_preview_and_are_listed(admin):
    page = admin(kind="mission", q="UNAVEM I")
    page.fill("#id_chapter_note", "Saved by a key.")
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert page.input_value("#id_chapter_note") == "Saved by a key."
    save = page.locator("[name=_continue]").first
    expect(save).to_have_attribute("aria-keyshortcuts", "Control+S")
    expect(save).to_have_attribute("title", "Save (Ctrl+S)")
    with page.context.expect_page() as opened:
        page.keyboard.press("Control+Enter")
    expect(opened.value.locator(".preview-bar")).to_contain_text("Preview of a draft")
    page.bring_to_front()
    page.locator("#id_title").focus()
    page.keyboard.press("Control+/")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    assert dialog.locator("kbd").all_inner_texts() == [
        "Ctrl+S", "Ctrl+Enter", "Ctrl+B", "Ctrl+I", "Ctrl+K", "Ctrl+Shift+.", "Ctrl+/", "[@"
    ]  # fmt: skip
    page.keyboard.press("Control+/")
    expect(dialog).to_be_hidden()
    expect(page.locator("#id_title")).to_be_focused()


def test_keys_of_the_text_and_of_other_layouts_are_left_alone(admin):
    page = admin(kind="principle", q="impartiality")
    area, _ = prose(page, "practice")
    area.fill("")
    page.keyboard.type("s?/.b")
    assert area.input_value() == "s?/.b"
    page.evaluate(
        """document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
           { key: "и", code: "KeyB", ctrlKey: true, bubbles: true, cancelable: true }))"""
    )
    assert area.input_value() == "s?/.b****"  # the same key on a keyboard of another script
    page.evaluate(
        """document.activeElement.dispatchEvent(new KeyboardEvent("keydown",
           { key: "ś", code: "KeyS", ctrlKey: true, altKey: true, bubbles: true, cancelable: true }))"""
    )
    page.wait_for_timeout(200)
    assert page.locator(".messagelist .success").count() == 0  # Ctrl and Alt type a letter on many keyboards


def test_a_link_in_the_list_of_errors_leads_to_the_field_in_its_row(admin):
    page = admin(kind="mission", q="UNTAES")
    number = int(page.input_value("#id_events-TOTAL_FORMS"))
    page.locator("#events-heading").click()
    page.locator("#events-group .add-row a").click()
    page.fill(f"#id_events-{number}-title", "A row that lacks its kind and source")
    page.fill("#id_slug", "")
    page.keyboard.press("Control+s")
    problems = page.locator("[data-problems]")
    expect(problems).to_be_focused()
    page.keyboard.press("Tab")
    expect(problems.get_by_role("link", name="Address", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#id_slug")).to_be_focused()
    problems.get_by_role("link", name=f"Event, row {number + 1}, Kind").click()
    expect(page.locator(f"#id_events-{number}-kind")).to_be_focused()
    assert page.input_value(f"#id_events-{number}-title") == "A row that lacks its kind and source"


def test_a_link_opens_a_folded_group_and_finds_a_field_with_suggestions(admin):
    page = admin("/admin/missions/approach/add/")
    page.fill("#id_title", "An approach")
    page.fill("#id_summary", "Text.")
    page.locator("#dimensions-heading").click()
    for _ in range(2):
        page.get_by_role("button", name="Add another Dimension").click()
    for n in (0, 1):
        page.locator(f"#id_dimensions-{n}-dimension").select_option("consent")
        page.fill(f"#id_dimensions-{n}-text", "Text.")
    page.keyboard.press("Control+s")
    problems = page.locator("[data-problems]")
    problems.get_by_role("link", name="Dimension, row 1, Source").click()
    focused = page.locator(":focus")
    assert focused.get_attribute("aria-labelledby").startswith("id_dimensions-0-source_label")
    assert focused.get_attribute("aria-invalid") == "true"
    assert "id_dimensions-0-source_error" in focused.get_attribute("aria-describedby")
    page.evaluate("document.querySelector('[data-problems] li a').setAttribute('href', '#record-probe')")
    page.evaluate("document.querySelector('.field-permanent_id').id = 'record-probe'")
    assert not page.locator(".field-permanent_id").is_visible()
    problems.get_by_role("link").first.click()
    expect(page.locator(".field-permanent_id")).to_be_visible()
    expect(page.locator(".field-permanent_id")).to_be_focused()


def test_new_rows_get_fields_with_names(admin):
    page = admin(kind="mission", q="UNTAES")
    number = int(page.input_value("#id_figures-TOTAL_FORMS"))
    page.locator("#figures-heading").click()
    page.locator("#figures-group .add-row a").click()
    control = page.locator(f"#figures-{number} .field-source .select2-selection")
    assert control.get_attribute("aria-labelledby").startswith(f"id_figures-{number}-source_label ")
    assert violations(page, "a new row") == []


def test_without_scripts_prose_is_a_text_area_and_errors_are_links(admin):
    page = admin(kind="principle", q="impartiality", java_script_enabled=False)
    area, _ = prose(page, "practice")
    assert area.bounding_box()["width"] > 500
    assert page.locator(".prose-bar, .key-hint, .cite-popup").count() == 0
    area.fill("Typed without scripts [@no-such].")
    page.locator("[name=_continue]").first.click()
    expect(page.locator("[data-problems]")).to_be_visible()
    assert page.input_value("#id_practice") == "Typed without scripts [@no-such]."
    page.locator("[data-problems]").get_by_role("link", name="Practice").click()
    assert page.url.endswith("#id_practice")
    expect(page.locator("#id_practice")).to_be_focused()


def test_an_editor_corrects_a_typo_on_a_phone(admin, snap):
    page = admin(kind="mission", q="UNAVEM III", width=390, has_touch=True, is_mobile=True)
    assert not is_wider_than_the_window(page)
    assert page.locator(".key-hint").count() == 0 or not page.locator(".key-hint").is_visible()
    area, field = prose(page, "summary")
    area.tap()
    area.press("Control+End")
    page.keyboard.type(" Corrected on a phone.")
    for control in field.get_by_role("button").all():
        box = control.bounding_box()
        assert box["height"] >= 24
        assert box["width"] >= 24
    snap(page, "phone")
    page.locator("[name=_continue]").last.tap()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert page.input_value("#id_summary").endswith(" Corrected on a phone.")
