"""All missions as CSV, beside the same columns written by the command line program of SQLite."""

import resource
import shutil
import subprocess
import time
from pathlib import Path

from .measuring import Result, peaceops


def children_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def many(table, column, link, key):
    joined = f"{link} l JOIN {table} t ON t.id = l.{key} WHERE l.mission_id = m.id"
    return f"(SELECT group_concat(t.{column}, ';') FROM {joined})"


QUERY = f"""
SELECT m.permanent_id, m.slug, '/missions/' || m.slug || '/', m.title, m.acronym, m.other_names, m.type, m.type_note,
    ts.slug, {many("missions_country", "name", "missions_mission_countries", "country_id")},
    {many("missions_country", "iso3", "missions_mission_countries", "country_id")}, o.slug, m.authorization, m.robust,
    m.status, m.started_on, m.started_precision, m.ended_on, m.ended_precision, ds.slug, m.dates_note,
    m.mandate_ends_on, ms.slug, m.verified_on, m.founding_instrument, fs.slug, m.chapter, m.chapter_basis,
    m.chapter_note, {many("missions_casestudy", "slug", "missions_casestudy_missions", "casestudy_id")},
    {many("missions_term", "slug", "missions_mission_counted_by", "term_id")}, m.summary, m.updated_at
FROM missions_mission m
    JOIN missions_organization o ON o.id = m.organization_id
    LEFT JOIN missions_source ts ON ts.id = m.type_source_id
    LEFT JOIN missions_source ds ON ds.id = m.dates_source_id
    LEFT JOIN missions_source ms ON ms.id = m.mandate_source_id
    LEFT JOIN missions_source fs ON fs.id = m.founding_source_id
WHERE m.stage = 'published' ORDER BY m.started_on, m.slug
"""


def measure(data, what, target):
    """Return the result for the missions in the folder `data`, or None where there is no `sqlite3` to run."""
    program = shutil.which("sqlite3")
    if program is None:
        return None
    database = Path(data) / "peaceops.sqlite3"
    before = children_seconds()
    subprocess.run([program, "-csv", "-header", database, QUERY], check=True, stdout=subprocess.DEVNULL)
    peer = children_seconds() - before
    with peaceops(data) as own:
        own.ask("/missions/?format=csv&type=preventive")
        before, start = own.processor_seconds(), time.monotonic()
        own.ask("/missions/?format=csv")
        took, wall = own.processor_seconds() - before, time.monotonic() - start
        return Result(f"{what}; {wall:.0f} s in all, holding {own.memory() / 1e6:.0f} MB", took, peer, "s", target)
