"""Numbered snapshots of everything published: `making` freezes one, `archive` reads it, `comparing` tells two apart."""

from .archive import Archive
from .comparing import Comparison
from .making import ReleaseError, load_shipped, make, next_number

__all__ = ["Archive", "Comparison", "ReleaseError", "load_shipped", "make", "next_number"]
