"""Markdown with inline citations: `[@source-slug, para. 5; @other-source]` becomes numbered notes.

Knows nothing of the database: a `Notes` is given the sources that may be cited.
"""

import re
from dataclasses import dataclass, field

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

CITATION = re.compile(r"\[(@[a-z0-9][^\[\]]*)\]")
# A citation stands before the full stop in the text, and its mark after it on the page.
PLACEABLE = re.compile(r"\s*" + CITATION.pattern + r"(?P<stop>[.,;:]?)")
INTERNAL_LINK = re.compile(r"\]\((/[^)\s]*)\)")
TAGS = {"p", "h3", "h4", "h5", "ul", "ol", "li", "em", "strong", "a", "blockquote", "code", "br", "hr"}
PLACE = "\N{INFORMATION SEPARATOR ONE}{}\N{INFORMATION SEPARATOR ONE}"
PLACED = re.compile("\N{INFORMATION SEPARATOR ONE}(\\d+)\N{INFORMATION SEPARATOR ONE}")
markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).disable(["image", "html_inline"])


def citations_in(text):
    """Return the (source slug, locator) pairs that `text` cites, in order, repeats included."""
    pairs = []
    for group in CITATION.findall(text or ""):
        for part in group.split(";"):
            slug, _, locator = part.strip().partition(",")
            pairs.append((slug.strip().removeprefix("@"), locator.strip()))
    return pairs


def plain(text):
    """Return `text` without citations and Markdown marks, for cards, descriptions and search."""
    text = CITATION.sub("", text or "")
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^#+\s*|[*_`]{1,2}(?=\S)|(?<=\S)[*_`]{1,2}", "", text, flags=re.M)
    return re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", text)).strip()


@dataclass
class Note:
    number: int
    source: object
    marks: list = field(default_factory=list)  # (id of a place in the text that refers to it, locator)


class Notes:
    """The numbered notes of one page, filled while its parts are rendered.

    `sources` maps slug to a Source. A slug outside it is shown as unknown, never dropped.
    """

    def __init__(self, sources):
        self.sources = sources
        self.notes = {}

    def __iter__(self):
        return iter(self.notes.values())

    def __len__(self):
        return len(self.notes)

    def refer(self, source, locator=""):
        """Return the note of this source, and the id of a new mark that refers to it."""
        note = self.notes.setdefault(source.slug, Note(len(self.notes) + 1, source))
        mark = f"ref-{note.number}-{len(note.marks) + 1}"
        note.marks.append((mark, locator))
        return note, mark

    def mark(self, source, locator=""):
        """Return the superscript link to the note of a source."""
        note, mark = self.refer(source, locator)
        return format_html(
            '<sup class="mark"><a href="#note-{}" id="{}" aria-label="Note {}{}">{}</a></sup>',
            note.number,
            mark,
            note.number,
            f", {locator}" if locator else "",
            note.number,
        )

    def marks(self, text):
        """Return the superscript links of one bracketed citation."""
        marks = []
        for slug, locator in citations_in(text):
            if source := self.sources.get(slug):
                marks.append((self.mark(source, locator),))
            else:
                marks.append((format_html('<sup class="mark unknown">unknown source {}</sup>', slug),))
        return format_html_join("", "{}", marks)

    def render(self, text):
        """Return Markdown `text` as safe HTML, its citations as marks."""
        groups = []

        def place(match):
            groups.append(match.group(0))
            return match.group("stop") + PLACE.format(len(groups) - 1)

        text = (text or "").replace("\N{INFORMATION SEPARATOR ONE}", "")
        placed = PLACEABLE.sub(place, text)
        html = nh3.clean(
            markdown.render(placed),
            tags=TAGS,
            attributes={"a": {"href"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener",
        )
        # Safe: the HTML has just been through nh3, and the marks come from format_html.
        return mark_safe(PLACED.sub(lambda m: self.marks(groups[int(m.group(1))]), html))  # noqa: S308
