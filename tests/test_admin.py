import pytest
from django.contrib.admin.sites import site
from django.test import Client
from django.urls import reverse

from missions.models import FACTS, KINDS, LISTED, CaseStudy, Citation, Mission, Principle

from .desk import address, errors_of, form_of, publish, save, take
from .factories import make_country, make_entry, make_figure, make_mission, make_principle, make_source, make_topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_editor(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def as_publisher(client, publisher):
    client.force_login(publisher)
    return client


@pytest.mark.parametrize("model", [*LISTED, *FACTS], ids=lambda m: m.__name__)
def test_everything_can_be_listed_searched_and_added(admin_client, model):
    assert admin_client.get(address(model, "changelist"), {"q": "x"}).status_code == 200
    assert admin_client.get(address(model, "add")).status_code == (403 if model in FACTS else 200)
    assert site.is_registered(model)


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.__name__)
def test_what_is_published_is_corrected_by_way_of_a_draft(as_publisher, model):
    related = {Mission: {"countries": [make_country()]}, CaseStudy: {"missions": [make_mission()]}}
    entry = make_entry(model, **related.get(model, {}))
    save(as_publisher, entry, title="Corrected")
    assert "Corrected" not in as_publisher.get(entry.get_absolute_url()).content.decode()
    publish(as_publisher, entry)
    assert entry.title == "Corrected"
    assert "Corrected" in as_publisher.get(entry.get_absolute_url()).content.decode()
    for name, objects in related.get(model, {}).items():
        assert list(getattr(entry, name).all()) == objects


def test_a_writer_drafts_and_sends_to_review_but_cannot_publish(as_editor):
    draft = make_principle(stage="draft")
    save(as_editor, draft, title="Written")
    assert take(as_editor, draft, "submit").status_code == 302
    draft.refresh_from_db()
    assert (draft.title, draft.stage) == ("Written", "in-review")
    assert take(as_editor, draft, "publish", reason="I want it.").status_code == 403
    draft.refresh_from_db()
    assert draft.stage == "in-review"


def test_a_writer_cannot_publish_withdraw_or_delete_what_is_published(as_editor, caplog):
    entry = make_principle(title="Live")
    save(as_editor, entry, title="Changed", stage="withdrawn", published_at_0="1999-01-01")
    assert take(as_editor, entry, "publish", change_note="x", reason="x").status_code == 403
    withdrawal = {"withdrawal_kind": "error", "withdrawal_note": "x"}
    assert take(as_editor, entry, "withdraw", **withdrawal).status_code == 403
    assert as_editor.post(address(entry, "delete"), {"post": "yes"}).status_code == 403
    published_at = entry.published_at
    entry.refresh_from_db()
    assert (entry.title, entry.stage, entry.published_at) == ("Live", "published", published_at)
    refused = [r.getMessage() for r in caplog.records if r.name == "missions.drafts"]
    wanted = [f"{step} {entry.permanent_id}" for step in ("publish", "withdraw")]
    assert [m.partition("may not ")[2] for m in refused] == wanted


def test_publishing_sets_the_time_and_shows_the_page(as_publisher):
    draft = make_principle(slug="new", stage="draft")
    assert as_publisher.get("/principles/new/").status_code == 404
    publish(as_publisher, draft)
    assert draft.published_at is not None
    assert as_publisher.get("/principles/new/").status_code == 200


def test_an_incomplete_entry_is_not_published_and_the_field_is_named(as_publisher):
    draft = make_topic(Principle, stage="draft", discussion="")
    page = take(as_publisher, draft, "publish", reason="It is urgent.")
    assert (page.status_code, page.context["posted"].refusal) == (
        409,
        "It cannot be published: discussion: A published entry needs this. If there is nothing to say, say why.",
    )
    draft.refresh_from_db()
    assert draft.stage == "draft"


def test_the_second_of_two_editors_does_not_overwrite_the_first(as_publisher):
    entry = make_principle(title="Old")
    first, second = form_of(as_publisher, address(entry)), form_of(as_publisher, address(entry))
    assert as_publisher.post(address(entry), first | {"title": "First"}).status_code == 302
    page = as_publisher.post(address(entry), second | {"title": "Second"})
    assert page.status_code == 200
    assert "Someone saved this entry after you opened it" in errors_of(page)[0]
    assert 'value="Second"' in page.content.decode()
    assert form_of(as_publisher, address(entry))["title"] == "First"


def test_a_forged_form_without_the_lock_is_refused(as_publisher):
    entry = make_principle(title="Old")
    values = form_of(as_publisher, address(entry)) | {"title": "Forged"}
    del values["lock_seen"]
    assert as_publisher.post(address(entry), values).status_code == 200
    assert form_of(as_publisher, address(entry))["title"] == "Old"


