"""What is drawn where on a map: the stretch of the world that is shown, and a mark for each country or area."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from .boundaries import AREAS
from .projection import WIDTH, project
from .world import shapes

# The first number of each class, and its words. The classes also differ in the size of dots.
CLASSES = ((1, "1"), (2, "2"), (3, gettext_noop("3 or 4")), (5, gettext_noop("5 or more")))
MARGIN, LEAST = 0.06, 900  # round the countries of a map: a share of its larger side; units that it shows at least
RADII = (4.5, 5.5, 6.5, 7.5)
HEIGHT = round(project(0, -58)[1])
# Lengths below are in pixels of a map drawn as wide as this; the style sheet may draw it smaller.
PIXELS, LOCATOR_PIXELS = 960, 300
DOT_BELOW, NUMBER_FROM, NUMBERS_APART, NUMBER_SIZE, AREA_RADIUS = 13, 30, 18, 13, 6


@dataclass(frozen=True)
class Mark:
    """One country or area of the map; lengths are in units of its view box."""

    code: str
    x: int
    y: int
    level: int = 0
    radius: float = 0
    has_number: bool = False


def level_of(count):
    """Return the class of a number of missions, from 1."""
    return sum(count >= first for first, _ in CLASSES)


def view_box(boxes, aspect, margin, least):
    """Return (x, y, width, height) of the part of the map that holds the boxes (left, top, right, bottom).

    `margin` is a share of the larger side on each side, `least` the smallest width in units. Without boxes: the world.
    """
    if not boxes:
        return 0, 0, WIDTH, HEIGHT
    left, top = min(b[0] for b in boxes), min(b[1] for b in boxes)
    right, bottom = max(b[2] for b in boxes), max(b[3] for b in boxes)
    across, down = right - left, bottom - top
    pad = margin * max(across, down)
    width = min(max(across + 2 * pad, (down + 2 * pad) * aspect, least), WIDTH)
    height = width / aspect
    x, y = (left + right - width) / 2, (top + bottom - height) / 2
    x = min(max(x, 0), WIDTH - width)
    y = min(max(y, 0), HEIGHT - height) if height < HEIGHT else (HEIGHT - height) / 2
    return round(x), round(y), round(width), round(height)


def box_of(code):
    shape = shapes()[code]
    return shape.left, shape.top, shape.right, shape.bottom


def area_point(slug):
    area = AREAS[slug]
    return tuple(round(v) for v in project(area.longitude, area.latitude))


def is_small(shape, pixel):
    return not shape.is_drawn or shape.size < DOT_BELOW * pixel


def drawing(counts, slugs):
    """Return the map of {code: number of missions} and of the areas of the missions with these slugs.

    Codes that the atlas does not know are left out. The result has `view_box` as text, `pixel` as the units of one
    pixel, `outlines` and `dots` as marks of countries in the order of `counts`, and `areas` as marks of missions.
    """
    known = {code: count for code, count in counts.items() if code in shapes()}
    areas = [(slug, *area_point(slug)) for slug in AREAS if slug in slugs]
    boxes = [box_of(code) for code in known] + [(x, y, x, y) for _, x, y in areas]
    box = view_box(boxes, aspect=2, margin=MARGIN, least=LEAST)
    pixel = box[2] / PIXELS
    numbered = with_numbers(known, pixel)
    outlines, dots = [], []
    for code, count in known.items():
        shape, level = shapes()[code], level_of(count)
        small = is_small(shape, pixel)
        radius = round(RADII[level - 1] * pixel, 1) if small else 0
        (dots if small else outlines).append(Mark(code, shape.x, shape.y, level, radius, code in numbered))
    return {
        "view_box": " ".join(map(str, box)),
        "outlines": outlines,
        # Small ones last, so that a large one does not hide them.
        "dots": sorted(dots, key=lambda mark: -mark.radius),
        "areas": [Mark(slug, x, y, radius=round(AREA_RADIUS * pixel, 1)) for slug, x, y in areas],
        "number_size": round(NUMBER_SIZE * pixel, 1),
    }


def with_numbers(counts, pixel):
    """Return the codes of the countries with room for a number; where two are close, the one with more missions."""
    placed = {}
    for code in sorted(counts, key=lambda c: (-counts[c], c)):
        shape = shapes()[code]
        apart = NUMBERS_APART * pixel
        if shape.size >= NUMBER_FROM * pixel and all(
            abs(shape.x - x) > apart or abs(shape.y - y) > apart for x, y in placed.values()
        ):
            placed[code] = shape.x, shape.y
    return set(placed)


def locator(codes, slug=""):
    """Return a small map of where these countries lie, with the area of the mission `slug`; None if none is known."""
    known = [code for code in codes if code in shapes()]
    areas = [area_point(slug)] if slug in AREAS else []
    boxes = [box_of(code) for code in known] + [(*p, *p) for p in areas]
    if not boxes:
        return None
    box = view_box(boxes, aspect=1.5, margin=0.35, least=LEAST)
    pixel = box[2] / LOCATOR_PIXELS
    small = [shapes()[code] for code in known if is_small(shapes()[code], pixel)]
    return {
        "view_box": " ".join(map(str, box)),
        "outlines": [code for code in known if shapes()[code].is_drawn],
        "dots": [(s.x, s.y) for s in small],
        "marks": areas,
        "area": AREAS[slug].name if areas else "",
        "radius": round(AREA_RADIUS * pixel, 1),
    }
