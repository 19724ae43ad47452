import re

import pytest
from django.contrib.admin.sites import site
from django.test import Client
from django.urls import reverse

from missions.models import FACTS, KINDS, LISTED, CaseStudy, Citation, Figure, Mission, Principle

from .factories import make_country, make_entry, make_figure, make_mission, make_principle, make_source, make_topic

pytestmark = pytest.mark.django_db


def address(thing, view="change"):
    name = f"admin:missions_{thing._meta.model_name}_{view}"
    return reverse(name) if view in ("add", "changelist") else reverse(name, args=[thing.pk])


def form_of(client, url):
    """Return the values with which the form at `url` would be sent back unchanged."""
    page = client.get(url)
    assert page.status_code == 200
    form = page.context["adminform"].form
    forms = [form]
    for formset in page.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    values = {}
    for one in forms:
        for bound in one:
            value = bound.value()
            if isinstance(value, bool):
                value = "on" if value else None
            if value is not None:
                split = zip(("_0", "_1"), bound.field.widget.decompress(bound.initial), strict=False) if hasattr(
                    bound.field.widget, "decompress") else [("", value)]  # fmt: skip
                for suffix, part in split:
                    values[bound.html_name + suffix] = "" if part is None else part
    return values


def errors_of(page):
    return re.findall(
        r"<li>([^<]+)</li>", "".join(re.findall(r'<ul class="errorlist.*?</ul>', page.content.decode(), re.S))
    )


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
    assert admin_client.get(address(model, "add")).status_code == 200
    assert site.is_registered(model)


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.__name__)
def test_a_publisher_corrects_what_is_published(as_publisher, model):
    related = {Mission: {"countries": [make_country()]}, CaseStudy: {"missions": [make_mission()]}}
    entry = make_entry(model, **related.get(model, {}))
    values = form_of(as_publisher, address(entry)) | {"title": "Corrected"}
    for name, objects in related.get(model, {}).items():
        values[name] = [o.pk for o in objects]
    answer = as_publisher.post(address(entry), values)
    assert (answer.status_code, errors_of(answer)) == (302, [])
    entry.refresh_from_db()
    assert entry.title == "Corrected"
    assert "Corrected" in as_publisher.get(entry.get_absolute_url()).content.decode()


def test_an_editor_drafts_and_sends_to_review_but_cannot_publish(as_editor):
    draft = make_principle(stage="draft")
    values = form_of(as_editor, address(draft))
    assert as_editor.post(address(draft), values | {"stage": "in-review"}).status_code == 302
    draft.refresh_from_db()
    assert draft.stage == "in-review"
    values = form_of(as_editor, address(draft))
    refused = as_editor.post(address(draft), values | {"stage": "published"})
    assert "published is not one of the available choices" in errors_of(refused)[-1]
    draft.refresh_from_db()
    assert draft.stage == "in-review"


def test_an_editor_cannot_change_withdraw_or_delete_what_is_published(as_editor):
    entry = make_principle(title="Live")
    values = {"title": "Changed", "stage": "withdrawn", "withdrawal_note": "x"}
    assert as_editor.post(address(entry), values).status_code == 403
    assert as_editor.post(address(entry, "delete"), {"post": "yes"}).status_code == 403
    entry.refresh_from_db()
    assert (entry.title, entry.stage) == ("Live", "published")


def test_publishing_sets_the_time_and_shows_the_page(as_publisher):
    draft = make_principle(slug="new", stage="draft")
    assert as_publisher.get("/principles/new/").status_code == 404
    values = form_of(as_publisher, address(draft)) | {"stage": "published"}
    assert as_publisher.post(address(draft), values).status_code == 302
    draft.refresh_from_db()
    assert draft.published_at is not None
    assert as_publisher.get("/principles/new/").status_code == 200


def test_an_incomplete_entry_is_not_published_and_the_field_is_named(as_publisher):
    draft = make_topic(Principle, stage="draft", discussion="")
    page = as_publisher.post(address(draft), form_of(as_publisher, address(draft)) | {"stage": "published"})
    assert errors_of(page) == ["A published entry needs this. If there is nothing to say, say why."]


def test_the_second_of_two_editors_does_not_overwrite_the_first(as_publisher):
    entry = make_principle(title="Old")
    first, second = form_of(as_publisher, address(entry)), form_of(as_publisher, address(entry))
    assert as_publisher.post(address(entry), first | {"title": "First"}).status_code == 302
    page = as_publisher.post(address(entry), second | {"title": "Second"})
    assert page.status_code == 200
    assert "Someone saved this entry after you opened it" in errors_of(page)[0]
    assert 'value="Second"' in page.content.decode()
    entry.refresh_from_db()
    assert entry.title == "First"