def test_a_fact_is_edited_in_the_form_of_its_mission_only(as_publisher):
    figure = make_figure(make_mission(), value=7)
    page = as_publisher.get(address(figure))
    assert page.context["edit_url"] == f"{address(figure.mission)}?rows=figures&only={figure.permanent_id}#figures-0"
    assert as_publisher.post(address(figure), {"value": 9}).status_code == 403
    figure.refresh_from_db()
    assert figure.value == 7


def test_a_correction_of_a_figure_is_public_once_it_is_published(as_publisher, client):
    mission = make_mission(slug="m", countries=[make_country()])
    figure, source = make_figure(mission, value=7), make_source()
    save(as_publisher, mission, **{"figures-0-value": 9, "figures-0-source": source.pk})
    assert [f["value"] for f in client.get("/missions/m/?format=json").json()["figures"]] == [7]
    publish(as_publisher, mission)
    assert [f["value"] for f in client.get("/missions/m/?format=json").json()["figures"]] == [9]
    figure.refresh_from_db()
    assert (figure.value, figure.source) == (9, source)


@pytest.mark.parametrize(("missing", "reason"), [
    ("source", "A published fact needs its source. Choose one, or keep the fact as a draft."),
    ("as_of", "A published fact needs its date. Add it, or keep the fact as a draft."),
])  # fmt: skip
def test_a_figure_without_source_or_date_is_refused_with_its_row_and_field(as_publisher, missing, reason):
    mission = make_mission(countries=[make_country()])
    make_figure(mission, value=1)
    make_figure(mission, value=2, scope="accident")
    values = form_of(as_publisher, address(mission)) | {f"figures-1-{missing}": "", "title": "Kept"}
    page = as_publisher.post(address(mission), values)
    formset = page.context["inline_admin_formsets"][0].formset
    assert formset.errors == [{}, {missing: [reason]}]
    assert 'value="Kept"' in page.content.decode()
    assert form_of(as_publisher, address(mission))["title"] == mission.title


def test_preview_shows_what_will_be_public_to_editors_only(as_editor, django_user_model):
    mission = make_mission(slug="draft", stage="draft", title="A hidden mission")
    make_figure(mission, value=4321)
    make_figure(mission, stage="draft", value=8765)
    page = as_editor.get(address(mission, "preview"))
    html = page.content.decode()
    assert (page.status_code, "no-store" in page["Cache-Control"]) == (200, True)
    assert ("4,321" in html, "8,765" in html, "No reader sees it." in html) == (True, False, True)
    assert as_editor.get(mission.get_absolute_url()).status_code == 404
    as_editor.logout()
    assert as_editor.get(address(mission, "preview")).status_code == 302
    as_editor.force_login(django_user_model.objects.create_user("nobody", password="x", is_staff=True))
    assert as_editor.get(address(mission, "preview")).status_code == 403


def test_text_saved_in_the_admin_is_indexed(as_publisher):
    source, entry = make_source(slug="report"), make_principle()
    save(as_publisher, entry, definition="So [@report].")
    assert [(c.source, c.kind, c.entry_id) for c in Citation.objects.all()] == [(source, "draft-principle", entry.pk)]
    publish(as_publisher, entry)
    assert [(c.source, c.kind, c.entry_id) for c in Citation.objects.all()] == [(source, "principle", entry.pk)]


def test_a_cited_source_cannot_be_deleted_in_the_admin(as_publisher):
    source = make_source()
    make_figure(make_mission(), source=source)
    page = as_publisher.get(address(source, "delete"))
    assert "would require deleting the following protected related objects" in page.content.decode()
    as_publisher.post(address(source, "delete"), {"post": "yes"})
    source.refresh_from_db()


def test_withdrawing_needs_a_note_and_leaves_a_notice(as_publisher):
    entry = make_principle(slug="wrong")
    page = take(as_publisher, entry, "withdraw", withdrawal_kind="error")
    assert page.context["posted"].refusal == "Say why it is withdrawn: readers see this at its address."
    assert as_publisher.get("/principles/wrong/").status_code == 200
    assert take(as_publisher, entry, "withdraw", withdrawal_kind="error", withdrawal_note="Merged.").status_code == 302
    assert as_publisher.get("/principles/wrong/").status_code == 410


def test_deactivating_a_writer_ends_his_sessions_for_good_and_leaves_his_work(admin_client, as_publisher, editor):
    writer = Client()
    writer.force_login(editor)
    draft = make_principle(title="Old", stage="draft")
    save(writer, draft, title="His work")
    user_form = reverse("admin:auth_user_change", args=[editor.pk])
    for is_active in (False, True):
        values = form_of(admin_client, user_form)
        values = values | {"is_active": "on"} if is_active else {k: v for k, v in values.items() if k != "is_active"}
        answer = admin_client.post(user_form, values)
        assert (answer.status_code, errors_of(answer)) == (302, [])
        editor.refresh_from_db()
        assert editor.is_active is is_active
        assert writer.get(address(draft)).status_code == 302
    assert as_publisher.get("/admin/").status_code == 200
    assert form_of(as_publisher, address(draft))["title"] == "His work"
    publish(as_publisher, draft)
    assert draft.stage == "published"
