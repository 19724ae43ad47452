"""What every entry and every fact has in common."""

import secrets
from datetime import timedelta
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language

from ..choices import Confidence, FactStage, Precision, Stage, WithdrawalKind
from ..prose import INTERNAL_LINK, citations_in, reading_minutes

# Last parts of addresses that belong to pages of their own, such as /missions/compare/.
RESERVED_SLUGS = ("compare",)
SAMPLE = "any-address"  # one that stands for all where addresses are made of one pattern
ID_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
validate_slug = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*\Z", "Use lower-case letters a to z, digits and single hyphens, e.g. “kosovo”."
)


def new_permanent_id():
    """Return a new permanent id: `po-` and ten characters, never reused and without meaning."""
    return "po-" + "".join(secrets.choice(ID_ALPHABET) for _ in range(10))


def new_lock():
    """Return a random token that changes with every save, so that no one saves over what he has not seen."""
    return secrets.token_hex(16)


def permanent_id_field():
    return models.CharField(
        "permanent id",
        max_length=40,
        unique=True,
        editable=False,
        default=new_permanent_id,
        help_text="Identifies this record for good, whatever its address or title becomes.",
    )


def rights(kind, plural):
    """Return the rights on entries of one kind beside those that Django makes."""
    return [(f"publish_{kind}", f"Can publish and withdraw {plural}"), (f"review_{kind}", f"Can review {plural}")]


def slug_field(help_text):
    """Return the field for the last part of an address."""
    return models.SlugField("address", max_length=80, unique=True, validators=[validate_slug], help_text=help_text)


def address_of(kind, address):
    """Return the address of a page in the language of now, relative to the site."""
    return address_in(get_language(), kind, address)


def addresses_of(kind, addresses):
    """Return the addresses of many pages: as nothing in one has to be quoted, one of them shows what the others are."""
    before, _, after = address_of(kind, SAMPLE).rpartition(SAMPLE)
    return [f"{before}{address}{after}" for address in addresses]


@lru_cache(maxsize=30_000)
def address_in(language, kind, address):
    """Return the address of a page in a language, which is active. A list asks for hundreds, and they never change."""
    return reverse(f"{kind}-detail", args=[address])


class ByAddress(models.QuerySet):
    def get_by_natural_key(self, key):
        return self.get(**{self.model.address_field: key})


class ListedQuerySet(ByAddress):
    def published(self):
        """The one reading that every public page, list, search and export goes through."""
        return self.filter(self.model.published_q())


class FactQuerySet(ListedQuerySet):
    def known_by(self, day):
        """Return the facts whose date lies on or before a day for certain: a month or a year must be over by then."""
        tomorrow, name = day + timedelta(days=1), self.model.date_field
        before = {Precision.DAY: tomorrow, Precision.MONTH: tomorrow.replace(day=1)}
        before[Precision.YEAR] = tomorrow.replace(month=1, day=1)
        known = Q()
        for precision, limit in before.items():
            known |= Q(**{self.model.precision_name: precision, f"{name}__lt": limit})
        return self.filter(known)


class Addressed(models.Model):
    """Something that addresses, filters and fixtures name by one unique field of its own."""

    address_field = "slug"
    label_field = "title"
    prose_fields = ()

    objects = ByAddress.as_manager()

    class Meta:
        abstract = True

    @property
    def address(self):
        return getattr(self, self.address_field)

    def natural_key(self):
        return (self.address,)

    def cited_slugs(self):
        """Return the slugs of the sources that the text cites, in order of first use."""
        return list(dict.fromkeys(s for f in self.prose_fields for s, _ in citations_in(getattr(self, f))))

    def prose_errors(self):
        """Return {field: reason} of the texts that cite what is no source or link to what is no address."""
        errors, sources = {}, self._meta.apps.get_model("missions", "Source").objects
        known = set(sources.filter(slug__in=self.cited_slugs()).values_list("slug", flat=True))
        for name in self.prose_fields:
            text = getattr(self, name)
            if unknown := [s for s, _ in citations_in(text) if s not in known]:
                errors[name] = f"No source has the address “{unknown[0]}”. Add the source first or correct it."
            elif bad := [a for a in INTERNAL_LINK.findall(text) if not a.endswith("/")]:
                errors[name] = f"The link {bad[0]} is not an address of this site: addresses end in “/”."
        return errors


