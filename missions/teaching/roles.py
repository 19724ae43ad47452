"""Role cards: what a mandate gives to those who act under it, each line with its decision and paragraph."""

from dataclasses import dataclass

from django.utils.translation import gettext, gettext_noop

from ..choices import EventKind, TaskGroup, TaskStrength
from ..languages import in_english, translated, written
from ..models import MandatedTask
from ..reading import amount, counted
from ..reading.figures import DEPLOYED, latest

LINES = 4  # that fit on a card
FEWEST = 2  # tasks that make a card worth cutting out
REMARK = "Coded from"  # how the text of a task begins that says where the code comes from and not what is asked


@dataclass(frozen=True)
class Line:
    """One line of a card: what the decision says in our words, and where."""

    text: str
    more: str
    source: object
    locator: str = ""


@dataclass(frozen=True)
class Card:
    role: str
    mission: object
    lead: str
    lines: tuple
    question: str


@dataclass(frozen=True)
class Role:
    """A role whose card lists tasks; `takes` says which."""

    name: str
    lead: str
    question: str
    takes: object


def of_groups(*groups):
    return lambda task: task.task.group in groups


def with_force(task):
    return task.secure or task.strength == TaskStrength.ALL_NECESSARY_MEANS or task.task.group == TaskGroup.FORCE


ROLES = (
    Role(
        gettext_noop("Force commander"),
        gettext_noop(
            "You command the troops of %(mission)s. These tasks of security and force were given to the mission:"
        ),
        gettext_noop(
            "Which of them can you carry out with what you have, and which must you say openly that you cannot?"
        ),
        with_force,
    ),
    Role(
        gettext_noop("Head of mission"),
        gettext_noop(
            "You lead %(mission)s as a whole. These tasks of politics and protection were given to the mission:"
        ),
        gettext_noop("Whom do you have to persuade first, and what can you offer?"),
        of_groups(TaskGroup.POLITICS, TaskGroup.RIGHTS),
    ),
    Role(
        gettext_noop("Host government"),
        gettext_noop("%(mission)s works in your country. The mission was asked to help with what is yours to do:"),
        gettext_noop("What do you want from the mission, what do you not want, and what will you say in public?"),
        lambda task: task.assist and task.task.group in (TaskGroup.SECTOR, TaskGroup.GOVERNANCE, TaskGroup.RECOVERY),
    ),
    Role(
        gettext_noop("Observer"),
        gettext_noop("You watch and report for %(mission)s. The mission was asked to keep an eye on:"),
        gettext_noop("What do you report, to whom, and who could be harmed by it?"),
        lambda task: task.monitor,
    ),
)
MEMBER = Role(
    gettext_noop("Member of the deciding body"),
    gettext_noop("You sit in the body that decides on %(mission)s. These decisions are on the table:"),
    gettext_noop("How do you vote, and which change of the text would change your vote?"),
    None,
)


def rank(task):
    """Order tasks by how much they allow, then by when they were first given."""
    return (task.strength != TaskStrength.ALL_NECESSARY_MEANS, task.date, task.task.label_text, task.permanent_id)


def task_line(task: MandatedTask):
    says = task.task.definition if not task.text or task.text.startswith(REMARK) else task.text
    means = translated(task.get_strength_display()).lower() if task.strength != TaskStrength.REQUESTED else ""
    how = ", ".join(filter(None, [*map(translated, task.modality), means]))
    text = translated(task.task)
    return Line(f"{text} ({how})" if how else text, in_english(says), task.source, task.locator)


def vote_in_words(vote):
    """Return “14 for, 0 against, 1 abstaining” of a vote as it is recorded, or it as it is."""
    parts = vote.split("-")
    if len(parts) != 3 or not all(p.isdigit() for p in parts):
        return vote
    told = dict(zip(("for", "against", "abstaining"), parts, strict=True))
    return gettext("%(for)s for, %(against)s against, %(abstaining)s abstaining") % told


def member_card(mission, events):
    """Return the card of the decisions: that which founded the mission, then those that changed its mandate."""
    kinds = (EventKind.ESTABLISHMENT, EventKind.MANDATE_CHANGE)
    decisions = [e for e in events if e.symbol and e.preferred and e.kind in kinds and e.date]
    decisions.sort(key=lambda e: (kinds.index(e.kind), e.date, e.permanent_id))
    lines = [
        Line(in_english(e.title), "; ".join(filter(None, [written(e.date, e.precision), vote_in_words(e.vote)])),
             e.source, e.locator)
        for e in decisions[:LINES]
    ]  # fmt: skip
    return card_of(MEMBER, mission, lines)


def card_of(role, mission, lines):
    """Return the card of a role in the language of the page."""
    lead = translated(role.lead) % {"mission": mission}
    return Card(translated(role.name), mission, lead, tuple(lines), translated(role.question))


def strength_line(figures):
    """Return the line of the newest count of who was there, if there is one."""
    figure = latest([f for f in figures if f.as_of], *DEPLOYED)
    if figure is None:
        return []
    when = written(figure.as_of, figure.as_of_precision)
    told = {"number": amount(figure), "whom": translated(counted(figure))}
    text = gettext("On the ground: %(number)s %(whom)s") % told
    return [Line(text, when, figure.source, figure.locator)]


def cards(told):
    """Return the role cards of missions, mission by mission. A role without tasks in a mandate has no card."""
    found = []
    for one in told:
        mission, tasks = one.mission, sorted(one.mission.tasks.all(), key=rank)
        for number, role in enumerate(ROLES):
            lines = [task_line(t) for t in tasks if role.takes(t)][:LINES]
            if len(lines) >= FEWEST:
                lines += strength_line(one.figures) if number == 0 else []
                found.append(card_of(role, mission, lines))
        card = member_card(mission, mission.events.all())
        if card.lines:
            found.append(card)
    return found
