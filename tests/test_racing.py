"""Editors who save at the same moment: no one is turned away by the database or overwrites what he has not seen."""

import pytest

from .houses import done

SAVED, SHOWN_BOTH = "3", "2"  # the answer leads on; the answer is the form again, with both versions


@pytest.mark.long
def test_of_six_who_save_one_entry_one_does_and_of_six_entries_all_are_saved(house):
    env = house | {"PEACEOPS_TWO_FACTOR": "false"}
    lines = done(env, "shell", "-v0", "-c", "import tests.racing").splitlines()
    assert lines == [
        *["one entry " + " ".join([*SHOWN_BOTH * 5, SAVED]), "kept 1 True"] * 5,
        *["own entries " + " ".join(SAVED * 6)] * 5,
        "published as before Old " + " ".join(f"Own {n}" for n in range(6)),
    ]
