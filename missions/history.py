"""Every saved state of an entry: recorded, listed, read back. The library django-reversion keeps them.

A revision of an entry holds it with all its rows; a revision of a draft holds the draft, whose content is such a state.
Nothing is recorded by signal: who saves calls `record`.
"""

import json
from dataclasses import dataclass

import reversion
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from reversion.models import Version

from . import snapshot
from .models import (
    FACTS,
    KINDS,
    Answer,
    ApproachDimension,
    Country,
    DiscussionQuestion,
    Draft,
    LearningPath,
    Organization,
    Packet,
    PathStep,
    Region,
    Source,
    Succession,
    Term,
)
from .models.base import new_lock

SHARED = (Source, Term, Country, Region, Organization)
LOADED = "As loaded or imported"


def register():
    """Tell the library what to keep; called once, when the application is ready."""
    for model in KINDS:
        reversion.register(model, follow=model.row_relations, exclude=generated(model))
    for model in (*FACTS, ApproachDimension, Succession, Draft, Packet, Answer, PathStep, *SHARED):
        reversion.register(model)
    reversion.register(DiscussionQuestion, follow=["answers"])
    reversion.register(LearningPath, follow=["steps"])


def generated(model):
    return [f.name for f in model._meta.concrete_fields if f.generated]


@transaction.atomic
def record(*objects, user=None, by="", reason=""):
    """Keep the state of objects, entries with all their rows, as one revision of a user or of a name; return it."""
    with reversion.create_revision():
        reversion.set_comment(f"{user.get_username() if user else by}\n{reason}")
        if user is not None:
            reversion.set_user(user)
        for obj in objects:
            reversion.add_to_revision(obj)
    return Version.objects.get_for_object(objects[0]).select_related("revision").first().revision


def record_unrecorded(entry):
    """Keep the state of an entry that has none on record, or changed by a way that records none, such as a load."""
    last = versions(entry).first()
    if last is None or fields_of(last).get("lock") != entry.lock:
        record(entry, reason=LOADED)


def versions(entry):
    return Version.objects.get_for_object(entry).select_related("revision__user").order_by("-pk")


def fields_of(version):
    return json.loads(version.serialized_data)[0]["fields"]


@dataclass(frozen=True)
class Saved:
    """One saved state: of the entry itself or, if `is_draft`, of a draft beside it."""

    version: Version
    is_draft: bool

    @property
    def number(self):
        return self.version.revision_id

    @property
    def at(self):
        return self.version.revision.date_created

    @property
    def by(self):
        """Who saved it. The name is the first line of the comment, for when the account is gone."""
        return self.version.revision.comment.partition("\n")[0]

    @property
    def reason(self):
        return self.version.revision.comment.partition("\n")[2]

    @property
    def remarks(self):
        """What editors confirmed up to this version of a draft."""
        return fields_of(self.version)["remarks"] if self.is_draft else []

    @property
    def state(self):
        """The content: records of the entry and its rows."""
        if self.is_draft:
            return fields_of(self.version)["content"]
        return state_of(self.version)


def state_of(version):
    """Return the state of an entry that a revision holds, the entry first."""
    model = version.content_type.model_class()
    rows = {m._meta.label_lower: f for m, f in snapshot.row_models(model)}
    records = [json.loads(version.serialized_data)[0]]
    for other in version.revision.version_set.order_by("pk"):
        found = json.loads(other.serialized_data)[0]
        link = rows.get(found["model"])
        if link and found["fields"].get(link.name) == records[0]["pk"]:
            records.append(found)
    return [r | {"fields": kept(r)} for r in records]


def kept(record_):
    """Return the fields of a record that a state holds."""
    model = ContentType.objects.get_by_natural_key(*record_["model"].split(".")).model_class()
    names = snapshot.stored_fields(model)
    return {
        n: sorted(v) if isinstance(v, list) and model._meta.get_field(n).many_to_many else v
        for n, v in record_["fields"].items()
        if n in names
    }


def last_saved(entry):
    """Return the newest saved state of an entry or of its draft, or None."""
    return next(iter(revisions(entry)), None)


def deleted(model, pk):
    """Return the last version of an entry that was deleted, or None."""
    found = Version.objects.get_deleted(model).filter(object_id=str(pk)[:20])
    return found.select_related("revision").order_by("-pk").first()


@transaction.atomic
def recover(version, lock=None):
    """Bring a deleted entry back with its rows, as it was last saved; return it and what could not be restored."""
    version.revert()
    entry = version.content_type.model_class().objects.get(pk=version.object_id)
    entry.lock = lock or new_lock()
    entry.save()
    return entry, snapshot.put(entry, state_of(version))


def revisions(entry):
    """Return every saved state of an entry and of its drafts, newest first."""
    found = [Saved(v, False) for v in versions(entry)]
    draft = Draft.objects.of(entry)
    if draft.pk:
        found += [Saved(v, True) for v in versions(draft) if fields_of(v)["content"]]
    return sorted(found, key=lambda s: (s.at, s.version.pk), reverse=True)
