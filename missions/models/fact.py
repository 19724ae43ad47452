"""The facts of a mission: figures, events, mandated tasks and assessments."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from ..choices import (
    MANDATE_DECISIONS,
    EventKind,
    FactStage,
    Measure,
    Modality,
    Scope,
    TaskStrength,
    Unit,
    Verdict,
    Vocabulary,
)
from .base import Fact, precision_field, sourced_when_published
from .mission import Mission
from .source import Source
from .term import Term


def validate_tasks(tasks):
    """Refuse anything but a list of task records in the shape that `Event.tasks` documents."""
    keys = {"task", "modality", "strength", "locator"}
    for task in tasks if isinstance(tasks, list) else [None]:
        if not isinstance(task, dict) or set(task) != keys:
            raise ValidationError("Each task needs exactly: task, modality, strength, locator.")
        if not all(isinstance(task[k], str) and is_storable(task[k]) for k in ("task", "locator")):
            raise ValidationError("The task and the locator must be text.")
        modality = task["modality"] if isinstance(task["modality"], list) else [None]
        if task["strength"] not in TaskStrength.values or not all(m in Modality.values for m in modality):
            raise ValidationError(f"The task “{task['task']}” has an unknown modality or strength.")


def is_storable(text):
    """Tell whether every database can keep a text that came as JSON, which can name halves of characters."""
    return "\x00" not in text and text.encode(errors="ignore").decode() == text


def of_mission(related_name):
    return models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name=related_name, help_text="Mission that it is about."
    )


class Figure(Fact):
    """A number with what it counts, its date and its source."""

    date_field, precision_name = "as_of", "as_of_precision"
    stated_by = {"source": ("value", "as_of")}

    mission = of_mission("figures")
    measure = models.CharField(
        max_length=24, choices=Measure, help_text="What is counted; authorized and deployed are never mixed."
    )
    value = models.BigIntegerField(help_text="The number, in the unit given. Zero means counted as none.")
    unit = models.CharField(max_length=12, choices=Unit, default=Unit.PERSONS, help_text="What one stands for.")
    scope = models.CharField(
        max_length=16, choices=Scope, default=Scope.ALL, help_text="For fatalities: which cause; otherwise all."
    )
    as_of = models.DateField(null=True, blank=True, help_text="Date at which the number holds.")
    as_of_precision = precision_field("the as-of date")
    period = models.CharField(
        max_length=20,
        blank=True,
        help_text="Year or financial year that it covers; empty for a total or a state at a date.",
    )
    preferred = models.BooleanField(
        default=True, help_text="Shown in lists where several sources give a value for the same date."
    )
    note = models.TextField(blank=True, help_text="What it counts, and why it is preferred where sources differ.")

    public_fields = (
        "measure",
        "value",
        "unit",
        "scope",
        "as_of",
        "as_of_precision",
        "period",
        "preferred",
        "confidence",
        "source",
        "locator",
        "note",
    )

    class Meta:
        ordering = ["measure", "as_of", "scope", "-preferred", "permanent_id"]
        constraints = [
            sourced_when_published("figure", "as_of"),
            models.UniqueConstraint(
                fields=["mission", "measure", "scope", "as_of", "period"],
                condition=Q(preferred=True, stage=FactStage.PUBLISHED),
                name="figure_preferred_is_unique",
                violation_error_message="Another published figure is already preferred for this measure, scope "
                "and date. Untick “preferred” on one of the two and say why in its note.",
            ),
        ]

    def __str__(self):
        return f"{self.get_measure_display()}: {self.value:,}"


class Event(Fact):
    """Something that happened on a date: a decision, a handover, an attack, an election."""

    mission = of_mission("events")
    date = models.DateField(null=True, blank=True, help_text="When it happened.")
    precision = precision_field("the date")
    kind = models.CharField(max_length=16, choices=EventKind, help_text="What sort of event it is.")
    title = models.CharField(max_length=200, help_text="The event in a few words.")
    text = models.TextField(blank=True, help_text="What happened, in one or two sentences.")
    symbol = models.CharField(max_length=80, blank=True, help_text="Symbol of the decision, if it is one.")
    vote = models.CharField(max_length=12, blank=True, help_text="For, against and abstaining, e.g. 14-0-1.")
    preferred = models.BooleanField(
        default=True, help_text="False for the same event at the date that another source gives."
    )
    note = models.TextField(blank=True, help_text="Why this date is preferred, or what the other source counts.")
    replaces_mandate = models.BooleanField(
        default=False, help_text="Whether the decision sets the mandate anew, so that tasks it leaves out end."
    )
    tasks = models.JSONField(
        default=list,
        blank=True,
        validators=[validate_tasks],
        help_text="Tasks that the decision names: task, modality (monitor, assist, secure), strength, locator.",
    )

    public_fields = (
        "date",
        "precision",
        "kind",
        "title",
        "text",
        "symbol",
        "vote",
        "preferred",
        "note",
        "replaces_mandate",
        "tasks",
        "confidence",
        "source",
        "locator",
    )

    class Meta:
        ordering = ["date", "permanent_id"]
        constraints = [sourced_when_published("event")]

    def __str__(self):
        return self.title

    @property
    def is_mandate_decision(self):
        return bool(self.symbol) and self.kind in MANDATE_DECISIONS


class MandatedTask(Fact):
    """A task that a decision gave to a mission."""

    stated_by = {"source": ("strength", "date")}

    mission = of_mission("tasks")
    task = models.ForeignKey(
        Term,
        on_delete=models.PROTECT,
        related_name="mandated",
        limit_choices_to={"vocabulary": Vocabulary.MANDATE_TASK},
        help_text="Task, from the vocabulary.",
    )
    monitor = models.BooleanField(default=False, help_text="The mission is to watch and report.")
    assist = models.BooleanField(default=False, help_text="The mission is to help others do it.")
    secure = models.BooleanField(default=False, help_text="The mission is to provide security for it.")
    strength = models.CharField(
        max_length=20,
        choices=TaskStrength,
        default=TaskStrength.REQUESTED,
        help_text="How strongly the decision words it.",
    )
    date = models.DateField(null=True, blank=True, help_text="Date of the first decision that gave the task.")
    precision = precision_field("the date")
    last_source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="last_of_tasks",
        help_text="Last decision seen to give the task.",
    )
    text = models.TextField(blank=True, help_text="What the mission was asked to do, in one sentence.")

    read_with = ("source", "last_source", "task")
    public_fields = (
        "task",
        "modality",
        "strength",
        "date",
        "precision",
        "text",
        "confidence",
        "source",
        "locator",
        "last_source",
    )

    class Meta:
        ordering = ["date", "task__label_text", "permanent_id"]
        constraints = [
            sourced_when_published("mandatedtask"),
            models.UniqueConstraint(fields=["mission", "task"], name="mandatedtask_once_per_mission"),
        ]

    def __str__(self):
        return f"{self.mission}: {self.task}"

    @property
    def modality(self) -> list[Modality]:
        """How the mission is to do it: monitor, assist, secure."""
        return [m.value for m in Modality if getattr(self, m.value)]


class Assessment(Fact):
    """A judgement of a mission: by whom, by what yardstick, with what verdict."""

    stated_by = {"source": ("verdict", "date")}

    mission = of_mission("assessments")
    assessor = models.CharField(max_length=160, help_text="Who judged.")
    yardstick = models.CharField(max_length=300, help_text="By what standard it was judged.")
    verdict = models.CharField(max_length=10, choices=Verdict, help_text="The judgement in one word.")
    text = models.TextField(help_text="The judgement in two or three sentences of our own.")
    date = models.DateField(null=True, blank=True, help_text="When it was made.")
    precision = precision_field("the date")

    public_fields = ("assessor", "yardstick", "verdict", "text", "date", "precision", "confidence", "source", "locator")

    class Meta:
        ordering = ["date", "permanent_id"]
        constraints = [sourced_when_published("assessment")]

    def __str__(self):
        return f"{self.assessor}: {self.get_verdict_display()}"
