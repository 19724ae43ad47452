"""Changes of many records at once: made as one, recorded as one, undone as one.

A batch consists of entries, whose facts belong to them, and of what entries refer to: sources, terms, countries. What
is public changes at once; what is unpublished stays so, and counts as worked on by whoever made the batch.
"""

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from django.core import serializers
from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.utils import timezone
from reversion.models import Version

from . import addresses, drafts, history, search, snapshot, workflow
from .choices import Stage, WithdrawalKind
from .models import KINDS, LISTED, MODELS, Batch, Change, Citation, Country, Draft, Mission, Organization

FOUND_BY = {Country: "countries__in", Organization: "organization__in"}  # names by which missions are found


class Changing:
    """A batch while it is made. Call `before` for each record before its first change, `after` for each that is new.

    In the end `batch` is the batch, or None if nothing changed.
    """

    def __init__(self):
        self.keys, self.batch = {}, None

    def before(self, thing):
        """Keep what a record was, so that the batch can be undone."""
        if thing.pk is not None and (type(thing), thing.pk) not in self.keys:
            record_unrecorded(thing)
        return self.after(thing)

    def after(self, thing):
        """Let the batch know of a record that it changed or made."""
        self.keys[type(thing), thing.pk] = None
        return thing


@contextmanager
def changing(user, label, reason):
    """Change many records as one batch, with a `reason` that readers see: all or nothing. Yields a `Changing`."""
    with transaction.atomic():
        made = Changing()
        yield made
        if made.keys:
            conclude(made, user, Batch(label=label[:200], reason=reason, made_by=user.get_username()))


def conclude(made, user, batch):
    batch.save()
    made.batch, entries, others = batch, {}, {}
    for model, pk in made.keys:
        if model in KINDS:
            conclude_entry(with_rows(model).get(pk=pk), user, batch)
            entries.setdefault(model, []).append(pk)
        else:
            others.setdefault(model, []).append(pk)
    for model, pks in entries.items():
        workflow.index_texts(model, pks)
    for model, pks in others.items():
        conclude_others(list(model._default_manager.filter(pk__in=pks).order_by("pk")), user, batch)


def with_rows(model):
    """Return the entries of a kind with all their rows and what names those, fetched together."""
    rows = zip(model.row_relations, (row for row, _ in snapshot.row_models(model)), strict=True)
    return model._default_manager.prefetch_related(
        *(Prefetch(name, queryset=row._default_manager.prefetch_related(*relations(row))) for name, row in rows)
    )


def relations(model):
    return [f.name for f in model._meta.fields if f.related_model]


def conclude_entry(entry, user, batch):
    workflow.stamp(entry)
    entry.save()
    if workflow.is_public(entry):
        told = Draft(kind=entry._meta.model_name, entry_id=entry.pk, change_note=batch.reason)
        told.makers = [[user.pk, user.get_username()]]
        drafts.conclude(entry, told, user.get_username(), batch.reason, batch=batch)
    else:
        drafts.keep_unpublished(entry, user, reason=batch.reason)
        workflow.index_citations(entry)
        untold(entry, history.versions(entry).first().revision, user, batch).save()


def conclude_others(things, user, batch):
    model, revision = type(things[0]), history.record(*things, user=user, reason=batch.reason)
    Change.objects.bulk_create(untold(thing, revision, user, batch) for thing in things)
    index_others(model, things)


def index_others(model, things):
    """Bring search in line with what entries refer to."""
    if model in LISTED:
        search.index(model, [t.pk for t in things])
    if model in FOUND_BY:
        workflow.index_missions(Mission.objects.filter(**{FOUND_BY[model]: things}).distinct())


def untold(thing, revision, user, batch):
    """Return the note, not saved, that a batch changed something of which readers are told nothing."""
    return Change(
        kind=thing._meta.model_name, entry_id=thing.pk, permanent_id=getattr(thing, "permanent_id", ""),
        title=str(thing)[:200], makers=[[user.pk, user.get_username()]], revision=revision, batch=batch,
    )  # fmt: skip


