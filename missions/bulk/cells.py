"""Which columns a table of one kind of record has, and how each value is written in a cell and read from it.

Columns are called as in public data, relations are named by their address, several of them joined by a semicolon.
Text and lists in, text and lists out: a table that was exported and not touched reads as what is stored.
"""

import hashlib
import json
import re
from contextlib import suppress
from functools import cache, cached_property

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, DateField, ForeignKey, IntegerField, JSONField
from django.utils.dateparse import parse_date

from ..catalogue import PUBLIC_NAMES
from ..differences import parents
from ..exports import unguarded
from ..models import FACTS, KINDS, Country, Organization, Source, Succession, Term
from ..snapshot import stored_fields

IMPORTABLE = (*KINDS, *FACTS, Succession, Source, Term, Country, Organization)
LOCK = "lock"
YES, NO = ("true", "yes", "1"), ("false", "no", "0")
WHOLE = re.compile(r"[+-]?[0-9]{1,19}")
NAMED = 5  # of unknown names in one message


def owner_field(model):
    """Return the name of the relation to the entry that a record belongs to, or "" if it stands by itself."""
    return parents().get(model, "")


@cache
def columns(model):
    """Return {column: field} of what a table may set, the key and the entry that it belongs to first."""
    names = [n for n in stored_fields(model) if n != "updated_at"]
    first = [n for n in ("permanent_id", owner_field(model)) if n in names]
    return {column_of(n): model._meta.get_field(n) for n in dict.fromkeys([*first, *names])}


def known(model):
    """Return the names of all columns that a table may have."""
    return [*columns(model), LOCK]


def column_of(name):
    """Return the column in which the field with this name stands."""
    return PUBLIC_NAMES.get(name, name)


def lock_of(obj):
    """Return what tells one version of a record from the next: its lock, that of its entry, or a digest of its values.

    Read from the database as it stands in `obj`; its relations must be fetched.
    """
    if name := owner_field(type(obj)):
        return getattr(obj, name).lock
    if isinstance(obj, KINDS):
        return obj.lock
    values = [write(field, obj) for field in columns(type(obj)).values()]
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:32]


def fetched(queryset):
    """Return the queryset with all that its cells read fetched along."""
    relations = [f.name for f in columns(queryset.model).values() if f.related_model]
    return queryset.prefetch_related(*relations)  # a join would make an object of a mission for each of its facts


def stored(field, obj):
    """Return the value of a field in the form in which `Names.read` returns values, so that both can be compared."""
    if field.many_to_many:
        return sorted(o.pk for o in getattr(obj, field.name).all())
    value = getattr(obj, field.attname)
    return tidy(value) if isinstance(value, str) else value


def tidy(text):
    """Return text without what forms strip and XLSX cannot hold."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def write(field, obj):
    """Return the value of a field as one cell: text, or a number."""
    if field.many_to_many:
        return ";".join(sorted(o.address for o in getattr(obj, field.name).all()))
    if isinstance(field, ForeignKey):
        return getattr(getattr(obj, field.name), "address", "")
    value = getattr(obj, field.attname)
    if isinstance(field, JSONField):
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, bool):
        return YES[0] if value else NO[0]
    if isinstance(value, int):
        return value
    return "" if value is None else str(value)


class Names:
    """Reads cells; looks up the records that they name, all of one kind in one query."""

    def __init__(self, model):
        self.model, self.fields = model, columns(model)

    @cached_property
    def addresses(self):
        """Return {field name: {address: key}} of all that relations may name."""
        found = {}
        for field in self.fields.values():
            if related := field.related_model:
                rows = related._default_manager.complex_filter(field.get_limit_choices_to())
                found[field.name] = dict(rows.values_list(related.address_field, "pk"))
        return found

    def read(self, field, text):
        """Return the value that a cell holds. Raises `ValidationError` with a sentence for the editor."""
        if field.many_to_many:
            return self.several(field, text)
        text = text.strip()
        if not text:
            return empty(field)
        if isinstance(field, ForeignKey):
            return self.one(field, text)
        if field.choices:
            return chosen(field, text)
        for kind, reader in READERS.items():
            if isinstance(field, kind):
                return reader(text)
        return tidy(unguarded(text))

    def one(self, field, text):
        key = self.addresses[field.name].get(text)
        if key is None:
            raise ValidationError(self.missing(field, [text]))
        return key

    def several(self, field, text):
        names = list(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))
        if unknown := [n for n in names if n not in self.addresses[field.name]]:
            raise ValidationError(self.missing(field, unknown))
        if not names and not field.blank:
            raise ValidationError("This may not be empty.")
        return sorted(self.addresses[field.name][n] for n in names)

    def missing(self, field, names):
        some = ", ".join(f"“{n[:80]}”" for n in names[:NAMED]) + (" and others" if len(names) > NAMED else "")
        kind, key = field.related_model._meta.verbose_name, field.related_model.address_field
        kind = field.get_limit_choices_to().get("vocabulary", "").replace("-", " ") or kind
        what = {"slug": "address", "iso3": "ISO code"}.get(key, key)
        return f"There is no {kind} with the {what} {some}. Add it first or correct it."


def empty(field):
    """Return what an empty cell means."""
    if field.null:
        return None
    if isinstance(field, JSONField):
        return field.get_default()
    if isinstance(field, (ForeignKey, IntegerField, BooleanField, DateField)) or not field.blank:
        raise ValidationError("This may not be empty.")
    return ""


def chosen(field, text):
    values = [v for v, _ in field.flatchoices if v]
    if text not in values:
        raise ValidationError(f"Use one of: {', '.join(values)}.")
    return text


def yes_or_no(text):
    if text.lower() not in YES + NO:
        raise ValidationError("Use true or false.")
    return text.lower() in YES


def whole(text):
    if not WHOLE.fullmatch(text):
        raise ValidationError("Use a whole number with the digits 0 to 9 only, such as 12000.")
    return int(text)


def day(text):
    with suppress(ValueError):
        if text.isascii() and (found := parse_date(text)):
            return found
    raise ValidationError("Write the date as year-month-day, such as 2001-02-03.")


def parsed(text):
    try:
        return json.loads(unguarded(text))
    except (ValueError, RecursionError) as error:
        raise ValidationError("This is no JSON. Write a list such as an export shows.") from error


READERS = {BooleanField: yes_or_no, IntegerField: whole, DateField: day, JSONField: parsed}
