"""Places to the shapes of maps: arithmetic over one generated table. The templates draw, the style sheet colours."""

from .boundaries import AREAS, DASHES, LINES
from .drawing import CLASSES, LEAST, MARGIN, drawing, locator
from .world import on_the_map

DASHED = (*DASHES, *LINES)

__all__ = ["AREAS", "CLASSES", "DASHED", "LEAST", "MARGIN", "drawing", "locator", "on_the_map"]
