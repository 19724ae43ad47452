"""Words to rows. One function, so that a better engine can take its place."""

import re

from django.db.models import Case, IntegerField, Q, Value, When

MAX_WORDS = 8
EXACT = 1000  # added to the rank of a row whose first search field is the very text


def words(text):
    """Return the words to look for: at most eight, without punctuation at their ends."""
    return [w.strip(".,;:!?\"'()[]“”‘’") for w in re.split(r"\s+", text) if w.strip(".,;:!?\"'()[]“”‘’")][:MAX_WORDS]


def matching(queryset, text):
    """Return the rows in which every word of `text` occurs in some search field, with a `rank` to order by."""
    fields = queryset.model.search_fields
    rank = Value(0)
    found = words(text)
    if not found:
        return queryset.annotate(rank=Value(0)).none()
    for word in found:
        anywhere = Q()
        for name, weight in fields.items():
            hit = Q(**{f"{name}__icontains": word})
            anywhere |= hit
            rank = rank + Case(When(hit, then=Value(weight)), default=Value(0), output_field=IntegerField())
        queryset = queryset.filter(anywhere)
    first = next(iter(fields))
    exact = Case(When(**{f"{first}__iexact": text.strip(), "then": Value(EXACT)}), default=Value(0))
    return queryset.annotate(rank=rank + exact)
