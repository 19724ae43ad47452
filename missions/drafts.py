"""The way of an entry from a draft to its readers: written, reviewed, published, withdrawn.

Each step checks the right to it, the state it starts from and the content, changes what it must and records it, in one
transaction. What a user may not do raises `PermissionDenied` and is logged; what cannot be done now raises
`StepError` with a sentence for the editor.
"""

import logging
from contextlib import contextmanager, suppress
from functools import partial

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from . import addresses, differences, history, snapshot, workflow
from .choices import DraftState, Stage
from .models import Change, Citation, Draft
from .models.base import new_lock

log = logging.getLogger(__name__)


class StepError(Exception):
    """A step that cannot be taken now; the message says why and what to do."""


def demand(is_permitted, user, what, thing):
    """Refuse with 403 and a line in the log what a user may not do."""
    if not is_permitted:
        log.warning("refused: user %s may not %s %s", user.pk, what, thing)
        raise PermissionDenied(f"You may not {what} this.")


def demand_possible(is_possible, sentence):
    if not is_possible:
        raise StepError(sentence)


def of(entry):
    """Return the draft of an entry. An unpublished entry without one is being written."""
    draft = Draft.objects.of(entry)
    if draft.pk is None and not workflow.is_public(entry):
        draft.state = DraftState.IN_REVIEW if entry.stage == Stage.IN_REVIEW else DraftState.WRITING
    return draft


def locked(entry):
    """Return entry and draft as they stand now, with no one else writing them until the transaction ends."""
    entry = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
    return entry, of(entry)


@contextmanager
def inside(entry, as_published=False):
    """Let the database show the draft instead of what is published until the block ends; nothing written in it stays.

    Yields the draft. Its `trouble` says why it could not be shown, in which case the published version is. With
    `as_published` an entry that has all that it needs is as if it were published now.
    """
    with transaction.atomic():
        draft = of(entry)
        draft.trouble = show(entry, draft)
        if as_published:
            show_published(entry)
        yield draft
        transaction.set_rollback(True)


def show_published(entry):
    now = timezone.now()
    with suppress(IntegrityError), transaction.atomic():  # refused to one that lacks what publication needs
        type(entry).objects.filter(pk=entry.pk).update(
            stage=Stage.PUBLISHED, published_at=min(entry.published_at or now, now)
        )


def show(entry, draft):
    if not draft.content:
        return ""
    shown = type(entry)._default_manager.get(pk=entry.pk)
    shown.lock = draft.lock
    try:
        with transaction.atomic():
            return "; ".join(snapshot.put(shown, draft.content))
    except (snapshot.LostError, IntegrityError) as error:
        return f"The draft does not fit what is published now: {error}"


def mark_worked_on(draft, user):
    """Let the draft say that this user worked on it, and void what was decided on the version before."""
    draft.state = {DraftState.APPROVED: DraftState.IN_REVIEW, DraftState.IN_REVIEW: DraftState.IN_REVIEW}.get(
        draft.state, DraftState.WRITING
    )
    draft.reviewed_by, draft.reviewed_at, draft.publish_at, draft.held = "", None, None, ""
    draft.saved_by, draft.saved_at = user.get_username(), timezone.now()
    if not draft.is_by(user):
        draft.makers = [*draft.makers, [user.pk, user.get_username()]]


@transaction.atomic
def keep(entry, state, lock, user, remarks=(), reason=""):
    """Keep a state as the draft of a public entry. What readers get stays as it is."""
    entry, draft = locked(entry)
    history.record_unrecorded(entry)
    if not draft.content:
        draft.base, draft.base_lock = snapshot.take(entry), entry.lock
    draft.content, draft.lock = snapshot.as_draft(state, snapshot.keys(draft.base)), lock
    draft.remarks = [*draft.remarks, *remarks]
    mark_worked_on(draft, user)
    draft.save()
    index_citations(draft)
    history.record(draft, user=user, reason=reason)
    return draft


@transaction.atomic
def keep_unpublished(entry, user, remarks=(), reason=""):
    """Record that an unpublished entry, which is its own draft, was saved."""
    draft = of(entry)
    draft.remarks = [*draft.remarks, *remarks]
    mark_worked_on(draft, user)
    draft.save()
    set_stage(entry, Stage.IN_REVIEW if draft.state == DraftState.IN_REVIEW else Stage.DRAFT)
    history.record(entry, user=user, reason=reason)
    return draft


