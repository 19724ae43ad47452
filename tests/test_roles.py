"""Who may do what in the admin: every role at every sort of address, and when a right is gone."""

from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client

from missions.models import Batch, Mission, Principle

from . import factories
from .conftest import member
from .desk import form_of, take

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "reader", "writer", "reviewer", "manager", "admin")

# What is asked, then what each role gets. 302 leads to the login; forms are posted empty, and 200 shows them again.
# 409 says why a step cannot be taken as it was asked for.
MATRIX = """
GET  /admin/                                           302 302 200 200 200 200
GET  /admin/missions/mission/                          302 302 200 200 200 200
GET  /admin/missions/mission/add/                      302 302 200 200 200 200
POST /admin/missions/mission/add/                      302 302 200 200 200 200
GET  /admin/missions/mission/{mission}/change/         302 302 200 200 200 200
POST /admin/missions/mission/{mission}/change/         302 302 200 200 200 200
GET  /admin/missions/mission/{mission}/preview/        302 302 200 200 200 200
GET  /admin/missions/mission/{mission}/publication/    302 302 200 200 200 200
POST /admin/missions/mission/{draft}/publication/?step=publish    302 302 403 403 302 302
POST /admin/missions/mission/{mission}/publication/?step=withdraw 302 302 403 403 409 409
GET  /admin/missions/mission/{mission}/history/        302 302 200 200 200 200
GET  /admin/missions/mission/{mission}/delete/         302 302 403 403 403 403
POST /admin/missions/mission/{mission}/delete/         302 302 403 403 403 403
GET  /admin/missions/mission/{draft}/delete/           302 302 403 403 200 200
GET  /admin/missions/mission/import/                   302 302 403 403 200 200
POST /admin/missions/mission/import/                   302 302 403 403 200 200
GET  /admin/missions/mission/export/csv/               302 302 200 200 200 200
POST /admin/missions/mission/export/csv/               302 302 405 405 405 405
GET  /admin/missions/figure/                           302 302 200 200 200 200
GET  /admin/missions/figure/add/                       302 302 403 403 403 403
GET  /admin/missions/source/                           302 302 200 200 200 200
POST /admin/missions/source/add/                       302 302 200 200 200 200
GET  /admin/missions/source/{source}/delete/           302 302 403 403 200 200
GET  /admin/missions/source/{source}/replace/          302 302 403 403 200 200
GET  /admin/missions/term/add/                         302 302 200 200 200 200
GET  /admin/missions/country/add/                      302 302 200 200 200 200
GET  /admin/missions/organization/add/                 302 302 200 200 200 200
GET  /admin/missions/packet/                           302 302 200 200 200 200
GET  /admin/missions/packet/add/                       302 302 200 200 200 200
GET  /admin/missions/packet/{packet}/change/           302 302 200 200 200 200
POST /admin/missions/packet/{packet}/change/           302 302 403 403 200 200
GET  /admin/missions/packet/{packet}/delete/           302 302 403 403 200 200
GET  /admin/missions/discussionquestion/add/           302 302 200 200 200 200
GET  /admin/missions/learningpath/add/                 302 302 200 200 200 200
GET  /admin/missions/report/                           302 302 200 200 200 200
GET  /admin/missions/linkcheck/                        302 302 200 200 200 200
GET  /admin/missions/linkcheck/add/                    302 302 403 403 403 403
GET  /admin/upkeep/reports/                            302 302 200 200 200 200
GET  /admin/batches/                                   302 302 200 200 200 200
GET  /admin/batches/{batch}/                           302 302 200 200 200 200
GET  /admin/offers/                                    302 302 200 200 200 200
POST /admin/offers/                                    302 302 405 405 405 405
GET  /admin/missions/source/cite/?q=x                  302 302 200 200 200 200
GET  /admin/auth/user/                                 302 302 403 403 403 200
GET  /admin/auth/user/add/                             302 302 403 403 403 200
POST /admin/auth/user/add/                             302 302 403 403 403 200
GET  /admin/auth/user/{user}/change/                   302 302 403 403 403 200
GET  /admin/auth/user/{user}/password/                 302 302 403 403 403 200
POST /admin/auth/user/{user}/password/                 302 302 403 403 403 200
GET  /admin/auth/user/{user}/second-factor/            302 302 403 403 403 200
GET  /admin/auth/group/                                302 302 403 403 403 200
GET  /admin/auth/group/add/                            302 302 403 403 403 200
GET  /admin/axes/accessattempt/                        302 302 403 403 403 200
GET  /admin/password_change/                           302 302 200 200 200 200
GET  /admin/sessions/                                  302 302 200 200 200 200
POST /admin/sessions/                                  302 302 302 302 302 302
GET  /admin/password/MQ/set-password/                  200 200 200 200 200 200
POST /admin/password/MQ/set-password/                  200 200 200 200 200 200
GET  /admin/no-such-page/                              302 302 404 404 404 404
"""


@pytest.fixture
def clients(desk, admin_client, django_user_model):
    reader = Client()
    reader.force_login(django_user_model.objects.create_user("rita"))
    editors = {"writer": desk("wanda", "Writers"), "reviewer": desk("rolf", "Reviewers")}
    editors |= {"manager": desk("mona", "Managing editors"), "admin": admin_client}
    return {"anonymous": Client(), "reader": reader} | editors