def test_a_forged_form_without_the_lock_is_refused(as_publisher):
    entry = make_principle(title="Old")
    values = form_of(as_publisher, address(entry)) | {"title": "Forged"}
    del values["lock_seen"]
    assert as_publisher.post(address(entry), values).status_code == 200
    entry.refresh_from_db()
    assert entry.title == "Old"


def test_a_fact_saved_elsewhere_also_counts_as_a_change(as_publisher):
    mission = make_mission()
    figure = make_figure(mission)
    opened = form_of(as_publisher, address(mission))
    changed = form_of(as_publisher, address(figure)) | {"value": 8}
    assert as_publisher.post(address(figure), changed).status_code == 302
    page = as_publisher.post(address(mission), opened)
    assert any("Someone saved this entry" in e for e in errors_of(page))


def test_a_correction_of_a_figure_is_public_at_once(as_publisher, client):
    mission = make_mission(slug="m")
    figure = make_figure(mission, value=7)
    values = form_of(as_publisher, address(figure)) | {"value": 9}
    assert as_publisher.post(address(figure), values).status_code == 302
    assert [f["value"] for f in client.get("/missions/m/?format=json").json()["figures"]] == [9]


@pytest.mark.parametrize(("missing", "name"), [("source", "source"), ("as_of", "as_of")])
def test_a_figure_is_not_published_without_source_and_date(as_publisher, missing, name):
    figure = make_figure(make_mission(), stage="draft")
    page = as_publisher.post(
        address(figure), form_of(as_publisher, address(figure)) | {"stage": "published", missing: ""}
    )
    assert page.context["adminform"].form.errors[name][0].startswith("A published fact needs its ")


def test_an_editor_adds_a_fact_as_a_draft_only(as_editor):
    mission, source = make_mission(), make_source()
    values = {"mission": mission.pk, "measure": "fatalities", "value": 3, "unit": "persons", "scope": "all",
              "as_of": "2020-01-01", "as_of_precision": "day", "source": source.pk, "confidence": "high",
              "stage": "draft"}  # fmt: skip
    assert as_editor.post(address(Figure, "add"), values | {"stage": "published"}).status_code == 200
    assert Figure.objects.count() == 0
    assert as_editor.post(address(Figure, "add"), values).status_code == 302
    assert Figure.objects.get().stage == "draft"


def test_an_editor_cannot_change_a_published_fact(as_editor):
    figure = make_figure(make_mission(), value=7)
    page = as_editor.post(address(figure), form_of(as_editor, address(figure)) | {"value": 8})
    assert "Only publishers can publish a fact or change a published one. Leave it as a draft." in errors_of(page)
    figure.refresh_from_db()
    assert figure.value == 7


def test_preview_shows_drafts_to_editors_only(as_editor, django_user_model):
    mission = make_mission(slug="draft", stage="draft", title="A hidden mission")
    make_figure(mission, stage="draft", value=4321)
    page = as_editor.get(address(mission, "preview"))
    assert page.status_code == 200
    assert "4,321" in page.content.decode()
    assert "no reader sees this page" in page.content.decode()
    assert as_editor.get(mission.get_absolute_url()).status_code == 404
    as_editor.logout()
    assert as_editor.get(address(mission, "preview")).status_code == 302
    as_editor.force_login(django_user_model.objects.create_user("nobody", password="x", is_staff=True))
    assert as_editor.get(address(mission, "preview")).status_code == 403


def test_text_saved_in_the_admin_is_indexed(as_publisher):
    source, entry = make_source(slug="report"), make_principle()
    values = form_of(as_publisher, address(entry)) | {"definition": "So [@report]."}
    assert as_publisher.post(address(entry), values).status_code == 302
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
    values = form_of(as_publisher, address(entry)) | {"stage": "withdrawn", "withdrawal_kind": "error"}
    assert errors_of(as_publisher.post(address(entry), values)) == [
        "Say why it is withdrawn: readers see this at its address."
    ]
    assert as_publisher.post(address(entry), values | {"withdrawal_note": "Merged."}).status_code == 302
    assert as_publisher.get("/principles/wrong/").status_code == 410


def test_deactivating_a_writer_ends_his_sessions_for_good_and_leaves_his_work(admin_client, as_publisher, editor):
    writer = Client()
    writer.force_login(editor)
    draft = make_principle(title="Old", stage="draft")
    assert writer.post(address(draft), form_of(writer, address(draft)) | {"title": "His work"}).status_code == 302
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
    values = form_of(as_publisher, address(draft))
    assert values["title"] == "His work"
    assert as_publisher.post(address(draft), values | {"stage": "published"}).status_code == 302
