"""Scheduled publication and the clock: summer time, a clock that is set, a machine in another time zone."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from missions.models import Change, Draft

from .desk import address, save, take
from .factories import make_principle

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def clock(monkeypatch):
    """Give a function that sets the clock."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture
def berlin(monkeypatch):
    """Let the machine keep the time of Berlin, which has summer time."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def approved(writer, reviewer, entry, **values):
    save(writer, entry, **values)
    take(writer, entry, "submit", change_note="It changed.")
    take(reviewer, entry, "approve")


def title():
    return Client().get("/principles/p/?format=json").json().get("title")


@pytest.mark.parametrize(
    "due",
    [datetime(2027, 3, 28, 1, 0, tzinfo=UTC), datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
     datetime(2027, 10, 31, 1, 30, tzinfo=UTC)],
    ids=["hour that is left out", "hour that comes twice, first", "hour that comes twice, second"],
)  # fmt: skip
def test_summer_time_moves_nothing(writer, reviewer, manager, clock, berlin, due):
    assert time.localtime(due.timestamp()).tm_hour != due.hour
    entry = make_principle(slug="p", title="Old")
    approved(writer, reviewer, entry, title="New")
    assert take(manager, entry, "schedule", publish_at=f"{due:%Y-%m-%dT%H:%M}").status_code == 302
    assert Draft.objects.get().publish_at == due
    for moment, shown in ((due - HOUR, "Old"), (due - timedelta(seconds=1), "Old"), (due, "New"), (due + HOUR, "New")):
        clock(moment)
        call_command("publish_due")
        assert title() == shown
    assert Change.objects.count() == 1


def test_a_clock_set_back_publishes_nothing_twice_and_hides_nothing_that_was_public(writer, reviewer, manager, clock):
    entry = make_principle(slug="p", title="Old")
    approved(writer, reviewer, entry, title="New")
    due = timezone.now() + HOUR
    take(manager, entry, "schedule", publish_at=f"{due:%Y-%m-%dT%H:%M}")
    clock(due + timedelta(minutes=1))
    call_command("publish_due")
    clock(due - HOUR)
    call_command("publish_due")
    assert (title(), Change.objects.count()) == ("New", 1)


def test_what_was_first_published_while_the_clock_ran_ahead_waits_for_it(writer, reviewer, manager, clock):
    entry = make_principle(slug="p", title="New", stage="draft")
    take(writer, entry, "submit")
    take(reviewer, entry, "approve")
    now = timezone.now()
    clock(now + 2 * HOUR)
    assert take(manager, entry, "publish").status_code == 302
    assert title() == "New"
    clock(now + HOUR)
    assert Client().get("/principles/p/").status_code == 404
    assert manager.get(address(entry, "publication")).status_code == 200
    clock(now + 3 * HOUR)
    assert title() == "New"
