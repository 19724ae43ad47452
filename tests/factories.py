"""The least valid record of each kind; every value can be given."""

import datetime
from itertools import count

from django.utils import timezone

from missions import models
from missions.choices import FactStage, Stage

number = count(1)
DAY = datetime.date(2001, 2, 3)


def make_source(**values):
    n = next(number)
    values = {"slug": f"source-{n}", "kind": "book", "title": f"Book {n}", "authors": "Author, A.",
              "publisher": "Press", "published_on": DAY} | values  # fmt: skip
    return models.Source.objects.create(**values)


def entry_values(values):
    n = next(number)
    stage = values.get("stage", Stage.PUBLISHED)
    published_at = timezone.now() - datetime.timedelta(days=1) if stage == Stage.PUBLISHED else None
    return {"slug": f"entry-{n}", "title": f"Entry {n}", "summary": "A summary.", "stage": stage,
            "published_at": published_at} | values  # fmt: skip


def make_organization(slug="un"):
    return models.Organization.objects.get_or_create(
        slug=slug, defaults={"name": slug.upper(), "acronym": slug.upper()}
    )[0]


def make_region(slug, parent=None, m49="001"):
    name = slug.replace("-", " ").title()
    lineage = f"{parent.lineage} / {name}" if parent else name
    values = {"name": name, "m49": m49, "parent": parent, "lineage": lineage}
    return models.Region.objects.get_or_create(slug=slug, defaults=values)[0]


def make_country(iso3="CYP", *regions):
    country, _ = models.Country.objects.get_or_create(iso3=iso3, defaults={"name": iso3.title()})
    country.regions.add(*regions)
    return country


def make_mission(countries=(), counted_by=(), **values):
    values = {"acronym": "UNX", "type": "observer", "started_on": DAY, "verified_on": DAY} | entry_values(values)
    values.setdefault("organization", make_organization())
    if values["stage"] == Stage.PUBLISHED:
        source = values.get("dates_source") or make_source()
        values = {"dates_source": source, "type_source": source} | values
    mission = models.Mission.objects.create(**values)
    mission.countries.set(countries)
    mission.counted_by.set(counted_by)
    return mission


def make_case_study(missions=(), **values):
    texts = dict.fromkeys(models.SECTIONS, "Text.")
    case = models.CaseStudy.objects.create(**texts | entry_values(values))
    case.missions.set(missions)
    return case


def make_topic(model, **values):
    texts = dict.fromkeys(("definition", "discussion", "practice"), "Text.")
    relations = {name: values.pop(name) for name in ("missions", "approaches") if name in values}
    topic = model.objects.create(**texts | entry_values(values))
    for name, objects in relations.items():
        getattr(topic, name).set(objects)
    return topic


def make_principle(**values):
    return make_topic(models.Principle, **values)


def make_approach_with_dimension(**values):
    approach = make_topic(models.Approach)
    values = {"dimension": "consent", "source": make_source()} | values
    models.ApproachDimension.objects.create(approach=approach, **values)
    return approach


def make_entry(model, **values):
    """Make an entry of any kind."""
    if model is models.Mission:
        return make_mission(**values)
    return make_case_study(**values) if model is models.CaseStudy else make_topic(model, **values)


def fact_values(mission, values):
    values = {"stage": FactStage.PUBLISHED, "mission": mission} | values
    return values if "source" in values else values | {"source": make_source()}


def make_figure(mission, **values):
    values = {"measure": "fatalities", "value": 7, "as_of": DAY} | fact_values(mission, values)
    return models.Figure.objects.create(**values)


def make_event(mission, **values):
    values = {"kind": "political", "title": "Something happened", "date": DAY} | fact_values(mission, values)
    return models.Event.objects.create(**values)


def make_term(**values):
    n = next(number)
    values = {
        "slug": f"term-{n}",
        "label_text": f"Term {n}",
        "vocabulary": "mandate-task",
        "definition": "A task.",
    } | values
    return models.Term.objects.create(**values)


def make_task(mission, term=None, **values):
    values = {"task": term or make_term(), "date": DAY} | fact_values(mission, values)
    return models.MandatedTask.objects.create(**values)


def make_assessment(mission, **values):
    values = {"assessor": "A scholar", "yardstick": "the mandate", "verdict": "mixed", "text": "So-so.",
              "date": DAY} | fact_values(mission, values)  # fmt: skip
    return models.Assessment.objects.create(**values)


def make_evidence(mission, **values):
    values = {"stance": "upheld", "text": "It was observed.", "date": DAY} | fact_values(mission, values)
    if not {"principle", "challenge", "trend"} & set(values):
        values["principle"] = make_principle()
    return models.Evidence.objects.create(**values)


def make_packet(missions=(), **values):
    n = next(number)
    relations = {name: values.pop(name, ()) for name in ("principles", "challenges", "trends", "themes")}
    values = {"slug": f"packet-{n}", "title": f"Packet {n}", "summary": "For a lesson.", "introduction": "Text.",
              "aims": "Know it.", "minutes": 90, "teacher_note": "Mind it.", "is_public": True} | values  # fmt: skip
    packet = models.Packet.objects.create(**values)
    for name, objects in ({"missions": missions} | relations).items():
        getattr(packet, name).set(objects)
    return packet


def pointing_at(entry):
    """Return the value that makes a row point at an entry."""
    return {next(name for name, model in models.POINTS_AT.items() if isinstance(entry, model)): entry}


def make_question(topic, answers=(), **values):
    values = {topic._meta.model_name: topic, "text": f"Why {next(number)}?", "is_public": True} | values
    question = models.DiscussionQuestion.objects.create(**values)
    for n, entry in enumerate(answers, 1):
        models.Answer.objects.create(question=question, number=n, hint=f"Look at {entry}.", **pointing_at(entry))
    return question


def make_path(entries=(), **values):
    n = next(number)
    values = {"slug": f"path-{n}", "title": f"Path {n}", "audience": "student", "summary": "It leads there.",
              "introduction": "Text.", "minutes": 60, "is_public": True} | values  # fmt: skip
    path = models.LearningPath.objects.create(**values)
    for n, entry in enumerate(entries, 1):
        models.PathStep.objects.create(path=path, number=n, text=f"Take {entry}.", **pointing_at(entry))
    return path
