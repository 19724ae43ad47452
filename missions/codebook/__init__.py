"""What the public data means, read from the models: tables, fields, vocabularies, counting rules, other schemes."""

from dataclasses import asdict

from ..models import Term
from .crosswalk import MATCH_NAMES, MATCHES, SCHEMES
from .of_models import FIELD_NAMES, TABLES, Field, fields, table_of, tables, undefined
from .vocabularies import VALUE_NAMES, VOCABULARIES, values_of, vocabulary_of

__all__ = [
    "FIELD_NAMES",
    "MATCHES",
    "MATCH_NAMES",
    "SCHEMES",
    "TABLES",
    "VALUE_NAMES",
    "VOCABULARIES",
    "Field",
    "fields",
    "record",
    "table_of",
    "tables",
    "undefined",
    "values_of",
    "vocabulary_of",
]


def record():
    """Return the whole codebook as public data."""
    rules = Term.objects.filter(vocabulary="counting-rule").order_by("slug")
    return {
        "tables": [
            {"name": name, "definition": said, "fields": [dict(zip(FIELD_NAMES, f.line, strict=True)) for f in found]}
            for name, said, found in tables()
        ],
        "vocabularies": {name: values_of(name) for name in VOCABULARIES},
        "counting_rules": [{"value": r.slug, "label": r.label_text, "definition": r.definition} for r in rules],
        "crosswalk": [asdict(match) for match in MATCHES],
    }
