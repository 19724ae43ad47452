"""What a packet holds: missions side by side, their time, evidence, exercises, questions and cards."""

from collections import Counter

from django.db.models import Prefetch, Q

from ..choices import EventKind
from ..models import MODELS, TOPICS, Answer, CaseStudy, DiscussionQuestion, Mission
from ..reading import notes_with
from ..reading.entries import order_key
from ..reading.mission_rows import rows, told
from ..reading.timelines import event_lanes
from .differing import exercises
from .overview import pointing
from .roles import cards

SIDE_BY_SIDE = {
    "started", "ended", "duration", "led-by", "authorization", "instrument", "chapter", "type", "robust", "countries",
    "authorized-highest", "deployed-highest", "deaths", "budget", "predecessors", "successors",
}  # fmt: skip
TURNS = {
    EventKind.ESTABLISHMENT, EventKind.MANDATE_CHANGE, EventKind.TRANSITION, EventKind.CLOSURE, EventKind.OPERATIONAL,
    EventKind.POLITICAL, EventKind.VIOLENCE, EventKind.DISASTER, EventKind.ACCOUNTABILITY,
}  # fmt: skip
TOPICS_UNASKED = 6  # where a reader names none


def most_recorded(all_told, number=TOPICS_UNASKED):
    """Return {kind: addresses} of the topics on which most of the missions, then most items, have evidence."""
    missions, items, titles = {}, Counter(), {}
    for one in all_told:
        for item in one.mission.evidence.all():
            key = item.kind, item.entry.slug
            missions.setdefault(key, set()).add(item.mission_id)
            items[key] += 1
            titles[key] = item.entry.title
    ranked = sorted(items, key=lambda key: (-len(missions[key]), -items[key], titles[key]))[:number]
    return {topic: [slug for kind, slug in ranked if kind == topic] for topic in TOPICS}


def topic_entries(topics):
    """Return [(kind, entries)] of the published topics with these addresses, by title."""
    return [(t, list(MODELS[t].objects.published().filter(slug__in=slugs).order_by("title")) if slugs else [])
            for t, slugs in topics.items()]  # fmt: skip


def evidence_on(all_told, entries):
    """Return [(entry, items)] of the evidence of the missions on each topic, mission by mission."""
    items = [
        item for one in all_told for item in sorted(one.mission.evidence.all(), key=order_key) if item.entry is not None
    ]
    return [(entry, [i for i in items if i.entry == entry]) for entry in entries]


def questions_on(entries):
    """Return [(topic, questions)] with the published entries that answer each, in two queries."""
    asked = Q(pk=None)
    for topic, found in entries:
        asked |= Q(**{f"{topic}__in": [e.pk for e in found]})
    questions = DiscussionQuestion.objects.published().filter(asked).select_related(*TOPICS)
    by_topic = {}
    for question in questions.prefetch_related(Prefetch("answers", pointing(Answer))):
        by_topic.setdefault(question.topic, []).append(question)
    return [(entry, by_topic[entry]) for _, found in entries for entry in found if entry in by_topic]


def cases_of(missions):
    """Return the published case studies that tell of the missions."""
    return list(CaseStudy.objects.published().filter(missions__in=missions).distinct().order_by("title", "slug"))


def told_of(slugs):
    """Return the published missions with these addresses, in this order, with their facts."""
    return told(Mission.objects.published(), slugs) if slugs else []


def packet_context(slugs, topics, cited=()):
    """Return what any packet shows; without topics those on which most is recorded, as `chose_topics` says.

    `cited` are the slugs of the sources that its own text cites.
    """
    all_told = told_of(slugs)
    missions = [one.mission for one in all_told]
    chose_topics = not any(topics.values())
    entries = topic_entries(most_recorded(all_told) if chose_topics else topics)
    flat = [entry for _, found in entries for entry in found]
    events = sorted((e for m in missions for e in m.events.all() if e.date), key=order_key)
    turns = [e for e in events if e.kind in TURNS and e.preferred]
    return {
        "model": Mission,
        "missions": missions,
        "chosen": [(m.slug, m.acronym, m.title) for m in missions],
        "groups": rows(all_told, SIDE_BY_SIDE) if all_told else [],
        "tasks": rows(all_told, {"tasks"}) if all_told else [],
        "events": turns,
        "left_out": len(events) - len(turns),
        "lanes": event_lanes(missions, turns),
        "chose_topics": chose_topics,
        "topics": entries,
        "topic_count": len(flat),
        "evidence": evidence_on(all_told, flat),
        "exercises": exercises(all_told),
        "questions": questions_on(entries),
        "cards": cards(all_told),
        "cases": cases_of(missions),
        "notes": notes_with(cited),
    }


def curated_context(packet):
    """Return what the page of a curated packet shows: its published missions by their start."""
    slugs = [m.slug for m in packet.missions.all() if m.is_published]  # in the order of their start
    topics = {t: [e.slug for e in getattr(packet, f"{t}s").all()] for t in TOPICS}
    to_read = list(packet.themes.published().order_by("title"))
    return packet_context(slugs, topics, packet.cited_slugs()) | {"packet": packet, "to_read": to_read}


def own_context(asked):
    """Return what a packet of the reader's own shows."""
    return packet_context(asked.slugs, asked.topics()) | {"asked": asked}
