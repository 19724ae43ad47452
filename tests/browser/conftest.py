"""The running site with all content, and a browser to look at it."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

# The newcomer's tests do without a browser and its library.
collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]
ROOT = Path(__file__).resolve().parents[2]
HARMLESS = (
    "status of 40",
    "Autofocus processing was blocked",  # says that the reader has put the focus somewhere already
)
# Without the later ones the browser asks its maker's hosts for things at every start.
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def run(*command, env):
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, env=env, check=True, capture_output=True)


@pytest.fixture(scope="session")
def environment(tmp_path_factory):
    """Load the content as `make run` does; give the environment in which it is served."""
    data = str(tmp_path_factory.mktemp("site"))
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    env["PEACEOPS_SECRET_KEY"], env["PEACEOPS_DATA_DIR"], env["PEACEOPS_HTTPS"] = "only-for-tests", data, "false"
    env["DJANGO_SETTINGS_MODULE"], env["DJANGO_SUPERUSER_PASSWORD"] = "peaceops.settings", "a long pass phrase"
    run("migrate", "-v0", env=env)
    run("load_entries", env=env)
    run("collectstatic", "--noinput", "-v0", env=env)
    run("createsuperuser", "--noinput", "--username=ada", "--email=", env=env)
    return env


@contextmanager
def serve(env):
    """Serve until the block ends; give the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("gunicorn"), "peaceops.wsgi", "-b", f"127.0.0.1:{port}", "--threads=4",
               "--no-control-socket", "--log-level=error"]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.DEVNULL) as server:
        address = f"http://127.0.0.1:{port}"
        for _ in range(100):
            try:
                urllib.request.urlopen(f"{address}/healthz").close()  # noqa: S310
                break
            except OSError:
                time.sleep(0.1)
        try:
            yield address
        finally:
            server.terminate()


@pytest.fixture(scope="session")
def site(environment):
    """Serve the content without the second step of the login, which has tests of its own; give the address."""
    with serve(environment | {"PEACEOPS_TWO_FACTOR": "false"}) as address:
        yield address


def fetch(address):
    try:
        with urllib.request.urlopen(address) as answer:  # noqa: S310
            return answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.read()


@pytest.fixture(scope="session")
def every_page(site):
    """All public pages, {address: HTML}: the front page and all that it leads to."""
    found, waiting = {}, ["/"]
    while waiting:
        path = waiting.pop()
        if path in found or re.search(r"[?&](format|q|within)=|/admin|/static|/report/", path) or path.count("=") > 1:
            continue
        found[path] = fetch(site + path)
        html = found[path].decode()
        waiting += [a.replace("&amp;", "&") for a in re.findall(r'href="(/[^"#]*)"', html)]
        waiting += [path.split("?")[0] + a for a in re.findall(r'rel="next" href="(\?[^"]*)"', html)]
    return found


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, site):
    """Open pages with given options; fail at the end if the console spoke or another host was asked."""
    contexts, trouble = [], []

    def open_at(path="/", width=1280, expected=None, **options):
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        page = context.new_page()
        harmless = (expected, *HARMLESS) if expected else HARMLESS
        page.on("console", lambda m: None if any(h in m.text for h in harmless) else trouble.append(m.text))
        page.on("request", lambda r: None if r.url.startswith((site, "data:")) else trouble.append(r.url))
        page.goto(site + path)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture(scope="session")
def snap():
    """Keep a picture of a page in var/screenshots/, for people to look at."""
    directory = ROOT / "var" / "screenshots"
    directory.mkdir(parents=True, exist_ok=True)

    def keep(page, name, full_page=False):
        width = page.viewport_size["width"]
        scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
        page.screenshot(path=directory / f"{name}-{width}-{scheme}.png", full_page=full_page)

    return keep
