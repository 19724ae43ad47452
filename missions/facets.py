"""The values of facets, and which rows have them: kept in memory as bits, and brought up to date by what changed.

A facet is read once as pairs of (row, value); filtering and counting both rest on those pairs, so a count is the
number of rows that one gets. Row n is bit n of a number, so that a hundred thousand rows are counted in microseconds.
"""

from dataclasses import dataclass
from functools import cache
from threading import RLock
from typing import NamedTuple

from django.db.models import CharField, F, Max, Min, Q, Value
from django.db.models.functions import Cast
from django.utils.functional import cached_property

from . import databases, versions
from .databases import connection
from .models import ContentChange, Mission

MOST_CHANGES = 500  # with more, all is read anew


@dataclass(frozen=True)
class Path:
    """Where the values of a facet lie, seen from the rows of a list."""

    model: type
    parameter: str
    path: str

    @cached_property
    def end(self):
        """The related model at the end of the path, or None if it ends in a plain field."""
        return self.walk()[0]

    @cached_property
    def field(self):
        return self.walk()[1]

    def walk(self):
        model, field = self.model, None
        for step in self.path.split("__"):
            field = model._meta.get_field(step)
            model = field.related_model or model
        return (model if field.related_model else None), field

    def condition(self):
        """Every related row on the way must be published."""
        condition, prefix, model = self.model.published_q(), "", self.model
        for step in self.path.split("__"):
            model = model._meta.get_field(step).related_model
            prefix = f"{prefix}{step}__"
            if model and hasattr(model, "published_q"):
                condition &= model.published_q(prefix)
        return condition

    @property
    def value_path(self):
        return f"{self.path}__{self.end.address_field}" if self.end else self.path

    @property
    def label_path(self):
        return f"{self.path}__{getattr(self.end, 'short_label_field', self.end.label_field)}" if self.end else self.path

    @property
    def choices(self):
        """The closed vocabulary of a plain field, empty for a relation."""
        field = getattr(self.field, "output_field", self.field)
        return {} if self.end else {k: v for k, v in field.choices if k != ""}

    def known(self, values):
        """Return those of `values` that exist, whether or not any row has them."""
        if not self.end:
            return {v for v in values if v in self.choices}
        address = self.end.address_field
        rows = self.end._default_manager.filter(**{f"{address}__in": values})
        rows = rows.published() if hasattr(rows, "published") else rows
        return set(rows.values_list(address, flat=True))

    def having(self, values):
        """Return the primary keys of the rows that have one of `values`."""
        condition = self.condition() & Q(**{f"{self.value_path}__in": values})
        return self.model._default_manager.filter(condition).order_by().values("pk")

    def tables(self):
        """Yield the tables that the path leads through."""
        model = self.model
        for step in self.path.split("__"):
            field = model._meta.get_field(step)
            if field.many_to_many:
                yield (field.remote_field if field.concrete else field).through._meta.db_table
            if field.related_model:
                model = field.related_model
                yield model._meta.db_table

    def pairs(self):
        """Return (parameter, primary key, value, label) of every row and value."""
        # One filter() call, so that all conditions hold for the same related row; exclude() would not do that.
        condition = self.condition() & Q(**{f"{self.value_path}__gt": ""})
        text = CharField()
        return (
            self.model._default_manager.filter(condition)
            .order_by()
            .values_list(
                Value(self.parameter, output_field=text),
                F("pk"),
                Cast(self.value_path, text),
                Cast(self.label_path, text),
            )
        )


@cache
def paths(model):
    return {name: Path(model, name, path) for name, path in model.filter_fields.items()}


