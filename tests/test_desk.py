"""The heaps of drafts, reviews and publications on the first page of the admin."""

import pytest
from django.utils import timezone

from missions.models import Draft

from .desk import publish, save, take
from .factories import make_principle

pytestmark = pytest.mark.django_db


def heap(client, name):
    """Return what a heap lists: its count on the first page and the first cells of its rows in CSV."""
    page = client.get("/admin/")
    count = next(c.count for c in page.context["cards"] if c.heap.name == name)
    lines = client.get(f"/admin/upkeep/{name}/?format=csv").getvalue().decode("utf-8-sig").splitlines()
    assert count == len(lines) - 1
    return [line[: line.rindex(",/admin/")] for line in lines[1:]]


def test_what_was_sent_back_is_in_my_work_with_the_note(writer, reviewer):
    entry = make_principle(title="Consent")
    save(writer, entry, title="Consent of the parties")
    assert heap(writer, "my-work")[0].startswith("Consent,principle,Being written,,")
    assert heap(reviewer, "my-work") == []
    take(writer, entry, "submit", change_note="A fuller title.")
    take(reviewer, entry, "send-back", note="Cite the report.")
    assert heap(writer, "my-work")[0].startswith("Consent,principle,Sent back,Cite the report.,rolf,")


def test_what_waits_for_review_is_listed_until_it_is_approved_and_then_until_it_is_published(writer, reviewer, manager):
    entry = make_principle(title="Consent")
    save(writer, entry, title="Consent of the parties")
    assert heap(reviewer, "waiting") == []
    take(writer, entry, "submit", change_note="A fuller title.")
    assert heap(reviewer, "waiting")[0].startswith("Consent,principle,A fuller title.,wanda,")
    assert heap(writer, "waiting")[0].endswith(",yes")
    take(reviewer, entry, "approve")
    assert heap(reviewer, "waiting") == []
    assert heap(manager, "approved") == ["Consent,principle,A fuller title.,rolf,,"]
    Draft.objects.update(publish_at=timezone.now(), held="No source.")
    assert heap(manager, "approved")[0].endswith(" UTC,No source.")
    take(manager, entry, "publish")
    assert (heap(manager, "approved"), heap(manager, "unreviewed"), heap(writer, "my-work")) == ([], [], [])


def test_what_was_published_without_review_is_listed_until_someone_reviewed_it(writer, reviewer, manager):
    entry = make_principle(title="Consent")
    save(writer, entry, title="Consent of the parties")
    publish(manager, entry, change_note="=A title", reason="A libel.")
    row = heap(reviewer, "unreviewed")[0]
    assert row.startswith("Consent of the parties,principle,'=A title,A libel.,mona,")
    change = reviewer.get(f"/admin/missions/principle/{entry.pk}/publication/").context["unreviewed"][0]
    take(reviewer, entry, "reviewed", change=change.pk)
    assert heap(reviewer, "unreviewed") == []
