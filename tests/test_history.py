"""Every version is kept, can be compared with any other and restored; what was deleted comes back with its rows."""

import pytest
from django.test import Client

from missions import history
from missions.models import Change, Citation, Draft, Figure, Mission, Principle

from .desk import address, form_of, new_row, publish, save, take
from .factories import make_country, make_event, make_figure, make_mission, make_principle, make_source

pytestmark = pytest.mark.django_db


def past(client, entry, **query):
    return client.get(address(entry, "history"), query)


def versions(client, entry):
    return [(s.by, s.is_draft, s.reason) for s in past(client, entry).context["page"]]


def test_every_version_is_listed_with_who_when_and_why_the_loaded_one_first(writer, manager):
    entry = make_principle(title="Loaded")
    assert versions(writer, entry) == []
    save(writer, entry, title="Drafted")
    save(manager, entry, title="Drafted again")
    publish(manager, entry, change_note="A better title.")
    assert versions(writer, entry) == [
        ("mona", False, "A better title."),
        ("mona", True, ""),
        ("wanda", True, ""),
        ("", False, "As loaded or imported"),
    ]


def test_any_two_versions_can_be_compared(writer, manager):
    mission = make_mission(countries=[make_country()], title="One")
    figure = make_figure(mission, value=1, stage="draft")
    for title, value in (("Two", 2), ("Three", 3)):
        save(writer, mission, title=title, **{"figures-0-value": value})
        publish(manager, mission)
    numbers = {s.state[0]["fields"]["title"]: s.number for s in past(writer, mission).context["page"] if not s.is_draft}
    page = past(writer, mission, old=numbers["One"], new=numbers["Three"])
    found = {r.label: [(d.label, d.old, d.new) for d in r.values] for r in page.context["rows"]}
    assert found == {"": [("Title", "One", "Three")], "Figure “fatalities: 3”": [("Value", "1", "3")]}
    page = past(writer, mission, old=numbers["Two"], new="now")
    assert [(d.old, d.new) for d in page.context["rows"][0].values] == [("Two", "Three")]
    for query in ({"old": "999999", "new": "now"}, {"old": "\u0661", "new": "x"}, {"old": "-1", "new": "now"}):
        assert past(writer, mission, **query).context["unknown"] is True
    assert figure.pk == mission.figures.get().pk


def test_any_version_is_restored_as_a_draft_the_first_included(writer, manager):
    one, two = make_country("CYP"), make_country("HTI")
    mission = make_mission(countries=[one], title="One")
    make_figure(mission, value=1, stage="draft")
    source = make_source()
    row = new_row("events", kind="political", title="Added", date="2001-02-03", precision="day",
                  source=source.pk, stage="published", confidence="high")  # fmt: skip
    save(writer, mission, title="Two", countries=[two.pk], **{"figures-0-DELETE": "on"}, **row)
    publish(manager, mission)
    first = next(s for s in past(writer, mission).context["page"] if s.reason == history.LOADED)
    assert writer.post(address(mission, "history"), {"restore": first.number}).status_code == 302
    assert (mission.title, list(mission.events.values_list("title", flat=True))) == ("Two", ["Added"])
    values = form_of(writer, address(mission))
    assert (values["title"], [int(c) for c in values["countries"]], values["figures-INITIAL_FORMS"]) == (
        "One", [one.pk], 1,
    )  # fmt: skip
    assert values["events-INITIAL_FORMS"] == 0
    publish(manager, mission)
    assert (mission.title, list(mission.countries.all()), mission.figures.get().value) == ("One", [one], 1)
    assert list(mission.events.all()) == []


def test_what_cannot_be_restored_is_named(writer, manager):
    one, two = make_country("CYP"), make_country("HTI")
    mission = make_mission(countries=[one, two], title="One")
    source = make_source()
    make_figure(mission, value=1, stage="draft", source=source)
    save(writer, mission, title="Two", countries=[one.pk], **{"figures-0-DELETE": "on"})
    publish(manager, mission)
    two.delete()
    Citation.objects.all().delete()
    source.delete()
    first = next(s for s in past(writer, mission).context["page"] if s.reason == history.LOADED)
    page = writer.post(address(mission, "history"), {"restore": first.number}, follow=True)
    said = [str(m) for m in page.context["messages"]]
    assert said == [
        "The version is the draft now. Read it, then send it to review.",
        "Could not be restored: mission: countries no longer exists.",
        "Could not be restored: figure: source no longer exists.",
    ]
    assert form_of(writer, address(mission))["figures-0-value"] == 1


def test_restoring_needs_the_right_to_write_and_a_version_that_exists(writer, desk, django_user_model):
    entry = make_principle(title="Old")
    save(writer, entry, title="New")
    for number in ("", "0", "x", "9" * 40, "\0"):
        assert writer.post(address(entry, "history"), {"restore": number}).status_code == 403
    other = make_principle()
    save(writer, other, title="Other")
    foreign = past(writer, other).context["page"][0].number
    assert writer.post(address(entry, "history"), {"restore": foreign}).status_code == 403
    outsider = Client()
    outsider.force_login(django_user_model.objects.create_user("nobody", password="x", is_staff=True))
    assert outsider.post(address(entry, "history"), {"restore": foreign}).status_code == 403
    assert form_of(writer, address(entry))["title"] == "New"


