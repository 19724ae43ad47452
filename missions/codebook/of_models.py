"""The public tables and what each of their fields means."""

from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from typing import get_args, get_origin, get_type_hints

from django.db import models

from ..catalogue import model_field, table_columns
from ..models import (
    FACTS,
    KINDS,
    ApproachDimension,
    Assessment,
    CaseStudy,
    Country,
    Event,
    Evidence,
    Figure,
    MandatedTask,
    Mission,
    Organization,
    Region,
    Source,
    Succession,
    Term,
)
from .vocabularies import VOCABULARIES, vocabulary_of

TABLES = {
    "missions": Mission,
    "figures": Figure,
    "events": Event,
    "tasks": MandatedTask,
    "assessments": Assessment,
    "evidence": Evidence,
    "successions": Succession,
    "dimensions": ApproachDimension,
    CaseStudy.url_segment: CaseStudy,
    **{model.url_segment: model for model in KINDS if model not in (CaseStudy, Mission)},
    "sources": Source,
    "glossary": Term,
    "countries": Country,
    "regions": Region,
    "organizations": Organization,
}
TYPES = {
    models.DateTimeField: "datetime",
    models.DateField: "date",
    models.IntegerField: "integer",
    models.BooleanField: "boolean",
    models.JSONField: "records",
}
COMPUTED_TYPES = {str: "string", bool: "boolean"}
UNITS = {(Figure, "value"): "persons or US dollars, as the field unit says"}


@dataclass(frozen=True)
class Field:
    """One field of a public table.

    `type` is string, integer, boolean, date, datetime, list (values joined by a semicolon) or records (JSON).
    `vocabulary` names the closed vocabulary of its values, `refers_to` the table and field that they are found in.
    """

    table: str
    name: str
    label: str
    type: str
    unit: str
    vocabulary: str
    refers_to: str
    is_required: bool
    definition: str

    @property
    def line(self):
        required = "true" if self.is_required else "false"
        parts = (self.table, self.name, self.label, self.type, self.unit, self.vocabulary, self.refers_to)
        return (*parts, required, self.definition)


FIELD_NAMES = {
    "table": "Name of the table.",
    "field": "Name of the field in data.",
    "label": "What pages call it.",
    "type": "string, integer, boolean, date, datetime, list (joined by a semicolon in CSV) or records (JSON).",
    "unit": "What one stands for.",
    "vocabulary": "Closed vocabulary that its values come from.",
    "refers_to": "Table and field in which its values are found.",
    "required": "Whether every published row has it.",
    "definition": "What it means.",
}


def table_of(model):
    """Return the name of the public table of a model, or ""."""
    return next((name for name, m in TABLES.items() if m is model), "")


def computed(model, attribute):
    """Return what a computed value is made of, as its annotation says: (type, what a list holds)."""
    hint = get_type_hints(getattr(model, attribute).fget).get("return")
    if get_origin(hint) is list:
        return "list", get_args(hint)[0]
    return COMPUTED_TYPES.get(hint, "string"), hint


def refers_to(target):
    name = isinstance(target, type) and issubclass(target, models.Model) and table_of(target)
    return f"{name}.{target.address_field.replace('permanent_id', 'id')}" if name else ""


def kind_of(model, attribute):
    """Return (type, vocabulary, what it refers to) of a field."""
    field = model_field(model, attribute)
    if field is None:
        kind, of = computed(model, attribute)
        vocabulary = next((name for name, v in VOCABULARIES.items() if v is of), "")
        return kind, vocabulary, refers_to(of)
    if field.is_relation:
        return "list" if field.many_to_many else "string", "", refers_to(field.related_model)
    stored = getattr(field, "output_field", field)
    return next((t for f, t in TYPES.items() if isinstance(stored, f)), "string"), vocabulary_of(field), ""


def required(model):
    """Return the names of the fields that no published row leaves empty."""
    if model in FACTS:
        return {"permanent_id", "mission", "source", model.date_field, *never_empty(model)}
    return never_empty(model) | (set(model().required_to_publish()) if model in KINDS else set())


def never_empty(model):
    return {f.name for f in model._meta.concrete_fields if not f.null and not f.blank}


def tables():
    """Return [(name, what a row is, fields)] of the public tables."""
    return [(name, cleandoc(model.__doc__), fields(model)) for name, model in TABLES.items()]


@cache
def fields(model):
    """Return the fields of the table of a model, in the order of its columns."""
    table, needed, found = table_of(model), required(model), []
    for column in table_columns(model):
        kind, vocabulary, target = kind_of(model, column.attribute)
        unit = UNITS.get((model, column.attribute), "")
        is_required = column.attribute in needed or (column.attribute == "url" and model_field(model, "url") is None)
        found.append(
            Field(table, column.name, column.label, kind, unit, vocabulary, target, is_required, column.definition)
        )
    return tuple(found)


def undefined():
    """Return what lacks a definition: tables, fields (“table.field”) and values (“vocabulary: value”)."""
    tables = [name for name, model in TABLES.items() if not (model.__doc__ or "").strip()]
    lacking = [f"{f.table}.{f.name}" for model in TABLES.values() for f in fields(model) if not f.definition]
    values = [
        f"{name}: {member}"
        for name, vocabulary in VOCABULARIES.items()
        for member in vocabulary
        if not getattr(member, "definition", name == "mission-type")
    ]
    return tables + lacking + values
