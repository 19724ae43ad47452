"""CSL-JSON records as BibTeX, for BibTeX and biblatex."""

import re

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TYPES = {
    "report": "techreport",
    "book": "book",
    "chapter": "incollection",
    "article-journal": "article",
    "article-newspaper": "article",
    "dataset": "dataset",
    "webpage": "misc",
    "treaty": "misc",
}
HOLDERS = {"article-journal": "journal", "article-newspaper": "journal", "chapter": "booktitle"}
SPECIAL = str.maketrans({
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
})  # fmt: skip
LIGATURE = re.compile(r"([-'`])(?=\1)")
IN_ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


def text(value):
    """Return text as TeX prints it.

    BibTeX counts braces even after a backslash, so odd ones are dropped. Two hyphens or quotation marks in a row would
    be printed as one character.
    """
    value = " ".join(str(value).split())
    depth = 0
    for mark in re.findall("[{}]", value):
        depth += 1 if mark == "{" else -1
        if depth < 0:
            break
    value = (value if depth == 0 else re.sub("[{}]", "", value)).translate(SPECIAL)
    return LIGATURE.sub(r"\1{}", value)


def person(name):
    """Return a name; that of a body stands in braces, so that nothing takes it apart."""
    return f"{{{text(name['literal'])}}}" if "literal" in name else f"{text(name['family'])}, {text(name['given'])}"


def people(names):
    return " and ".join(person(name) for name in names)


def iso(date):
    return "-".join(f"{part:02}" for part in date["date-parts"][0])


def fields(record):
    """Yield (name, value as written) of a record."""
    kind, issued = record["type"], record.get("issued", {}).get("date-parts", [[]])[0]
    for role in ("author", "editor"):
        if role in record:
            yield role, f"{{{people(record[role])}}}"
    yield "title", f"{{{{{text(record['title'])}}}}}"  # doubled, so that no style changes capitals in names
    for name, value in (
        (HOLDERS.get(kind, "howpublished"), record.get("container-title")),
        ("series", record.get("collection-title")),
        ("volume", record.get("volume")),
        ("number", record.get("issue") or record.get("number")),
        ("institution" if kind == "report" else "publisher", record.get("publisher")),
        ("version", record.get("version")),
        ("note", record.get("note")),
        ("isbn", record.get("ISBN")),
    ):
        if value:
            yield name, f"{{{text(value)}}}"
    if "page" in record:
        yield "pages", f"{{{text(record['page']).replace('-', '--')}}}"
    if issued:
        yield "year", f"{{{issued[0]}}}"
        if len(issued) > 1:
            yield "month", MONTHS[issued[1] - 1]
        yield "date", f"{{{iso(record['issued'])}}}"
    for name, key in (("doi", "DOI"), ("url", "URL")):
        if key in record:
            yield name, f"{{{record[key].translate(IN_ADDRESS)}}}"
    if "accessed" in record:
        yield "urldate", f"{{{iso(record['accessed'])}}}"


def entry(record):
    lines = [f"@{TYPES[record['type']]}{{{record['id']},", *(f"  {name} = {value}," for name, value in fields(record))]
    return "\n".join([*lines, "}\n"])


def bibtex(records):
    """Return the records as the text of a BibTeX file."""
    return "\n".join(entry(record) for record in records)
