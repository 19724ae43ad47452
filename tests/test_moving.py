"""All rows from one kind of database to the other, and back."""

import json
import os

import pytest

from missions.moving import OF_THE_DATABASE

from .houses import database_of_its_own, done, manage

CONTENT = """
import sys
from missions.models import Mission, Release, Source, Term
source = Source.objects.create(slug="s", kind="book", title="Größe “x” \\u2028", authors="A", publisher="P",
                               published_on="1999-12-31")
Term.objects.bulk_create(Term(slug=f"t-{n}", label_text=f"T {n}", definition="x") for n in range(1200))
Term.objects.filter(slug="t-7").delete()
Release.objects.create(number="2026.1", archive=bytes(range(256)) * 100, checksum="0" * 64, counts={"a": 1.5})
from django.contrib.auth.models import Group, User
user = User.objects.create_user("ada", password="a long pass phrase")
user.groups.add(Group.objects.get(name="Writers"))
Group.objects.get(name="Reviewers").delete()
from missions import search
search.rebuild()
"""
NEXT = "from missions.models import Term; print(Term.objects.create(slug='next', label_text='N', definition='x').pk)"
NUMBER = "from missions.models import Term; print(Term.objects.count())"
FIND = "from missions import models, search; print(search.matching(models.Term.objects.all(), 'T 1199'))"
LIE = """
from missions import moving
usual = moving.rows_in
moving.rows_in = lambda alias: usual(alias) | ({"missions_term": 5} if alias == moving.SOURCE else {})
try:
    moving.move(%r)
except moving.MoveError as error:
    print(error)
"""


def everything(env):
    rows = json.loads(done(env, "dumpdata", "--all", "--exclude=sessions"))
    return [row for row in rows if row["model"] not in map(str.lower, OF_THE_DATABASE)]


@pytest.mark.long
def test_all_rows_arrive_as_they_were_there_and_back(house, tmp_path):
    done(house, "shell", "-v0", "-c", CONTENT)
    before = everything(house)
    (tmp_path / "two").mkdir()
    with database_of_its_own(f"back_{os.getpid()}", tmp_path / "two") as back:
        there = f"sqlite:///{tmp_path}/there.sqlite3"
        wrong = done(house, "shell", "-v0", "-c", LIE % there)
        assert wrong == "Not all rows arrived: missions_term: 1199 of 5.\n"
        assert (
            done(
                house | {"DATABASE_URL": there},
                "shell",
                "-v0",
                "-c",
                NUMBER,
            )
            == "0\n"
        )

        told = done(house, "move_data", "--to", there)
        assert "missions_term: 1,199\n" in told
        assert everything(house | {"DATABASE_URL": there}) == before
        refused = manage(house, "move_data", "--to", there)
        assert refused.stderr.startswith("CommandError: Nothing was moved. The target holds content, in missions_")

        done(house | {"DATABASE_URL": there}, "move_data", "--to", back)
        assert everything(house | {"DATABASE_URL": back}) == before
        assert done(house | {"DATABASE_URL": back}, "shell", "-v0", "-c", FIND) == "<ListedQuerySet [<Term: T 1199>]>\n"
        assert done(house | {"DATABASE_URL": back}, "shell", "-v0", "-c", NEXT) == "1201\n"


@pytest.mark.long
def test_the_database_in_use_and_one_that_is_not_there_are_refused(house):
    refused = manage(house, "move_data", "--to", house["DATABASE_URL"])
    assert "Nothing was moved. The target is the database in use: name another one" in refused.stderr
    refused = manage(house, "move_data", "--to", "postgres://nobody@127.0.0.1:1/nothing")
    assert refused.stderr.startswith("CommandError: Nothing was moved. The target cannot be prepared: ")
