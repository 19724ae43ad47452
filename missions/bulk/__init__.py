"""Many records as one table: exported, changed in a spreadsheet, held against what is stored, imported as one batch.

`files` reads what is uploaded, `cells` knows the columns, `checking` makes a plan without writing, `rules` judges what
the database would, `applying` carries the plan out, `waiting` keeps the file in between, `writing` exports.
"""

from .applying import MovedError, apply, may_import
from .cells import IMPORTABLE, columns, known
from .checking import check
from .files import FILE_BYTES, MEGABYTE, ROWS, FileError
from .waiting import Upload, fetch, forget, keep
from .writing import lines

__all__ = [
    "FILE_BYTES",
    "IMPORTABLE",
    "MEGABYTE",
    "ROWS",
    "FileError",
    "MovedError",
    "Upload",
    "apply",
    "check",
    "columns",
    "fetch",
    "forget",
    "keep",
    "known",
    "lines",
    "may_import",
]
