"""The atlas's TopoJSON to the sprite and the table of the map. Used by `make_world` alone.

Lines are simplified once, before shapes and boundaries are put together from them, so that neighbours always meet.
"""

import heapq
import json
from itertools import pairwise

from .boundaries import DASHES, DROPPED, JOINS, LINES, MOVES
from .projection import EDGE, project

# Doubled area, in square units, of the triangles that may be cut off: fine around the countries of the register,
# coarse elsewhere, and coarser still in the north, where coasts are long.
FINE, COARSE, NORTHERN_COARSE, NORTHERN = 16, 120, 1000, 48
SMALLEST_FINE, SMALLEST = 12, 60
MAIN_PART = 0.05
NEAR = 0.06


class AtlasError(Exception):
    """The file is not the atlas that the table of exceptions was written for."""


class Atlas:
    """Lines of (longitude, latitude), and shapes as rings of line numbers; ~n is line n backward, as in TopoJSON."""

    def __init__(self, topology):
        try:
            self.lines = [list(absolute(arc, topology["transform"])) for arc in topology["arcs"]]
            self.rings = {}
            for geometry in topology["objects"]["countries"]["geometries"]:
                polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
                rings = self.rings.setdefault(geometry["properties"]["a3"], [])
                rings += [list(ring) for polygon in polygons for ring in polygon]
        except (KeyError, TypeError, IndexError) as problem:
            raise AtlasError(f"This is not a TopoJSON atlas of countries: {problem!r}") from problem
        self.neighbours = {}

    def line(self, number):
        return self.lines[number] if number >= 0 else self.lines[~number][::-1]

    def points(self, ring):
        """Return the places of a ring, the first once more at the end."""
        places = []
        for number in ring:
            places += self.line(number)[bool(places) :]
        return places

    def take(self, code):
        if code not in self.rings:
            raise AtlasError(f"The atlas has no shape {code}, which the table of exceptions names.")
        return self.rings.pop(code)

    def apply_exceptions(self):
        for code in DROPPED:
            self.take(code)
        for move in MOVES:
            self.move(move)
        self.find_neighbours()
        for join in JOINS:
            self.rings[join.whole] = dissolved(self, self.take(join.whole) + self.take(join.part))

    def find_neighbours(self):
        """Note between which shapes each line runs: of one shape twice, where moved land meets what it joins."""
        for code, rings in self.rings.items():
            for number in (n for ring in rings for n in ring):
                self.neighbours.setdefault(max(number, ~number), []).append(code)
        for move in MOVES:
            self.rings[move.target] = dissolved(self, self.rings[move.target])

    def move(self, move):
        """Cut the ring of the source that holds the place in two along the line; give that part to the target."""
        rings = self.rings[move.source]
        ring = next((r for r in rings if contains(self.points(r), move.inside)), None)
        if ring is None:
            raise AtlasError(f"No shape {move.source} holds {move.inside}: the table of exceptions needs a new look.")
        rings.remove(ring)
        start, end = (self.split_at(place, move.source, ring) for place in (move.line[0], move.line[-1]))
        self.lines.append([start, *move.line[1:-1], end])
        one, other = self.cut(ring, start, end, len(self.lines) - 1)
        if contains(self.points(one), move.inside):
            one, other = other, one
        rings.append(one)
        self.rings[move.target].append(other)

    def split_at(self, place, code, ring):
        """Split the line of the ring at its point that is nearest to a place; return that point."""
        candidates = [(distance(p, place), p, n) for n in ring for p in self.line(n)]
        far, point, number = min(candidates)
        if far > NEAR:
            raise AtlasError(f"The boundary of {code} does not come near {place}: the table needs a new look.")
        self.split(max(number, ~number), point, ring)
        return point

    def split(self, number, point, ring):
        at = self.lines[number].index(point)
        if at in (0, len(self.lines[number]) - 1):
            return
        self.lines.append(self.lines[number][at:])
        self.lines[number] = self.lines[number][: at + 1]
        new = len(self.lines) - 1
        for other in [ring, *(r for rings in self.rings.values() for r in rings)]:
            other[:] = [m for n in other for m in ([n, new] if n == number else [~new, n] if n == ~number else [n])]

    def cut(self, ring, start, end, new):
        """Return the two rings into which the line `new`, from start to end, cuts a ring."""
        first = next(i for i, n in enumerate(ring) if self.line(n)[0] == start)
        ring = ring[first:] + ring[:first]
        middle = next(i for i, n in enumerate(ring) if self.line(n)[0] == end)
        return [*ring[:middle], ~new], [new, *ring[middle:]]


