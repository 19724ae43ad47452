"""From draft to readers: a published entry stays as it is until its next version is reviewed and published."""

import datetime
import re

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from missions import snapshot
from missions.models import Change, Draft, Figure, Mission, PreviewLink

from .desk import address, errors_of, form_of, new_row, publish, save, take, values_of
from .factories import (
    make_approach_with_dimension,
    make_country,
    make_event,
    make_figure,
    make_mission,
    make_principle,
    make_source,
)

pytestmark = pytest.mark.django_db
CANARY = "Canary-7331"


def refusal(answer):
    return getattr(answer.context["posted"], "refusal", answer.context["posted"].errors)


def in_review(writer, entry, note="A clearer title.", **values):
    save(writer, entry, **values)
    assert take(writer, entry, "submit", change_note=note).status_code == 302


def approved(writer, reviewer, entry, **values):
    in_review(writer, entry, **values)
    assert take(reviewer, entry, "approve").status_code == 302


def everywhere(client, entry):
    """Return all that an anonymous reader gets of an entry and of what it may stand in."""
    kind, slug = type(entry).url_segment, entry.slug
    addresses = [
        "/", f"/{kind}/", f"/{kind}/{slug}/", f"/{kind}/?format=json", f"/{kind}/?format=csv",
        f"/{kind}/{slug}/?format=json", f"/api/v1/{kind}/", f"/api/v1/{kind}/{slug}/", f"/search/?q={CANARY}",
        f"/search/?q={CANARY}&format=json", f"/search/suggest?q={CANARY}", "/sources/", "/evidence/",
        "/about/corrections/",
    ]  # fmt: skip
    answers = [Client().get(a) for a in addresses]
    own = rf'value="{CANARY}"|<title>“{CANARY}”|“{CANARY}”|q=({CANARY})'
    return "".join(re.sub(own, "", a.getvalue().decode()) for a in answers)


def test_a_draft_changes_nothing_that_readers_get_until_it_is_published(writer, reviewer, manager):
    mission = make_mission(countries=[make_country()], title="Live", summary="Live summary.")
    figure, source = make_figure(mission, value=7), make_source()
    before = everywhere(Client(), mission)
    row = new_row("events", kind="political", title=f"Row {CANARY}", date="2001-02-03", precision="day",
                  source=source.pk, stage="published", confidence="high")  # fmt: skip
    values = {"title": f"Title {CANARY}", "summary": f"So {CANARY}.", "figures-0-value": 4321}
    in_review(writer, mission, **values, **row, **{"figures-0-source": source.pk})
    assert CANARY not in everywhere(Client(), mission)
    assert everywhere(Client(), mission).count("Live summary.") == before.count("Live summary.") > 0
    assert list(mission.events.all()) == []
    preview = writer.get(address(mission, "preview")).content.decode()
    assert (f"Title {CANARY}" in preview, f"Row {CANARY}" in preview, "4,321" in preview) == (True, True, True)
    take(reviewer, mission, "approve")
    assert CANARY not in everywhere(Client(), mission)
    assert take(manager, mission, "publish").status_code == 302
    page = Client().get(mission.get_absolute_url()).content.decode()
    assert (f"Title {CANARY}" in page, f"Row {CANARY}" in page, "4,321" in page) == (True, True, True)
    figure.refresh_from_db()
    assert (figure.value, figure.source) == (4321, source)
    assert [e.pk > 0 for e in mission.events.all()] == [True]
    found = Client().get(f"/search/?q={CANARY}&format=json").json()
    assert [r["slug"] for r in found["results"]] == [mission.slug]


def test_the_preview_is_the_page_that_is_published(writer, manager):
    mission = make_mission(countries=[make_country()], title="Old")
    make_figure(mission, value=7)
    save(writer, mission, title="New", summary="Another summary.")

    def body(client, url):
        html = client.get(url).content.decode()
        html = re.sub(r'<a class="flag"[^>]*></a>', "", html)  # no one reports an error in what is not published
        html = re.sub(
            r'<details class="reproduce">.*?</details>|<p class="meta take-chart">.*?</p>', "", html, flags=re.S
        )
        return re.sub(r"\s+", " ", html[html.index("<article") : html.index('<section class="cite"')])

    preview = body(writer, address(mission, "preview"))
    publish(manager, mission, is_minor="on")
    assert preview == body(Client(), mission.get_absolute_url())


