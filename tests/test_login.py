"""Who gets into the admin: two steps, lockout, the end of sessions, passwords."""

import logging
import os
import re
import subprocess
import sys
from base64 import b32decode
from datetime import datetime, timedelta
from secrets import token_urlsafe
from types import SimpleNamespace

import pytest
from axes.models import AccessAttempt
from django.conf import settings as configured
from django.contrib.admin import site
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlsafe_base64_encode
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from missions.clients import client_address
from missions.login import devices, sessions
from missions.login.lockout import in_words

from .test_admin import form_of

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"
LOGIN, CODE, APP, OWN = "/admin/login/", "/admin/login/code/", "/admin/login/app/", "/admin/second-factor/"
LOGINS, CHANGE = "/admin/sessions/", "/admin/password_change/"
NEW = {"new_password1": "another pass phrase", "new_password2": "another pass phrase"}


@pytest.fixture(autouse=True)
def two_factor(settings):
    settings.TWO_FACTOR = True


@pytest.fixture
def clock(monkeypatch):
    """Give a function that moves the clock on by so many seconds."""
    started, passed = timezone.now, [0]

    def now():
        return started() + timedelta(seconds=passed[0])

    monkeypatch.setattr("django.utils.timezone.now", now)
    monkeypatch.setattr("axes.handlers.proxy.now", now)
    return lambda seconds: passed.__setitem__(0, passed[0] + seconds)


def post_password(client, user, password=PASSWORD, next="/admin/", **extra):
    return client.post(
        LOGIN, {"username": getattr(user, "username", user), "password": password, "next": next}, **extra
    )


def digits(app, step=0):
    """Return what the app shows, or will show `step` half minutes from now."""
    return f"{totp(app.bin_key, drift=step):06}"


def shown_codes(page):
    return re.findall(r"^(?:.*>)?((?:[a-z2-7]{4}-){5}[a-z2-7]{4})(?![a-z2-7-])", page.content.decode(), re.M)


def set_up(user):
    """Give the user an app and codes, as a first login would; return both."""
    app = devices.new_app(user)
    return app, devices.set_up(app)


def logged_in(user):
    """Return a client in which the user has taken both steps, with a code that is not used up in the app."""
    client = Client()
    post_password(client, user)
    assert client.post(CODE, {"recovery": devices.renew_codes(user)[0]}).status_code == 302
    return client


def is_in(client):
    return client.get("/admin/").status_code == 200


def errors_of(page, name="code"):
    return list(page.context["form"].errors.get(name, []))


# Two steps


def test_the_first_login_sets_up_an_app_and_shows_ten_codes_once(client, editor):
    wanted = "/admin/missions/mission/?q=unficyp"
    answer = post_password(client, editor, next=wanted)
    assert answer.url == f"{APP}?next=%2Fadmin%2Fmissions%2Fmission%2F%3Fq%3Dunficyp"
    page = client.get(answer.url)
    assert "no-store" in page["Cache-Control"]
    html = page.content.decode()
    app = TOTPDevice.objects.get()
    typed = re.search(r'class="secret">([^<]+)<', html)[1]
    assert b32decode(typed.replace(" ", "")) == app.bin_key
    assert 'src="data:image/svg+xml' in html
    assert not re.search(r"<style| style=", html)
    assert "issuer=Peace%20Operations%20Knowledge%20Base" in app.config_url
    assert not is_in(client)
    done = client.post(answer.url, {"code": digits(app)})
    codes = shown_codes(done)
    assert len(set(codes)) == devices.codes_left(editor) == 10
    assert f'href="{wanted}"' in done.content.decode()
    assert "no-store" in done["Cache-Control"]
    assert client.get(wanted).status_code == 200
    assert shown_codes(client.get(APP, follow=True)) == []


def test_a_wrong_first_code_sets_up_nothing_and_keeps_the_secret(client, editor):
    post_password(client, editor)
    first = client.get(APP)
    page = client.post(APP, {"code": "12345"})
    assert errors_of(page) == ["Type the six digits that the app shows."]
    assert page.context["secret"] == first.context["secret"]
    assert devices.app_of(editor) is None
    assert errors_of(client.post(APP, {"code": wrong(TOTPDevice.objects.get())}))[0].startswith(
        "This code is not right"
    )
    assert devices.app_of(editor) is None
    assert not is_in(client)


def wrong(app):
    """Return six digits that the app shows neither now nor soon."""
    near = {digits(app, step) for step in range(-3, 4)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777")
                if code not in near)  # fmt: skip


def test_the_next_login_asks_for_a_code_and_keeps_where_it_was_to_lead(client, editor):
    app, _ = set_up(editor)
    answer = post_password(client, editor, next="/admin/missions/source/")
    assert answer.url == f"{CODE}?next=%2Fadmin%2Fmissions%2Fsource%2F"
    page = client.get(answer.url)
    assert 'autocomplete="one-time-code"' in page.content.decode()
    assert 'inputmode="numeric"' in page.content.decode()
    code = digits(app)
    answer = client.post(answer.url, {"code": f"{code[:3]} {code[3:]}"})
    assert (answer.status_code, answer.url) == (302, "/admin/missions/source/")
    assert is_in(client)
    assert client.get(f"{CODE}?next=/admin/missions/term/").url == "/admin/missions/term/"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "\\\\evil"])
