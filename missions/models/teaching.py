"""What teachers and learners are given: packets, questions to discuss, learning paths. They are public once ticked."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from ..choices import Audience
from .approach import Approach
from .base import Addressed, ListedQuerySet, permanent_id_field, slug_field
from .case_study import CaseStudy
from .challenge import Challenge
from .evidence import TOPICS, about
from .mission import Mission
from .principle import Principle
from .theme import Theme
from .trend import Trend

MOST_MISSIONS = 6  # of a packet: more do not fit beside each other on paper
POINTS_AT = {
    "mission": Mission,
    "case_study": CaseStudy,
    "approach": Approach,
    "principle": Principle,
    "challenge": Challenge,
    "trend": Trend,
    "theme": Theme,
}


class Taught(Addressed):
    """Something curated for teaching: public once it is ticked, without the way over a draft."""

    permanent_id = permanent_id_field()
    is_public = models.BooleanField("published", default=False, help_text="Readers see it only while this is ticked.")
    updated_at = models.DateTimeField(auto_now=True, help_text="Last change of this record, UTC.")

    objects = ListedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def published_q(cls, prefix=""):
        return Q(**{f"{prefix}is_public": True})

    @property
    def is_published(self):
        return self.is_public

    def clean(self):
        super().clean()
        if errors := self.prose_errors():
            raise ValidationError(errors)


def right(kind, plural):
    """Return the right on one kind beside those that Django makes: to tick it, and to change what is ticked."""
    return [(f"publish_{kind}", f"Can publish {plural}")]


def topics(model, help_text):
    return models.ManyToManyField(model, related_name="packets", blank=True, help_text=help_text)


class Packet(Taught):
    """A case packet: missions side by side for one lesson, with what to discuss."""

    slug = slug_field("Last part of the packet's address. It is printed on paper, so it should never change.")
    title = models.CharField(max_length=120, help_text="What the lesson is about.")
    summary = models.CharField(max_length=300, help_text="What the packet is for, in a sentence or two.")
    introduction = models.TextField(
        help_text="What the missions have in common. Markdown; cite as [@source-slug, para. 5]."
    )
    aims = models.TextField(help_text="What learners can do afterwards, one aim a line.")
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(10), MaxValueValidator(600)],
        help_text="How long the lesson takes, in minutes.",
    )
    teacher_note = models.TextField(help_text="How to use the packet, and what to watch for. Markdown.")
    missions = models.ManyToManyField(
        Mission,
        related_name="packets",
        help_text="One to six missions, which stand side by side in the order of their start.",
    )
    principles = topics(Principle, "Principles whose evidence and questions it holds.")
    challenges = topics(Challenge, "Challenges whose evidence and questions it holds.")
    trends = topics(Trend, "Trends whose evidence and questions it holds.")
    themes = topics(Theme, "Themes to read beforehand.")

    address_field = "slug"
    prose_fields = ("introduction", "teacher_note")

    class Meta:
        ordering = ["title", "slug"]
        permissions = right("packet", "packets")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("packet", args=[self.slug])

    @property
    def aim_list(self):
        return [line.strip() for line in self.aims.splitlines() if line.strip()]


def points_at(model):
    return models.ForeignKey(
        model,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        help_text="Fill exactly one of the entries.",
    )


def is_filled_once(names):
    """Return the condition that exactly one of these relations is filled."""
    one_of = Q()
    for name in names:
        one_of |= Q(**{f"{other}__isnull": other != name for other in names})
    return one_of


class Pointer(Addressed):
    """A row that points at one entry of any kind and says why."""

    permanent_id = permanent_id_field()
    number = models.PositiveSmallIntegerField(default=1, help_text="Place in the order, from 1.")
    mission = points_at(Mission)
    case_study = points_at(CaseStudy)
    approach = points_at(Approach)
    principle = points_at(Principle)
    challenge = points_at(Challenge)
    trend = points_at(Trend)
    theme = points_at(Theme)

    address_field = "permanent_id"
    objects = ListedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=is_filled_once(POINTS_AT),
                name="%(class)s_points_at_one_entry",
                violation_error_message="Fill exactly one of the entries.",
            )
        ]

    @classmethod
    def published_q(cls, prefix=""):
        """Return the condition that the entry is public: whether the row's owner is, is asked of the owner."""
        of_one = Q()
        for name, model in POINTS_AT.items():
            of_one |= model.published_q(f"{prefix}{name}__")
        return of_one

    @property
    def entry(self):
        """Entry that it points at."""
        return next((getattr(self, name) for name in POINTS_AT if getattr(self, f"{name}_id")), None)

    def clean(self):
        super().clean()
        if sum(bool(getattr(self, f"{name}_id")) for name in POINTS_AT) != 1:
            raise ValidationError("Fill exactly one of the entries.")


