"""Comparisons of any missions without a server: the cells of each mission, which a script puts side by side."""

from django.template.loader import render_to_string

from ..models import Mission
from ..prose import Notes
from ..reading import mission_rows
from ..reading.cells import NOT_APPLICABLE, NOT_NAMED, NOT_RECORDED, WORDS

STATES = {NOT_RECORDED: -1, NOT_APPLICABLE: -2, NOT_NAMED: -3}


class Comparable:
    """All published missions with the cells of all rows that any of them has."""

    def __init__(self):
        missions = Mission.objects.published()
        slugs = list(missions.order_by("acronym", "slug").values_list("slug", flat=True))
        self.told = mission_rows.told(missions, slugs)
        self.choices = mission_rows.choices()
        self.groups = mission_rows.rows(self.told, {n for _, rows in self.choices.values() for n in rows})
        self.numbers = {}  # row -> {what is compared: its number}

    def table(self, resolve):
        """Return what is the same for all missions: groups, rows, and the words for a cell without a value.

        `resolve` makes a path of the address to which a row leads.
        """
        lists = set(mission_rows.LISTS)
        return {
            "groups": [
                [name, label, name in lists, [[row.slug, row.label, resolve(row.link)] for row in rows]]
                for name, label, rows in self.groups
            ],
            "choices": [[name, label, list(rows.items())] for name, (label, rows) in self.choices.items()],
            "words": {STATES[state]: words for state, words in WORDS.items()},
            "missions": [[one.mission.slug, one.mission.acronym, one.mission.title] for one in self.told],
        }

    def key(self, row, cell):
        """Return a number that two cells of a row share if they say the same; below zero a state without a value."""
        if cell.state in STATES:
            return STATES[cell.state]
        numbers = self.numbers.setdefault(row.slug, {})
        return numbers.setdefault(cell.compared, len(numbers))

    def column(self, number, rewritten):
        """Return the cells of one mission, {row: [key, HTML]}, and its notes as [source, HTML]."""
        notes, cells = Notes({}), {}
        for _, _, rows in self.groups:
            for row in rows:
                cell = row.cells[number]
                if cell.state != NOT_RECORDED:
                    html = render_to_string("_compare_cell.html", {"cell": cell, "notes": notes})
                    cells[row.slug] = [self.key(row, cell), rewritten(html)]
        told = [
            [note.source.slug, rewritten(render_to_string("_reference.html", {"source": note.source, "link": True}))]
            for note in notes
        ]
        return {"cells": cells, "notes": told}
