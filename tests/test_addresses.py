"""An address lasts: what once led to an entry leads to it for good."""

import pytest

from missions.models import FormerAddress, Principle

from .desk import address, errors_of, form_of, publish, take
from .factories import make_mission, make_principle
from .test_admin import as_publisher  # noqa: F401

pytestmark = pytest.mark.django_db
CANARY = "Canary-7331"


def rename(client, entry, slug):
    """Rename an entry and publish that; return the answer to the form."""
    answer = client.post(address(entry), form_of(client, address(entry)) | {"slug": slug})
    if answer.status_code == 302:
        publish(client, entry)
    return answer


def test_an_entry_renamed_twice_answers_at_both_old_addresses_in_one_hop(as_publisher):  # noqa: F811
    entry = make_principle(slug="first")
    rename(as_publisher, entry, "second")
    rename(as_publisher, entry, "third")
    for old in ("first", "second"):
        moved = as_publisher.get(f"/principles/{old}/?format=json&x=%2Fy")
        assert moved.status_code == 400
        moved = as_publisher.get(f"/principles/{old}/?utm=1&x=%2Fy")
        assert (moved.status_code, moved["Location"]) == (301, "/principles/third/?utm=1&x=%2Fy")
        moved = as_publisher.get(f"/principles/{old}/?format=json")
        assert (moved.status_code, moved["Location"]) == (301, "/principles/third/?format=json")
        moved = as_publisher.get(f"/api/v1/principles/{old}/")
        assert (moved.status_code, moved["Location"]) == (301, "/api/v1/principles/third/")
    assert as_publisher.get("/principles/third/").status_code == 200


def test_an_entry_renamed_back_makes_no_loop(as_publisher):  # noqa: F811
    entry = make_principle(slug="first")
    rename(as_publisher, entry, "second")
    rename(as_publisher, entry, "first")
    assert as_publisher.get("/principles/first/").status_code == 200
    assert as_publisher.get("/principles/second/")["Location"] == "/principles/first/"
    assert list(FormerAddress.objects.values_list("slug", flat=True)) == ["second"]


def test_an_address_that_leads_somewhere_is_refused_to_another_entry(as_publisher):  # noqa: F811
    entry, other = make_principle(slug="first"), make_principle(slug="other")
    rename(as_publisher, entry, "second")
    refused = rename(as_publisher, other, "first")
    assert errors_of(refused) == ["This address once was that of another entry and still leads there. Choose another."]
    assert "already exists" in errors_of(rename(as_publisher, other, "second"))[0]
    assert other.slug == "other"


def test_the_same_address_of_another_kind_is_free(as_publisher):  # noqa: F811
    rename(as_publisher, make_principle(slug="first"), "second")
    assert make_mission(slug="first").former_address_errors() == ""


def test_a_draft_that_was_never_public_leaves_no_address(as_publisher):  # noqa: F811
    entry = make_principle(slug="first", stage="draft")
    as_publisher.post(address(entry), form_of(as_publisher, address(entry)) | {"slug": "second"})
    entry.refresh_from_db()
    assert entry.slug == "second"
    assert FormerAddress.objects.count() == 0
    assert as_publisher.get("/principles/first/").status_code == 404


def test_a_renamed_entry_that_is_hidden_again_is_not_named(as_publisher):  # noqa: F811
    entry = make_principle(slug="first")
    rename(as_publisher, entry, "second")
    Principle.objects.update(stage="draft")
    assert as_publisher.get("/principles/first/").status_code == 404


def withdrawn(slug, kind, **values):
    return make_principle(
        slug=slug, title=CANARY, stage="withdrawn", withdrawal_kind=kind, withdrawal_note="For this reason.", **values
    )


@pytest.mark.parametrize(("kind", "status"), [("error", 410), ("notice", 200)])
def test_a_withdrawn_entry_says_why_and_shows_nothing_else(client, kind, status):
    withdrawn("gone", kind)
    page = client.get("/principles/gone/")
    assert page.status_code == status
    html = page.content.decode()
    assert "For this reason." in html
    assert CANARY not in html
    assert '<meta name="robots" content="noindex">' in html
    for answer in (client.get("/principles/gone/?format=json"), client.get("/api/v1/principles/gone/")):
        assert (answer.status_code, answer.json()) == (410, {"detail": "Withdrawn: For this reason."})


def test_a_merged_entry_leads_to_the_last_it_was_merged_into(client):
    last = make_principle(slug="last")
    middle = withdrawn("middle", "merged", merged_into=last)
    withdrawn("gone", "merged", merged_into=middle)
    for old in ("middle", "gone"):
        moved = client.get(f"/principles/{old}/?a=b")
        assert (moved.status_code, moved["Location"]) == (301, "/principles/last/?a=b")


def test_entries_merged_in_a_circle_are_gone(client):
    one = withdrawn("one", "merged")
    two = withdrawn("two", "merged", merged_into=one)
    one.merged_into = two
    one.save()
    assert client.get("/principles/one/").status_code == 410


def test_merging_needs_another_published_entry(as_publisher):  # noqa: F811
    entry, draft, other = make_principle(slug="here"), make_principle(stage="draft"), make_principle(slug="there")

    def refusal(**values):
        form = take(as_publisher, entry, "withdraw", withdrawal_note="Same thing.", **values).context["posted"]
        return getattr(form, "refusal", form.errors)

    assert refusal() == "Say what its address should answer."
    assert refusal(withdrawal_kind="merged") == "Choose the entry that it was merged into."
    for wrong in (entry, draft):
        assert list(refusal(withdrawal_kind="merged", merged_into=wrong.pk)) == ["merged_into"]
    values = {"withdrawal_kind": "merged", "merged_into": other.pk, "withdrawal_note": "Same thing."}
    assert take(as_publisher, entry, "withdraw", **values).status_code == 302
    assert as_publisher.get("/principles/here/")["Location"] == "/principles/there/"
    listed = as_publisher.get("/principles/?format=json").json()["results"]
    assert [row["slug"] for row in listed] == ["there"]
