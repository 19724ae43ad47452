"""An edition that needs no server: every public page as a file, with filters and a search that scripts answer."""

from .making import EditionError, Subject, edition, subject_of
from .writing import write

__all__ = ["EditionError", "Subject", "edition", "subject_of", "write"]
