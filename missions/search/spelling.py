"""“Did you mean”: the nearest words among those of titles, names and the glossary, by letters shared and exchanged."""

from collections import Counter, defaultdict

from ..models import SearchDocument
from . import engine, ranking
from .words import WORD, Group, Query, fold, synonyms

SHORTEST = 4  # letters; shorter words are as near to anything
_vocabularies = {}  # {state of the index: Vocabulary}, of which one is kept


def pairs(word):
    padded = f"^{word}$"
    return {padded[i : i + 2] for i in range(len(padded) - 1)}


def distance(a, b, most):
    """Return how many letters must be changed, added, left out or swapped with the next; above `most`, more."""
    before, row = [], list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        above, row, older = row, [i], before
        for j, other in enumerate(b, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        before = above
        if min(row) > most:
            return most + 1
    return row[-1]


class Vocabulary:
    """The words that may be offered, with how often each stands in a title or name."""

    def __init__(self, texts):
        self.number, self.written = Counter(), {}
        for text in texts:
            for word in WORD.findall(text):
                folded = fold(word)
                if len(folded) >= SHORTEST and not folded.isdigit():
                    self.number[folded] += 1
                    self.written.setdefault(folded, word if word.isupper() else word.lower())
        self.with_pair = defaultdict(list)
        for word in self.number:
            for pair in pairs(word):
                self.with_pair[pair].append(word)

    def nearest(self, word):
        """Return the word that was probably meant, or None."""
        most = 1 if len(word) < 6 else 2
        shared = Counter(w for p in pairs(word) for w in self.with_pair.get(p, ()) if abs(len(w) - len(word)) <= most)
        near = [(distance(word, w, most), -n, -self.number[w], w) for w, n in shared.most_common(60)]
        best = min(near, default=None)
        return self.written[best[3]] if best and best[0] <= most else None


def published_texts():
    for title, names in SearchDocument.objects.filter(engine.published()).values_list("title", "names"):
        yield f"{title} {names}"
    yield from (" ".join(p) for p in synonyms())


def vocabulary(state):
    """Return the vocabulary of the index in this state; it is made once for each state."""
    version = tuple(state)
    made = _vocabularies.get(version)
    if made is None:
        made = Vocabulary(published_texts())
        _vocabularies.clear()
        _vocabularies[version] = made
    return made


def meant(query, state):
    """Return the query that was probably meant, as text, or "" if nothing near it would be found."""
    offered, changed = [], False
    for group, is_known in zip(query.groups, engine.known(query.groups), strict=True):
        word = group.typed
        nearest = None if is_known or " " in word or len(word) < SHORTEST else vocabulary(state).nearest(word)
        changed |= nearest is not None
        offered.append(nearest or word)
    if not changed:
        return ""
    groups = tuple(Group(w, (tuple(WORD.findall(fold(w))),)) for w in offered)
    return " ".join(offered) if ranking.hits(Query(groups)) else ""