class Listed(Addressed):
    """Something with a public list and a public page of its own."""

    objects = ListedQuerySet.as_manager()
    do_not_call_in_templates = True  # templates are handed the classes themselves

    url_segment = ""
    page_size = 24
    public_fields = ()
    detail_fields = ()
    editor_fields = ()
    filter_fields = {}  # URL parameter -> path to the field or relation it selects by
    search_fields = {}  # field or path -> weight: 10 a title, 5 a name, 2 a summary, 1 text
    ordering_fields = ()
    read_with = ()  # forward relations fetched in the same query
    stated_by = {}  # source -> what it states: when that changes, the source is asked for
    row_relations = ()  # relations whose rows belong to it and are drafted, reviewed and published with it
    prefetch = {}  # property among the public fields -> the relation that it reads

    class Meta:
        abstract = True

    def __str__(self):
        return self.label

    def get_absolute_url(self):
        return address_of(self._meta.model_name, self.address)

    @property
    def url(self) -> str:
        """Address of the page, relative to the site."""
        return self.get_absolute_url()

    @classmethod
    def published_q(cls, prefix=""):
        """Return the condition that makes a row public, for use behind the relation `prefix`."""
        return Q()

    @property
    def is_published(self):
        return True

    @property
    def label(self):
        return getattr(self, self.label_field)

    @property
    def exact_names(self):
        """What it is called; a search for one of these puts it first."""
        main, colon, _ = self.label.partition(": ")
        return [self.label, main] if colon and len(main.split()) > 2 else [self.label]


class Entry(Listed):
    """What a reader opens and an editor curates: the base of the seven kinds."""

    permanent_id = permanent_id_field()
    slug = slug_field("Last part of the page's address. Once published, an old address goes on leading here.")
    title = models.CharField(max_length=200, help_text="Official or usual name in full.")
    summary = models.TextField(
        help_text="What a reader must know, in a few sentences. Markdown; cite as [@source-slug, para. 5]."
    )
    stage = models.CharField(
        "editorial status",
        max_length=12,
        choices=Stage,
        default=Stage.DRAFT,
        db_index=True,
        help_text="Only published entries are public, on every page, list, search and export.",
    )
    published_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When it was first published. A time in the future keeps a published entry hidden until then.",
    )
    updated_at = models.DateTimeField(
        default=timezone.now, editable=False, help_text="Last change of the content that readers see, UTC."
    )
    withdrawal_note = models.TextField(
        blank=True, help_text="Why it was withdrawn. Shown at its address in place of the entry."
    )
    withdrawal_kind = models.CharField(
        max_length=6,
        choices=WithdrawalKind,
        blank=True,
        help_text="What readers get at the address of a withdrawn entry.",
    )
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        help_text="The published entry to which the address of a merged one leads.",
    )
    lock = models.CharField(max_length=32, default=new_lock, editable=False)

    public_fields = ("permanent_id", "slug", "url", "title", "summary", "updated_at")
    editor_fields = ("stage", "published_at", "withdrawal_note", "withdrawal_kind", "merged_into", "lock")
    ordering_fields = ("title", "updated_at")
    prose_fields = ("summary",)

    class Meta:
        abstract = True
        ordering = ["title", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(stage=Stage.PUBLISHED) | Q(published_at__isnull=False),
                name="%(class)s_published_has_a_time",
                violation_error_message="A published entry needs the time of its publication.",
            ),
        ]

    @classmethod
    def published_q(cls, prefix=""):
        return Q(**{f"{prefix}stage": Stage.PUBLISHED, f"{prefix}published_at__lte": timezone.now()})

    @property
    def is_published(self):
        return self.stage == Stage.PUBLISHED and self.published_at <= timezone.now()

    @property
    def exact_names(self):
        return [*super().exact_names, self.slug]

    @property
    def reading_minutes(self):
        """How many minutes the text takes to read, rounded up."""
        return reading_minutes(*(getattr(self, name) for name in self.prose_fields))

    def required_to_publish(self):
        """Return the names of the fields that may be empty in a draft but not in a published entry."""
        return self.prose_fields

    def withdrawal_errors(self):
        errors = {}
        if not self.withdrawal_note:
            errors["withdrawal_note"] = "Say why it is withdrawn: readers see this at its address."
        if not self.withdrawal_kind:
            errors["withdrawal_kind"] = "Say what its address should answer."
        elif self.withdrawal_kind == WithdrawalKind.MERGED and not self.merged_into:
            errors["merged_into"] = "Choose the entry that it was merged into."
        if self.merged_into and (self.merged_into_id == self.pk or not self.merged_into.is_published):
            errors["merged_into"] = "Choose another entry, one that is published."
        return errors

    def former_address_errors(self):
        others = FormerAddress.objects.of(type(self)).filter(slug=self.slug).exclude(permanent_id=self.permanent_id)
        return "This address once was that of another entry and still leads there. Choose another." * others.exists()

    @classmethod
    def row_fields(cls):
        """Return the foreign keys of the rows that belong to an entry of this kind."""
        return [cls._meta.get_field(name).remote_field for name in cls.row_relations]

    @property
    def standing(self):
        """The entry that answers at its address: itself, or what it was merged into, however often."""
        entry, seen = self, set()
        while entry.stage == Stage.WITHDRAWN and entry.withdrawal_kind == WithdrawalKind.MERGED:
            if entry.pk in seen or entry.merged_into is None:
                return self
            seen.add(entry.pk)
            entry = entry.merged_into
        return entry

    def clean(self):
        super().clean()
        errors = self.prose_errors()
        if self.slug in RESERVED_SLUGS:
            errors["slug"] = f"“{self.slug}” is the address of a page of its own: choose another."
        if self.stage == Stage.PUBLISHED:
            for name in self.required_to_publish():
                if getattr(self, name) in (None, ""):
                    errors.setdefault(name, "A published entry needs this. If there is nothing to say, say why.")
        if self.stage == Stage.WITHDRAWN:
            errors |= self.withdrawal_errors()
        if taken := self.former_address_errors():
            errors["slug"] = taken
        if errors:
            raise ValidationError(errors)


