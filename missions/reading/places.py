"""Where missions are: the map of a list, and the small map of one mission."""

from dataclasses import dataclass

from django.db.models import Prefetch

from .. import maps
from ..catalogue import related_rows
from ..models import Country


@dataclass
class Place:
    """A country or area with its missions of a list."""

    country: Country
    missions: list
    is_chosen: bool = False

    @property
    def count(self):
        return len(self.missions)

    @property
    def is_on_the_map(self):
        return maps.on_the_map(self.country.iso3)


def places_of(missions, chosen=()):
    """Return the countries of the missions by name, each with its missions by start. A draft must not be among them."""
    found = {}
    for mission in missions:
        for country in mission.countries.all():
            place = found.setdefault(country.iso3, Place(country, [], country.iso3 in chosen))
            place.missions.append(mission)
    for place in found.values():
        place.missions.sort(key=lambda m: (m.started_on, m.slug))
    return sorted(found.values(), key=lambda p: (p.country.name, p.country.iso3))


def mission_map(rows, chosen=()):
    """Return the map of all rows of a list, in two queries; `chosen` are the countries that it is filtered by."""
    fields = ("slug", "acronym", "title", "started_on", "ended_on")
    missions = list(rows.prefetch_related(Prefetch("countries", related_rows(Country))).only(*fields))
    places = {place.country.iso3: place for place in places_of(missions, chosen)}
    by_slug = {mission.slug: mission for mission in missions}
    drawn = maps.drawing({code: place.count for code, place in places.items()}, set(by_slug))
    return drawn | {
        "places": list(places.values()),
        "outlines": [(mark, places[mark.code]) for mark in drawn["outlines"]],
        "dots": [(mark, places[mark.code]) for mark in drawn["dots"]],
        "areas": [(mark, maps.AREAS[mark.code], by_slug[mark.code]) for mark in drawn["areas"]],
        "classes": [words for _, words in maps.CLASSES],
    }


def mission_locator(mission):
    """Return the small map of one mission whose countries were fetched along, or None if no place is known."""
    return maps.locator([country.iso3 for country in mission.countries.all()], mission.slug)


def map_notes():
    """Return the reasons of the dashed lines, each once, and the marked areas."""
    return {"dashed_lines": list(dict.fromkeys(d.reason for d in maps.DASHED)), "areas": list(maps.AREAS.values())}