def test_a_draft_is_opened_again_with_its_rows_and_saved_again(writer):
    mission = make_mission(countries=[make_country()])
    source = make_source()
    row = new_row("figures", measure="fatalities", value=3, unit="persons", scope="all", as_of="2001-02-03",
                  as_of_precision="day", source=source.pk, stage="published", confidence="high")  # fmt: skip
    save(writer, mission, **row)
    values = form_of(writer, address(mission))
    assert (values["figures-INITIAL_FORMS"], values["figures-0-value"], int(values["figures-0-id"]) < 0) == (1, 3, True)
    save(writer, mission, title="Then")
    save(writer, mission, **{"figures-0-value": 4})
    values = form_of(writer, address(mission))
    assert (values["title"], values["figures-INITIAL_FORMS"], values["figures-0-value"]) == ("Then", 1, 4)
    save(writer, mission, **{"figures-0-DELETE": "on"})
    assert form_of(writer, address(mission))["figures-INITIAL_FORMS"] == 0
    assert Figure.objects.count() == 0


def test_a_deleted_row_and_relations_are_part_of_the_draft(writer, manager):
    one, two = make_country("CYP"), make_country("HTI")
    mission = make_mission(countries=[one])
    figure = make_figure(mission, stage="draft")
    save(writer, mission, countries=[one.pk, two.pk], **{"figures-0-DELETE": "on"})
    assert (list(mission.countries.all()), list(mission.figures.all())) == ([one], [figure])
    publish(manager, mission)
    assert (set(mission.countries.all()), list(mission.figures.all())) == ({one, two}, [])


def test_which_of_two_rivals_is_preferred_can_be_exchanged(writer, manager):
    mission = make_mission(countries=[make_country()])
    first = make_figure(mission, value=1)
    second = make_figure(mission, value=2, preferred=False)
    for chosen, given_up in ((0, 1), (1, 0)):
        rows = {f.pk: n for n, f in enumerate(mission.figures.all())}
        names = [f"figures-{rows[f.pk]}-preferred" for f in (first, second)]
        save(writer, mission, **{names[given_up]: "", names[chosen]: "on"})
        publish(manager, mission)
        assert [Figure.objects.get(pk=f.pk).preferred for f in (first, second)] == [chosen == 0, chosen == 1]


def test_rows_of_an_approach_are_drafted_with_it(writer, manager):
    approach = make_approach_with_dimension(text="As it was.")
    save(writer, approach, **{"dimensions-0-text": "As it is."})
    assert approach.dimensions.get().text == "As it was."
    publish(manager, approach)
    assert approach.dimensions.get().text == "As it is."


def test_no_one_approves_his_own_change(desk, manager, caplog):
    entry = make_principle(title="Old")
    in_review(manager, entry, title="New")
    assert take(manager, entry, "approve").status_code == 403
    assert take(manager, entry, "send-back", note="No.").status_code == 403
    assert Draft.objects.get().state == "in-review"
    assert "having worked on it" in caplog.text


def test_no_one_approves_what_he_contributed_to_not_even_by_a_forged_form(writer, reviewer, desk):
    entry = make_principle(title="Old")
    save(writer, entry, title="New")
    save(reviewer, entry, summary="The reviewer's own words.")
    take(writer, entry, "submit", change_note="New words.")
    seen = writer.get(address(entry, "publication")).context["seen"]
    assert "approve" not in re.findall(
        r'value="([\w-]+)"', reviewer.get(address(entry, "publication")).content.decode()
    )
    assert reviewer.post(address(entry, "publication"), {"step": "approve", "seen": seen}).status_code == 403
    assert Draft.objects.get().state == "in-review"
    assert take(desk("rita", "Reviewers"), entry, "approve").status_code == 302


