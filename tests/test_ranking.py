"""The order of hits: the fast way beside one query that says it all, over random entries and questions."""

import random

import pytest
from django.db import connection

from missions import search
from missions.models import LISTED, SearchDocument, Source, Term
from missions.search import engine, ranking
from missions.search.documents import MUCH, STORY_FIRST, documents, public
from missions.search.words import parse

from .factories import make_case_study, make_mission, make_principle, make_source, make_term

pytestmark = pytest.mark.django_db
WORDS = ("consent", "parties", "border", "observers", "Haïti", "police", "mandate", "1542", "report", "peace")


def some_text(chance, most):
    return " ".join(chance.choices(WORDS, k=chance.randint(1, most)))


@pytest.fixture
def register():
    """Make entries of several kinds whose words, names and lengths are random but the same each time."""
    chance = random.Random(7)
    for n in range(12):
        about = {"title": some_text(chance, 3), "summary": some_text(chance, 9), "stage": "published"}
        make_mission(slug=f"m-{n}", acronym=chance.choice(WORDS).upper(), **about)
        make_principle(slug=f"p-{n}", discussion=some_text(chance, 400), **about)
        make_case_study(slug=f"c-{n}", **about | {"stage": "draft" if n % 4 == 0 else "published"})
        make_source(slug=f"s-{n}", title=some_text(chance, 4), authors=f"{chance.choice(WORDS).title()}, A.")
        make_term(slug=f"t-{n}", label_text=f"{some_text(chance, 2)} {n}", definition=some_text(chance, 8))
    search.rebuild()
    return chance


def plainly(query, kinds=(), any_of=False):
    """Return (document id, kind, entry id) of all that is found, sorted by the database, which reads every row."""
    table, fts = engine.TABLE, engine.FTS
    expressions = [
        engine.expression(query.groups, engine.HEADS, any_of),
        engine.expression([g for g in query.groups if not g.typed.isdigit()] or query.groups, ("names",), any_of=True),
    ]
    if engine.is_sqlite():
        within = f"{table}.id IN (SELECT rowid FROM {fts} WHERE {fts} MATCH %s)"  # noqa: S608
        source, match, at = f"{fts} JOIN {table} ON {table}.id = {fts}.rowid", f"{fts} MATCH %s", "instr"
        score, values = engine.score_sqlite(query.groups)
    else:
        within = match = f"{table}.words @@ to_tsquery('missions_words', %s)"
        source, at = table, "strpos"
        score, values = engine.score_postgresql(query.groups)
    exact = " OR ".join([f"{at}({table}.keys, %s) > 0"] * len(query.keys)) or "1 = 0"
    story = " ".join(f"WHEN '{kind}' THEN {factor}" for kind, factor in STORY_FIRST.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {table}.id, {table}.kind, {table}.entry_id FROM {source} WHERE {match} "  # noqa: S608
            f"ORDER BY CASE WHEN {exact} THEN 0 ELSE 1 END, "
            f"CASE WHEN {table}.kind IN {engine.BEHIND} THEN CASE WHEN NOT {within} THEN 4 WHEN {within} THEN 1 ELSE 3 "
            f"END WHEN {within} THEN 0 ELSE 2 END, "
            f"({score}) * (1.0 + length({table}.body) / {MUCH}) * CASE {table}.kind {story} ELSE 1.0 END, {table}.id",
            [engine.expression(query.groups, (), any_of), *(f"\n{key}\n" for key in query.keys),
             expressions[0], expressions[1], expressions[0], *values],
        )  # fmt: skip
        is_public, names = public(), {model._meta.model_name for model in kinds or LISTED}
        return [hit for hit in cursor.fetchall() if hit[1] in names and hit[2] in is_public[hit[1]]]


def test_random_questions_find_the_same_in_the_same_order_as_one_query_would(register):
    asked = 0
    for _ in range(150):
        text = some_text(register, 3) if register.random() < 0.9 else f'"{some_text(register, 2)}"'
        query, any_of = parse(text), register.random() < 0.3
        kinds = register.choice([(), (), tuple(register.sample(LISTED, 2)), (Source,), (Source, Term)])
        found, plain = ranking.hits(query, kinds, any_of), plainly(query, kinds, any_of)
        assert list(found) == [key for key, _, _ in plain], (text, kinds, any_of)
        assert found.entries() == [entry for _, _, entry in plain]
        assert found.numbers() == (
            {m: sum(k == m._meta.model_name for _, k, _ in plain) for m in LISTED} if plain else {}
        )
        asked += len(plain) > 1
    assert asked > 60


def test_hits_of_some_kinds_are_those_among_all_hits(register):
    query = parse("consent")
    every = ranking.hits(query)
    assert 0 < len(every.of_kinds([Source])) < len(every)
    assert list(every.of_kinds([Source])) == list(ranking.hits(query, [Source]))
    assert every.of_kinds([]) == every


def test_a_document_that_is_written_between_two_questions_is_left_out(register):
    known, query = documents(), parse("consent")
    newest = SearchDocument.objects.order_by("pk").last().pk
    scores, _ = engine.scores(query.groups)
    assert known.weighed(scores | {newest + 5: -1.0, known.first - 1: -1.0}) == known.weighed(scores) != {}
    assert known.called(["no such name"]) == set()


def test_nothing_indexed_finds_nothing():
    assert list(ranking.hits(parse("consent"))) == []
    assert (ranking.hits(parse("")).numbers(), ranking.hits(parse("consent")).entries()) == ({}, [])