@transaction.atomic
def set_aside(entry, state, user):
    """Keep a state in the history of the drafts only, because someone else saved first."""
    entry, draft = locked(entry)
    stands = draft.content
    draft.content = snapshot.as_draft(state, snapshot.keys(snapshot.take(entry)))
    draft.save()
    history.record(draft, user=user, reason="Kept aside: someone else had saved first")
    draft.content = stands
    draft.save()


def set_stage(entry, stage):
    """Let the stage of an unpublished entry follow the state of its draft."""
    if not workflow.is_public(entry):
        type(entry).objects.filter(pk=entry.pk).update(stage=stage)


def index_citations(draft):
    """Protect the sources that a draft cites from being deleted."""
    entry, kind = draft.entry, f"draft-{draft.kind}"
    ids = set()
    if draft.content:
        with inside(entry):
            ids = workflow.cited_sources(type(entry).objects.get(pk=entry.pk), with_drafts=True)
    Citation.objects.filter(kind=kind, entry_id=draft.entry_id).exclude(source_id__in=ids).delete()
    known = set(Citation.objects.filter(kind=kind, entry_id=draft.entry_id).values_list("source_id", flat=True))
    Citation.objects.bulk_create(
        Citation(source_id=pk, kind=kind, entry_id=draft.entry_id) for pk in sorted(ids - known)
    )


def demand_seen(draft, seen):
    demand_possible(
        seen == seen_lock(draft), "The draft was changed while you read it: read it again below, and decide again."
    )


def seen_lock(draft):
    """Return what tells one version of a draft from the next."""
    return draft.lock if draft.content else draft.entry.lock


@transaction.atomic
def submit(entry, user, values):
    """Send a draft to review with what readers shall be told of the change."""
    entry, draft = locked(entry)
    demand(may_write(user, entry), user, "submit", entry.permanent_id)
    demand_possible(draft.is_open, "There is no draft to review.")
    set_values(draft, values)
    demand_possible(
        draft.is_minor or draft.change_note or not entry.published_at,
        "Say in a sentence what changed: readers see it on the page. For a slip of the pen, tick “minor change”.",
    )
    draft.state, draft.review_note = DraftState.IN_REVIEW, ""
    draft.save()
    set_stage(entry, Stage.IN_REVIEW)
    return draft


def may_write(user, entry):
    return user.has_perm(f"missions.change_{entry._meta.model_name}")


def set_values(draft, values):
    for name in ("change_note", "is_minor", "is_correction"):
        if name in values:
            setattr(draft, name, values[name])


def demand_reviewer(draft, entry, user, what):
    demand(workflow.may_review(user, type(entry)), user, what, entry.permanent_id)
    demand(not draft.is_by(user), user, f"{what}, having worked on it,", entry.permanent_id)


@transaction.atomic
def approve(entry, user, seen, note=""):
    """Approve the version that the reviewer has seen; whoever may publish then publishes or schedules it."""
    entry, draft = locked(entry)
    demand_reviewer(draft, entry, user, "approve")
    demand_possible(draft.state == DraftState.IN_REVIEW, "Only a draft that waits for review can be approved.")
    demand_seen(draft, seen)
    draft.state, draft.review_note = DraftState.APPROVED, note
    draft.reviewed_by, draft.reviewed_at = user.get_username(), timezone.now()
    draft.save()
    return draft


@transaction.atomic
def send_back(entry, user, note):
    """Send a draft back to those who wrote it, saying why."""
    entry, draft = locked(entry)
    demand_reviewer(draft, entry, user, "send back")
    demand_possible(draft.state in (DraftState.IN_REVIEW, DraftState.APPROVED), "This does not wait for review.")
    demand_possible(note.strip(), "Say what is to be changed: the writer sees it.")
    draft.state, draft.review_note, draft.publish_at = DraftState.SENT_BACK, note, None
    draft.reviewed_by, draft.reviewed_at = user.get_username(), timezone.now()
    draft.save()
    set_stage(entry, Stage.DRAFT)
    return draft


@transaction.atomic
def schedule(entry, user, publish_at):
    """Set or clear the time at which an approved draft is published."""
    entry, draft = locked(entry)
    demand(workflow.may_publish(user, type(entry)), user, "schedule", entry.permanent_id)
    demand_possible(draft.state == DraftState.APPROVED, "Only an approved draft can be scheduled.")
    demand_possible(publish_at is None or publish_at > timezone.now(), "This time is past: choose a later one.")
    draft.publish_at, draft.scheduled_by, draft.held = publish_at, user.get_username() if publish_at else "", ""
    draft.save()
    return draft


