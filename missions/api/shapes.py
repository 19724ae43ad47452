"""Public fields as JSON Schema: types of the model fields, values of the vocabularies, the words of help_text."""

from django.db import models
from django.db.models.fields.related import ForeignObjectRel

from .. import codebook
from ..catalogue import model_field
from ..choices import Modality, TaskStrength
from ..models import FACTS, LISTED, TOPICS, ApproachDimension
from . import deprecations

PUBLIC = (*LISTED, *FACTS, ApproachDimension)

TEXT, FLAG, NUMBER = {"type": "string"}, {"type": "boolean"}, {"type": "integer"}
SLUGS = {"type": "array", "items": TEXT}


def closed(vocabulary):
    return {"type": "string", "enum": vocabulary.values}


# Of a property no model field says the type.
PROPERTIES = {
    "url": TEXT,
    "aliases": SLUGS,
    "regions": SLUGS,
    "predecessors": SLUGS,
    "successors": SLUGS,
    "sources": SLUGS,
    "renewal_unverified": FLAG,
    "modality": {"type": "array", "items": closed(Modality)},
    "kind": {"type": "string", "enum": list(TOPICS)},
    "entry": TEXT,
}
# What stands in a JSON field, as its validator demands.
JSON_FIELDS = {
    "tasks": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["task", "modality", "strength", "locator"],
            "properties": {
                "task": TEXT,
                "modality": {"type": "array", "items": closed(Modality)},
                "strength": closed(TaskStrength),
                "locator": TEXT,
            },
        },
    }
}
TYPES = (
    (models.JSONField, None),
    (models.BooleanField, FLAG),
    (models.IntegerField, NUMBER),
    (models.DateTimeField, {"type": "string", "format": "date-time"}),
    (models.DateField, {"type": "string", "format": "date"}),
    (models.CharField, TEXT),
    (models.TextField, TEXT),
)


def field_of(column):
    """Return the model field behind a column, or None where it is a property."""
    field = model_field(column.model, column.attribute)
    return getattr(field, "output_field", field)


def vocabulary_of(column):
    """Return the closed vocabulary that the values of a column come from, or None."""
    return codebook.VOCABULARIES.get(codebook.vocabulary_of(field_of(column)))


def type_of(column):
    """Return the JSON Schema of a column's values without words."""
    field = field_of(column)
    if field is None:
        return PROPERTIES[column.attribute]
    if field.is_relation:
        return relation(field)
    if vocabulary := vocabulary_of(column):
        return {"type": "string", "enum": [*vocabulary.values, *([""] if field.blank else [])]}
    if isinstance(field, models.JSONField):
        return JSON_FIELDS[column.attribute]
    plain = next(schema for kind, schema in TYPES if isinstance(field, kind))
    return plain | {"type": [plain["type"], "null"]} if field.null else plain


def relation(field):
    """Return the JSON Schema of a relation: the address of one record, those of many, or the records themselves."""
    one = not isinstance(field, ForeignObjectRel) and not field.many_to_many
    if one:  # a link to what is not published is null
        hidden = field.null or hasattr(field.related_model, "published_q")
        return {"type": ["string", "null"]} if hidden else TEXT
    is_fact = field.related_model.address_field == "permanent_id"
    return {"type": "array", "items": ref(field.related_model.__name__) if is_fact else TEXT}


def ref(name):
    return {"$ref": f"#/components/schemas/{name}"}


def with_words(segment, column):
    """Return the JSON Schema of a column with its label, definition and what is deprecated about it."""
    words = {"title": column.label} | ({"description": column.definition} if column.definition else {})
    for row in deprecations.rows_of(segment, column.name):
        words |= {"deprecated": True, "description": f"{words.get('description', '')} {row.note}".strip()}
    return type_of(column) | words


def record_schema(columns, segment="", description="", complete=False):
    """Return the JSON Schema of a record; only where it is `complete` nobody can choose among its fields."""
    schema = {"type": "object", "properties": {c.name: with_words(segment, c) for c in columns}}
    if description:
        schema["description"] = description
    return schema | ({"required": [c.name for c in columns]} if complete else {})
