"""A table held against what is stored: what would be new, what would change, and everything that is wrong.

Nothing is written here, not even to be rolled back, so that a preview keeps no one from saving.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import ForeignKey

from .. import history
from ..choices import Stage, Vocabulary
from ..models import KINDS, Draft, Event, Source, Term
from . import files, rules
from .cells import LOCK, Names, column_of, columns, fetched, known, lock_of, owner_field, stored, write
from .files import Problem

CHUNK = 500
EMPTY = {"blank", "null"}  # codes of errors that say so


@dataclass
class Row:
    """What one row of a table would write: the object as it would be, and its values before and after by field."""

    line: int
    texts: dict
    obj: object
    lock: str = ""
    before: dict = field(default_factory=dict)
    after: dict = field(default_factory=dict)
    failed: set = field(default_factory=set)  # fields whose cells cannot be read

    @property
    def is_new(self):
        return self.obj.pk is None

    @property
    def many(self):
        """The keys of the many-to-many fields that are to be set."""
        return {n: v for n, v in self.after.items() if self.obj._meta.get_field(n).many_to_many}

    @property
    def owners(self):
        """The keys of the entry that the record belongs to and of the one that it belonged to."""
        name = owner_field(type(self.obj))
        return {getattr(self.obj, f"{name}_id"), self.before.get(name)} - {None} if name else set()


@dataclass
class Plan:
    """What an import would do. With any problem it does nothing."""

    model: type
    digest: str
    notes: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    rows: list = field(default_factory=list)
    unchanged: int = 0

    @property
    def new(self):
        return [r for r in self.rows if r.is_new]

    @property
    def changed(self):
        return [r for r in self.rows if not r.is_new]

    @cached_property
    def entries(self):
        """The entries that would change, by themselves or by their facts."""
        name = owner_field(self.model)
        if not name and self.model not in KINDS:
            return []
        model = self.model._meta.get_field(name).related_model if name else self.model
        keys = {k for r in self.rows for k in r.owners} if name else {r.obj.pk for r in self.changed}
        return list(model._default_manager.filter(pk__in=keys).order_by("pk"))

    @property
    def touched(self):
        """All whose forms would meet the change: entries, for their facts too, or what entries refer to."""
        return self.entries if owner_field(self.model) else [r.obj for r in self.rows]

    @cached_property
    def locks(self):
        """The locks of all that would change: {key: lock}, of the entries for facts."""
        if self.model in KINDS or not owner_field(self.model):
            return {r.obj.pk: r.lock for r in self.changed}
        return {e.pk: e.lock for e in self.entries}

    @property
    def token(self):
        """What tells whether anything moved since an editor read a preview."""
        seen = self.digest, sorted(self.locks.items()), [(r.line, r.before, r.after) for r in self.rows]
        return hashlib.sha256(repr(seen).encode()).hexdigest()

    @cached_property
    def drafted(self):
        """The entries among them that have an open draft beside what is published."""
        if not self.entries:
            return []
        drafts = Draft.objects.open().filter(kind=self.entries[0]._meta.model_name, content__isnull=False)
        keys = set(drafts.values_list("entry_id", flat=True))
        return [e for e in self.entries if e.pk in keys]

    @cached_property
    def unsourced(self):
        """The rows that change what readers have and a source states, but not the source or where in it."""
        return [r for r in self.changed if known_to_readers(r.obj) and states_anew(r)]


def known_to_readers(obj):
    return getattr(obj, "stage", Stage.PUBLISHED) in (Stage.PUBLISHED, Stage.WITHDRAWN)


def states_anew(row):
    """Tell whether a row changes a value and leaves the source that states it."""
    return any(
        set(row.after) & set(values) and not set(row.after) & {source, "locator"}
        for source, values in getattr(row.obj, "stated_by", {}).items()
    )


def check(model, content):
    """Return the plan for a file's content. Raises `files.FileError` if it cannot be read as a table."""
    table = files.read(content, set(known(model)))
    return Check(model, table, hashlib.sha256(content).hexdigest()).plan


