"""The heaps of work: what lies on each, how it is found, counted and taken away, and “still correct”."""

import csv
import datetime
import io
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from missions import upkeep
from missions.links import Answer, record
from missions.models import FACTS, KINDS, Confirmation, Figure, Mission, Principle, Report
from missions.reports import Subject, send
from missions.upkeep.heaps import Heap, Row, Selection

from .factories import (
    make_assessment,
    make_case_study,
    make_entry,
    make_event,
    make_evidence,
    make_figure,
    make_mission,
    make_organization,
    make_principle,
    make_source,
    make_task,
    make_term,
)
from .test_admin import address, as_editor, as_publisher  # noqa: F401

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)
DESK = ("my-work", "waiting", "approved", "unreviewed")  # tests/test_desk.py has these
NAMES = [heap.name for heap in upkeep.HEAPS if heap.name not in DESK]


def ago(days):
    return TODAY - days * DAY


def page_of(name):
    return f"/admin/upkeep/{name}/"


def rows_of(name, user=None):
    return upkeep.heap_named(name).rows(user)


def listed(client, name, query=""):
    """Return the lines of the CSV of a heap as dictionaries."""
    answer = client.get(f"{page_of(name)}?format=csv{query}")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def a_row_on_each_heap():
    """Make one thing to do for every heap; return the mission that it is about."""
    mission = make_mission(slug="unx", verified_on=ago(400), summary="word " * 70)
    make_figure(mission, as_of=ago(400))
    make_event(mission, source=None, stage="draft")
    source = make_source(official_url="https://un.example/")
    for days in (3, 1):
        record(source.official_url, Answer("gone", "404 Not Found", 404), timezone.now() - days * DAY)
    send(Subject(mission), {"text": "There is an error.", "where": "", "email": ""}, "192.0.2.1")
    upkeep.outside.MissedSearch.objects.create(term="drones", number=3, days=1, last_on=TODAY)
    return mission


def counts(page):
    return {card.heap.name: card.count for card in page.context["cards"] if card.heap.name in NAMES}


def test_the_first_page_counts_every_heap_and_leads_to_what_it_counts(as_editor, editor):  # noqa: F811
    a_row_on_each_heap()
    page = as_editor.get("/admin/")
    assert counts(page) == dict.fromkeys(NAMES, 1)
    html = page.content.decode()
    for card in (c for c in page.context["cards"] if c.heap.name in NAMES):
        assert f'<a href="{card.heap.address}"><span class="heap-count">1</span> {card.heap.label}</a>' in html
        behind = as_editor.get(card.heap.address)
        assert len(behind.context["rows"]) == card.count
    assert "Recent actions" in html
    assert "Case studies" in html


def test_an_empty_heap_says_zero_and_links_that_were_never_checked_say_so(as_editor):  # noqa: F811
    page = as_editor.get("/admin/")
    assert counts(page) == dict.fromkeys(NAMES, 0)
    assert page.content.decode().count('<li class="heap none">') == len(upkeep.HEAPS)
    assert "No link has been checked yet: the operators run manage.py check_links." in page.content.decode()
    for name in NAMES:
        assert "Nothing waits here." in as_editor.get(page_of(name)).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_first_page_asks_a_fixed_number_of_questions(as_editor, django_assert_num_queries, number):  # noqa: F811
    a_row_on_each_heap()
    for n in range(number):
        mission = make_mission(slug=f"m-{n}", verified_on=ago(500))
        make_figure(mission, as_of=ago(500 + n))
        make_case_study([mission])
        send(Subject(mission), {"text": f"Error {n} here.", "where": "", "email": ""}, f"192.0.2.{n + 9}")
    as_editor.get("/admin/")
    # Session, user and rights (4), drafts, reviews and publications (4), reports (2), claims (2), figures (1),
    # reviews (2), links (3, and 1 for the note), coverage (2), searches (1), recent actions (1).
    with django_assert_num_queries(23):
        as_editor.get("/admin/")


