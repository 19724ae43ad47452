"""What waits on the way to readers: drafts, reviews, publications, and what was published without a review."""

from django.urls import reverse
from django.utils import timezone

from ..choices import DraftState
from ..models import MODELS, Change, Draft
from .heaps import NAMES, Row

SHOWN = 300  # characters of a note


def named(things):
    """Return {(kind, key): entry} for drafts or changes, in one query for each kind."""
    wanted = {}
    for thing in things:
        wanted.setdefault(thing.kind, set()).add(thing.entry_id)
    return {(kind, e.pk): e for kind, pks in wanted.items() for e in MODELS[kind].objects.filter(pk__in=pks)}


def step_row(thing, entry, **cells):
    """Return the row of a draft or change, which leads to the page of publication of its entry."""
    return Row(
        cells={"entry": str(entry), "kind": NAMES[thing.kind], **cells},
        form=reverse(f"admin:missions_{thing.kind}_publication", args=[entry.pk]),
        traits={"kind": [thing.kind]},
    )


def drafts_with(found, cells):
    entries = named(found)
    return [step_row(d, entries[d.kind, d.entry_id], **cells(d)) for d in found if (d.kind, d.entry_id) in entries]


def day(moment):
    return timezone.localdate(moment) if moment else None


def my_work(user):
    """Return the open drafts that the user worked on, those that were sent back first."""
    mine = [d for d in Draft.objects.open() if d.is_by(user)]
    mine.sort(key=lambda d: (d.state != DraftState.SENT_BACK, d.saved_at))
    return drafts_with(
        mine,
        lambda d: {"state": d.get_state_display(), "note": d.review_note[:SHOWN], "by": d.reviewed_by,
                   "saved": day(d.saved_at)},
    )  # fmt: skip


def waiting(user):
    """Return the drafts that wait for a review, the oldest first."""
    found = Draft.objects.filter(state=DraftState.IN_REVIEW).order_by("saved_at", "pk")
    return drafts_with(
        found,
        lambda d: {"note": d.change_note[:SHOWN] or "minor change", "by": d.makers_in_words, "saved": day(d.saved_at),
                   "own": "yes" if d.is_by(user) else ""},
    )  # fmt: skip


def approved(user):
    """Return what is approved and not published yet, held back or not, the next due first."""
    found = list(Draft.objects.filter(state=DraftState.APPROVED))
    found.sort(key=lambda d: (not d.held, d.publish_at is None, d.publish_at, d.pk))
    return drafts_with(
        found,
        lambda d: {"note": d.change_note[:SHOWN] or "minor change", "by": d.reviewed_by,
                   "due": f"{d.publish_at:%Y-%m-%d %H:%M} UTC" if d.publish_at else "", "held": d.held[:SHOWN]},
    )  # fmt: skip


def unreviewed(user):
    """Return what was published without a review, the oldest first."""
    found = list(Change.objects.unreviewed().order_by("published_at", "pk"))
    entries = named(found)
    return [
        step_row(c, entries[c.kind, c.entry_id], note=c.note[:SHOWN], why=c.unreviewed_reason[:SHOWN],
                 by=c.published_by, published=day(c.published_at))
        for c in found if (c.kind, c.entry_id) in entries
    ]  # fmt: skip
