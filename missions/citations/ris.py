"""CSL-JSON records as RIS, with the tags that Zotero and EndNote read."""

import rispy

TYPES = {
    "report": "RPRT",
    "book": "BOOK",
    "chapter": "CHAP",
    "article-journal": "JOUR",
    "article-newspaper": "NEWS",
    "dataset": "DATA",
    "webpage": "ELEC",
    "treaty": "GEN",
}


class Writer(rispy.RisWriter):
    """Writes records without a number before each, which is no RIS."""

    def set_header(self, count):
        return ""


def line(value):
    return " ".join(str(value).split())


def person(name):
    return line(name.get("literal") or f"{name['family']}, {name['given']}")


def slashed(date):
    return "/".join(f"{part:02}" for part in date["date-parts"][0])


def pages(page):
    """Return the first and the last page."""
    first, _, last = page.partition("-")
    return first, last


def tags(record):
    """Return a record under the names that rispy gives to the tags."""
    kind = TYPES[record["type"]]
    first, last = pages(record.get("page", ""))
    issued = record.get("issued")
    editors = [person(n) for n in record.get("editor", [])]
    symbol = record.get("number", "")
    lines = {
        "type_of_reference": kind,
        "id": record["id"],
        "authors": [person(n) for n in record.get("author", [])],
        # Zotero takes A2 of a book for the editor of its series.
        "tertiary_authors" if kind == "BOOK" else "secondary_authors": editors,
        "title": line(record["title"]),
        "secondary_title": line(record.get("container-title") or record.get("collection-title", "")),
        "publisher": line(record.get("publisher", "")),
        "year": str(issued["date-parts"][0][0]) if issued else "",
        "date": slashed(issued) if issued else "",
        "volume": line(record.get("volume", "")),
        "number": line(record.get("issue", "")),
        "start_page": line(first),
        "end_page": line(last),
        # SN holds the number of a report, and of a book its ISBN.
        "issn": line(record.get("ISBN") or (symbol if kind == "RPRT" else "")),
        "note": "" if kind == "RPRT" and "ISBN" not in record else line(symbol),
        "edition": line(record.get("version", "")),
        "doi": record.get("DOI", ""),
        "urls": [record["URL"]] if "URL" in record else [],
        "access_date": slashed(record["accessed"]) if "accessed" in record else "",
        "language": record.get("language", ""),
        "notes": [line(record["note"])] if "note" in record else [],
    }
    return {name: value for name, value in lines.items() if value}


def ris(records):
    """Return the records as the text of a RIS file."""
    return rispy.dumps([tags(record) for record in records], implementation=Writer)
