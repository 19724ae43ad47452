import datetime

import pytest

from missions import charts

KINDS = {"a": "First", "b": "Second"}


@pytest.mark.parametrize(
    ("value", "rounded"), [(0.1, 1), (1, 1), (3, 5), (5, 5), (6, 10), (11, 20), (101, 200), (999, 1000)]
)
def test_grid_steps_are_round(value, rounded):
    assert charts.round_up(value) == rounded


@pytest.mark.parametrize(
    ("top", "values"),
    [(1, [0, 1]), (4, [0, 1, 2, 3, 4]), (9, [0, 5, 10]), (62, [0, 20, 40, 60, 80]), (251, [0, 100, 200, 300])],
)
def test_the_grid_reaches_just_over_the_top(top, values):
    assert charts.scale(top) == values


def test_bars_stand_on_each_other_and_keep_their_proportion():
    chart = charts.stacked_bars({2000: {"a": 30, "b": 10}, 2002: {"b": 40}}, KINDS)
    first, second, third = chart["bars"]
    floor = charts.HEIGHT - charts.BOTTOM
    assert first.height == pytest.approx(3 * second.height, abs=0.2)
    assert first.y + first.height == pytest.approx(floor, abs=0.1)
    assert second.y + second.height == pytest.approx(first.y, abs=0.1)
    assert third.height == pytest.approx(first.height + second.height, abs=0.1)
    assert [b.title for b in chart["bars"]] == ["2000, first: 30", "2000, second: 10", "2002, second: 40"]


def test_a_missing_year_is_a_gap_as_wide_as_the_others():
    chart = charts.stacked_bars({2000: {"a": 1}, 2002: {"a": 1}}, KINDS)
    places = [b.x for b in chart["bars"]]
    slot = (charts.WIDTH - charts.LEFT - charts.RIGHT) / 3
    assert places[1] - places[0] == pytest.approx(2 * slot, abs=0.2)
    assert [t.label for t in chart["ticks"]] == ["2000", "2001", "2002"]


def test_a_step_line_holds_its_value_until_the_next():
    days = [datetime.date(2000, 1, 1), datetime.date(2001, 1, 1)]
    chart = charts.steps([("a", "First", list(zip(days, [100, 200], strict=True)))], datetime.date(2002, 1, 1))
    (x1, y1), (x2, y2), (x3, y3) = (map(float, p.split(",")) for p in chart["series"][0]["points"].split())
    assert (x1, y2, x3) == (charts.LEFT, y1, x2)
    assert y3 < y1
    assert [m[2] for m in chart["series"][0]["marks"]] == ["First, 2000: 100", "First, 2001: 200"]


def test_periods_keep_their_order_and_what_goes_on_reaches_the_end():
    rows = [("A", "/a/", datetime.date(1990, 1, 1), datetime.date(1995, 1, 1), "closed"),
            ("B", "/b/", datetime.date(1995, 1, 1), None, "this")]  # fmt: skip
    first, second = charts.spans(rows, datetime.date(2000, 1, 1))["bars"]
    assert first["x"] + first["width"] == pytest.approx(second["x"], abs=0.2)
    assert (first["ongoing"], second["ongoing"], second["tip"]) == (False, True, charts.WIDTH - 16)
    assert second["years"] == "1995 to present"
