"""Tables written fast beside the plain way: every cell as its object says, every line as Python's `csv` writes it."""

import csv
import datetime
import io
import random

import pytest
from django.utils import timezone

from missions.catalogue import for_output, table_columns
from missions.exports import rows
from missions.exports.cells import MARK, csv_lines, guarded
from missions.exports.rows import cells
from missions.models import Approach, CaseStudy, Country, Mission, Principle, Source, Theme

from .factories import (
    make_case_study,
    make_country,
    make_mission,
    make_principle,
    make_region,
    make_source,
    make_term,
    make_topic,
)

PIECES = (
    "",
    "a",
    "=1+1",
    "'=x",
    "'",
    "-5",
    "+",
    "@b",
    "\t",
    "\r",
    "\n",
    '"',
    ",",
    ";",
    "é",
    "\x1f",
    "\x1f=",
    " ",
    "long " * 30,
)


def any_value(chance):
    text = "".join(chance.choices(PIECES, k=chance.randint(0, 3)))
    return chance.choice((text, text, text, chance.randint(-9, 9), None, -0.5, True))


def written(lines):
    file = io.StringIO()
    csv.writer(file).writerows([guarded(value) for value in line] for line in lines)
    return file.getvalue()


@pytest.mark.parametrize("width", [1, 2, 7])
def test_random_lines_are_written_as_the_csv_module_writes_them(width):
    chance = random.Random(width)
    for _ in range(60):
        is_text = chance.random() < 0.5
        lines = [
            [str(any_value(chance)) if is_text else any_value(chance) for _ in range(width)]
            for _ in range(chance.choice((0, 1, 5, 99, 100, 101, 230)))
        ]
        assert "".join(csv_lines(lines, mark="")) == written(lines)
        assert "".join(csv_lines(iter(lines))) == MARK + written(lines)


def test_lines_of_unlike_length_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        list(csv_lines([["a", "b"], ["c"]]))


def test_lines_are_written_as_they_come():
    taken = []
    parts = csv_lines(taken.append(n) or [n] for n in range(1_000))
    next(parts), next(parts)
    assert len(taken) < 200


@pytest.fixture
def register():
    """Make entries that lead to each other at random, some of them hidden; the same each time."""
    chance = random.Random(3)
    world = make_region("world")
    regions = [make_region(f"r-{n}", parent=world) for n in range(4)]
    countries = [make_country(f"C{n:02}", *chance.sample(regions, n % 3)) for n in range(6)]
    terms, sources = [make_term() for _ in range(3)], [make_source() for _ in range(3)]
    long_ago = timezone.now() - datetime.timedelta(days=900, microseconds=chance.randint(0, 999_999))
    missions = [
        make_mission(
            chance.sample(countries, chance.randint(0, 4)), chance.sample(terms, chance.randint(0, 2)), slug=f"m-{n}",
            stage=chance.choice(("published", "published", "draft")), dates_source=chance.choice(sources),
            type_source=chance.choice(sources), other_names=chance.choice(("", "One\nOther", "=x")),
            mandate_ends_on=chance.choice((None, datetime.date(2001, 9, 9))),
            ended_on=chance.choice((None, datetime.date(2002, 1, 1))),
        )
        for n in range(30)
    ]  # fmt: skip
    Mission.objects.filter(slug__in=("m-1", "m-2")).update(updated_at=long_ago)
    Mission.objects.filter(slug="m-3").update(updated_at=long_ago.replace(microsecond=0))
    for n in range(6):
        stage = chance.choice(("published", "draft"))
        make_case_study(chance.sample(missions, n), slug=f"c-{n}", stage=stage)
        make_topic(Theme, missions=chance.sample(missions, n), slug=f"th-{n}")
        approach = make_topic(Approach, missions=chance.sample(missions, 2), slug=f"a-{n}", stage=stage)
        make_principle(slug=f"p-{n}", approaches=[approach])


@pytest.mark.django_db
@pytest.mark.parametrize("chunk", [7, 2_000])
@pytest.mark.parametrize(
    "model", [Mission, CaseStudy, Approach, Principle, Theme, Country, Source], ids=lambda m: m.__name__
)
def test_rows_that_lead_anywhere_are_read_as_their_objects_say(register, monkeypatch, model, chunk):
    monkeypatch.setattr(rows, "CHUNK", chunk)
    table = model.objects.published() if hasattr(model.objects, "published") else model.objects.all()
    long_way = [[column.cell(row) for column in table_columns(model)] for row in for_output(table)]
    assert list(cells(table)) == long_way
    assert list(cells(table.filter(pk=-1))) == []
    assert len({str(line) for line in long_way}) > 2


@pytest.mark.django_db
def test_a_table_is_read_with_as_many_queries_for_a_row_as_for_thirty(register, django_assert_num_queries):
    for table in (Mission.objects.published()[:1], Mission.objects.published()):
        with django_assert_num_queries(11):
            list(cells(table))
