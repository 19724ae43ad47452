import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from missions import workflow
from missions.models import Citation, Figure, Mission, Principle, Source

from .factories import DAY, make_evidence, make_figure, make_mission, make_principle, make_source, make_task, make_term

pytestmark = pytest.mark.django_db


def reasons(instance):
    with pytest.raises(ValidationError) as caught:
        instance.full_clean()
    return caught.value.message_dict


def test_published_leaves_out_drafts_scheduled_and_withdrawn():
    shown = make_mission(slug="shown")
    make_mission(slug="draft", stage="draft")
    make_mission(slug="scheduled", published_at=timezone.now() + datetime.timedelta(hours=1))
    make_mission(slug="withdrawn", stage="withdrawn", withdrawal_note="Wrong.")
    assert list(Mission.objects.published()) == [shown]
    assert [m.slug for m in Mission.objects.order_by("slug") if m.is_published] == ["shown"]


def test_the_end_may_not_lie_before_the_start():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_mission(ended_on=DAY - datetime.timedelta(days=1), ended_precision="day")
    mission = make_mission(ended_on=DAY, ended_precision="day")
    mission.ended_on -= datetime.timedelta(days=1)
    assert reasons(mission)["__all__"] == ["The end lies before the start: correct one of the two dates."]


def test_a_published_mission_needs_sources_for_dates_and_type():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_mission(dates_source=None, type_source=None)
    mission = make_mission(stage="draft", dates_source=None)
    mission.stage, mission.published_at = "published", timezone.now()
    assert reasons(mission)["dates_source"] == ["A published entry needs this. If there is nothing to say, say why."]


def test_the_type_other_needs_a_note():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_mission(type="other")
    assert make_mission(type="other", type_note="An air campaign.").pk


@pytest.mark.parametrize("missing", ["source", "as_of"])
def test_a_published_figure_needs_source_and_date(missing):
    mission = make_mission()
    with pytest.raises(IntegrityError), transaction.atomic():
        make_figure(mission, **{missing: None})
    figure = make_figure(mission, stage="draft", **{missing: None})
    figure.stage = "published"
    assert reasons(figure)[missing][0].startswith("A published fact needs its ")


def test_one_value_is_preferred_for_a_measure_and_date():
    mission = make_mission()
    make_figure(mission, value=10)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_figure(mission, value=11)
    rival = make_figure(mission, value=11, preferred=False)
    assert [f.value for f in Figure.objects.order_by("value")] == [10, 11]
    rival.preferred = True
    assert "already preferred" in reasons(rival)["__all__"][0]


def test_evidence_is_about_exactly_one_entry():
    mission, principle = make_mission(), make_principle()
    item = make_evidence(mission, principle=principle)
    assert (item.kind, item.entry) == ("principle", principle)
    item.principle = None
    assert "Fill exactly one" in reasons(item)["principle"][0]
    with pytest.raises(IntegrityError), transaction.atomic():
        item.save()


def test_a_task_is_given_to_a_mission_once():
    mission, term = make_mission(), make_term()
    make_task(mission, term, monitor=True, secure=True)
    assert mission.tasks.get().modality == ["monitor", "secure"]
    with pytest.raises(IntegrityError), transaction.atomic():
        make_task(mission, term)


@pytest.mark.parametrize("slug", ["Kosovo", "a--b", "-a", "é", "a b", "a_b"])
def test_an_address_is_plain(slug):
    assert "slug" in reasons(Principle(slug=slug, title="T", summary="S"))


def test_text_may_cite_only_known_sources():
    make_source(slug="known")
    principle = make_principle(stage="draft", discussion="Yes [@known]. No [@unknown-2000, p. 1].")
    assert reasons(principle)["discussion"] == [
        "No source has the address “unknown-2000”. Add the source first or correct it."
    ]


def test_withdrawing_needs_a_reason():
    principle = make_principle()
    principle.stage = "withdrawn"
    assert reasons(principle)["withdrawal_note"] == ["Say why it is withdrawn: readers see this at its address."]


def test_a_source_cited_in_text_or_by_a_fact_cannot_be_deleted():
    in_text, by_fact, free = make_source(slug="in-text"), make_source(), make_source()
    principle = make_principle(definition="It is so [@in-text].")
    workflow.index_citations(principle)
    make_figure(make_mission(), source=by_fact)
    for source in (in_text, by_fact):
        with pytest.raises(ProtectedError):
            source.delete()
    free.delete()
    assert set(Source.objects.filter(pk__in=[in_text.pk, by_fact.pk])) == {in_text, by_fact}


def test_the_index_of_citations_follows_the_text():
    one, two = make_source(slug="one"), make_source(slug="two")
    principle = make_principle(definition="So [@one].")
    workflow.index_citations(principle)
    principle.definition = "So [@two]."
    workflow.index_citations(principle)
    assert [c.source for c in Citation.objects.all()] == [two]
    assert one.citations.count() == 0


def test_aliases_are_the_lines_of_other_names():
    assert make_mission(other_names=" ONUC \n\nOpération au Congo").aliases == ["ONUC", "Opération au Congo"]


def test_status_follows_the_end():
    make_mission(slug="open")
    make_mission(slug="shut", ended_on=DAY, ended_precision="day")
    assert dict(Mission.objects.values_list("slug", "status")) == {"open": "ongoing", "shut": "closed"}
