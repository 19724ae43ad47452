"""The cells of many rows, read without making an object of everything that a row refers to.

In a table a relation is the address of what it leads to. So addresses are read once, rows as plain values, and which
row leads where as pairs of keys: a tenth of the work, in tables of a hundred thousand rows.
"""

from itertools import islice

from ..catalogue import as_data, for_output, in_cell, model_field, related_rows, table_columns
from ..facets import Path
from ..models import Evidence

CHUNK = 2_000  # rows fetched at a time, so that memory does not grow with the table
BY_OBJECT = (Evidence,)  # what it is about is a property, which reads the entry
OBJECTS = 500  # fetched at a time


class One:
    """The addresses to which relations to one entry of a kind lead; none of what is not public."""

    def __init__(self, target):
        self.rows, self.field = related_rows(target).select_related(None), target.address_field
        self.places, self.known = [], {None: ""}

    def read(self, batch):
        """Read where the rows of a batch lead, given as their values, as far as that is not known."""
        new = {values[at] for at in self.places for values in batch} - self.known.keys()
        if new:
            self.known |= dict.fromkeys(new, "") | dict(self.rows.filter(pk__in=new).values_list("pk", self.field))


class Many:
    """The addresses to which a relation to many leads, in the order in which they stand."""

    def __init__(self, model, path, target, key, in_order=None):
        self.model, self.path, self.key = model, path, key
        rows = related_rows(target).select_related(None)
        if in_order:
            self.known = {row.pk: row.address for row in sorted(rows, key=in_order)}
        else:
            self.known = dict(rows.values_list("pk", target.address_field))
        self.place = {key: n for n, key in enumerate(self.known)}
        self.keys = {}

    def read(self, batch):
        """Read where the rows of a batch lead, given as their values."""
        rows, self.keys = [values[self.key] for values in batch], {}
        leading = self.model._default_manager.filter(pk__in=rows, **{f"{self.path}__isnull": False}).order_by()
        for row, key in leading.values_list("pk", self.path):
            if key in self.known:
                self.keys.setdefault(row, set()).add(key)

    def cell(self, values):
        found = self.keys.get(values[self.key], ())
        return ";".join(self.known[key] for key in sorted(found, key=self.place.__getitem__))


class Reader:
    """Reads rows of one table as lists of cells."""

    def __init__(self, model):
        self.model, self.ones, self.manies = model, {}, []
        self.names = [f.attname for f in model._meta.concrete_fields]
        self.key = self.names.index(model._meta.pk.attname)
        self.cells = [self.cell(column.attribute) for column in table_columns(model)]

    def cell(self, name):
        """Return the function that makes the cell of a column of the values of a row."""
        field, path = model_field(self.model, name), getattr(self.model, "prefetch", {}).get(name)
        if path:
            end = Path(self.model, name, path).end
            return self.to_many(path, end, end.reading_order)
        if field is None:
            return self.computed(getattr(self.model, name).fget)
        if field.one_to_many or field.many_to_many:
            return self.to_many(name, field.related_model)
        at = self.names.index(field.attname)
        if field.is_relation:
            return self.to_one(field.related_model, at)
        return lambda values: in_cell(as_data(values[at]))

    def to_one(self, target, at):
        one = self.ones.setdefault(target, One(target))
        one.places.append(at)
        return lambda values: one.known[values[at]]

    def to_many(self, path, target, in_order=None):
        self.manies.append(Many(self.model, path, target, self.key, in_order))
        return self.manies[-1].cell

    def computed(self, function):
        """Return the function that makes the cell of a property, which reads nothing but the row itself."""

        def cell(values):
            row = self.model.__new__(self.model)
            row.__dict__.update(zip(self.names, values, strict=True))
            return in_cell(as_data(function(row)))

        return cell

    def read(self, rows):
        """Yield the rows of a queryset as lists of cells."""
        found = rows.values_list(*self.names).iterator(chunk_size=CHUNK)
        while batch := list(islice(found, CHUNK)):
            for relation in (*self.ones.values(), *self.manies):
                relation.read(batch)
            for values in batch:
                yield [cell(values) for cell in self.cells]


def cells(rows):
    """Yield the rows of a queryset as lists of cells, in the order of the columns of its table."""
    if rows.model not in BY_OBJECT:
        yield from Reader(rows.model).read(rows)
        return
    for row in for_output(rows).iterator(chunk_size=OBJECTS):
        yield [column.cell(row) for column in table_columns(rows.model)]
