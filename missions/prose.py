"""Markdown with inline citations: `[@source-slug, para. 5; @other-source]` becomes numbered notes.

Knows nothing of the database: a `Notes` is given the sources that may be cited and the terms that are explained.
"""

import math
import re
from dataclasses import dataclass, field
from functools import lru_cache

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import Truncator
from django.utils.translation import gettext
from markdown_it import MarkdownIt
from markdown_it.token import Token

CITATION = re.compile(r"\[(@[a-z0-9][^\[\]]*)\]")
# A citation stands before the full stop in the text, and its mark after it on the page. The look back keeps a long run
# of spaces from being tried anew at each of them.
PLACEABLE = re.compile(r"(?<!\s)\s*" + CITATION.pattern + r"(?P<stop>[.,;:]?)")
INTERNAL_LINK = re.compile(r"\]\((/[^)\s]*)\)")
TAGS = {"p", "h3", "h4", "h5", "ul", "ol", "li", "em", "strong", "a", "blockquote", "code", "br", "hr"}
PLACE = "\N{INFORMATION SEPARATOR ONE}{}\N{INFORMATION SEPARATOR ONE}"
PLACED = re.compile("\N{INFORMATION SEPARATOR ONE}(\\d+)\N{INFORMATION SEPARATOR ONE}")
WORDS_A_MINUTE = 230
NO_WORD = ".,;:-–—#*>"  # what Markdown and a dropped citation leave standing alone
# A capital before or after a word with a capital of its own makes it part of a name: “Peacebuilding Commission”.
NAME_BEFORE = re.compile(r"\b[A-Z][\w’']*[ -]\Z")
NAME_AFTER = re.compile(r"[ -][A-Z]")
markdown = MarkdownIt("commonmark", {"html": False, "typographer": False}).disable(["image", "html_inline"])


def citations_in(text):
    """Return the (source slug, locator) pairs that `text` cites, in order, repeats included."""
    pairs = []
    for group in CITATION.findall(text or ""):
        for part in group.split(";"):
            slug, _, locator = part.strip().partition(",")
            pairs.append((slug.strip().removeprefix("@"), locator.strip()))
    return pairs


@lru_cache(maxsize=2_000)
def plain(text):
    """Return `text` without citations and Markdown marks, for cards, descriptions and search."""
    text = CITATION.sub("", text or "")
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"^#+\s*|[*_`]{1,2}(?=\S)|(?<=\S)[*_`]{1,2}", "", text, flags=re.M)
    return re.sub(r"\s+([.,;:])", r"\1", re.sub(r"\s+", " ", text)).strip()


@lru_cache(maxsize=2_000)
def brief(text, words):
    """Return the first words of `text`, as `plain` gives it."""
    return Truncator(plain(text)).words(words, truncate=" …")


def reading_minutes(*texts):
    """Return how many minutes the texts take to read, rounded up; 0 if they are empty."""
    words = (word for text in texts for word in CITATION.sub("", text or "").split())
    return math.ceil(sum(bool(word.strip(NO_WORD)) for word in words) / WORDS_A_MINUTE)


def finder(names):
    """Return a pattern with one group for each name, in this order, that also finds simple plurals.

    Give longer names first: where two begin at the same place the first one wins.
    """
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(name_pattern, names))})(?![\w-])", re.I)


def name_pattern(name):
    words = re.escape(name).replace(r"\ ", r"\s+")
    if name.isupper():
        return f"(?-i:({words}))"
    return f"({words[:-1]}(?:y|ies))" if name.endswith("y") else f"({words}(?:e?s)?)"


def is_part_of_a_name(text, match, name):
    """Tell whether what was found is the ordinary word `name` inside a longer name, such as that of an office."""
    if name[1:] != name[1:].lower() or not match[0][0].isupper():
        return False
    return bool(NAME_BEFORE.search(text, 0, match.start()) or NAME_AFTER.match(text, match.end()))


def mentions(text, name):
    """Tell whether the prose of `text` uses the name as a term."""
    text = plain(text)
    return any(not is_part_of_a_name(text, match, name) for match in finder([name]).finditer(text))


@dataclass
class Note:
    number: int
    source: object
    marks: list = field(default_factory=list)  # (id of a place in the text that refers to it, locator)


class Notes:
    """The numbered notes of one page, filled while its parts are rendered, and the terms that it links.

    `sources` maps slug to a Source. A slug outside it is shown as unknown, never dropped. `terms` maps the name of a
    term to what has its `url`; the first use on the page is linked.
    """

    def __init__(self, sources, terms=None):
        self.sources = sources
        self.notes = {}
        self.terms = terms or {}
        self.names = sorted(self.terms, key=lambda name: (-len(name), name))
        self.first_words = [(name.lower().split()[0].removesuffix("y"), name) for name in self.names]
        self.linked = set()

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
            '<sup class="mark"><a href="#note-{}" id="{}" aria-label="{}{}">{}</a></sup>',
            note.number,
            mark,
            gettext("Note %(n)d") % {"n": note.number},
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
                marks.append((format_html('<sup class="mark unknown">{} {}</sup>', gettext("unknown source"), slug),))
        return format_html_join("", "{}", marks)

    def link_terms(self, tokens, text):
        """Put links around the terms in the running text of parsed Markdown: not in headings, links or code."""
        text, in_heading = text.lower(), False
        # To look for all names at every letter would take longer than all the rest of a page.
        names = [name for word, name in self.first_words if word in text and name not in self.linked]
        if not names:
            return
        find = finder(names)
        for token in tokens:
            if token.type in ("heading_open", "heading_close"):
                in_heading = token.type == "heading_open"
            elif token.type == "inline" and not in_heading:
                token.children = list(self.with_links(token.children, names, find))

    def with_links(self, tokens, names, find):
        in_link = False
        for token in tokens:
            if token.type in ("link_open", "link_close"):
                in_link = token.type == "link_open"
            if token.type == "text" and not in_link:
                yield from self.split_at_terms(token.content, names, find)
            else:
                yield token

    def split_at_terms(self, text, names, find):
        """Yield the tokens of a piece of running text, with a link around each first use of a term."""
        end = 0
        for match in find.finditer(text):
            name = names[match.lastindex - 1]
            if name in self.linked or is_part_of_a_name(text, match, name):
                continue
            self.linked.add(name)
            yield Token("text", "", 0, content=text[end : match.start()])
            yield Token("link_open", "a", 1, attrs={"class": "term", "href": self.terms[name].url})
            yield Token("text", "", 0, content=match[0])
            yield Token("link_close", "a", -1)
            end = match.end()
        yield Token("text", "", 0, content=text[end:])

    def render(self, text):
        """Return Markdown `text` as safe HTML, its citations as marks and its terms as links."""
        groups = []

        def place(match):
            groups.append(match.group(0))
            return match.group("stop") + PLACE.format(len(groups) - 1)

        text = (text or "").replace("\N{INFORMATION SEPARATOR ONE}", "")
        placed = PLACEABLE.sub(place, text)
        tokens = markdown.parse(placed)
        self.link_terms(tokens, text)
        html = nh3.clean(
            markdown.renderer.render(tokens, markdown.options, {}),
            tags=TAGS,
            attributes={"a": {"href"}},
            allowed_classes={"a": {"term"}},
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener",
        )
        # Safe: the HTML has just been through nh3, and the marks come from format_html.
        return mark_safe(PLACED.sub(lambda m: self.marks(groups[int(m.group(1))]), html))  # noqa: S308