def record_unrecorded(thing):
    """Keep the state of a record that has none on record, or changed by a way that records none."""
    if not is_as_in(thing, history.versions(thing).first()):
        whole = with_rows(type(thing)).get(pk=thing.pk) if type(thing) in KINDS else thing
        history.record(whole, reason=history.LOADED)


def is_as_in(thing, version):
    """Tell whether a record is as a version has it, even if it was otherwise in between."""
    if version is None:
        return False
    then = history.fields_of(version)
    if type(thing) in KINDS:
        return then["lock"] == thing.lock or (then["stage"] == thing.stage and is_same(thing, version))
    now = json.loads(serializers.serialize("json", [thing]))[0]["fields"]
    return {n: in_order(v) for n, v in then.items()} == {n: in_order(v) for n, v in now.items()}


def is_same(entry, version):
    states = snapshot.take(entry), history.state_of(version)
    return snapshot.by_key(states[0]) == snapshot.by_key(states[1])


def in_order(value):
    return sorted(value) if isinstance(value, list) else value


# Undoing


class CannotUndoError(Exception):
    """One record of a batch cannot be put back; the message says why."""

    def __init__(self, change, reason):
        super().__init__(reason)
        self.change = change


@dataclass
class Step:
    """One record of a batch, as it is now and the version that it had before."""

    change: Change
    thing: object
    before: object
    remarks: list = field(default_factory=list)

    @property
    def is_entry(self):
        return type(self.thing) in KINDS

    @cached_property
    def state(self):
        """What the entry was: records of itself and its rows."""
        return history.state_of(self.before) if self.is_entry and self.before else []

    @cached_property
    def rows_before(self):
        return {r["fields"]["permanent_id"] for r in self.state[1:]}

    @cached_property
    def rows_now(self):
        return {r.permanent_id for r in snapshot.rows_of(self.thing)} if self.is_entry else set()

    def __str__(self):
        return f"{self.change.title} ({'; '.join(self.remarks)})" if self.remarks else self.change.title


def may_undo(user, batch):
    """Tell whether a user may publish all that a batch changed."""
    kinds = set(batch.changes.values_list("kind", flat=True))
    return all(
        workflow.may_publish(user, MODELS.get(kind, Mission)) and user.has_perm(f"missions.change_{kind}")
        for kind in kinds
    )


def undo(batch, user):
    """Give every record of a batch the state that it had before; return (undone, left alone), in words.

    Left alone is what was changed since, what is gone, and what cannot be put back. Raises `StepError`.
    """
    drafts.demand(may_undo(user, batch), user, "undo", batch.pk)
    left = {}
    while True:  # what cannot be put back is left alone the next time, with all that hangs together with it
        try:
            return attempt(batch, user, left)
        except CannotUndoError as error:
            left[error.change.pk] = f"{error.change.title}: {error}"


def attempt(batch, user, left):
    left = dict(left)
    with changing(user, f"Undone: {batch.label}", f"Undone: {batch.reason}") as made:
        batch = Batch.objects.select_for_update().get(pk=batch.pk)
        drafts.demand_possible(batch.undone_at is None, "This batch is undone already.")
        steps = possible(steps_of(batch), left)
        for step in steps:
            make_room(step)
        for step in steps:
            take_back(step, made)
        if steps:
            Batch.objects.filter(pk=batch.pk).update(undone_at=timezone.now(), undone_by=user.get_username())
    return list(map(str, steps)), list(left.values())


def steps_of(batch):
    steps = []
    for change in batch.changes.order_by("pk"):
        thing = change.entry
        versions = history.versions(thing) if thing else Version.objects.none()
        steps.append(Step(change, thing, versions.filter(revision_id__lt=change.revision_id).first()))
    return steps


