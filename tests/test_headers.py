"""What every answer tells browsers: one strict policy everywhere, no page that needs a weaker one, safe cookies."""

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from . import everywhere
from .factories import make_principle
from .test_secrets import KEY, start  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db
POLICY = (
    "base-uri 'none'; connect-src 'self'; default-src 'none'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; object-src 'none'; script-src 'self'; style-src 'self'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
}
DATA = ("application/ld+json", "application/json", "speculationrules")  # blocks that browsers never run


class Inline(HTMLParser):
    """Collects what a policy without `unsafe-inline` would stop."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.found += [f"{tag} {n}" for n in named if n == "style" or n.startswith("on")]
        self.found += [f"{tag} {n}" for n, v in attributes if re.match(r"\s*javascript:", v or "", re.I)]
        if tag == "style" or (tag == "script" and not named.get("src") and named.get("type") not in DATA):
            self.found.append(tag)


def inline_in(page):
    parser = Inline()
    parser.feed(page)
    return parser.found


def policy_of(answer):
    return "; ".join(sorted(answer["Content-Security-Policy"].split("; ")))


def judge(client, address):
    """Check one answer; return its status and whether it was a page."""
    answer = client.get(address)
    content = answer.getvalue()
    assert policy_of(answer) == POLICY, address
    assert {name: answer[name] for name in ALWAYS} == ALWAYS, address
    assert "camera=()" in answer["Permissions-Policy"], address
    is_page = answer["Content-Type"].startswith("text/html")
    assert (inline_in(content.decode()) if is_page else []) == [], address
    return answer.status_code, is_page


def test_what_is_inline_would_be_found():
    page = '<p style="color: red" onclick="a()"><a href=" JavaScript:a()">x</a><style></style><script>a()</script>'
    assert inline_in(page) == ["p style", "p onclick", "a href", "style", "script"]
    assert inline_in('<script src="/a.js"></script><script type="application/ld+json">{}</script>') == []


@pytest.mark.long
def test_every_public_answer_has_the_policy_and_nothing_inline(client):
    known = everywhere.populate()
    public = [(r, p) for r, p in everywhere.routes() if not r.startswith("admin/")]
    paths = [everywhere.filled(r, lambda name, p=p: known(p, name)).decode() for r, p in public]
    paths += ["/nothing/", "/api/v1/nothing/", "/missions/?x=1", "/missions/?view=map", "/missions/?view=timeline",
              "/search/?q=shown", "/missions/shown/?at=2030-01-01", "/missions/%00/"]  # fmt: skip
    judged = {path: judge(client, path) for path in paths}
    assert {path for path, (status, _) in judged.items() if status != 200} == {
        "/teaching/packet.pdf", "/report/", "/theme/", "/nothing/", "/api/v1/nothing/", "/missions/?x=1",
        "/missions/%00/",
    }  # fmt: skip
    assert sum(is_page for _, is_page in judged.values()) > 40


def test_static_files_have_the_policy_too(settings):
    settings.WHITENOISE_USE_FINDERS = True
    assert judge(Client(), "/static/css/admin.css") == (200, False)


@pytest.mark.long
def test_every_page_of_the_admin_has_the_policy_and_nothing_inline(admin_client):
    everywhere.populate()
    own = [(r, p) for r, p in everywhere.routes() if r.startswith("admin/") and "logout" not in r]
    paths = [everywhere.filled(r, lambda name, p=p: everywhere.in_admin(p, name)).decode() for r, p in own]
    judged = [judge(admin_client, path) for path in paths]
    assert sum(status == 200 and is_page for status, is_page in judged) > 120
    assert not [status for status, _ in judged if status >= 500]
    assert judge(Client(), "/admin/login/") == (200, True)


def test_answers_at_the_door_have_the_policy_too(client):
    for answer in (client.post("/missions/"), client.get("/", headers={"host": "evil.example"})):
        assert answer.status_code in (405, 400)
        assert policy_of(answer) == POLICY
        assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("address", "wanted"),
    [("/api/v1/missions/", "cross-origin"), ("/data/codebook/", "cross-origin"), ("/previews/site.png", "cross-origin"),
     ("/", "same-origin"), ("/admin/login/", "same-origin")],
)  # fmt: skip
def test_other_sites_may_embed_data_and_pictures_only(client, address, wanted):
    assert client.get(address)["Cross-Origin-Resource-Policy"] == wanted


def test_secret_previews_tell_no_one_where_their_readers_come_from(client):
    known = everywhere.populate()
    answer = client.get(reverse("draft-preview", args=[known(everywhere.URLPattern("x", None), "token").decode()]))
    assert (answer.status_code, answer["Referrer-Policy"], answer["Cache-Control"]) == (200, "no-referrer", "no-store")
    assert client.get("/")["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_logging_out_empties_what_the_browser_kept(client, admin_user):
    client.force_login(admin_user)
    assert "Clear-Site-Data" not in client.get("/admin/")
    answer = client.get("/admin/logout/")
    assert (answer.status_code, "Clear-Site-Data" in answer) == (405, False)
    answer = client.post("/admin/logout/")
    assert (answer.status_code, answer["Clear-Site-Data"]) == (200, '"cache", "cookies", "storage"')
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PUT", "PATCH", "DELETE", "PROPFIND", "FOO"])
def test_strange_verbs_are_refused_everywhere(admin_client, method):
    row = make_principle()
    allowed = {"/": "GET, HEAD, OPTIONS", "/api/v1/": "GET, HEAD, OPTIONS", "/report/": "GET, HEAD, OPTIONS, POST",
               f"/admin/missions/principle/{row.pk}/change/": "GET, HEAD, OPTIONS, POST"}  # fmt: skip
    for address, verbs in allowed.items():
        answer = admin_client.generic(method, address)
        assert (answer.status_code, answer["Allow"]) == (405, verbs)


# Under HTTPS


@pytest.fixture
def https(start, settings):  # noqa: F811
    """Let the site answer with the settings of one that others reach; behind a proxy if asked to."""

    def serve(**environment):
        wanted = start(PEACEOPS_SECRET_KEY=KEY, PEACEOPS_ALLOWED_HOSTS="kb.example", **environment)
        for name in wanted:
            if name.startswith(
                ("SECURE_", "SESSION_COOKIE", "CSRF_", "BEHIND", "ALLOWED", "HTTPS", "THEME", "TWO_FACTOR")
            ):
                setattr(settings, name, wanted[name])
        return Client(headers={"host": "kb.example"})

    return serve


def test_under_https_browsers_never_come_back_without(https):
    answer = https().get("/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    answer = https().get("/missions/?q=a")
    assert (answer.status_code, answer["Location"]) == (301, "https://kb.example/missions/?q=a")


def test_only_pages_lead_on_to_https_and_programs_are_told_to_ask_there(https):
    client = https()
    for address in ("/api/v1/", "/api/v1/missions/?q=a", "/api/nothing", "/api/v1/%00/"):
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code, answer["Content-Type"]) == (403, "application/json")
            assert answer.json() == {"detail": "Ask again with https:// in place of http://."}
            assert policy_of(answer) == POLICY
            assert "Location" not in answer
    from_elsewhere = client.get("/api/v1/missions/", headers={"origin": "https://x.example"})
    assert from_elsewhere["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/v1/missions/", secure=True).status_code == 200
    assert client.get("/api/v1/docs/")["Location"] == "https://kb.example/api/v1/docs/"
    unled = https(PEACEOPS_SSL_REDIRECT="false")  # where the proxy alone decides
    assert unled.get("/api/v1/missions/").status_code == 200


def test_cookies_are_bound_to_host_scheme_and_server(https, admin_user, settings, monkeypatch):
    client = https()
    for module in ("missions.middleware", "missions.views.pages"):
        monkeypatch.setattr(f"{module}.THEME_COOKIE", settings.THEME_COOKIE_NAME)
    client.get("/admin/login/", secure=True)
    client.post("/admin/login/", {"username": "admin", "password": "password"}, secure=True)
    client.get("/theme/?theme=dark", secure=True)
    assert 'data-theme="dark"' in client.get("/", secure=True).content.decode()
    assert set(client.cookies) == {"__Host-csrftoken", "__Host-sessionid", "__Host-theme"}
    for cookie in client.cookies.values():
        marks = [cookie[n] for n in ("secure", "httponly", "samesite", "path", "domain")]
        assert marks == [True, True, "Lax", "/", ""], cookie.key


def test_only_a_proxy_that_was_named_says_what_scheme_was_used(https):
    told = {"x-forwarded-proto": "https"}
    assert https().get("/", headers=told).status_code == 301
    assert https(PEACEOPS_BEHIND_PROXY="true").get("/", headers=told).status_code == 200
    assert https(PEACEOPS_BEHIND_PROXY="true").get("/", headers={"x-forwarded-proto": "http"}).status_code == 301


@pytest.mark.parametrize("behind", ["true", "false"])
def test_no_header_says_what_this_host_is_called(https, behind):
    client = https(PEACEOPS_BEHIND_PROXY=behind)
    told = {"x-forwarded-host": "evil.example", "x-forwarded-port": "1", "forwarded": "host=evil.example"}
    for answer in (client.get("/data/", headers=told, secure=True), client.get("/", headers=told)):
        assert "evil.example" not in str(answer.headers)
        assert b"evil.example" not in answer.content
    assert client.get("/", headers={"host": "evil.example"}, secure=True).status_code == 400
