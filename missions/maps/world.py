"""Where each country lies on the map, from the table that `make_world` writes beside the sprite."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("world.json")


@dataclass(frozen=True)
class Shape:
    """A country or area on the map: a point within it, and the box around its main parts, in units of the map."""

    x: int
    y: int
    left: int
    top: int
    right: int
    bottom: int
    is_drawn: bool = True

    @property
    def size(self):
        """Return the side of a square as large as the box."""
        return ((self.right - self.left) * (self.bottom - self.top)) ** 0.5


@cache
def shapes():
    """Return {ISO 3166-1 alpha-3 or XKX: Shape}; places too small for an outline have a point alone."""
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    drawn = {code: Shape(*numbers) for code, numbers in table["drawn"].items()}
    return drawn | {code: Shape(x, y, x, y, x, y, is_drawn=False) for code, (x, y) in table["points"].items()}


def on_the_map(code):
    return code in shapes()
