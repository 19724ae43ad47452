"""What is searchable of an entry, and the table that holds it. Everything here runs in the transaction of the save."""

import datetime
from functools import cache

from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.db.models import ForeignKey, Manager, Prefetch
from tqdm import tqdm

from ..choices import Stage
from ..models import FACTS, KINDS, LISTED, SearchDocument
from ..prose import plain
from . import engine
from .words import key_of

COLUMNS = {"title": 10, "names": 5, "lead": 2, "body": 0}  # column -> least weight of the fields in it
BATCH = 200


def column_of(weight):
    return next(name for name, least in COLUMNS.items() if weight >= least)


@cache
def heads(model):
    """Return the fields at the start of the paths in `search_fields`."""
    return [model._meta.get_field(n) for n in dict.fromkeys(p.split("__")[0] for p in model.search_fields)]


def searchable(model):
    """Return the rows that have documents, with all that is read of them. Scheduled ones are among them: they become
    public by the clock alone, and until then no search shows them."""
    rows = model._default_manager.all()
    rows = rows.filter(stage=Stage.PUBLISHED) if model in KINDS else rows
    many = [f for f in heads(model) if f.one_to_many or f.many_to_many]
    forward = [f.name for f in heads(model) if isinstance(f, ForeignKey)]
    rows = rows.select_related(*forward) if forward else rows
    return rows.prefetch_related(*(Prefetch(f.name, queryset=shown(f.related_model)) for f in many))


def shown(model):
    """Return the related rows that the public may read once the entry itself is public."""
    if model in FACTS:
        return model._default_manager.filter(model.own_q())
    return model._default_manager.published() if model in KINDS else model._default_manager.all()


def values(obj, path):
    """Yield the texts at the end of a path of `search_fields`."""
    head, _, rest = path.partition("__")
    value = getattr(obj, head)
    if isinstance(value, Manager):
        for related in value.all():
            yield from values(related, rest)
    elif rest:
        yield from values(value, rest) if value else ()
    elif isinstance(value, datetime.date):
        yield str(value.year)
    elif value:
        field = field_of(obj, head)
        yield str(getattr(obj, f"get_{head}_display")() if field and field.choices else value)


def field_of(obj, name):
    try:
        return obj._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def document(entry):
    """Return the document of an entry, not saved."""
    texts = {name: [] for name in COLUMNS}
    for path, weight in entry.search_fields.items():
        column = texts[column_of(weight)]
        for value in values(entry, path):
            column += value.splitlines() if weight >= COLUMNS["names"] else [plain(value)]
    if type(entry) in KINDS:
        texts["names"].append(entry._meta.verbose_name.capitalize())
    texts = {n: "\n".join(dict.fromkeys(t.strip() for t in ts if t.strip())) for n, ts in texts.items()}
    return SearchDocument(
        kind=entry._meta.model_name,
        entry_id=entry.pk,
        permanent_id=entry.permanent_id,
        slug=entry.slug,
        label=entry.label,
        acronym=getattr(entry, "acronym", "") or getattr(entry, "symbol", ""),
        keys="\n" + "".join(f"{k}\n" for k in dict.fromkeys(map(key_of, entry.exact_names)) if k),
        updated_at=entry.updated_at,
        **{n: engine.without_marks(t) for n, t in texts.items()},
    )


@transaction.atomic
def index(model, keys, gone=False):
    """Write the documents of these entries of one kind anew; those that are not published, or gone, lose theirs."""
    SearchDocument.objects.filter(kind=model._meta.model_name, entry_id__in=keys).delete()
    if gone:
        return
    SearchDocument.objects.bulk_create(document(e) for e in searchable(model).filter(pk__in=keys))


@transaction.atomic
def rebuild(progress=False):
    """Write all documents anew and mend the full-text index; return how many there are."""
    SearchDocument.objects.all().delete()
    number = 0
    for model in LISTED:
        rows = searchable(model)
        name = str(model._meta.verbose_name_plural)
        for start in tqdm(range(0, rows.count(), BATCH), desc=name, unit=" batches", disable=not progress):
            made = [document(e) for e in rows.order_by("pk")[start : start + BATCH]]
            SearchDocument.objects.bulk_create(made)
            number += len(made)
    engine.mend()
    return number


def is_stale(state=None):
    """Tell whether the index lacks or holds what the published content does not."""
    return any(
        entries != documents or newest != newest_document
        for _, entries, documents, newest, newest_document in state or engine.state()
    )
