"""Run by test_racing.py inside `manage.py shell`: editors in processes of their own save at the same moment.

Prints what the forms of one entry that all had opened were answered with, and those of an entry for each.
"""

import os
import time

from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment

from missions.models import Draft, Principle
from tests.desk import address, form_of
from tests.factories import make_principle

EDITORS, ROUNDS = 6, 5


def client_of(name):
    user, _ = User.objects.get_or_create(username=name, is_staff=True)
    user.groups.add(Group.objects.get(name="Managing editors"))
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client


def race(entries, title):
    """Let each editor open his entry; all save at one moment. Return the statuses of the answers, in order."""
    clients = [client_of(f"editor-{n}") for n in range(EDITORS)]
    forms = [
        form_of(c, address(e)) | {"title": f"{title} {n}"}
        for n, (c, e) in enumerate(zip(clients, entries, strict=True))
    ]
    connection.close()
    start, children = time.time() + 0.5, []
    for client, entry, form in zip(clients, entries, forms, strict=True):
        child = os.fork()
        if child == 0:
            time.sleep(max(0, start - time.time()))
            os._exit(client.post(address(entry), form).status_code // 100)
        children.append(child)
    return sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)


setup_test_environment()
shared = make_principle(title="Old")
for n in range(ROUNDS):
    print("one entry", *race([shared] * EDITORS, f"Round {n}"))
    told = {n["fields"]["title"] for n in Draft.objects.get().content if "title" in n["fields"]}
    print("kept", len(told), all(t.startswith(f"Round {n} ") for t in told))
own = [make_principle(title=f"Own {n}") for n in range(EDITORS)]
for n in range(ROUNDS):
    print("own entries", *race(own, f"Round {n}"))
print("published as before", *Principle.objects.order_by("pk").values_list("title", flat=True))
