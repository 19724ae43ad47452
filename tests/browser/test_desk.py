"""The pages on which a draft becomes what readers get, and the history: axe, widths, and that they are looked at."""

import pytest
from playwright.sync_api import expect

from .test_editing import log_in
from .test_upkeep import axe_violations

pytestmark = pytest.mark.browser


def draft(page, site, acronym):
    """Make a draft of a mission; return the addresses of its form, publication and history."""
    page.goto(f"{site}/admin/missions/mission/?q={acronym}")
    page.get_by_role("link", name=acronym, exact=True).click()
    form = page.url.partition("?")[0]
    if page.locator(".standing.writing").count() == 0:
        page.fill("#id_summary", f"{page.input_value('#id_summary')} One more sentence.")
        page.locator("[name=_publication]").first.click()
        expect(page.locator(".difference ins").first).to_be_visible()
    return form, form.replace("change", "publication"), form.replace("change", "history")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_drafts_are_published_and_compared(open_page, site, snap, scheme):
    page = open_page("/admin/", color_scheme=scheme, bypass_csp=True)  # axe itself reads style sheets by inline style
    page.set_default_timeout(30_000)
    log_in(page)
    form, publication, history = draft(page, site, "UNAMIC")
    found = []
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for name, address in (("form", form), ("publication", publication), ("history", history)):
            page.goto(address)
            if name == "publication":
                page.evaluate("for (const one of document.querySelectorAll('#content details')) one.open = true")
            found += [(name, width, *v) for v in axe_violations(page, "#content")] if name != "form" else []
            snap(page, f"desk-{name}", full_page=name != "form")
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), name
    page.get_by_role("button", name="Compare").click()
    found += axe_violations(page, "#content")
    page.goto(form.partition("mission/")[0] + "mission/deleted/")
    found += axe_violations(page, "#content")
    assert found == []
