"""A made-up register of any size, to measure with: the same for the same number, and never beside real content."""

import datetime
import random
from functools import cached_property

from django.db import connection, transaction
from django.utils import timezone
from tqdm import tqdm

from . import search
from .choices import Chapter, ChapterBasis, Measure, MissionType, Stance, TaskStrength, Vocabulary
from .models import (
    KINDS,
    Challenge,
    Country,
    Evidence,
    Figure,
    MandatedTask,
    Mission,
    Organization,
    Principle,
    Region,
    Source,
    Term,
    Trend,
)

AUTHOR = "Made-up register"  # by this the records are known
BATCH = 1_000
WORDS = 20_000
TOPICS = {Principle: 12, Challenge: 15, Trend: 10}
SYLLABLES = ("ba", "do", "ke", "li", "mu", "na", "pe", "ro", "sa", "ti", "vo", "zu", "gar", "min", "tel", "sor")


class RealContentError(Exception):
    """The database holds content that was not made up."""


def refuse_real_content():
    made_up = Mission.objects.filter(dates_source__authors=AUTHOR)
    if any(model.objects.exists() for model in KINDS) and not made_up.exists():
        raise RealContentError(
            "This database holds entries that were not made up. Name another with PEACEOPS_DATA_DIR or DATABASE_URL."
        )
    if made_up.exists():
        raise RealContentError("This database holds a made-up register already. Begin with an empty one.")


class Register:
    """The records, drawn by one generator of random numbers with a fixed start."""

    def __init__(self, number):
        self.number, self.random, self.now = number, random.Random(number), timezone.now()  # noqa: S311  # nosec B311

    @cached_property
    def words(self):
        """Words that no language has, and how often each comes: the n-th as often as 1/n, as in any language."""
        words = {"".join(self.random.choices(SYLLABLES, k=self.random.randint(2, 4))) for _ in range(2 * WORDS)}
        words = sorted(words)[:WORDS]
        self.random.shuffle(words)
        sums, total = [], 0.0
        for n in range(len(words)):
            total += 1 / (n + 1)
            sums.append(total)
        return words, sums

    def text(self, length):
        words, sums = self.words
        return " ".join(self.random.choices(words, cum_weights=sums, k=length)).capitalize() + "."

    def day(self, first, last):
        return datetime.date(self.random.randint(first, last), self.random.randint(1, 12), self.random.randint(1, 28))

    def some(self, records, least, most):
        return self.random.sample(records, self.random.randint(least, most))

    def frame(self):
        """Write what missions refer to."""
        self.sources = Source.objects.bulk_create(
            Source(
                slug=f"source-{n}", kind="book", title=self.text(6), authors=AUTHOR, published_on=self.day(1990, 2020)
            )
            for n in range(200)
        )
        above = Region.objects.bulk_create(
            Region(slug=f"r{n}", name=f"Region {n}", lineage=f"Region {n}") for n in range(5)
        )
        parts = Region.objects.bulk_create(
            Region(slug=f"r{n % 5}-{n}", name=f"Part {n}", parent=above[n % 5], lineage=f"Region {n % 5} / Part {n}")
            for n in range(22)
        )
        self.countries = Country.objects.bulk_create(Country(iso3=f"X{n:02d}", name=f"Country {n}") for n in range(100))
        links = [(c, r) for n, c in enumerate(self.countries) for r in (parts[n % 22], parts[n % 22].parent)]
        link = Country.regions.through
        link.objects.bulk_create(link(country_id=c.pk, region_id=r.pk) for c, r in links)
        self.organizations = Organization.objects.bulk_create(
            Organization(slug=f"o{n}", name=f"Organization {n}", acronym=f"O{n}") for n in range(20)
        )
        self.tasks = Term.objects.bulk_create(
            Term(slug=f"task-{n}", vocabulary=Vocabulary.MANDATE_TASK, label_text=f"Task {n}", definition=self.text(12))
            for n in range(40)
        )
        self.topics = {model: self.topics_of(model, number) for model, number in TOPICS.items()}

    def topics_of(self, model, number):
        name = model._meta.model_name
        texts = ("summary", "definition", "discussion", "practice")
        return model.objects.bulk_create(
            model(
                slug=f"{name}-{n}",
                title=f"{name.capitalize()} {n}",
                stage="published",
                published_at=self.now,
                **{t: self.text(40) for t in texts},
            )
            for n in range(number)
        )

    def mission(self, n):
        start, source = self.day(1948, 2020), self.random.choice(self.sources)
        is_over = self.random.random() < 0.9
        return Mission(
            slug=f"mission-{n}",
            acronym=f"M{n}",
            title=self.text(7).rstrip("."),
            summary=self.text(60),
            stage="published",
            published_at=self.now,
            type=self.random.choice([t for t in MissionType.values if t != MissionType.OTHER]),
            type_source=source,
            dates_source=source,
            organization=self.random.choice(self.organizations),
            chapter=self.random.choice([Chapter.VI, Chapter.VII]),
            chapter_basis=ChapterBasis.values[0],
            started_on=start,
            ended_on=start + datetime.timedelta(days=self.random.randint(200, 4_000)) if is_over else None,
            ended_precision="day" if is_over else "",
            verified_on=datetime.date(2024, 1, 1),
        )

    def fact(self, mission, **values):
        source = self.random.choice(self.sources)
        return {"mission": mission, "source": source, "stage": "published", **values}

    def facts(self, mission):
        """Return the rows that belong to a mission, by model."""
        day, link = mission.started_on, Mission.countries.through
        topics = [(m._meta.model_name, topic) for m, all_of in self.topics.items() for topic in self.some(all_of, 0, 2)]
        return {
            link: [link(mission_id=mission.pk, country_id=c.pk) for c in self.some(self.countries, 1, 3)],
            MandatedTask: [
                MandatedTask(**self.fact(mission, task=t, date=day, monitor=True, strength=TaskStrength.values[0]))
                for t in self.some(self.tasks, 0, 6)
            ],
            Figure: [
                Figure(**self.fact(mission, measure=measure, value=self.random.randint(0, 20_000), as_of=day))
                for measure in self.some(Measure.values, 0, 2)
            ],
            Evidence: [
                Evidence(
                    **self.fact(mission, date=day, stance=self.random.choice(Stance.values), text=self.text(30)),
                    **{name: topic},
                )
                for name, topic in topics
            ],
        }

    @transaction.atomic
    def write(self, progress):
        """Write everything; `progress` wraps the numbers of the batches."""
        self.frame()
        for first in progress(range(0, self.number, BATCH)):
            last = min(self.number, first + BATCH)
            missions = Mission.objects.bulk_create(self.mission(n) for n in range(first, last))
            rows = {}
            for mission in missions:
                for model, more in self.facts(mission).items():
                    rows.setdefault(model, []).extend(more)
            for model, more in rows.items():
                model.objects.bulk_create(more)


def make(number, progress=False):
    """Write a made-up register of so many missions with its search index. Raises `RealContentError`."""
    refuse_real_content()
    Register(number).write(lambda batches: tqdm(batches, unit=" thousand", disable=not progress))
    search.rebuild(progress)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
