"""A quiz on one mission or topic: its questions, and what a query answered. Nothing is kept of it."""

from functools import cached_property

from django.utils.translation import gettext

from .. import parameters
from ..models import MODELS, TOPICS, Mission
from ..reading.mission_rows import told
from . import on_missions, on_topics
from .questions import mixed

SHOW = "show"
QUIZZED = (*(MODELS[t] for t in TOPICS), Mission)


def quiz_subjects():
    """Return [(model, [(address, name)])] of all that there is a quiz on: topics with evidence first, then missions."""
    groups = []
    for model in QUIZZED:
        name = "acronym" if model is Mission else "title"
        groups.append((model, list(model.objects.published().order_by(name, "slug").values_list("slug", name))))
    return groups


class Quiz:
    """The questions on an entry. `data` is a QueryDict with the answers `a1`, `a2` ... and perhaps `show=1`."""

    def __init__(self, entry, data):
        self.entry, self.data = entry, data

    @cached_property
    def questions(self):
        """Return the questions, the same ones in the same order until the register changes."""
        key = self.entry.permanent_id
        if isinstance(self.entry, Mission):
            pool = on_missions.Pool(told(Mission.objects.published(), [self.entry.slug])[0])
            return mixed(key, [make(pool) for make in on_missions.MAKERS], on_missions.MOST)
        items = on_topics.items_on(self.entry)
        return mixed(key, [make(items) for make in on_topics.MAKERS], on_topics.MOST)

    @property
    def names(self):
        return [f"a{n}" for n, _question in enumerate(self.questions, 1)]

    @cached_property
    def errors(self):
        """Return {parameter: [reason]}, empty if the query is sound."""
        known = [*self.names, SHOW]
        errors = parameters.unknown(self.data, known) | parameters.repeated(self.data, known)
        if self.data.get(SHOW, "1") != "1":
            errors.setdefault(SHOW, [gettext("Use 1, or leave it out.")])
        for name, question in zip(self.names, self.questions, strict=True):
            values = {value for value, _text in question.choices}
            if self.data.get(name, "") and self.data[name] not in values:
                reason = gettext(
                    "This is none of the choices; the register may have changed since. Leave it out and answer again."
                )
                errors.setdefault(name, [reason])
        return errors

    @property
    def shows_all(self):
        return self.data.get(SHOW) == "1"

    @cached_property
    def lines(self):
        """Return [(name, question, answer given or "", whether it is told)] in order."""
        lines = []
        for name, question in zip(self.names, self.questions, strict=True):
            answer = "" if self.errors else self.data.get(name, "")
            lines.append((name, question, answer, not self.errors and (bool(answer) or self.shows_all)))
        return lines

    @property
    def answered(self):
        return sum(bool(answer) for _name, _question, answer, _told in self.lines)

    @property
    def right(self):
        return sum(answer == question.right_value for _name, question, answer, _told in self.lines)
