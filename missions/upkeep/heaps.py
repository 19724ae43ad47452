"""A heap of work: declared once, then counted on the first page of the admin, shown as a table, taken away as CSV."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.text import format_lazy

from .. import parameters
from ..citations import written_date
from ..models import FACTS, KINDS, Mission, Organization, Source, Term
from ..search.words import fold

PAGE_SIZE = 50
MAX_TEXT = 200
PARAMETERS = ("q", "ordering", "page", "format")
NAMES = {m._meta.model_name: str(m._meta.verbose_name) for m in (*KINDS, *FACTS, Source, Term, Organization)}


@dataclass(frozen=True)
class Row:
    """One thing to do.

    `cells` is what is shown, by column, `form` the address at which it is mended, `traits` the values that it is
    filtered by, by parameter. `record` is the kind and permanent id of what “still correct” would confirm, and `name`
    what to call the row where its first cell does not say enough.
    """

    cells: dict
    form: str
    traits: dict = field(default_factory=dict)
    record: tuple = ()
    name: str = ""

    @property
    def title(self):
        return self.name or next(iter(self.cells.values()))

    @cached_property
    def folded(self):
        return fold(" ".join(map(readable, self.cells.values())))

    def has(self, wanted):
        """Tell whether the row has all these values: {parameter: value}."""
        return all(value in self.traits.get(name, ()) for name, value in wanted.items())

    def has_value(self, column):
        return self.cells.get(column) not in (None, "")


@dataclass(frozen=True)
class Heap:
    """A heap of work.

    `name` is the last part of its address, `hint` says in one sentence what it is and what to do. `rows` gives the rows
    for a user, `columns` their labels, the first of which leads to the form. `filters` gives for each parameter a
    function that returns its vocabulary, {value: label}. `opened_with` are the filters under which the first page
    counts the heap and opens it. `note` adds a sentence on its state. Only who has `permission` sees it.
    """

    name: str
    label: str
    hint: str
    columns: dict
    rows: Callable
    filters: dict = field(default_factory=dict)
    opened_with: dict = field(default_factory=dict)
    note: Callable = str  # says nothing
    can_be_confirmed: bool = False
    permission: str = "missions.view_mission"

    @property
    def address(self):
        query = urlencode(self.opened_with)
        return reverse("upkeep", args=[self.name]) + (f"?{query}" if query else "")

    def count(self, user):
        return sum(row.has(self.opened_with) for row in self.rows(user))


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    selected: bool


class Selection:
    """The rows of a heap that a query string asks for. `data` is a QueryDict. With any error there are none."""

    def __init__(self, heap, user, data):
        self.heap, self.user, self.data = heap, user, data

    @cached_property
    def all_rows(self):
        return self.heap.rows(self.user)

    @cached_property
    def vocabularies(self):
        return {name: vocabulary() for name, vocabulary in self.heap.filters.items()}

    @cached_property
    def filter_errors(self):
        known = [*PARAMETERS, *self.heap.filters]
        errors = parameters.unknown(self.data, known) | parameters.repeated(self.data, known)
        if "\0" in self.text or len(self.text) > MAX_TEXT:
            errors["q"] = [f"Use at most {MAX_TEXT} characters, without NUL."]
        for name, value in self.wanted.items():
            if value not in self.vocabularies[name]:
                some = ", ".join(list(self.vocabularies[name])[:12])
                errors.setdefault(name, [f"“{value[:40]}” is not a known {name}. Use one of: {some}."])
        if self.order.removeprefix("-") not in ("", *self.heap.columns):
            errors.setdefault("ordering", [f"Use one of: {', '.join(self.heap.columns)}, with “-” to turn it round."])
        return errors

    @cached_property
    def errors(self):
        """Return {parameter: [reason]}, empty if the query is sound."""
        asked, page = self.data.get("format", ""), self.data.get("page") or "1"
        if asked not in ("", "csv"):
            return self.filter_errors | {"format": ["Unknown format. Known: csv."]}
        if asked and "page" in self.data:
            return self.filter_errors | {"page": ["A csv holds all rows: leave this out."]}
        reasons = parameters.page_reasons(page, None if self.filter_errors else self.paginator)
        return self.filter_errors | ({"page": reasons} if reasons else {})

    @property
    def text(self):
        return self.data.get("q", "").strip()

    @property
    def order(self):
        return self.data.get("ordering", "")

    @cached_property
    def wanted(self):
        return {name: self.data[name] for name in self.heap.filters if self.data.get(name)}

    @cached_property
    def with_words(self):
        words = fold(self.text).split()
        return [row for row in self.all_rows if all(word in row.folded for word in words)]

    @cached_property
    def rows(self):
        """Return the rows asked for, in the order asked for; what an ordering leaves alike stays in the heap's."""
        if self.filter_errors:
            return []
        found, column = [row for row in self.with_words if row.has(self.wanted)], self.order.removeprefix("-")
        if not column:
            return found
        known = [row for row in found if row.has_value(column)]
        known.sort(key=lambda row: sortable(row.cells[column]), reverse=self.order.startswith("-"))
        return known + [row for row in found if not row.has_value(column)]

    @cached_property
    def paginator(self):
        return Paginator(self.rows, PAGE_SIZE)

    @cached_property
    def page(self):
        return [] if self.errors else self.paginator.page(int(self.data.get("page") or 1))

    def row_of(self, *record):
        """Return the row of the heap that stands for a record, or None."""
        return next((row for row in self.all_rows if row.record == record), None)

    @property
    def nearest_address(self):
        """The address of these rows, without the number of a page that there is no more."""
        data = self.data.copy()
        if "page" in self.errors:
            data.pop("page")
        return reverse("upkeep", args=[self.heap.name]) + (f"?{data.urlencode()}" if data else "")

    @property
    def facets(self):
        """Return (parameter, label, choices); a count is that of the rows with the value under all else that is asked.

        Values that no row has are left out, unless they are chosen.
        """
        if self.filter_errors:
            return []
        return [(name, name.replace("_", " ").capitalize(), self.choices(name)) for name in self.heap.filters]

    def choices(self, name):
        others = {n: v for n, v in self.wanted.items() if n != name}
        number = Counter(v for row in self.with_words if row.has(others) for v in row.traits.get(name, ()))
        chosen = self.wanted.get(name)
        return [
            Choice(value, label, number[value], value == chosen)
            for value, label in self.vocabularies[name].items()
            if number[value] or value == chosen
        ]

    def lines(self):
        """Return the heading and the rows of the CSV, the address of the form last."""
        names = list(self.heap.columns)
        return [[*names, "form"], *([*(cell(row.cells.get(n)) for n in names), str(row.form)] for row in self.rows)]


def readable(value):
    """Return a value as it is shown, and numbers also without commas."""
    if isinstance(value, int):
        return f"{value} {value:,}"
    return written_date(value) if isinstance(value, date) else str(value or "")


def sortable(value):
    return fold(value) if isinstance(value, str) else value


def cell(value):
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else value


def form_of(kind, key, field=""):
    """Return the address of the form of a record, at one of its fields if given; made out when it is shown."""
    form = reverse_lazy(f"admin:missions_{kind}_change", args=[key])
    return format_lazy("{}#id_{}", form, field) if field else form


def kinds(*models):
    """Return the function that gives the vocabulary of these kinds of records."""
    return lambda: {m._meta.model_name: NAMES[m._meta.model_name] for m in models}


def missions():
    """Return the vocabulary of missions: {slug: acronym}."""
    return dict(Mission.objects.order_by("acronym", "slug").values_list("slug", "acronym"))