def test_only_members_with_the_right_to_see_missions_see_the_work(client, django_user_model, as_editor):  # noqa: F811
    nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)
    client.force_login(nobody)
    assert client.get("/admin/").context["cards"] == []
    reader = django_user_model.objects.create_user("reader", password="x")
    for user, status in ((nobody, 403), (reader, 302), (None, 302)):
        other = Client()
        if user:
            other.force_login(user)
        for name in NAMES:
            assert other.get(page_of(name)).status_code == status
            assert other.get(f"{page_of(name)}?format=csv").status_code == status
            assert other.post(page_of(name), {}).status_code == status


def test_reports_need_a_right_of_their_own(as_editor):  # noqa: F811
    Group.objects.get(name="Writers").permissions.remove(
        *Group.objects.get(name="Writers").permissions.filter(codename="view_report")
    )
    assert "reports" not in counts(as_editor.get("/admin/"))
    assert as_editor.get(page_of("reports")).status_code == 403


@pytest.mark.parametrize("group", ["Writers", "Managing editors"])
def test_both_groups_answer_reports_and_see_the_rest(group):
    names = Group.objects.get(name=group).permissions.values_list("codename", flat=True)
    about = {
        n for n in names if n.split("_")[1] in ("report", "reportsending", "confirmation", "linkcheck", "missedsearch")
    }
    assert about == {"view_report", "change_report", "view_confirmation", "view_linkcheck", "view_missedsearch"}


@pytest.mark.parametrize("model", [upkeep.outside.LinkCheck, upkeep.outside.MissedSearch, Confirmation])
def test_what_upkeep_leaves_behind_is_seen_and_never_touched(admin_client, model):
    a_row_on_each_heap()
    Confirmation.objects.create(kind="figure", permanent_id="po-1", confirmed_by="ada")
    assert admin_client.get(address(model, "changelist"), {"q": "x"}).status_code == 200
    assert admin_client.get(address(model.objects.first())).status_code == 200
    assert admin_client.post(address(model.objects.first()), {}).status_code == 403
    assert admin_client.get(address(model, "add")).status_code == 403
    assert admin_client.get(address(model.objects.first(), "delete")).status_code == 403


@pytest.mark.parametrize("name", NAMES)
def test_page_and_csv_have_the_same_rows_and_lead_to_their_forms(as_editor, name):  # noqa: F811
    a_row_on_each_heap()
    page = as_editor.get(page_of(name))
    heap = upkeep.heap_named(name)
    lines = listed(as_editor, name)
    assert list(lines[0]) == [*heap.columns, "form"]
    assert [row.form for row, _ in page.context["rows"]] == [line["form"] for line in lines]
    for line in lines:
        assert f'<th scope="row"><a href="{line["form"]}">' in page.content.decode()
        assert as_editor.get(line["form"]).status_code == 200
    assert set(rows_of(name)[0].cells) == set(heap.columns)


