"""Packets of cases and learning paths: what they hold, what they refuse, and that no draft shows in them."""

import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import QueryDict
from reversion.models import Version

from missions import models, teaching
from missions.models import Answer, Challenge, DiscussionQuestion, LearningPath, Packet, PathStep, Theme

from . import factories
from .factories import (
    make_assessment,
    make_case_study,
    make_event,
    make_evidence,
    make_figure,
    make_mission,
    make_packet,
    make_path,
    make_principle,
    make_question,
    make_source,
    make_task,
    make_term,
    make_topic,
)
from .test_views import CANARY

pytestmark = pytest.mark.django_db
LATER = datetime.date(2004, 5, 6)


def text_of(answer):
    """Return the words of a page's main part."""
    html = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def part(answer, name):
    """Return the HTML of one section of a packet."""
    return answer.content.decode().partition(f'aria-labelledby="{name}"')[2].partition("</section>")[0]


def make_lesson():
    """Make two missions with one of everything, and a packet of them; return the packet, missions and the principle."""
    one = make_mission(slug="one", acronym="UNONE")
    two = make_mission(slug="two", acronym="UNTWO", started_on=LATER)
    principle = make_principle(slug="consent", title="Consent")
    make_evidence(one, principle=principle, text="They agreed.", stance="upheld")
    make_evidence(two, principle=principle, text="They did not agree.", stance="breached", date=LATER)
    make_question(principle, [one, principle], text="Who agrees?")
    packet = make_packet([two, one], slug="agreeing", title="Agreeing", principles=[principle])
    return packet, one, two, principle


def test_a_packet_holds_the_missions_by_their_start_and_the_evidence_on_its_topics(client):
    _, one, two, principle = make_lesson()
    make_evidence(one, text="Of another principle.")
    answer = client.get("/teaching/packets/agreeing/")
    assert answer.status_code == 200
    assert answer.context["missions"] == [one, two]
    [(entry, items)] = answer.context["evidence"]
    assert (entry, [i.text for i in items]) == (principle, ["They agreed.", "They did not agree."])
    [(topic, [question])] = answer.context["questions"]
    assert (topic, question.text) == (principle, "Who agrees?")
    assert [a.entry for a in question.answers.all()] == [one, principle]


def test_only_turns_stand_on_the_timeline_and_the_rest_is_counted(client):
    _, one, _, _ = make_lesson()
    make_event(one, kind="violence", title="An attack")
    make_event(one, kind="renewal", title="A renewal")
    answer = client.get("/teaching/packets/agreeing/")
    assert [e.title for e in answer.context["events"]] == ["An attack"]
    assert "1 renewal or other event stands on the page of its mission." in text_of(answer)


def test_rival_numbers_are_an_exercise_and_the_reason_stands_among_the_answers(client):
    _, one, _, _ = make_lesson()
    make_figure(one, measure="deployed-military", value=4300, preferred=False, source=make_source(title="Page"))
    make_figure(one, measure="deployed-military", value=4200, note="The resolution says so.")
    answer = client.get("/teaching/packets/agreeing/")
    [exercise] = answer.context["exercises"]
    assert [c.text for c in exercise.claims] == ["4,200", "4,300"]
    assert (exercise.preferred, exercise.reason) == ("4,200", "The resolution says so.")
    assert "The resolution says so." not in part(answer, "differ")
    assert "The resolution says so." in part(answer, "teacher")


def test_rival_dates_are_an_exercise(client):
    _, one, _, _ = make_lesson()
    make_event(one, kind="operational", date=LATER, preferred=False, note="The other counts otherwise.")
    [exercise] = teaching.exercises(teaching.told_of(["one"]))
    assert [c.text for c in exercise.claims] == ["3 February 2001", "6 May 2004"]
    assert (exercise.preferred, exercise.reason) == ("3 February 2001", "The other counts otherwise.")


def test_judgements_are_an_exercise_only_where_verdicts_differ():
    _, one, _, _ = make_lesson()
    make_assessment(one, verdict="mixed", text="First.")
    assert teaching.exercises(teaching.told_of(["one"])) == []
    make_assessment(one, verdict="mixed", text="Newer.", date=LATER)
    make_assessment(one, verdict="critical", text="Hard.")
    [exercise] = teaching.exercises(teaching.told_of(["one"]))
    assert [(c.text, c.verdict) for c in exercise.claims] == [("Hard.", "Critical"), ("Newer.", "Mixed")]


