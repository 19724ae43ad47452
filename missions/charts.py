"""Figures to the coordinates of small pictures. Pure arithmetic: the templates draw, the style sheet colours."""

from dataclasses import dataclass
from itertools import pairwise

WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 8, 12, 28


@dataclass(frozen=True)
class Rect:
    x: float
    y: float
    width: float
    height: float
    kind: str
    title: str


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


def round_up(value):
    """Return the smallest of 1, 2, 5 times a power of ten that is at least `value`."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor >= value:
                return step * factor
        step *= 10


def scale(top):
    """Return the values of the grid lines from zero to at least `top`."""
    step = round_up(max(top, 4) / 4)
    return [step * n for n in range(5) if step * (n - 1) < top]


def year_ticks(years, x_of, wanted=8):
    step = round_up(max(1, len(years) / wanted))
    return [Tick(x_of(y), str(y)) for y in years if y % step == 0 or len(years) <= wanted]


def stacked_bars(series, kinds):
    """Return a chart of one bar a year, stacked by kind.

    `series` is {year: {kind: number}}; a year that is missing is a gap, never a zero. `kinds` maps each kind to its
    label, in the order in which they are stacked from below.
    """
    years = list(range(min(series), max(series) + 1))
    grid = scale(max(sum(parts.values()) for parts in series.values()))
    slot = (WIDTH - LEFT - RIGHT) / len(years)
    height = HEIGHT - TOP - BOTTOM

    def x_of(year):
        return round(LEFT + (year - years[0]) * slot, 1)

    bars = []
    for year, parts in sorted(series.items()):
        base = 0
        for kind, label in kinds.items():
            if value := parts.get(kind, 0):
                tall = value / grid[-1] * height
                y = HEIGHT - BOTTOM - base - tall
                title = f"{year}, {label.lower()}: {value:,}"
                bars.append(Rect(x_of(year), round(y, 1), round(slot * 0.82, 1), round(tall, 1), kind, title))
                base += tall
    lines = [Tick(round(HEIGHT - BOTTOM - v / grid[-1] * height, 1), f"{v:,}") for v in grid]
    ticks = [Tick(round(t.at + slot * 0.41, 1), t.label) for t in year_ticks(years, x_of)]
    return {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "bars": bars, "lines": lines,
            "ticks": ticks, "foot": HEIGHT - 8}  # fmt: skip


def steps(series, end):
    """Return a chart of several step lines over time, each value holding until the next.

    `series` is [(kind, label, [(date, value)])]; `end` is the date at which the last values stop.
    """
    dates = [d for _, _, points in series for d, _ in points]
    first, last = min(dates).toordinal(), max(end, max(dates)).toordinal()
    grid = scale(max(v for _, _, points in series for _, v in points))

    def x_of(date):
        return round(LEFT + (date.toordinal() - first) / max(1, last - first) * (WIDTH - LEFT - RIGHT), 1)

    def y_of(value):
        return round(HEIGHT - BOTTOM - value / grid[-1] * (HEIGHT - TOP - BOTTOM), 1)

    lines = []
    for kind, label, points in series:
        places = [(x_of(d), y_of(v)) for d, v in sorted(points)]
        corners = [f"{places[0][0]},{places[0][1]}"]
        for (_, before), (x, y) in pairwise(places):
            corners += [f"{x},{before}", f"{x},{y}"]
        marks = [(x, y, f"{label}, {d.year}: {v:,}") for (x, y), (d, v) in zip(places, sorted(points), strict=True)]
        lines.append({"kind": kind, "label": label, "points": " ".join(corners), "marks": marks})
    years = list(range(min(dates).year, max(end, max(dates)).year + 1))
    ticks = [t for t in year_ticks(years, lambda y: x_of(min(dates).replace(year=y, month=1, day=1))) if t.at >= LEFT]
    return {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "series": lines,
            "lines": [Tick(y_of(v), f"{v:,}") for v in grid], "ticks": ticks, "foot": HEIGHT - 8}  # fmt: skip


ROW = 30


def spans(rows, end):
    """Return a picture of periods, one row each.

    `rows` is [(label, address, start date, end date or None, kind)]; `end` is where what goes on is drawn to.
    """
    first, last = min(r[2] for r in rows).toordinal(), max([end, *(r[3] for r in rows if r[3])]).toordinal()
    left = 150

    def x_of(date):
        return round(left + (date.toordinal() - first) / max(1, last - first) * (WIDTH - left - 16), 1)

    bars = []
    for number, (label, address, start, stop, kind) in enumerate(rows):
        x, width = x_of(start), max(3, round(x_of(stop or end) - x_of(start), 1))
        years = f"{start.year} to {stop.year if stop else 'present'}"
        bars.append({"label": label, "address": address, "x": x, "y": TOP + number * ROW, "width": width, "kind": kind,
                     "middle": TOP + number * ROW + 13, "years": years, "ongoing": stop is None,
                     "tip": round(x + width, 1)})  # fmt: skip
    span = range(min(r[2] for r in rows).year, max([end, *(r[3] for r in rows if r[3])]).year + 1)
    ticks = year_ticks(list(span), lambda y: x_of(min(r[2] for r in rows).replace(year=y, month=1, day=1)))
    height = TOP + len(rows) * ROW + BOTTOM
    ticks = [t for t in ticks if t.at >= left]
    return {"width": WIDTH, "height": height, "bars": bars, "ticks": ticks, "foot": height - 8,
            "bottom": height - BOTTOM + 4, "top": TOP}  # fmt: skip
