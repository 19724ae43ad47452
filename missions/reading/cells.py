"""What a comparison is made of: rows of cells, and whether the cells of a row say the same."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_noop

from ..languages import translated, written
from ..prose import plain

RECORDED, NOT_RECORDED, NOT_APPLICABLE, NOT_NAMED = "recorded", "not-recorded", "not-applicable", "not-named"
WORDS = {
    NOT_RECORDED: gettext_noop("not recorded"),
    NOT_APPLICABLE: gettext_noop("not applicable"),
    NOT_NAMED: gettext_noop("not named"),
}
SAME, DIFFERS = gettext_noop("same"), gettext_noop("differs")
GAPS, NOTHING = gettext_noop("not all recorded"), gettext_noop("none recorded")
# What stands before a date, each a whole so that other languages can put the date where it belongs.
BEFORE_A_DATE = {
    "": "%(date)s",
    "as of": gettext_noop("as of %(date)s"),
    "of": gettext_noop("of %(date)s"),
    "on": gettext_noop("on %(date)s"),
    "newest": gettext_noop("newest %(date)s"),
    "first given": gettext_noop("first given %(date)s"),
}


@dataclass(frozen=True)
class Part:
    """One value of a cell, with the date at which it holds and what it rests on."""

    text: str
    link: str = ""
    date: datetime.date | None = None
    precision: str = "day"
    when: str | None = "as of"  # what stands before the date; None where the text is the date
    sources: tuple = ()  # (source, locator)
    remark: str = ""
    is_prose: bool = False

    @property
    def dated(self):
        shown = self.date and self.when is not None
        return translated(BEFORE_A_DATE[self.when]) % {"date": written(self.date, self.precision)} if shown else ""

    def in_words(self):
        text = plain(self.text) if self.is_prose else self.text
        return text + "".join(f" ({more})" for more in (self.dated, self.remark) if more)

    def record(self):
        return {
            "text": self.text,
            "date": self.date.isoformat() if self.date else None,
            "precision": self.precision if self.date else "",
            "remark": self.remark,
            "sources": [{"source": source.slug, "locator": locator} for source, locator in self.sources],
        }


@dataclass(frozen=True)
class Cell:
    """What one entry says in one row; `key` is what is compared, by default the texts."""

    parts: tuple = ()
    state: str = RECORDED
    key: object = None

    @property
    def compared(self):
        if self.state != RECORDED:
            return self.state
        return self.key if self.key is not None else tuple(p.text for p in self.parts)

    @property
    def state_words(self):
        return WORDS.get(self.state, "")

    def in_words(self):
        return "; ".join(filter(None, [self.state_words, *(p.in_words() for p in self.parts)]))

    def record(self):
        return {"state": self.state, "values": [p.record() for p in self.parts]}


MISSING = Cell(state=NOT_RECORDED)


def cell(*parts, key=None):
    """Return the cell of these parts, or the one that says that nothing is recorded."""
    parts = tuple(p for p in parts if p)
    return Cell(parts, key=key) if parts else MISSING


def day(date, precision="day", **more):
    """Return the part that is a date."""
    return Part(written(date, precision), date=date, precision=precision, when=None, **more)


def cite(source, locator=""):
    """Return the sources of a part that rests on one source, if there is one."""
    return ((source, locator),) if source else ()


@dataclass(frozen=True)
class Row:
    """One line of a comparison: `name` is what the parameter `rows` calls it, `item` one thing within it."""

    name: str
    label: str
    cells: tuple
    item: str = ""
    link: str = ""

    @property
    def slug(self):
        return f"{self.name}/{self.item}" if self.item else self.name

    @property
    def verdict(self):
        """Whether the entries differ here, in words. What is not recorded neither differs nor agrees."""
        known = [c.compared for c in self.cells if c.state != NOT_RECORDED]
        if not known:
            return NOTHING
        if any(k != known[0] for k in known):
            return DIFFERS
        return SAME if len(known) == len(self.cells) else GAPS