def test_a_login_never_leads_to_another_site(client, editor, target):
    app, _ = set_up(editor)
    assert post_password(client, editor, next=target).url == f"{CODE}?next=%2Fadmin%2F"
    answer = client.post(f"{CODE}?{'next=' + target}", {"code": digits(app)})
    assert (answer.status_code, answer.url) == (302, "/admin/")


def test_a_public_page_is_reached_only_after_the_second_step(client, editor):
    set_up(editor)
    assert post_password(client, editor, next="/missions/").url == f"{CODE}?next=%2Fmissions%2F"


INSIDE = [
    "/admin/",
    "/admin/missions/",
    "/admin/missions/mission/",
    "/admin/missions/mission/add/",
    "/admin/auth/user/",
    "/admin/password_change/",
    "/admin/jsi18n/",
    "/admin/autocomplete/?app_label=missions&model_name=figure&field_name=source",
    "/admin/r/1/1/",
    OWN,
    LOGINS,
]


@pytest.mark.parametrize("path", INSIDE)
@pytest.mark.parametrize("has_app", [False, True])
def test_the_password_alone_opens_nothing(client, admin_user, path, has_app):
    if has_app:
        set_up(admin_user)
    admin_user.set_password(PASSWORD)
    admin_user.save()
    post_password(client, admin_user)
    answer = client.get(path)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, LOGIN)
    step = CODE if has_app else APP
    assert client.get(answer.url).url.split("?")[0] == step
    assert client.post(path, {"code": "000000"}).status_code == 302


def test_the_password_alone_cannot_set_up_another_app(client, editor):
    app, _ = set_up(editor)
    post_password(client, editor)
    for answer in (client.get(APP), client.post(APP, {"code": digits(app)})):
        assert (answer.status_code, answer.url) == (302, OWN)
    assert list(TOTPDevice.objects.all()) == [app]
    assert not is_in(client)


def test_who_knows_the_password_early_does_not_learn_the_secret_of_the_app(client, editor):
    early = Client()
    secrets = []
    for session in (early, client):
        post_password(session, editor)
        secrets.append(session.get(APP).context["secret"])
    assert secrets[0] != secrets[1]
    begun, finished = TOTPDevice.objects.order_by("pk")
    assert len(shown_codes(client.post(APP, {"code": digits(finished)}))) == 10
    assert early.post(APP, {"code": digits(begun)}).status_code == 302
    assert list(TOTPDevice.objects.all()) == [finished]
    assert not is_in(early)
    assert devices.set_up(begun) == []


@pytest.mark.parametrize("path", [CODE, APP])
@pytest.mark.parametrize("method", ["get", "post"])
def test_the_second_step_needs_the_first(client, django_user_model, path, method):
    answer = getattr(client, method)(f"{path}?next=/admin/missions/")
    assert (answer.status_code, answer.url) == (302, f"{LOGIN}?next=/admin/missions/")
    client.force_login(django_user_model.objects.create_user("reader"))
    assert getattr(client, method)(path).status_code == 302
    assert TOTPDevice.objects.count() == 0


def test_whoever_is_between_the_steps_can_log_out_and_let_another_log_in(client, editor, publisher):
    set_up(editor)
    post_password(client, editor)
    assert "Log out" in client.get(CODE).content.decode()
    assert client.post("/admin/logout/").status_code == 200
    assert client.get(LOGIN).status_code == 200
    assert post_password(client, publisher).url.startswith(APP)


def test_a_code_is_taken_once(editor):
    app, _ = set_up(editor)
    code = digits(app)
    first, second = Client(), Client()
    for session in (first, second):
        post_password(session, editor)
    assert first.post(CODE, {"code": code}).status_code == 302
    page = second.post(CODE, {"code": code})
    assert errors_of(page) == ["This code is not right, or it was used before. Wait until the app shows the next one."]
    assert 'aria-describedby="id_code_error"' in page.content.decode()
    assert (is_in(first), is_in(second)) == (True, False)


def test_a_code_is_good_for_half_a_minute_either_way(client, editor, monkeypatch):
    monkeypatch.setattr("django_otp.oath.time", lambda: 1_700_000_000)
    monkeypatch.setattr("django_otp.plugins.otp_totp.models.time", SimpleNamespace(time=lambda: 1_700_000_000))
    app, _ = set_up(editor)
    taken = []
    for step in (-2, -1, 0, 1, 2):
        TOTPDevice.objects.update(throttling_failure_count=0)
        post_password(client, editor)
        taken.append(client.post(CODE, {"code": digits(app, step)}).status_code == 302)
    assert taken == [False, True, True, True, False]


def test_a_code_that_set_up_the_app_does_not_log_in(client, editor):
    post_password(client, editor)
    client.get(APP)
    app = TOTPDevice.objects.get()
    code = digits(app)
    assert client.post(APP, {"code": code}).status_code == 200
    other = Client()
    post_password(other, editor)
    assert other.post(CODE, {"code": code}).status_code == 200
    assert not is_in(other)