def absolute(arc, transform):
    (x_scale, y_scale), (x_zero, y_zero) = transform["scale"], transform["translate"]
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x * x_scale + x_zero, y * y_scale + y_zero


def distance(one, other):
    return ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5


def contains(points, place):
    """Return whether a ring of points, closed, has a place inside."""
    x, y = place
    crossings = [
        x < (x2 - x1) * (y - y1) / (y2 - y1) + x1 for (x1, y1), (x2, y2) in pairwise(points) if (y1 > y) != (y2 > y)
    ]
    return sum(crossings) % 2 == 1


def dissolved(atlas, rings):
    """Return the rings of what rings that share lines enclose together."""
    numbers = [n for ring in rings for n in ring]
    outer = [n for n in numbers if ~n not in set(numbers)]
    waiting = {}
    for number in outer:
        waiting.setdefault(atlas.line(number)[0], []).append(number)
    result = []
    for number in outer:
        ring = []
        while number is not None and number in waiting.get(atlas.line(number)[0], []):
            waiting[atlas.line(number)[0]].remove(number)
            ring.append(number)
            number = next(iter(waiting.get(atlas.line(number)[-1], [])), None)
        if ring:
            result.append(ring)
    return result


def on_paper(line):
    """Return the line in whole units of the map; what lies beyond the map's edge is carried round to the other side.

    A small island on the edge stays whole; a line over the date line jumps from 180° to -180° in the atlas.
    """
    west, east = min(x for x, _ in line), max(x for x, _ in line)
    is_carried = east < EDGE or east - west > 180
    return [tuple(round(v) for v in project(x + 360 if is_carried and x < EDGE else x, y)) for x, y in line]


def doubled_area(a, b, c):
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1]))


def simplified(points, tolerance):
    """Return the indices of the points that stay (Visvalingam and Whyatt 1993): both ends, and two more of a ring."""
    before, after = list(range(-1, len(points) - 1)), list(range(1, len(points) + 1))
    least = 4 if points[0] == points[-1] else 2
    kept = set(range(len(points)))

    def area(i):
        return doubled_area(points[before[i]], points[i], points[after[i]])

    heap = [(area(i), i) for i in range(1, len(points) - 1)]
    heapq.heapify(heap)
    current = {i: size for size, i in heap}
    while heap and len(kept) > least:
        size, i = heapq.heappop(heap)
        if i not in kept or current[i] != size:
            continue
        if size > tolerance:
            break
        kept.remove(i)
        before[after[i]], after[before[i]] = before[i], after[i]
        for j in (before[i], after[i]):
            if 0 < j < len(points) - 1:
                # Not smaller than what went before, or the order of removal would depend on the neighbours.
                current[j] = max(area(j), size)
                heapq.heappush(heap, (current[j], j))
    return sorted(kept)


def drawn_line(line, is_fine):
    """Return (points on the map, places in degrees) of a line, simplified alike."""
    points = on_paper(line)
    coarse = NORTHERN_COARSE if min(y for _, y in line) > NORTHERN else COARSE
    kept = simplified(points, FINE if is_fine else coarse)
    return [points[i] for i in kept], [line[i] for i in kept]


def ring_points(lines, ring):
    """Return the points of a ring without the repetition of the first, and without repetitions on the way."""
    points = []
    for number in ring:
        line = lines[number][0] if number >= 0 else lines[~number][0][::-1]
        points += line[bool(points) :]
    return [p for p, following in pairwise(points) if p != following]


def ring_area(points):
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise([*points, points[0]]))) / 2


def path(parts, close):
    """Return path data in steps, each part from where the one before began (closed) or ended (open)."""
    x = y = 0
    data = []
    for points in parts:
        numbers = []
        start = points[0]
        for px, py in points:
            numbers += [px - x, py - y]
            x, y = px, py
        if close:
            x, y = start
        text = "".join(f" {n}" if n >= 0 and i else str(n) for i, n in enumerate(numbers))
        data.append(f"m{text}{'z' if close else ''}")
    return "".join(data)


def label_point(points):
    """Return the point of a grid over the ring that lies farthest from its edge."""
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    ring, steps = [*points, points[0]], 24
    grid = [
        (left + (right - left) * (i + 0.5) / steps, top + (bottom - top) * (j + 0.5) / steps)
        for i in range(steps) for j in range(steps)
    ]  # fmt: skip
    inside = [p for p in grid if contains(ring, p)] or [((left + right) / 2, (top + bottom) / 2)]
    best = max(inside, key=lambda p: (round(min(distance_to(p, a, b) for a, b in pairwise(ring)), 3), p))
    return round(best[0]), round(best[1])


