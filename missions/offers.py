"""What newer fixtures hold of records that editors edited: shown value by value, taken into a draft, or declined.

The editors' text stays public until a draft is published. What is decided is remembered for this version of the
fixture: a still newer one is offered anew.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction

from . import batches, differences, drafts, history, loading, snapshot, workflow
from .drafts import StepError
from .models import KINDS, FormerAddress, LoadedRecord
from .models.base import new_lock

REASON = "Taken over from newer content"


@dataclass
class Offer:
    """One record with what newer content holds of it."""

    known: LoadedRecord
    row: object
    values: list = field(default_factory=list)  # `differences.Difference` from ours to theirs
    trouble: str = ""  # why it cannot be taken

    @property
    def seen(self):
        return loading.checksum(self.known.offered)

    @property
    def owner(self):
        """The entry whose draft would take it, or None for what has no drafts."""
        return owner_of(self.row)


def owner_of(row):
    """Return the entry that a record is, or belongs to, or None."""
    return row if isinstance(row, KINDS) else snapshot.owner_of(row)[0]


def open_offers():
    """Return the records for which newer content waits for a decision."""
    return LoadedRecord.objects.filter(offered__isnull=False).order_by("model", "permanent_id")


def row_of(known):
    """Return the record that an offer is about, or None if it is gone."""
    model = apps.get_model("missions", known.model)
    has_id = any(f.name == "permanent_id" for f in model._meta.concrete_fields)
    key = "permanent_id" if has_id else model.address_field
    return model._default_manager.filter(**{key: known.permanent_id}).first()


def content(row, fields):
    """Return what an offer would set: all of a fixture but when and whether the entry is published."""
    apart = {*snapshot.EDITORIAL, "updated_at"} if isinstance(row, KINDS) else {"updated_at"}
    return {n: v for n, v in fields.items() if n not in apart}


def find(model_field, natural_key):
    """Return the record that a fixture names, by its address or one that it had. Raises `LookupError`."""
    model, (address,) = model_field.related_model, natural_key
    rows = model._default_manager
    former = FormerAddress.objects.of(model).filter(slug=address).values_list("permanent_id", flat=True).first()
    found = rows.filter(**{model.address_field: address}).first()
    if found is None and former:
        found = rows.filter(permanent_id=former).first()
    if found is None:
        raise loading.missing(model_field, natural_key)
    return found


def values_of(row, names, many):
    """Return {field name: value}, relations as keys; `many` gives objects in place of what is stored."""
    found = {}
    for name in names:
        model_field = row._meta.get_field(name)
        if model_field.many_to_many:
            found[name] = sorted(o.pk for o in (many[name] if name in many else getattr(row, name).all()))
        else:
            found[name] = getattr(row, model_field.attname)
    return found


def shown(known):
    """Return an offer with its differences, or None if the record is gone. Writes nothing."""
    row = row_of(known)
    if row is None:
        return None
    offer, fields = Offer(known, row), content(row, known.offered)
    ours = values_of(row, fields, {})
    try:
        many = loading.filled(row, fields, find)
    except (LookupError, ValidationError) as error:
        offer.trouble = in_words(error)
        return offer
    theirs = values_of(row, fields, many)
    records = [{"model": row._meta.label_lower, "fields": f} for f in (ours, theirs)]
    offer.values = differences.values(type(row), ours, theirs, differences.Names(records))
    return offer


def in_words(error):
    if isinstance(error, ValidationError):
        return " ".join(f"{name}: {' '.join(reasons)}" for name, reasons in error.message_dict.items())
    return str(error.args[0])


def may_decide(user, row):
    """Tell whether a user may write drafts of the entry, or change the record if it has no drafts."""
    kind = (owner_of(row) or row)._meta.model_name
    return user.has_perm(f"missions.change_{kind}")


@transaction.atomic
def take(known, user, seen):
    """Take newer content into the draft of its entry, or over at once where there are no drafts. Raises `StepError`."""
    known, row = demanded(known, user, seen)
    entry = owner_of(row)
    try:
        if entry is None:
            take_over(row, known.offered, user)
        elif workflow.is_public(entry):
            take_into_draft(entry, row, known.offered, user)
        else:
            take_unpublished(entry, row, known.offered, user)
    except (LookupError, ValidationError) as error:
        raise StepError(f"This cannot be taken over: {in_words(error)}") from error
    settle(known)
    return entry or row


@transaction.atomic
def decline(known, user, seen):
    """Keep the editors' version; this version of the newer content is not offered again. Raises `StepError`."""
    known, row = demanded(known, user, seen)
    settle(known)
    return row


def demanded(known, user, seen):
    """Return the offer and its record, held until the transaction ends; refuse what may not be decided now."""
    known = open_offers().select_for_update().filter(pk=known.pk).first()
    row = row_of(known) if known else None
    drafts.demand_possible(row is not None, "This is decided already.")
    drafts.demand(may_decide(user, row), user, "change", known.permanent_id)
    drafts.demand_possible(
        seen == loading.checksum(known.offered), "Still newer content came while you read it: read it again."
    )
    return known, row


def settle(known):
    """Remember that this version of the fixture was decided on."""
    known.checksum, known.offered = loading.checksum(known.offered), None
    known.save()


def put(row, fields):
    """Write what an offer holds into the row as it stands in the database now."""
    row = type(row)._default_manager.filter(pk=row.pk).first()
    drafts.demand_possible(row is not None, "The draft no longer holds this row: discard the draft, or keep ours.")
    many = loading.filled(row, content(row, fields), find)
    loading.save(row)
    for name, objects in many.items():
        getattr(row, name).set(objects)
    return row


def take_into_draft(entry, row, fields, user):
    with drafts.inside(entry) as draft:
        drafts.demand_possible(not draft.trouble, draft.trouble)
        put(row, fields)
        state = snapshot.take(entry)
    drafts.keep(entry, state, new_lock(), user, reason=REASON)


def take_unpublished(entry, row, fields, user):
    put(row, fields)
    entry = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
    workflow.stamp(entry)
    entry.save()
    drafts.keep_unpublished(entry, user, reason=REASON)
    workflow.index_entry(entry)


def take_over(row, fields, user):
    """Change what entries refer to: readers see it at once."""
    batches.record_unrecorded(row)
    row = put(row, fields)
    history.record(row, user=user, reason=REASON)
    batches.index_others(type(row), [row])
