"""The cells of many rows, read without making an object of everything that a row refers to.

In a table a relation is the address of what it leads to. So addresses are read once, rows as plain values, and which
row leads where as pairs of keys. Cells are made of whole columns of some thousand rows, of which most need no change.
"""

import datetime
from collections import defaultdict
from functools import cached_property, lru_cache
from itertools import islice

from django.db.models import CharField, DateField, DateTimeField, Func

from ..catalogue import as_data, for_output, in_cell, model_field, moment, related_rows, table_columns
from ..databases import connection
from ..facets import Path
from ..models import Evidence
from ..models.base import Listed, addresses_of

CHUNK = 2_000  # rows fetched at a time, so that memory does not grow with the table
BY_OBJECT = (Evidence,)  # what it is about is a property, which reads the entry
OBJECTS = 500  # fetched at a time
AS_THEY_ARE = {str, int, float}  # types of values that are cells already
OR_NONE = AS_THEY_ARE | {type(None)}
MADE = {
    type(None): lambda none: "",
    bool: ("false", "true").__getitem__,
    datetime.date: datetime.date.isoformat,
    datetime.datetime: moment,
    list: in_cell,
}


class AsText(Func):
    """A day or time as SQLite keeps it: a time in UTC, as ISO 8601 has it but for two marks. Made a day or time of, it
    takes much longer."""

    template, output_field = "CAST(%(expressions)s AS text)", CharField()


class Batch:
    """Some rows of a table, as the columns of their values."""

    def __init__(self, model, names, rows):
        self.model = model
        self.columns = dict(zip(names, zip(*rows, strict=True), strict=True))

    @cached_property
    def objects(self):
        """The rows as objects, for properties, which read only the row itself and no time that is read as text."""
        times, made = as_text(self.model, DateTimeField), []
        kept = {name: column for name, column in self.columns.items() if name not in times}
        for name in as_text(self.model, DateField):
            kept[name] = [day and datetime.date.fromisoformat(day) for day in kept[name]]
        for values in zip(*kept.values(), strict=True):
            row = self.model.__new__(self.model)
            row.__dict__.update(zip(kept, values, strict=True))
            made.append(row)
        return made

    @property
    def keys(self):
        return self.columns[self.model._meta.pk.attname]


def as_text(model, kind):
    """Return the names of the fields of one kind, of days or of times, that are read `AsText`."""
    if connection.vendor != "sqlite":
        return []
    return [f.attname for f in model._meta.concrete_fields if type(f) is kind]  # a time is a day to `isinstance`


class One:
    """The addresses to which relations to one entry of a kind lead; none of what is not public."""

    def __init__(self, target):
        self.rows, self.field = related_rows(target).select_related(None), target.address_field
        self.names, self.known = [], {None: ""}

    def read(self, batch):
        """Read where the rows of a batch lead, as far as that is not known."""
        new = {key for name in self.names for key in batch.columns[name]} - self.known.keys()
        if new:
            self.known |= dict.fromkeys(new, "") | dict(self.rows.filter(pk__in=new).values_list("pk", self.field))


class Links:
    """Which rows of a relation to many lead where, as {key of a row: keys}."""

    def __init__(self, model, name):
        relation = model._meta.get_field(name)
        field = relation if relation.concrete else relation.remote_field
        ends = field.m2m_column_name(), field.m2m_reverse_name()
        self.ends, self.keys = ends if relation.concrete else ends[::-1], {}
        self.table = field.remote_field.through._meta.db_table

    def read(self, batch):
        """Read where the rows of a batch lead. Keys are numbers, so they are safe to stand in the question itself."""
        quoted = connection.ops.quote_name
        own, other = map(quoted, self.ends)
        keys = ",".join([f"{key:d}" for key in batch.keys])
        question = f"SELECT {own}, {other} FROM {quoted(self.table)} WHERE {own} IN ({keys})"  # noqa: S608
        found = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(question)
            for row, key in cursor.fetchall():
                found[row].append(key)
        self.keys = {row: tuple(keys) for row, keys in found.items()}