def test_cards_say_what_the_mandate_gives_with_its_paragraph():
    _, one, _, _ = make_lesson()
    source = make_source(symbol="S/RES/1 (2001)")
    for name in ("Guarding", "Patrols"):
        make_task(one, make_term(label_text=name), secure=True, text=f"{name} it is.", source=source, locator="para. 3")
    make_task(one, make_term(label_text="Counting"), monitor=True, text="Coded from the resolution in PEMA v1.2.")
    make_event(one, kind="establishment", title="It begins", symbol="S/RES/1 (2001)", vote="14-0-1", source=source)
    make_figure(one, measure="deployed-military", value=900)
    commander, member = teaching.cards(teaching.told_of(["one"]))
    assert (str(commander.role), str(member.role)) == ("Force commander", "Member of the deciding body")
    assert [(line.text, line.more, line.locator) for line in commander.lines] == [
        ("Guarding (secure)", "Guarding it is.", "para. 3"),
        ("Patrols (secure)", "Patrols it is.", "para. 3"),
        ("On the ground: 900 military", "3 February 2001", ""),
    ]
    [line] = member.lines
    assert (line.text, line.more) == ("It begins", "3 February 2001; 14 for, 0 against, 1 abstaining")


def test_a_remark_on_the_coding_is_not_told_as_a_task():
    _, one, _, _ = make_lesson()
    for name in ("Guarding", "Patrols"):
        term = make_term(label_text=name, definition=f"What {name} means.")
        make_task(one, term, secure=True, text="Coded from the resolution in PEMA v1.2.")
    [card] = teaching.cards(teaching.told_of(["one"]))
    assert [line.more for line in card.lines] == ["What Guarding means.", "What Patrols means."]


def test_without_topics_those_on_which_most_is_recorded_are_taken(client):
    make_lesson()
    lone = make_principle(slug="lone", title="A lone one")
    make_evidence(models.Mission.objects.get(slug="one"), principle=lone)
    answer = client.get("/teaching/packet/?m=two&m=one")
    assert answer.context["missions"] == [models.Mission.objects.get(slug=s) for s in ("two", "one")]
    assert [entry.slug for entry, _ in answer.context["evidence"]] == ["lone", "consent"]
    assert "these are the ones on which most is recorded" in text_of(answer)
    named = client.get("/teaching/packet/?m=two&principle=consent")
    assert [entry.slug for entry, _ in named.context["evidence"]] == ["consent"]


def test_the_address_of_a_packet_says_all_that_is_in_it():
    asked = teaching.OwnPacket(QueryDict("principle=consent&m=two&m=one&challenge=a"))
    assert asked.query == "m=two&m=one&principle=consent&challenge=a"


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("m=nothing", "m"),
        ("m=one&m=one", "m"),
        ("m=one&m=canary-mission", "m"),
        ("m=one&principle=nothing", "principle"),
        ("m=one&colour=red", "colour"),
        ("m=one&m=2&m=3&m=4&m=5&m=6&m=7", "m"),
        ("m=one%22%3E%3Cscript%3Ealert(1)", "m"),
        ("colour=red", "colour"),
    ],
)
def test_what_no_packet_can_hold_is_refused_with_a_sentence(client, query, parameter):
    make_lesson()
    make_mission(slug="canary-mission", stage="draft", acronym=CANARY)
    for address in ("/teaching/packet/", "/teaching/packet.pdf"):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 400
        assert f"<code>{parameter}</code>" in answer.content.decode()
        assert b"<script>alert" not in answer.content
    assert CANARY not in client.get("/teaching/packet/").content.decode()


def test_a_list_leads_to_the_choice_of_its_missions_and_ticks_no_more_than_fit(client):
    for n in range(7):
        make_mission(slug=f"m{n}", acronym=f"M{n}", type="observer" if n else "enforcement")
    assert 'href="/teaching/packet/choose/?type=observer"' in client.get("/missions/?type=observer").content.decode()
    answer = client.get("/teaching/packet/choose/?type=observer")
    assert [(m.slug, ticked) for m, ticked in answer.context["missions"]] == [(f"m{n}", True) for n in range(1, 7)]
    answer = client.get("/teaching/packet/choose/")
    assert [ticked for _, ticked in answer.context["missions"]] == [False] * 7
    assert client.get("/teaching/packet/choose/?type=nothing").status_code == 400
    assert client.get("/teaching/packet/choose/?page=2").status_code == 400


