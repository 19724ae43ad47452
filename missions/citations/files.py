"""The files in which programs take citations away."""

import json

from .bibtex import bibtex
from .ris import ris


def csl_json(records):
    return json.dumps(records, ensure_ascii=False, indent=1) + "\n"


# Form, as the last part of an address has it: (writer, content type, name).
FORMS = {
    "bib": (bibtex, "application/x-bibtex; charset=utf-8", "BibTeX"),
    "ris": (ris, "application/x-research-info-systems; charset=utf-8", "RIS"),
    "json": (csl_json, "application/vnd.citationstyles.csl+json", "CSL-JSON"),
}


def content(records, form):
    """Return the records as text of one of `FORMS`, and its content type."""
    write, content_type, _ = FORMS[form]
    return write(list(records)), content_type
