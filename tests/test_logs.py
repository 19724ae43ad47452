"""Logs: one line of JSON for each thing that happened, and nothing of whom it happened to."""

import io
import json
import logging
import logging.config
import re
import subprocess
import sys

import pytest

from missions import logs

from .desk import publish, save, take
from .factories import make_principle
from .test_structure import ROOT

PLANTED = ("edith", "a long pass phrase", "wrong horse battery", "edith@example.org", "s3cr3t", "203.0.113.9", "cyprus")


@pytest.fixture
def written(settings):
    """Log as in production, into memory; give a function that returns the lines so far and forgets them."""
    logging.config.dictConfig(logs.configuration("json"))
    console, memory = logging.getLogger().handlers[-1], io.StringIO()
    console.setStream(memory)

    def lines():
        text = memory.getvalue()
        memory.seek(0)
        memory.truncate()
        return [json.loads(line) for line in text.splitlines()]

    yield lines
    logging.config.dictConfig(settings.LOGGING)


def without_times(line):
    return {k: v for k, v in line.items() if k not in ("time", "milliseconds", "request")}


@pytest.mark.django_db
def test_a_request_is_one_line_that_carries_the_name_sent_back(client, written):
    answer = client.get("/missions/?q=cyprus")
    (line,) = written()
    assert line["request"] == answer["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", line["request"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line["time"])
    assert 0 < line["milliseconds"] < 60_000
    assert without_times(line) == {
        "level": "info",
        "logger": "missions.logs",
        "message": "GET /missions/ 200",
        "method": "GET",
        "path": "/missions/",
        "status": 200,
    }


@pytest.mark.django_db
def test_each_request_has_a_name_of_its_own(client):
    assert client.get("/about/")["X-Request-ID"] != client.get("/about/")["X-Request-ID"]


GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("behind_proxy", "sent", "is_kept"),
    [(True, GIVEN, True), (False, GIVEN, False), (True, GIVEN.upper(), False), (True, f"{GIVEN}\n", False),
     (True, "x", False)],
)  # fmt: skip
def test_only_the_proxy_names_requests_and_only_in_one_form(client, settings, behind_proxy, sent, is_kept):
    settings.BEHIND_PROXY = behind_proxy
    assert (client.get("/about/", headers={"x-request-id": sent})["X-Request-ID"] == sent) is is_kept


def test_no_text_can_forge_a_line():
    record = logging.LogRecord("a", logging.INFO, "f", 1, 'one\n{"level": "error"}\u2028two\r', (), None)
    line = logs.JsonLines().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == 'one\n{"level": "error"}\u2028two\r'


def test_an_error_is_told_by_type_and_place_and_not_by_its_words(written):
    try:
        int("edith@example.org")
    except ValueError:
        logging.getLogger("missions.anything").exception("It broke.")
    (line,) = written()
    assert (line["message"], line["error"]) == ("It broke.", "ValueError")
    assert re.fullmatch(r".*test_logs\.py:\d+ test_an_error_\w+", line["at"][0])
    assert "edith" not in json.dumps(line)


@pytest.mark.django_db
def test_logins_and_refusals_are_told_without_names(client, editor, written):
    for password in ("wrong horse battery", "a long pass phrase"):
        client.post("/admin/login/", {"username": "edith", "password": password}, REMOTE_ADDR="203.0.113.9")
    client.get("/admin/missions/batch/")
    client.post("/admin/logout/")
    assert [line["message"] for line in written() if not re.match("GET|POST", line["message"])] == [
        "login: refused",
        "login: password accepted",
        "logout",
    ]


@pytest.mark.django_db
def test_what_is_published_and_withdrawn_is_told(manager, written, django_capture_on_commit_callbacks):
    entry = make_principle(title="Old")
    save(manager, entry, title="New")
    with django_capture_on_commit_callbacks(execute=True):
        publish(manager, entry)
    with django_capture_on_commit_callbacks(execute=True):
        take(manager, entry, "withdraw", withdrawal_kind="error", withdrawal_note="It was wrong.")
    told = [(line["logger"], line["message"]) for line in written() if line["logger"] == "missions.drafts"]
    assert told == [
        ("missions.drafts", f"published: {entry.permanent_id}"),
        ("missions.drafts", f"withdrawn: {entry.permanent_id}"),
    ]


