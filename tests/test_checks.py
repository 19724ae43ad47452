import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from missions.checks import check_content
from missions.models import Figure, Succession

from .factories import DAY, make_event, make_figure, make_mission, make_principle, make_source

pytestmark = pytest.mark.django_db


def findings(*articles):
    return [str(f) for f in check_content(articles) if f.level == "error"]


def warnings():
    return [str(f) for f in check_content() if f.level == "warning"]


def test_sound_content_has_no_finding():
    mission = make_mission(ended_on=DAY, ended_precision="day")
    make_figure(mission)
    assert findings() == []


def test_a_weak_fact_shown_to_the_day_is_an_error():
    make_figure(make_mission(), confidence="low", note="x")
    assert findings() == ["error: figure Fatalities: 7: as_of_precision: UNX: low confidence, but shown to the day"]
    Figure.objects.update(as_of_precision="month")
    assert findings() == []


def test_a_fact_in_the_future_is_an_error():
    make_event(make_mission(), title="Tomorrow", date=timezone.localdate() + datetime.timedelta(days=1))
    assert findings() == ["error: event Tomorrow: date: UNX: lies in the future"]


def test_a_successor_that_starts_years_too_early_is_an_error():
    before = make_mission(acronym="A", ended_on=DAY.replace(year=2010), ended_precision="day")
    after = make_mission(acronym="B", started_on=DAY.replace(year=2005))
    link = Succession.objects.create(
        predecessor=before, successor=after, date=DAY.replace(year=2010), source=make_source()
    )
    assert findings() == ["error: succession A to B: successor: starts 2005-02-03, long before A ended 2010-02-03"]
    link.kind = "parallel"
    link.save()
    assert findings() == []


def test_a_handover_before_the_predecessor_began_is_an_error():
    before, after = make_mission(acronym="A"), make_mission(acronym="B")
    Succession.objects.create(predecessor=before, successor=after, date=DAY.replace(year=2000), source=make_source())
    assert findings() == ["error: succession A to B: date: the handover of 2000-02-03 lies before the start of A"]


def test_dead_links_and_unknown_sources_are_errors():
    make_principle(title="Consent", discussion="See [x](/missions/nowhere/), [y](/sources/), [z](/no/) [@ghost].")
    assert findings() == [
        "error: principle Consent: discussion: the link /missions/nowhere/ leads nowhere",
        "error: principle Consent: discussion: the link /no/ leads nowhere",
        "error: principle Consent: discussion: cites the unknown source ghost",
    ]


def test_a_link_to_a_draft_is_dead():
    make_mission(slug="hidden", stage="draft")
    make_principle(title="Consent", discussion="See [x](/missions/hidden/).")
    assert len(findings()) == 1


def test_words_shared_with_an_article_are_an_error():
    text = "One two three four five six seven eight nine ten."
    make_principle(title="Consent", discussion=text)
    assert findings("zero " + text) == [
        "error: principle Consent: discussion: shares words with an article: "
        "“one two three four five six seven eight nine”"
    ]
    assert findings("one two three four five six seven eight different") == []


def test_what_is_old_or_unused_is_a_warning():
    source = make_source(authors="Nobody")
    make_mission(acronym="UNX", mandate_ends_on=DAY, mandate_source=source)
    assert [w for w in warnings() if "mission" in w] == [
        "warning: mission UNX: mandate_ends_on: ended 2001-02-03; renewal not verified",
        "warning: mission UNX: verified_on: the newest evidence is of 2001-02-03",
    ]
    assert "warning: source Nobody (2001): citations: nothing rests on it" in warnings()


def test_the_command_exits_with_1_only_on_errors(tmp_path):
    make_principle(title="Consent", discussion="See [x](/no/).")
    out = StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("check_content", stdout=out)
    assert stopped.value.code == 1
    assert out.getvalue().splitlines()[-1] == "1 errors, 0 warnings"