@transaction.atomic
def discard(entry, user):
    """Drop the draft of a public entry. It stays in the history and can be restored from there."""
    entry, draft = locked(entry)
    demand(may_write(user, entry), user, "discard", entry.permanent_id)
    demand_possible(draft.content, "There is no draft to discard.")
    reset(draft)


def reset(draft):
    """Empty a draft once its content is published or discarded."""
    fresh = Draft(pk=draft.pk, kind=draft.kind, entry_id=draft.entry_id)
    fresh.save()
    Citation.objects.filter(kind=f"draft-{draft.kind}", entry_id=draft.entry_id).delete()


def problems(entry, published=()):
    """Return all that forbids to publish an entry as it stands in the database, in words, each row named.

    Rows that are in the `published` state already are not judged again.
    """
    found, known = [], snapshot.by_key(published)
    rows = [o for o in snapshot.rows_of(entry) if known.get((o._meta.label_lower, o.pk)) not in snapshot.written([o])]
    for obj in [entry, *rows]:
        try:
            obj.full_clean()
        except ValidationError as error:
            where = "" if obj is entry else f"{obj._meta.verbose_name} “{obj}”, ".capitalize()
            for name, reasons in error.message_dict.items():
                field = "" if name == "__all__" else f"{obj._meta.get_field(name).verbose_name}: "
                found.append(f"{where}{field}{' '.join(reasons)}")
    return found


@transaction.atomic
def publish(entry, user, values=None, reason=""):
    """Publish the draft of an entry, or the entry itself for the first time, and return the change that readers see.

    What was not approved needs a `reason`, and stays listed until someone else reviews it. Raises `StepError`.
    """
    entry, draft = locked(entry)
    demand(workflow.may_publish(user, type(entry)), user, "publish", entry.permanent_id)
    demand_possible(draft.is_open or entry.stage == Stage.WITHDRAWN, "There is no draft to publish.")
    set_values(draft, values or {})
    is_approved = draft.state == DraftState.APPROVED
    demand_possible(
        is_approved or reason.strip(), "No one has reviewed this version. Say why it is published without a review."
    )
    return release(entry, draft, user.get_username(), "" if is_approved else reason)


def release(entry, draft, by, unreviewed_reason=""):
    """Let readers have the draft. Whether it may be published is decided by the callers."""
    demand_possible(
        draft.is_minor or draft.change_note or not entry.published_at, "Say what changed: readers see it on the page."
    )
    demand_possible(
        not draft.is_behind,
        "What is published changed after this draft was begun. Bring the draft up to date, then publish it.",
    )
    history.record_unrecorded(entry)
    before = snapshot.take(entry)
    slug, was_public = entry.slug, workflow.is_public(entry)
    put_content(entry, draft)
    entry.stage = Stage.PUBLISHED
    entry.withdrawal_note, entry.withdrawal_kind, entry.merged_into = "", "", None
    stamped_at = entry.updated_at
    workflow.stamp(entry)
    if draft.is_minor and was_public:
        entry.updated_at = stamped_at
    if found := problems(entry, before):
        raise StepError("It cannot be published: " + " · ".join(found))
    entry.save()
    if was_public and slug != entry.slug:
        addresses.leave(entry, slug)
    change = conclude(entry, draft, by, unreviewed_reason, is_first=not was_public)
    if change.is_correction:
        change.corrected = differences.summary(before, snapshot.take(entry))
        change.save()
    return change


def put_content(entry, draft):
    if not draft.content:
        return
    try:
        with transaction.atomic():
            remarks = snapshot.put(entry, draft.content)
            snapshot.settle(entry)
    except (snapshot.LostError, IntegrityError) as error:
        raise StepError(f"It cannot be published: {error}") from error
    if remarks:
        raise StepError("It cannot be published as it is, save it anew: " + " · ".join(remarks))


