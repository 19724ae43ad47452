"""The document on security names what there is, and leaves nothing out; and what no other test looks at."""

import ast
import hashlib
import json
import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import global_settings
from django.conf import settings as configured
from django.test import Client
from django.urls import get_resolver
from django.utils.module_loading import import_string

from missions import previews
from missions.models import LISTED, PreviewLink
from missions.models.editing import new_token, token_digest
from missions.prose import Notes

from . import everywhere
from .desk import address
from .factories import make_mission, make_principle
from .test_headers import inline_in
from .test_secrets import KEY, start  # noqa: F401 (a fixture)

ROOT = Path(configured.BASE_DIR)
DOCUMENT = (ROOT / "docs/security.md").read_text()
CODE = {path: path.read_text() for folder in ("missions", "peaceops") for path in (ROOT / folder).rglob("*.py")}
# The cases of levels 1 and 2 by section; of a chapter that does not apply at all, the document has one row.
CASES = """
1.1 1-2; 1.2 1-9; 1.3 1-11; 1.4 1-3; 1.5 1-2; 2.1 1-3; 2.2 1-3; 2.3 1-4; 2.4 1; 3.2 1-2; 3.3 1-4; 3.4 1-6; 3.5 1-5;
3.7 1-2; 4.1 1-3; 4.2 1; 4.3 1-2; 4.4 1-4; 5.1 1; 5.2 1-3; 5.3 1-2; 5.4 1-3; 6.1 1-3; 6.2 1-12; 6.3 1-4; 6.4 1-4;
6.5 1-5; 6.6 1-3; 6.8 1-4; 7.1 1-3; 7.2 1-4; 7.3 1-2; 7.4 1-5; 7.5 1-2; 7.6 1-2; 8.1 1-2; 8.2 1-3; 8.3 1; 8.4 1;
9.1 1-3; 9.2 1-4; 10 *; 11.1 1-2; 11.2 1-3; 11.3 1-3; 11.4 1-4; 11.5 1; 11.6 1; 12.1 1-3; 12.2 1-2; 12.3 1-4; 13.1 1;
13.2 1-5; 13.3 1-2; 13.4 1-5; 14.1 1-2; 14.2 1-4; 14.3 1-3; 15.1 1-3; 15.2 1-3; 15.3 1-7; 16.1 1; 16.2 1-5; 16.3 1-4;
16.4 1-3; 16.5 1-3; 17 *
"""


def cases():
    """Return the numbers of all cases of levels 1 and 2."""
    found = []
    for section, span in (part.split() for part in CASES.replace("\n", " ").strip().split(";")):
        first, _, last = span.partition("-")
        numbers = ["*"] if span == "*" else range(int(first), int(last or first) + 1)
        found += [f"{section}.{number}" for number in numbers]
    return found


# The document


def test_every_case_of_the_two_levels_has_its_row():
    rows = re.findall(r"^\| ((?:\d+\.[\d.*]+(?:, )?)+) \|", DOCUMENT, re.M)
    assert sorted(", ".join(rows).split(", ")) == sorted(cases())


def test_every_test_that_the_document_names_exists():
    named = re.findall(r"`(tests/\w+\.py)::(test_\w+)`", DOCUMENT)
    known = {file: {n.name for n in ast.parse((ROOT / file).read_text()).body if isinstance(n, ast.FunctionDef)}
             for file in {file for file, _ in named}}  # fmt: skip
    assert [f"{file}::{test}" for file, test in named if test not in known[file]] == []
    assert len(named) > 120


def test_every_setting_that_the_document_names_exists(start):  # noqa: F811
    named = set(re.findall(r"`([A-Z][A-Z_]{3,})`", DOCUMENT))
    own = start(PEACEOPS_SECRET_KEY=KEY)
    assert sorted(n for n in named if n not in own and not hasattr(configured, n)) == []
    assert len(named) > 15


def test_every_file_that_the_document_names_exists():
    named = set(re.findall(r"`((?:docs|tests|missions|peaceops)/[\w/.]+|[A-Z]+\.md|requirements\.txt)`", DOCUMENT))
    assert sorted(n for n in named if not (ROOT / n).exists()) == []


