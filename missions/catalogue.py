"""How a public field is labelled, defined, and read as a value (JSON) or a cell (CSV)."""

import datetime
import json
from dataclasses import dataclass
from functools import cache
from inspect import getdoc

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Exists, Manager, Model, OuterRef, Prefetch, QuerySet
from django.utils.text import capfirst

from .models import FACTS, KINDS, Change

PUBLIC_NAMES = {"permanent_id": "id", "label_text": "label"}


def moment(when):
    """Return a time as public data has it: UTC, to the second."""
    return when.astimezone(datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(frozen=True)
class Column:
    """One public field or property of a model."""

    model: type
    attribute: str
    name: str
    label: str
    definition: str

    def related(self, obj):
        """Return the related objects that may be shown: links to unpublished entries are dropped."""
        raw = getattr(obj, self.attribute)
        if isinstance(raw, Manager):
            raw = raw.all()
        if isinstance(raw, Model):
            raw = [raw]
        return [r for r in raw or [] if getattr(r, "is_published", True)]

    def value(self, obj):
        """Return the value as JSON knows it; relations are addresses, facts are records."""
        raw = getattr(obj, self.attribute)
        if isinstance(raw, Model):
            shown = self.related(obj)
            return shown[0].address if shown else None
        if isinstance(raw, (Manager, QuerySet)) or (isinstance(raw, list) and raw and isinstance(raw[0], Model)):
            return [self.item(r) for r in self.related(obj)]
        return as_data(raw)

    def item(self, related):
        return record(related) if related.address_field == "permanent_id" else related.address

    def cell(self, obj):
        """Return the value as one CSV cell."""
        return in_cell(self.value(obj))


def as_data(raw):
    """Return a value of a field as JSON knows it."""
    if isinstance(raw, datetime.datetime):
        return moment(raw)
    return raw.isoformat() if isinstance(raw, datetime.date) else raw


def in_cell(value):
    """Return a value as one CSV cell: several values are joined by a semicolon, records are JSON."""
    if isinstance(value, list):
        is_data = any(isinstance(v, dict) for v in value)
        return json.dumps(value, ensure_ascii=False) if is_data else ";".join(str(v) for v in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def model_field(model, attribute):
    """Return the field of a model, or None for a computed value."""
    try:
        return model._meta.get_field(attribute)
    except FieldDoesNotExist:
        return None


def column(model, attribute):
    name = PUBLIC_NAMES.get(attribute, attribute)
    field = model_field(model, attribute)
    if field is None:
        definition = getdoc(getattr(model, attribute)) or ""
        return Column(model, attribute, name, capfirst(name.replace("_", " ")), definition)
    if field.auto_created:
        definition = getdoc(field.related_model) or ""
        return Column(model, attribute, name, capfirst(name.replace("_", " ")), definition)
    label = capfirst(str(field.verbose_name))
    return Column(model, attribute, name, label, str(field.help_text))


@cache
def columns(model, detail=False):
    """Return the columns of a model in order: those of its lists, and with `detail` those of its page."""
    return tuple(column(model, a) for a in (*model.public_fields, *(getattr(model, "detail_fields", ()) * detail)))


@cache
def table_columns(model):
    """Return the columns of a table of its own: rows that elsewhere stand inside their entry say which it is."""
    first = [a for a in ("permanent_id", parent_of(model)) if a and a not in model.public_fields]
    has_id = "permanent_id" in {f.name for f in model._meta.fields}
    return tuple(column(model, a) for a in first if a != "permanent_id" or has_id) + columns(model)


@cache
def parent_of(model):
    """Return the name of the relation to the entry that a row belongs to, or ""."""
    owned = {f.model: f.name for kind in KINDS for f in kind.row_fields()}
    return owned.get(model, "")


def record(obj, detail=False, only=None):
    """Return one object as a dictionary of public names and JSON values; of those in `only`, if given."""
    return {c.name: c.value(obj) for c in columns(type(obj), detail) if only is None or c.name in only}


def for_output(queryset, detail=False, preview=False, at=None, only=None):
    """Return the queryset with all that its columns read fetched along; with `only`, what the columns so named read.

    Related rows are published ones only; in a `preview` the facts that will be public once the entry itself is. With
    a day `at` only the facts known by then.
    """
    model = queryset.model
    names = {c.attribute for c in columns(model, detail) if only is None or c.name in only}
    fields = [f for f in model._meta.get_fields() if f.name in names and (f.one_to_many or f.many_to_many)]
    lookups = [Prefetch(f.name, queryset=related_rows(f.related_model, preview, at)) for f in fields]
    if detail and model in KINDS:  # most entries have no change to tell of, and so need no query for it
        told = Change.objects.public().filter(permanent_id=OuterRef("permanent_id"))
        queryset = queryset.annotate(has_changes=Exists(told))
    along = [name for name in getattr(model, "read_with", ()) if only is None or name in names]
    further = [relation for name, relation in getattr(model, "prefetch", {}).items() if name in names]
    return queryset.select_related(*along, *filter(None, [parent_of(model)])).prefetch_related(*lookups, *further)


def related_rows(model, preview=False, at=None):
    rows = model._default_manager.select_related(*getattr(model, "read_with", ()))
    if at and model in FACTS:
        rows = rows.known_by(at)
    if preview and model in FACTS:
        return rows.filter(model.own_q())
    return rows.published() if hasattr(rows, "published") else rows