def bits(keys):
    """Return a number in which bit n is set for every key n."""
    keys = list(keys)
    found = bytearray(max(keys, default=0) // 8 + 1)
    for key in keys:
        found[key >> 3] |= 1 << (key & 7)
    return int.from_bytes(found, "little")


class Found(NamedTuple):
    """The published rows of a kind as bits, {parameter: {value: rows as bits}}, and {(parameter, value): label}."""

    rows: int
    rows_of: dict
    labels: dict


class Index:
    """Which published rows of a kind there are, and which of them have which values."""

    def __init__(self, model):
        self.model, self.lock = model, RLock()
        self.version = self.change = None
        self.rows, self.rows_of, self.labels = 0, {}, {}

    def pairs(self, keys=None):
        """Yield (parameter, primary key, value, label) of all rows, or of some; the row itself has no parameter."""
        published = self.model._default_manager.published().order_by()
        text = CharField()
        empty = Value("", output_field=text)
        parts = [published.values_list(Value("", output_field=text), F("pk"), empty, empty)]
        parts += [path.pairs() for path in paths(self.model).values()]
        if keys is not None:
            parts = [part.filter(pk__in=keys) for part in parts]
        first, *rest = parts
        return (first.union(*rest, all=True) if rest else first).iterator(chunk_size=10_000)

    def read(self, keys=None):
        """Read the pairs of all rows, or of some, as (rows, {parameter: {value: rows}})."""
        rows, keys_of = [], {name: {} for name in paths(self.model)}
        for name, key, value, label in self.pairs(keys):
            if name:
                keys_of[name].setdefault(value, []).append(key)
                self.labels[name, value] = paths(self.model)[name].choices.get(value, label)
            else:
                rows.append(key)
        return bits(rows), {name: {v: bits(k) for v, k in values.items()} for name, values in keys_of.items()}

    def read_all(self):
        self.labels = {}
        self.rows, self.rows_of = self.read()

    def read_some(self, keys):
        """Bring some rows up to date."""
        rows, rows_of = self.read(keys)
        others = ~bits(keys)
        self.rows = self.rows & others | rows
        for name, values in self.rows_of.items():
            new = rows_of[name]
            for value in {*values, *new}:
                values[value] = values.get(value, 0) & others | new.get(value, 0)
            self.rows_of[name] = {value: found for value, found in values.items() if found}

    @cached_property
    def tables(self):
        """The tables from which the values come."""
        return {self.model._meta.db_table, *(t for path in paths(self.model).values() for t in path.tables())}

    def changed(self, last):
        """Return the keys of the rows that changed since; None if that cannot be told, or they are too many."""
        if self.change is None:
            return None
        first = ContentChange.objects.aggregate(Min("pk"))["pk__min"]
        if last < self.change or (first or 0) > self.change + 1:
            return None
        since = ContentChange.objects.filter(pk__gt=self.change, table__in=self.tables)
        keys = set(since.values_list("mission_id", flat=True).distinct()[: MOST_CHANGES + 1])
        is_known = self.model is Mission and None not in keys and len(keys) <= MOST_CHANGES
        return keys if is_known or not keys else None

    def refresh(self, version):
        """Bring the index to a version of the content; what it reads may be newer, and is then read again."""
        last = ContentChange.objects.aggregate(Max("pk"))["pk__max"] or 0
        same_clock = self.version and self.version.partition(".")[2] == version.partition(".")[2]
        keys = self.changed(last) if same_clock else None
        if keys is None:
            self.read_all()
        elif keys:
            self.read_some(keys)
        self.version, self.change = version, last

    def copy(self):
        """Return what it holds now, which no later change touches."""
        return Found(self.rows, {name: dict(values) for name, values in self.rows_of.items()}, dict(self.labels))


indexes = {}  # {(database, model): Index}, as a replica may be behind


def index(model):
    """Return which published rows of a kind there are now, and which of them have which values.

    Inside a transaction, which may be undone or hold a draft, they are read for this question alone.
    """
    version = None if connection.in_atomic_block else versions.current()
    if version is None:
        own = Index(model)
        own.read_all()
        return own.copy()
    kept = indexes.setdefault((databases.alias(), model), Index(model))
    with kept.lock:
        if kept.version != version:
            kept.refresh(version)
        return kept.copy()