class DiscussionQuestion(Taught):
    """A question to discuss about a principle, a challenge or a trend."""

    principle = about(Principle, "questions")
    challenge = about(Challenge, "questions")
    trend = about(Trend, "questions")
    number = models.PositiveSmallIntegerField(default=1, help_text="Place among the questions on it, from 1.")
    text = models.TextField(max_length=600, help_text="The question, so that no single word answers it.")

    address_field = "permanent_id"

    class Meta:
        ordering = ["number", "permanent_id"]
        permissions = right("discussionquestion", "discussion questions")
        constraints = [
            models.CheckConstraint(
                condition=is_filled_once(TOPICS),
                name="discussionquestion_is_about_one_entry",
                violation_error_message="Fill exactly one of principle, challenge and trend.",
            )
        ]

    def __str__(self):
        return self.text

    @property
    def topic(self):
        """Entry that it is about."""
        return next((getattr(self, name) for name in TOPICS if getattr(self, f"{name}_id")), None)

    def clean(self):
        super().clean()
        if sum(bool(getattr(self, f"{name}_id")) for name in TOPICS) != 1:
            raise ValidationError("Fill exactly one of principle, challenge and trend.")


class Answer(Pointer):
    """An entry that helps to answer a question, and how."""

    question = models.ForeignKey(
        DiscussionQuestion, on_delete=models.CASCADE, related_name="answers", help_text="Question that it answers."
    )
    hint = models.TextField(max_length=400, help_text="What to look for there, in a sentence.")

    class Meta(Pointer.Meta):
        ordering = ["question", "number", "permanent_id"]

    def __str__(self):
        return f"{self.entry}: {self.hint}"


class LearningPath(Taught):
    """Entries in an order in which one sort of reader learns from them."""

    slug = slug_field("Last part of the path's address.")
    title = models.CharField(max_length=120, help_text="Whom it is for, and what it leads to.")
    audience = models.CharField(max_length=20, choices=Audience, help_text="Who is to follow it.")
    summary = models.CharField(max_length=300, help_text="What it leads to, in a sentence or two.")
    introduction = models.TextField(help_text="How to follow it. Markdown; cite as [@source-slug, para. 5].")
    minutes = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(10), MaxValueValidator(6000)],
        help_text="How long all of it takes, in minutes.",
    )

    address_field = "slug"
    prose_fields = ("introduction",)

    class Meta:
        ordering = ["minutes", "slug"]
        permissions = right("learningpath", "learning paths")

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("learning-path", args=[self.slug])


class PathStep(Pointer):
    """One entry on a learning path, with what to take from it."""

    path = models.ForeignKey(
        LearningPath, on_delete=models.CASCADE, related_name="steps", help_text="Path that it is a step of."
    )
    text = models.TextField(max_length=600, help_text="What to take from the entry.")

    class Meta(Pointer.Meta):
        ordering = ["path", "number", "permanent_id"]

    def __str__(self):
        return f"{self.number}. {self.entry}"