def test_a_topic_of_the_filter_is_ticked_in_the_choice(client):
    make_lesson()
    answer = client.get("/teaching/packet/choose/?principle=consent")
    assert [m.slug for m, _ in answer.context["missions"]] == ["one", "two"]
    assert answer.context["topics"][0][2] == [("consent", "Consent", True)]


def test_comparisons_and_entries_lead_to_their_packet(client):
    make_lesson()
    make_case_study([models.Mission.objects.get(slug="one")], slug="case")
    for address, link in (
        ("/missions/compare/?m=one&m=two", "/teaching/packet/?m=one&amp;m=two"),
        ("/missions/one/", "/teaching/packet/?m=one"),
        ("/case-studies/case/", "/teaching/packet/?m=one"),
        ("/principles/consent/", "/teaching/packet/choose/?principle=consent"),
        ("/evidence/?kind=principle&entry=consent", "/teaching/packet/choose/?principle=consent"),
        ("/missions/one/", "/teaching/quiz/missions/one/"),
        ("/principles/consent/", "/teaching/quiz/principles/consent/"),
    ):
        assert f'href="{link}"' in client.get(address).content.decode(), address


def hide_everything():
    """Make a published packet, question and path that hang on drafts in every way there is."""
    shown = make_mission(slug="shown", acronym="UNX")
    hidden = {"stage": "draft", "title": CANARY, "summary": CANARY}
    source = make_source()
    mission = make_mission(slug="canary", acronym=CANARY, dates_source=source, type_source=source, **hidden)
    principle = make_principle(slug="shown-principle")
    others = [
        make_principle(slug="canary-principle", **hidden),
        make_topic(Challenge, slug="canary-challenge", **hidden),
    ]
    make_evidence(shown, principle=principle)
    make_evidence(mission, principle=principle, text=CANARY)
    make_evidence(shown, principle=principle, text=CANARY, stage="draft")
    make_event(shown, title=CANARY, stage="draft", kind="violence")
    make_task(shown, make_term(label_text="Shown term"), text=CANARY, stage="draft")
    make_question(principle, [shown, mission, *others])
    make_question(principle, [shown], text=CANARY, is_public=False)
    make_question(others[0], [shown], text=CANARY)
    make_case_study([shown], slug="canary-case", **hidden)
    packet = make_packet(
        [shown, mission], slug="shown", principles=[principle, others[0]], challenges=[others[1]],
        themes=[make_topic(Theme, slug="canary-theme", **hidden)],
    )  # fmt: skip
    make_packet([shown], slug="canary-packet", title=CANARY, is_public=False)
    make_path([shown, mission, principle], slug="shown")
    make_path([shown], slug="canary-path", title=CANARY, is_public=False)
    return packet


ADDRESSES = ("/teaching/", "/teaching/packets/shown/", "/teaching/paths/shown/", "/teaching/packet/?m=shown",
             "/teaching/packet/choose/", "/teaching/quiz/", "/teaching/quiz/missions/shown/?show=1",
             "/teaching/quiz/principles/shown-principle/?show=1", "/sitemap.xml")  # fmt: skip


def test_no_draft_shows_in_what_is_taught(client):
    hide_everything()
    for address in ADDRESSES:
        answer = client.get(address)
        assert answer.status_code == 200
        assert "canary" not in answer.content.decode().lower(), address
    for address in ("packets/canary-packet/", "packets/canary-packet.pdf", "paths/canary-path/",
                    "quiz/missions/canary/", "quiz/principles/canary-principle/"):  # fmt: skip
        assert client.get(f"/teaching/{address}").status_code == 404, address
    for model in (models.Mission, models.Principle, Challenge, Theme, models.CaseStudy):
        model.objects.filter(stage="draft").update(stage="published", published_at="2026-01-01T00:00Z")
    for model in (Packet, DiscussionQuestion, LearningPath):
        model.objects.update(is_public=True)
    for fact in (models.Evidence, models.Event, models.MandatedTask):
        fact.objects.update(stage="published")
    for address in ADDRESSES:
        assert "canary" in client.get(address).content.decode().lower(), address


