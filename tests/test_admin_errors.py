"""A form that comes back says what is wrong and where, leads there, and has lost nothing."""

import html
import re

import pytest
from django.contrib.admin import site
from django.urls import reverse

from missions.admin.widgets import OfKeys
from missions.bulk import IMPORTABLE
from missions.models import Approach, Mission, Source

from .factories import make_country, make_event, make_figure, make_principle, make_region, make_source, make_topic
from .factories import make_mission as make_bare_mission
from .test_admin import address, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_publisher(client, publisher):
    client.force_login(publisher)
    return client


def make_mission(**values):
    return make_bare_mission(countries=[make_country()], **values)


def listed(page):
    """Return [(where, what, id of the field)] as the list at the top of a form says it."""
    found = re.search(r"<section[^>]*data-problems.*?</section>", page.content.decode(), re.S)[0]
    items = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>: (.*?)</li>', found, re.S)
    return [(html.unescape(where), html.unescape(what), anchor) for anchor, where, what in items]


def field(page, anchor):
    """Return the tag with this id."""
    return re.search(rf'<[^>]*\bid="{re.escape(anchor)}"[^>]*>', page.content.decode())[0]


def new_row(prefix, number, total, **values):
    row = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return row | {f"{prefix}-TOTAL_FORMS": total}


def test_an_error_in_a_field_is_named_and_linked(as_publisher):
    mission = make_mission()
    values = form_of(as_publisher, address(mission)) | {"title": "", "started_on": "never"}
    page = as_publisher.post(address(mission), values)
    assert page.status_code == 200
    assert listed(page) == [
        ("Title", "This field is required.", "id_title"),
        ("Started on", "Enter a valid date.", "id_started_on"),
    ]
    assert "Please correct the error" not in page.content.decode()
    assert "<title>Error: " in page.content.decode()


def test_an_error_in_a_row_says_which_row_of_what(as_publisher):
    mission = make_mission()
    make_figure(mission)
    second = make_figure(mission, value=9, scope="accident")
    values = form_of(as_publisher, address(mission)) | {"figures-1-value": "many", "figures-1-source": ""}
    page = as_publisher.post(address(mission), values)
    assert page.status_code == 200
    assert listed(page) == [
        ("Figure, row 2, Source", "A published fact needs its source. Choose one, or keep the fact as a draft.",
         "id_figures-1-source"),
        ("Figure, row 2, Value", "Enter a whole number.", "id_figures-1-value"),
    ]  # fmt: skip
    second.refresh_from_db()
    assert second.value == 9


def test_every_link_leads_to_something_in_the_page(as_publisher):
    mission = make_mission(stage="draft", published_at=None)
    make_event(mission, stage="draft")
    values = form_of(as_publisher, address(mission))
    values |= {"title": "", "published_at_0": "never", "events-0-title": "", "events-0-date": "never", "slug": ""}
    values |= new_row("figures", 0, 1, measure="", value="x", stage="draft", confidence="high")
    page = as_publisher.post(address(mission), values)
    anchors = [anchor for *_, anchor in listed(page)]
    assert {"id_title", "id_slug", "id_events-0-title", "id_events-0-date", "id_figures-0-value"} <= set(anchors)
    for anchor in anchors:
        assert 'type="hidden"' not in field(page, anchor)


def test_what_is_wrong_is_tied_to_its_field_for_screen_readers(as_publisher):
    mission = make_mission()
    make_figure(mission)
    values = form_of(as_publisher, address(mission)) | {"title": "", "figures-0-value": ""}
    page = as_publisher.post(address(mission), values)
    for name in ("title", "figures-0-value"):
        tag, content = field(page, f"id_{name}"), page.content.decode()
        assert 'aria-invalid="true"' in tag
        assert f'aria-describedby="id_{name}_helptext id_{name}_error"' in tag
        assert f'<ul class="errorlist" id="id_{name}_error"><li>This field is required.</li></ul>' in content
    assert "aria-invalid" not in field(page, "id_slug")


def test_the_list_takes_the_focus_and_the_first_field_does_not(as_publisher):
    page = as_publisher.post(address(Mission, "add"), {}).content.decode()
    assert re.search(r'<section class="errornote"[^>]* tabindex="-1" autofocus', page)
    assert "django-admin-form-add-constants" not in page
    page = as_publisher.get(address(Mission, "add")).content.decode()
    assert "data-problems" not in page
    assert "django-admin-form-add-constants" in page


