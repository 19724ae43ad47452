"""What changed from one release to another, in numbers and in words."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache

NOT_COMPARED = ("updated_at", "url")  # they follow from what is compared
NAMES = ("acronym", "title", "label", "name", "measure", "task", "entry", "dimension")
SHOWN = 160  # characters of a value in a line


@dataclass(frozen=True)
class Difference:
    """One row added or removed (`field` is empty), or one value changed."""

    table: str
    key: str
    label: str
    kind: str  # added, removed, changed
    field: str = ""
    before: str = ""
    after: str = ""

    def record(self):
        told = {"table": self.table, "id": self.key, "label": self.label, "change": self.kind}
        return told | ({"field": self.field, "before": self.before, "after": self.after} if self.field else {})

    def in_words(self):
        if not self.field:
            return f"{self.label}: {self.kind}"
        return f"{self.label}, {self.field}: from {shown(self.before)} to {shown(self.after)}"


def shown(text):
    if not text:
        return "not recorded"
    return f"“{text if len(text) <= SHOWN else text[: SHOWN - 1] + '…'}”"


def label_of(row):
    """Return what a row is called: for a fact its mission and what it is of, with the date."""
    name = next((row[n] for n in NAMES if row.get(n)), "")
    when = row.get("as_of") or row.get("date") or ""
    scope = row.get("scope", "") if row.get("scope") != "all" else ""
    return ", ".join(filter(None, [row.get("mission", ""), name, scope, row.get("period", ""), when])) or "a row"


def differences(before, after, table):
    """Yield the differences of one table of two archives."""
    old, new = before.by_key(table), after.by_key(table)
    for key, row in old.items():
        if key not in new:
            yield Difference(table, key, label_of(row), "removed")
    for key, row in new.items():
        if key not in old:
            yield Difference(table, key, label_of(row), "added")
            continue
        for name in row:
            if name not in NOT_COMPARED and name in old[key] and row[name] != old[key][name]:
                yield Difference(table, key, label_of(row), "changed", name, old[key][name], row[name])


class Comparison:
    """Two archives, the earlier first."""

    def __init__(self, before, after):
        self.before, self.after = before, after

    @cached_property
    def differences(self):
        tables = dict.fromkeys([*self.before.resources, *self.after.resources])
        return [d for table in tables for d in differences(self.before, self.after, table)]

    @cached_property
    def tables(self):
        """Return [(table, {kind: number}, differences)] of the tables that differ."""
        names = dict.fromkeys(d.table for d in self.differences)
        grouped = {name: [d for d in self.differences if d.table == name] for name in names}
        return [(name, dict(Counter(d.kind for d in found)), found) for name, found in grouped.items()]

    def record(self):
        """Return the comparison as public data."""
        counts = {name: number for name, number, _ in self.tables}
        return {"counts": counts, "changes": [d.record() for d in self.differences]}


@lru_cache(maxsize=4)
def compared(before, after):
    """Return the comparison of two archives; as neither ever changes, the last few are kept in memory."""
    return Comparison(before, after)
