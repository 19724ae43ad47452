"""Two editors, one entry: nothing is lost and nothing is overwritten unseen."""

import re

import pytest

from .desk import address, errors_of, form_of, publish, read, values_of
from .factories import make_country, make_figure, make_mission, make_principle
from .test_admin import as_publisher  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(client, django_user_model):
    """Another publisher, with a client of his own."""
    from django.test import Client

    from .conftest import member

    second = Client()
    second.force_login(member(django_user_model, "otto", "Managing editors"))
    return second


def rows(page):
    """Return the table of a conflict: {name: (saved now, in the form, changed by, ticked)}."""
    found = re.findall(
        r'value="([^"]*)"( checked)?> <span class="version">(.*?)</span>.*?<span class="version">(.*?)</span></td>\s*'
        r"<td>(.*?)</td>",
        page.content.decode(),
        re.S,
    )
    return {name: (theirs, mine, re.sub("<.*?>", "", who), bool(ticked)) for name, ticked, theirs, mine, who in found}


def again(page, values, *theirs):
    lock = re.search(r'name="lock_over" value="(\w+)"', page.content.decode()).group(1)
    return values | {"lock_over": lock, "theirs": list(theirs)}


def opened(client, entry):
    page = read(client, address(entry))
    return values_of(page) | {"opened": page.context["opened"]}


def conflict(client, other, entry, theirs, mine):
    """Let both open the entry; the other saves first. Return the page that the second gets, and his form."""
    first, second = opened(other, entry) | theirs, opened(client, entry) | mine
    answer = other.post(address(entry), first)
    assert (answer.status_code, errors_of(answer)) == (302, [])
    return client.post(address(entry), second), second


def test_the_second_sees_both_versions_who_and_when_and_keeps_his_form(as_publisher, other):  # noqa: F811
    entry = make_principle(title="Old", summary="Old summary.", discussion="Old talk.")
    page, _ = conflict(
        as_publisher, other, entry,
        {"title": "Theirs", "summary": "Their summary."}, {"title": "Mine <b>", "discussion": "My talk."},
    )  # fmt: skip
    assert rows(page) == {
        "title": ("Theirs", "Mine &lt;b&gt;", "both", False),
        "summary": ("Their summary.", "Old summary.", "the other", True),
        "discussion": ("Old talk.", "My talk.", "you", False),
    }
    html = page.content.decode()
    assert "Saved by <strong>otto</strong>" in html
    assert 'value="Mine &lt;b&gt;"' in html
    assert "My talk.</textarea>" in html
    assert form_of(as_publisher, address(entry))["title"] == "Theirs"


def test_both_versions_can_be_merged_value_by_value(as_publisher, other):  # noqa: F811
    entry = make_principle(title="Old", summary="Old summary.", discussion="Old talk.")
    page, values = conflict(
        as_publisher, other, entry,
        {"title": "Theirs", "summary": "Their summary."}, {"title": "Mine", "discussion": "My talk."},
    )  # fmt: skip
    answer = as_publisher.post(address(entry), again(page, values, "summary"))
    assert (answer.status_code, errors_of(answer)) == (302, [])
    publish(as_publisher, entry)
    assert (entry.title, entry.summary, entry.discussion) == ("Mine", "Their summary.", "My talk.")


def test_a_text_here_and_a_row_there_are_one_conflict(as_publisher, other):  # noqa: F811
    mission = make_mission(countries=[make_country()], title="Old")
    figure = make_figure(mission, value=100)
    page, values = conflict(
        as_publisher, other, mission, {"figures-0-value": 200, "figures-0-locator": "p. 3"}, {"title": "Mine"}
    )
    assert rows(page) == {
        "title": ("Old", "Mine", "you", False),
        "figures-0-value": ("200", "100", "the other", True),
        "figures-0-locator": ("p. 3", "empty", "the other", True),
    }
    values = again(page, values, "figures-0-value", "figures-0-locator")
    assert as_publisher.post(address(mission), values).status_code == 302
    publish(as_publisher, mission)
    figure.refresh_from_db()
    assert (mission.title, figure.value) == ("Mine", 200)


def test_relations_are_shown_by_name_and_can_be_taken_from_the_other(as_publisher, other):  # noqa: F811
    one, two, three = make_country("CYP"), make_country("HTI"), make_country("MLI")
    mission = make_mission(countries=[one])
    page, values = conflict(
        as_publisher, other, mission, {"countries": [one.pk, two.pk]}, {"countries": [one.pk, three.pk]}
    )
    assert rows(page) == {"countries": ("Cyp, Hti", "Cyp, Mli", "both", False)}
    as_publisher.post(address(mission), again(page, values, "countries"))
    publish(as_publisher, mission)
    assert set(mission.countries.all()) == {one, two}


@pytest.mark.parametrize("key", ["²", "9" * 5000, "x"])
def test_what_is_no_key_does_not_break_a_conflict(as_publisher, other, key):  # noqa: F811
    one, two = make_country("CYP"), make_country("HTI")
    mission = make_mission(countries=[one])
    page, _ = conflict(as_publisher, other, mission, {"countries": [two.pk]}, {"countries": [key]})
    assert page.status_code == 200
    assert page.context["adminform"].form.errors.keys() == {"countries", "__all__"}


def test_two_tabs_of_one_person_conflict_as_well(as_publisher):  # noqa: F811
    entry = make_principle(title="Old")
    page, _ = conflict(as_publisher, as_publisher, entry, {"title": "First"}, {"title": "Second"})
    assert rows(page) == {"title": ("First", "Second", "both", False)}
    assert "Saved by <strong>paula</strong>" in page.content.decode()


def test_a_third_save_after_the_conflict_was_shown_is_a_new_conflict(as_publisher, other):  # noqa: F811
    entry = make_principle(title="Old")
    page, values = conflict(as_publisher, other, entry, {"title": "Theirs"}, {"title": "Mine"})
    other.post(address(entry), opened(other, entry) | {"title": "Later"})
    page = as_publisher.post(address(entry), again(page, values))
    assert rows(page) == {"title": ("Later", "Mine", "both", False)}
    assert as_publisher.post(address(entry), again(page, values)).status_code == 302
    publish(as_publisher, entry)
    assert entry.title == "Mine"


def test_sending_one_form_twice_saves_once(as_publisher):  # noqa: F811
    mission = make_mission(countries=[make_country()])
    values = opened(as_publisher, mission) | {"title": "Once"}
    assert as_publisher.post(address(mission), values).status_code == 302
    page = as_publisher.post(address(mission), values)
    assert (page.status_code, rows(page)) == (200, {})
    assert "Both versions say the same" in page.content.decode()


@pytest.mark.parametrize("digests", ["", "{", "[]", '{"title": 3}', "null"])
def test_forged_digests_make_every_difference_one_of_both(as_publisher, other, digests):  # noqa: F811
    entry = make_principle(title="Old")
    page, _ = conflict(as_publisher, other, entry, {"title": "Theirs"}, {"title": "Mine", "opened": digests})
    assert rows(page) == {"title": ("Theirs", "Mine", "both", False)}
