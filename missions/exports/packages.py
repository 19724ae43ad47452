"""Tables as one Frictionless Data Package: a ZIP file with a CSV for each, and what everything in them means.

The descriptor is written last, when rows are counted and checksums known: https://specs.frictionlessdata.io/.
"""

import hashlib
import json

from ..citations import SITE_NAME
from ..citations.embedded import LICENCE as LICENCE_ADDRESS
from ..codebook import values_of
from .archives import zipped
from .cells import csv_lines

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": LICENCE_ADDRESS,
}
TYPES = {"list": "string", "records": "array"}  # what a descriptor calls our types, where it has another name


class Written:
    """A table as chunks of CSV; counts and hashes what passes."""

    def __init__(self, table):
        self.table, self.number, self.size, self.digest = table, -1, 0, hashlib.sha256()

    def __iter__(self):
        for line in csv_lines(self.counted(), mark=""):
            data = line.encode()
            self.size += len(data)
            self.digest.update(data)
            if data:
                yield data

    def counted(self):
        for line in self.table.lines:
            self.number += 1
            yield line


def field_record(field):
    """Return one field as a descriptor tells it; vocabularies are written out."""
    told = {"name": field.name, "title": field.label, "type": TYPES.get(field.type, field.type)}
    told["description"] = field.definition
    if field.type == "list":
        told["description"] += " Several values are joined by a semicolon."
    constraints = {"required": True} if field.is_required else {}
    if field.vocabulary:
        values = values_of(field.vocabulary)
        told["vocabulary"], told["values"] = field.vocabulary, values
        if field.type != "list":
            constraints["enum"] = [v["value"] for v in values]
    if field.unit:
        told["unit"] = field.unit
    return told | ({"constraints": constraints} if constraints else {})


def foreign_keys(table, names, is_whole):
    """Return the references of a table to others of the package. Links may lead out of a package of some missions."""
    keys = []
    for field in table.fields:
        target, _, name = field.refers_to.partition(".")
        if field.type == "string" and target in names and (is_whole or table.name != "successions"):
            resource = "" if target == table.name else target
            keys.append({"fields": field.name, "reference": {"resource": resource, "fields": name}})
    return keys


def resource(written, names, is_whole):
    table = written.table
    schema = {"fields": [field_record(f) for f in table.fields], "missingValues": [""]}
    if table.fields[0].name in ("id", "iso3", "slug"):
        schema["primaryKey"] = table.fields[0].name
    if keys := foreign_keys(table, names, is_whole):
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "title": table.title,
        "path": f"data/{table.name}.csv",
        "profile": "tabular-data-resource",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": written.size,
        "hash": f"sha256:{written.digest.hexdigest()}",
        "rows": written.number,
        "schema": schema,
    }


def descriptor(about, all_written, is_whole):
    """Return datapackage.json as a record; `about` is an `About`."""
    names = [w.table.name for w in all_written]
    homepage = {"homepage": about.address} if about.is_full_address else {}
    return homepage | {
        "profile": "tabular-data-package",
        "name": about.name,
        "title": about.title,
        "description": about.sentence,
        "version": about.release or "unreleased",
        "created": about.made,
        "licenses": [LICENCE],
        "contributors": [{"title": SITE_NAME, "role": "publisher"}],
        "query": about.query,
        "release": about.release,
        "note": about.note,
        "resources": [resource(w, names, is_whole) for w in all_written],
    }


def readme(about, all_written):
    rows = "\n".join(f"- `data/{w.table.name}.csv`: {w.table.title}, {w.number:,} rows" for w in all_written)
    return f"""# {about.title}

{about.sentence}{f" {about.note}" if about.note else ""}

{rows}

`datapackage.json` says what every field means, which values it may have, and how many rows and which SHA-256 each
table has. An empty cell is “not recorded”; it is never a zero. Several values in a cell are joined by a semicolon.
A text that begins like a formula has an apostrophe before it. Dates carry their precision in a field of their own:
with `month` or `year` they are the first day of the period.

From: {about.address}
Query: {json.dumps(about.query, ensure_ascii=False)}
Release: {about.release or "none; the content as it stood when this was made"}
Made: {about.made}
Licence: {LICENCE["title"]}, {LICENCE["path"]}
How to cite: CITATION.cff beside this file.
"""


def citation_file(about):
    """Return CITATION.cff, https://citation-file-format.github.io/."""
    quoted = json.dumps  # a JSON string is a YAML string
    lines = [
        "cff-version: 1.2.0",
        "message: Please cite this dataset as below.",
        "type: dataset",
        f"title: {quoted(about.title, ensure_ascii=False)}",
        "authors:",
        f"  - name: {quoted(SITE_NAME)}",
        f"date-released: {about.made[:10]}",
        "license: CC-BY-4.0",
    ]
    lines += [f"url: {quoted(about.address)}"] if about.is_full_address else []
    lines += [f"version: {quoted(about.release)}"] if about.release else []
    return "\n".join(lines) + "\n"


def package(tables, about, is_whole=False, extra=()):
    """Yield a data package as chunks of a ZIP file; `extra` are further files, (name, text)."""
    all_written = [Written(t) for t in tables]

    def members():
        for written in all_written:
            yield f"data/{written.table.name}.csv", written
        told = json.dumps(descriptor(about, all_written, is_whole), ensure_ascii=False, indent=1)
        texts = [("datapackage.json", told), ("README.md", readme(about, all_written))]
        for name, text in [*texts, ("CITATION.cff", citation_file(about)), *extra]:
            yield name, [text.encode()]

    yield from zipped(members())
