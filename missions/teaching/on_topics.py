"""Questions on a principle, a challenge or a trend, made of the evidence on it."""

from django.utils.translation import gettext

from ..choices import Stance
from ..languages import filled, in_english, translated, written
from ..models import Evidence, Succession
from .questions import asked

MOST = 10


def items_on(topic):
    """Return the published evidence on a topic, each with its mission and the countries of that."""
    kind = topic._meta.model_name
    rows = Evidence.objects.published().filter(**{kind: topic}).select_related("source", "mission", kind)
    return list(rows.prefetch_related("mission__countries"))


def address_of(item):
    return f"{item.mission.url}#principles"


def told_of(item):
    when = written(item.date, item.precision)
    words = {"mission": item.mission, "date": when, "stance": translated(item.stance_label).lower()}
    return gettext("%(mission)s, %(date)s: %(stance)s.") % words


def names_of(mission):
    """Return the words by which a text gives a mission away."""
    names = [mission.acronym, mission.title, *mission.aliases, *(c.name for c in mission.countries.all())]
    return [name.lower() for name in names if len(name) > 2]


def stances(items):
    """Ask how an observation is recorded: as one of four, by their definitions."""
    for item in items:
        words = {"mission": item.mission, "topic": in_english(item.entry.title)}
        text = filled(gettext("How is this observation of %(mission)s recorded under “%(topic)s”?"), words)
        labels = [Evidence(stance=s, **{item.kind: item.entry}).stance_label for s in Stance]
        key = f"{item.permanent_id} stance"
        yield asked(key, text, item.stance_label, labels, address_of(item), told_of(item), item.source,
                    locator=item.locator, quoted=item.text)  # fmt: skip


def linked_pairs():
    """Return {mission: missions before, beside and after it} by their keys, in one query."""
    found = {}
    for one, other in Succession.objects.values_list("predecessor", "successor"):
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return found


def described(items):
    """Ask which mission an observation describes, if its words do not name it.

    No wrong choice worked in the same country, is linked with it, or is named in the text.
    """
    linked = linked_pairs()
    for item in items:
        m, words = item.mission, item.text.lower()
        if any(name in words for name in names_of(m)):
            continue
        here = {c.pk for c in m.countries.all()}
        others = [
            str(i.mission)
            for i in items
            if i.mission_id != m.pk
            and i.mission_id not in linked.get(m.pk, ())
            and not here & {c.pk for c in i.mission.countries.all()}
            and not any(name in words for name in names_of(i.mission))
        ]
        key = f"{item.permanent_id} mission"
        yield asked(key, gettext("Which mission does this observation describe?"), str(m), others, address_of(item),
                    told_of(item), item.source, locator=item.locator, quoted=item.text)  # fmt: skip


def only_one_such(items):
    """Ask for the mission with an observation of one stance, among missions that have none such on record."""
    by_mission = {}
    for item in items:
        by_mission.setdefault(item.mission, []).append(item)
    for stance in Stance:
        having = [m for m, rows in by_mission.items() if any(i.stance == stance for i in rows)]
        lacking = [str(m) for m, rows in by_mission.items() if m not in having]
        for mission in having:
            item = next(i for i in by_mission[mission] if i.stance == stance)
            words = {"topic": in_english(item.entry.title), "stance": translated(item.stance_label).lower()}
            text = filled(
                gettext("Of which mission is an observation under “%(topic)s” recorded as “%(stance)s”?"), words
            )
            key = f"{item.permanent_id} only"
            told = filled("%(told)s %(text)s", {"told": told_of(item), "text": in_english(item.text)})
            yield asked(key, text, str(mission), lacking, address_of(item), told, item.source,
                        locator=item.locator)  # fmt: skip


MAKERS = (described, stances, only_one_such)