def possible(steps, left):
    """Return the steps that can be taken; note in `left` why the others cannot.

    Rows that a batch handed from one entry to another go back only if both entries can be put back.
    """
    for step in steps:
        if step.thing is None:
            left[step.change.pk] = f"{step.change.title}: deleted since"
        elif not is_as_in(step.thing, version_in(step.change)):
            left[step.change.pk] = f"{step.thing}: changed since"
    while True:
        kept, apart = ([s for s in steps if (s.change.pk in left) is is_left] for is_left in (False, True))
        before, now = (set().union(*(getattr(s, name) for s in apart)) for name in ("rows_before", "rows_now"))
        torn = [s for s in kept if s.rows_now & before or s.rows_before & now]
        if not torn:
            return kept
        left |= {s.change.pk: f"{s.thing}: shares rows with what is left alone" for s in torn}


def version_in(change):
    """Return the version of the record that a change made."""
    return history.versions(change.entry).filter(revision_id=change.revision_id).first()


def make_room(step):
    """Take away the rows and the address that an entry did not have before, as others may have had them."""
    if not step.state:
        return
    for model, link in snapshot.row_models(type(step.thing)):
        rows = model._default_manager.filter(**{link.name: step.thing})
        rows.exclude(permanent_id__in=step.rows_before).delete()
    if step.state[0]["fields"]["slug"] != step.thing.slug:
        type(step.thing).objects.filter(pk=step.thing.pk).update(slug=step.thing.permanent_id)


def take_back(step, made):
    """Give a record the state before a change. What the change made is withdrawn if public, else deleted."""
    try:
        if step.before is None:
            return unmake(step, made)
        (put_entry_back if step.is_entry else put_other_back)(step)
        made.after(step.thing)
    except snapshot.LostError as error:
        raise CannotUndoError(step.change, str(error)) from error
    except IntegrityError as error:
        raise CannotUndoError(step.change, "another record has its address, or one of its rows, now") from error


def put_entry_back(step):
    entry, slug, was = step.thing, step.thing.slug, history.fields_of(step.before)
    step.remarks = snapshot.put(entry, step.state)
    snapshot.settle(entry)
    if workflow.is_public(entry):
        put_stage_back(entry, was, step.change.batch)
        entry.save()
        if entry.slug != slug:
            addresses.leave(entry, slug)


def put_stage_back(entry, was, batch):
    """Undo a publication or a withdrawal. What was no reader's before is withdrawn, as its address is known now."""
    if was["stage"] in (Stage.PUBLISHED, Stage.WITHDRAWN):
        entry.stage, entry.merged_into_id = was["stage"], was["merged_into"]
        entry.withdrawal_kind, entry.withdrawal_note = was["withdrawal_kind"], was["withdrawal_note"]
    else:
        withdraw(entry, batch)


def withdraw(entry, batch):
    entry.stage, entry.withdrawal_kind = Stage.WITHDRAWN, WithdrawalKind.ERROR
    entry.withdrawal_note = f"Undone: {batch.reason}"


def put_other_back(step):
    model = type(step.thing)
    if snapshot.missing_references([{"fields": history.fields_of(step.before)}], model):
        raise CannotUndoError(step.change, "something that it referred to is gone")
    step.before.revert()
    model._default_manager.get(pk=step.thing.pk).save()  # its time of change is now, not then


def unmake(step, made):
    thing = step.thing
    if step.is_entry and workflow.is_public(thing):
        withdraw(thing, step.change.batch)
        thing.save()
        made.after(thing)
    elif any(r.related_model._default_manager.filter(**{r.field.name: thing}).exists()
             for r in thing._meta.related_objects):  # fmt: skip
        raise CannotUndoError(step.change, "other records refer to it")
    else:
        delete(thing)


def delete(thing):
    """Delete a record that no reader ever saw and nothing refers to, with its draft. Its history stays."""
    kind, model = thing._meta.model_name, type(thing)
    if model in KINDS:
        workflow.forget_entry(thing)
        Draft.objects.filter(kind=kind, entry_id=thing.pk).delete()
        Citation.objects.filter(kind=f"draft-{kind}", entry_id=thing.pk).delete()
    elif model in LISTED:
        search.index(model, [thing.pk], gone=True)
    thing.delete()
