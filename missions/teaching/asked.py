"""What a query asks of a packet of one's own, and what is offered to choose from."""

from functools import cached_property
from urllib.parse import urlencode

from django.utils.translation import gettext

from .. import parameters
from ..filters import Listing
from ..models import MODELS, TOPICS, Mission
from ..models.teaching import MOST_MISSIONS

MISSION = "m"  # as in a comparison
MOST_TOPICS = 8  # of each kind; a lesson has room for fewer


def named(model, field):
    """Return {address: name} of what is published of a kind, by name."""
    return dict(model.objects.published().order_by(field, "slug").values_list("slug", field))


class OwnPacket:
    """What a query string asks to put into a packet. `data` is a QueryDict; with any error nothing is shown."""

    def __init__(self, data):
        self.data = data
        self.slugs = data.getlist(MISSION)

    @cached_property
    def offered(self):
        """Return {parameter: {address: name}} of all that can be named."""
        return {MISSION: named(Mission, "acronym")} | {t: named(MODELS[t], "title") for t in TOPICS}

    @cached_property
    def errors(self):
        """Return {parameter: [reason]}, empty if the query is sound."""
        errors = parameters.unknown(self.data, list(self.offered))
        for name in self.offered:
            if reasons := self.reasons(name):
                errors[name] = reasons
        return errors

    def reasons(self, name):
        """Return what is wrong with the values of one parameter."""
        values, model = self.data.getlist(name), Mission if name == MISSION else MODELS[name]
        most = MOST_MISSIONS if name == MISSION else MOST_TOPICS
        unknown, twice = parameters.name_reasons(values, self.offered[name], model._meta.verbose_name)
        reasons = unknown[:most] + twice[:most]
        if len(values) > most:
            told = {"most": most, "n": len(values)}
            reasons.append(gettext("A packet holds at most %(most)d, and this names %(n)d: leave some out.") % told)
        return reasons

    @property
    def is_possible(self):
        return not self.errors and bool(self.slugs)

    def topics(self):
        """Return {kind: addresses} of the topics named."""
        return {t: self.data.getlist(t) for t in TOPICS}

    @property
    def query(self):
        """Return the query string that names the same packet, in one order."""
        pairs = [(MISSION, s) for s in self.slugs] + [(t, s) for t in TOPICS for s in self.data.getlist(t)]
        return urlencode(pairs)


class Choice:
    """The form in which a reader puts a packet together: missions of a filtered list, and topics."""

    def __init__(self, data, chosen=None, listing=None):
        """`data` are the parameters of a list of missions; `chosen` is a packet that was asked for with errors."""
        self.listing = listing if chosen else Listing(Mission, data)
        self.chosen = chosen
        self.ticked_topics = {t: (chosen.data if chosen else data).getlist(t) for t in TOPICS}

    @property
    def errors(self):
        errors = self.chosen.errors if self.chosen else self.listing.errors
        if not self.chosen and "page" in self.listing.data:
            errors |= {"page": [gettext("All missions of the filter are offered at once: leave this out.")]}
        return errors

    @cached_property
    def missions(self):
        """Return [(mission, whether it is ticked)]: up to as many as a packet holds are ticked beforehand."""
        rows = Mission.objects.published() if self.chosen or self.errors else self.listing.rows
        fields = ("slug", "acronym", "title", "started_on", "ended_on")
        rows = list(rows.only(*fields))
        if self.chosen:
            return [(m, m.slug in self.chosen.slugs) for m in rows]
        return [(m, len(rows) <= MOST_MISSIONS) for m in rows]

    @cached_property
    def topics(self):
        """Return [(kind, its model, [(address, title, whether it is ticked)])]."""
        return [
            (t, MODELS[t], [(s, title, s in self.ticked_topics[t]) for s, title in named(MODELS[t], "title").items()])
            for t in TOPICS
        ]