def test_from_a_figure_to_who_changed_it_when_and_why_also_when_the_user_is_gone(writer, manager):
    mission = make_mission(countries=[make_country()])
    figure, source = make_figure(mission, value=1000), make_source()
    save(writer, mission, **{"figures-0-value": 2000, "figures-0-source": source.pk})
    publish(manager, mission, change_note="The report of May.")
    writer.user.delete()
    page = manager.get(f"/admin/at/{figure.permanent_id}/history/", follow=True)
    told = [(c and c.makers_in_words, s.by, s.reason, r.how, [(d.label, d.old, d.new) for d in r.values][:1])
            for s, r, c in page.context["past"]]  # fmt: skip
    assert told == [
        (
            "wanda",
            "mona",
            "The report of May.",
            "changed",
            [("Source", f"Author, A. (2001) (@{figure.source.slug})", f"Author, A. (2001) (@{source.slug})")],
        ),
        (None, "", "As loaded or imported", "added", [("Editorial status", "", "Published")]),
    ]
    assert "Written by <strong>wanda</strong>, published by <strong>mona</strong>." in page.content.decode()
    assert Change.objects.get().makers_in_words == "wanda"
    assert (
        manager.get(f"/admin/at/{figure.permanent_id}/")["Location"]
        == f"{address(mission)}?rows=figures&only={figure.permanent_id}#figures-0"
    )
    assert manager.get(f"/admin/at/{mission.permanent_id}/")["Location"] == address(mission)
    assert manager.get("/admin/at/po-nothing/").status_code == 404
    assert Client().get(f"/admin/at/{figure.permanent_id}/").status_code == 302


def test_what_was_deleted_comes_back_with_its_rows(manager):
    country = make_country()
    mission = make_mission(stage="draft", title="Lost", slug="lost", countries=[country])
    make_figure(mission, value=7)
    make_event(mission, title="It happened")
    assert manager.post(address(mission, "delete"), {"post": "yes"}).status_code == 302
    assert (Mission.objects.count(), Figure.objects.count()) == (0, 0)
    assert f'<a href="{address(mission, "deleted")}">' in manager.get(address(mission, "changelist")).content.decode()
    page = manager.get(address(mission, "deleted"))
    gone = page.context["gone"][0]
    assert (str(gone.version), gone.by, gone.reason) == ("UNX", "mona", "Deleted")
    assert manager.post(address(mission, "deleted"), {"version": gone.version.pk}).status_code == 302
    back = Mission.objects.get()
    assert (back.title, back.stage, back.permanent_id) == ("Lost", "draft", mission.permanent_id)
    assert [back.figures.get().value, back.events.get().title, back.countries.get()] == [7, "It happened", country]
    assert manager.get(address(mission, "deleted")).context["gone"] == []


def test_an_address_taken_meanwhile_keeps_what_was_deleted_from_coming_back(manager):
    entry = make_principle(stage="draft", slug="taken")
    manager.post(address(entry, "delete"), {"post": "yes"})
    make_principle(slug="taken")
    gone = manager.get(address(entry, "deleted")).context["gone"][0]
    page = manager.post(address(entry, "deleted"), {"version": gone.version.pk}, follow=True)
    assert "It cannot be brought back" in page.content.decode()
    assert Principle.objects.count() == 1
    for number in ("", "x", "²", "9" * 40, "9" * 5000):
        assert manager.post(address(entry, "deleted"), {"version": number}).status_code == 403


def test_edited_here_and_deleted_there_leaves_the_text_on_screen_and_offers_to_restore(writer, manager):
    entry = make_principle(stage="draft", title="Old", slug="p")
    values = form_of(writer, address(entry)) | {"title": "Typed", "discussion": "A long text."}
    assert manager.post(address(entry, "delete"), {"post": "yes"}).status_code == 302
    page = writer.post(address(entry), values)
    html = page.content.decode()
    assert (page.status_code, 'value="Typed"' in html, "A long text.</textarea>" in html) == (200, True, True)
    assert "<strong>mona</strong> deleted it" in html
    assert Principle.objects.count() == 0
    values["lock_over"] = page.context["conflict"]["lock"]
    assert writer.post(address(entry), values | {"restore": "1"}).status_code == 302
    back = Principle.objects.get()
    assert (back.title, back.discussion, back.permanent_id) == ("Typed", "A long text.", entry.permanent_id)


def test_readers_see_what_changed_and_corrections_are_listed(writer, manager):
    mission = make_mission(countries=[make_country()], slug="m", title="A mission")
    make_figure(mission, value=1000)
    source = make_source()
    save(writer, mission, **{"figures-0-value": 2000, "figures-0-source": source.pk})
    take(writer, mission, "submit", change_note="The number was <b>wrong</b>.", is_correction="on")
    reader = Client()
    assert "The number was" not in reader.get("/missions/m/").content.decode()
    publish(manager, mission, change_note="The number was <b>wrong</b>.", is_correction="on")
    assert "The number was &lt;b&gt;wrong&lt;/b&gt;." in reader.get("/missions/m/").content.decode()
    html = reader.get("/about/corrections/").content.decode()
    assert '<th scope="row">Figure “fatalities: 2,000”: Value</th><td>1000</td><td>2000</td>' in html
    Mission.objects.update(stage="draft")
    assert "A mission" not in reader.get("/about/corrections/").content.decode()
    assert Draft.objects.get().is_open is False
