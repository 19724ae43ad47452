"""The closed vocabularies of public data."""

import re
from inspect import getmembers, isclass

from .. import choices
from ..models import Term

VALUE_NAMES = {
    "vocabulary": "Name of the vocabulary.",
    "value": "The value in data and addresses; it never changes.",
    "label": "What pages call it.",
    "definition": "What it means.",
}


def name_of(vocabulary):
    """Return the name of a vocabulary in data and addresses: `MissionType` is `mission-type`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", vocabulary.__name__).lower()


DEFINED = [v for _, v in getmembers(choices, isclass) if issubclass(v, choices.Defined) and v is not choices.Defined]
VOCABULARIES = {name_of(v): v for v in (choices.MissionType, *DEFINED)}


def vocabulary_of(field):
    """Return the name of the vocabulary that a model's field takes its values from, or ""."""
    offered = [c for c in getattr(getattr(field, "output_field", field), "choices", None) or () if c[0] != ""]
    return next((name for name, v in VOCABULARIES.items() if offered and v.choices == offered), "")


def values_of(name):
    """Return the values of a vocabulary: [{value, label, definition}]. Mission types are defined in the glossary."""
    vocabulary = VOCABULARIES[name]
    if vocabulary is choices.MissionType:
        told = dict(Term.objects.filter(vocabulary=choices.Vocabulary.MISSION_TYPE).values_list("slug", "definition"))
    else:
        told = {v.value: v.definition for v in vocabulary}
    return [{"value": v.value, "label": v.label, "definition": told.get(v.value, "")} for v in vocabulary]