def conclude(entry, draft, by, unreviewed_reason, is_first=False, batch=None):
    """Record a publication and bring all that is derived from the entry in line with it."""
    if batch is None:
        workflow.index_entry(entry)
        workflow.renew_preview(entry)
    else:  # a batch indexes all texts at its end, and the pictures of many are drawn when someone asks for them
        workflow.index_citations(entry)
    note = draft.change_note or ("First published." if is_first else "")
    change = Change.objects.create(
        kind=entry._meta.model_name, entry_id=entry.pk, permanent_id=entry.permanent_id, title=str(entry)[:200],
        revision=history.record(entry, by=by, reason=note), published_by=by, makers=draft.makers,
        note="" if draft.is_minor and not is_first else note, is_minor=draft.is_minor,
        is_correction=draft.is_correction, remarks=draft.remarks, unreviewed_reason=unreviewed_reason,
        reviewed_by="" if unreviewed_reason else draft.reviewed_by,
        reviewed_at=None if unreviewed_reason else draft.reviewed_at, batch=batch,
    )  # fmt: skip
    if draft.pk and batch is None:
        reset(draft)
    step = "withdrawn" if entry.stage == Stage.WITHDRAWN else "published"
    transaction.on_commit(partial(log.info, "%s: %s", step, entry.permanent_id))
    return change


@transaction.atomic
def withdraw(entry, user, values):
    """Take an entry back: `values` say of what kind the withdrawal is, why, and what it was merged into."""
    entry, draft = locked(entry)
    demand(workflow.may_publish(user, type(entry)), user, "withdraw", entry.permanent_id)
    demand_possible(entry.stage == Stage.PUBLISHED, "Only a published entry can be withdrawn.")
    history.record_unrecorded(entry)
    entry.stage = Stage.WITHDRAWN
    for name, value in values.items():
        setattr(entry, name, value)
    if errors := entry.withdrawal_errors():
        raise StepError(" ".join(errors.values()))
    workflow.stamp(entry)
    entry.save()
    told = Draft(kind=draft.kind, entry_id=entry.pk, change_note=f"Withdrawn: {entry.withdrawal_note}")
    told.makers = [[user.pk, user.get_username()]]
    return conclude(entry, told, user.get_username(), entry.withdrawal_note)


@transaction.atomic
def bring_up_to_date(entry, user):
    """Take over into the draft what was published since it was begun; return what both changed, in words.

    Where both changed a value, the draft's stands.
    """
    entry, draft = locked(entry)
    demand(may_write(user, entry), user, "change", entry.permanent_id)
    demand_possible(draft.content, "There is no draft.")
    now = snapshot.take(entry)
    merged, both = snapshot.merge(draft.base, now, draft.content)
    draft.content, draft.base, draft.base_lock, draft.lock = merged, now, entry.lock, new_lock()
    mark_worked_on(draft, user)
    draft.save()
    index_citations(draft)
    history.record(draft, user=user, reason="Brought up to date with what was published since")
    return both


@transaction.atomic
def restore(entry, user, saved):
    """Make a saved state of an entry its draft, and return what of it could not be restored, in words."""
    demand(may_write(user, entry), user, "restore", entry.permanent_id)
    entry, _ = locked(entry)
    reason = f"Restored from the version of {saved.at:%d %B %Y, %H:%M} UTC"
    if not workflow.is_public(entry):
        remarks = put_back(entry, saved.state)
        snapshot.settle(entry)
        keep_unpublished(entry, user, reason=reason)
        return remarks
    with inside(entry):
        remarks = put_back(entry, saved.state)
        state = snapshot.take(entry)
    keep(entry, state, new_lock(), user, reason=reason)
    return remarks


def put_back(entry, state):
    shown = type(entry)._default_manager.get(pk=entry.pk)
    shown.lock, shown.updated_at = new_lock(), timezone.now()
    try:
        with transaction.atomic():
            return snapshot.put(shown, state)
    except (snapshot.LostError, IntegrityError) as error:
        raise StepError(f"This version cannot be restored: {error}") from error


@transaction.atomic
def review_afterwards(change, user):
    """Record that someone who had no part in it has reviewed what was published without a review."""
    demand(workflow.may_review(user, type(change.entry)), user, "review", change.permanent_id)
    demand(not change.is_by(user), user, "review, having worked on it,", change.permanent_id)
    demand_possible(change.reviewed_at is None, "This is reviewed already.")
    change.reviewed_by, change.reviewed_at = user.get_username(), timezone.now()
    change.save()


def publish_due():
    """Publish every approved draft whose time has come; return the changes, and (draft, reason) of those held back."""
    done, held = [], []
    for draft in Draft.objects.due():
        try:
            with transaction.atomic():
                entry, draft = locked(draft.entry)
                if draft.state == DraftState.APPROVED and draft.publish_at and draft.publish_at <= timezone.now():
                    done.append(release(entry, draft, draft.scheduled_by))
        except StepError as error:
            Draft.objects.filter(pk=draft.pk).update(held=str(error))
            held.append((draft, str(error)))
    return done, held