def test_an_error_of_the_whole_form_stands_above_the_list(as_publisher):
    mission = make_mission()
    values = form_of(as_publisher, address(mission))
    as_publisher.post(address(mission), values | {"title": "First"})
    page = as_publisher.post(address(mission), values | {"title": "Second"})
    shown = re.search(r"<section[^>]*data-problems.*?</section>", page.content.decode(), re.S)[0]
    assert "Someone saved this entry after you opened it" in shown
    assert "Correct this" not in shown


def test_an_error_of_a_group_of_rows_leads_to_the_group(as_publisher):
    approach = make_topic(Approach)
    values = form_of(as_publisher, address(approach))
    row = {"dimension": "consent", "text": "Text.", "source": make_source().pk}
    values |= new_row("dimensions", 0, 2, **row) | new_row("dimensions", 1, 2, **row)
    page = as_publisher.post(address(approach), values)
    assert page.status_code == 200
    where, what, anchor = listed(page)[0]
    assert (where, anchor) == ("Dimensions", "dimensions-heading")
    assert what == "Please correct the duplicate data for dimension."
    assert field(page, anchor).startswith("<h2")


def preferred_figure(**values):
    return {"measure": "fatalities", "value": 3, "unit": "persons", "scope": "all", "as_of": "2020-01-01",
            "as_of_precision": "day", "source": make_source().pk, "confidence": "high", "stage": "published",
            "preferred": "on"} | values  # fmt: skip


def test_of_two_new_rows_only_one_is_preferred(as_publisher):
    mission = make_mission()
    values = form_of(as_publisher, address(mission))
    row = preferred_figure()
    values |= new_row("figures", 0, 2, **row) | new_row("figures", 1, 2, **row)
    page = as_publisher.post(address(mission), values)
    assert page.status_code == 200
    assert listed(page) == [
        (
            "Figure, row 2",
            "Another published figure is already preferred for this measure, scope and date. Untick “preferred” on one "
            "of the two and say why in its note.",
            "figures-1",
        )
    ]
    assert mission.figures.count() == 0


@pytest.mark.parametrize(
    "other", [{"preferred": ""}, {"stage": "draft"}, {"scope": "accident"}, {"as_of": "2021-01-01"}, {"period": "2019"}]
)
def test_rows_that_differ_in_what_counts_are_both_saved(as_publisher, other):
    mission = make_mission(stage="draft")
    values = form_of(as_publisher, address(mission))
    values |= new_row("figures", 0, 2, **preferred_figure())
    values |= new_row("figures", 1, 2, **{k: v for k, v in preferred_figure(**other).items() if v})
    assert as_publisher.post(address(mission), values).status_code == 302
    assert mission.figures.count() == 2


def test_nothing_typed_is_lost_in_fields_rows_and_new_rows(as_publisher):
    mission = make_mission(other_names="Old name")
    make_figure(mission, value=7, editor_note="")
    source = make_source(symbol="A/1")
    typed = "Typed.\n\n- “quoted” & <marked> [@source"
    values = form_of(as_publisher, address(mission))
    values |= {"title": "", "summary": typed, "other_names": "One\nTwo", "figures-0-value": "8",
               "figures-0-editor_note": "Kept.", "figures-0-source": source.pk}  # fmt: skip
    values |= new_row("events", 0, 1, title="A new row", text=typed, date="not a date", kind="political",
                      source=source.pk, stage="draft", confidence="low")  # fmt: skip
    page = as_publisher.post(address(mission), values)
    form = page.context["adminform"].form
    groups = {g.formset.prefix: g.formset for g in page.context["inline_admin_formsets"]}
    assert (form["summary"].value(), form["other_names"].value()) == (typed, "One\nTwo")
    shown = html.unescape(page.content.decode())
    assert shown.count(typed) == 2
    figure, event = groups["figures"].forms[0], groups["events"].forms[0]
    assert (figure["value"].value(), figure["editor_note"].value()) == ("8", "Kept.")
    assert [event[n].value() for n in ("title", "date", "confidence")] == ["A new row", "not a date", "low"]
    option = f'<option value="{source.pk}" selected>A/1</option>'
    assert page.content.decode().count(option) == 2
    assert Mission.objects.get().summary == mission.summary
    assert mission.events.count() == 0


