"""Lookups and keys that bear whatever is asked for."""

from django.db.models import BigIntegerField
from django.db.models.lookups import In

LEAST, MOST = -BigIntegerField.MAX_BIGINT - 1, BigIntegerField.MAX_BIGINT


class WholeNumberIn(In):
    """Leaves out numbers that no column holds: SQLite breaks on them. Django does so for one number only."""

    def get_prep_lookup(self):
        values = super().get_prep_lookup()
        if not self.rhs_is_direct_value():
            return values
        return [v for v in values if not isinstance(v, int) or LEAST <= v <= MOST]


def is_key(value):
    """Tell whether a value that was sent, of any length and script, can be the key of a record."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) <= len(str(MOST))
