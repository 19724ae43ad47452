"""A released row put in the order and the words in which a reader meets it."""

from dataclasses import dataclass

PROSE = 200  # characters from which a text gets a section of its own
NOT_SHOWN = ("id", "slug", "url", "title", "label", "summary")


@dataclass(frozen=True)
class Shown:
    name: str
    label: str
    text: str
    is_prose: bool


def is_prose(text):
    return len(text) > PROSE or "[@" in text or "\n" in text


def shown_fields(archive, table, row):
    """Return the filled fields of an entry with their labels; the long ones are prose."""
    fields = [f for f in archive.fields(table) if f["name"] not in NOT_SHOWN and row.get(f["name"])]
    return [Shown(f["name"], f["title"], spaced(row[f["name"]]), is_prose(row[f["name"]])) for f in fields]


def spaced(text):
    """Return several values with a space after each semicolon, so that lines can break there."""
    return text if is_prose(text) else text.replace(";", "; ")


def shown_table(archive, table, rows):
    """Return (title, header, lines) of the facts of an entry, with the columns that any row fills."""
    fields = [
        f for f in archive.fields(table) if f["name"] not in ("id", "mission") and any(r[f["name"]] for r in rows)
    ]
    rows = sorted(rows, key=lambda r: r.get("as_of") or r.get("date") or "")
    lines = [[(f["name"], r[f["name"]]) for f in fields] for r in rows]
    return archive.resources[table]["title"], [f["title"] for f in fields], lines
