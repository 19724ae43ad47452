"""What will go from the API, and when: one table that sets the headers of answers and the marks in the schema."""

import datetime
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import http_date

SHORTEST = datetime.timedelta(days=365)


@dataclass(frozen=True)
class Deprecated:
    """A field or parameter `name` of /api/v1/<segment>/, or with an empty name the address itself, that will go."""

    segment: str
    name: str
    since: datetime.date
    until: datetime.date
    instead: str  # what to use, as a sentence

    def __post_init__(self):
        if self.until - self.since < SHORTEST:
            raise ValueError(f"{self.segment} {self.name} must stay for twelve months after it is marked.")

    @property
    def note(self):
        return f"Deprecated since {self.since}, goes on {self.until}. {self.instead}"


DEPRECATED = ()


def rows_of(segment, name=None):
    """Return the rows about an address, or those about one name at it."""
    return [d for d in DEPRECATED if d.segment == segment and name in (None, d.name)]


def moment(day):
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())


def headers(segment, absolute):
    """Return the headers of answers at an address from which something goes (RFC 9745 and 8594), the soonest end first.

    `absolute` makes a full address of a path.
    """
    rows = rows_of(segment)
    if not rows:
        return {}
    return {
        "Deprecation": f"@{moment(min(d.since for d in rows))}",
        "Sunset": http_date(moment(min(d.until for d in rows))),
        "Link": f'<{absolute(reverse("api-docs"))}#deprecated>; rel="deprecation"',
    }
