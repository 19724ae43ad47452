"""The index that a search without a server asks: words to documents, as short as it goes.

A posting is the step from the document before in base 36 and one character of `MARKS`, which says how much the word
weighs there (as BM25 with the weights of the site's own search) and whether it stands in the title, in a name or in
neither. Words of one stem share their postings. What the entries say lies in parts, which are read when shown.
"""

import math
from collections import Counter, defaultdict

import snowballstemmer

from ..models import LISTED, SearchDocument
from ..search import documents as searched
from ..search import engine
from ..search.synonyms import SPELLINGS
from ..search.words import SMALL, names, synonyms, words_of

MARKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&()*+,-./:;<=>?@[]^_{|}~"
LEVELS = len(MARKS) // 3
K, B = 1.2, 0.75  # the constants of FTS5's BM25
PART = 64  # documents whose texts lie in one file
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def base36(number):
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"


def documents():
    """Return the documents of all that is published, in the order of their addresses."""
    public = searched.public()
    found = [d for d in SearchDocument.objects.all() if d.entry_id in public[d.kind]]
    return sorted(found, key=lambda d: (d.kind, d.slug))


def mark(weight, column):
    """Return the character for a weight from 0 to K + 1 and the column in which a word stands first."""
    level = min(int(weight / (K + 1) * LEVELS), LEVELS - 1)
    return MARKS[level + LEVELS * {"title": 1, "names": 2}.get(column, 0)]


class Index:
    """The words of documents: `stems` is {word: number of its stem}, `postings` one text for each stem."""

    def __init__(self, found):
        stem = snowballstemmer.stemmer("porter").stemWord
        counted = [{name: Counter(words_of(getattr(d, name))) for name in engine.BM25} for d in found]
        lengths = [sum(sum(c.values()) for c in columns.values()) for columns in counted]
        mean = sum(lengths) / max(len(lengths), 1) or 1
        self.numbers, self.stems = {}, {}
        places = defaultdict(dict)  # stem -> {document: [frequency, column]}
        for number, columns in enumerate(counted):
            for column in ("names", "title", "lead", "body"):  # a word in a name is of a name, wherever else it stands
                for word, times in columns[column].items():
                    place = places[self.number_of(word, stem)].setdefault(number, [0.0, column])
                    place[0] += engine.BM25[column] * times
        self.postings = [self.posting(places[n], lengths, mean) for n in range(len(self.numbers))]

    def number_of(self, word, stem):
        if word not in self.stems:
            self.stems[word] = self.numbers.setdefault(stem(word), len(self.numbers))
        return self.stems[word]

    @staticmethod
    def posting(places, lengths, mean):
        text, before = "", 0
        for number, (frequency, column) in sorted(places.items()):
            weight = frequency * (K + 1) / (frequency + K * (1 - B + B * lengths[number] / mean))
            text += base36(number - before) + mark(weight, column)
            before = number
        return text


def factor(document):
    """Return by how much a document counts more than its words, as in the site's own search."""
    return round((1 + len(document.body) / searched.MUCH) * searched.STORY_FIRST.get(document.kind, 1.0), 3)


def search_data():
    """Return ({name: value} for the script of the index, [texts of one part of the documents])."""
    found = documents()
    index = Index(found)
    words = sorted(index.stems)
    kinds = {model._meta.model_name: model.url_segment for model in LISTED}
    told = {
        "kinds": [[kinds[m._meta.model_name], str(m._meta.verbose_name), m._meta.verbose_name_plural.capitalize()]
                  for m in LISTED],
        "behind": [kinds[name] for name in engine.BEHIND],
        "documents": [[list(kinds).index(d.kind), d.slug, d.label, d.acronym, factor(d), d.keys.strip("\n")]
                      for d in found],
        "words": " ".join(words),
        "stems": [index.stems[word] for word in words],
        "postings": index.postings,
        "marks": MARKS,
        "top": round((K + 1) / LEVELS, 6),
        "small": sorted(SMALL),
        "spellings": SPELLINGS,
        "synonyms": {" ".join(k): [" ".join(p) for p in v] for k, v in synonyms().items()},
        "names": [[" ".join(p) for p in group] for group in sorted(names())],
        "part": PART,
    }  # fmt: skip
    texts = [[d.names, d.lead, d.body] for d in found]
    return told, [texts[start : start + PART] for start in range(0, math.ceil(len(texts) / PART) * PART, PART)]
