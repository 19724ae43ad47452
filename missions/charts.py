"""Figures to the coordinates of small pictures. Pure arithmetic: the templates draw, the style sheet colours."""

import datetime
from dataclasses import dataclass
from itertools import pairwise

from . import languages

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
    lines = [Tick(round(HEIGHT - BOTTOM - v / grid[-1] * height, 1), languages.number(v)) for v in grid]
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
            "lines": [Tick(y_of(v), languages.number(v)) for v in grid], "ticks": ticks,
            "foot": HEIGHT - 8}  # fmt: skip


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


@dataclass(frozen=True)
class Years:
    """A scale of whole years from the start of `first` to the end of `last`, in per cent of its width."""

    first: int
    last: int

    def at(self, date):
        of_year = (date - date.replace(month=1, day=1)).days / 366
        return round(100 * (date.year + of_year - self.first) / (self.last + 1 - self.first), 2)

    def ticks(self):
        years = range(self.first, self.last + 1)
        return year_ticks(years, lambda y: self.at(datetime.date(y, 1, 1)))

    def span(self, start, stop):
        """Return where a period begins and how wide it is, wide enough to be seen."""
        return self.at(start), max(0.6, round(self.at(stop) - self.at(start), 2))


# What can be followed stands this far apart, so that a finger finds one of them: 24 pixels in the narrowest picture.
APART = 28
LABELS, GAP = 150, 10


@dataclass(frozen=True)
class Dot:
    """One thing that happened: where it is drawn, what it says and where it leads."""

    x: float
    y: float
    shape: str
    title: str
    target: str


def stacked(places):
    """Return the level of each of the sorted `places`: the lowest where it keeps its distance from the one before."""
    ends, levels = [], []
    for x in places:
        level = next((n for n, end in enumerate(ends) if x - end >= APART), len(ends))
        ends[level:] = [x, *ends[level + 1 :]]
        levels.append(level)
    return levels


def lanes(rows, end):
    """Return a picture of what happened in periods, one lane each: the period as a bar, the events as dots on it.

    `rows` is [(label, start date, end date or None, [(date, shape, title, target)])], the events by date; `end` is
    where what goes on is drawn to. Events that lie close together are stacked, none is left out.
    """
    starts = [d for _, start, _, events in rows for d in (start, *(e[0] for e in events))]
    stops = [d for _, _, stop, events in rows for d in (stop or end, *(e[0] for e in events))]
    first, last = min(starts).toordinal(), max(stops).toordinal()
    left = (LABELS if len(rows) > 1 else 0) + APART / 2

    def x_of(date):
        return round(left + (date.toordinal() - first) / max(1, last - first) * (WIDTH - left - APART / 2), 1)

    drawn, y = [], TOP
    for label, start, stop, events in rows:
        levels = stacked([x_of(e[0]) for e in events])
        y += APART * (max(levels, default=0) + 1)
        middle = round(y - APART / 2, 1)
        dots = [Dot(x_of(d), middle - n * APART, shape, title, target)
                for (d, shape, title, target), n in zip(events, levels, strict=True)]  # fmt: skip
        x, tip = x_of(start), x_of(stop or end)
        drawn.append({"label": label, "x": x, "width": max(3, round(tip - x, 1)), "y": middle, "tip": tip,
                      "rule": y + GAP / 2, "ongoing": stop is None, "dots": dots})  # fmt: skip
        y += GAP
    years = range(min(starts).year, max(stops).year + 1)
    ticks = [t for t in year_ticks(years, lambda n: x_of(datetime.date(n, 1, 1))) if t.at >= left]
    return {"width": WIDTH, "height": y + BOTTOM, "lanes": drawn, "ticks": ticks, "top": TOP, "bottom": y,
            "foot": y + BOTTOM - 8}  # fmt: skip


@dataclass(frozen=True)
class Strengths:
    """One mission's strengths on a common scale: [(place, value)] that hold until the next, up to `end`, and marks."""

    label: str
    ceiling: list
    marks: list
    end: float


def round_ticks(first, last, step):
    """Return the multiples of `step` from `first` to `last`."""
    return [n * step for n in range(-int(-first // step), int(last // step) + 1)]


def compared(series, ticks):
    """Return a chart of the strengths of several missions: ceilings as step lines, the rest as marks.

    `series` is a list of `Strengths`, `ticks` is [(place, label)]; both count places in the same unit.
    """
    places = [x for s in series for x in (s.end, *(p for p, _ in (*s.ceiling, *s.marks)))]
    first, last = min(places), max(places)
    grid = scale(max(v for s in series for _, v in (*s.ceiling, *s.marks)))

    def x_of(place):
        return round(LEFT + (place - first) / max(1, last - first) * (WIDTH - LEFT - RIGHT), 1)

    def y_of(value):
        return round(HEIGHT - BOTTOM - value / grid[-1] * (HEIGHT - TOP - BOTTOM), 1)

    lines = []
    for s in series:
        corners = [(x_of(x), y_of(v)) for x, v in s.ceiling]
        path = [f"M{x} {y}" if n == 0 else f"H{x}V{y}" for n, (x, y) in enumerate(corners)]
        path += [f"H{x_of(s.end)}"] if s.ceiling and s.end > s.ceiling[-1][0] else []
        lines.append({"label": s.label, "path": "".join(path), "marks": [(x_of(x), y_of(v)) for x, v in s.marks]})
    return {"width": WIDTH, "height": HEIGHT, "left": LEFT, "right": WIDTH - RIGHT, "series": lines,
            "lines": [Tick(y_of(v), languages.number(v)) for v in grid], "foot": HEIGHT - 8,
            "ticks": [Tick(x_of(x), label) for x, label in ticks if first <= x <= last]}  # fmt: skip
