"""Where an entry stands in the list from which a reader came."""

from dataclasses import dataclass

from django.http import QueryDict

from ..filters import Listing


@dataclass(frozen=True)
class Place:
    """One entry's place in a filtered list: `number` of `count`, counted from 1; `number` is None outside it."""

    listing: Listing
    query: str
    number: int | None
    before: tuple | None  # (address, name)
    after: tuple | None


def place_within(entry, query):
    """Return the place of an entry in the list that `query` asks for, and the errors of that query."""
    model = type(entry)
    listing = Listing(model, QueryDict(query))
    if listing.errors:
        return None, listing.errors
    name = getattr(model, "short_label_field", model.label_field)
    rows = list(listing.rows.values_list(model.address_field, name))
    at = next((n for n, (address, _) in enumerate(rows) if address == entry.address), None)
    if at is None:
        return Place(listing, query, None, None, None), {}
    before, after = rows[at - 1] if at else None, rows[at + 1] if at + 1 < len(rows) else None
    return Place(listing, query, at + 1, before, after), {}
