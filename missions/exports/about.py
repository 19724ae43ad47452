"""What an export is, for those who find it later: query, address, release, time."""

import re
from dataclasses import dataclass, field

from django.utils import timezone

from ..catalogue import moment

FILE_NAME = 120  # characters, at most


@dataclass(frozen=True)
class About:
    """Where rows come from: `name` for files, `title` and `sentence` for people, the query as {parameter: values}."""

    name: str
    title: str
    address: str
    query: dict = field(default_factory=dict)
    release: str = ""
    note: str = ""
    sentence: str = "Every fact has a source and a date; `sources` holds what they rest on."
    made: str = field(default_factory=lambda: moment(timezone.now()))

    @property
    def is_full_address(self):
        """Whether the address names a host; a release is made by a command that knows none."""
        return "://" in self.address


def file_name(name, query):
    """Return a file name that tells the filter: `missions_region-africa_type-observer`."""
    parts = [f"{key}-{'+'.join(values)}" for key, values in sorted(query.items()) if any(values)]
    told = "_".join([name, *parts])
    return re.sub(r"[^A-Za-z0-9_.+-]+", "-", told)[:FILE_NAME].rstrip("-_.")
