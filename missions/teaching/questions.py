"""A question of a quiz: made of one fact, its wrong choices of other facts, the same ones at every request."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property

from ..languages import translated

CHOICES = 4
RESOLUTION = re.compile(r"\b[AS]/RES/\d+")
ONE_RESOLUTION = re.compile(r"S/RES/\d+ \(\d{4}\)")
YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")


def digest(*parts):
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


@dataclass(frozen=True)
class Question:
    """One question with its right choice, the wrong ones, and the fact that decides it.

    `key` is made of the permanent id of the fact and says what is asked of it: what is drawn by lot is drawn by it.
    The choices are kept in English, so that lots and addresses are the same in every language.
    """

    key: str
    text: str
    right: str
    wrong: tuple
    address: str
    told: str  # what the register says, in a sentence or two
    source: object
    locator: str = ""
    quoted: str = ""
    shown: object = translated  # what puts a choice into the language of the page

    @cached_property
    def choices(self):
        """Return [(value, text in the language of the page)] in the order in which they are shown."""
        texts = sorted([self.right, *self.wrong], key=lambda text: digest(self.key, "order", text))
        return [(self.value(text), self.shown(text)) for text in texts]

    def value(self, text):
        """Return what stands for a choice in an address."""
        return digest(self.key, text)[:8]

    @property
    def right_value(self):
        return self.value(self.right)


def drawn(key, pool, number=CHOICES - 1):
    """Return so many of a pool of different texts, by a lot that is always the same; None if there are too few."""
    texts = sorted(dict.fromkeys(pool), key=lambda text: digest(key, text))
    return tuple(texts[:number]) if len(texts) >= number else None


def asked(key, text, right, pool, address, told, source, **more):
    """Return the question, or None if the pool holds too few choices that are wrong, or nothing to rest on."""
    wrong = drawn(key, [choice for choice in pool if choice != right])
    if wrong is None or source is None:
        return None
    return Question(key, text, right, wrong, address, told, source, **more)


def resolutions(text):
    """Return the resolutions that a text names, without their years."""
    return set(RESOLUTION.findall(text))


def mixed(key, groups, most):
    """Return up to so many questions from groups of them, one of each group in turn; within a group by lot.

    No text is quoted twice: the second question could give away the first.
    """
    piles = [sorted(filter(None, group), key=lambda q: digest(key, q.key)) for group in groups]
    found, quoted = [], set()
    while any(piles):
        for pile in filter(None, piles):
            question = pile.pop(0)
            if len(found) < most and question.quoted not in quoted:
                found.append(question)
                quoted |= {question.quoted} - {""}
    return found