def test_wrong_codes_make_everyone_with_the_password_wait_ever_longer(client, editor, clock):
    app, _ = set_up(editor)
    post_password(client, editor)
    for wait in ("1 second", "2 seconds", "4 seconds", "8 seconds"):
        assert errors_of(client.post(CODE, {"code": wrong(app)}))[0].startswith("This code is not right")
        page = client.post(CODE, {"code": digits(app)})
        assert errors_of(page) == [f"Too many wrong codes. Wait {wait} and try again."]
        clock(int(wait.split()[0]))
    assert not is_in(client)
    assert client.post(CODE, {"code": digits(app)}).status_code == 302
    assert TOTPDevice.objects.get().throttling_failure_count == 0


def test_a_wrong_code_is_logged_without_what_was_typed(client, editor, caplog):
    app, _ = set_up(editor)
    post_password(client, editor)
    caplog.clear()
    client.post(CODE, {"code": wrong(app)})
    assert [r.getMessage() for r in caplog.records] == [f"Wrong second factor on otp_totp.totpdevice/{app.pk}"]


def test_wrong_codes_do_not_lock_out_the_password(client, editor):
    app, _ = set_up(editor)
    for _ in range(6):
        assert post_password(client, editor).status_code == 302
        client.post(CODE, {"code": wrong(app)})
    assert AccessAttempt.objects.count() == 0


def test_recovery_codes_are_throttled_apart_from_the_app(client, editor):
    app, _ = set_up(editor)
    post_password(client, editor)
    page = client.post(CODE, {"recovery": "aaaa-bbbb-cccc-dddd"})
    assert errors_of(page, "recovery") == ["This is none of your recovery codes, or it was used before."]
    assert re.findall(r"<details[^>]*>", page.content.decode()) == ['<details class="form-row" open>']
    assert re.findall(r'name="(\w+)"[^>]* autofocus', page.content.decode()) == ["recovery"]
    page = client.post(CODE, {"recovery": "aaaa-bbbb-cccc-eeee"})
    assert errors_of(page, "recovery") == ["Too many wrong codes. Wait 1 second and try again."]
    assert client.post(CODE, {"code": digits(app)}).status_code == 302


def test_a_recovery_code_works_once_however_it_is_typed(editor):
    _, codes = set_up(editor)
    client = Client()
    post_password(client, editor)
    assert client.post(CODE, {"recovery": codes[0].upper().replace("-", " "), "code": "12"}).status_code == 302
    assert "Recovery codes left: 9." in client.get("/admin/").content.decode()
    other = Client()
    post_password(other, editor)
    assert errors_of(other.post(CODE, {"recovery": codes[0]}), "recovery") != []
    assert not is_in(other)


def test_recovery_codes_are_not_stored_as_they_are_typed(editor, publisher):
    _, codes = set_up(editor)
    stored = set(StaticToken.objects.values_list("token", flat=True))
    assert len(stored) == 10
    assert not stored & {form for code in codes for form in (code, code.replace("-", ""), code.replace("-", "")[:16])}
    assert {len(code.replace("-", "")) * 5 for code in codes} == {120}  # random bits, of letters with five each
    client = Client()
    set_up(publisher)
    post_password(client, publisher)
    assert errors_of(client.post(CODE, {"recovery": codes[0]}), "recovery") != []  # another's do not help
    assert devices.codes_left(editor) == 10


def test_recovery_codes_of_the_shorter_sort_that_were_given_before_still_work(editor):
    set_up(editor)
    former = "abcd-efgh-2345-wxyz"
    StaticToken.objects.create(device=devices.codes_of(editor), token=devices.digest(former))
    client = Client()
    post_password(client, editor)
    assert client.post(CODE, {"recovery": former}).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize(
    ("typed", "field", "error"),
    [
        ({"code": ""}, "code", "Type the six digits, or a recovery code."),
        ({"code": "  "}, "code", "Type the six digits, or a recovery code."),
        ({"code": "12345a"}, "code", "Type the six digits that the app shows."),
        ({"code": "١٢٣٤٥٦"}, "code", "Type the six digits that the app shows."),
        ({"code": "1" * 5000}, "code", "Type the six digits that the app shows."),
        ({"recovery": "a\0"}, "recovery", "Null characters are not allowed."),
        ({"recovery": "é" * 40}, "recovery", "This is none of your recovery codes, or it was used before."),
    ],
)
def test_what_is_no_code_is_refused_with_a_reason(client, editor, typed, field, error):
    set_up(editor)
    post_password(client, editor)
    page = client.post(CODE, typed)
    assert (page.status_code, errors_of(page, field)) == (200, [error])


def test_without_recovery_codes_none_is_taken(client, editor):
    app, _ = set_up(editor)
    devices.codes_of(editor).delete()
    post_password(client, editor)
    assert errors_of(client.post(CODE, {"recovery": "aaaa"}), "recovery") != []
    assert client.post(CODE, {"code": digits(app)}).status_code == 302