# Texts


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<style>*{}</style>",
        "<iframe src=//evil.example>", "<p style='color:red'>x</p>", "<a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](java\nscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)", "[x](//evil.example 'onclick=a')",
        "![x](javascript:alert(1))", "![x](x.png \"onerror=alert(1)\")", "<javascript:alert(1)>",
        "[x]: javascript:alert(1)\n[x]",
        "`<script>`", "```html\n<script>alert(1)</script>\n```", "<!--><script>alert(1)</script>-->",
        "<math><mi//xlink:href='data:x'>",
        "<form action=//evil.example><input>", "<base href=//evil.example>", "<meta http-equiv=refresh content=0>",
        "[@<script>alert(1)</script>]", "\x00<script>", "<scr<script>ipt>alert(1)</script>", "&lt;script&gt;",
        "\u202ecod.exe",
    ],
    ids=range(30),
)  # fmt: skip
def test_hostile_markdown_becomes_text(text):
    html = Notes({}).render(text)
    assert inline_in(html) == []
    allowed = {"p", "a", "code", "pre", "em", "strong", "sup", "ul", "ol", "li", "blockquote", "br"}
    assert set(re.findall(r"</?([a-zA-Z][\w-]*)", html)) <= allowed, html
    assert not re.search(r'(href|src)="\s*(javascript|vbscript|data):', html, re.I), html


@pytest.mark.parametrize(
    "address", ["javascript:a()", "data:text/html,x", "file:///etc/passwd", "vbscript:x", "blob:x"]
)
def test_no_link_in_prose_leads_out_of_the_web(address):
    assert "href" not in Notes({}).render(f"[x]({address})")
    assert 'href="https://un.org/"' in Notes({}).render("[x](https://un.org/)")


def test_scripts_write_text_as_text():
    """Two places put HTML into a page, both from this site and cleaned there; nothing is run,
    nothing listens to others."""
    scripts = {path.name: path.read_text() for path in (ROOT / "static/js").glob("*.js")}
    found = {n: len(re.findall(r"(?:inner|outer)HTML\s*=|insertAdjacentHTML", text)) for n, text in scripts.items()}
    assert {n: number for n, number in found.items() if number} == {"filter.js": 1, "markdown.js": 1}
    never = r"\beval\(|new Function|document\.write|postMessage|\"message\"|javascript:"
    assert {n: re.findall(never, text) for n, text in scripts.items() if re.search(never, text)} == {}


def test_what_the_browser_keeps_of_a_form_is_no_secret():
    script = (ROOT / "static/js/editing.js").read_text()
    assert '"csrfmiddlewaretoken"' in re.search(r"KEPT_OUT = \[(.*?)\]", script)[1]
    assert "localStorage" not in script  # which would outlive the tab
    assert "editing.js" not in Client().get("/admin/login/").content.decode()


# Code


def calls_of(name):
    return [path.name for path, text in CODE.items() if re.search(name, text)]


def test_nothing_is_unpickled():
    assert calls_of(r"\b(pickle|marshal|shelve|yaml\.load)\b") == []
    assert configured.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"


def test_no_view_goes_without_the_token():
    assert calls_of("csrf_exempt") == []
    assert "django.middleware.csrf.CsrfViewMiddleware" in configured.MIDDLEWARE
    exempt = [p for _, p in everywhere.routes(get_resolver()) if getattr(p.callback, "csrf_exempt", False)]
    assert {p.name for p in exempt if "api" not in p.name} == set()  # those of the API take nothing


def test_no_weak_hash_is_used():
    assert calls_of(r"hashlib\.(md5|sha1)\b|import (md5|sha1)|usedforsecurity") == []


def test_passwords_are_hashed_slowly(start):  # noqa: F811
    assert "PASSWORD_HASHERS" not in start(PEACEOPS_SECRET_KEY=KEY)  # Django's own list, not the one of these tests
    hasher = import_string(global_settings.PASSWORD_HASHERS[0])()
    assert (hasher.algorithm, hasher.iterations >= 600_000, hasher.digest) == ("pbkdf2_sha256", True, hashlib.sha256)


def test_secret_addresses_have_256_random_bits():
    token = new_token()
    assert len({new_token() for _ in range(50)}) == 50
    assert len(token) == 43  # of 64 letters each
    assert token_digest(token) == hashlib.sha256(token.encode()).hexdigest()
    assert PreviewLink._meta.get_field("digest").max_length == 64


def test_the_link_checker_trusts_no_certificate_of_its_own_making():
    assert calls_of(r"CERT_NONE|check_hostname\s*=|_create_unverified|verify=False") == []
    assert calls_of(r"ssl\.create_default_context\(\)") == ["visitor.py"]


# The site


@pytest.mark.django_db
def test_the_content_brings_no_accounts(django_user_model):
    assert django_user_model.objects.count() == 0
    models = {record["model"] for path in (ROOT / "fixtures").glob("*.json") for record in json.loads(path.read_text())}
    assert {model.partition(".")[0] for model in models} == {"missions"}