def asked(client, line, things):
    method, address = line.split()[:2]
    path, _, step = address.format(**things).partition("?step=")
    with transaction.atomic():
        if step:
            entry = Mission.objects.get(pk=things["draft" if "{draft}" in line else "mission"])
            answer = take(client, entry, step, change_note="It changed.", reason="It was urgent.")
        else:
            answer = client.generic(method, path)
        answer.getvalue()
        transaction.set_rollback(True)
    return answer.status_code


@pytest.mark.long
def test_every_role_gets_what_the_matrix_says(clients, admin_user, django_user_model):
    source = factories.make_source()
    things = {
        "mission": factories.make_mission(countries=[factories.make_country()]).pk,
        "draft": factories.make_mission(
            stage="draft", countries=[factories.make_country()], dates_source=source, type_source=source
        ).pk,
        "packet": factories.make_packet().pk,
        "source": source.pk,
        "user": django_user_model.objects.get(username="wanda").pk,
        "batch": Batch.objects.create(label="Import of 1 mission", made_by="x").pk,
    }
    lines = MATRIX.strip().splitlines()
    found = [[asked(clients[role], line, things) for role in ROLES] for line in lines]
    wanted = [list(map(int, line.split()[2:])) for line in lines]
    wrong = [(line, got) for line, want, got in zip(lines, wanted, found, strict=True) if got != want]
    assert wrong == []


def test_a_right_that_is_taken_away_is_gone_at_the_next_request(writer):
    principle = factories.make_principle(stage="draft")
    address = f"/admin/missions/principle/{principle.pk}/change/"
    assert writer.get(address).status_code == 200
    writer.user.groups.clear()
    assert writer.get(address).status_code == 403
    writer.user.groups.add(Group.objects.get(name="Writers"))
    assert writer.get(address).status_code == 200
    writer.user.is_staff = False
    writer.user.save()
    assert writer.get(address).status_code == 302


def test_a_form_that_was_open_when_the_right_was_taken_saves_nothing(writer):
    principle = factories.make_principle(stage="draft", title="Old")
    address = f"/admin/missions/principle/{principle.pk}/change/"
    values = form_of(writer, address) | {"title": "New"}
    writer.user.groups.clear()
    assert writer.post(address, values).status_code == 403
    assert Principle.objects.get().title == "Old"


@pytest.mark.parametrize("field", ["stage", "published_at", "permanent_id", "withdrawal_note", "lock"])
def test_fields_that_no_form_shows_cannot_be_set(writer, field):
    principle = factories.make_principle(stage="draft", title="Old")
    before = Principle.objects.values(field).get()
    address = f"/admin/missions/principle/{principle.pk}/change/"
    writer.post(address, form_of(writer, address) | {"title": "New", field: "published"})
    assert Principle.objects.get().title == "New"
    if field != "lock":  # it is drawn anew by every save
        assert Principle.objects.values(field).get() == before
    assert Principle.objects.values_list(field, flat=True).get() != "published"


TARGETS = ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)",
           "http:///evil.example", "https:evil.example", "\x01//evil.example",
           " //evil.example", "/%09/evil.example"]  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
def test_no_address_of_the_site_leads_to_another(client, admin_client, editor, target):
    """All parameters that say where to go next: of the theme, of the login, of the admin's own lists."""
    login = {"username": "edith", "password": "a long pass phrase"}
    answers = [
        client.get("/theme/", {"theme": "light", "next": target}),
        client.post(f"/admin/login/?{urlencode({'next': target})}", login),
        client.post("/admin/login/", login | {"next": target}),
        admin_client.get("/admin/login/", {"next": target}),
        admin_client.get("/admin/missions/mission/", {"next": target, "_changelist_filters": target}),
        admin_client.get(f"/{target}"),
    ]
    places = [a["Location"] for a in answers if "Location" in a]
    assert len(places) >= 4
    for place in places:
        assert place.startswith("/"), place
        assert not place.startswith(("//", "/\\")), place


def test_who_is_unknown_learns_nothing_of_what_exists(client):
    """A page that is there and one that is not lead to the same login."""
    factories.make_mission()
    there, nowhere = (client.get(f"/admin/{p}/") for p in ("missions/mission", "missions/nothing"))
    assert (there.status_code, nowhere.status_code) == (302, 302)
    assert [a["Location"].partition("?")[0] for a in (there, nowhere)] == ["/admin/login/"] * 2


@pytest.mark.parametrize("name", ["wanda", "rolf"])
def test_no_one_makes_himself_more_than_he_is(desk, django_user_model, name):
    client = desk(name, "Writers")
    member(django_user_model, "other", "Writers")
    for address in (f"/admin/auth/user/{client.user.pk}/change/", "/admin/auth/user/add/", "/admin/auth/group/add/"):
        assert client.post(address, {"is_superuser": "on", "username": "x", "groups": ["3"]}).status_code == 403
    client.user.refresh_from_db()
    assert (client.user.is_superuser, [g.name for g in client.user.groups.all()]) == (False, ["Writers"])
