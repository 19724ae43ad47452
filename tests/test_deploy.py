"""The files of deploy/: nginx in front of gunicorn as they are shipped, against clients that mean no good."""

import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from .houses import environment_of, file_in, move_in
from .test_structure import ROOT

SLOW, ENOUGH = 400, 0.5  # slow clients, seconds that a page may take meanwhile
OTHER = "127.0.0.2"  # whence ordinary readers come here: what one address may have, the slow ones use up
USER = "user root;" if os.geteuid() == 0 else ""  # else the workers could not read the directory of the test
Served = namedtuple("Served", "nginx app plain")  # ports; the last is nginx's for HTTP
MAIN = """
{user} daemon off; pid {work}/nginx.pid; error_log {work}/error.log; worker_processes 1;
events {{ worker_connections 4096; }}
http {{
  client_body_temp_path {work}/body; proxy_temp_path {work}/proxy; fastcgi_temp_path {work}/f; uwsgi_temp_path {work}/u;
  scgi_temp_path {work}/s; types {{ text/css css; image/svg+xml svg; }}
  include {work}/peaceops.conf;
}}
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def substituted(work, nginx_port, app_port, plain_port):
    """Return the shipped configuration with this run's ports and paths, and without TLS."""
    text = (ROOT / "deploy/nginx.conf").read_text()
    text = re.sub(r"listen (\[::\]:)?(80|443 ssl);", lambda m: "" if m[1] else f"listen 127.0.0.1:{m[2][:3]};", text)
    text = text.replace("127.0.0.1:443", f"127.0.0.1:{nginx_port}").replace("127.0.0.1:80;", f"127.0.0.1:{plain_port};")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{app_port}").replace("/var/lib/peaceops", str(work))
    text = text.replace("/var/log/nginx/peaceops.log", f"{work}/access.log").replace("kb.example", "127.0.0.1")
    return re.sub(r"\n  ssl_.*", "", text)


@contextmanager
def running(command, port, **options):
    with subprocess.Popen(command, **options) as process:
        try:
            for _ in range(200):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None
                time.sleep(0.05)
            yield process
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return tmp_path_factory.mktemp("deploy")


@pytest.fixture(scope="module")
def front(work, empty):
    """Serve the site with the shipped files of both programs; give both ports."""
    if connection.vendor != "sqlite":
        pytest.skip("the database makes no difference here: it is tried with SQLite")
    assert shutil.which("nginx"), "nginx is missing: .ci/run installs it"
    ports = nginx_port, app_port, plain_port = [free_port() for _ in range(3)]
    token = work / "token"
    token.write_text("0123456789abcdef" * 4)
    env = environment_of(file_in(work), work) | {
        "PEACEOPS_LOG": "json", "PEACEOPS_BEHIND_PROXY": "true", "PEACEOPS_BIND": f"127.0.0.1:{app_port}",
        "PEACEOPS_METRICS": str(token), "PEACEOPS_TWO_FACTOR": "false",
    }  # fmt: skip
    move_in(empty, work)
    (work / "peaceops.conf").write_text(substituted(work, nginx_port, app_port, plain_port))
    (work / "nginx.conf").write_text(MAIN.format(work=work, user=USER))
    nginx = ["nginx", "-p", str(work), "-e", f"{work}/error.log", "-c", f"{work}/nginx.conf"]
    tried = subprocess.run([*nginx, "-t"], capture_output=True, text=True)
    assert (tried.returncode, "warn" in tried.stderr) == (0, False), tried.stderr
    gunicorn = [Path(sys.executable).with_name("gunicorn"), "--config", "deploy/gunicorn.conf.py", "peaceops.wsgi"]
    with (work / "app.log").open("w") as log, running(gunicorn, app_port, cwd=ROOT, env=env, stderr=log), \
            running(nginx, nginx_port, stderr=subprocess.DEVNULL):  # fmt: skip
        yield Served(*ports)


