"""Bring the fixtures into a database that editors work in, without losing a word of theirs.

A record is identified by its permanent id (countries, regions and organizations: by their code). Beside every
loaded record stands the checksum of what the fixtures put there. A record that still has it was not edited and
is refreshed; any other is kept and listed, and what newer fixtures hold of it is offered to the editors.
"""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey
from tqdm import tqdm

from . import search, workflow
from .differences import parents
from .models import (
    FACTS,
    KINDS,
    TAUGHT,
    Answer,
    Approach,
    ApproachDimension,
    Assessment,
    CaseStudy,
    Challenge,
    Country,
    DiscussionQuestion,
    Event,
    Evidence,
    Figure,
    LearningPath,
    LoadedRecord,
    MandatedTask,
    Mission,
    Organization,
    Packet,
    PathStep,
    Principle,
    Region,
    Source,
    Succession,
    Term,
    Theme,
    Trend,
)
from .models.base import new_lock

# File of each model, in the order in which they can be loaded.
FILES = {
    "regions": Region,
    "countries": Country,
    "organizations": Organization,
    "sources": Source,
    "terms": Term,
    "missions": Mission,
    "successions": Succession,
    "case_studies": CaseStudy,
    "approaches": Approach,
    "approach_dimensions": ApproachDimension,
    "principles": Principle,
    "challenges": Challenge,
    "trends": Trend,
    "themes": Theme,
    "figures": Figure,
    "events": Event,
    "mandated_tasks": MandatedTask,
    "assessments": Assessment,
    "evidence": Evidence,
    "packets": Packet,
    "questions": DiscussionQuestion,
    "answers": Answer,
    "learning_paths": LearningPath,
    "path_steps": PathStep,
}


class FixtureError(Exception):
    """A fixture cannot be loaded; the message names the file, the record, the field and the reason."""


@dataclass
class Report:
    added: Counter = field(default_factory=Counter)
    refreshed: Counter = field(default_factory=Counter)
    unchanged: Counter = field(default_factory=Counter)
    kept: list = field(default_factory=list)  # (model name, record, why)
    offered: int = 0  # of those that are kept, how many the fixtures have newer content for


def key_of(model, fields):
    return fields.get("permanent_id") or fields[model.address_field]


def value_of(instance, name):
    """Return a field of an instance as the fixture files write it."""
    model_field = instance._meta.get_field(name)
    if model_field.many_to_many:
        return sorted([list(o.natural_key()) for o in getattr(instance, name).all()])
    if isinstance(model_field, ForeignKey):
        related = getattr(instance, name)
        return list(related.natural_key()) if related else None
    value = model_field.value_from_object(instance)
    if value is None or isinstance(value, (str, int, bool, list)):
        return value
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if hasattr(value, "hour") else value.isoformat()


def checksum(fields):
    content = {k: sorted(v) if isinstance(v, list) and v and isinstance(v[0], list) else v for k, v in fields.items()}
    content.pop("updated_at", None)
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


NOT_CONTENT = {"id", "lock", "updated_at", "status", "withdrawal_kind", "merged_into"}


def state(row):
    """Return the content of a row as a fixture would hold it."""
    apart = NOT_CONTENT | ({"withdrawal_note"} if isinstance(row, FACTS) else set())
    fields = [f.name for f in row._meta.fields if f.name not in apart]
    return {name: value_of(row, name) for name in (*fields, *(f.name for f in row._meta.many_to_many))}


def is_edited(row):
    """Tell whether a row differs from what fixtures or imports last put there, or never came from them."""
    known = LoadedRecord.objects.filter(model=row._meta.model_name, permanent_id=row.permanent_id).first()
    return known is None or known.checksum != checksum(state(row))


def filled(row, fields, find):
    """Set fields on a row as a fixture writes them; return the objects of its many-to-many fields by name.

    `find(field, natural key)` returns a related object or raises `LookupError`.
    """
    many = {}
    for name, value in fields.items():
        model_field = row._meta.get_field(name)
        if model_field.many_to_many:
            many[name] = [find(model_field, v) for v in value]
        elif isinstance(model_field, ForeignKey):
            setattr(row, name, find(model_field, value) if value else None)
        else:
            setattr(row, name, python(model_field, value))
    return many


def python(model_field, value):
    try:
        return model_field.to_python(value)
    except ValidationError as error:
        raise ValidationError({model_field.name: error.messages}) from error


def missing(model_field, natural_key):
    """Return what is wrong with a relation that names no record."""
    kind = model_field.related_model._meta.verbose_name
    return LookupError(f"{model_field.name}: there is no {kind} “{natural_key[0]}”")


def remember(row):
    """Record that the row now holds what an import put there."""
    LoadedRecord.objects.update_or_create(
        model=row._meta.model_name, permanent_id=row.permanent_id, defaults={"checksum": checksum(state(row))}
    )


def save(row):
    """Save a row that keeps every rule; the database judges uniqueness and constraints, which is faster."""
    row.clean_fields(exclude=[f.name for f in row._meta.fields if isinstance(f, ForeignKey)])
    row.clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        row.full_clean()  # says in words what the database refused
        raise ValidationError({"record": [str(error)]}) from error