def test_new_recovery_codes_need_a_code_and_void_the_former(editor):
    app, _ = set_up(editor)
    client = logged_in(editor)
    assert client.get(OWN).context["codes_left"] == 9
    assert errors_of(client.post(OWN, {"code": ""})) == ["Type the six digits, or a recovery code."]
    assert devices.codes_left(editor) == 9
    former = devices.renew_codes(editor)
    codes = shown_codes(client.post(OWN, {"code": digits(app)}))
    assert (len(codes), devices.codes_left(editor)) == (10, 10)
    assert is_in(client)
    other = Client()
    post_password(other, editor)
    assert other.post(CODE, {"recovery": former[5]}).status_code == 200
    devices.codes_of(editor).throttle_reset()
    assert other.post(CODE, {"recovery": codes[5]}).status_code == 302


def test_another_app_needs_a_code_and_voids_the_former_and_ends_other_sessions(editor):
    app, _ = set_up(editor)
    client, elsewhere = logged_in(editor), logged_in(editor)
    assert client.get(APP).url == OWN
    assert client.post(OWN, {"code": digits(app), "replace": "1"}).url == APP
    assert client.get(APP).status_code == 200
    assert devices.app_of(editor) == app
    new = TOTPDevice.objects.get(confirmed=False)
    assert len(shown_codes(client.post(APP, {"code": digits(new)}))) == 10
    assert list(TOTPDevice.objects.all()) == [new]
    assert (is_in(client), is_in(elsewhere)) == (True, False)
    elsewhere.post(LOGIN, {"username": "edith", "password": PASSWORD})
    assert errors_of(elsewhere.post(CODE, {"code": digits(app, 1)})) != []


def test_an_abandoned_replacement_changes_nothing(editor):
    app, _ = set_up(editor)
    client = logged_in(editor)
    client.post(OWN, {"code": digits(app), "replace": "1"})
    again = Client()
    post_password(again, editor)
    assert again.post(CODE, {"code": digits(app, 1)}).status_code == 302


def test_every_login_begins_with_nothing_proved_under_a_new_key(editor):
    set_up(editor)
    client = logged_in(editor)
    key = client.session.session_key
    assert post_password(client, editor).url.startswith(CODE)
    assert not is_in(client)
    between = client.session.session_key
    client.post(CODE, {"recovery": devices.renew_codes(editor)[0]})
    assert len({key, between, client.session.session_key}) == 3
    assert not Session.objects.filter(pk__in=[key, between]).exists()


# A lost phone


def test_an_administrator_removes_the_second_factor_of_a_member(admin_user, editor):
    app, _ = set_up(editor)
    set_up(admin_user)
    admin_user.set_password(PASSWORD)
    admin_user.save()
    theirs, his = logged_in(admin_user), logged_in(editor)
    user_form = reverse("admin:auth_user_change", args=[editor.pk])
    path = f"{user_form.removesuffix('change/')}second-factor/"
    assert path in theirs.get(user_form).content.decode()
    assert theirs.get(path).context["app"] == app
    assert is_in(his)
    assert theirs.post(path).url == user_form
    assert not is_in(his)
    assert Session.objects.count() == 1
    assert (TOTPDevice.objects.filter(user=editor).count(), devices.codes_left(editor)) == (0, 0)
    assert [(e.object_id, e.change_message) for e in LogEntry.objects.all()] == [
        (str(editor.pk), "Removed the second factor.")
    ]
    assert post_password(Client(), editor).url.startswith(APP)
    assert is_in(theirs)
    own = reverse("admin:auth_user_second_factor", args=[admin_user.pk])
    assert [theirs.get(own).url, theirs.post(own).url] == [OWN, OWN]
    assert devices.app_of(admin_user) is not None
    assert theirs.get(reverse("admin:auth_user_second_factor", args=[0])).status_code == 404


def test_only_administrators_remove_a_second_factor(editor, publisher):
    for user in (editor, publisher):
        set_up(user)
    publisher.user_permissions.set(Permission.objects.filter(content_type__model="user"))
    client = logged_in(publisher)
    path = reverse("admin:auth_user_second_factor", args=[editor.pk])
    assert path not in client.get(reverse("admin:auth_user_change", args=[editor.pk])).content.decode()
    assert [client.get(path).status_code, client.post(path).status_code] == [403, 403]
    assert devices.app_of(editor) is not None


def test_the_list_of_users_says_who_has_two_factors(admin_user, editor, django_assert_num_queries):
    set_up(admin_user)
    admin_user.set_password(PASSWORD)
    admin_user.save()
    page = logged_in(admin_user).get(reverse("admin:auth_user_changelist"))
    assert {u.username: u.has_app for u in page.context["cl"].result_list} == {"admin": True, "edith": False}


def test_the_command_removes_the_second_factor_of_the_last_administrator(editor, capsys):
    set_up(editor)
    client = logged_in(editor)
    call_command("remove_second_factor", "edith")
    assert capsys.readouterr().out == "edith sets up a new authenticator app after the next password.\n"
    assert devices.app_of(editor) is None
    assert not is_in(client)
    with pytest.raises(CommandError, match=r"There is no user “nobody”."):
        call_command("remove_second_factor", "nobody")


