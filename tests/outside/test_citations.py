"""Every citation of the content, read back by the programs that people cite with."""

import json
import re

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware

from missions import citations
from missions.citations.bibtex import MONTHS, TYPES, iso
from missions.citations.ris import TYPES as RIS_TYPES
from missions.models import LISTED, Source

pytestmark = [pytest.mark.outside, pytest.mark.django_db]
PLAIN = {"volume": "volume", "version": "version", "note": "note", "isbn": "ISBN", "doi": "DOI", "url": "URL"}


@pytest.fixture(scope="module")
def records(content, django_db_blocker):
    """The record of everything that can be cited, ours and others'."""
    found = []
    with django_db_blocker.unblock():
        for model in LISTED:
            for row in model._default_manager.published():
                found.append(citations.of_entry(row, f"https://kb.example{row.url}", "2026.1"))
        assert len(found) > 1800
    return found


def person(name):
    return name.get("literal") or f"{name['family']}, {name['given']}"


def test_bibtexparser_reads_every_record_without_loss(records):
    library = bibtexparser.parse_string(
        citations.content(records, "bib")[0], append_middleware=[LatexDecodingMiddleware()]
    )
    assert (library.failed_blocks, len(library.entries)) == ([], len(records))
    for record, entry in zip(records, library.entries, strict=True):
        read = {f.key: f.value for f in entry.fields}
        assert (entry.key, entry.entry_type) == (record["id"], TYPES[record["type"]])
        assert bare(read["title"]) == " ".join(record["title"].split())
        for role in ("author", "editor"):
            if role in record:
                assert [bare(n) for n in apart(read[role])] == [person(n) for n in record[role]]
        for name, key in PLAIN.items():
            assert read.get(name, "") == record.get(key, ""), record["id"]
        assert read.get("number", "") == record.get("issue", record.get("number", ""))
        assert read.get("pages", "").replace("--", "-").replace("–", "-") == record.get("page", "")
        assert (read.get("publisher") or read.get("institution", "")) == record.get("publisher", "")
        holder = record.get("container-title") or record.get("collection-title", "")
        assert next((read[n] for n in ("journal", "booktitle", "series", "howpublished") if n in read), "") == holder
        assert read["date"] == iso(record["issued"])
        year, *rest = record["issued"]["date-parts"][0]
        assert (read["year"], read.get("month")) == (str(year), MONTHS[rest[0] - 1] if rest else None)


def bare(text):
    return text.removeprefix("{").removesuffix("}")


def apart(people):
    """Split at “and” outside braces, as BibTeX does."""
    found, depth, begun = [], 0, 0
    for match in re.finditer(r"[{}]| and ", people):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if match[0] == " and " and not depth:
            found.append(people[begun : match.start()])
            begun = match.end()
    return [*found, people[begun:]]


def test_rispy_reads_every_record_without_loss(records):
    entries = rispy.loads(citations.content(records, "ris")[0])
    assert len(entries) == len(records)
    for record, read in zip(records, entries, strict=True):
        assert "unknown_tag" not in read
        assert (read["id"], read["type_of_reference"]) == (record["id"], RIS_TYPES[record["type"]])
        assert read["title"] == " ".join(record["title"].split())
        assert read.get("authors", []) == [person(n) for n in record.get("author", [])]
        editors = read.get("secondary_authors", read.get("tertiary_authors", []))
        assert editors == [person(n) for n in record.get("editor", [])]
        assert ";".join(read.get("urls", [])) == record.get("URL", "")
        assert read["date"].replace("/", "-") == iso(record["issued"])
        assert (read.get("doi", ""), read.get("volume", "")) == (record.get("DOI", ""), record.get("volume", ""))
        assert (read.get("number", ""), read.get("publisher", "")) == (
            record.get("issue", ""), record.get("publisher", "")
        )  # fmt: skip
        pages = "-".join(filter(None, [read.get("start_page"), read.get("end_page")]))
        assert pages == record.get("page", "")
        holder = record.get("container-title") or record.get("collection-title", "")
        assert read.get("secondary_title", "") == holder
        numbers = {read.get("issn", ""), read.get("note", "")} - {""}
        assert numbers == {record.get("ISBN", ""), record.get("number", "")} - {""}


def test_citeproc_formats_every_record_in_every_style(records):
    for record in records:
        for style, _, reference in citations.formatted(record):
            plain = re.sub(f"[{citations.START}{citations.STOP}]", "", reference)
            assert str(record["issued"]["date-parts"][0][0]) in plain
            flat = re.sub(r"\W+", "", record["title"]).lower()
            assert flat in re.sub(r"\W+", "", plain).lower(), (style, plain)
            assert not re.search(r"<|>|\.\.(?!\.)|,,| ,|\(\)|None|\x1e", plain), plain


def test_the_running_site_hands_out_what_programs_read(site):
    from tests.serving import fetch

    library = bibtexparser.parse_string(fetch(f"{site}/missions/unficyp/cite.bib").decode())
    assert library.entries[0]["url"] == f"{site}/missions/unficyp/"
    sources = rispy.loads(fetch(f"{site}/case-studies/kosovo/sources.ris").decode())
    cited = json.loads(fetch(f"{site}/case-studies/kosovo/sources.json"))
    assert len(sources) == len(cited) > 20
    listed = json.loads(fetch(f"{site}/missions/cite.json?type=observer"))
    assert listed[0]["URL"] == f"{site}/missions/?type=observer"


def test_every_source_of_the_content_is_among_the_records(records):
    assert {s.slug for s in Source.objects.all()} <= {r["id"] for r in records}
