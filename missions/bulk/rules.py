"""The constraints of the database, judged over many rows at once before any is written.

Asking the database for each row and constraint takes milliseconds, which thousands of rows do not have. Rows are judged
as all of them will be in the end, so that two rows of one table can exchange what only one may have.
"""

import operator
from collections import defaultdict

from django.db.models import CheckConstraint, F, Q, UniqueConstraint

CHUNK = 500  # values in one query
COMPARISONS = {"": operator.eq, "gte": operator.ge}


def value_of(obj, name):
    return getattr(obj, obj._meta.get_field(name).attname)


def holds(condition, obj):
    """Tell whether a row meets a condition as the database sees it: True, False, or None where a value is missing."""
    found = [holds(c, obj) if isinstance(c, Q) else compared(obj, *c) for c in condition.children]
    decisive = condition.connector == Q.OR
    result = decisive if decisive in found else None if None in found else not decisive
    return not result if condition.negated and result is not None else result


def compared(obj, lookup, wanted):
    name, _, how = lookup.partition("__")
    value = value_of(obj, name)
    if how == "isnull":
        return (value is None) == wanted
    wanted = value_of(obj, wanted.name) if isinstance(wanted, F) else wanted
    return None if value is None or wanted is None else COMPARISONS[how](value, wanted)


def names_in(condition):
    """Return the names of the fields that a condition mentions."""
    return {n for c in condition.children for n in (names_in(c) if isinstance(c, Q) else [c[0].partition("__")[0]])}


def broken(obj, apart=frozenset()):
    """Return the messages of the checks that a row does not pass, but for those that mention a field in `apart`."""
    checks = [c for c in obj._meta.constraints if isinstance(c, CheckConstraint) and not names_in(c.condition) & apart]
    return [c.get_violation_error_message() for c in checks if holds(c.condition, obj) is False]


def uniques(model):
    """Return [(field names, condition)] of what no two rows may have alike, and {field names: message}."""
    fields = [(f.name,) for f in model._meta.concrete_fields if f.unique and not f.primary_key]
    constraints = [c for c in model._meta.constraints if isinstance(c, UniqueConstraint)]
    found = [(names, Q()) for names in fields] + [(c.fields, c.condition or Q()) for c in constraints]
    return found, {c.fields: c.get_violation_error_message() for c in constraints if c.condition}


def clashes(model, objects):
    """Yield (object, field names, message, rival) of all that cannot stand beside a rival: another object, or None if
    that is stored.
    """
    found, messages = uniques(model)
    for names, condition in found:
        rivals = defaultdict(list)
        for obj in objects:
            key = tuple(value_of(obj, n) for n in names)
            if None not in key and holds(condition, obj):
                rivals[key].append(obj)
        taken = stored_keys(model, names, condition, rivals, {o.pk for o in objects})
        for key, claimants in rivals.items():
            message = messages.get(names) or claimants[0].unique_error_message(model, names).messages[0]
            first = None if key in taken else claimants.pop(0)
            yield from ((obj, names, message, first) for obj in claimants)


def stored_keys(model, names, condition, keys, apart):
    """Return those of `keys` that stored rows have, other than rows with a primary key in `apart`."""
    first, found = names[0], set()
    values = sorted({key[0] for key in keys})
    rows = model._default_manager.filter(condition).order_by()
    for start in range(0, len(values), CHUNK):
        some = rows.filter(**{f"{first}__in": values[start : start + CHUNK]}).values_list("pk", *names)
        found |= {tuple(key) for pk, *key in some if pk not in apart}
    return found & set(keys)