def distance_to(point, one, other):
    """Return the distance of a point from the stretch between two others."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = dx * dx + dy * dy
    t = ((point[0] - one[0]) * dx + (point[1] - one[1]) * dy) / length if length else 0
    t = min(1, max(0, t))
    return distance(point, (one[0] + t * dx, one[1] + t * dy))


def shape_rows(rings):
    """Return the table's numbers for the rings of a country: label point, and the box of the main parts."""
    areas = [ring_area(r) for r in rings]
    x, y = label_point(rings[areas.index(max(areas))])
    main = [p for r, a in zip(rings, areas, strict=True) if a >= MAIN_PART * max(areas) for p in r]
    return [x, y, min(p[0] for p in main), min(p[1] for p in main), max(p[0] for p in main), max(p[1] for p in main)]


def boundaries(atlas, lines):
    """Return the settled and the dashed stretches between shapes, as lists of points."""
    joined = {j.part: j.whole for j in JOINS}
    dashes = {frozenset((d.one, d.other)): d for d in DASHES}
    settled, dashed, used = [], [], set()
    for number, codes in sorted(atlas.neighbours.items()):
        if len(codes) != 2:
            continue
        dash = dashes.get(frozenset(codes))
        used.add(dash)
        if dash is None and joined.get(codes[0], codes[0]) == joined.get(codes[1], codes[1]):
            continue
        for is_dashed, stretch in stretches(*lines[number], dash):
            (dashed if is_dashed else settled).append(stretch)
    if unused := [d for d in dashes.values() if d not in used]:
        raise AtlasError(f"The atlas has no line between {unused[0].one} and {unused[0].other}.")
    return settled, dashed


def stretches(points, places, dash):
    """Return [(whether dashed, points)] of one line: with a box, only what lies within it is dashed."""
    if dash is None or not dash.box:
        return [(dash is not None, points)]
    west, south, east, north = dash.box
    result = []
    for (one, other), (a, b) in zip(pairwise(points), pairwise(places), strict=True):
        x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
        is_dashed = west <= x <= east and south <= y <= north
        if result and result[-1][0] == is_dashed:
            result[-1][1].append(other)
        else:
            result.append((is_dashed, [one, other]))
    return result


def element(name, data):
    # Lines keep their width on the screen however far the map is drawn near.
    return f'<path id="{name}" vector-effect="non-scaling-stroke" d="{data}"/>'


def build(topology, fine):
    """Return the sprite (SVG) and the table (JSON) as texts; raise AtlasError where the atlas is not as expected.

    `fine` are the codes of the countries that are drawn in most detail.
    """
    atlas = Atlas(topology)
    atlas.apply_exceptions()
    parts = {j.part for j in JOINS if j.whole in fine} | set(fine)
    lines = [drawn_line(line, parts & set(atlas.neighbours.get(i, ()))) for i, line in enumerate(atlas.lines)]
    drawn, points, elements = {}, {}, []
    for code in sorted(atlas.rings):
        rings = [r for r in (ring_points(lines, ring) for ring in atlas.rings[code]) if len(r) > 2]
        rings = [r for r in rings if ring_area(r) >= (SMALLEST_FINE if code in fine else SMALLEST)]
        if rings:
            drawn[code] = shape_rows(rings)
            elements.append(element(code, path(rings, close=True)))
        else:
            places = [p for ring in atlas.rings[code] for n in ring for p in lines[max(n, ~n)][0]]
            points[code] = [(min(v) + max(v)) // 2 for v in zip(*places, strict=True)]
    settled, dashed = boundaries(atlas, lines)
    dashed += [[tuple(round(v) for v in project(*p)) for p in line.points] for line in LINES]
    sprite = ['<svg xmlns="http://www.w3.org/2000/svg">', '<g id="land">', *elements, "</g>"]
    sprite += [element("borders", path(settled, close=False)), element("unsettled", path(dashed, close=False))]
    rows = [f'    "{k}": {json.dumps(v)}' for k, v in drawn.items()]
    dots = [f'    "{k}": {json.dumps(v)}' for k, v in points.items()]
    table = '{\n  "drawn": {\n' + ",\n".join(rows) + '\n  },\n  "points": {\n' + ",\n".join(dots) + "\n  }\n}\n"
    return "\n".join([*sprite, "</svg>\n"]), table
