"""An entry with all its rows as data: taken, put back, compared, merged.

A state is a list of records as Django's serializers write them, `{"model", "pk", "fields"}`, the entry first. Drafts
hold one, and so does each revision. Rows that exist in a draft only have negative keys, so that they never meet the
key of a published row.
"""

import json
import secrets
from itertools import chain

from django.core import serializers
from django.db import transaction
from django.db.models import ForeignKey

from .models import KINDS
from .models.base import Entry

# Not part of what an editor writes: when, whether and in whose hands it is published.
EDITORIAL = ("stage", "published_at", "updated_at", "withdrawal_note", "withdrawal_kind", "merged_into", "lock")


def row_models(model):
    """Return [(row model, its foreign key to the entry)] of what belongs to an entry of this kind."""
    return [(field.model, field) for field in model.row_fields()]


def owner_of(row):
    """Return the entry that a row belongs to, and the name of the relation in which it is one of its rows."""
    for model in KINDS:
        for name, field in zip(model.row_relations, model.row_fields(), strict=True):
            if field.model is type(row):
                return getattr(row, field.name), name
    return None, ""


def rows_of(entry):
    """Return the saved rows that belong to an entry, in a fixed order."""
    found = (m._default_manager.filter(**{f.name: entry}).order_by("pk") for m, f in row_models(type(entry)))
    return list(chain.from_iterable(found))


def stored_fields(model):
    """Return the names of the fields that a state holds of one record."""
    fields = [f.name for f in model._meta.concrete_fields if not f.generated and not f.primary_key]
    fields += [f.name for f in model._meta.many_to_many]
    return [n for n in fields if n not in EDITORIAL] if issubclass(model, Entry) else fields


def written(objects):
    """Return objects of one model as records."""
    if not objects:
        return []
    names = stored_fields(type(objects[0]))
    records = json.loads(serializers.serialize("json", objects, fields=names))
    for record in records:
        for name, value in record["fields"].items():
            if isinstance(value, list) and objects[0]._meta.get_field(name).many_to_many:
                record["fields"][name] = sorted(value)
    return records


def take(entry):
    """Return the state of an entry as it stands in the database now."""
    groups = [list(m._default_manager.filter(**{f.name: entry}).order_by("pk")) for m, f in row_models(type(entry))]
    return list(chain.from_iterable(map(written, [[type(entry)._default_manager.get(pk=entry.pk)], *groups])))


def new_key():
    """Return a key for a row that exists in a draft only."""
    return -secrets.randbits(52) - 1


def as_draft(state, known):
    """Give the rows of a state that are not among the `known` records, by (model, pk), keys of drafts."""
    for record in state:
        if (record["model"], record["pk"]) not in known and record["pk"] > 0:
            record["pk"] = new_key()
    return state


def keys(state):
    return {(r["model"], r["pk"]) for r in state}


class LostError(Exception):
    """A state cannot be put back because what the entry itself needs is gone; the message names it."""