def test_forms_of_sources_places_and_members_list_their_errors_too(admin_client):
    from django.contrib.auth.models import User

    for thing in (make_source(), make_mission().organization):
        page = admin_client.post(address(thing), form_of(admin_client, address(thing)) | {list_name(thing): ""})
        assert listed(page) == [(list_name(thing).capitalize(), "This field is required.", f"id_{list_name(thing)}")]
    url = f"/admin/auth/user/{User.objects.get(username='admin').pk}/change/"
    page = admin_client.post(url, form_of(admin_client, url) | {"username": "no spaces here"})
    assert [(where, anchor) for where, _, anchor in listed(page)] == [("Username", "id_username")]


def list_name(thing):
    return thing.label_field if hasattr(thing, "title") else "name"


def test_an_error_in_what_was_typed_cannot_become_code(as_publisher):
    mission = make_mission()
    bad = {"slug": "<b>", "summary": "[@<script>alert(1)</script>]"}
    page = as_publisher.post(address(mission), form_of(as_publisher, address(mission)) | bad)
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert "<b>" not in re.search(r"<section[^>]*data-problems.*?</section>", page.content.decode(), re.S)[0]


@pytest.mark.parametrize("value", ["..", "x\0", "9" * 20, "9" * 5000, "²", "1e3", "-1"])
def test_what_is_no_key_is_refused_in_fields_with_suggestions(admin_client, value):
    principle, country, region = make_principle(), make_country(), make_region("asia")
    for row, field in ((principle, "approaches"), (country, "regions"), (region, "parent")):
        page = admin_client.post(address(row), form_of(admin_client, address(row)) | {field: [value]})
        assert page.status_code == 200
        assert page.context["adminform"].form.errors.keys() == {field}


def test_every_field_with_suggestions_bears_what_is_no_key(rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    found = 0
    for admin in site._registry.values():
        for one in (admin, *admin.get_inline_instances(request)):
            for name in one.get_autocomplete_fields(request):
                field = one.model._meta.get_field(name)
                assert isinstance(one.formfield_for_dbfield(field, request).widget.widget, OfKeys), (admin, name)
                found += 1
    assert found > 20


HUGE = "9" * 20
DATED = [(model, admin.date_hierarchy) for model, admin in site._registry.items() if admin.date_hierarchy]


@pytest.mark.parametrize(
    "day",
    [("9999",), (HUGE,), ("2000", HUGE), ("9999", "12"), ("9999", "12", "31"), ("2000", "2", HUGE), ("0",), ("x",)],
)
@pytest.mark.parametrize(("model", "name"), DATED, ids=[model._meta.model_name for model, _ in DATED])
def test_a_day_that_no_calendar_has_leads_back_to_the_list(admin_client, model, name, day):
    query = {f"{name}__{part}": value for part, value in zip(("year", "month", "day"), day, strict=False)}
    views = ["changelist", *(["export_csv", "export_xlsx"] if model in IMPORTABLE else [])]
    found = [f"admin:missions_{model._meta.model_name}_{view}" for view in views]
    for each in map(reverse, found):
        answer = admin_client.get(each, query)
        assert (answer.status_code, answer["Location"]) == (302, f"{reverse(found[0])}?e=1")


def test_a_new_record_that_is_sent_as_a_copy_is_shown_again(admin_client):
    page = admin_client.post(address(Source, "add"), {"_saveasnew": "1"})
    assert (page.status_code, page.context["add"]) == (200, True)
    assert "title" in page.context["adminform"].form.errors


@pytest.mark.parametrize("number", [22, pytest.param(1001, marks=pytest.mark.long), 10**11])
def test_more_new_rows_than_can_be_drawn_are_refused(as_publisher, number):
    mission = make_mission()
    make_figure(mission)
    values = form_of(as_publisher, address(mission)) | {"figures-TOTAL_FORMS": number}
    page = as_publisher.post(address(mission), values)
    [rows] = [f.formset for f in page.context["inline_admin_formsets"] if f.formset.prefix == "figures"]
    assert len(rows.forms) == 21
    assert rows.non_form_errors() == ["At most 21 rows are taken here at once. Save some of them first."]
