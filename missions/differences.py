"""Two states of an entry, compared value by value as an editor reads them: relations by name, prose word by word."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from diff_match_patch import diff_match_patch
from django.apps import apps
from django.db.models import ForeignKey

from . import snapshot
from .models import KINDS, Source

EMPTY = (None, "", [])
HIDDEN = ("permanent_id",)
TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
LONG = 120  # characters; a longer text is named and not repeated
SECONDS = 1.0  # for one text; after that the comparison is coarser
DELETED, KEPT, INSERTED = -1, 0, 1
PARTS = {DELETED: "del", KEPT: "same", INSERTED: "ins"}


def words(old, new):
    """Return [(kind, text)] with kind del, same or ins, that lead word by word from one text to the other."""
    alphabet = {}
    letters = ["".join(chr(letter(alphabet, t)) for t in TOKEN.findall(text)) for text in (old, new)]
    engine = diff_match_patch()
    engine.Diff_Timeout = SECONDS
    parts = engine.diff_main(*letters, False)
    engine.diff_cleanupSemantic(parts)
    tokens = {chr(n): token for token, n in alphabet.items()}
    return [(PARTS[kind], "".join(tokens[c] for c in text)) for kind, text in parts]


def letter(alphabet, token):
    """Return a code point for a word; surrogates stand for nothing and are passed over."""
    number = alphabet.setdefault(token, len(alphabet) + 1 + 0x800 * (len(alphabet) >= 0xD7FF))
    return number


@dataclass(frozen=True)
class Difference:
    """One value that differs: its label, and the parts that lead from the old to the new one."""

    name: str
    label: str
    old: str
    new: str
    is_text: bool

    @property
    def parts(self):
        return words(self.old, self.new) if self.is_text and self.old and self.new else []


@dataclass(frozen=True)
class Row:
    """One record that differs: the entry itself or a row of it; `how` is changed, added or removed."""

    key: tuple
    label: str
    how: str
    values: list = field(default_factory=list)

    @property
    def model(self):
        return self.key[0].partition(".")[2]


def called(thing):
    """Return what a related record is called, so that two of one name are told apart."""
    return f"{thing} (@{thing.slug})" if isinstance(thing, Source) else str(thing)


class Names:
    """What related records are called, read in one query for each model."""

    def __init__(self, *states):
        wanted = defaultdict(set)
        for record in (r for state in states for r in state):
            for f in relations(apps.get_model(record["model"])):
                value = record["fields"].get(f.name)
                wanted[f.related_model] |= set(value if isinstance(value, list) else [value])
        self.names = {m: {o.pk: called(o) for o in m._default_manager.filter(pk__in=pks - {None})}
                      for m, pks in wanted.items()}  # fmt: skip

    def of(self, model, pk):
        return self.names[model].get(pk, f"{model._meta.verbose_name} that no longer exists")


def relations(model):
    return [f for f in (*model._meta.concrete_fields, *model._meta.many_to_many) if f.related_model]


def in_words(f, value, names):
    """Return a value of a field as an editor reads it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(f, ForeignKey):
        return names.of(f.related_model, value)
    if f.many_to_many:
        return "; ".join(sorted(names.of(f.related_model, pk) for pk in value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(str(v) for v in value)
    return str(dict(f.choices or ()).get(value, value))


def shown_fields(model):
    """Return the fields that can differ, without those that tie a row to its entry."""
    names = [n for n in snapshot.stored_fields(model) if n not in HIDDEN]
    return [model._meta.get_field(n) for n in names]


def values(model, old, new, names):
    parent, found = parents().get(model, ""), []
    for f in shown_fields(model):
        before, after = old.get(f.name), new.get(f.name)
        if f.name == parent or before == after or (before in EMPTY and after in EMPTY):
            continue
        is_text = f.get_internal_type() in ("TextField", "CharField") and not f.choices
        label = str(f.verbose_name).capitalize()
        found.append(Difference(f.name, label, in_words(f, before, names), in_words(f, after, names), is_text))
    return found


@cache
def parents():
    """Return {row model: name of the foreign key that ties it to its entry}."""
    return {row: f.name for kind in KINDS for row, f in snapshot.row_models(kind)}


def row_label(record, model):
    made, _ = snapshot.built(record)
    return "" if model in KINDS else f"{made._meta.verbose_name} “{made}”".capitalize()


def difference(old, new, names):
    """Return in what two records of one thing differ, as a `Row`, or None; either record may be missing."""
    one, other = (old or {"fields": {}})["fields"], (new or {"fields": {}})["fields"]
    record = new or old
    model = apps.get_model(record["model"])
    how = "added" if old is None else "removed" if new is None else "changed"
    differing = values(model, one, other, names)
    if how == "changed" and not differing:
        return None
    return Row((record["model"], record["pk"]), row_label(record, model), how, differing)


def summary(old, new):
    """Return what two states differ in for a list of corrections: [[where, value, old, new]], long texts left out."""
    told = []
    for row in compare(old, new):
        for d in row.values:
            is_short = len(d.old) <= LONG and len(d.new) <= LONG
            told.append([row.label, d.label, *((d.old, d.new) if is_short else ("", ""))])
    return told


def compare(old, new):
    """Return the rows on which two states of one entry differ, the entry itself first."""
    names = Names(old, new)
    before, after = snapshot.by_key(old), snapshot.by_key(new)
    keys = [*after, *(k for k in before if k not in after)]
    found = [difference(before.get(k), after.get(k), names) for k in keys if before.get(k) != after.get(k)]
    return [row for row in found if row]
