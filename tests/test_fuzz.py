"""Thousands of hostile requests to every address there is: none is answered with a fault of ours or slowly."""

import collections
import random

import pytest

from . import everywhere, hostile

pytestmark = [pytest.mark.django_db, pytest.mark.long]
SLOW, ON_PAPER = 2, 10  # seconds; setting the shortest packet takes one of a whole core
SEED = 20


def judge(requests):
    """Send all requests; return how many got which status, and what failed or took too long, each kind once."""
    statuses, found = collections.Counter(), collections.defaultdict(list)
    for request in requests:
        outcome = hostile.send(request)
        statuses[outcome.status] += 1
        if outcome.status >= 500:
            found[f"{outcome.status} {outcome.fault!r}"[:300]].append(request)
        elif outcome.seconds > (limit := limit_of(request)) and quickest(request) > limit:
            found["slow"].append(request)
    return statuses, [f"{len(those)} times {what}: {those[0]}" for what, those in found.items()]


def limit_of(request):
    return ON_PAPER if request.path.endswith(b".pdf") else SLOW


def quickest(request):
    """Return the least of three times: the machine may have been busy with something else."""
    return min(hostile.send(request).seconds for _ in range(3))


@pytest.fixture
def known(db):
    return everywhere.populate()


def test_no_public_address_fails(known):
    draw = random.Random(SEED)
    attacker = hostile.Attacker(draw, known)
    public = [(r, p) for r, p in everywhere.routes() if not r.startswith("admin/")]
    requests = (request for route, pattern in public for request in attacker.requests(route, pattern))
    statuses, faults = judge(requests)
    assert faults == []
    assert statuses.total() > 5000
    assert statuses[200] > 500  # much of it is not refused at the door, but answered
