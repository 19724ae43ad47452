"""Hits in the order in which a reader wants them."""

from .documents import documents
from .engine import scores, within


class Hits(list):
    """The ids of the documents that were found, best first, with the `Documents` that know whose they are."""

    def __init__(self, keys=(), documents=None):
        super().__init__(keys)
        self.documents = documents

    def of_kinds(self, models):
        return Hits(self.documents.of_kinds(self, models), self.documents) if models and self else self

    def numbers(self):
        """Return how many are found of each kind, {kind as model: number}."""
        return self.documents.numbers(self) if self else {}

    def entries(self):
        """Return the ids of the entries found, best first."""
        return self.documents.entries(self) if self else []


def hits(query, kinds=(), any_of=False):
    """Return the `Hits` of every public entry that `query` finds, in all kinds or some.

    Before all else come those that have the whole text as one of their names, then the groups of `tiers`.
    """
    if not query.groups:
        return Hits()
    known = documents()
    found, named = scores(query.groups, any_of)
    weights = known.weighed(found, kinds)
    keys = sorted(sorted(weights), key=weights.__getitem__)  # alike ones in the order of their ids
    if called := known.called(query.keys) & weights.keys():
        parts = [[key for key in keys if key in called], [key for key in keys if key not in called]]
    else:
        parts = [keys]
    return Hits([key for part in parts for tier in tiers(query, part, known, named) for key in tier], known)


def tiers(query, keys, known, named):
    """Return ids in the groups that come one after the other: pages first if title or names have every word (`named`).

    Behind lie the documents and terms, but a document of an author who was named is meant.
    """
    pages, behind = known.pages_and_behind(keys)
    authored = set()
    if not named.isdisjoint(behind):
        authored = within([g for g in query.groups if not g.typed.isdigit()] or query.groups, ("names",), any_of=True)
    return [
        [key for key in pages if key in named],
        [key for key in behind if key in named and key in authored],
        [key for key in pages if key not in named],
        [key for key in behind if key in named and key not in authored],
        [key for key in behind if key not in named],
    ]
