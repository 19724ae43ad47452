"""Newer content where an editor's version was kept: offered, taken into a draft, or declined; readers keep theirs."""

import pytest
from django.test import Client
from django.urls import reverse

from missions import drafts
from missions.loading import Loader
from missions.models import Draft, Figure, LoadedRecord, Mission, Principle, Source

from .desk import address, errors_of, form_of, publish, save
from .test_loading import fixtures, principle, record, source

__all__ = ["fixtures"]
pytestmark = pytest.mark.django_db


def mission(**fields):
    return record("mission", **{
        "permanent_id": "po-mission001", "slug": "unx", "title": "Mission X", "acronym": "UNX", "summary": "Short.",
        "type": "observer", "type_source": ["report"], "dates_source": ["report"], "started_on": "2000-01-01",
        "verified_on": "2020-01-01", "organization": ["un"], "countries": [["CYP"]], "stage": "published",
        "published_at": "2026-01-01T00:00:00Z",
    } | fields)  # fmt: skip


def figure(**fields):
    return record("figure", **{
        "permanent_id": "po-figure0001", "mission": ["unx"], "measure": "fatalities", "value": 7, "as_of": "2001-01-01",
        "source": ["report"], "stage": "published",
    } | fields)  # fmt: skip


UN = record("organization", slug="un", name="United Nations", acronym="UN")
CYP = record("country", iso3="CYP", name="Cyprus", regions=[])


@pytest.fixture
def load(fixtures):
    def with_files(**files):
        base = {"organizations": [UN], "countries": [CYP], "sources": [source()]}
        return Loader(fixtures(**base | files)).load()

    return with_files


def offers(client):
    page = client.get(reverse("offers"))
    assert page.status_code == 200
    return [o for o, _, _ in page.context["offers"]]


def decide(client, offer, how, **values):
    url = reverse("offer", args=[offer.known.pk])
    return client.post(url, {how: "x", "seen": offer.seen} | values, follow=True)


def public(path):
    return Client().get(f"{path}?format=json").json()


def edit(model=Principle, **values):
    """Let an editor's change be public."""
    model.objects.update(**values)
    return model.objects.get()


def test_newer_content_is_offered_value_by_value_and_ours_stays_public(load, writer):
    load(principles=[principle()])
    edit(discussion="The editor’s word.")
    report = load(principles=[principle(discussion="A newer text.", title="Consent of the parties")])
    assert (report.offered, report.kept) == (1, [("principle", "Consent", "edited here")])
    (offer,) = offers(writer)
    assert [(d.name, d.old, d.new) for d in offer.values] == [
        ("title", "Consent", "Consent of the parties"),
        ("discussion", "The editor’s word.", "A newer text."),
    ]
    assert public("/principles/consent/")["discussion"] == "The editor’s word."


def test_what_is_taken_becomes_a_draft_and_is_public_once_that_is_published(load, writer, manager):
    load(principles=[principle()])
    entry = edit(discussion="The editor’s word.")
    newer = principle(discussion="A newer text.")
    load(principles=[newer])
    (offer,) = offers(writer)
    assert "Taken into the draft of Consent." in decide(writer, offer, "take").content.decode()
    assert public("/principles/consent/")["discussion"] == "The editor’s word."
    assert form_of(writer, address(entry))["discussion"] == "A newer text."
    assert Draft.objects.of(entry).makers == [[writer.user.pk, "wanda"]]
    assert (offers(writer), load(principles=[newer]).offered) == ([], 0)
    publish(manager, entry)
    assert public("/principles/consent/")["discussion"] == "A newer text."
    assert load(principles=[newer]).unchanged["principle"] == 1
    assert load(principles=[principle(discussion="Newest.")]).refreshed["principle"] == 1


def test_what_is_taken_joins_the_draft_that_is_open(load, writer):
    load(principles=[principle()])
    entry = edit(discussion="The editor’s word.")
    save(writer, entry, title="Drafted title")
    load(principles=[principle(discussion="A newer text.", title="Consent")])
    (offer,) = offers(writer)
    decide(writer, offer, "take")
    fields = Draft.objects.of(entry).content[0]["fields"]
    assert (fields["discussion"], public("/principles/consent/")["title"]) == ("A newer text.", "Consent")


def test_what_is_declined_is_not_offered_again_but_a_newer_version_is(load, writer):
    load(principles=[principle()])
    edit(discussion="The editor’s word.")
    newer = principle(discussion="A newer text.")
    load(principles=[newer])
    (offer,) = offers(writer)
    assert "Kept as it is here: Consent." in decide(writer, offer, "keep").content.decode()
    assert (offers(writer), load(principles=[newer]).offered) == ([], 0)
    assert load(principles=[principle(discussion="Newest.")]).offered == 1
    (offer,) = offers(writer)
    assert [d.new for d in offer.values] == ["Newest."]
    assert Principle.objects.get().discussion == "The editor’s word."


@pytest.mark.parametrize("text", ["The editor’s word.", "So."])
def test_an_offer_ends_when_both_say_the_same_or_the_content_goes_back(load, writer, text):
    load(principles=[principle()])
    edit(discussion="The editor’s word.")
    load(principles=[principle(discussion="A newer text.")])
    assert len(offers(writer)) == 1
    load(principles=[principle(discussion=text)])
    assert (offers(writer), LoadedRecord.objects.filter(offered__isnull=False).count()) == ([], 0)