class Many:
    """The addresses to which a relation to many leads, in the order in which they stand."""

    def __init__(self, links, target, in_order=None, beyond=None):
        """With `beyond`, {key: keys}, it leads on from where the links lead."""
        self.links, self.beyond = links, beyond
        rows = related_rows(target).select_related(None)
        if in_order:
            known = [(row.pk, row.address) for row in sorted(rows, key=in_order)]
        else:
            known = list(rows.values_list("pk", target.address_field))
        self.place, self.addresses = {key: n for n, (key, _) in enumerate(known)}, [address for _, address in known]
        self.cell = lru_cache(maxsize=CHUNK)(self.joined)  # many rows lead to the same

    def joined(self, keys):
        """Return the cell of a row that leads to `keys`."""
        if self.beyond is not None:
            keys = {further for key in keys for further in self.beyond.get(key, ())}
        places = sorted([self.place[key] for key in keys if key in self.place])
        return ";".join([self.addresses[place] for place in places])

    def column(self, batch):
        lead = self.links.keys.get
        return [self.cell(lead(key, ())) for key in batch.keys]


def pairs_of(model, path):
    """Return {key: keys} of where the rows of a small table lead."""
    found = defaultdict(list)
    for key, end in model._default_manager.filter(**{f"{path}__isnull": False}).order_by().values_list("pk", path):
        found[key].append(end)
    return found


def plain_cells(values):
    """Return the cells of a column of values."""
    types = set(map(type, values))
    if types <= AS_THEY_ARE:
        return values
    if types <= OR_NONE:
        return ["" if value is None else value for value in values]
    return [MADE.get(type(value), made)(value) for value in values]


def made(value):
    return in_cell(as_data(value))


class Reader:
    """Reads rows of one table as lists of cells."""

    def __init__(self, model):
        self.model, self.ones, self.links = model, {}, {}
        self.names = [f.attname for f in model._meta.concrete_fields]
        self.columns = [self.column(column.attribute) for column in table_columns(model)]

    def column(self, name):
        """Return the function that makes the cells of a column for a batch of rows."""
        field, path = model_field(self.model, name), getattr(self.model, "prefetch", {}).get(name)
        if path:
            head, _, rest = path.partition("__")
            end, middle = Path(self.model, name, path).end, self.model._meta.get_field(head).related_model
            return Many(self.link(head), end, end.reading_order, pairs_of(middle, rest)).column
        computed = None if field else getattr(self.model, name)
        if computed is Listed.url:
            return lambda batch: addresses_of(self.model._meta.model_name, batch.columns[self.model.address_field])
        if computed:
            function = computed.fget
            return lambda batch: plain_cells([function(row) for row in batch.objects])
        if field.many_to_many:
            return Many(self.link(name), field.related_model).column
        if field.is_relation:
            return self.to_one(field.related_model, field.attname)
        if field.attname in as_text(self.model, DateTimeField):
            return lambda batch: [f"{t[:10]}T{t[11:19]}Z" if t else "" for t in batch.columns[field.attname]]
        return lambda batch: plain_cells(batch.columns[field.attname])

    def link(self, name):
        return self.links.setdefault(name, Links(self.model, name))

    def to_one(self, target, name):
        one = self.ones.setdefault(target, One(target))
        one.names.append(name)
        return lambda batch: [one.known[key] for key in batch.columns[name]]

    def read(self, rows):
        """Yield the rows of a queryset as lists of cells."""
        texts = {*as_text(self.model, DateField), *as_text(self.model, DateTimeField)}
        asked = [AsText(name) if name in texts else name for name in self.names]
        found = rows.values_list(*asked).iterator(chunk_size=CHUNK)
        while some := list(islice(found, CHUNK)):
            batch = Batch(self.model, self.names, some)
            for relation in (*self.ones.values(), *self.links.values()):
                relation.read(batch)
            yield from map(list, zip(*(column(batch) for column in self.columns), strict=True))


def cells(rows):
    """Yield the rows of a queryset as lists of cells, in the order of the columns of its table."""
    if rows.model not in BY_OBJECT:
        yield from Reader(rows.model).read(rows)
        return
    for row in for_output(rows).iterator(chunk_size=OBJECTS):
        yield [column.cell(row) for column in table_columns(rows.model)]