@pytest.mark.parametrize("step", ["approve", "send-back", "publish", "schedule", "withdraw"])
def test_a_writer_takes_no_step_of_others_by_a_forged_form(writer, desk, step, caplog):
    entry = make_principle(title="Old")
    in_review(desk("walt", "Writers"), entry, title="New")
    values = {"note": "x", "change_note": "x", "reason": "x", "publish_at": "2099-01-01T10:00",
              "withdrawal_kind": "error", "withdrawal_note": "x"}  # fmt: skip
    assert take(writer, entry, step, **values).status_code == 403
    assert "refused: user" in caplog.text
    entry.refresh_from_db()
    assert (entry.title, entry.stage, Draft.objects.get().state) == ("Old", "published", "in-review")


def test_whoever_is_no_editor_sees_no_draft(desk, django_user_model):
    entry = make_principle(title="Old")
    outsider = Client()
    outsider.force_login(django_user_model.objects.create_user("nobody", password="x", is_staff=True))
    for view in ("publication", "preview", "history"):
        assert outsider.get(address(entry, view)).status_code == 403
        assert Client().get(address(entry, view)).status_code == 302
    assert outsider.post(address(entry, "publication"), {"step": "submit"}).status_code == 403


def test_an_edit_after_approval_voids_it(writer, reviewer, manager):
    entry = make_principle(title="Old")
    approved(writer, reviewer, entry, title="Approved")
    save(writer, entry, title="Changed afterwards")
    draft = Draft.objects.get()
    assert (draft.state, draft.reviewed_by, draft.reviewed_at) == ("in-review", "", None)
    assert refusal(take(manager, entry, "publish")) == (
        "No one has reviewed this version. Say why it is published without a review."
    )
    entry.refresh_from_db()
    assert entry.title == "Old"


def test_what_changed_while_it_was_read_is_not_approved(writer, reviewer):
    entry = make_principle(title="Old")
    in_review(writer, entry, title="First")
    seen = reviewer.get(address(entry, "publication")).context["seen"]
    save(writer, entry, title="Second")
    page = reviewer.post(address(entry, "publication"), {"step": "approve", "seen": seen})
    assert (page.status_code, refusal(page)) == (
        409, "The draft was changed while you read it: read it again below, and decide again.",
    )  # fmt: skip
    assert Draft.objects.get().state == "in-review"


def test_the_reviewer_compares_word_by_word_and_relations_by_name(writer, reviewer):
    one, two = make_country("CYP"), make_country("HTI")
    mission = make_mission(countries=[one], title="The first name of it")
    figure, source = make_figure(mission, value=7), make_source(symbol="S/1999/1")
    in_review(writer, mission, title="The second name of it <b>", countries=[two.pk],
              **{"figures-0-value": 9, "figures-0-source": source.pk})  # fmt: skip
    page = reviewer.get(address(mission, "publication"))
    shown = {(r.label, r.how): {d.label: (d.old, d.new) for d in r.values} for r in page.context["rows"]}
    assert shown == {
        ("", "changed"): {
            "Title": ("The first name of it", "The second name of it <b>"), "Countries": ("Cyp", "Hti"),
        },
        ("Figure “fatalities: 9”", "changed"): {
            "Value": ("7", "9"),
            "Source": (f"Author, A. (2001) (@{figure.source.slug})", f"S/1999/1 (@{source.slug})"),
        },
    }  # fmt: skip
    html = page.content.decode()
    assert "The <del>first</del><ins>second</ins> name of it<ins> &lt;b&gt;</ins>" in html


def test_sending_back_needs_a_note_which_the_writer_sees(writer, reviewer):
    entry = make_principle(title="Old")
    in_review(writer, entry, title="New")
    assert refusal(take(reviewer, entry, "send-back", note=" ")) == "Say what is to be changed: the writer sees it."
    assert Draft.objects.get().state == "in-review"
    assert take(reviewer, entry, "send-back", note="Cite <i>the</i> report.").status_code == 302
    for page in (writer.get(address(entry)), writer.get(address(entry, "publication"))):
        assert "rolf sent it back:</strong> <p>Cite &lt;i&gt;the&lt;/i&gt; report.</p>" in page.content.decode()
    in_review(writer, entry, title="Newer")
    assert Draft.objects.get().state == "in-review"


