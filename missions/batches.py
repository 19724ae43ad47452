"""Changes of many entries at once: made as one, recorded as one, undone as one."""

from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone

from . import drafts, history, snapshot, workflow
from .choices import Stage, WithdrawalKind
from .models import MODELS, Batch, Draft


class Changing:
    """A batch while it is made. Call `before` for each entry before its first change."""

    def __init__(self):
        self.entries = {}

    def before(self, entry):
        """Keep what the entry was, so that the batch can be undone."""
        if entry.pk is not None and (type(entry), entry.pk) not in self.entries:
            history.record_unrecorded(entry)
        return self.after(entry)

    def after(self, entry):
        """Let the batch know of an entry that it changed or made."""
        self.entries[type(entry), entry.pk] = entry
        return entry


@contextmanager
def changing(user, label, reason):
    """Change many entries as one batch, with a `reason` that readers see: all or nothing. Yields a `Changing`."""
    with transaction.atomic():
        made = Changing()
        yield made
        if made.entries:
            conclude(made, user, Batch(label=label[:200], reason=reason, made_by=user.get_username()))


def conclude(made, user, batch):
    batch.save()
    name = user.get_username()
    for model, pk in made.entries:
        entry = model.objects.get(pk=pk)
        workflow.stamp(entry)
        entry.save()
        told = Draft(kind=model._meta.model_name, entry_id=pk, change_note=batch.reason)
        told.makers = [[user.pk, name]]
        drafts.conclude(entry, told, name, batch.reason, batch=batch)


def undo(batch, user):
    """Give every entry of a batch the state that it had before; return (undone, left alone) entries, in words.

    Left alone are entries that were changed since, and such as are gone. Raises `StepError`.
    """
    drafts.demand(user.is_superuser or user.has_perm("missions.publish_mission"), user, "undo", batch.pk)
    drafts.demand_possible(batch.undone_at is None, "This batch is undone already.")
    undone, left = [], []
    with changing(user, f"Undone: {batch.label}", f"Undone: {batch.reason}") as made:
        for change in batch.changes.order_by("pk"):
            entry = MODELS[change.kind].objects.filter(pk=change.entry_id).first()
            if entry is None:
                left.append(f"{change.title}: deleted since")
            elif entry.lock != lock_after(change):
                left.append(f"{entry}: changed since")
            else:
                made.before(entry)
                undone.append(str(take_back(entry, change)))
    Batch.objects.filter(pk=batch.pk).update(undone_at=timezone.now(), undone_by=user.get_username())
    return undone, left


def version_in(change):
    """Return the version of the entry that a change published."""
    return history.versions(change.entry).filter(revision_id=change.revision_id).first()


def lock_after(change):
    version = version_in(change)
    return history.fields_of(version)["lock"] if version else None


def take_back(entry, change):
    """Give an entry the state before a change; one that the change made is withdrawn, or left a draft."""
    before = history.versions(entry).filter(revision_id__lt=change.revision_id).first()
    if before is not None:
        snapshot.put(entry, history.state_of(before))
        snapshot.settle(entry)
    elif workflow.is_public(entry):
        entry.stage, entry.withdrawal_kind = Stage.WITHDRAWN, WithdrawalKind.ERROR
        entry.withdrawal_note = f"Undone: {change.batch.reason}"
        entry.save()
    return entry
