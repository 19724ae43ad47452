"""One source in place of another."""

import pytest

from missions.models import Batch, Change, Citation, Figure, Source
from missions.replacing import recite
from missions.workflow import index_citations

from .desk import address, form_of, publish, save
from .factories import make_event, make_figure, make_mission, make_packet, make_principle, make_source, make_term
from .test_admin import as_editor, as_publisher  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("text", "expected"),
    [("So [@old].", "So [@new]."), ("[@old, para. 5; @other]", "[@new, para. 5; @other]"), ("[@x; @old]", "[@x; @new]"),
     ("[@old-2]", "[@old-2]"), ("[@very-old]", "[@very-old]"), ("mail@old, not cited", "mail@old, not cited")],
)  # fmt: skip
def test_a_citation_is_turned_and_nothing_else(text, expected):
    assert recite(text, "old", "new") == expected


def cited_everywhere(old):
    mission = make_mission(summary=f"In short [@{old.slug}, para. 2].", dates_source=old)
    make_figure(mission, source=old)
    make_event(mission, source=old, stage="draft")
    make_term(source=old)
    principle = make_principle(definition=f"So [@{old.slug}; @{make_source().slug}].", stage="draft")
    packet = make_packet([mission], introduction=f"In short [@{old.slug}].")
    for entry in (mission, principle, packet):
        index_citations(entry)
    return mission, principle, packet


def test_everything_that_cites_a_source_cites_the_other_after(as_publisher):  # noqa: F811
    old, new = make_source(slug="old"), make_source(slug="new")
    mission, principle, packet = cited_everywhere(old)
    for path in (address(old, "delete"), address(old, "replace")):
        page = as_publisher.get(path).content.decode()
        for thing in (mission, principle, packet, Figure.objects.get()):
            assert f'<a href="{address(thing)}">{thing}</a>' in page.replace("&#x27;", "'")
    lock = mission.lock
    answer = as_publisher.post(address(old, "replace"), {"by": "new"}, follow=True)
    assert "is cited nowhere now" in answer.content.decode()
    for thing in (mission, principle, packet):
        thing.refresh_from_db()
    assert packet.introduction == "In short [@new]."
    assert mission.lock != lock
    assert (mission.summary, mission.dates_source) == ("In short [@new, para. 2].", new)
    assert principle.definition.startswith("So [@new; @source-")
    assert {f.source for f in (*mission.figures.all(), *mission.events.all())} == {new}
    assert Citation.objects.filter(source=old).count() == 0
    assert Citation.objects.filter(source=new).count() == 3
    assert as_publisher.post(address(old, "delete"), {"post": "yes"}).status_code == 302
    assert not Source.objects.filter(slug="old").exists()


def test_many_sources_are_deleted_together_only_if_none_is_cited(as_publisher):  # noqa: F811
    cited, free = make_source(slug="cited"), make_source(slug="free")
    make_figure(make_mission(), source=cited)
    values = {"action": "delete_selected", "_selected_action": [cited.pk, free.pk], "post": "yes"}
    page = as_publisher.post(address(cited, "changelist"), values)
    assert "would require deleting the following protected" in page.content.decode()
    assert Source.objects.filter(slug__in=["cited", "free"]).count() == 2


@pytest.mark.parametrize(("by", "reason"), [("old", "That is the source itself."), ("none", "No source has this"),
                                            ("<b>", "Enter a valid"), ("", "This field is required.")])  # fmt: skip
def test_a_source_that_cannot_take_its_place_is_refused(as_publisher, by, reason):  # noqa: F811
    old = make_source(slug="old")
    figure = make_figure(make_mission(), source=old)
    page = as_publisher.post(address(old, "replace"), {"by": by})
    assert reason in page.content.decode()
    figure.refresh_from_db()
    assert figure.source == old


def test_writers_may_not_replace_a_source(as_editor):  # noqa: F811
    old = make_source(slug="old")
    make_source(slug="new")
    assert as_editor.post(address(old, "replace"), {"by": "new"}).status_code == 403


def test_a_draft_that_cites_a_source_cites_the_other_after_and_stays_up_to_date(as_publisher):  # noqa: F811
    old, new = make_source(slug="old"), make_source(slug="new")
    entry = make_principle(title="Live")
    save(as_publisher, entry, title="Drafted", definition="So [@old, p. 3].")
    assert as_publisher.post(address(old, "replace"), {"by": "new"}).status_code == 302
    assert form_of(as_publisher, address(entry))["definition"] == "So [@new, p. 3]."
    assert [c.source for c in Citation.objects.all()] == [new]
    publish(as_publisher, entry)
    assert (entry.title, entry.definition) == ("Drafted", "So [@new, p. 3].")


def test_a_replacement_is_one_batch_that_readers_are_told_of(as_publisher):  # noqa: F811
    old, new = make_source(symbol="S/1"), make_source(symbol="S/2")
    mission, other = make_mission(), make_mission()
    for one in (mission, other):
        make_figure(one, source=old)
        index_citations(one)
    as_publisher.post(address(old, "replace"), {"by": new.slug})
    assert Batch.objects.get().label == "S/1 replaced by S/2"
    assert {c.permanent_id for c in Change.objects.all()} == {mission.permanent_id, other.permanent_id}
    assert "Cites S/2 in place of S/1." in as_publisher.get(mission.get_absolute_url()).content.decode()
