"""Thousands of hostile requests to every address there is: none is answered with a fault of ours or slowly."""

import collections
import random

import pytest
from django.contrib.admin import site
from django.test import Client
from django.urls import reverse

from missions.bulk import IMPORTABLE

from . import everywhere, hostile, tables
from .desk import form_of

pytestmark = [pytest.mark.django_db, pytest.mark.long]
SLOW = 2  # seconds
SEED = 20


def judge(requests):
    """Send all requests; return how many got which status, and what failed or took too long, each kind once."""
    statuses, found = collections.Counter(), collections.defaultdict(list)
    for request in requests:
        outcome = hostile.send(request)
        statuses[outcome.status] += 1
        if outcome.status >= 500:
            found[f"{outcome.status} {outcome.fault!r}"[:300]].append(request)
        elif outcome.seconds > SLOW and quickest(request) > SLOW:
            found["slow"].append(request)
    return statuses, [f"{len(those)} times {what}: {those[0]}" for what, those in found.items()]


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


def filled_forms(client):
    """Yield the address and the values of every form of the admin that adds or changes a record."""
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.last()
        for address in (reverse(f"{name}_add"), *([reverse(f"{name}_change", args=[row.pk])] if row else [])):
            if client.get(address).status_code == 200 and "adminform" in client.get(address).context:
                yield address, form_of(client, address)


def attack_on_admin(draw, client):
    attacker = hostile.Insider(draw, everywhere.in_admin, client.cookies["sessionid"].value)
    names = [*hostile.LISTED_BY, *(f"{a.date_hierarchy}__year" for a in site._registry.values() if a.date_hierarchy)]
    for route, pattern in everywhere.routes():
        if route.startswith("admin/"):
            yield from attacker.requests(route, pattern, names, queries=5, parts=2, heads=1, bodies=1)
            yield from attacker.posts(attacker.path(route, pattern))
    for address, values in filled_forms(client):
        yield from attacker.spoilt(address.encode(), values)
    for model in IMPORTABLE:
        content = [tables.content_of(client, model, form) for form in ("csv", "xlsx")]
        yield from attacker.uploads(tables.address(model, "import").encode(), *content)


@pytest.mark.parametrize("name", ["manager", "admin"])
def test_no_page_of_the_admin_fails(known, request, name, admin_user):
    client = Client()
    client.force_login(admin_user if name == "admin" else request.getfixturevalue("manager").user)
    statuses, faults = judge(attack_on_admin(random.Random(SEED), client))
    assert faults == []
    assert statuses.total() > 3000
    assert statuses[200] > 500