def test_no_form_of_the_admin_shows_secrets():
    guarded = {m._meta.label for m in site._registry if m._meta.app_label in ("axes", "otp_static", "otp_totp")}
    assert guarded == {"axes.AccessAttempt"}


# The switch


def test_two_factors_can_be_switched_off_for_a_trial(client, editor, settings):
    settings.TWO_FACTOR = False
    set_up(editor)
    assert post_password(client, editor, next="/admin/missions/").url == "/admin/missions/"
    assert is_in(client)
    settings.TWO_FACTOR = True
    assert not is_in(client)


def test_without_a_switch_two_factors_are_on_and_under_https_they_cannot_be_off():
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PEACEOPS_TWO")}
    environment |= {"DJANGO_SETTINGS_MODULE": "peaceops.settings", "PEACEOPS_HTTPS": "true"}
    environment["PEACEOPS_SECRET_KEY"] = token_urlsafe(64)
    ask = [sys.executable, "-c", "from django.conf import settings; print(settings.TWO_FACTOR)"]
    assert subprocess.run(ask, env=environment, capture_output=True, text=True).stdout == "True\n"
    refused = subprocess.run(ask, env=environment | {"PEACEOPS_TWO_FACTOR": "false"}, capture_output=True, text=True)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "PEACEOPS_TWO_FACTOR=false is for a trial on one's own machine" in refused.stderr


# Lockout


def fail(client, user, times, **extra):
    return [post_password(client, user, "wrong", **extra).status_code for _ in range(times)]


def test_five_failures_lock_a_name_at_an_address_and_nothing_else(client, editor, publisher):
    assert fail(client, editor, 5) == [200, 200, 200, 200, 429]
    page = post_password(client, editor)
    assert page.status_code == 429
    assert "Wait <strong>60 minutes</strong> and try again" in page.content.decode()
    assert 3590 < int(page["Retry-After"]) <= 3600
    assert "no-store" in page["Cache-Control"]
    assert client.get(LOGIN).status_code == 200
    assert post_password(client, editor, HTTP_USER_AGENT="another").status_code == 429
    assert post_password(client, publisher).status_code == 302
    assert post_password(Client(), editor, REMOTE_ADDR="192.0.2.7").status_code == 302
    assert post_password(client, editor).status_code == 429


def test_failures_under_many_programs_count_together(client, editor):
    assert [fail(client, editor, 1, HTTP_USER_AGENT=str(n))[0] for n in range(5)] == [200, 200, 200, 200, 429]


def test_a_name_that_does_not_exist_is_locked_no_otherwise(client):
    assert fail(client, "nobody", 6) == [200, 200, 200, 200, 429, 429]


def test_the_lock_opens_after_an_hour_however_often_it_is_tried(client, editor, clock):
    fail(client, editor, 5)
    clock(3000)
    page = post_password(client, editor)
    assert page.status_code == 429
    assert "Wait <strong>10 minutes</strong>" in page.content.decode()
    clock(590)
    assert post_password(client, editor).status_code == 429
    clock(15)
    assert post_password(client, editor).status_code == 302


def test_a_success_forgets_the_failures(client, editor):
    for _ in range(2):
        assert fail(client, editor, 4) == [200] * 4
        assert post_password(client, editor).status_code == 302
    assert AccessAttempt.objects.count() == 0


def test_without_a_proxy_a_forged_header_is_ignored(client, editor):
    forged = [fail(client, editor, 1, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}")[0] for n in range(5)]
    assert forged == [200, 200, 200, 200, 429]


def test_behind_a_proxy_only_its_own_word_counts(client, editor, settings):
    settings.BEHIND_PROXY = True
    forged = [fail(client, editor, 1, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}, 198.51.100.1")[0] for n in range(5)]
    assert forged == [200, 200, 200, 200, 429]
    assert post_password(client, editor, HTTP_X_FORWARDED_FOR="198.51.100.1, 198.51.100.2").status_code == 302


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.9", "198.51.100.9"),
        ("192.0.2.1", "x, 198.51.100.9 ", "198.51.100.9"),
        ("192.0.2.1", "not an address", "::"),
        ("", None, "::"),
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", None, "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", None, "192.0.2.1"),
    ],
)
def test_the_address_of_a_client(settings, remote, forwarded, expected):
    settings.BEHIND_PROXY = True
    header = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **header)) == expected


def test_failures_without_a_known_address_are_counted_too(client, editor):
    assert fail(client, editor, 5, REMOTE_ADDR="") == [200, 200, 200, 200, 429]


def test_neither_log_nor_database_learns_what_was_typed(client, editor, caplog):
    for name in ("", "missions", "axes", "django"):
        caplog.set_level(logging.DEBUG, logger=name)
    secret = "my real password!"
    for _ in range(5):
        post_password(client, editor, secret)
    post_password(client, editor)
    lines = "\n".join(r.getMessage() for r in caplog.records)
    assert "login: refused" in lines
    assert "POST /admin/login/ 429" in lines
    stored = "\n".join(f"{a.get_data} {a.post_data}" for a in AccessAttempt.objects.all())
    for text in (secret, PASSWORD, "edith", "127.0.0.1"):
        assert text not in lines
        assert text not in stored
    assert [(a.username, a.ip_address) for a in AccessAttempt.objects.all()] == [("edith", "127.0.0.1")]


