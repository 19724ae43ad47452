"""Pages on paper: HTML to tagged PDF by WeasyPrint, which asks nothing of any other machine.

WeasyPrint is imported when it is first needed: it loads Pango, a library of the host, and without that all else works.
"""

import hashlib
import logging
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import Lock

from django.conf import settings

log = logging.getLogger(__name__)

DRAWING = "drawing:"  # what an image that was drawn for the page is called in it
STYLE = Path(settings.BASE_DIR) / "static/css/paper.css"
FONTS = {"font:sans": "NotoSans-Regular.ttf", "font:serif": "NotoSerif-Bold.ttf"}
PATIENCE = 5  # seconds to wait for the file that is being made
# Setting a packet takes seconds and a hundred megabytes, so each process sets one at a time.
turn = Lock()


class NoPrinterError(Exception):
    """WeasyPrint or a library of the host that it needs is missing."""


class BusyError(Exception):
    """Another file is being made and took too long to wait for."""


@cache
def printer():
    """Return the module that sets pages. Raises `NoPrinterError`."""
    try:
        import weasyprint  # late: it needs Pango, which a host may lack
    except (ImportError, OSError) as error:
        log.warning("No PDF can be made: %s", error)
        raise NoPrinterError from error
    logging.getLogger("weasyprint").setLevel(logging.ERROR)  # it warns of every rule that paper does not know
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    return weasyprint


def fetcher(drawings):
    """Return what answers WeasyPrint's requests: our fonts and the drawings of this page, and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # late, as above

    class OursAlone(URLFetcher):
        def fetch(self, url, headers=None):
            if url in FONTS:
                content = (Path(settings.BASE_DIR) / "missions/fonts" / FONTS[url]).read_bytes()
                return URLFetcherResponse(url, content, {"Content-Type": "font/ttf"})
            if url in drawings:
                return URLFetcherResponse(url, drawings[url].encode(), {"Content-Type": "image/svg+xml"})
            raise FatalURLFetchingError(f"A page on paper may hold nothing from {url[:100]}")

    return OursAlone()


@contextmanager
def alone(patience=PATIENCE):
    """Hold the turn of this process. Raises `BusyError` if it does not come in time."""
    if not turn.acquire(timeout=patience):
        raise BusyError
    try:
        yield
    finally:
        turn.release()


def pdf(html, address, drawings=None, **options):
    """Return a page as PDF: tagged, with bookmarks of its headings and page numbers; same page, same bytes.

    `address` is the full one at which the page stands: relative links lead from there. `drawings` are SVG files by the
    names that the page gives them. Raises `NoPrinterError` and `BusyError`.
    """
    weasyprint, drawings = printer(), drawings or {}
    fetch = fetcher(drawings)
    with alone():
        fonts = weasyprint.text.fonts.FontConfiguration()
        sheet = weasyprint.CSS(string=STYLE.read_text(encoding="utf-8"), url_fetcher=fetch, font_config=fonts)
        page = weasyprint.HTML(string=html, base_url=address, url_fetcher=fetch)
        return page.write_pdf(
            stylesheets=[sheet],
            font_config=fonts,
            pdf_variant="pdf/ua-1",
            pdf_identifier=hashlib.sha256(html.encode()).digest()[:16],
            **options,
        )