def ask(port, path="/about/", method="GET", body=None, whence="127.0.0.1", **headers):
    """Return (status, headers, body, seconds) of one request."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30, source_address=(whence, 0))
    connection.request(method, path, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content, time.perf_counter() - began


def raw(port, data):
    """Send bytes as they are; return the status of the answer, or None if there was none."""
    with socket.create_connection(("127.0.0.1", port), timeout=15) as client:
        client.sendall(data)
        answer = client.recv(4096)
    return int(answer.split()[1]) if answer.startswith(b"HTTP/1.1 ") else None


@pytest.fixture(autouse=True)
def rested(request):
    """Let the shares of this address fill up again."""
    if "front" in request.fixturenames:
        time.sleep(2)


SLOWNESS = {
    "headers": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n",
    "body": b"POST /report/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5000\r\n\r\ntext=",
    "silence": b"",
}


@pytest.mark.long
@pytest.mark.parametrize("kind", SLOWNESS)
def test_slow_clients_hold_up_no_one(front, kind):
    ask(front.nginx)
    clients = []
    try:
        for _ in range(SLOW):
            client = socket.create_connection(("127.0.0.1", front.nginx), timeout=10)
            client.sendall(SLOWNESS[kind])
            clients.append(client)
        seconds = []
        for n in range(10):
            for client in clients if n % 3 == 0 else ():
                try:
                    client.sendall(b"X-a: b\r\n" if kind == "headers" else b"a")
                except OSError:
                    continue  # turned away, which is as well
            asked = [ask(front.nginx, "/", whence=OTHER) for _ in range(3)]
            assert [status for status, *_ in asked] == [200] * 3
            seconds.append(min(took for *_, took in asked))  # the machine may have been busy with something else
        print(f"slow {kind}: {max(seconds) * 1000:.0f} ms at most")
        assert max(seconds) < ENOUGH
    finally:
        for client in clients:
            client.close()


@pytest.mark.long
def test_over_plain_http_pages_lead_on_and_programs_are_refused(front):
    for path in ("/", "/missions/?q=a", "/api/v1/docs/", "/admin/login/"):
        status, headers, *_ = ask(front.plain, path)
        assert (status, headers["Location"]) == (301, f"https://127.0.0.1{path}")
    for path in ("/api/", "/api/v1/", "/api/v1/missions/?q=a"):
        status, headers, body, _ = ask(front.plain, path)
        assert (status, headers["Content-Type"]) == (403, "application/json")
        assert json.loads(body) == {"detail": "Ask again with https:// in place of http://."}


@pytest.mark.long
def test_what_is_malformed_or_too_large_is_refused(front):
    host = b"Host: 127.0.0.1\r\n"
    refused = {
        "no request": b"\x16\x03\x01\x02\x00\r\n\r\n",
        "no host": b"GET / HTTP/1.1\r\n\r\n",
        "two hosts": b"GET / HTTP/1.1\r\n" + host + host + b"\r\n",
        "long line": b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n" + host + b"\r\n",
        "long header": b"GET / HTTP/1.1\r\n" + host + b"X-A: " + b"a" * 40_000 + b"\r\n\r\n",
        "two lengths": b"POST /report/ HTTP/1.1\r\n" + host + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        "length and chunks": b"POST /report/ HTTP/1.1\r\n" + host
        + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "bad chunk": b"POST /report/ HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        "another host": b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
        "trace": b"TRACE / HTTP/1.1\r\n" + host + b"\r\n",
        "delete": b"DELETE / HTTP/1.1\r\n" + host + b"\r\n",
        "connect": b"CONNECT 10.0.0.1:80 HTTP/1.1\r\n" + host + b"\r\n",
        "large report": b"POST /report/ HTTP/1.1\r\n" + host + b"Content-Length: 300000\r\n\r\n",
        "large import": b"POST /admin/ HTTP/1.1\r\n" + host + b"Content-Length: 13000000\r\n\r\n",
    }  # fmt: skip
    found = {name: raw(front.nginx, data) for name, data in refused.items()}
    assert {name: status for name, status in found.items() if status is None or not 400 <= status < 500} == {}
    assert ask(front.nginx)[0] == 200


@pytest.mark.long
def test_what_a_client_says_of_itself_moves_nothing(front, work):
    forged = {
        "X_Forwarded_For": "203.0.113.9", "Forwarded": "for=203.0.113.9", "X_Real_IP": "203.0.113.9",
        "X_Forwarded_Host": "elsewhere.example", "X_Forwarded_Proto": "https", "X_Request_ID": "0" * 32,
    }  # fmt: skip
    for n in range(6):
        body = "username=nobody&password=wrong"
        token = ask(front.nginx, "/admin/login/")
        csrf = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', token[2].decode()).group(1)
        cookie = token[1]["Set-Cookie"].partition(";")[0]
        status, headers, _, _ = ask(
            front.nginx, "/admin/login/", "POST", f"{body}&csrfmiddlewaretoken={csrf}", Cookie=cookie,
            Content_Type="application/x-www-form-urlencoded", **forged | {"X_Forwarded_For": f"203.0.113.{n}"},
        )  # fmt: skip
        assert headers["X-Request-ID"] not in (None, "0" * 32)
    assert status == 429  # each failure was counted at the address that nginx saw, whatever the client claimed
    page = ask(front.nginx, "/robots.txt", **forged)[2].decode()
    assert "Sitemap: http://127.0.0.1" in page
    assert "elsewhere" not in page
    lines = [json.loads(line) for line in (work / "app.log").read_text().splitlines()]
    assert [line for line in lines if line.get("path") == "/robots.txt"][-1]["request"] != "0" * 32


@pytest.mark.long
def test_static_files_come_from_the_disk_and_are_kept(front, work):
    address = re.search(r'href="(/static/css/site\.[0-9a-f]{12}\.css)"', ask(front.nginx)[2].decode()).group(1)
    before = (work / "app.log").read_text()
    status, headers, _, _ = ask(front.nginx, address, Accept_Encoding="gzip")
    assert (status, headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")
    assert headers["Content-Encoding"] == "gzip"
    assert ask(front.nginx, "/static/css/site.css")[1]["Cache-Control"] == "public, max-age=3600"
    assert (work / "app.log").read_text() == before
    outside = ("staticfiles.json", "../token", "%2e%2e/token", "..%2ftoken", "css/../../token")
    assert [ask(front.nginx, f"/static/{path}")[0] for path in outside] == [404] * 5


@pytest.mark.long
def test_what_is_for_operators_is_not_answered_in_front(front):
    assert [ask(front.nginx, p)[0] for p in ("/healthz", "/readyz", "/metrics")] == [404, 404, 404]
    port = front.app
    assert [ask(port, p)[0] for p in ("/healthz", "/readyz", "/metrics")] == [200, 200, 404]


@pytest.mark.long
def test_all_workers_share_their_figures(front):
    key = {"Authorization": "Bearer " + "0123456789abcdef" * 4}
    port = front.app

    def counted():
        found = re.search(
            r'peaceops_requests_total{.*view="attribution".*} (\S+)', ask(port, "/metrics", **key)[2].decode()
        )
        return float(found.group(1)) if found else 0

    before = counted()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ask(port, "/about/attribution/"), range(40)))
    assert {counted() - before for _ in range(10)} == {40}


@pytest.mark.long
def test_one_address_may_not_log_in_nor_fetch_files_without_end(front):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: ask(front.nginx, "/missions/?format=csv")[0], range(20)))
    assert set(found) == {200, 429}
    assert 6 <= found.count(200) <= 9
    assert ask(front.nginx)[0] == 200


@pytest.mark.long
def test_the_units_are_sound_and_hardened():
    units = sorted((ROOT / "deploy/systemd").glob("peaceops*"))
    assert shutil.which("systemd-analyze"), "systemd-analyze is missing: .ci/run installs it"
    told = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True).stderr
    paths = re.compile("is not executable: No such file|Failed to |man page")  # of an installation that is not here
    assert [line for line in told.splitlines() if "deploy/systemd" in line and not paths.search(line)] == []
    for unit in units:
        if unit.suffix == ".service":
            command = ["systemd-analyze", "security", "--offline=true", "--threshold=35", unit]
            told = subprocess.run(command, capture_output=True, text=True)
            assert told.returncode == 0, told.stdout.splitlines()[-1]


def test_every_timer_starts_a_command_that_is_there():
    own = {p.stem for p in (ROOT / "missions/management/commands").glob("[a-z]*.py")} | {"clearsessions"}
    units = ROOT / "deploy/systemd"
    timers = sorted(p.stem for p in units.glob("*.timer"))
    assert timers == ["peaceops-backup", "peaceops-due", "peaceops-links", "peaceops-sessions"]
    for timer in timers:
        assert re.search(r"manage\.py (\w+)", (units / f"{timer}.service").read_text()).group(1) in own


def test_every_setting_of_the_shipped_files_is_known():
    known = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "peaceops/settings.py").read_text()))
    known |= set(re.findall(r'environ(?:\.get\(|\[)"(\w+)"', (ROOT / "deploy/gunicorn.conf.py").read_text()))
    known |= {"REDIS_URL"}
    for name in ("environment.example", "compose.yaml", "Dockerfile", "systemd/peaceops.service"):
        used = set(re.findall(r"PEACEOPS_\w+|DATABASE_URL|REDIS_URL", (ROOT / "deploy" / name).read_text()))
        assert used - known == set(), name