def test_an_administrator_sees_who_is_locked_out_and_removes_the_lock(client, admin_client, editor, settings):
    settings.TWO_FACTOR = False
    fail(client, editor, 5)
    rows = reverse("admin:axes_accessattempt_changelist")
    page = admin_client.get(rows, {"q": "edith"})
    [attempt] = page.context["cl"].result_list
    assert (attempt.username, attempt.failures_since_start) == ("edith", 5)
    shown = admin_client.get(reverse("admin:axes_accessattempt_change", args=[attempt.pk]))
    assert (shown.status_code, "csrfmiddlewaretoken" in shown.context["adminform"].form.fields) == (200, False)
    answer = admin_client.post(rows, {"action": "delete_selected", "_selected_action": attempt.pk, "post": "yes"})
    assert answer.status_code == 302
    assert post_password(client, editor).status_code == 302


@pytest.mark.parametrize(
    "name", ["a\0b", "x" * 151, "x" * 5000, "", "ß" * 150, "'; drop table auth_user; --", "éd\u202eith"]
)
def test_hostile_names_are_refused_like_any_other(client, name):
    page = post_password(client, name, HTTP_USER_AGENT="y" * 5000, HTTP_ACCEPT="z" * 5000)
    assert page.status_code == 200
    assert not page.context["form"].is_valid()


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (8, "8 seconds"), (119, "119 seconds"), (120, "2 minutes"), (121, "3 minutes"),
     (3600, "60 minutes"), (7200, "2 hours"), (7201, "3 hours")],
)  # fmt: skip
def test_times_to_wait_are_rounded_up(seconds, words):
    assert in_words(seconds) == words


# Sessions


def test_a_session_ends_eight_hours_after_the_login_whatever_is_done_in_it(editor, clock):
    set_up(editor)
    client = logged_in(editor)
    assert client.cookies["sessionid"]["max-age"] in (28799, 28800)
    clock(7 * 3600)
    values = {"old_password": PASSWORD, "new_password1": "another pass phrase", "new_password2": "another pass phrase"}
    assert client.post("/admin/password_change/", values).status_code == 302
    assert client.cookies["sessionid"]["max-age"] in range(3590, 3601)
    assert is_in(client)
    clock(3590)
    assert is_in(client)
    clock(15)
    assert not is_in(client)
    assert client.get("/admin/").url == f"{LOGIN}?next=/admin/"


def test_a_member_who_changes_his_password_ends_his_other_sessions(editor, publisher):
    for user in (editor, publisher):
        set_up(user)
    client, elsewhere, another = logged_in(editor), logged_in(editor), logged_in(publisher)
    half = Client()
    post_password(half, editor)
    keys = [elsewhere.session.session_key, half.session.session_key]
    values = {"old_password": "wrong", "new_password1": "another pass phrase", "new_password2": "another pass phrase"}
    assert client.post("/admin/password_change/", values).status_code == 200
    assert is_in(elsewhere)
    assert client.post("/admin/password_change/", values | {"old_password": PASSWORD}).status_code == 302
    assert not Session.objects.filter(pk__in=keys).exists()
    assert [is_in(c) for c in (client, elsewhere, another)] == [True, False, True]


def test_a_link_to_choose_a_password_ends_the_password_and_all_sessions_of_the_member(admin_user, editor):
    for user in (editor, admin_user):
        user.set_password(PASSWORD)
        user.save()
        set_up(user)
    theirs, his = logged_in(admin_user), logged_in(editor)
    path = reverse("admin:auth_user_password_change", args=[editor.pk])
    assert path in reverse("admin:auth_user_change", args=[editor.pk]).replace("change/", "password/")
    assert theirs.get(path).status_code == 200
    assert is_in(his)
    key = his.session.session_key
    assert "no-store" in theirs.post(path)["Cache-Control"]
    assert not Session.objects.filter(pk=key).exists()
    assert (is_in(his), is_in(theirs)) == (False, True)
    assert post_password(Client(), editor).status_code == 200
    assert [(e.object_id, e.change_message) for e in LogEntry.objects.all()] == [
        (str(editor.pk), "Made a link to choose a password.")
    ]


def test_an_administrator_changes_his_own_password_as_everyone_does(admin_client, admin_user, settings):
    settings.TWO_FACTOR = False
    path = reverse("admin:auth_user_password_change", args=[admin_user.pk])
    assert [admin_client.get(path).url, admin_client.post(path).url] == [CHANGE] * 2
    assert admin_client.get(reverse("admin:auth_user_password_change", args=[0])).status_code == 404
    assert admin_client.get("/admin/auth/user/x/password/").status_code == 404


