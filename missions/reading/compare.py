"""Entries side by side: what a query string asks to compare, and the rows that answer it."""

from collections import Counter
from functools import cached_property

from django.utils.translation import gettext

from .. import parameters
from ..languages import translated
from ..models import Approach, Mission
from ..prose import Notes
from . import approach_rows, mission_rows
from .cells import DIFFERS
from .entries import notes_for
from .figures import ALIGNMENTS, compared_strengths

FEWEST, MOST = 2, 4
PARAMETER = {Mission: "m", Approach: "a"}
ROWS_OF = {Mission: mission_rows, Approach: approach_rows}


class Comparison:
    """What a query string asks to compare. `data` is a QueryDict; with any error nothing is compared."""

    def __init__(self, model, data):
        self.model, self.data = model, data
        self.parameter, self.kind = PARAMETER[model], ROWS_OF[model]
        self.known = [self.parameter, "rows", "differences", *(["align"] if model is Mission else []), "format"]
        self.slugs = data.getlist(self.parameter)
        self.only_differences = data.get("differences") == "1"
        self.align = data.get("align", ALIGNMENTS[0])

    @cached_property
    def offered(self):
        """Return {address: (short name, title)} of everything that can be compared, by name."""
        name = getattr(self.model, "short_label_field", self.model.label_field)
        found = self.model.objects.published().order_by(name, "slug").values_list("slug", name, "title")
        return {slug: (short, title) for slug, short, title in found}

    @cached_property
    def choices(self):
        return self.kind.choices()

    @cached_property
    def wanted(self):
        """Return the names of the rows asked for; a group's name stands for all its rows, none for every row."""
        names = {n: {n} for _, rows in self.choices.values() for n in rows}
        names = {group: set(rows) for group, (_, rows) in self.choices.items()} | names
        asked = self.data.getlist("rows")
        return set().union(*(names.get(n, ()) for n in asked or self.choices))

    @cached_property
    def errors(self):
        """Return {parameter: [reason]}, empty if the query is sound."""
        errors = parameters.unknown(self.data, self.known)
        errors |= parameters.repeated(self.data, [n for n in self.known if n not in (self.parameter, "rows")])
        if reasons := self.entry_errors():
            errors[self.parameter] = reasons
        rows = {n for group, (_, rows) in self.choices.items() for n in (group, *rows)}
        if bad := [n for n in self.data.getlist("rows") if n not in rows]:
            errors["rows"] = [
                gettext("“%(row)s” is no row. Use some of: %(known)s.")
                % {"row": bad[0][:40], "known": ", ".join(sorted(rows))}
            ]
        if self.data.get("differences", "1") != "1":
            errors.setdefault("differences", [gettext("Use 1, or leave it out.")])
        if self.align not in ALIGNMENTS:
            errors.setdefault("align", [gettext("Use one of: %(known)s.") % {"known": ", ".join(ALIGNMENTS)}])
        return errors

    def entry_errors(self):
        unknown, repeated = parameters.name_reasons(self.slugs, self.offered, self.model._meta.verbose_name)
        reasons = unknown[:MOST] + repeated
        if len(self.slugs) > MOST:
            told = {"most": MOST, "n": len(self.slugs), "kinds": translated(self.model._meta.verbose_name_plural)}
            reason = gettext("At most %(most)d %(kinds)s can stand side by side, and this names %(n)d: leave some out.")
            reasons.append(reason % told)
        return reasons

    @property
    def is_possible(self):
        return not self.errors and len(self.slugs) >= FEWEST

    @cached_property
    def chosen(self):
        """Return [(address, short name, title)] of what is named and exists, each once."""
        return [(s, *self.offered[s]) for s in dict.fromkeys(self.slugs) if s in self.offered]

    @cached_property
    def told(self):
        return self.kind.told(self.model.objects.published(), self.slugs) if self.is_possible else []

    @cached_property
    def all_groups(self):
        return self.kind.rows(self.told, self.wanted) if self.told else []

    @cached_property
    def groups(self):
        """Return [(group, label, rows)], with `differences` only of what is known to differ."""
        if not self.only_differences:
            return self.all_groups
        kept = [(name, label, [r for r in rows if r.verdict == DIFFERS]) for name, label, rows in self.all_groups]
        return [g for g in kept if g[2]]

    def verdicts(self):
        """Return {verdict: number of rows} of all the rows asked for, shown or not."""
        return Counter(r.verdict for _, _, rows in self.all_groups for r in rows)


def compare_context(comparison):
    """Return what the page of a comparison shows."""
    context = {
        "comparison": comparison,
        "model": comparison.model,
        "chosen": comparison.chosen,
        "addable": [(s, *names) for s, names in comparison.offered.items() if s not in comparison.slugs],
        "can_add": len(comparison.slugs) < MOST,
        "groups": comparison.groups,
        "verdicts": comparison.verdicts(),
        "row_choices": comparison.choices,
        "wanted": comparison.wanted,
        "notes": notes_for(*comparison.told) if comparison.model is Approach else Notes({}),
    }
    if comparison.model is Mission and {"authorized-highest", "deployed-highest"} & comparison.wanted:
        missions = [one.mission for one in comparison.told]
        context |= {"strengths": compared_strengths(missions, comparison.align), "alignments": ALIGNMENTS}
    return context
