"""kill -9 in the middle of what writes many rows: all of it or nothing, and the next try works."""

import re

import pytest

from .houses import done

LINE = re.compile(r"(\w+) (?:killed at (\d+) of (\d+)|left alone): (-?\d+) (as before|CHANGED)")


@pytest.mark.long
def test_what_is_killed_was_never_begun_and_can_be_done_again(house):
    lines = done(house, "shell", "-v0", "-c", "import tests.killing").splitlines()
    told = [LINE.fullmatch(line).groups() for line in lines]
    assert list(dict.fromkeys(step for step, *_ in told)) == ["import_rows", "publish", "withdraw", "release"]
    for _step, at, writes, status, outcome in told:
        assert (status, outcome) == (("-9", "as before") if at else ("0", "CHANGED"))
        assert at is None or 0 <= int(at) <= int(writes)
    assert {step for step, at, writes, *_ in told if at and at == writes} == {step for step, *_ in told}