@pytest.mark.django_db
def test_every_text_says_its_charset(client):
    make_mission(slug="m")
    paths = ["/", "/missions/m/", "/missions/?format=csv", "/missions/cite.bib", "/missions/cite.ris", "/robots.txt",
             "/sitemap.xml", "/feeds/changes.atom", "/opensearch.xml", "/llms.txt", "/healthz", "/nothing/",
             "/missions/%00/",
             *(f"/{model.url_segment}/" for model in LISTED)]  # fmt: skip
    for path in paths:
        kind = client.get(path)["Content-Type"]
        if kind.startswith("text/"):
            assert kind.endswith("; charset=utf-8"), (path, kind)
    # XML names its own, and JSON is UTF-8 by definition.
    assert client.get("/sitemap.xml").content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert client.get("/api/v1/missions/")["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_what_lies_in_the_data_directory_is_not_served(client):
    assert configured.MEDIA_ROOT == ""
    for path in ("/var/", "/imports/", "/peaceops.sqlite3", "/static/../peaceops.sqlite3", "/static/", "/previews/",
    "/.git/",
                 "/.git/config", "/static/%2e%2e/secret-key", "/manage.py", "/.env"):  # fmt: skip
        assert client.get(path).status_code == 404, path
    assert previews.directory().is_relative_to(configured.DATA_DIR)


@pytest.mark.django_db
def test_no_address_breaks_the_name_of_a_file(client):
    make_mission(slug="m")
    answer = client.get("/missions/", {"format": "csv", "q": 'a"; filename=evil.exe\r\nX-Evil: 1'})
    assert re.fullmatch(r'attachment; filename="[\w.-]+"', answer["Content-Disposition"])
    assert "X-Evil" not in answer.headers


@pytest.mark.django_db
def test_every_page_of_the_admin_offers_to_log_out(admin_client):
    principle = make_principle()
    for path in ("/admin/", address(principle, "changelist"), address(principle), address(principle, "publication"),
                 "/admin/batches/", "/admin/upkeep/reports/", "/admin/password_change/"):  # fmt: skip
        assert 'action="/admin/logout/"' in admin_client.get(path).content.decode(), path


@pytest.mark.django_db
def test_no_page_of_the_admin_is_kept_anywhere(admin_client):
    principle = make_principle()
    for path in ("/admin/", "/admin/login/", address(principle, "changelist"), address(principle),
                 address(principle, "publication"), "/admin/batches/", "/admin/upkeep/reports/"):  # fmt: skip
        answer = admin_client.get(path)
        assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", ")), path


@pytest.mark.django_db
def test_an_error_is_logged_whole_and_told_in_a_sentence(client, monkeypatch, caplog):
    def broken(*args):
        raise RuntimeError("the password is sesame")

    monkeypatch.setattr("missions.reading.counting_page", broken)
    client.raise_request_exception = False
    answer = client.get("/about/")
    assert answer.status_code == 500
    assert not re.search(rb"sesame|RuntimeError|Traceback|missions/", answer.content)
    [record] = [r for r in caplog.records if r.exc_info]
    assert "sesame" in str(record.exc_info[1])


@pytest.mark.django_db
def test_what_is_asked_writes_no_line_of_its_own_into_the_log(client, caplog):
    caplog.set_level(logging.WARNING)
    client.get("/missions/%0aCRITICAL%20forged%0d/")
    client.post("/admin/login/", {"username": "x\nCRITICAL forged", "password": "x"})
    assert caplog.records
    assert [r for r in caplog.records if "\n" in r.getMessage() or "\r" in r.getMessage()] == []


# Libraries


def test_every_library_is_pinned_by_its_hash():
    files = sorted(ROOT.glob("requirements*.txt"))
    assert [f.stem.removeprefix("requirements") for f in files] == ["-audit", "-bench", "-ci", "-dev", ""]
    for file in files:
        entries = re.split(r"\n(?=\S)", file.read_text().strip())
        pinned = [e for e in entries if re.match(r"[\w.\[\]-]+==[\w.]+.*\\\n\s+--hash=sha256:[0-9a-f]{64}", e)]
        assert [e for e in entries if e not in pinned and not e.startswith("#")] == []
        assert not re.search(r"https?://|--(?!hash=)", "".join(entries))  # no address, and no option but the hashes


def test_no_tool_of_developers_is_installed_to_run_it():
    run = set(re.findall(r"^([\w.-]+)==", (ROOT / "requirements.txt").read_text(), re.M))
    assert not run & {"pytest", "ruff", "playwright", "schemathesis", "django-debug-toolbar", "bandit", "ipython"}
    assert not [app for app in configured.INSTALLED_APPS if "debug" in app]
    assert timedelta(hours=8).total_seconds() == configured.SESSION_COOKIE_AGE