def test_members_see_where_they_are_logged_in_and_end_it_there_with_a_code(editor, publisher):
    app, _ = set_up(editor)
    set_up(publisher)
    here, elsewhere, third, another = logged_in(editor), logged_in(editor), logged_in(editor), logged_in(publisher)
    half = Client()
    post_password(half, editor, HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0")
    page = here.get(LOGINS)
    first, *others = page.context["logins"]
    assert (first.is_this, [login.is_this for login in others]) == (True, [False] * 3)
    assert [login.browser for login in others if not login.is_proved] == ["Firefox on Windows"]
    html = page.content.decode()
    keys = [client.session.session_key for client in (here, elsewhere, third, half)]
    assert not [key for key in keys if key in html]
    assert first.name not in html
    assert set(re.findall(r'name="end" value="(\w+)"', html)) == {login.name for login in others}
    assert (first.ends - first.began).total_seconds() == pytest.approx(configured.SESSION_COOKIE_AGE, abs=5)

    [ended] = [sessions.name_of(key) for key in keys[1:2]]
    page = here.post(LOGINS, {"end": ended, "code": wrong(app)})
    assert errors_of(page)[0].startswith("This code is not right")
    assert re.findall(r'value="(\w+)" checked', page.content.decode()) == [ended]
    assert is_in(elsewhere)
    devices.app_of(editor).throttle_reset()
    code = digits(app)
    assert "Tick what is to end." in here.post(LOGINS, {"code": code}, follow=True).content.decode()
    theirs = sessions.name_of(another.session.session_key)
    done = here.post(LOGINS, {"end": [ended, theirs, first.name, "x"], "code": code}, follow=True)
    assert "Logins that were ended: 1." in done.content.decode()
    assert [is_in(client) for client in (here, elsewhere, third, another)] == [True, False, True, True]
    assert here.post(LOGINS, {"others": "1", "code": digits(app, 1)}).status_code == 302
    assert [is_in(client) for client in (here, third, another)] == [True, False, True]
    assert half.get(APP).url.startswith(LOGIN)
    assert "You are logged in nowhere else." in here.get(LOGINS).content.decode()


def test_without_a_second_factor_logins_end_without_a_code(client, editor, settings):
    settings.TWO_FACTOR = False
    elsewhere = Client()
    elsewhere.force_login(editor)  # as one from before logins were described
    post_password(client, editor)
    [this, other] = client.get(LOGINS).context["logins"]
    assert (this.is_this, other.browser, other.began) == (True, "Unknown browser", None)
    assert 'name="code"' not in client.get(LOGINS).content.decode()
    assert client.post(LOGINS, {"others": "1"}).url == LOGINS
    assert (is_in(client), is_in(elsewhere)) == (True, False)


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/139.0 Safari/537.36 Edg/139.0",
         "Edge on Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15",
         "Safari on a Mac"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 CriOS/139.0 Safari/604.1",
         "Chrome on an iPhone"),
        ("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/139.0.0.0 Mobile Safari/537.36",
         "Chrome on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("<script>alert(1)</script>", "Another program on an unknown system"),
        ("", "Another program on an unknown system"),
    ],
)  # fmt: skip
def test_a_browser_is_told_without_its_version(program, words):
    assert sessions.browser_of(program) == words


@pytest.mark.parametrize("right", ["is_active", "is_staff"])
def test_taking_away_the_right_to_enter_ends_sessions_for_good(admin_client, editor, settings, right):
    settings.TWO_FACTOR = False
    client = Client()
    client.force_login(editor)
    path = reverse("admin:auth_user_change", args=[editor.pk])
    values = form_of(admin_client, path)
    assert admin_client.post(path, values | {"first_name": "Edith"}).status_code == 302
    assert is_in(client)
    assert admin_client.post(path, {k: v for k, v in values.items() if k != right}).status_code == 302
    assert not is_in(client)
    assert admin_client.post(path, values | {right: "on"}).status_code == 302
    editor.refresh_from_db()
    assert getattr(editor, right) is True
    assert not is_in(client)


def test_only_the_form_of_a_user_takes_away_rights(admin_client, editor):
    admin = site._registry[type(editor)]
    assert admin.list_editable == ()
    request = RequestFactory().get("/")
    request.user = editor.__class__.objects.get(username="admin")
    assert set(admin.get_actions(request)) == {"delete_selected"}
    writers = [
        m._meta.label for m in site._registry if any(f.name in ("is_active", "is_staff") for f in m._meta.get_fields())
    ]
    assert writers == ["auth.User"]


# Passwords