def test_an_edit_alone_is_nothing_to_offer(load, writer):
    load(principles=[principle()])
    edit(discussion="The editor’s word.")
    assert (load(principles=[principle()]).offered, offers(writer)) == (0, [])


def test_a_fact_is_taken_into_the_draft_of_its_mission(load, writer, manager):
    load(missions=[mission()], figures=[figure()])
    edit(Figure, value=8)
    load(missions=[mission()], figures=[figure(value=9)])
    (offer,) = offers(writer)
    assert [(d.name, d.old, d.new) for d in offer.values] == [("value", "8", "9")]
    decide(writer, offer, "take")
    assert [f["value"] for f in public("/missions/unx/")["figures"]] == [8]
    publish(manager, Mission.objects.get())
    assert [f["value"] for f in public("/missions/unx/")["figures"]] == [9]
    assert Figure.objects.get().permanent_id == "po-figure0001"


def test_what_is_unpublished_is_taken_at_once_and_no_reader_sees_it(load, writer):
    draft = {"stage": "draft", "published_at": None}
    load(principles=[principle(**draft)])
    edit(discussion="The editor’s word.")
    load(principles=[principle(discussion="A newer text.", **draft)])
    before = Principle.objects.get().lock
    (offer,) = offers(writer)
    decide(writer, offer, "take")
    entry = Principle.objects.get()
    assert (entry.discussion, entry.stage, entry.lock != before) == ("A newer text.", "draft", True)
    assert drafts.of(entry).makers == [[writer.user.pk, "wanda"]]
    assert Client().get("/principles/consent/").status_code == 404


def test_a_source_has_no_draft_and_is_taken_over_at_once(load, writer):
    load()
    edit(Source, title="The editor’s title")
    load(sources=[source(title="Newer title")])
    page = writer.get(reverse("offers")).content.decode()
    assert "Take it over (readers see it at once)" in page
    (offer,) = offers(writer)
    decide(writer, offer, "take")
    assert public("/sources/report/")["title"] == "Newer title"
    assert Client().get("/search/", {"q": "newer title", "format": "json"}).json()["count"] == 1


def test_who_may_not_write_may_not_decide(load, writer, django_user_model):
    load(principles=[principle()])
    edit(discussion="The editor’s word.")
    load(principles=[principle(discussion="A newer text.")])
    (offer,) = offers(writer)
    nobody = Client()
    nobody.force_login(django_user_model.objects.create_user("nobody", is_staff=True))
    assert nobody.get(reverse("offers")).status_code == 403
    assert decide(nobody, offer, "take").status_code == 403
    assert decide(nobody, offer, "keep").status_code == 403
    assert Client().get(reverse("offers")).status_code == 302
    assert writer.get(reverse("offer", args=[offer.known.pk])).status_code == 405
    assert len(offers(writer)) == 1


def test_what_was_not_seen_is_not_decided_on(load, writer):
    load(principles=[principle()])
    edit(discussion="The editor’s word.")
    load(principles=[principle(discussion="A newer text.")])
    (seen,) = offers(writer)
    load(principles=[principle(discussion="Newest.")])
    assert "Still newer content came while you read it" in decide(writer, seen, "take").content.decode()
    (offer,) = offers(writer)
    decide(writer, offer, "keep")
    assert decide(writer, offer, "keep").status_code == 404


def test_an_offer_that_names_what_is_gone_says_so(load, writer):
    load(principles=[principle()])
    edit(discussion="The editor’s word.")
    load(principles=[principle(discussion="A newer text.")])
    known = LoadedRecord.objects.get(offered__isnull=False)
    known.offered["approaches"] = [["no-such"]]
    known.save()
    (offer,) = offers(writer)
    assert offer.trouble == "approaches: there is no approach “no-such”"
    assert "This cannot be taken over" in decide(writer, offer, "take").content.decode()
    Principle.objects.all().delete()
    assert offers(writer) == []


@pytest.mark.parametrize("what", ["principle", "figure", "new figure"])
def test_an_open_form_meets_a_load_as_a_conflict(load, writer, what):
    files = {"principles": [principle(stage="draft", published_at=None)]}
    files |= {"missions": [mission(stage="draft", published_at=None)], "figures": [figure()]}
    load(**files)
    entry = Principle.objects.get() if what == "principle" else Mission.objects.get()
    opened = form_of(writer, address(entry))
    newer = {
        "principle": {"principles": [principle(stage="draft", published_at=None, discussion="Newer.")]},
        "figure": {"figures": [figure(value=9)]},
        "new figure": {"figures": [figure(), figure(permanent_id="po-figure0002", measure="budget")]},
    }[what]
    load(**files | newer)
    page = writer.post(address(entry), opened | {"title": "Mine"})
    assert "Someone saved this entry after you opened it" in errors_of(page)[0]
    entry.refresh_from_db()
    assert entry.title != "Mine"


def test_a_load_that_changes_nothing_changes_no_lock(load):
    files = {"principles": [principle()], "missions": [mission()], "figures": [figure()]}
    load(**files)
    before = [Principle.objects.get().lock, Mission.objects.get().lock]
    load(**files)
    assert [Principle.objects.get().lock, Mission.objects.get().lock] == before


def test_a_load_lets_a_draft_know_that_it_is_behind(load, writer):
    load(principles=[principle()])
    entry = Principle.objects.get()
    save(writer, entry, title="Drafted")
    load(principles=[principle(discussion="Newer.")])
    assert public("/principles/consent/")["discussion"] == "Newer."
    assert Draft.objects.of(entry).is_behind
