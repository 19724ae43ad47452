"""Reports by readers: the form, its limits, what is kept of whom, and how editors answer."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from missions import reports
from missions.models import LISTED, Report, ReportSending

from .factories import (
    make_assessment,
    make_event,
    make_evidence,
    make_figure,
    make_mission,
    make_principle,
    make_source,
    make_task,
    make_term,
)
from .test_admin import address, as_editor, as_publisher, errors_of, form_of  # noqa: F401

pytestmark = pytest.mark.django_db
TEXT = "The number of deaths is that of another mission."
NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
MINUTE, HOUR = datetime.timedelta(minutes=1), datetime.timedelta(hours=1)


@pytest.fixture
def figure():
    return make_figure(make_mission(slug="unx"))


def page_of(thing):
    return f"/report/?fact={thing.permanent_id}"


def send(client, thing, text=TEXT, **values):
    headers = {k: values.pop(k) for k in list(values) if k.startswith(("HTTP_", "REMOTE_"))}
    return client.post(page_of(thing), {"text": text, **values}, **headers)


def kept():
    return list(Report.objects.order_by("pk").values_list("text", flat=True))


def test_a_report_on_a_fact_is_kept_and_thanked_for(client, figure):
    answer = send(client, figure, where="A/55/1, p. 3", email="ada@un.example")
    assert (answer.status_code, answer["Location"]) == (302, f"{page_of(figure)}&sent=1")
    thanks = client.get(answer["Location"]).content.decode()
    assert "<h1>Thank you</h1>" in thanks
    assert '<a href="/missions/unx/">Back to UNX</a>' in thanks
    report = Report.objects.get()
    assert (report.kind, report.permanent_id, report.entry) == (
        "figure", figure.permanent_id, figure.mission.permanent_id
    )  # fmt: skip
    assert (report.about, report.text, report.where, report.email, report.state) == (
        "UNX: Fatalities: 7, 3 February 2001", TEXT, "A/55/1, p. 3", "ada@un.example", "open"
    )  # fmt: skip


def everything():
    mission = make_mission(slug="unx", title="Mission X")
    yield mission, "Mission X", "/missions/unx/"
    yield (
        make_figure(mission, scope="accident", period="2001"),
        "UNX: Fatalities: 7, Accident, 2001, 3 February 2001",
        "/missions/unx/",
    )
    yield make_event(mission, precision="month"), "UNX: Something happened, February 2001", "/missions/unx/"
    yield make_task(mission, make_term(label_text="Monitor")), "UNX: Monitor, 3 February 2001", "/missions/unx/"
    yield make_assessment(mission), "UNX: A scholar: Mixed, 3 February 2001", "/missions/unx/"
    topic = make_principle(slug="p", title="Consent")
    yield make_evidence(mission, principle=topic), "UNX: Consent, upheld, 3 February 2001", "/missions/unx/"
    yield topic, "Consent", "/principles/p/"
    yield make_source(slug="s", title="Book"), "Book", "/sources/s/"
    yield make_term(slug="t", label_text="Term"), "Term", "/glossary/t/"


def test_every_kind_of_thing_can_be_reported_on_and_is_named(client, django_assert_num_queries):
    for thing, label, place in everything():
        with django_assert_num_queries(2):
            page = client.get(page_of(thing))
        assert page.status_code == 200
        assert f'In: <a href="{place}">{label}</a>' in page.content.decode()
        assert page["Cache-Control"] == "no-store"
        assert send(client, thing, REMOTE_ADDR=f"192.0.2.{Report.objects.count()}").status_code == 302
    assert Report.objects.count() == 9


def test_what_is_not_public_cannot_be_told_from_what_is_not(client):
    draft = make_mission(stage="draft", title="A hidden mission")
    hidden = [
        draft, make_figure(draft), make_figure(make_mission(), stage="draft"),
        make_evidence(make_mission(), principle=make_principle(stage="draft")),
        make_mission(published_at=timezone.now() + HOUR),
    ]  # fmt: skip
    unknown = client.get("/report/?fact=po-0000000000")
    assert unknown.status_code == 404
    for thing in hidden:
        page = client.get(page_of(thing))
        assert page.status_code == 404
        assert page.content.decode().replace(thing.permanent_id, "po-0000000000") == unknown.content.decode()
    assert send(client, draft).status_code == 404
    assert kept() == []


@pytest.mark.parametrize("query", ["", "fact=", "fact=a&fact=b", "fact=a&colour=red", "id=a"])
def test_an_address_that_names_nothing_is_refused_with_a_reason(client, query):
    page = client.get(f"/report/?{query}")
    assert page.status_code == 400
    assert "This query cannot be answered" in page.content.decode()


@pytest.mark.parametrize("fact", ["x" * 41, "x" * 5000, "' OR 1=1 --", "😀", "%ED%A0%80", "../../etc/passwd"])
def test_an_id_that_cannot_be_is_not_found(client, fact):
    assert client.get(f"/report/?fact={fact}").status_code == 404


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"text": ""}, "Say what is wrong."),
        ({"text": "   \r\n  "}, "Say what is wrong."),
        ({"text": "Too short"}, "Say a little more: at least 10 characters."),
        ({"text": "x" * 2001}, "Say it more briefly: at most 2,000 characters."),
        ({"text": TEXT + "\0"}, "Null characters are not allowed."),
        ({"where": "x" * 501}, "Ensure this value has at most 500 characters (it has 501)."),
        ({"email": "nobody"}, "This is not an e-mail address. Correct it or leave it out."),
        ({"email": f"{'a' * 300}@un.example"}, "This is not an e-mail address. Correct it or leave it out."),
        ({"email": "a@b.example\nBcc: c@d.example"}, "This is not an e-mail address. Correct it or leave it out."),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_the_text_stays(client, figure, values, reason):
    page = send(client, figure, **{"where": "Kept here", **values})
    assert page.status_code == 400
    html = page.content.decode()
    assert html.count(reason) == 2  # in the summary, and at its field
    name = next(iter(page.context["form"].errors))
    assert f'aria-describedby="id_{name}_helptext id_{name}_error"' in html
    assert f'id="id_{name}_error">{reason}</p>' in html
    assert ("Kept here" in html) is ("where" not in values)
    assert (kept(), ReportSending.objects.count()) == ([], 0)


def test_line_breaks_count_once_as_in_the_browser(client, figure):
    text = "x\r\n" * 999 + "xy"
    assert send(client, figure, text).status_code == 302
    assert kept() == [text.replace("\r\n", "\n")]


def test_text_of_a_reader_is_only_ever_text(client, admin_client, figure):
    text = "<script>alert(1)</script> & “quoted”"
    page = send(client, figure, text, email="x").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; “quoted”" in page
    assert send(client, figure, text, where="javascript:alert(1)").status_code == 302
    form = admin_client.get(address(Report.objects.get())).content.decode()
    assert "<script>alert" not in form
    assert 'href="javascript' not in form


def test_only_the_form_of_this_site_is_taken(figure):
    strict = Client(enforce_csrf_checks=True)
    refused = strict.post(page_of(figure), {"text": TEXT})
    assert refused.status_code == 403
    assert "Your browser did not return the mark" in refused.content.decode()
    token = strict.get(page_of(figure)).content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert strict.post(page_of(figure), {"text": TEXT, "csrfmiddlewaretoken": token}).status_code == 302
    assert kept() == [TEXT]


def test_no_other_public_address_takes_anything(client, figure):
    for path in ("/report", "/report//", "/report/x/", "/reports/", "/", "/missions/", "/search/"):
        assert client.post(path, {"text": TEXT}).status_code == 405, path
    for method in (client.put, client.patch, client.delete, client.trace):
        assert method(page_of(figure)).status_code == 405
    assert kept() == []


def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_kept(client, figure):
    answer = send(client, figure, homepage="https://spam.example/")
    assert (answer.status_code, answer["Location"]) == (302, f"{page_of(figure)}&sent=1")
    assert (kept(), ReportSending.objects.count()) == ([], 0)


def test_the_same_text_about_the_same_thing_is_one_report(client, figure):
    other = make_figure(figure.mission, value=8, scope="accident")
    for text in (TEXT, TEXT, f"  {TEXT.upper()}\n"):
        assert send(client, figure, text).status_code == 302
    assert send(client, other).status_code == 302
    assert kept() == [TEXT, TEXT]
    assert ReportSending.objects.count() == 2


def test_one_address_sends_five_an_hour_and_keeps_its_text(client, figure):
    for n in range(5):
        assert send(client, figure, f"{TEXT} {n}").status_code == 302
    refused = send(client, figure, f"{TEXT} sixth")
    assert refused.status_code == 429
    assert 3590 <= int(refused["Retry-After"]) <= 3600
    html = refused.content.decode()
    assert "send it again in 60 minutes: your text is still in the form" in html
    assert f"{TEXT} sixth</textarea>" in html
    assert refused["Cache-Control"] == "no-store"
    assert send(client, figure, f"{TEXT} another", REMOTE_ADDR="198.51.100.7").status_code == 302
    assert len(kept()) == 6


def test_the_hour_slides_and_goes_on_past_midnight():
    late = NOON.replace(hour=23, minute=30)
    for n in range(5):
        reports.count_sending("192.0.2.1", late + n * MINUTE)
    with pytest.raises(reports.TooManyError) as limit:
        reports.count_sending("192.0.2.1", late + 40 * MINUTE)
    assert limit.value.wait == 20 * 60
    assert ReportSending.objects.count() == 5
    reports.count_sending("192.0.2.1", late + HOUR)
    with pytest.raises(reports.TooManyError):
        reports.count_sending("192.0.2.1", late + HOUR)


def test_two_hundred_a_day_in_all_and_old_ones_are_forgotten():
    ReportSending.objects.bulk_create(
        ReportSending(sender=f"{n}", sent_at=NOON + n * MINUTE) for n in range(reports.MOST_IN_ALL)
    )
    with pytest.raises(reports.TooManyError) as limit:
        reports.count_sending("192.0.2.1", NOON + 5 * HOUR)
    assert limit.value.wait == 19 * 60 * 60
    reports.count_sending("192.0.2.1", NOON + 24 * HOUR)
    assert ReportSending.objects.count() == 200
    reports.count_sending("192.0.2.1", NOON + 72 * HOUR)
    assert ReportSending.objects.count() == 1


def test_an_address_is_never_stored_and_its_digest_changes_every_day():
    digests = {reports.sender("192.0.2.1", NOON + n * 24 * HOUR) for n in range(3)}
    assert len(digests) == 3
    reports.count_sending("192.0.2.1", NOON)
    row = ReportSending.objects.values().get()
    assert set(row) == {"id", "sender", "sent_at"}
    assert row["sender"] in digests
    assert all(len(digest) == 64 and digest.isalnum() for digest in digests)
    assert reports.sender("::", NOON) != reports.sender("192.0.2.1", NOON)


def make_report(thing, **values):
    subject = reports.Subject(thing)
    reports.send(subject, {"text": TEXT, "where": "", "email": "ada@un.example"} | values, "192.0.2.1")
    return Report.objects.latest("pk")


def test_a_report_is_closed_with_an_answer_and_the_address_is_deleted(as_editor, editor, figure):  # noqa: F811
    report = make_report(figure)
    page = as_editor.get(address(report)).content.decode()
    assert f'<a href="{address(figure)}">UNX: Fatalities: 7, 3 February 2001</a>' in page
    assert "ada@un.example" in page
    values = form_of(as_editor, address(report)) | {"state": "accepted"}
    assert errors_of(as_editor.post(address(report), values)) == [
        "Say what was found and done: a report is closed with an answer."
    ]
    report.refresh_from_db()
    assert (report.state, report.email, report.handled_by) == ("open", "ada@un.example", "")
    answer = as_editor.post(address(report), values | {"answer": "Corrected to 9."})
    assert answer.status_code == 302
    report.refresh_from_db()
    assert (report.state, report.answer, report.email, report.handled_by) == (
        "accepted",
        "Corrected to 9.",
        "",
        "edith",
    )
    assert report.handled_at is not None
    assert report.text == TEXT


@pytest.mark.parametrize("state", ["accepted", "declined", "duplicate"])
def test_the_database_itself_keeps_no_address_of_a_closed_report(figure, state):
    from django.db import IntegrityError, transaction

    report = make_report(figure)
    for values in ({"answer": ""}, {"answer": "Done.", "email": "ada@un.example"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.filter(pk=report.pk).update(state=state, **{"email": ""} | values)


def test_no_one_adds_or_deletes_reports_or_changes_what_readers_wrote(admin_client, figure):
    report = make_report(figure)
    assert admin_client.get(address(Report, "add")).status_code == 403
    assert admin_client.post(address(report, "delete"), {"post": "yes"}).status_code == 403
    values = form_of(admin_client, address(report)) | {"text": "Forged", "email": "x@y.example", "permanent_id": "po-1"}
    assert admin_client.post(address(report), values).status_code == 302
    report.refresh_from_db()
    assert (report.text, report.email, report.permanent_id) == (TEXT, "ada@un.example", figure.permanent_id)
    admin_client.post(
        address(Report, "changelist"), {"action": "delete_selected", "_selected_action": [report.pk], "post": "yes"}
    )
    assert Report.objects.count() == 1


def test_a_report_on_what_is_deleted_since_can_still_be_read_and_closed(admin_client):
    event = make_event(make_mission())
    report = make_report(event)
    event.delete()
    page = admin_client.get(address(report)).content.decode()
    assert "UNX: Something happened, 3 February 2001 (deleted since)" in page


def test_readers_see_nothing_of_reports(client, figure):
    make_report(figure)
    for path in ("/missions/unx/", "/missions/unx/?format=json", "/missions/?format=csv", "/search/?q=another+mission"):
        html = client.get(path).getvalue().decode() if "csv" in path else client.get(path).content.decode()
        assert TEXT not in html
        assert "ada@un.example" not in html
    assert client.get(address(Report, "changelist")).status_code == 302


def test_pages_lead_to_reports_on_the_entry_and_on_each_fact(client, as_editor):  # noqa: F811
    facts = list(everything())
    mission, topic, term = facts[0][0], facts[6][0], facts[8][0]
    html = client.get("/missions/unx/").content.decode()
    assert f'<a href="{page_of(mission)}" rel="nofollow">Report an error in this entry</a>' in html
    shown = [f for f, _, _ in facts[2:6] if f._meta.model_name != "mandatedtask"]
    for fact, name in zip(shown, ("Something happened, February 2001", "A scholar: Mixed, 3 February 2001",
                                  "UNX: Consent, upheld, 3 February 2001"), strict=True):  # fmt: skip
        assert (
            f'<a class="flag" href="{page_of(fact)}" rel="nofollow" aria-label="Report an error: {name}"></a>'
        ) in html
    figure = make_figure(mission)
    named = 'aria-label="Report an error: Fatalities: 7, 3 February 2001"'
    assert named in client.get("/missions/unx/").content.decode()
    assert page_of(shown[2]) in client.get(topic.get_absolute_url()).content.decode()
    assert page_of(term) in client.get(term.get_absolute_url()).content.decode()
    for path in [page_of(f) for f in (mission, figure, *shown)]:
        assert client.get(path).status_code == 200
    preview = as_editor.get(f"/admin/missions/mission/{mission.pk}/preview/").content.decode()
    assert "/report/" not in preview


def test_search_engines_are_asked_to_stay_away(client, figure):
    assert "Disallow: /report/" in client.get("/robots.txt").content.decode()
    assert '<meta name="robots" content="noindex">' in client.get(page_of(figure)).content.decode()


def test_every_subject_has_a_permanent_id_of_its_own():
    assert all(model._meta.get_field("permanent_id").unique for model in reports.SUBJECTS)
    assert set(LISTED) < set(reports.SUBJECTS)
