"""What is known of every document without reading it: whose it is, whether readers may find it, how it ranks.

A word that thousands of entries have would else cost a row for each of them, most of it text that no page shows. Kept
are arrays in which the document with the id n has the place n - `first`.
"""

from array import array
from bisect import bisect_left
from collections import Counter
from itertools import takewhile

from django.db.models import CharField, Value

from .. import versions
from ..databases import connection
from ..models import LISTED
from .engine import BEHIND, TABLE

# What happened is told in case studies and missions; where others mention it as often, those are wanted.
STORY_FIRST = {"casestudy": 1.5, "mission": 1.25}
MUCH = 10_000.0  # letters: of entries that a word fits alike, the one of which there is most to tell is wanted
NAMES = [model._meta.model_name for model in LISTED]
HIDDEN = len(NAMES)  # stands for the kind of what is not public
BEHIND_THEM = {n for n, name in enumerate(NAMES) if name in BEHIND}
STORY = [STORY_FIRST.get(name, 1.0) for name in NAMES]


class Documents:
    """The documents of all that is public, made of rows (id, kind, entry id, letters of the body, exact names)."""

    def __init__(self, rows, is_public):
        numbers, named = {name: n for n, name in enumerate(NAMES)}, []
        self.first = rows[0][0] if rows else 0
        size = rows[-1][0] - self.first + 1 if rows else 0
        self.kinds, self.much, self.entry = bytearray([HIDDEN]) * size, array("d", [1.0]) * size, array("q", [0]) * size
        for key, kind, entry, letters, names in rows:
            if entry in is_public.get(kind, ()):
                place = key - self.first
                self.kinds[place], self.much[place], self.entry[place] = numbers[kind], 1.0 + letters / MUCH, entry
                named += [(hash(name), key) for name in names.split("\n")[1:-1]]
        named.sort()
        self.names, self.named = array("q", [name for name, _ in named]), array("q", [key for _, key in named])

    def weighed(self, scores, models=()):
        """Return {id: weight} of {id: score}, without what readers may not find; the less, the better.

        A document that was written after these were read is left out: the next version has it.
        """
        wanted = {LISTED.index(model) for model in models or LISTED}
        first, kinds, much, last = self.first, self.kinds, self.much, self.first + len(self.kinds)
        return {
            key: score * much[key - first] * STORY[kinds[key - first]]
            for key, score in scores.items()
            if first <= key < last and kinds[key - first] in wanted
        }

    def pages_and_behind(self, keys):
        """Return the ids of pages, and those of what is shown after them."""
        kinds, first = self.kinds, self.first
        behind = [key for key in keys if kinds[key - first] in BEHIND_THEM]
        return ([key for key in keys if kinds[key - first] not in BEHIND_THEM], behind) if behind else (keys, behind)

    def called(self, names):
        """Return the ids of the documents that have one of `names` as an exact name."""
        found = set()
        for name in map(hash, names):
            start = bisect_left(self.names, name)
            same = takewhile(lambda n, name=name: self.names[n] == name, range(start, len(self.names)))
            found |= {self.named[n] for n in same}
        return found

    def of_kinds(self, keys, models):
        """Return those of the documents with these ids that tell of some kinds."""
        wanted, kinds, first = {LISTED.index(model) for model in models}, self.kinds, self.first
        return [key for key in keys if kinds[key - first] in wanted]

    def numbers(self, keys):
        """Return how many of the documents with these ids tell of each kind, {kind as model: number}."""
        kinds, first = self.kinds, self.first
        number = Counter([kinds[key - first] for key in keys])
        return {model: number[n] for n, model in enumerate(LISTED)}

    def entries(self, keys):
        """Return the ids of the entries that the documents with these ids tell of."""
        return [self.entry[key - self.first] for key in keys]


def public():
    """Return {kind: keys of the entries that are public now}: what is found is held against this."""
    found = {name: set() for name in NAMES}
    parts = [
        model._default_manager.published()
        .order_by()
        .values_list(Value(model._meta.model_name, output_field=CharField()), "pk")
        for model in LISTED
    ]
    for kind, key in parts[0].union(*parts[1:], all=True):
        found[kind].add(key)
    return found


@versions.once
def documents():
    """Return the documents of all that is public now, read once for each version of the content."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, kind, entry_id, length(body), keys FROM {TABLE} ORDER BY id")  # noqa: S608  a constant
        return Documents(cursor.fetchall(), public())
