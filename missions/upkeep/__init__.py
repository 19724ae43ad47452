"""The work that waits: one declaration for each heap gives its count, its page and its CSV.

To add a heap, write a function that returns its rows for a user, and declare it here.
"""

from dataclasses import dataclass

from ..models import FACTS, KINDS, Organization, Source, Term
from . import claims, coverage, desk, outside, staleness
from .heaps import Heap, Row, Selection, kinds, missions
from .staleness import confirm, may_confirm

__all__ = ["HEAPS", "Card", "Heap", "Row", "Selection", "cards", "confirm", "heap_named", "may_confirm"]

HEAPS = (
    Heap(
        name="my-work",
        label="My work",
        hint="Drafts that you worked on and readers do not get yet. What was sent back says why.",
        columns={"entry": "Entry", "kind": "Kind", "state": "State", "note": "Note of the reviewer", "by": "Reviewer",
                 "saved": "Saved"},
        rows=desk.my_work,
        filters={"kind": kinds(*KINDS)},
    ),
    Heap(
        name="waiting",
        label="Waiting for review",
        hint="Drafts to read, word by word, and to approve or send back. Not your own.",
        columns={"entry": "Entry", "kind": "Kind", "note": "What changed", "by": "Written by", "saved": "Saved",
                 "own": "Your own"},
        rows=desk.waiting,
        filters={"kind": kinds(*KINDS)},
    ),
    Heap(
        name="approved",
        label="Approved, not published",
        hint="Publish them, or look why one was held back when it was due.",
        columns={"entry": "Entry", "kind": "Kind", "note": "What changed", "by": "Approved by", "due": "Due",
                 "held": "Held back because"},
        rows=desk.approved,
        filters={"kind": kinds(*KINDS)},
    ),
    Heap(
        name="unreviewed",
        label="Published without review",
        hint="Read what changed, and record that you have reviewed it; mend it if it is wrong.",
        columns={"entry": "Entry", "kind": "Kind", "note": "What changed", "why": "Why without review",
                 "by": "Published by", "published": "Published"},
        rows=desk.unreviewed,
        filters={"kind": kinds(*KINDS)},
    ),
    Heap(
        name="reports",
        label="Reports by readers",
        hint="What readers say is wrong: check it, mend the entry or fact, and close the report with an answer.",
        columns={"about": "About", "kind": "Kind", "text": "What is wrong", "received": "Received"},
        rows=outside.open_reports,
        filters={"kind": kinds(*KINDS, *FACTS, Source, Term), "mission": missions},
        permission="missions.view_report",
    ),
    Heap(
        name="claims",
        label="Claims without source",
        hint="Facts that lack a source or a date, and published paragraphs that give a number but cite nothing.",
        columns={"what": "Claim", "kind": "Kind", "mission": "Mission", "lacks": "Lacks", "status": "Status"},
        rows=claims.claims,
        filters={"kind": kinds(*FACTS, *KINDS), "mission": missions, "lacks": claims.lacks},
    ),
    Heap(
        name="figures",
        label="Stale figures",
        hint="The newest strength or deaths of an ongoing mission are over a year old, or the newest ceiling over two: "
        "enter a newer figure, or say that this one is still correct.",
        columns={"figure": "Figure", "mission": "Mission", "value": "Value", "as_of": "As of", "years": "Years",
                 "confirmed": "Confirmed"},
        rows=staleness.stale_figures,
        filters={"measure": staleness.groups, "mission": missions},
        can_be_confirmed=True,
    ),
    Heap(
        name="reviews",
        label="Stale reviews",
        hint="An ongoing mission without new evidence for a year, or an entry that no one has changed for two: look at "
        "it, correct it, or say that it is still correct.",
        columns={"entry": "Entry", "kind": "Kind", "reason": "Why", "since": "Since", "years": "Years"},
        rows=staleness.stale_reviews,
        filters={"kind": kinds(*KINDS), "reason": staleness.reasons},
        can_be_confirmed=True,
    ),
    Heap(
        name="links",
        label="Broken links",
        hint="Addresses at which nothing was found on two days: put the new address of the original, or none. The "
        "unsure ones refused an answer or gave none in time.",
        columns={"where": "Where", "kind": "Kind", "address": "Address", "state": "State", "outcome": "Last answer",
                 "failed": "Fails since"},
        rows=outside.failing_links,
        filters={"state": outside.link_states, "kind": kinds(Source, Organization, *KINDS), "host": outside.hosts},
        opened_with={"state": "broken"},
        note=outside.links_note,
    ),
    Heap(
        name="coverage",
        label="Coverage of missions",
        hint="What each published mission has; those counted here lack figures, tasks, assessments, evidence or a full "
        "summary.",
        columns=coverage.COLUMNS,
        rows=coverage.coverage,
        filters={"missing": coverage.missing},
        opened_with={"missing": coverage.ANY},
    ),
    Heap(
        name="searches",
        label="Searches that found nothing",
        hint="Words that readers searched for in vain on two days or three times: write what is missing, or add the "
        "word to the names of what they meant.",
        columns={"term": "Searched for", "number": "Times", "days": "Days", "last": "Last"},
        rows=outside.missed_searches,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A heap as the first page of the admin shows it."""

    heap: Heap
    count: int
    note: str


def cards(user):
    """Return the heaps that a user may see, with how much lies on each."""
    return [Card(heap, heap.count(user), heap.note()) for heap in HEAPS if user.has_perm(heap.permission)]


def heap_named(name):
    """Return the heap at an address, or None."""
    return next((heap for heap in HEAPS if heap.name == name), None)
