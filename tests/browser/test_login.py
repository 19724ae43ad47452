"""The two steps of the login in a browser: for everyone, on a phone, in both themes, with and without scripts."""

from base64 import b32decode

import pytest
from django_otp.oath import totp
from playwright.sync_api import expect

from ..houses import PASSWORD, add_administrator, done
from ..serving import serve

pytestmark = pytest.mark.browser
SET_UP = """
from django.contrib.auth.models import User
from missions.login import devices
devices.set_up(devices.new_app(User.objects.get(username="away")))
"""


@pytest.fixture(scope="module")
def site(environment):
    """Serve the same content with both steps, and with members who have not logged in yet."""
    for name in ("phone", "desk", "scriptless", "away", "host-phone", "host-desk"):
        add_administrator(environment, name)
    done(environment, "shell", "-v0", "-c", SET_UP)
    with serve(environment | {"PEACEOPS_TWO_FACTOR": "true"}) as address:
        yield address


@pytest.fixture
def examined(snap):
    """Give a function that lets axe look at a page in both themes, and keeps pictures."""
    from axe_playwright_python.sync_playwright import Axe

    def examine(page, name):
        found = []
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            snap(page, f"login-{name}", full_page=True)
            found += [
                (v["id"], n["html"][:200], n["failureSummary"][:300])
                for v in Axe().run(page).response["violations"]
                for n in v["nodes"][:2]
            ]
        assert found == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    return examine


def give_password(page, name, password=PASSWORD):
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def digits(secret, step=0):
    return f"{totp(b32decode(secret.replace(' ', '')), drift=step):06}"


def set_up(page):
    """Set up the app on the page that asks for it; return its secret and the recovery codes."""
    secret = page.locator(".secret").inner_text()
    page.get_by_label("The six digits").fill(digits(secret))
    page.get_by_role("button", name="Set it up").click()
    return secret, page.locator("#recovery-codes").inner_text().split()


@pytest.mark.parametrize(("name", "width"), [("phone", 390), ("desk", 1280)])
def test_everyone_can_take_both_steps(open_page, site, examined, name, width):
    page = open_page("/admin/missions/source/", width=width)
    examined(page, "password")
    give_password(page, name)
    picture = page.get_by_role("img", name="QR code")
    assert picture.evaluate("img => img.naturalWidth") > 100
    examined(page, "app")
    page.get_by_label("The six digits").fill("12")
    page.get_by_role("button", name="Set it up").click()
    examined(page, "app-error")
    secret, codes = set_up(page)
    assert len(codes) == 10
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    examined(page, "recovery-codes")
    page.get_by_role("link", name="go on").click()
    expect(page).to_have_url(f"{site}/admin/missions/source/")
    page.get_by_role("link", name="Two-factor login").click()
    examined(page, "own")
    page.goto(f"{site}/admin/auth/user/")
    page.get_by_role("link", name="away").click()
    page.locator(".object-tools").get_by_role("link", name="Two-factor login").click()
    examined(page, "of-a-member")
    page.get_by_role("button", name="Log out").click()

    page.goto(f"{site}/admin/missions/source/")
    give_password(page, name)
    assert page.get_by_label("The six digits").evaluate("input => input === document.activeElement")
    examined(page, "code")
    page.keyboard.type(digits(secret, 1))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/admin/missions/source/")
    page.get_by_role("button", name="Log out").click()

    page.goto(f"{site}/admin/")
    give_password(page, name)
    page.get_by_text("Your phone is not at hand?").click()
    page.get_by_label("Recovery code").fill("nothing")
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".errornote, .errorlist").first).to_be_visible()
    expect(page.get_by_label("Recovery code")).to_be_visible()
    examined(page, "code-error")


@pytest.mark.parametrize(("name", "width"), [("host-phone", 390), ("host-desk", 1280)])
def test_a_member_chooses_his_password_and_sees_and_ends_his_logins(open_page, site, examined, name, width):
    page = open_page("/admin/auth/user/add/", width=width)
    give_password(page, name)
    _, codes = set_up(page)
    page.goto(f"{site}/admin/auth/user/add/")
    page.get_by_label("Username").fill(f"guest-of-{name}")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Set password").click()
    examined(page, "password-link-to-make")
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    examined(page, "password-link")
    path = page.locator("#password-link").inner_text().removeprefix(site)

    theirs = open_page(path, width=width)
    for password in ("short", "another pass phrase"):
        examined(theirs, f"choose-{password.split()[0]}")
        theirs.locator("#id_new_password1").fill(password)
        theirs.locator("#id_new_password2").fill(password)
        theirs.get_by_role("button", name="Set the password").click()
    expect(theirs.get_by_text("Your password is set.")).to_be_visible()
    examined(open_page(path, width=width), "link-that-was-used")

    elsewhere = open_page("/admin/", width=width)
    give_password(elsewhere, name)
    page.get_by_role("link", name="Your logins").click()
    expect(page.get_by_role("checkbox", name="Chrome on Linux")).to_have_count(1)
    examined(page, "logins")
    page.get_by_role("checkbox").check()
    page.get_by_text("Your phone is not at hand?").click()
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="End what is ticked").click()
    expect(page.get_by_text("You are logged in nowhere else.")).to_be_visible()
    examined(page, "logins-none-else")
    elsewhere.reload()
    expect(elsewhere.get_by_label("Username")).to_be_visible()


def test_both_steps_work_without_scripts(open_page, site):
    page = open_page("/admin/", java_script_enabled=False)
    give_password(page, "scriptless")
    _, codes = set_up(page)
    assert not page.get_by_role("button", name="Copy").is_visible()
    page.goto(f"{site}/admin/second-factor/")
    page.get_by_text("Your phone is not at hand?").click()
    page.get_by_label("Recovery code").fill(codes[0])
    page.get_by_role("button", name="Set up another app").click()
    set_up(page)
    page.get_by_role("link", name="go on").click()
    expect(page).to_have_url(f"{site}/admin/")
    assert page.get_by_role("link", name="Missions", exact=True).first.is_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_for_those_who_are_locked_out(open_page, examined, width):
    page = open_page("/admin/", width=width, expected="status of 429")
    for _ in range(5):
        page.goto(page.url)
        give_password(page, f"nobody-{width}", "wrong")
    expect(page.locator("h1")).to_have_text("Too many failed logins")
    examined(page, "locked-out")
