"""What the forms of editors have in common: fields that find their choices, room to write, and names for everything."""

import re

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.forms import ModelChoiceField
from django.test import Client

from missions import models
from missions.admin.widgets import ProseArea
from missions.models import KINDS, Evidence, Mission, Principle

from .factories import make_entry, make_mission, make_principle, make_source
from .test_admin import address

pytestmark = pytest.mark.django_db
MANY = {
    models.Source, models.Mission, models.Term, models.Country, models.Principle, models.Challenge, models.Trend,
    models.Approach, models.Organization, models.Theme,
}  # fmt: skip


@pytest.fixture
def request_of_admin(rf, admin_user):
    request = rf.get("/admin/")
    request.user = admin_user
    return request


def plain_selects(model_admin, request):
    """Return the fields of an admin and its inlines that would list every record of a large kind."""
    name = model_admin.model.__name__
    forms = [(name, model_admin.get_form(request, change=False), None)]
    for inline in model_admin.get_inline_instances(request):
        formset = inline.get_formset(request)
        forms.append((f"{name}, {inline.model.__name__}", formset.form, formset.fk.name))
    found = []
    for where, form, parent in forms:
        for name, field in form.base_fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            is_large = isinstance(field, ModelChoiceField) and field.queryset.model in MANY and name != parent
            if is_large and not isinstance(widget, AutocompleteSelect | AutocompleteSelectMultiple):
                found.append(f"{where}: {name}")
    return found


def test_every_relation_to_many_records_suggests_them(request_of_admin):
    written = [a for a in admin.site._registry.values() if a.has_change_permission(request_of_admin)]
    assert len(written) > len(KINDS)
    assert [name for a in written for name in plain_selects(a, request_of_admin)] == []


def test_a_plain_select_would_be_found(request_of_admin):
    class Rows(admin.TabularInline):
        model = Evidence

    class Careless(admin.ModelAdmin):
        fields = ("organization", "countries", "type", "counted_by")
        autocomplete_fields = ("counted_by",)
        inlines = (Rows,)

    assert plain_selects(Careless(Mission, admin.site), request_of_admin) == [
        "Mission: organization",
        "Mission: countries",
        *(f"Mission, Evidence: {name}" for name in ("source", "principle", "challenge", "trend")),
    ]


def test_an_entry_is_merged_into_a_published_one(admin_client):
    live = make_principle(title="Live")
    make_principle(title="Draft", stage="draft")
    make_principle(title="Gone", stage="withdrawn")
    entry = make_principle(title="Merged")
    form = admin_client.get(address(entry, "publication")).context["forms"]["withdraw"]
    assert list(form.fields["merged_into"].queryset) == [live]


def test_sources_of_one_author_and_year_are_told_apart_by_title(client, editor):
    for title in ("First report", "Second report"):
        make_source(authors="Author, A.", symbol="", title=title)
    query = {"app_label": "missions", "model_name": "mission", "field_name": "dates_source", "term": "report"}
    assert client.get("/admin/autocomplete/", query).status_code == 302
    client.force_login(editor)
    texts = [one["text"] for one in client.get("/admin/autocomplete/", query).json()["results"]]
    assert texts == ["Author, A. (2001): First report", "Author, A. (2001): Second report"]


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.__name__)
def test_every_field_for_prose_has_what_its_scripts_need(admin_client, model):
    page = admin_client.get(address(make_entry(model))).content.decode()
    areas = re.findall(r'<textarea name="(\w+)"[^>]* data-prose="/admin/missions/prose/"[^>]*>', page)
    assert areas == [name for name in areas if name in model.prose_fields]
    assert set(areas) == set(model.prose_fields)
    assert page.count('data-cite="/admin/missions/source/cite/"') == len(areas)
    for script in ("markdown", "cite", "shortcuts", "labels", "editing"):
        assert re.search(rf'<script [^>]*src="/static/js/{script}\.js"', page)


def test_prose_stays_a_text_area_without_scripts(request_of_admin):
    form = admin.site.get_model_admin(Principle).get_form(request_of_admin)
    assert isinstance(form.base_fields["definition"].widget, ProseArea)
    html = str(form(initial={"definition": "A & <b>"})["definition"])
    assert html.startswith('<textarea name="definition"')
    assert html.endswith(">\nA &amp; &lt;b&gt;</textarea>")


def test_date_and_time_have_labels_of_their_own(admin_client, admin_user):
    page = admin_client.get(f"/admin/auth/user/{admin_user.pk}/change/").content.decode()
    for name in ("date_joined_0", "date_joined_1"):
        assert re.search(rf'<label for="id_{name}">\w+:</label>\s*<input type="text" name="{name}"', page)


def test_the_admin_brings_its_style_sheet_last_and_a_heading_to_the_login(admin_client):
    login, index = (c.get(url).content.decode() for c, url in ((Client(), "/admin/login/"), (admin_client, "/admin/")))
    assert re.findall(r"<h1>([^<]+)</h1>", login) == ["Log in"]
    for page in (login, index):
        assert re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)[-1] == "/static/css/editing.css"


def test_the_preview_of_an_entry_opens_beside_its_form(admin_client):
    mission = make_mission()
    page = admin_client.get(address(mission)).content.decode()
    link = re.search(rf'<a href="{address(mission, "preview")}"[^>]*>', page)[0]
    assert 'data-key="enter"' in link
    assert 'target="_blank"' in link
