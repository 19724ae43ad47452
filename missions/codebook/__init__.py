"""What the public data means, read from the models: tables, fields, vocabularies, counting rules, other schemes."""

from .crosswalk import MATCHES, SCHEMES, Match
from .fields import TABLES, Field, fields, table_of, undefined
from .vocabularies import VOCABULARIES, values_of, vocabulary_of

__all__ = [
    "MATCHES",
    "SCHEMES",
    "TABLES",
    "VOCABULARIES",
    "Field",
    "Match",
    "fields",
    "table_of",
    "undefined",
    "values_of",
    "vocabulary_of",
]