class Loader:
    """One load of all fixture files into the database."""

    def __init__(self, directory=None, progress=False):
        self.directory = directory or settings.BASE_DIR / "fixtures"
        self.progress = progress
        self.report = Report()
        self.loaded = {(r.model, r.permanent_id): r for r in LoadedRecord.objects.all()}
        self.by_address = {}
        self.touched, self.locked = {}, set()
        self.remembered = []

    @transaction.atomic
    def load(self):
        """Load everything or nothing and return the report. Raises `FixtureError`."""
        files = {name: self.read(name) for name in FILES}
        with tqdm(total=sum(map(len, files.values())), unit=" records", disable=not self.progress) as bar:
            for name, records in files.items():
                bar.set_description(name.replace("_", " "))
                self.load_file(FILES[name], name, records, bar)
        LoadedRecord.objects.bulk_create(
            self.remembered,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["model", "permanent_id"],
            update_fields=["checksum", "offered"],
        )
        for entry in self.touched.values():
            workflow.index_citations(entry)
        if self.remembered or search.is_stale():
            search.rebuild()
        if self.remembered:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # after so many new rows the planner would guess badly
        return self.report

    def read(self, name):
        path = self.directory / f"{name}.json"
        try:
            return json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise FixtureError(f"{path.name} cannot be read: {error}") from error

    def load_file(self, model, name, records, bar):
        forward = [f.name for f in model._meta.fields if isinstance(f, ForeignKey)]
        many = [f.name for f in model._meta.many_to_many]
        rows = model._default_manager.select_related(*forward).prefetch_related(*many)
        existing = {getattr(r, "permanent_id", None) or r.address: r for r in rows}
        self.by_address[model] = {r.address: r for r in existing.values()}
        for number, entry in enumerate(records, 1):
            where = f"{name}.json, record {number}"
            if entry.get("model") != model._meta.label_lower:
                raise FixtureError(f"{where}: expected {model._meta.label_lower}, found {entry.get('model')}")
            self.load_record(model, entry["fields"], existing, where)
            bar.update()

    def load_record(self, model, fields, existing, where):
        name, key = model._meta.model_name, key_of(model, fields)
        row, before, new = existing.get(key), self.loaded.get((name, key)), checksum(fields)
        if row is not None:  # other records name it as the fixtures do, even if an editor has renamed it
            self.by_address[model].setdefault(fields.get(model.address_field), row)
        if row is None and before:
            return self.report.kept.append((name, key, "deleted here"))
        if row is not None:
            current = checksum({f: value_of(row, f) for f in fields})
            if current == new:
                self.report.unchanged[name] += 1
                if before is None:  # it came by another way, such as loaddata, which keeps no index
                    self.touch(row)
                return self.remember(name, key, new)
            if before is None or before.checksum != current:
                self.offer(name, key, fields)
                return self.report.kept.append((name, str(row), "edited here"))
        try:
            row = self.write(model, row, fields)
        except ValidationError as error:
            reasons = "; ".join(f"{f}: {' '.join(r)}" for f, r in error.message_dict.items())
            raise FixtureError(f"{where} ({key}): {reasons}") from error
        except LookupError as error:
            if not any(why == "deleted here" for _, _, why in self.report.kept):
                raise FixtureError(f"{where} ({key}): {error.args[0]}") from error
            return self.report.kept.append((name, key, "belongs to a record deleted here"))
        self.by_address[model][row.address] = row
        (self.report.refreshed if key in existing else self.report.added)[name] += 1
        self.remember(name, key, new)

    def write(self, model, row, fields):
        """Validate and save one record; return it."""
        row = row or model()
        many = filled(row, fields, self.find)
        is_new = row.pk is None
        save(row)
        for name, objects in many.items():
            getattr(row, name).set(objects)
        self.touch(row)
        self.renew_lock(row, is_new)
        return row

    def touch(self, row):
        """Remember the entry whose index of citations the row may have changed."""
        entry = row.mission if isinstance(row, FACTS) else row
        if isinstance(entry, (*KINDS, *TAUGHT)):
            self.touched[type(entry), entry.pk] = entry

    def renew_lock(self, row, is_new):
        """Let whoever has the entry open in a form, or drafts its next version, learn that it changed."""
        name = parents().get(type(row))
        owner = getattr(row, name) if name else row
        key = type(owner), owner.pk
        if not isinstance(owner, KINDS) or key in self.locked:
            return
        self.locked.add(key)
        if not (is_new and owner is row):
            type(owner).objects.filter(pk=owner.pk).update(lock=new_lock())

    def find(self, model_field, natural_key):
        try:
            return self.by_address[model_field.related_model][natural_key[0]]
        except KeyError:
            raise missing(model_field, natural_key) from None

    def remember(self, name, key, new):
        before = self.loaded.get((name, key))
        if before is None or before.checksum != new or before.offered is not None:
            self.note(LoadedRecord(model=name, permanent_id=key, checksum=new))

    def offer(self, name, key, fields):
        """Offer the editors what newer fixtures hold of a record that they edited."""
        before = self.loaded.get((name, key)) or LoadedRecord(model=name, permanent_id=key)
        offered = fields if checksum(fields) != before.checksum else None
        self.report.offered += offered is not None
        if before.offered != offered:
            self.note(LoadedRecord(model=name, permanent_id=key, checksum=before.checksum, offered=offered))

    def note(self, record):
        self.loaded[record.model, record.permanent_id] = record
        self.remembered.append(record)
