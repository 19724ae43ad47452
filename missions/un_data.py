"""Read the CSV files of the UN Peace & Security Data Hub and compare them with the register.

Reading never writes. `apply` adds what is new, dates it by the file's own `last_update`, and leaves alone
whatever an editor has changed.
"""

import csv
import datetime
from collections import Counter
from dataclasses import dataclass, field

from django.db import transaction
from tqdm import tqdm

from .choices import FactStage, Measure, Precision, Scope
from .loading import is_edited, remember, save
from .models import Figure, Mission, Source
from .workflow import facts_changed, index_entry, stamp

FATALITY_COLUMNS = ("casualty_id", "incident_date", "mission_acronym", "type_of_incident", "last_update")
MISSION_COLUMNS = ("mission_acronym", "mission_name", "mission_isactive", "start_date", "end_date",
                   "mission_longitude", "mission_latitude", "last_update")  # fmt: skip
FATALITIES_SOURCE, MISSIONS_SOURCE = "un-fatalities-dataset", "un-missions-dataset"
SCOPES = {"Malicious Act": Scope.MALICIOUS_ACT, "Accident": Scope.ACCIDENT, "Illness": Scope.ILLNESS}
OTHER_INCIDENTS = {"Self-Inflicted", "To Be Determined", "Unknown"}
OTHER_ACRONYMS = {"UNPSG": "UNCPSG", "UNMEEA": "UNMEE"}
# The dataset pools operations of one name. Where no death fell between two of them, the year tells which it was.
POOLED_BY_YEAR = {"UNEF": {"UNEF I": (1956, 1967), "UNEF II": (1973, 1980)},
                  "UNAVEM": {"UNAVEM II": (1991, 1994), "UNAVEM III": (1995, 1997)}}  # fmt: skip
POOLED = {"UNOSOM": "UNOSOM II"}
POOLED_NOTE = "Pooled: the dataset counts UNOSOM I and UNOSOM II together, and both are shown here."
SPLIT_NOTE = "The dataset pools {0} I, II and III; this operation's share is told by the year of each death."


class DataError(Exception):
    """A file cannot be read as what it should be; the message names file, line and reason."""


@dataclass
class Report:
    """What a file says against what the register holds; each entry is a line to read."""

    new: list = field(default_factory=list)
    changed: list = field(default_factory=list)
    unchanged: list = field(default_factory=list)
    conflicting: list = field(default_factory=list)
    unmatched: Counter = field(default_factory=Counter)
    remarks: list = field(default_factory=list)


def rows_of(path, columns):
    """Yield (line number, row) of a CSV file with at least `columns`. Raises `DataError`."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := [c for c in columns if c not in (reader.fieldnames or [])]:
                raise DataError(f"{path}, line 1: the columns {', '.join(missing)} are missing. Is it the right file?")
            for row in reader:
                if None in row or None in row.values():
                    raise DataError(f"{path}, line {reader.line_num}: the row has not as many cells as the header.")
                yield reader.line_num, {k: v.strip() for k, v in row.items()}
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text (byte {error.start}). Save it as UTF-8 and try again.") from error
    except (OSError, csv.Error) as error:
        raise DataError(f"{path}: cannot be read: {error}") from error


def date_of(text, path, line, column, required=True):
    if not text and not required:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise DataError(f"{path}, line {line}: {column} is “{text[:40]}”, not a date as 2025-04-04.") from error


def acronym_of(acronym, year):
    """Return the register's acronym for one of the dataset in a year."""
    for name, (first, last) in POOLED_BY_YEAR.get(acronym, {}).items():
        if first <= year <= last:
            return name
    return POOLED.get(acronym, OTHER_ACRONYMS.get(acronym, acronym))


def note_for(acronym):
    if acronym in POOLED.values():
        return POOLED_NOTE
    for pool, parts in POOLED_BY_YEAR.items():
        if acronym in parts:
            return SPLIT_NOTE.format(pool).replace(" I, II and III", " I and II" if pool == "UNEF" else " II and III")
    return ""


@dataclass
class Fatalities:
    """The counts of one fatalities file: {(acronym, year or "" for the total, scope): deaths}."""

    counts: Counter
    last_update: datetime.date
    remarks: list


def read_fatalities(path, progress=False):
    """Return the counts of a DPPADPOSS-FATALITIES file. Raises `DataError`."""
    counts, updates, seen, remarks = Counter(), set(), set(), []
    for line, row in tqdm(rows_of(path, FATALITY_COLUMNS), unit=" deaths", disable=not progress):
        day = date_of(row["incident_date"], path, line, "incident_date")
        updates.add(date_of(row["last_update"], path, line, "last_update"))
        incident = row["type_of_incident"]
        if incident not in SCOPES and incident not in OTHER_INCIDENTS:
            raise DataError(f"{path}, line {line}: type_of_incident is “{incident[:40]}”, which is not known.")
        if row["casualty_id"] in seen:
            remarks.append(f"line {line}: the record {row['casualty_id']} stands in the file before; both are counted")
        seen.add(row["casualty_id"])
        acronym = acronym_of(row["mission_acronym"], day.year)
        for period in ("", str(day.year)):
            counts[acronym, period, Scope.ALL] += 1
            counts[acronym, period, SCOPES.get(incident, Scope.OTHER)] += 1
    if not seen:
        raise DataError(f"{path}: the file holds no record.")
    return Fatalities(counts, max(updates), remarks)