def test_publishing_without_review_needs_a_reason_and_stays_listed_until_reviewed(writer, reviewer, manager):
    entry = make_principle(title="Old")
    save(writer, entry, title="New")
    assert "without a review" in refusal(take(manager, entry, "publish", change_note="New title."))
    assert take(manager, entry, "publish", change_note="New title.", reason="A libel.").status_code == 302
    change = Change.objects.unreviewed().get()
    assert (change.published_by, change.unreviewed_reason, change.makers_in_words) == ("mona", "A libel.", "wanda")
    assert take(writer, entry, "reviewed", change=change.pk).status_code == 403
    assert take(reviewer, entry, "reviewed", change=change.pk).status_code == 302
    assert list(Change.objects.unreviewed()) == []
    assert Change.objects.get().reviewed_by == "rolf"


def test_a_reviewer_who_wrote_it_cannot_review_it_afterwards(reviewer, manager):
    entry = make_principle(title="Old")
    save(reviewer, entry, title="New")
    take(manager, entry, "publish", change_note="New title.", reason="Urgent.")
    assert take(reviewer, entry, "reviewed", change=Change.objects.get().pk).status_code == 403


def test_a_changed_value_with_the_same_source_is_asked_for_and_kept_in_the_history(writer, manager):
    mission = make_mission(countries=[make_country()])
    figure = make_figure(mission, value=1000)
    values = form_of(writer, address(mission)) | {"figures-0-value": 2000, "title": "Kept"}
    page = writer.post(address(mission), values)
    assert "Changed from 1000 to 2000, but the source is the same." in errors_of(page)[-1]
    assert values_of(page)["title"] == "Kept"
    assert 'name="same_source" value="figures-0-value"' in page.content.decode()
    assert writer.post(address(mission), values | {"same_source": ["figures-0-value"]}).status_code == 302
    said = f"Fatalities: 1,000, Value: 1000 to 2000, confirmed from {figure.source}."
    assert Draft.objects.get().remarks == [said]
    publish(manager, mission)
    assert Change.objects.get().remarks == [said]
    assert said in manager.get(address(mission, "history")).content.decode()


def test_two_dated_figures_stand_side_by_side_and_a_wrong_one_is_withdrawn_with_a_reason(writer, manager):
    mission = make_mission(countries=[make_country()], slug="m")
    old = make_figure(mission, measure="authorized-military", value=5000, as_of=datetime.date(2001, 1, 1))
    make_figure(mission, measure="authorized-military", value=6000, as_of=datetime.date(2002, 1, 1))
    listed = Client().get("/missions/m/?format=json").json()["figures"]
    assert [(f["as_of"], f["value"]) for f in listed] == [("2001-01-01", 5000), ("2002-01-01", 6000)]
    values = form_of(writer, address(mission))
    page = writer.post(address(mission), values | {"figures-0-DELETE": "on"})
    assert page.context["inline_admin_formsets"][0].formset.non_form_errors() == [
        "“Authorized military strength: 5,000” was public and is not deleted. Untick “delete”, make it withdrawn and "
        "say why."
    ]
    page = writer.post(address(mission), values | {"figures-0-stage": "withdrawn"})
    assert errors_of(page)[-1] == "Say why it is withdrawn: it stays on record with the reason."
    save(writer, mission, **{"figures-0-stage": "withdrawn", "figures-0-withdrawal_note": "A misprint."})
    publish(manager, mission)
    old.refresh_from_db()
    assert (old.value, old.stage, old.withdrawal_note) == (5000, "withdrawn", "A misprint.")
    assert [f["value"] for f in Client().get("/missions/m/?format=json").json()["figures"]] == [6000]