@pytest.fixture
def invited(admin_client, settings, django_user_model):
    """Let an administrator make an account and a link for it; give the user and the path of the link."""
    settings.TWO_FACTOR = False
    assert 'name="password' not in admin_client.get("/admin/auth/user/add/").content.decode()
    typed = {"username": "nora", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    change = admin_client.post("/admin/auth/user/add/", typed).url
    user = django_user_model.objects.get(username="nora")
    assert (change, user.has_usable_password()) == (reverse("admin:auth_user_change", args=[user.pk]), False)
    assert 'href="../password/"' in admin_client.get(change).content.decode()
    django_user_model.objects.filter(pk=user.pk).update(is_staff=True)
    return user, link_for(admin_client, user)


def link_for(administrator, user):
    page = administrator.post(reverse("admin:auth_user_password_change", args=[user.pk]))
    return re.search(r'id="password-link" class="secret">http://testserver(/[^<]+)<', page.content.decode())[1]


def test_a_new_member_chooses_the_password_that_no_one_else_knows(client, invited, settings):
    user, link = invited
    form = client.get(link)
    assert (form.status_code, link.rpartition("/")[0].rpartition("/")[2] in form.url) == (302, False)
    page = client.get(form.url)
    assert "no-store" in page["Cache-Control"]
    assert 'autocomplete="new-password"' in page.content.decode()
    refused = client.post(form.url, {"new_password1": "short", "new_password2": "short"})
    assert "This password is too short." in errors_of(refused, "new_password2")[0]
    assert client.post(form.url, NEW).url == LOGIN
    assert "Your password is set. Log in with it." in client.get(LOGIN).content.decode()
    assert not is_in(client)  # the link alone is no login
    settings.TWO_FACTOR = True
    assert post_password(client, user, NEW["new_password1"]).url.startswith(APP)


def choose(link):
    """Follow a link and choose a password; return whether that was possible."""
    client = Client()
    answer = client.get(link, follow=True)
    possible = "This link is no longer good" not in answer.content.decode()
    return client.post(answer.request["PATH_INFO"], NEW).status_code == 302, possible


def test_a_link_works_once_and_until_the_next_is_made(admin_client, invited):
    user, former = invited
    link = link_for(admin_client, user)
    assert choose(former) == (False, False)
    assert choose(link) == (True, True)
    assert choose(link) == (False, False)


def test_a_link_works_for_a_day(invited, monkeypatch):
    _, link = invited
    tokens = "django.contrib.auth.tokens.PasswordResetTokenGenerator._now"
    for hours, works in ((25, False), (23, True)):
        monkeypatch.setattr(tokens, lambda self, hours=hours: datetime.now() + timedelta(hours=hours))
        assert choose(link) == (works, works)


def test_no_link_opens_the_account_of_another_or_of_one_who_left(invited, editor, django_user_model):
    user, link = invited
    who, token = link.split("/")[3:5]
    other = urlsafe_base64_encode(str(editor.pk).encode())
    for wrong_link in (f"/admin/password/{other}/{token}/", f"/admin/password/{who}/{token[:-1]}x/",
                       f"/admin/password/{who}/set-password/", "/admin/password/x/y/", "/admin/password/%ff/%00-x/",
                       f"/admin/password/{urlsafe_base64_encode(b'9' * 40)}/{token}/"):  # fmt: skip
        assert "Set the password" not in Client().get(wrong_link, follow=True).content.decode()
    django_user_model.objects.filter(pk=user.pk).update(is_active=False)
    assert choose(link) == (False, False)
    assert post_password(Client(), editor).status_code == 302  # his password is what it was


def test_no_name_is_given_twice_in_other_capitals(admin_client, editor, settings):
    settings.TWO_FACTOR = False
    page = admin_client.post("/admin/auth/user/add/", {"username": "Edith"})
    assert page.context["adminform"].form.errors["username"] == ["A user with that username already exists."]


@pytest.mark.parametrize("password", [
    "fourteen chars", "unbelievable", "edith-edith-edi", "Peacekeeping-2025", "peace operations",
    "UnitedNationsPeace", "password-editor-1", "1qaz2wsx3edc4rfv",
])  # fmt: skip
def test_short_common_and_local_passwords_are_refused(editor, password):
    with pytest.raises(ValidationError):
        validate_password(password, editor)


@pytest.mark.parametrize("password", [
    PASSWORD, "fifteen letters", "no digit no capital", "Füße über Straßen", "the treaty of westphalia", "x7#" * 30,
    "a mission to the far side of the moon",
])  # fmt: skip
def test_long_passwords_of_any_make_are_taken(editor, password):
    assert validate_password(password, editor) is None


def test_a_password_is_taken_whole_and_as_typed(client, editor, settings):
    settings.TWO_FACTOR = False
    password = "  " + "pass phrase with blanks " * 8
    client.force_login(editor)
    values = {"old_password": PASSWORD, "new_password1": password, "new_password2": password}
    assert client.post("/admin/password_change/", values).status_code == 302
    for shortened in (password.strip(), password[:72], password[:128], password[:-1]):
        assert post_password(Client(), editor, shortened, REMOTE_ADDR="192.0.2.9").status_code == 200
    assert post_password(Client(), editor, password).status_code == 302


def test_password_fields_can_be_pasted_into_and_filled_by_a_manager(client, editor):
    form = re.findall(r"<input[^>]*password[^>]*>", client.get(LOGIN).content.decode())
    assert len(form) == 1
    assert 'type="password"' in form[0]
    assert 'autocomplete="current-password"' in form[0]
    assert "maxlength" not in form[0]
    assert "onpaste" not in form[0]


def test_sessions_and_passwords_are_as_long_as_promised():
    assert configured.SESSION_COOKIE_AGE == 8 * 3600
    assert {"min_length": 15} in [v.get("OPTIONS") for v in configured.AUTH_PASSWORD_VALIDATORS]
