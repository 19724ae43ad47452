"""A browser to look at the running site."""

import re
import shutil
from importlib.util import find_spec
from zlib import crc32

import pytest

from ..serving import ROOT, fetch

# The newcomer's tests do without a browser and its library.
collect_ignore_glob = [] if find_spec("playwright") else ["test_*.py"]
PATIENCE = 20_000  # milliseconds for what is to appear: the machine may have much else to do
HARMLESS = (
    "status of 40",
    "Autofocus processing was blocked",  # says that the reader has put the focus somewhere already
    "Cleared data types",  # says that logging out emptied what the browser kept
)
# Without the later ones the browser asks its maker's hosts for things at every start.
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


# Files, what is behind a login or a form, and entries as they stood in a release, which are all made alike.
NO_PAGE = re.compile(
    r"[?&](format|q|within)=|/admin|/static|/report/|^/api/v1/(?!docs/)|\.[a-z]+(\?|$)|^/data/releases/[^/]+/[a-z-]+/"
    # Other languages have the same templates: one page of each kind stays.
    r"|^/(fr|ar)/(?!(missions/(unficyp/)?|case-studies/kosovo/|evidence/|search/|glossary/)?$)"
)


def is_one_of_many_alike(path):
    """Tell whether the page of a source, or a packet or quiz that is made, is left out: one in twenty stays."""
    is_source = path.startswith("/sources/") and path.count("/") == 3
    is_made = path.startswith(("/teaching/packet/", "/teaching/quiz/missions/"))
    return (is_source or is_made) and crc32(path.encode()) % 20


@pytest.fixture(scope="session")
def every_page(site):
    """All public pages, {address: HTML}: the front page and all that it leads to, but of sources one in twenty."""
    found, waiting = {}, ["/"]
    while waiting:
        path = waiting.pop()
        if path in found or NO_PAGE.search(path) or path.count("=") > 1:
            continue
        if is_one_of_many_alike(path):
            continue
        found[path] = fetch(site + path)
        html = found[path].decode()
        waiting += [a.replace("&amp;", "&") for a in re.findall(r'href="(/[^"#]*)"', html)]
        waiting += [path.split("?")[0] + a for a in re.findall(r'rel="next" href="(\?[^"]*)"', html)]
    return found


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
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
