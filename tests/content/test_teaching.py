"""What is taught, over the whole content: every packet, path and quiz, and an oracle that knows the rows only."""

import re

import pytest
from django.http import QueryDict

from missions.choices import Measure
from missions.models import (
    TOPICS,
    Challenge,
    DiscussionQuestion,
    Event,
    Evidence,
    Figure,
    LearningPath,
    MandatedTask,
    Mission,
    Packet,
    Principle,
)
from missions.teaching import QUIZZED, Quiz

pytestmark = [pytest.mark.django_db, pytest.mark.long]
MAIN = ("unficyp", "minustah", "amisom", "monusco", "minusca", "kfor", "unmik", "unamsil")


def test_every_principle_and_challenge_has_three_questions_with_two_answers_each(content):
    for topic in (*Principle.objects.published(), *Challenge.objects.published()):
        questions = topic.questions.published()
        assert len(questions) >= 3, topic
        for question in questions:
            assert question.answers.published().count() >= 2, question
    assert not DiscussionQuestion.objects.filter(answers=None).exists()


def test_the_six_packets_and_three_paths_are_whole(client, content):
    packets = list(Packet.objects.published())
    assert len(packets) == 6
    for packet in packets:
        answer = client.get(packet.get_absolute_url())
        assert answer.status_code == 200
        assert "unknown source" not in answer.content.decode()
        context = answer.context
        assert 2 <= len(context["missions"]) <= 5
        assert all(items for _, items in context["evidence"]), packet
        for name in ("groups", "tasks", "events", "exercises", "questions", "cards"):
            assert context[name], (packet, name)
    for path, (fewest, most) in {"first-year-student": (8, 10), "staff-college": (8, 12),
                                 "journalist-on-deadline": (5, 7)}.items():  # fmt: skip
        assert fewest <= LearningPath.objects.published().get(slug=path).steps.published().count() <= most


def test_there_are_five_questions_on_each_main_mission_and_each_principle(content):
    subjects = [*Mission.objects.filter(slug__in=MAIN), *Principle.objects.published()]
    few = {str(e): len(Quiz(e, QueryDict()).questions) for e in subjects}
    assert {name: number for name, number in few.items() if number < 5} == {}


def right_by_the_rows(question, entry):
    """Return which of the choices the rows say are right, worked out anew from the key of the question."""
    fact_id, _, what = question.key.partition(" ")
    choices = [question.right, *question.wrong]
    if what == "founding":
        return [c for c in choices if c == entry.founding_instrument]
    if what in ("started_on", "ended_on"):
        return [c for c in choices if c == str(getattr(entry, what).year)]
    if what == "leader":
        return [c for c in choices if c == entry.organization.name]
    if what in ("authorized", "deployed", "deaths"):
        figure = Figure.objects.published().get(permanent_id=fact_id)
        rows = Figure.objects.published().filter(mission=entry, measure=figure.measure, scope="all", period="")
        values = {f"{v:,}" for v in rows.filter(preferred=True).values_list("value", flat=True)}
        top = max(rows.filter(preferred=True), key=lambda f: f.as_of if what == "deaths" else f.value)
        assert f"{top.value:,}" == question.right
        assert figure.measure != Measure.BUDGET
        return [c for c in choices if c in values]
    if what in ("given", "first"):
        tasks = MandatedTask.objects.published().filter(mission=entry)
        if what == "given":
            return [c for c in choices if tasks.filter(task__label_text=c).exists()]
        task = tasks.get(permanent_id=fact_id)
        assert not any(task.task.label_text in c for c in choices)
        return [c for c in choices if c == task.source.symbol]
    if what in ("year", "decision"):
        event = Event.objects.published().get(permanent_id=fact_id)
        alike = Event.objects.published().filter(mission=entry, title=event.title, text=event.text)
        if what == "year":
            return [c for c in choices if alike.filter(date__year=int(c)).exists()]
        return [c for c in choices if alike.filter(symbol=c).exists()]
    item = Evidence.objects.published().get(permanent_id=fact_id)
    if what == "stance":
        return [c for c in choices if c == item.stance_label]
    same = Evidence.objects.published().filter(**{item.kind: item.entry})
    if what == "mission":
        alike = {str(i.mission) for i in same if i.text == item.text}
        assert not any(name.lower() in item.text.lower() for name in alike)
        return [c for c in choices if c in alike]
    assert what == "only"
    having = {str(i.mission) for i in same if i.stance == item.stance}
    return [c for c in choices if c in having]


@pytest.mark.parametrize("model", QUIZZED, ids=lambda m: m.__name__)
def test_one_choice_is_right_and_no_other(content, model):
    asked = 0
    for entry in model.objects.published():
        quiz = Quiz(entry, QueryDict())
        quoted = [q.quoted for q in quiz.questions if q.quoted]
        assert len(quoted) == len(set(quoted)), entry
        for question in quiz.questions:
            choices = [text for _, text in question.choices]
            assert len(set(choices)) == 4
            assert len({value for value, _ in question.choices}) == 4
            assert right_by_the_rows(question, entry) == [question.right], (entry, question)
            assert re.match(r"/missions/[a-z0-9-]+/#", question.address)
            assert question.source is not None
            asked += 1
    assert asked >= (60 if model._meta.model_name in TOPICS else 800)


def test_no_quiz_and_no_packet_of_a_mission_fails(client, content):
    for mission in Mission.objects.published().order_by("slug")[::9]:
        assert client.get(f"/teaching/packet/?m={mission.slug}").status_code == 200
        assert client.get(f"/teaching/quiz/missions/{mission.slug}/?show=1").status_code == 200
