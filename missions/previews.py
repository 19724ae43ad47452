"""Pictures of entries for those who share them: drawn as SVG, kept as PNG files beside the database.

A file is named by the entry's permanent id and a checksum of what it shows and how, so that a change makes a new one. A
missing file is drawn when it is asked for; nothing depends on its being there.
"""

import hashlib
import json
import logging
import re
from functools import cache, cached_property
from pathlib import Path
from tempfile import NamedTemporaryFile

import resvg_py
from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from tqdm import tqdm

from .citations import SITE_NAME, years
from .models import KINDS, Mission
from .prose import plain
from .typeset import Font, cut, fit, wrap

WIDTH, HEIGHT = 1200, 630
MARGIN, ROOM = 90, 1020  # left edge of the text, and how wide it may be
TOP, BOTTOM = 150, 500  # where the text may stand
FONTS = Path(__file__).parent / "fonts"
SERIF, SANS = FONTS / "NotoSerif-Bold.ttf", FONTS / "NotoSans-Regular.ttf"
TEMPLATE = "preview.svg"
MAKERS = (
    Path(__file__),
    Path(__file__).with_name("typeset.py"),
    SERIF,
    SANS,
    settings.BASE_DIR / "templates" / TEMPLATE,
)
FIRST_YEAR = 1945  # the scale of life spans begins with the Charter
EXCERPT = 400  # letters of the summary, more than there is ever room for
# Sizes of type to try, each with the most lines that it may take.
SHORT_NAME = ((104, 1), (88, 1), (72, 1), (60, 1), (48, 1))
FULL_NAME = ((42, 2), (38, 2), (34, 3), (30, 3))
TITLE = ((76, 2), (66, 3), (58, 3), (50, 4), (42, 4))
SITE = {
    "title": "Peace operations, with the sources",
    "summary": "Case studies, missions, principles, challenges and debates, with the documents behind them.",
}
# What XML cannot hold; an editor may have pasted it.
UNFIT = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
log = logging.getLogger(__name__)


@cache
def font(path):
    return Font(path)


@cache
def maker():
    """Return a checksum of all that decides how a picture looks, whatever it shows."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in MAKERS)).hexdigest()


def directory():
    return settings.DATA_DIR / "previews"


class Preview:
    """A picture, drawn or not yet: whose it is and what it shows."""

    def __init__(self, name, shows):
        self.name, self.shows = name, shows

    @cached_property
    def checksum(self):
        return hashlib.sha256(f"{maker()}{json.dumps(self.shows)}".encode()).hexdigest()[:16]

    @property
    def path(self):
        return directory() / f"{self.name}-{self.checksum}.png"

    def svg(self):
        """Return the drawing: the name as large as it fits, and as much of the summary as there is room for."""
        column = Column()
        if short := self.shows.get("short"):
            column.set("heading", SERIF, short, SHORT_NAME)
            column.set("name", SANS, self.shows["title"], FULL_NAME)
        else:
            column.set("heading", SERIF, self.shows["title"], TITLE)
        column.fill("summary", SANS, self.shows["summary"], 29)
        measures = {"width": WIDTH, "height": HEIGHT, "margin": MARGIN, "room": ROOM, "right": MARGIN + ROOM}
        return render_to_string(TEMPLATE, self.shows | measures | {"lines": column.lines, "site_name": SITE_NAME})


class Column:
    """Lines set one under the other, from the top of the picture to its foot."""

    def __init__(self):
        self.lines, self.y = [], TOP

    def set(self, kind, typeface, text, steps):
        self.put(kind, *fit(text, font(typeface), steps, ROOM))

    def fill(self, kind, typeface, text, size):
        """Set at most three lines of the text, or none where only one of several has room."""
        number = min(3, int((BOTTOM - self.y) / (1.4 * size)))
        lines = wrap(text, font(typeface), size, ROOM)
        if number > 1 or len(lines) <= number:
            self.put(kind, size, cut(lines, number, font(typeface), size, ROOM))

    def put(self, kind, size, lines):
        for line in lines:
            self.y += size * (1.18 if kind == "heading" else 1.4)
            self.lines.append({"kind": kind, "size": size, "y": round(self.y), "text": line})
        self.y += 20 if kind == "heading" else 12


def preview(entry=None):
    """Return the preview of an entry, or the one that stands for every page without one of its own."""
    if entry is None:
        return Preview("site", SITE)
    shows = {
        "kind": entry._meta.verbose_name,
        "short": clean(getattr(entry, "acronym", "")),
        "title": clean(entry.title),
        "summary": clean(plain(entry.summary))[:EXCERPT],
    }
    if isinstance(entry, Mission) and entry.started_on:
        shows |= {"foot": f"{years(entry)} · {entry.get_type_display()}", "span": span(entry)}
    return Preview(entry.permanent_id, shows)


def clean(text):
    return UNFIT.sub("", text)


def span(mission):
    """Return the life of a mission on the scale of the picture: where it begins, how long it is, the scale's years."""
    today = timezone.localdate()
    first, last = mission.started_on.year, (mission.ended_on or today).year
    year = ROOM / (today.year + 1 - FIRST_YEAR)
    start = min(max(0, first - FIRST_YEAR) * year, ROOM - 10)
    length = max(10, min((last + 1 - max(first, FIRST_YEAR)) * year, ROOM - start))
    return {"x": round(MARGIN + start), "length": round(length), "first": FIRST_YEAR, "last": today.year}


def png(shown):
    """Return the picture as PNG, from its file or drawn now; one that cannot be kept is still returned."""
    try:
        return shown.path.read_bytes()
    except OSError:
        return store(shown)


def store(shown):
    """Draw the picture and keep it in place of older ones of the same entry."""
    made = resvg_py.svg_to_bytes(svg_string=shown.svg(), skip_system_fonts=True, font_files=[str(SERIF), str(SANS)])
    try:
        directory().mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=directory(), suffix=".part", delete=False) as unfinished:
            unfinished.write(made)
        Path(unfinished.name).replace(shown.path)
        forget(shown.name, keep=shown.path)
    except OSError:
        log.exception("The preview image %s could not be kept.", shown.path.name)
    return made


def forget(name, keep=None):
    """Remove the files of one entry, but for the one to keep."""
    for path in directory().glob(f"{name}-*.png"):
        if path != keep:
            path.unlink(missing_ok=True)


def refresh(entry):
    """Bring the picture of an entry in line with what was saved; one that is not public has none."""
    if entry.is_published:
        png(preview(entry))
    else:
        forget(entry.permanent_id)


def refresh_all(progress=False):
    """Draw what is missing, remove what no published entry has, and return how many were (drawn, kept, removed)."""
    previews = [preview(), *(preview(entry) for model in KINDS for entry in model.objects.published())]
    wanted, have = {p.path for p in previews}, set(directory().glob("*.png"))
    for missing in tqdm([p for p in previews if p.path not in have], unit=" images", disable=not progress):
        store(missing)
    for path in have - wanted:
        path.unlink(missing_ok=True)
    return len(wanted - have), len(wanted & have), len(have - wanted)


def address(entry=None):
    """Return the address of the picture of an entry, or of the one of the site; it changes with the picture."""
    place = reverse(f"{entry._meta.model_name}-preview", args=[entry.slug]) if entry else reverse("site-preview")
    return f"{place}?v={preview(entry).checksum}"