def compare_fatalities(path, progress=False):
    """Return the report on a fatalities file and the figures that `apply_fatalities` would write."""
    data = read_fatalities(path, progress)
    report, writes = Report(remarks=data.remarks), []
    missions = {m.acronym: m for m in Mission.objects.all()}
    source = Source.objects.get(slug=FATALITIES_SOURCE)
    held = {}
    for figure in Figure.objects.filter(source=source, measure=Measure.FATALITIES).select_related("mission", "source"):
        key = (figure.mission.acronym, figure.period, figure.scope)
        if key not in held or held[key].as_of < figure.as_of:
            held[key] = figure
    for (acronym, period, scope), value in sorted(data.counts.items()):
        if acronym not in missions:
            if not period and scope == Scope.ALL:
                report.unmatched[acronym] = value
            continue
        old, what = held.get((acronym, period, scope)), f"{acronym} {period or 'in all'}, {scope}"
        if old and old.value == value:
            report.unchanged.append(what)
        elif old and old.as_of > data.last_update:
            report.conflicting.append(
                f"{what}: the file says {value} at {data.last_update}, held is {old.value} at {old.as_of}"
            )
        elif old and is_edited(old):
            report.conflicting.append(f"{what}: the file says {value}, an editor set {old.value}")
        else:
            (report.changed if old else report.new).append(f"{what}: {f'{old.value} to ' if old else ''}{value}")
            writes.append((old, Figure(
                mission=missions[acronym], measure=Measure.FATALITIES, scope=scope, period=period, value=value,
                as_of=data.last_update, source=source, stage=FactStage.PUBLISHED, confidence="high",
                locator="", note=note_for(acronym),
            )))  # fmt: skip
    return report, writes


@transaction.atomic
def apply_fatalities(writes, progress=False):
    """Write the figures; one that they replace stays with its own date, no longer preferred."""
    touched = {}
    for old, figure in tqdm(writes, unit=" figures", disable=not progress):
        if old:
            old.preferred = False
            save(old)
            remember(old)
        save(figure)
        remember(figure)
        touched[figure.mission_id] = figure.mission
    for mission in touched.values():
        facts_changed(mission)


def month(date):
    return (date.year, date.month) if date else None


def coordinate(text, path, line, column):
    """Return a coordinate written with a decimal comma or point, or None. Raises `DataError`."""
    if not text:
        return None
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise DataError(f"{path}, line {line}: {column} is “{text[:40]}”, not a coordinate.") from error


def compare_missions(path, progress=False):
    """Return the report on a DPPADPOSS-PKO file and the values that `apply_missions` would write.

    Days in the file are often placeholders for the month, so only months are compared.
    """
    report, writes = Report(), []
    missions = {m.acronym: m for m in Mission.objects.all()}
    for line, row in tqdm(rows_of(path, MISSION_COLUMNS), unit=" missions", disable=not progress):
        acronym = OTHER_ACRONYMS.get(row["mission_acronym"], row["mission_acronym"])
        start = date_of(row["start_date"], path, line, "start_date", required=False)
        end = date_of(row["end_date"], path, line, "end_date", required=False)
        update = date_of(row["last_update"], path, line, "last_update")
        active = row["mission_isactive"].lower()
        if active not in ("yes", "no"):
            raise DataError(f"{path}, line {line}: mission_isactive is “{active[:20]}”, not Yes or No.")
        longitude = coordinate(row["mission_longitude"], path, line, "mission_longitude")
        latitude = coordinate(row["mission_latitude"], path, line, "mission_latitude")
        if longitude is not None and latitude is not None and abs(latitude) > 90:
            report.remarks.append(f"line {line}, {acronym}: longitude and latitude look exchanged; they are not used")
        mission = missions.get(acronym)
        if mission is None:
            report.unmatched[acronym] += 1
            continue
        compare_mission(report, writes, mission, start, end, update, active == "yes")
    return report, writes


def compare_mission(report, writes, mission, start, end, update, active):
    for what, ours, theirs in (("start", mission.started_on, start), ("end", mission.ended_on, end)):
        line = f"{mission.acronym}, {what}: "
        if theirs is None or month(ours) == month(theirs):
            report.unchanged.append(line + str(ours))
        elif ours is not None or what == "start":
            report.conflicting.append(f"{line}the file says {theirs:%Y-%m}, held is {ours:%Y-%m}")
        elif is_edited(mission):
            report.conflicting.append(f"{line}the file says {theirs:%Y-%m}, and an editor changed this mission")
        else:
            report.new.append(f"{line}{theirs:%Y-%m}")
            writes.append((mission, {"ended_on": theirs.replace(day=1), "ended_precision": Precision.MONTH}))
    if active and not mission.ended_on and mission.verified_on and mission.verified_on < update:
        if is_edited(mission):
            report.conflicting.append(f"{mission.acronym}, verified on: an editor changed this mission")
        else:
            report.changed.append(f"{mission.acronym}, verified on: {mission.verified_on} to {update}")
            writes.append((mission, {"verified_on": update}))


@transaction.atomic
def apply_missions(writes, progress=False):
    """Write the values into the missions."""
    for mission, values in tqdm(writes, unit=" values", disable=not progress):
        for name, value in values.items():
            setattr(mission, name, value)
        stamp(mission)
        save(mission)
        remember(mission)
        index_entry(mission)
