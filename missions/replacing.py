"""One source in place of another, wherever it is cited: in facts, fields and text of entries, and in drafts."""

import re

from django.apps import apps

from . import batches, drafts, history, snapshot, workflow
from .models import MODELS, TAUGHT, Citation, Draft, Source
from .models.base import Entry, new_lock


def relations():
    """Return every foreign key to a source except the index of citations, as (model, field name)."""
    related = [r for r in Source._meta.related_objects if r.related_model is not Citation]
    return [(r.related_model, r.field.name) for r in related]


def uses(source):
    """Return what cites a source, drafts included: [(model, objects)], entries before facts and other records."""
    found = {}
    for name, model in (MODELS | {m._meta.model_name: m for m in TAUGHT}).items():
        cited_by = source.citations.filter(kind__in=(name, f"draft-{name}")).values("entry_id")
        found[model] = {e.pk: e for e in model.objects.filter(pk__in=cited_by)}
    for model, field in relations():
        found.setdefault(model, {}).update((o.pk, o) for o in model._default_manager.filter(**{field: source}))
    return [(model, sorted(objects.values(), key=lambda o: o.pk)) for model, objects in found.items() if objects]


def recite(text, old, new):
    """Return `text` with its citations of one slug turned into those of another; locators stay."""
    return re.sub(rf"(?<=[\[ ;])@{re.escape(old)}(?=[\],; ])", f"@{new}", text)


def replace_source(old, new, user):
    """Cite `new` wherever `old` is cited, as one batch, and return the entries that changed. None cites `old` then."""
    citing = [obj for _, objects in uses(old) for obj in objects]
    taught, used = ([o for o in citing if isinstance(o, TAUGHT) == is_taught] for is_taught in (True, False))
    owners = [obj if isinstance(obj, Entry) else snapshot.owner_of(obj)[0] for obj in used]
    entries = {(type(e), e.pk): e for e in owners if e is not None}
    pending = [d for e in entries.values() if (d := Draft.objects.of(e)).content]
    were_behind = {d.pk for d in pending if d.is_behind}
    with batches.changing(user, f"{old} replaced by {new}", f"Cites {new} in place of {old}.") as made:
        for entry in entries.values():
            made.before(entry)
            for name in entry.prose_fields:
                setattr(entry, name, recite(getattr(entry, name), old.slug, new.slug))
            entry.save()
        for model, field in relations():
            model._default_manager.filter(**{field: old}).update(**{field: new})
    for obj in taught:
        replace_in_taught(obj, old, new, user)
    for draft in pending:
        replace_in_draft(draft, old, new, user, was_behind=draft.pk in were_behind)
    return list(entries.values())


def replace_in_taught(obj, old, new, user):
    for name in obj.prose_fields:
        setattr(obj, name, recite(getattr(obj, name), old.slug, new.slug))
    obj.save()
    workflow.index_citations(obj)
    history.record(obj, user=user, reason=f"{old} replaced by {new}")


def replace_in_draft(draft, old, new, user, was_behind):
    draft.content = [recited(record, old, new) for record in draft.content]
    if not was_behind:
        draft.base, draft.base_lock = snapshot.take(draft.entry), draft.entry.lock
    draft.lock = new_lock()
    draft.save()
    drafts.index_citations(draft)
    history.record(draft, user=user, reason=f"{old} replaced by {new}")


def recited(record, old, new):
    """Return a record of a state with one source in place of the other."""
    model, fields = apps.get_model(record["model"]), dict(record["fields"])
    for field in model._meta.concrete_fields:
        if field.related_model is Source and fields.get(field.name) == old.pk:
            fields[field.name] = new.pk
        elif field.name in getattr(model, "prose_fields", ()):
            fields[field.name] = recite(fields[field.name], old.slug, new.slug)
    return record | {"fields": fields}
