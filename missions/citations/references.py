"""Formatted references, made by citeproc from the styles beside this file.

citeproc escapes nothing. A reference is therefore plain text here, in which what is in italics stands between `START`
and `STOP`, two characters that no text contains: the template escapes first and then puts its elements.
"""

import json
import re
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.source.json import CiteProcJSON

START, STOP = "\N{START OF STRING}", "\N{STRING TERMINATOR}"
MARKS = re.compile(f"[{START}{STOP}]")
# What a style is called, its file, its “and”, and how it says who edited a book: one person, several.
STYLES = {
    "apa": ("APA", "apa.csl", "&", (" (Ed.).", " (Eds.).")),
    "chicago": ("Chicago", "chicago-author-date.csl", "and", (", ed.", ", eds.")),
    "mla": ("MLA", "modern-language-association.csl", "and", (", editor.", ", editors.")),
}
NAMESPACE = "{http://purl.org/net/xbiblio/csl}"
ROLE = "\N{INFORMATION SEPARATOR TWO}"  # keeps the place of “ed.” after a name while citeproc works
# A style keeps its state while it works, and requests run in threads.
lock = Lock()


class Marked:
    """What citeproc calls a formatter: italics between marks, everything else as it is."""

    @staticmethod
    def preformat(text):
        return MARKS.sub("", str(text))

    @staticmethod
    def Italic(text):  # noqa: N802  citeproc asks for this name
        return f"{START}{MARKS.sub('', str(text))}{STOP}"

    Oblique = Italic
    Bold = Light = Underline = Superscript = Subscript = SmallCaps = staticmethod(str)


@cache
def style(name):
    """Return a style, read, without what citeproc does wrongly with it."""
    found = CitationStylesStyle(str(Path(__file__).parent / "styles" / STYLES[name][1]), validate=False)
    if name != "apa":
        # Elsewhere they say initialize="false", which citeproc does not know.
        found.root.attrib.pop("initialize-with", None)
    for label in found.root.findall(f".//{NAMESPACE}label[@variable='edition']"):
        label.getparent().remove(label)  # printed even where there is no edition
    # citeproc looks each macro up anew whenever it is named, which takes half of its time.
    found.root.xpath_search = cache(found.root.xpath_search)
    return found


def joined(names, word):
    """Return the names of bodies as one; citeproc would put a comma before the last of two."""
    literal = [n["literal"] for n in names]
    if len(literal) < 3:
        return [{"literal": f" {word} ".join(literal)}]
    return [{"literal": f"{', '.join(literal[:-1])}, {word} {literal[-1]}"}]


def readable(record, name):
    """Return a record in the form in which citeproc makes a correct reference of it."""
    _, _, word, _ = STYLES[name]
    read = {k: v for k, v in record.items() if k != "note"} | {"id": "cited"}
    if "issued" in read:
        read.pop("accessed", None)  # the styles ask for it where there is no other date
    if "author" not in read and "editor" in read:
        *first, last = read.pop("editor")
        read["author"] = [*first, last | {"suffix": ROLE}]  # citeproc would name them twice
    is_between = read["type"] == "treaty" and name != "mla"  # there the parties stand as “Egypt-Israel”
    if "author" in read and all("literal" in n for n in read["author"]) and not is_between:
        read["author"] = joined(read["author"], word)
    return read


def tidied(text, record, name):
    """Return a reference with what citeproc leaves to be done: who edited, and stops within quotation marks."""
    one, several = STYLES[name][3]
    role = several if len(record.get("editor", [])) > 1 else one
    text = re.sub(rf",? ?{ROLE}\.?", role, text)
    text = re.sub(rf"(?<!\.)\.({STOP}?)\.(?!\.)", r".\1", text)  # after a title that ends in “U.N.”
    if name == "apa":
        return re.sub(r"\((eds?)\.\)", lambda m: f"({m[1].capitalize()}.)", text)
    return re.sub(r"([^?!.])”([.,])", r"\1\2”", text)


@lru_cache(maxsize=8192)
def made(name, text):
    """Return the reference of a record, given as text, in a style."""
    record = json.loads(text)
    with lock:
        source = CiteProcJSON([readable(record, name)])
        bibliography = CitationStylesBibliography(style(name), source, Marked)
        bibliography.register(Citation([CitationItem("cited")]))
        lines = [str(line) for line in bibliography.bibliography()]
    return tidied(lines[0], record, name)


def lasting_text(record):
    """Return a record as text, without the day of access where that is not printed."""
    lasting = {k: v for k, v in record.items() if k != "accessed" or "issued" not in record}
    return json.dumps(lasting, sort_keys=True)


def formatted(record):
    """Return [(key of the style, its name, reference)] of a record; the reference is text with marks, not HTML."""
    text = lasting_text(record)
    return [(key, label, made(key, text)) for key, (label, *_) in STYLES.items()]


def reference_in(name, record):
    """Return the reference of a record in one style, as text with marks."""
    return made(name, lasting_text(record))
