"""Two states of an entry, compared value by value as an editor reads them: relations by name, prose word by word."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from diff_match_patch import diff_match_patch
from django.apps import apps
from django.db.models import ForeignKey

from . import snapshot

HIDDEN = ("permanent_id",)
TOKEN = re.compile(r"\s+|\w+|[^\w\s]")
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


class Names:
    """What related records are called, read in one query for each model."""

    def __init__(self, *states):
        wanted = defaultdict(set)
        for record in (r for state in states for r in state):
            for f in relations(apps.get_model(record["model"])):
                value = record["fields"].get(f.name)
                wanted[f.related_model] |= set(value if isinstance(value, list) else [value])
        self.names = {m: {o.pk: str(o) for o in m._default_manager.filter(pk__in=pks - {None})}
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


def values(model, old, new, names, apart=()):
    found = []
    for f in shown_fields(model):
        before, after = old.get(f.name), new.get(f.name)
        if f.name in apart or before == after:
            continue
        is_text = f.get_internal_type() in ("TextField", "CharField") and not f.choices
        label = str(f.verbose_name).capitalize()
        found.append(Difference(f.name, label, in_words(f, before, names), in_words(f, after, names), is_text))
    return [d for d in found if d.old != d.new]


def row_label(record):
    made, _ = snapshot.built(record)
    return f"{made._meta.verbose_name} “{made}”".capitalize() if record["pk"] else str(made)


def compare(old, new):
    """Return the rows on which two states of one entry differ, the entry itself first."""
    names = Names(old, new)
    before, after = snapshot.by_key(old), snapshot.by_key(new)
    own = new[0] if new else old[0]
    parent = {f.model: f.name for _, f in snapshot.row_models(apps.get_model(own["model"]))}
    found = []
    for key in [*after, *(k for k in before if k not in after)]:
        model = apps.get_model(key[0])
        one, other = before.get(key), after.get(key)
        if one == other:
            continue
        how = "added" if one is None else "removed" if other is None else "changed"
        differing = values(model, (one or {"fields": {}})["fields"], (other or {"fields": {}})["fields"], names,
                           apart=(parent.get(model, ""),))  # fmt: skip
        is_entry = key == (own["model"], own["pk"])
        if differing or how != "changed":
            found.append(Row(key, "" if is_entry else row_label(other or one), how, differing))
    return found
