"""How fields and values here correspond to those of other schemes; what differs is said, not smoothed over."""

import csv
from dataclasses import dataclass
from pathlib import Path

# Scheme -> slug of the source that describes it.
SCHEMES = {
    "UN list of operations": "un-operations-list",
    "UN operations dataset": "un-missions-dataset",
    "UN fatalities dataset": "un-fatalities-dataset",
    "PEMA": "pema-2022",
    "SIPRI": "sipri-peace-operations-methods",
}


@dataclass(frozen=True)
class Match:
    """One field or rule of another scheme, the field here that comes nearest, and how they differ."""

    scheme: str
    theirs: str
    ours: str
    difference: str

    @property
    def line(self):
        return (self.scheme, self.theirs, self.ours, self.difference)


MATCH_NAMES = {
    "scheme": "The other scheme.",
    "theirs": "Its field, value or rule.",
    "ours": "What comes nearest here, as table.field; empty where nothing does.",
    "difference": "How the two differ.",
}


def read():
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return tuple(Match(**row) for row in csv.DictReader(file))


MATCHES = read()