def test_a_packet_whose_missions_are_all_withdrawn_says_so(client):
    make_packet([make_mission(slug="one", stage="draft")], slug="empty")
    assert "None of its missions is published at present." in text_of(client.get("/teaching/packets/empty/"))


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow_with_what_a_packet_holds(client, django_assert_num_queries, number):
    principle = make_principle(slug="p")
    missions = [make_mission(slug=f"m{n}", countries=[factories.make_country()]) for n in range(number)]
    for mission in missions:
        for _ in range(number):
            make_evidence(mission, principle=principle)
            make_question(principle, missions)
            make_event(mission)
            make_figure(mission, preferred=False)
            make_task(mission)
    make_packet(missions, slug="full", principles=[principle])
    make_path([*missions, principle], slug="full")
    with django_assert_num_queries(22):
        client.get("/teaching/packets/full/")
    with django_assert_num_queries(20):
        client.get("/teaching/packet/?" + "&".join(f"m=m{n}" for n in range(number)) + "&principle=p")
    with django_assert_num_queries(3):
        client.get("/teaching/paths/full/")
    with django_assert_num_queries(4):
        client.get("/teaching/")


def test_a_path_shows_its_steps_in_order_with_what_to_take(client):
    one, principle = make_mission(slug="one", acronym="UNONE"), make_principle(slug="p", title="Consent")
    path = make_path([principle, one], slug="first")
    answer = client.get("/teaching/paths/first/")
    assert [(s.entry, s.text) for s in answer.context["steps"]] == [(principle, "Take Consent."), (one, "Take UNONE.")]
    assert client.get("/teaching/paths/first/?colour=red").status_code == 400
    assert str(path) == path.title


@pytest.mark.parametrize("make", [lambda: Answer(hint="x"), lambda: PathStep(text="x")])
def test_a_pointer_points_at_exactly_one_entry(make):
    with pytest.raises(ValidationError, match="exactly one"):
        make().clean()
    row = make()
    row.mission, row.principle = make_mission(), make_principle()
    with pytest.raises(ValidationError, match="exactly one"):
        row.clean()


def test_prose_that_cites_what_is_not_there_is_refused():
    packet = make_packet(introduction="So it was [@no-such-source].")
    with pytest.raises(ValidationError, match="no-such-source"):
        packet.full_clean()


def test_the_page_of_a_packet_cites_its_sources_and_lists_the_literature(client):
    book = make_source(slug="book", title="On agreeing", authors="Doe, Jane", kind="book")
    packet, *_ = make_lesson()
    packet.introduction = "They agreed [@book, p. 5]."
    packet.save()
    answer = client.get("/teaching/packets/agreeing/")
    assert 'href="#note-1"' in part(answer, "purpose")
    assert "Doe, Jane. 2001." in re.sub(r"<[^>]+>", "", part(answer, "reading"))
    assert book.get_absolute_url() in part(answer, "reading")


# The admin


def test_whoever_may_not_publish_writes_only_what_is_not_ticked(client, editor, publisher):
    packet = make_packet([make_mission()], is_public=False)
    address = f"/admin/missions/packet/{packet.pk}/change/"
    client.force_login(editor)
    page = client.get(address).content.decode()
    assert 'name="title"' in page
    assert 'name="is_public"' not in page
    Packet.objects.update(is_public=True)
    assert 'name="title"' not in client.get(address).content.decode()
    client.force_login(publisher)
    assert 'name="is_public"' in client.get(address).content.decode()


def test_every_saved_state_is_kept_and_a_deleted_one_too(client, publisher):
    principle, mission = make_principle(), make_mission()
    client.force_login(publisher)
    form = {"principle": principle.pk, "number": 1, "text": "Why?", "is_public": "on", "answers-TOTAL_FORMS": 1,
            "answers-INITIAL_FORMS": 0, "answers-0-number": 1, "answers-0-mission": mission.pk,
            "answers-0-hint": "Look."}  # fmt: skip
    assert client.post("/admin/missions/discussionquestion/add/", form).status_code == 302
    question = DiscussionQuestion.objects.get()
    versions = Version.objects.get_for_object(question)
    assert sorted(v.content_type.model for v in versions[0].revision.version_set.all()) == [
        "answer",
        "discussionquestion",
    ]
    client.post(f"/admin/missions/discussionquestion/{question.pk}/delete/", {"post": "yes"})
    assert not DiscussionQuestion.objects.exists()
    assert len(Version.objects.get_deleted(DiscussionQuestion)) == 1


def test_an_entry_that_a_question_names_cannot_be_deleted():
    principle, mission = make_principle(), make_mission(stage="draft")
    make_question(principle, [mission])
    with pytest.raises(ProtectedError):
        mission.delete()


def test_what_points_at_an_entry_is_no_hidden_relation():
    """An import that is undone asks these before it deletes what it made."""
    for model in models.POINTS_AT.values():
        assert {"answers", "pathsteps"} <= {r.name for r in model._meta.related_objects}
    assert "packets" in {r.name for r in models.Mission._meta.related_objects}