def test_a_minor_change_leaves_the_public_date_and_a_major_one_needs_a_note(writer, reviewer, manager):
    entry = make_principle(title="Old", slug="p")
    then = timezone.now() - datetime.timedelta(days=100)
    type(entry).objects.update(updated_at=then)

    def updated():
        return Client().get("/principles/p/?format=json").json()["updated_at"]

    before = updated()
    save(writer, entry, title="Olde")
    assert "readers see it on the page" in refusal(take(writer, entry, "submit"))
    assert take(writer, entry, "submit", is_minor="on").status_code == 302
    take(reviewer, entry, "approve")
    take(manager, entry, "publish", is_minor="on")
    assert (updated(), Change.objects.get().note) == (before, "")
    assert "Olde" in Client().get("/principles/p/").content.decode()
    approved(writer, reviewer, entry, title="Newer", note="A new title, as the doctrine has it.")
    take(manager, entry, "publish", change_note="A new title, as the doctrine has it.")
    assert updated() > before
    assert "A new title, as the doctrine has it." in Client().get("/principles/p/").content.decode()


def scheduled(writer, reviewer, manager, entry, **values):
    approved(writer, reviewer, entry, **values)
    when = (timezone.now() + datetime.timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    assert take(manager, entry, "schedule", publish_at=when).status_code == 302
    return Draft.objects.get(entry_id=entry.pk, kind=entry._meta.model_name)


def test_a_scheduled_version_is_published_when_it_is_due_even_late(writer, reviewer, manager, capsys):
    entry = make_principle(title="Live", slug="p")
    draft = scheduled(writer, reviewer, manager, entry, title=f"Title {CANARY}")
    page = manager.get(address(entry, "publication")).content.decode()
    assert f"{draft.publish_at:%-d %B %Y, %H:%M} UTC</strong>" in page
    call_command("publish_due")
    assert CANARY not in everywhere(Client(), entry)
    Draft.objects.update(publish_at=timezone.now() - datetime.timedelta(days=3))
    call_command("publish_due")
    assert f"published: Title {CANARY}" in capsys.readouterr().out
    assert Client().get("/principles/p/?format=json").json()["title"] == f"Title {CANARY}"
    assert [r["slug"] for r in Client().get(f"/search/?q={CANARY}&format=json").json()["results"]] == ["p"]
    assert (Change.objects.get().published_by, Change.objects.get().reviewed_by) == ("mona", "rolf")
    call_command("publish_due")
    assert Change.objects.count() == 1


def test_a_scheduled_entry_that_became_invalid_is_held_and_reported(writer, reviewer, manager, capsys):
    entry = make_principle(title="Live")
    source = make_source(slug="report")
    scheduled(writer, reviewer, manager, entry, title="New", definition="So [@report].")
    other = make_principle(title="Good")
    scheduled(writer, reviewer, manager, other, title="Better")
    type(source).objects.filter(pk=source.pk).update(slug="renamed")
    Draft.objects.update(publish_at=timezone.now())
    with pytest.raises(SystemExit):
        call_command("publish_due")
    assert "held back: Live: It cannot be published: definition: No source has the address" in capsys.readouterr().err
    entry.refresh_from_db()
    other.refresh_from_db()
    assert (entry.title, other.title) == ("Live", "Better")
    assert "It was due, but held back." in manager.get(address(entry, "publication")).content.decode()


def test_a_time_that_is_past_is_refused(writer, reviewer, manager):
    entry = make_principle()
    approved(writer, reviewer, entry, title="New")
    page = take(manager, entry, "schedule", publish_at="2001-01-01T10:00")
    assert page.context["posted"].errors == {"publish_at": ["This time is past: choose a later one."]}


def link(client, entry, days=7):
    page = client.post(address(entry, "publication"), {"step": "link", "days": days}, follow=True)
    return re.search(r"http://testserver(/preview/[\w-]+/)", page.content.decode()).group(1)


def test_a_preview_address_shows_the_draft_of_one_entry_and_leaks_nowhere(writer):
    entry, other = make_principle(title="Live", slug="p"), make_principle(title="Live too", slug="q")
    save(writer, entry, title=f"Title {CANARY}")
    save(writer, other, title="Another secret")
    secret = link(writer, entry)
    page = Client().get(secret)
    html = page.content.decode()
    assert (page.status_code, f"Title {CANARY}" in html, "Another secret" in html) == (200, True, False)
    assert (page["Cache-Control"], page["Referrer-Policy"], page["X-Robots-Tag"]) == (
        "no-store", "no-referrer", "noindex, nofollow, noarchive",
    )  # fmt: skip
    assert secret not in html
    assert secret not in everywhere(Client(), entry)
    assert secret.split("/")[2] not in str(PreviewLink.objects.values())
    assert CANARY not in everywhere(Client(), entry)
    for wrong in (secret.upper(), "/preview/x/", f"{secret[:-1]}x/", "/preview/%F0%9F/"):
        assert Client().get(wrong).status_code == 404
    assert Client().post(secret).status_code == 405


def test_a_preview_address_expires_and_can_be_revoked(writer):
    entry = make_principle(title="Live")
    save(writer, entry, title=f"Title {CANARY}")
    one, two = link(writer, entry), link(writer, entry)
    first, second = PreviewLink.objects.order_by("pk")
    PreviewLink.objects.filter(pk=first.pk).update(expires_at=timezone.now())
    assert [Client().get(a).status_code for a in (one, two)] == [404, 200]
    assert take(writer, entry, "revoke", link=second.pk).status_code == 302
    gone = Client().get(two)
    assert (gone.status_code, CANARY in gone.content.decode()) == (404, False)
    assert writer.post(address(entry, "publication"), {"step": "link", "days": 900}).context["posted"].errors != {}


def test_a_source_that_only_a_draft_cites_cannot_be_deleted(writer, manager):
    source, mission = make_source(), make_mission(countries=[make_country()])
    make_event(mission)
    save(writer, mission, **{"events-0-source": source.pk})
    page = manager.post(address(source, "delete"), {"post": "yes"})
    assert (page.status_code, type(source).objects.filter(pk=source.pk).exists()) == (200, True)
    assert take(writer, mission, "discard").status_code == 302
    assert manager.post(address(source, "delete"), {"post": "yes"}).status_code == 302


def test_a_draft_that_fell_behind_is_brought_up_to_date_without_losing_either_side(writer, manager):
    mission = make_mission(countries=[make_country()], title="Old", summary="Old summary.")
    make_figure(mission, value=1)
    save(writer, mission, title="Drafted", dates_note="Drafted note.")
    Mission.objects.filter(pk=mission.pk).update(summary="Live summary.", dates_note="Live note.", lock="moved")
    Figure.objects.update(value=2)
    assert "Bring the draft up to date" in refusal(take(manager, mission, "publish", change_note="x", reason="x"))
    assert take(writer, mission, "update").status_code == 302
    publish(manager, mission)
    assert (mission.title, mission.summary, mission.dates_note) == ("Drafted", "Live summary.", "Drafted note.")
    assert mission.figures.get().value == 2


def test_what_is_discarded_stays_in_the_history(writer):
    entry = make_principle(title="Old")
    save(writer, entry, title="Discarded")
    assert take(writer, entry, "discard").status_code == 302
    assert form_of(writer, address(entry))["title"] == "Old"
    number = writer.get(address(entry, "history")).context["page"][0].number
    assert writer.post(address(entry, "history"), {"restore": number}).status_code == 302
    assert form_of(writer, address(entry))["title"] == "Discarded"


def test_the_second_of_two_editors_can_keep_his_version_aside(writer, manager):
    entry = make_principle(title="Old")
    values = form_of(writer, address(entry)) | {"title": "Mine"}
    save(manager, entry, title="Theirs")
    page = writer.post(address(entry), values)
    assert page.context["conflict"]["last"].by == "mona"
    values["lock_over"] = page.context["conflict"]["lock"]
    assert writer.post(address(entry), values | {"_aside": "1"})["Location"] == address(entry, "history")
    assert form_of(writer, address(entry))["title"] == "Theirs"
    saved = writer.get(address(entry, "history")).context["page"][0]
    assert (saved.by, saved.reason) == ("wanda", "Kept aside: someone else had saved first")
    writer.post(address(entry, "history"), {"restore": saved.number})
    assert form_of(writer, address(entry))["title"] == "Mine"


@pytest.mark.parametrize("values", [
    {}, {"step": "fly"}, {"step": "approve", "seen": "\0"}, {"step": "reviewed"}, {"step": "reviewed", "change": "x"},
    {"step": "revoke", "link": ["x", "9" * 30]}, {"step": "schedule", "publish_at": "never"}, {"step": "update"},
    {"step": "discard"}, {"step": "submit", "change_note": "\0"}, {"step": "withdraw", "merged_into": "x"},
])  # fmt: skip
def test_hostile_steps_are_refused_and_change_nothing(manager, values):
    entry = make_principle(title="Live")
    assert manager.post(address(entry, "publication"), values).status_code in (200, 302, 403, 409)
    entry.refresh_from_db()
    assert (entry.title, entry.stage) == ("Live", "published")
    assert Draft.objects.filter(state="approved").count() == 0


def test_merging_takes_what_one_side_changed_and_names_what_both_did():
    def state(*rows):
        return [{"model": "m", "pk": pk, "fields": {"a": a, "b": b}} for pk, a, b in rows]

    base = state((1, "a", "b"), (2, "x", "y"), (3, "gone", ""), (4, "cut", ""))
    theirs = state((1, "A", "b"), (2, "theirs", "y"), (4, "kept", ""), (5, "new", ""))
    mine = state((1, "a", "B"), (2, "mine", "y"), (3, "gone", ""))
    merged, both = snapshot.merge(base, theirs, mine)
    assert merged == state((1, "A", "B"), (2, "mine", "y"), (4, "kept", ""), (5, "new", ""))
    assert both == {("m", 2, "a"), ("m", 4, "")}


def test_line_ends_of_browsers_are_no_change(writer):
    entry = make_principle(title="Old", summary="One.\n\nTwo.")
    save(writer, entry, title="New", summary="One.\r\n\r\nTwo.")
    rows = writer.get(address(entry, "publication")).context["rows"]
    assert [d.label for d in rows[0].values] == ["Title"]


def test_long_groups_of_rows_come_when_asked_for_and_are_left_alone_otherwise(writer, manager):
    mission = make_mission(countries=[make_country()])
    figures = [make_figure(mission, value=n, period=str(1970 + n)) for n in range(21)]
    page = writer.get(address(mission))
    assert "figures" not in {f.formset.prefix for f in page.context["inline_admin_formsets"]}
    assert [(str(label), number) for label, number, _ in page.context["closed_groups"]] == [("figures", 21)]
    save(writer, mission, title="New", rows=["events"])
    page = writer.get(f"{address(mission)}?{page.context['closed_groups'][0][2]}")
    assert values_of(page)["figures-INITIAL_FORMS"] == 21
    url = writer.get(f"/admin/at/{figures[3].permanent_id}/")["Location"]
    values = form_of(writer, url) | {"figures-0-note": "Counted anew.", "rows": ["figures"]}
    assert (values["figures-INITIAL_FORMS"], values["figures-0-value"]) == (1, 3)
    assert writer.post(url.partition("#")[0], values).status_code == 302
    publish(manager, mission)
    assert (mission.title, mission.figures.count()) == ("New", 21)
    assert [f.note for f in mission.figures.all()].count("Counted anew.") == 1


def test_every_field_of_the_steps_has_an_id_of_its_own(writer, manager):
    entry = make_principle(title="Old")
    in_review(writer, entry, title="New")
    for page in (manager.get(address(entry, "publication")), take(manager, entry, "publish")):
        ids = re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', page.content.decode())
        assert len(ids) == len(set(ids)) >= 8