class Check:
    """One table on its way to a plan."""

    def __init__(self, model, table, digest):
        self.model, self.table, self.names = model, table, Names(model)
        self.plan = Plan(model, digest, table.notes, table.problems)
        self.changers = {}
        self.check_header()
        self.find_stored()
        for number, values in table.rows:
            self.take(number, self.by_column(values))
        self.check_together()
        self.plan.problems.sort(key=lambda p: (p.line, p.column))

    def spot(self, line, column, value, reason):
        self.plan.problems.append(Problem(line, column, value, reason))

    def by_column(self, values):
        """Return the cells of a row by the names of the columns that are known."""
        pairs = zip(self.table.header, values, strict=False)
        return {name: text for name, text in pairs if name in self.known}

    # The columns

    def check_header(self):
        self.known, counted = set(known(self.model)), Counter(self.table.header)
        for position, name in enumerate(self.table.header):
            if not name:
                self.table.spot(1, position, "", "The first row does not name this column.")
            elif name not in self.known:
                self.spot(1, name, name, self.unknown_column(name))
        for name, times in counted.items():
            if name and times > 1:
                self.spot(1, name, name, f"The first row names this column {times} times.")

    def unknown_column(self, name):
        if name in {f.name for f in self.model._meta.get_fields()}:
            return "This is not set by an import. Take the column out."
        kind = self.model._meta.verbose_name
        return f"A table of {kind} records has no such column. Known are: {', '.join(known(self.model))}."

    # Which record a row is about

    def find_stored(self):
        """Read the records that the table names, and note in which row each stands."""
        address = column_of(self.model.address_field)
        self.key = next((c for c in ("id", address) if c in self.table.header and c in columns(self.model)), None)
        self.stored, self.lines = {}, {}
        if self.key is None:
            return
        position, name = self.table.header.index(self.key), columns(self.model)[self.key].name
        keys = sorted({c[position].strip() for _, c in self.table.rows if len(c) > position})
        rows = fetched(self.model._default_manager.all())
        for start in range(0, len(keys), CHUNK):
            some = rows.filter(**{f"{name}__in": keys[start : start + CHUNK]})
            self.stored |= {getattr(obj, name): obj for obj in some}

    def take(self, line, texts):
        """Plan what a row would write, and note what is wrong with it."""
        key = texts.get(self.key, "").strip()
        obj = self.stored.get(key) if key else None
        is_lost = self.key == "id" and key and obj is None
        if is_lost:
            kind = self.model._meta.verbose_name
            self.spot(line, "id", key, f"There is no {kind} with this id. For a new one leave the cell empty.")
        if key and (first := self.lines.setdefault(key, line)) != line:
            self.spot(line, self.key, key, f"Row {first} is about the same record.")
        row = Row(line, texts, obj or self.model())
        if obj is not None:
            self.check_lock(row)
        self.read(row)
        if not is_lost and (row.is_new or row.after or row.failed):
            self.judge(row)
            self.plan.rows.append(row)
        self.plan.unchanged += not (row.is_new or row.after or row.failed)

    def check_lock(self, row):
        row.lock = lock_of(row.obj)
        seen = row.texts.get(LOCK)
        if seen is None or seen.strip() == row.lock:
            return
        reason = f"It was changed since this was exported{self.changer(row.obj)}. Export it again."
        if not seen.strip():
            reason = "The lock of this row is missing. Export it again, or take the whole column out."
        self.spot(row.line, LOCK, seen, reason)

    def changer(self, obj):
        """Return in words who changed a record last and when, as far as that is on record."""
        owner = getattr(obj, owner_field(self.model)) if owner_field(self.model) else obj
        if owner.pk not in self.changers:
            version = history.versions(owner).first()
            saved = version and history.Saved(version, False)
            by = f" by {saved.by}" if saved and saved.by else ""
            self.changers[owner.pk] = f"{by}, {saved.at:%d %B %Y, %H:%M} UTC" if by else ""
        return self.changers[owner.pk]

    # What it says

    def read(self, row):
        """Take over the values of a row that differ from what is stored."""
        for column, model_field in columns(self.model).items():
            text = row.texts.get(column)
            if text is None or column == "id" or (not row.is_new and text == str(write(model_field, row.obj))):
                continue
            try:
                value = self.names.read(model_field, text)
            except ValidationError as error:
                row.failed.add(model_field.name)
                self.spot(row.line, column, text, " ".join(error.messages))
                continue
            if row.is_new or value != stored(model_field, row.obj):
                self.set(row, model_field, value)

    def set(self, row, model_field, value):
        if not row.is_new:
            row.before[model_field.name] = stored(model_field, row.obj)
        row.after[model_field.name] = value
        if not model_field.many_to_many:
            setattr(row.obj, model_field.attname, value)

    # Whether that may stand

    def judge(self, row):
        for name, reasons in self.errors_of(row).items():
            column = "" if name == NON_FIELD_ERRORS else column_of(name)
            self.spot(row.line, column, str(row.texts.get(column, "")), " ".join(reasons))

    def errors_of(self, row):
        """Return {field name: reasons} of all that the rules of the model refuse, as a form would."""
        found = self.missing(row)
        relations = [f.name for f in row.obj._meta.concrete_fields if isinstance(f, ForeignKey)]
        for judged in (lambda: row.obj.clean_fields(exclude=relations), row.obj.clean):
            try:
                judged()
            except ValidationError as error:
                for name, reasons in error.update_error_dict({}).items():
                    if name not in row.failed:
                        found.setdefault(name, list(map(in_words, reasons)))
        if reasons := rules.broken(row.obj, {*found, *row.failed}):
            found.setdefault(NON_FIELD_ERRORS, []).extend(reasons)
        return found | self.own_errors(row)

    def missing(self, row):
        """Return what relations a row must name and does not."""
        return {
            f.name: ["This may not be empty."]
            for f in columns(self.model).values()
            if f.name not in row.failed and f.related_model and not f.blank
            and (row.is_new and f.name not in row.after if f.many_to_many else rules.value_of(row.obj, f.name) is None)
        }  # fmt: skip

    def own_errors(self, row):
        """Return what only an import must refuse, as forms do not offer it."""
        found = {}
        if self.model is Source and "slug" in row.before:
            found["slug"] = ["Texts cite the source by this address, so it cannot be changed."]
        if unknown := self.unknown_tasks(row):
            found["tasks"] = [f"There is no mandate task with the address “{unknown[0][:80]}”."]
        return found

    def unknown_tasks(self, row):
        tasks = row.after.get("tasks") if self.model is Event else None
        named = {str(t.get("task")) for t in tasks if isinstance(t, dict)} if isinstance(tasks, list) else set()
        return sorted(named - self.tasks) if named else []

    @cached_property
    def tasks(self):
        terms = Term.objects.filter(vocabulary=Vocabulary.MANDATE_TASK)
        return set(terms.values_list("slug", flat=True))

    def check_together(self):
        """Note which rows cannot stand beside each other, or beside what is stored."""
        by_object = {id(r.obj): r for r in self.plan.rows}
        for obj, names, message, rival in rules.clashes(self.model, [r.obj for r in self.plan.rows]):
            row, column = by_object[id(obj)], column_of(names[0]) if len(names) == 1 else ""
            where = f" Row {by_object[id(rival)].line} says the same." if rival else ""
            self.spot(row.line, column, str(row.texts.get(column, "")), message + where)
        if self.model in KINDS:
            self.check_addresses()

    def check_addresses(self):
        """Note which rows take an address that an entry leaves in the same table: it goes on leading there."""
        left = {r.before["slug"]: r for r in self.plan.changed if "slug" in r.before and known_to_readers(r.obj)}
        for row in self.plan.rows:
            if other := left.get(row.after.get("slug")):
                reason = f"Row {other.line} leaves this address, but it goes on leading to that entry. Choose another."
                self.spot(row.line, "slug", row.texts["slug"], reason)


def in_words(error):
    """Return an error of one field in the words of an import, where a form's would not do."""
    if error.code in EMPTY:
        return "This may not be empty."
    return " ".join(error.messages)
