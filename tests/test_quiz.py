"""The quiz: one choice is right and no other could be, answers stand in the address, nothing is kept."""

import datetime
import re

import pytest
from django.http import QueryDict

from missions.choices import Stance
from missions.models import Mission, Succession
from missions.teaching import Quiz

from .factories import (
    make_country,
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

pytestmark = pytest.mark.django_db


def day(year):
    return datetime.date(year, 1, 1)


def questions_on(entry):
    return Quiz(entry, QueryDict()).questions


def asked_about(entry, words):
    """Return the questions on an entry whose text has these words."""
    return [q for q in questions_on(entry) if words in q.text]


def make_others(number=5, **values):
    return [
        make_mission(slug=f"other-{n}", acronym=f"OTHER{n}", founding_instrument=f"S/RES/{900 + n} (1990)",
                     started_on=day(1990 + n), **values)
        for n in range(number)
    ]  # fmt: skip


def make_one(**values):
    source = make_source(symbol="S/RES/100 (2001)", title="Resolution 100")
    values = {"slug": "one", "acronym": "UNONE", "founding_instrument": "S/RES/100 (2001)", "founding_source": source,
              "countries": [make_country("AAA")], "started_on": day(2001), "ended_on": day(2005),
              "ended_precision": "day"} | values  # fmt: skip
    return make_mission(**values)


def test_a_decision_that_has_to_do_with_the_mission_is_no_wrong_choice():
    one = make_one()
    make_others()
    make_event(one, symbol="S/RES/900 (1990)", kind="mandate-change", title="Changed")
    make_task(one, source=make_source(symbol="S/RES/901 (1990)"))
    [question] = asked_about(one, "Which decision founded")
    assert question.right == "S/RES/100 (2001)"
    assert set(question.wrong) == {f"S/RES/{n} (1990)" for n in (902, 903, 904)}
    assert question.source.symbol == "S/RES/100 (2001)"


def test_too_few_wrong_choices_make_no_question():
    one = make_one()
    make_others(2)
    assert asked_about(one, "founded") == []
    assert asked_about(one, "start") == []


def test_a_year_that_could_be_meant_is_no_wrong_choice():
    one = make_one()
    make_others(6)
    make_event(one, kind="operational", date=day(1995))
    [question] = asked_about(one, "In which year did UNONE start")
    assert question.right == "2001"
    assert not {"1995", "2001"} & set(question.wrong)
    [ended] = [q for q in [*questions_on(one)] if "UNONE end" in q.text] or [None]
    assert ended is None  # no other mission has ended


def test_organizations_with_a_hand_in_the_country_are_no_wrong_choice():
    here = make_country("AAA")
    one = make_one(organization=make_organization("un"))
    for n, slug in enumerate(("au", "eu", "nato", "osce", "oas")):
        countries = [here] if slug == "au" else [make_country("BBB")]
        make_mission(slug=slug, acronym=slug, organization=make_organization(slug), countries=countries,
                     started_on=day(1990 + n))  # fmt: skip
    linked = Mission.objects.get(slug="eu")
    Succession.objects.create(predecessor=linked, successor=one, date=day(2001), source=make_source())
    [question] = asked_about(one, "Which organization led")
    assert (question.right, set(question.wrong)) == ("UN", {"NATO", "OSCE", "OAS"})


def test_numbers_are_far_apart_and_disputed_ones_are_not_asked_for():
    one = make_one()
    figures = {"measure": "deployed-military", "as_of": day(2002)}
    make_figure(one, value=1000, **figures)
    for n, value in enumerate((1100, 4000, 4500, 20_000, 200, 3_000_000)):
        make_figure(make_mission(slug=f"m{n}"), value=value, **figures)
    [question] = asked_about(one, "largest number deployed")
    assert (question.right, set(question.wrong)) == ("1,000", {"4,000", "200", "20,000"})
    make_figure(one, value=1200, preferred=False, **figures)
    assert asked_about(one, "largest number deployed") == []


def test_tasks_that_any_decision_names_are_no_wrong_choice():
    one = make_one()
    terms = [make_term(slug=f"t{n}", label_text=f"Task {n}") for n in range(6)]
    make_task(one, terms[0])
    tasks = [{"task": "t1", "modality": ["assist"], "strength": "requested", "locator": ""}]
    make_event(one, symbol="S/RES/7 (2002)", kind="decision", tasks=tasks)
    [question] = asked_about(one, "Which of these tasks")
    assert question.right == "Task 0"
    assert set(question.wrong) < {"Task 2", "Task 3", "Task 4", "Task 5"}


def test_the_first_decision_is_asked_among_others_of_other_days():
    one = make_one()
    source = make_source(symbol="S/RES/1 (2001)")
    for n, year in ((1, 2001), (2, 2001), (3, 2002), (4, 2003), (5, 2004)):
        make_event(one, symbol=f"S/RES/{n} ({year})", kind="decision", date=day(year))
    make_task(one, make_term(label_text="Guarding"), source=source, date=day(2001))
    [question] = asked_about(one, "Which decision first gave")
    assert (question.right, set(question.wrong)) == (
        "S/RES/1 (2001)", {"S/RES/3 (2002)", "S/RES/4 (2003)", "S/RES/5 (2004)"})  # fmt: skip


def test_an_event_whose_words_give_its_year_away_is_not_asked_for():
    one = make_one()
    long = "Many were hurt when the base was attacked for the third time within a month."
    for year in range(2001, 2006):
        make_event(one, kind="political", date=day(year), title=f"Politics {year}")
    make_event(one, kind="violence", title="An attack", text=long, date=day(2003))
    make_event(one, kind="violence", title="Another attack", text=f"{long} It was in 2004.", date=day(2004))
    [question] = asked_about(one, "In which year did this happen")
    assert question.quoted == f"An attack. {long}"
    assert question.right == "2003"
    assert "2003" not in question.wrong


def test_a_mission_of_the_same_country_or_named_in_the_text_is_no_wrong_choice():
    topic, here = make_principle(slug="p", title="Consent"), make_country("AAA")
    one = make_mission(slug="one", acronym="UNONE", countries=[here])
    neighbour = make_mission(slug="near", acronym="UNNEAR", countries=[here])
    others = [make_mission(slug=f"m{n}", acronym=f"UNM{n}", countries=[make_country(f"B{n}B")]) for n in range(4)]
    item = make_evidence(one, principle=topic, text="They were asked to go, as UNM0 had been.")
    for mission in (neighbour, *others):
        make_evidence(mission, principle=topic, text=f"About {mission.acronym}.", stance="breached")
    [question] = asked_about(topic, "Which mission does this observation describe")
    assert (question.right, set(question.wrong)) == ("UNONE", {"UNM1", "UNM2", "UNM3"})
    assert question.quoted == item.text


def test_a_text_that_names_its_mission_or_country_is_not_asked_for():
    topic = make_principle(slug="p")
    for n in range(5):
        mission = make_mission(slug=f"m{n}", acronym=f"UNM{n}", countries=[make_country(f"B{n}B")])
        make_evidence(mission, principle=topic, text=f"In B{n}b it was so." if n % 2 else f"UNM{n} was so.")
    assert asked_about(topic, "describe") == []


def test_of_a_stance_the_wrong_choices_have_none_on_record():
    topic = make_principle(slug="p", title="Consent")
    missions = [make_mission(slug=f"m{n}", acronym=f"UNM{n}") for n in range(5)]
    for mission in missions:
        make_evidence(mission, principle=topic, text=f"About {mission}.", stance="strained")
    make_evidence(missions[0], principle=topic, text="UNM0 again.", stance="breached")
    make_evidence(missions[1], principle=topic, text="UNM1 again.", stance="breached")
    found = asked_about(topic, "recorded as “breached”")
    assert {q.right for q in found} <= {"UNM0", "UNM1"}
    assert all(set(q.wrong) == {"UNM2", "UNM3", "UNM4"} for q in found)
    assert found


def make_quiz(number=6):
    """Make a principle with as many questions as observations; return it."""
    topic = make_principle(slug="consent", title="Consent")
    for n in range(number):
        mission = make_mission(slug=f"m{n}", acronym=f"UNM{n}")
        make_evidence(mission, principle=topic, text=f"UNM{n} was <b>there</b>.", stance=list(Stance)[n % 4])
    return topic


def test_answers_are_checked_and_lead_to_the_fact_and_its_source(client):
    topic = make_quiz()
    quiz = Quiz(topic, QueryDict())
    first, second = quiz.questions[:2]
    wrong = next(value for value, text in second.choices if value != second.right_value)
    answer = client.get(f"/teaching/quiz/principles/consent/?a1={first.right_value}&a2={wrong}")
    page = answer.content.decode()
    assert answer.context["quiz"].right == 1
    assert f"1 right of 2 answered; there are {len(quiz.questions)} questions." in page
    assert page.count('class="why"') == 2
    assert f'href="{first.address}"' in page
    assert f'href="{first.source.get_absolute_url()}"' in page
    assert "<b>there</b>" not in page
    assert "&lt;b&gt;there&lt;/b&gt;" in page
    assert not answer.cookies


def test_before_an_answer_nothing_tells_which_is_right(client):
    topic = make_quiz()
    page = client.get("/teaching/quiz/principles/consent/").content.decode()
    assert 'class="why"' not in page
    assert "is-right" not in page
    shown = client.get("/teaching/quiz/principles/consent/?show=1").content.decode()
    assert shown.count("is-right") == len(questions_on(topic))


def test_the_same_questions_come_in_the_same_order():
    topic = make_quiz()
    keys = [(q.key, q.choices) for q in questions_on(topic)]
    assert keys == [(q.key, q.choices) for q in questions_on(topic)]
    quoted = [q.quoted for q in questions_on(topic) if q.quoted]
    assert len(quoted) == len(set(quoted))


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("a1=nothing", "a1"), ("a99=x", "a99"), ("show=2", "show"), ("colour=red", "colour"), ("show=1&show=1", "show"),
     ("a1=%3Cscript%3E", "a1")],
)  # fmt: skip
def test_what_no_quiz_knows_is_refused_with_a_sentence(client, query, parameter):
    make_quiz()
    answer = client.get(f"/teaching/quiz/principles/consent/?{query}")
    assert answer.status_code == 400
    assert f"<code>{parameter}</code>" in answer.content.decode()
    assert "is-right" not in answer.content.decode()


def test_too_few_facts_are_said_to_be_so(client):
    make_principle(slug="empty")
    page = re.sub(r"\s+", " ", client.get("/teaching/quiz/principles/empty/").content.decode())
    assert "Too few facts are recorded for a whole quiz: there are 0 questions." in page


def test_an_old_address_leads_to_the_quiz_and_none_to_none(client):
    from missions.models import FormerAddress

    topic = make_quiz()
    FormerAddress.objects.create(kind="principle", slug="agreement", permanent_id=topic.permanent_id)
    assert client.get("/teaching/quiz/principles/agreement/").url == "/teaching/quiz/principles/consent/"
    assert client.get("/teaching/quiz/principles/nothing/").status_code == 404
    assert client.get("/teaching/quiz/themes/nothing/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_the_facts(client, django_assert_num_queries, number):
    one = make_one()
    topic = make_principle(slug="p")
    for mission in [one, *make_others(number)]:
        for _ in range(number):
            make_event(mission)
            make_task(mission)
            make_evidence(mission, principle=topic)
        make_figure(mission, measure="deployed-military", value=100)
    with django_assert_num_queries(17):
        client.get("/teaching/quiz/missions/one/")
    with django_assert_num_queries(4):
        client.get("/teaching/quiz/principles/p/")