@pytest.mark.django_db
def test_a_refusal_is_a_warning_and_a_failure_an_error(desk, client, written, monkeypatch):
    writer = desk("wanda", "Writers")
    written()
    writer.get("/admin/auth/user/")
    client.raise_request_exception = False
    monkeypatch.setattr("missions.reading.changed_lately", lambda: int("s3cr3t"))
    client.get("/")
    lines = written()
    assert [(x["level"], x["message"]) for x in lines] == [
        ("warning", "GET /admin/auth/user/ 403"),
        ("error", "answered 500"),
        ("error", "GET / 500"),
    ]
    assert (lines[-2]["error"], lines[-2]["request"]) == ("ValueError", lines[-1]["request"])


@pytest.mark.django_db
def test_no_personal_data_is_logged(client, editor, written):
    entry = make_principle()
    client.raise_request_exception = False
    for password in ("wrong horse battery", "a long pass phrase"):
        client.post("/admin/login/?next=/s3cr3t", {"username": "edith", "password": password})
    for path in (
        "/search/?q=cyprus+edith@example.org",
        "/missions/?organisation=s3cr3t",
        "/preview/s3cr3t/",
        "/admin/password/MQ/s3cr3t/",
        "/missions/edith/",
        "/edith@example.org",
        "/admin/edith@example.org/",
        "/admin/missions/mission/edith@example.org/change/",
        "/api/v1/missions/edith?token=s3cr3t",
        "/missions/%00?q=cyprus",
    ):
        client.get(path, REMOTE_ADDR="203.0.113.9", headers={"user-agent": "edith", "referer": "http://s3cr3t/"})
    client.get("/", headers={"host": "edith.example.org"})
    client.post(f"/report/?fact={entry.permanent_id}", {"text": "By edith", "email": "edith@example.org"})
    client.post("/admin/login/", {"username": "edith"}, headers={"origin": "https://s3cr3t.example"})
    lines = written()
    assert len(lines) >= 14
    text = json.dumps(lines)
    assert [word for word in PLANTED if word in text] == []
    assert {x["path"] for x in lines if x.get("status") == 404} >= {"", "/preview/<str:token>/"}
    assert "/admin/password/<uidb64>/<token>/" in {x.get("path") for x in lines}


def test_text_says_what_failed_on_ones_own_machine(capsys, settings):
    logging.config.dictConfig(logs.configuration("text"))
    try:
        logging.getLogger("missions.logs").info("GET / 200")
        logging.getLogger("missions.logs").error("GET / 500")
        assert capsys.readouterr().err.splitlines() == ["ERROR missions.logs: GET / 500"]
    finally:
        logging.config.dictConfig(settings.LOGGING)


def test_another_form_is_refused():
    command = [sys.executable, "-c", "import peaceops.settings"]
    env = {"PEACEOPS_SECRET_KEY": "x", "PEACEOPS_HTTPS": "false", "PEACEOPS_LOG": "xml"}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert done.stderr.splitlines()[-1].endswith("PEACEOPS_LOG is “xml”. Use json or text.")


@pytest.mark.parametrize(
    ("method", "status", "path"),
    [("GET", 200, "/missions/"), ("HEAD", 304, "/missions/"), ("GET", 410, "/missions/"), ("GET", 301, ""),
     ("GET", 404, ""), ("OPTIONS", 200, ""), ("POST", 405, "")],
)  # fmt: skip
def test_of_what_no_view_answered_only_pages_that_are_kept_have_a_path(rf, method, status, path):
    assert logs.shown_path(rf.generic(method, "/missions/"), status) == path