def missing_references(records, model):
    """Return {field name: keys that no longer exist} of what records of one model refer to."""
    missing = {}
    for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
        if not isinstance(field, ForeignKey) and not field.many_to_many:
            continue
        wanted = set()
        for record in records:
            value = record["fields"].get(field.name)
            wanted |= set(value if isinstance(value, list) else [value] if value is not None else [])
        found = set(field.related_model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
        if wanted - found:
            missing[field.name] = wanted - found
    return missing


def mended(records, model):
    """Return the records without what they refer to and is gone, and a sentence for each thing that was left out."""
    kept, remarks, missing = [], [], missing_references(records, model)
    for record in records:
        fields, is_whole = dict(record["fields"]), True
        for name, gone in missing.items():
            field, value = model._meta.get_field(name), fields.get(name)
            if isinstance(value, list):
                fields[name] = [v for v in value if v not in gone]
                lost = len(fields[name]) < len(value)
            else:
                lost = value in gone
                fields[name] = None if lost else value
            if lost:
                what = f"{model._meta.verbose_name}: {field.verbose_name} no longer exists"
                is_whole = is_whole and (field.many_to_many or field.null)
                remarks.append(what if is_whole else f"{what}; the row was left out")
        if is_whole:
            kept.append(record | {"fields": fields})
    return kept, remarks


def built(record):
    """Return a record as an object that is not saved, and its many-to-many values."""
    made = next(serializers.deserialize("json", json.dumps([record])))
    return made.object, made.m2m_data


@transaction.atomic
def put(entry, state):
    """Write a state into the rows of an entry and return what could not be put back, in words. Raises `LostError`.

    When, whether and by whom the entry is published stays as it is. Rows that differ are deleted and written anew, so
    that no order of writing can break a constraint that holds in the end.
    """
    entry_records, remarks = mended(state[:1], type(entry))
    if not entry_records:
        raise LostError("; ".join(remarks))
    by_model = {}
    for record in state[1:]:
        by_model.setdefault(record["model"], []).append(record)
    for model, field in row_models(type(entry)):
        wanted, said = mended(own_rows(by_model.get(model._meta.label_lower, []), model, field, entry), model)
        remarks += said
        put_rows(model, field, entry, wanted)
    put_entry(entry, entry_records[0])
    return remarks


def own_rows(records, model, field, entry):
    """Return the rows as those of this entry, with keys of their own where another entry's row has theirs."""
    others = set(
        model._default_manager.filter(pk__in=[r["pk"] for r in records])
        .exclude(**{field.name: entry}).values_list("pk", flat=True)
    )  # fmt: skip
    return [
        r | {"pk": new_key() if r["pk"] in others else r["pk"], "fields": r["fields"] | {field.name: entry.pk}}
        for r in records
    ]


def put_rows(model, field, entry, wanted):
    mine = model._default_manager.filter(**{field.name: entry})
    now = {r["pk"]: r for r in written(list(mine.order_by("pk")))}
    new = [r for r in wanted if now.get(r["pk"]) != r]
    stale = [pk for pk in now if pk not in {r["pk"] for r in wanted}] + [r["pk"] for r in new if r["pk"] in now]
    mine.filter(pk__in=stale).delete()
    model._default_manager.bulk_create([built(r)[0] for r in new])


def put_entry(entry, record):
    made, many = built(record)
    for name in stored_fields(type(entry)):
        field = entry._meta.get_field(name)
        if not field.many_to_many:
            setattr(entry, field.attname, getattr(made, field.attname))
    entry.save()
    for name, objects in many.items():
        getattr(entry, name).set(objects)


def settle(entry):
    """Give the rows that came from a draft keys of the database, once the entry is published with them."""
    for model, field in row_models(type(entry)):
        drafted = list(model._default_manager.filter(**{field.name: entry}, pk__lt=0).order_by("permanent_id"))
        model._default_manager.filter(pk__in=[r.pk for r in drafted]).delete()
        for row in drafted:
            row.pk = None
            row._state.adding = True
        model._default_manager.bulk_create(drafted)


def merge(base, theirs, mine):
    """Return `mine` with what only `theirs` changed since `base`, and {(model, pk, field)} that both changed.

    What both changed stays as in `mine`. A row that one deleted and the other changed is kept.
    """
    base, theirs = by_key(base), by_key(theirs)
    mine_by_key, both, merged = by_key(mine), set(), []
    for key, record in mine_by_key.items():
        old, new = base.get(key), theirs.get(key)
        if old is not None and new is None:  # deleted by them
            if record == old:
                continue
            both.add((*key, ""))
        elif old is not None and new is not None:
            fields = dict(record["fields"])
            for name in fields:
                if new["fields"].get(name) == old["fields"].get(name) or new["fields"].get(name) == fields[name]:
                    continue
                if fields[name] == old["fields"].get(name):
                    fields[name] = new["fields"].get(name)
                else:
                    both.add((*key, name))
            record = record | {"fields": fields}
        merged.append(record)
    for key, record in theirs.items():
        if key not in mine_by_key and base.get(key) != record:  # added by them, or changed by them and deleted by me
            merged.append(record)
            if key in base:
                both.add((*key, ""))
    return merged, both


def by_key(state):
    return {(r["model"], r["pk"]): r for r in state}