class FormerAddressQuerySet(models.QuerySet):
    def of(self, model):
        return self.filter(kind=model._meta.model_name)


class FormerAddress(models.Model):
    """A slug that a published entry once had. It leads to the entry for good, and no other entry may take it."""

    kind = models.CharField(max_length=20)
    slug = models.CharField(max_length=80)
    permanent_id = models.CharField(max_length=40, db_index=True)
    left_at = models.DateTimeField(default=timezone.now)

    objects = FormerAddressQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "slug"]
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="formeraddress_leads_to_one_entry")]

    def __str__(self):
        return f"{self.kind} {self.slug}"


class Fact(Addressed):
    """Something dated and sourced about a mission."""

    address_field = "permanent_id"
    date_field, precision_name = "date", "precision"
    read_with = ("source",)

    permanent_id = permanent_id_field()
    stage = models.CharField(
        "editorial status",
        max_length=12,
        choices=FactStage,
        default=FactStage.DRAFT,
        help_text="A fact is public once it and its mission are published. Withdraw a wrong one, do not delete it.",
    )
    source = models.ForeignKey(
        "missions.Source",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        help_text="Document that states it.",
    )
    locator = models.CharField(
        max_length=80, blank=True, help_text="Where in the source: “para. 8”, “p. 12”, “annex II”."
    )
    confidence = models.CharField(
        max_length=6,
        choices=Confidence,
        default=Confidence.MEDIUM,
        help_text="How well the source supports it: high, medium or low.",
    )
    withdrawal_note = models.TextField(blank=True, help_text="Why a withdrawn fact was wrong, or what replaced it.")
    editor_note = models.TextField(blank=True, help_text="For editors only.")

    objects = FactQuerySet.as_manager()

    public_fields = ()
    editor_fields = ("permanent_id", "stage", "withdrawal_note", "editor_note")
    stated_by = {"source": ("date",)}

    class Meta:
        abstract = True

    @classmethod
    def own_q(cls, prefix=""):
        """Return the condition that makes a fact public once its mission is."""
        return Q(**{f"{prefix}stage": FactStage.PUBLISHED})

    @classmethod
    def published_q(cls, prefix=""):
        mission = cls._meta.get_field("mission").related_model
        return cls.own_q(prefix) & mission.published_q(f"{prefix}mission__")

    @property
    def is_published(self):
        return self.stage == FactStage.PUBLISHED and self.mission.is_published

    def clean(self):
        super().clean()
        if self.stage == FactStage.WITHDRAWN and not self.withdrawal_note:
            raise ValidationError({"withdrawal_note": "Say why it is withdrawn: it stays on record with the reason."})
        if self.stage != FactStage.PUBLISHED:
            return
        errors = {}
        if not self.source_id:
            errors["source"] = "A published fact needs its source. Choose one, or keep the fact as a draft."
        if not getattr(self, self.date_field):
            errors[self.date_field] = "A published fact needs its date. Add it, or keep the fact as a draft."
        if errors:
            raise ValidationError(errors)


def sourced_when_published(kind, date_field="date"):
    """Return the constraint that a published fact of this kind has a source and a date."""
    return models.CheckConstraint(
        condition=~Q(stage=FactStage.PUBLISHED) | Q(("source__isnull", False), (f"{date_field}__isnull", False)),
        name=f"{kind}_published_has_source_and_date",
        violation_error_message="A published fact needs a source and a date. Add them or keep it as a draft.",
    )


def precision_field(of, default=Precision.DAY, **options):
    """Return the field that says how exactly a date is known."""
    return models.CharField(
        max_length=5,
        choices=Precision,
        default=default,
        help_text=f"How exactly {of} is known: day, month or year. The date is then the first of the period.",
        **options,
    )
