"""A release read back from its archive, which is a data package: no table of today's database is asked."""

import csv
import hashlib
import json
from datetime import date
from functools import cached_property, lru_cache
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile

from ..exports import unguarded
from ..models import Release, Source


class ArchiveError(Exception):
    """An archive is not what was made; the message says what is wrong."""


class Archive:
    """The tables of one release. Rows are {field: text} as the CSV has them; an empty text is “not recorded”."""

    def __init__(self, content):
        try:
            self.zip = ZipFile(BytesIO(content))
            self.descriptor = json.loads(self.zip.read("datapackage.json"))
        except (BadZipFile, KeyError, ValueError) as error:
            raise ArchiveError("This is no data package: a ZIP file with datapackage.json is wanted.") from error
        self.read = {}  # tables that were asked for, as rows

    @cached_property
    def resources(self):
        """The descriptors of the tables, {name: record}."""
        return {r["name"]: r for r in self.descriptor["resources"]}

    @property
    def counts(self):
        return {name: r["rows"] for name, r in self.resources.items()}

    def fields(self, table):
        return self.resources[table]["schema"]["fields"]

    def key(self, table):
        return self.resources[table]["schema"]["primaryKey"]

    def content(self, table):
        """Return a table as the bytes of its CSV."""
        return self.zip.read(self.resources[table]["path"])

    def rows(self, table):
        """Return the rows of a table; a release that has no such table has none."""
        if table not in self.resources:
            return []
        if table not in self.read:
            reader = csv.DictReader(StringIO(self.content(table).decode(), newline=""))
            self.read[table] = [{name: unguarded(text) for name, text in row.items()} for row in reader]
        return self.read[table]

    def by_key(self, table):
        """Return the rows of a table by their keys; a release that has no such table has none."""
        return {row[self.key(table)]: row for row in self.rows(table)}

    def entry(self, table, slug):
        """Return the row with this address, or None."""
        return next((row for row in self.rows(table) if row.get("slug") == slug), None)

    def of_mission(self, slug):
        """Return {table: rows} of the facts of a mission, where there are any."""
        found = {name: [r for r in self.rows(name) if r["mission"] == slug] for name in self.fact_tables}
        return {name: rows for name, rows in found.items() if rows}

    @cached_property
    def fact_tables(self):
        return [name for name in self.resources if any(f["name"] == "mission" for f in self.fields(name))]

    def sources(self, slugs):
        """Return the sources of the release with these slugs as unsaved records, {slug: Source}."""
        return {row["slug"]: source_from(row) for row in self.rows("sources") if row["slug"] in slugs}

    def check(self):
        """Return what is wrong with the tables: each must have the size and the checksum that the descriptor names."""
        wrong = []
        for name, told in self.resources.items():
            content = self.content(name)
            if told["hash"] != f"sha256:{hashlib.sha256(content).hexdigest()}" or told["bytes"] != len(content):
                wrong.append(f"{told['path']} is not what datapackage.json says.")
        return wrong


def source_from(row):
    """Return a row of the sources as an unsaved record; fields that a source no longer has are left out."""
    known = {f.name for f in Source._meta.concrete_fields} - {"id", "updated_at"}
    values = {name: text for name, text in row.items() if name in known}
    return Source(**values | {"published_on": date.fromisoformat(row["published_on"])})


@lru_cache(maxsize=4)
def archive_of(number):
    """Return the archive of a release; as none ever changes, the last few are kept in memory."""
    return Archive(bytes(Release.objects.values_list("archive", flat=True).get(number=number)))
