"""Records as a table that an import takes back unchanged."""

from .cells import LOCK, columns, fetched, lock_of, write


def lines(queryset):
    """Yield the header and the records of a queryset as lists of texts and numbers."""
    fields = columns(queryset.model)
    yield [*fields, LOCK]
    for obj in fetched(queryset).iterator(chunk_size=500):
        yield [*(write(field, obj) for field in fields.values()), lock_of(obj)]