@pytest.mark.parametrize("name", NAMES)
def test_every_filter_and_every_order_of_a_heap_answers(as_editor, name):  # noqa: F811
    a_row_on_each_heap()
    heap, every = upkeep.heap_named(name), rows_of(name)
    heap = replace(heap, rows=lambda user: every)
    for parameter, vocabulary in heap.filters.items():
        for value in vocabulary():
            found = Selection(heap, None, QueryDict(urlencode({parameter: value})))
            assert found.errors == {}
            assert found.rows == [row for row in every if value in row.traits[parameter]]
        assert set().union(*(row.traits[parameter] for row in every)) <= set(vocabulary())
    for column in heap.columns:
        for order in (column, f"-{column}"):
            assert len(Selection(heap, None, QueryDict(f"ordering={order}")).rows) == len(every)
    assert as_editor.get(f"{page_of(name)}?ordering=-{column}").status_code == 200


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("colour=red", "colour"), ("kind=nothing", "kind"), ("mission=nope", "mission"),
        ("mission=unx&mission=unx", "mission"), ("q=a&q=b", "q"), (f"q={'x' * 201}", "q"),
        ("ordering=permanent_id", "ordering"), ("ordering=--what", "ordering"), ("format=pdf", "format"),
        ("format=csv&page=1", "page"), ("page=0", "page"), ("page=99", "page"), ("page=x", "page"),
        ("page=%EF%BC%91", "page"), ("kind=%00", None), ("q=%ED%A0%80&kind=😀", "kind"),
        ("lacks=source' OR 1=1", "lacks"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_named_and_never_gives_rows(as_editor, query, name):  # noqa: F811
    a_row_on_each_heap()
    page = as_editor.get(f"{page_of('claims')}?{query}")
    assert page.status_code == 400
    if name is None:  # a NUL byte does not pass the door
        return
    errors = page.context["selection"].errors if page.context else page.json()["errors"]
    assert list(errors) == [name]
    if page.context:
        assert page.context["rows"] == []
        assert f"<code>{name}</code>" in page.content.decode()


def test_an_error_in_a_csv_is_said_as_data(as_editor):  # noqa: F811
    answer = as_editor.get(f"{page_of('claims')}?format=csv&kind=nothing")
    assert answer.status_code == 400
    assert list(answer.json()) == ["detail", "errors"]
    assert answer.json()["errors"]["kind"][0].startswith("“nothing” is not a known kind. Use one of: figure, event,")


def test_there_is_no_heap_of_another_name(as_editor):  # noqa: F811
    for name in ("nothing", "HEAPS", "reports-"):
        assert as_editor.get(page_of(name)).status_code == 404


def test_empty_parameters_are_left_out_of_the_address(as_editor):  # noqa: F811
    answer = as_editor.get(f"{page_of('claims')}?q=&kind=event&mission=")
    assert (answer.status_code, answer["Location"]) == (302, f"{page_of('claims')}?kind=event")


def rows_for_tests(user):
    values = (("Åland", 3, None), ("=1+1", 10, TODAY), ("berlin", 2, ago(1)), ("-x", 10, ago(9)))
    return [
        Row(
            {"name": n, "number": i, "on": d},
            f"/{n}",
            {"size": ["big" if i > 5 else "small"], "even": ["yes"] * (i % 2 == 0)},
        )
        for n, i, d in values
    ]


TRIED = Heap("tried", "Tried", "A heap.", {"name": "Name", "number": "Number", "on": "On"}, rows_for_tests,
             {"size": lambda: {"small": "Small", "big": "Big"}, "even": lambda: {"yes": "Yes"}},
             opened_with={"size": "big"})  # fmt: skip


def selection(query=""):
    return Selection(TRIED, None, QueryDict(query))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Åland", "=1+1", "berlin", "-x"]),
        ("q=aland", ["Åland"]),
        ("q=1 10", ["=1+1", "-x"]),
        ("q=none", []),
        (f"q={TODAY.year}", ["=1+1", "berlin", "-x"]),
        ("size=big", ["=1+1", "-x"]),
        ("size=small&even=yes", ["berlin"]),
        ("ordering=name", ["-x", "=1+1", "Åland", "berlin"]),
        ("ordering=-number", ["=1+1", "-x", "Åland", "berlin"]),
        ("ordering=on", ["-x", "berlin", "=1+1", "Åland"]),
        ("ordering=-on", ["=1+1", "berlin", "-x", "Åland"]),
    ],
)
def test_rows_are_found_and_ordered(query, names):
    assert [row.title for row in selection(query).rows] == names


def test_counts_are_those_under_all_else_that_is_asked():
    assert [[(c.value, c.count, c.selected) for c in choices] for _, _, choices in selection("size=small").facets] == [
        [("small", 2, True), ("big", 2, False)], [("yes", 1, False)]
    ]  # fmt: skip
    assert TRIED.count(None) == 2


