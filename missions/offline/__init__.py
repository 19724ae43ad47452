"""An edition that needs no server: every public page as a file, with filters and a search that scripts answer."""

from .making import EditionError, Subject, edition, subject_of
from .writing import LARGEST, write

__all__ = ["LARGEST", "EditionError", "Subject", "edition", "subject_of", "write"]
