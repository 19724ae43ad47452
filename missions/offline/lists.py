"""What the script of a list filters, counts and shows: the same facets, years, orders and rows as the site has."""

from django.http import QueryDict

from .. import exports, facets, maps
from ..exports.cells import csv_lines
from ..filters import Listing
from ..models import Mission
from ..views.lists import VIEWS


def rows_of(bits, numbers):
    """Return the numbers of the rows whose keys are set in `bits`."""
    return [number for key, number in numbers.items() if bits >> key & 1]


def orders(model, numbers):
    """Return {ordering: numbers of the rows}, for every ordering that the list takes."""
    names = [sign + name for name in model.ordering_fields for sign in ("", "-")]
    listings = {name: Listing(model, QueryDict(f"ordering={name}")) for name in names}
    return {
        name: [numbers[key] for key in listing.rows.values_list("pk", flat=True)] for name, listing in listings.items()
    }


def list_data(model, pieces):
    """Return what the script of a list knows; `pieces` is {view: {address of an entry: its HTML}}.

    `rows` are the addresses in the order of the list; all else names them by their number in it.
    """
    rows = Listing(model, QueryDict()).rows
    keys = list(rows.values_list("pk", model.address_field))
    numbers = {key: number for number, (key, _) in enumerate(keys)}
    found = facets.index(model)
    data = {
        "segment": model.url_segment,
        "size": model.page_size,
        "rows": [address for _, address in keys],
        "facets": {
            name: {value: rows_of(bits, numbers) for value, bits in sorted(values.items())}
            for name, values in found.rows_of.items()
        },
        "orders": orders(model, numbers),
        "csv": table_lines(rows),
    }
    if model is Mission:
        years = rows.values_list("started_on__year", "ended_on__year")
        data["years"] = [list(pair) for pair in years]
        firsts = [first for first, _ in maps.CLASSES]
        data["map"] = {"firsts": firsts, "margin": maps.MARGIN, "least": maps.LEAST}
    return data | {view: [pieces[view][address] for _, address in keys] for view in VIEWS}


def table_lines(rows):
    """Return the lines of the CSV of a list, the header first, each as it stands in the file."""
    return ["".join(csv_lines([line], mark="")) for line in exports.table(rows).lines]
