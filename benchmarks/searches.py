"""A whole page of results with counts by kind and passages, beside the bare query of the full-text index."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from .measuring import Result, in_turns, peaceops

TABLE = "missions_searchdocument_fts"
WEIGHTS = "10.0, 6.0, 3.0, 1.0"
BARE = (
    f"SELECT rowid, snippet({TABLE}, 3, '<', '>', '…', 34) FROM {TABLE} WHERE {TABLE} MATCH ? "
    f"ORDER BY bm25({TABLE}, {WEIGHTS}) LIMIT 20"
)
WORD = "observer"  # a type of mission: about one in eleven of those made up


def measure(data, what, target, number=10):
    """Return the result for the database in the folder `data`. Pages are not kept, so that every search is made."""
    with (
        closing(sqlite3.connect(f"file:{Path(data) / 'peaceops.sqlite3'}?mode=ro", uri=True)) as database,
        peaceops(data, PEACEOPS_PAGE_CACHE_MB="0") as own,
    ):
        path = f"/search/?q={WORD}"

        def bare():
            before = time.process_time()
            for _ in range(number):
                database.execute(BARE, [WORD]).fetchall()
            return 1000 * (time.process_time() - before) / number

        own.ask(path), bare()
        return Result(what, *in_turns(lambda: own.milliseconds(path, number), bare, 3), "ms", target)
