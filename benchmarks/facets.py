"""The first view of the list of missions with its facets, beside Datasette's list of the same missions and facets."""

import sqlite3
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

from .measuring import ROOT, Result, in_turns, peaceops, running

PLAIN, LISTS = ("type", "status", "chapter", "organization"), ("country", "region", "task")
QUERY = "&".join(["_size=25", *(f"_facet={name}" for name in PLAIN), *(f"_facet_array={name}" for name in LISTS)])
# The same rows as one table, with several values as lists: the form in which Datasette counts them.
TABLE = """
CREATE TABLE missions AS SELECT m.id, m.slug, m.acronym, m.title, m.summary, m.type, m.status, m.chapter,
    o.slug AS organization, m.started_on, m.ended_on,
    (SELECT json_group_array(c.iso3) FROM own.missions_mission_countries l
        JOIN own.missions_country c ON c.id = l.country_id WHERE l.mission_id = m.id) AS country,
    (SELECT json_group_array(DISTINCT r.slug) FROM own.missions_mission_countries l
        JOIN own.missions_country_regions p ON p.country_id = l.country_id
        JOIN own.missions_region r ON r.id = p.region_id WHERE l.mission_id = m.id) AS region,
    (SELECT json_group_array(DISTINCT t.slug) FROM own.missions_mandatedtask k
        JOIN own.missions_term t ON t.id = k.task_id WHERE k.mission_id = m.id) AS task
FROM own.missions_mission m JOIN own.missions_organization o ON o.id = m.organization_id;
CREATE UNIQUE INDEX missions_id ON missions(id);
"""


def datasette(data, target):
    """Write the missions of the database in the folder `data` as Datasette's table."""
    with closing(sqlite3.connect(target)) as database:
        database.execute("ATTACH ? AS own", [f"file:{Path(data) / 'peaceops.sqlite3'}?mode=ro"])
        indexes = "".join(f"CREATE INDEX missions_{name} ON missions({name});" for name in PLAIN)
        database.executescript(TABLE + indexes)


def measure(data, peer_data, what, target, number=20):
    """Return the result for the missions in the folder `data`, beside Datasette with those in `peer_data`.

    Pages are not kept here, so that every view is a first one; the process has seen the list before.
    """
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "peer.db"
        datasette(peer_data, table)
        command = [ROOT / ".venv/bench/bin/datasette", "serve", table, "--host=127.0.0.1", "--port={port}"]
        with peaceops(data, PEACEOPS_PAGE_CACHE_MB="0") as own, running(command) as peer:
            path, peer_path = "/missions/", f"/peer/missions?{QUERY}"
            own.ask(path), peer.ask(peer_path)
            took = in_turns(partial(own.milliseconds, path, number), partial(peer.milliseconds, peer_path, number), 3)
            return Result(f"{what}; the process holds {own.memory() / 1e6:.0f} MB", *took, "ms", target)
