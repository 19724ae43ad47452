"""Hostile requests of one who is logged in, to every address of the admin: forms, lists, uploads."""

import random
from itertools import islice

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import Client
from django.urls import reverse

from missions.bulk import IMPORTABLE

from . import everywhere, hostile, tables
from .desk import form_of
from .test_fuzz import SEED, judge, known

__all__ = ["known"]
pytestmark = [pytest.mark.django_db, pytest.mark.long]


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


def test_no_page_of_the_admin_fails(known, manager, admin_user):
    """As an administrator on PostgreSQL, which refuses more; as a managing editor on SQLite, with a third of it."""
    client, step = Client(), 1 if connection.vendor == "postgresql" else 3
    client.force_login(admin_user if step == 1 else manager.user)
    statuses, faults = judge(islice(attack_on_admin(random.Random(SEED), client), 0, None, step))
    assert faults == []
    assert statuses.total() > 3000 / step
    assert statuses[200] > 500 / step
