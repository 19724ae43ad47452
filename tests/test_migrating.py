"""Migrations in both directions, on a database that is in use."""

import pytest

from .houses import done
from .test_structure import ROOT


@pytest.mark.long
def test_every_migration_goes_back_and_comes_again_with_the_content_as_it_was(house):
    names = sorted(path.stem for path in (ROOT / "missions/migrations").glob("[0-9]*.py"))
    told = done(house, "shell", "-v0", "-c", "import tests.migrating").splitlines()
    assert told == [f"{names[0]} True False", "zero []", "again 3 True"]