def test_no_cell_of_a_csv_is_a_formula(as_editor, monkeypatch):  # noqa: F811
    monkeypatch.setattr(upkeep, "HEAPS", (TRIED,))
    assert [(line["name"], line["number"], line["on"]) for line in listed(as_editor, "tried")] == [
        ("Åland", "3", ""), ("'=1+1", "10", str(TODAY)), ("berlin", "2", str(ago(1))), ("'-x", "10", str(ago(9)))
    ]  # fmt: skip
    answer = as_editor.get(f"{page_of('tried')}?format=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="upkeep-tried.csv"'


def test_one_declaration_gives_count_page_and_csv(as_editor, monkeypatch):  # noqa: F811
    monkeypatch.setattr(upkeep, "HEAPS", (*upkeep.HEAPS, TRIED))
    assert {c.heap.name: c.count for c in as_editor.get("/admin/").context["cards"]}["tried"] == 2
    page = as_editor.get(f"{page_of('tried')}?size=big")
    assert [row.title for row, _ in page.context["rows"]] == ["=1+1", "-x"]
    assert len(listed(as_editor, "tried", "&size=big")) == 2


def test_many_rows_come_in_pages(as_editor):  # noqa: F811
    mission = make_mission(slug="unx")
    for n in range(53):
        make_event(mission, title=f"Event {n:02}", source=None, stage="draft")
    first, second = as_editor.get(page_of("claims")), as_editor.get(f"{page_of('claims')}?page=2")
    assert [len(p.context["rows"]) for p in (first, second)] == [50, 3]
    assert '<a rel="next" href="?page=2">Next</a>' in first.content.decode()
    assert len(listed(as_editor, "claims")) == 53


@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_in_a_row_is_only_text(as_editor, name):  # noqa: F811
    hostile = "<script>alert(1)</script>"
    mission = make_mission(slug="unx", title=hostile, acronym=hostile, verified_on=ago(400), summary=f"{hostile} 1999")
    make_figure(mission, as_of=ago(400))
    make_event(mission, title=hostile, source=None, stage="draft")
    source = make_source(title=hostile, official_url="https://un.example/?<script>")
    record(source.official_url, Answer("gone", hostile, 404))
    send(Subject(mission), {"text": hostile, "where": hostile, "email": ""}, "192.0.2.1")
    html = as_editor.get(page_of(name)).content.decode()
    assert "<script>" not in html
    assert name == "searches" or "&lt;script&gt;" in html


def test_facts_that_lack_source_or_date_are_listed_drafts_included():
    mission = make_mission(slug="unx", summary="Nothing.")
    make_figure(mission, source=None, stage="draft")
    make_event(mission, date=None, stage="draft", title="No date")
    make_task(mission, make_term(label_text="Monitor"), source=None, date=None, stage="draft")
    make_assessment(mission, source=None, stage="draft")
    make_evidence(mission, source=None, stage="draft", text="Seen.")
    make_event(mission, source=None, stage="withdrawn")
    make_event(mission)
    assert [list(row.cells.values()) for row in rows_of("claims")] == [
        ["Fatalities", "figure", "UNX", "source", "Draft"],
        ["No date", "event", "UNX", "date", "Draft"],
        ["Monitor", "mandated task", "UNX", "source and date", "Draft"],
        ["A scholar", "assessment", "UNX", "source", "Draft"],
        ["Seen.", "evidence", "UNX", "source", "Draft"],
    ]
    assert rows_of("claims")[0].form == address(Figure.objects.get())


def test_paragraphs_that_give_a_number_and_cite_nothing_are_listed():
    text = (
        "In 1999 it began.\n\nIn 1999 it began [@report].\n\n### The crisis of 2025\n\nIt began.\n\n"
        "See [this](/missions/m-23/).\n\n- It lost *7*.\n- It won."
    )
    entry = make_principle(title="Consent", discussion=text, summary="No number.")
    make_principle(discussion=text, stage="draft")
    assert [(row.cells["what"], row.cells["kind"], row.form) for row in rows_of("claims")] == [
        ("In 1999 it began.", "principle, discussion", f"{address(entry)}#id_discussion"),
        ("- It lost 7. - It won.", "principle, discussion", f"{address(entry)}#id_discussion"),
    ]


@pytest.mark.parametrize(
    ("measure", "days", "stale"),
    [("deployed-military", 365, False), ("deployed-police", 366, True), ("fatalities", 365, False),
     ("fatalities", 366, True), ("authorized-uniformed", 730, False), ("authorized-military", 731, True),
     ("budget", 5000, False)],
)  # fmt: skip
def test_a_figure_of_an_ongoing_mission_grows_stale_with_its_age(measure, days, stale):
    make_figure(make_mission(verified_on=TODAY), measure=measure, as_of=ago(days))
    assert (len(rows_of("figures")) == 1) is stale


def test_only_the_newest_preferred_published_total_of_an_ongoing_mission_counts():
    mission, closed = make_mission(slug="unx"), make_mission(ended_on=ago(10), ended_precision="day")
    old = {"measure": "deployed-military", "as_of": ago(900)}
    make_figure(closed, **old)
    make_figure(make_mission(stage="draft"), **old)
    make_figure(mission, **old)
    assert [row.cells["as_of"] for row in rows_of("figures")] == [ago(900)]
    for values in ({"preferred": False}, {"stage": "draft"}, {"period": "2026"}, {"scope": "accident"}):
        make_figure(mission, measure="deployed-military", **{"as_of": ago(5)} | values)
    make_figure(mission, measure="deployed-police", as_of=ago(400))
    assert [(row.cells["figure"], row.cells["as_of"]) for row in rows_of("figures")] == [
        ("Deployed police strength", ago(400))
    ]
    make_figure(mission, measure="deployed-uniformed", as_of=ago(4))
    assert rows_of("figures") == []


@pytest.mark.parametrize("model", KINDS, ids=lambda m: m.__name__)
def test_an_entry_that_no_one_touched_for_two_years_is_listed(model):
    values = {"verified_on": TODAY} if model is Mission else {}
    entry = make_entry(model, title="Old", updated_at=timezone.now() - 731 * DAY, **values)
    make_entry(model, updated_at=timezone.now() - 729 * DAY, **values)
    make_entry(model, stage="draft", updated_at=timezone.now() - 999 * DAY, **values)
    assert [(r.cells["entry"], r.cells["reason"], r.cells["since"], r.record) for r in rows_of("reviews")] == [
        ("Old", "not reviewed", ago(731), (model._meta.model_name, entry.permanent_id))
    ]


def test_a_mission_is_listed_once_with_both_reasons_and_by_the_older():
    make_mission(title="X", verified_on=ago(1000), updated_at=timezone.now() - 800 * DAY)
    make_mission(verified_on=ago(365))
    make_mission(verified_on=ago(1000), ended_on=ago(900), ended_precision="day")
    assert [list(row.cells.values()) for row in rows_of("reviews")] == [
        ["X", "mission", "no new evidence, not reviewed", ago(1000), 2]
    ]


def confirm(client, name, thing, query="", **values):
    data = {"kind": thing._meta.model_name, "permanent_id": thing.permanent_id} | values
    return client.post(page_of(name) + query, data)


def test_still_correct_resets_the_clock_of_that_row_alone(as_editor):  # noqa: F811
    mission = make_mission(slug="unx", verified_on=ago(400))
    other = make_mission(slug="other", verified_on=ago(500))
    deployed = make_figure(mission, measure="deployed-military", as_of=ago(400))
    deaths = make_figure(mission, as_of=ago(400))
    before = Mission.objects.values().get(pk=mission.pk), Figure.objects.values().get(pk=deployed.pk)
    answer = confirm(as_editor, "figures", deployed, note="Compared with the newest report.")
    assert (answer.status_code, answer["Location"]) == (302, page_of("figures"))
    assert [row.record[1] for row in rows_of("figures")] == [deaths.permanent_id]
    assert len(rows_of("reviews")) == 2
    assert confirm(as_editor, "reviews", mission).status_code == 302
    assert [row.record[1] for row in rows_of("reviews")] == [other.permanent_id]
    assert [row.record[1] for row in rows_of("figures")] == [deaths.permanent_id]
    assert list(
        Confirmation.objects.order_by("pk").values_list("kind", "permanent_id", "confirmed_on", "confirmed_by", "note")
    ) == [
        ("figure", deployed.permanent_id, TODAY, "edith", "Compared with the newest report."),
        ("mission", mission.permanent_id, TODAY, "edith", ""),
    ]
    assert (Mission.objects.values().get(pk=mission.pk), Figure.objects.values().get(pk=deployed.pk)) == before
    html = as_editor.get(page_of("reviews")).content.decode()
    assert "Confirmed as still correct: UNX: Deployed military strength." in html


def test_a_confirmation_grows_stale_in_its_turn_and_is_shown():
    mission = make_mission(verified_on=ago(900))
    figure = make_figure(mission, as_of=ago(900))
    for kind, thing in (("mission", mission), ("figure", figure), ("event", figure)):
        Confirmation.objects.create(
            kind=kind, permanent_id=thing.permanent_id, confirmed_by="ada", confirmed_on=ago(365)
        )
    assert (rows_of("figures"), rows_of("reviews")) == ([], [])
    Confirmation.objects.update(confirmed_on=ago(366))
    assert [row.cells["confirmed"] for row in rows_of("figures")] == [ago(366)]
    assert len(rows_of("reviews")) == 1


def test_a_get_confirms_nothing(as_editor):  # noqa: F811
    figure = make_figure(make_mission(verified_on=TODAY), as_of=ago(400))
    answer = as_editor.get(f"{page_of('figures')}?kind=figure&permanent_id={figure.permanent_id}")
    assert answer.status_code == 400
    assert as_editor.get(page_of("figures")).status_code == 200
    assert Confirmation.objects.count() == 0


def test_a_confirmation_needs_the_token_of_the_form(editor):
    figure = make_figure(make_mission(), as_of=ago(400))
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    assert confirm(strict, "figures", figure).status_code == 403
    assert Confirmation.objects.count() == 0


def test_who_may_not_change_a_kind_cannot_confirm_it_and_is_offered_no_button(as_editor):  # noqa: F811
    figure = make_figure(make_mission(), as_of=ago(400))
    assert "Still correct<span" in as_editor.get(page_of("figures")).content.decode()
    group = Group.objects.get(name="Writers")
    group.permissions.remove(*group.permissions.filter(codename="change_figure"))
    assert "Still correct<span" not in as_editor.get(page_of("figures")).content.decode()
    assert confirm(as_editor, "figures", figure).status_code == 403
    assert Confirmation.objects.count() == 0


def test_what_is_not_on_the_heap_cannot_be_confirmed(as_editor):  # noqa: F811
    fresh = make_figure(make_mission(verified_on=TODAY), as_of=ago(5))
    answer = confirm(as_editor, "figures", fresh)
    assert answer.status_code == 302
    assert "That is no longer on this heap" in as_editor.get(page_of("figures")).content.decode()
    assert confirm(as_editor, "claims", fresh).status_code == 405
    assert Confirmation.objects.count() == 0


@pytest.mark.parametrize("values", [{"note": "x" * 301}, {"note": "a\0b"}, {"kind": ""}, {"permanent_id": "x" * 41}])
def test_a_confirmation_that_cannot_be_kept_is_refused_with_a_reason(as_editor, values):  # noqa: F811
    figure = make_figure(make_mission(), as_of=ago(400))
    page = confirm(as_editor, "figures", figure, **values)
    assert page.status_code == 400
    assert "Nothing was confirmed. " in page.content.decode()
    assert Confirmation.objects.count() == 0


def test_after_a_confirmation_the_same_rows_are_shown(as_editor):  # noqa: F811
    figures = [make_figure(make_mission(slug=f"m-{n:02}"), as_of=ago(500 - n)) for n in range(51)]
    answer = confirm(as_editor, "figures", figures[50], "?measure=fatalities&page=2")
    assert answer["Location"] == f"{page_of('figures')}?measure=fatalities"
    assert as_editor.get(answer["Location"]).status_code == 200


def test_links_are_listed_at_every_place_that_has_them_broken_ones_first():
    twice = (
        make_source(title="A", official_url="https://b.example/"),
        make_source(title="B", official_url="https://b.example/"),
    )
    organization = make_organization("un")
    organization.url = "https://unsure.example/"
    organization.save()
    make_source(official_url="https://fine.example/")
    gone = Answer("gone", "404 Not Found", 404)
    for url, days in (
        ("https://unsure.example/", [1]),
        ("https://b.example/", [5, 2]),
        ("https://removed.example/", [5, 2]),
    ):
        for day in days:
            record(url, gone, timezone.now() - day * DAY)
    record("https://fine.example/", Answer("there", "200 OK", 200))
    assert [(r.cells["where"], r.cells["state"], r.cells["failed"], r.form) for r in rows_of("links")] == [
        ("A", "Broken", ago(5), f"{address(twice[0])}#id_official_url"),
        ("B", "Broken", ago(5), f"{address(twice[1])}#id_official_url"),
        ("UN", "Unsure", ago(1), f"{address(organization)}#id_url"),
    ]
    assert upkeep.heap_named("links").count(None) == 2
    assert "1 of 4 addresses are in order." in upkeep.heap_named("links").note()


def test_reports_are_listed_while_open_and_never_with_an_e_mail_address(as_editor):  # noqa: F811
    mission = make_mission(slug="unx")
    figure = make_figure(mission)
    for thing in (figure, make_principle(title="Consent")):
        send(
            Subject(thing), {"text": "It is  wrong.\nSo I think.", "where": "", "email": "ada@un.example"}, "192.0.2.1"
        )
    rows = rows_of("reports")
    assert [(row.cells["about"], row.cells["kind"], row.cells["text"]) for row in rows] == [
        ("UNX: Fatalities: 7, 3 February 2001", "figure", "It is wrong. So I think."),
        ("Consent", "principle", "It is wrong. So I think."),
    ]
    assert len(listed(as_editor, "reports", "&mission=unx")) == 1
    assert "ada@" not in as_editor.get(page_of("reports")).content.decode()
    assert "ada@" not in str(listed(as_editor, "reports"))
    Report.objects.filter(kind="figure").update(state="declined", answer="No.", email="")
    assert [row.cells["about"] for row in rows_of("reports")] == ["Consent"]


def test_searches_are_listed_that_were_asked_again_and_lately():
    for term, number, days, last_on in (
        ("once", 1, 1, TODAY), ("twice in a day", 2, 1, TODAY), ("two days", 2, 2, TODAY), ("three times", 3, 1, TODAY),
        ("long ago", 9, 9, ago(181)),
    ):  # fmt: skip
        upkeep.outside.MissedSearch.objects.create(term=term, number=number, days=days, last_on=last_on)
    assert [(row.cells["term"], row.form) for row in rows_of("searches")] == [
        ("three times", "/search/?q=three+times"), ("two days", "/search/?q=two+days")
    ]  # fmt: skip


def test_coverage_counts_what_is_published_and_names_what_is_missing():
    full = make_mission(slug="full", acronym="FULL", summary="word " * 60)
    for measure in ("authorized-military", "authorized-police", "deployed-military", "fatalities", "budget"):
        make_figure(full, measure=measure)
    for make in (make_event, make_task, make_assessment, make_evidence):
        make(full)
    make_case_study([full])
    bare = make_mission(slug="bare", acronym="BARE", summary="word " * 59)
    for make in (make_figure, make_event, make_task, make_assessment, make_evidence):
        make(bare, stage="draft")
    make_case_study([bare], stage="draft")
    make_mission(stage="draft")
    assert [list(row.cells.values()) for row in rows_of("coverage")] == [
        ["BARE", 8, 0, 0, 0, 0, 0, 0, 0, 0, "no", 59],
        ["FULL", 0, 2, 1, 1, 1, 1, 1, 1, 1, "yes", 60],
    ]
    assert [row.traits["missing"] for row in rows_of("coverage")] == [
        ["anything", "authorized", "deployed", "fatalities", "events", "tasks", "assessments", "evidence", "budget",
         "case_study", "summary"], []
    ]  # fmt: skip


def test_a_mission_without_budget_and_case_study_lacks_nothing_that_counts():
    mission = make_mission(summary="word " * 60)
    for measure in ("authorized-military", "deployed-military", "fatalities"):
        make_figure(mission, measure=measure)
    for make in (make_event, make_task, make_assessment, make_evidence):
        make(mission)
    assert upkeep.heap_named("coverage").count(None) == 0
    assert rows_of("coverage")[0].traits["missing"] == ["budget", "case_study"]


def test_every_fact_tells_what_it_is_about_on_the_heap_of_claims():
    assert set(upkeep.claims.TOLD_BY) == set(FACTS)
    assert Principle in KINDS
