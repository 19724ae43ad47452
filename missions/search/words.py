"""What a reader typed, taken apart: words, phrases, document symbols, and the words that mean the same."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

from .synonyms import MEANS, SAME, SPELLINGS

WORD = re.compile(r"[^\W_]+")
QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]*)[\"“”„«»]")
SMALL = frozenset(
    WORD.findall(
        "a an and are as at be by de des did do does du for from get gets got had has have how in is it its la las le "
        "les los of on or that the their there these they this to was were what when where which who why will with"
    )
)
PLURAL = re.compile(r"(?<=\w{2})(ies|(?<=[^siu])s)$")
RESOLUTION = re.compile(r"(?:s|a) res (\d+)(?: \d+)?$")
CALLED_RESOLUTION = {"resolution", "res", "unscr", "scr"}
BRITISH = re.compile(r"is(e[ds]?|ing|ations?|ational)$")
AMERICAN = re.compile(r"iz(e[ds]?|ing|ations?|ational)$")


def fold(text):
    """Return `text` in lower case, without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def words_of(text):
    """Return the words of `text`, folded: what lies between any two marks or spaces."""
    return WORD.findall(fold(text))


def key_of(text):
    """Return the form in which exact names are compared: plural and singular are one."""
    return " ".join(PLURAL.sub(lambda m: "y" if m.group().startswith("ie") else "", w) for w in words_of(text))


@dataclass(frozen=True)
class Group:
    """One thing to be found: any of several phrases, each a tuple of words."""

    typed: str
    phrases: tuple


@dataclass(frozen=True)
class Query:
    """All that must be found, and the exact names that the whole text may be."""

    groups: tuple
    keys: tuple = ()


def singular(phrase):
    return tuple(w.rstrip("s") if len(w) > 3 else w for w in phrase)


@cache
def synonyms():
    """Return {phrase in the singular: phrases that find the same, itself among them}, phrases as tuples of words."""
    table = {}
    for group in SAME:
        phrases = tuple(tuple(words_of(p)) for p in group)
        table |= {singular(p): phrases for p in phrases}
    for name, meaning in MEANS.items():
        phrase = tuple(words_of(name))
        table[singular(phrase)] = (phrase, tuple(words_of(meaning)))
    return table


@cache
def longest():
    """Return of how many words the longest phrase is that means the same as another."""
    return max(map(len, synonyms()))


@cache
def names():
    """Return the groups of phrases that are names of one thing."""
    return {tuple(tuple(words_of(p)) for p in group) for group in SAME}


def variants(word):
    """Return the word, and its other spelling if it has one."""
    if other := SPELLINGS.get(word):
        return (word, other)
    if len(word) > 5 and BRITISH.search(word):
        return (word, BRITISH.sub(r"iz\1", word))
    if len(word) > 5 and AMERICAN.search(word):
        return (word, AMERICAN.sub(r"is\1", word))
    return (word,)


def spelled(phrase):
    """Return the phrase in every spelling, at most eight."""
    return tuple(islice(product(*map(variants, phrase)), 8))


def alternatives(unit):
    """Return the phrases that find a run of words typed without a space between, such as a symbol."""
    if known := synonyms().get(singular(unit)):
        return known
    if resolution := RESOLUTION.match(" ".join(unit)):
        return (unit, ("resolution", resolution.group(1)))
    if len(unit) == 1 or any(w.isdigit() or len(w) == 1 for w in unit):
        return spelled(unit)
    return (*spelled(unit), ("".join(unit),))


def units_of(text):
    """Yield the runs of words that stand together in `text`: mostly single words, each a tuple."""
    for chunk in text.split():
        apart = "/" in chunk and not any(c.isdigit() for c in chunk)
        for part in chunk.split("/") if apart else [chunk]:
            if unit := tuple(words_of(part)):
                yield unit


def grouped(units):
    """Yield a group for each unit, or for several that mean one thing together."""
    table = synonyms()
    while units:
        for size in range(min(longest(), len(units)), 1, -1):
            together = tuple(w for u in units[:size] for w in u)
            if known := table.get(singular(together)):
                yield Group(" ".join(together), known)
                break
        else:
            size, first = 1, units[0]
            following = units[1] if len(units) > 1 else ()
            if first[0] in CALLED_RESOLUTION and len(first) == 1 and following and following[0].isdigit():
                size, number = 2, following[0]
                yield Group(f"{first[0]} {number}", (("resolution", number), ("res", number)))
            else:
                yield Group(" ".join(first), alternatives(first))
        units = units[size:]


def parse(text):
    """Return what `text` asks for. Any text is safe: only words and quotation marks have a meaning."""
    groups, rest, end = [], [], 0
    for quoted in QUOTED.finditer(text):
        rest += units_of(text[end : quoted.start()])
        end = quoted.end()
        if phrase := tuple(words_of(quoted.group(1))):
            groups.append(Group(" ".join(phrase), spelled(phrase)))
    rest += units_of(text[end:])
    groups += grouped(rest)
    large = [g for g in groups if g.typed not in SMALL]
    keys = [key_of(text)]
    if len(groups) == 1 and groups[0].phrases in names():
        keys += [key_of(" ".join(p)) for p in groups[0].phrases]
    return Query(tuple(dict.fromkeys(large or groups)), tuple(dict.fromkeys(keys)))
