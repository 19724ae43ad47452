"""One source in place of another, wherever it is cited: in facts, in the fields of entries and in their text."""

import re

from django.db import transaction

from . import workflow
from .models import FACTS, MODELS, Citation, Source


def relations():
    """Return every foreign key to a source except the index of citations, as (model, field name)."""
    related = [r for r in Source._meta.related_objects if r.related_model is not Citation]
    return [(r.related_model, r.field.name) for r in related]


def uses(source):
    """Return what cites a source, drafts included: [(model, objects)], entries before facts and other records."""
    found = {}
    for name, model in MODELS.items():
        entries = model.objects.filter(pk__in=source.citations.filter(kind=name).values("entry_id"))
        found[model] = {e.pk: e for e in entries}
    for model, field in relations():
        found.setdefault(model, {}).update((o.pk, o) for o in model._default_manager.filter(**{field: source}))
    return [(model, sorted(objects.values(), key=lambda o: o.pk)) for model, objects in found.items() if objects]


def recite(text, old, new):
    """Return `text` with its citations of one slug turned into those of another; locators stay."""
    return re.sub(rf"(?<=[\[ ;])@{re.escape(old)}(?=[\],; ])", f"@{new}", text)


@transaction.atomic
def replace_source(old, new):
    """Cite `new` wherever `old` is cited, and return the entries that changed. Nothing is left citing `old`."""
    found = dict(uses(old))
    entries = {(model, entry.pk): entry for model in MODELS.values() for entry in found.get(model, ())}
    for fact in (f for model in FACTS for f in found.get(model, ())):
        entries[type(fact.mission), fact.mission_id] = fact.mission
    for model, field in relations():
        model._default_manager.filter(**{field: old}).update(**{field: new})
    for model, pk in entries:
        entry = model.objects.get(pk=pk)
        for name in entry.prose_fields:
            setattr(entry, name, recite(getattr(entry, name), old.slug, new.slug))
        workflow.stamp(entry)
        entry.save()
        workflow.index_entry(entry)
    return list(entries.values())
