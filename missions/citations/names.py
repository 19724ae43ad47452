"""The authors of a source, as one field holds them, taken apart."""

import re

# What makes “A, B” the name of a body rather than of a person. A body whose name has none of these words would be taken
# for a person; all authors of the fixtures are tested.
BODY_WORDS = {
    "accords", "army", "centre", "center", "chamber", "command", "commander", "commander-in-chief", "committee",
    "council", "court", "coverage", "department", "house", "institute", "ministry", "ministère", "nations", "office",
    "parliament", "section", "tribunal", "union", "unit", "volunteers",
}  # fmt: skip
ROLE = re.compile(r"\s*\(([^()]*)\)\Z")
EDITORS = ("ed.", "eds.")


def is_body(text):
    """Tell whether a name with a comma is that of a body: “Australia, Department of Defence”."""
    return not BODY_WORDS.isdisjoint(re.split(r"[\s,]+", text.lower()))


def name(text):
    """Return one name as CSL has it: family and given for “Family, Given”, else literal."""
    bare = ROLE.sub("", text)
    family, comma, given = bare.partition(",")
    if not comma or is_body(bare):
        return {"literal": text}
    return {"family": family.strip(), "given": given.strip()}


def names(text):
    """Return the role, “author” or “editor”, and the names of “Family, Given; Family, Given (eds.)”."""
    role = ROLE.search(text)
    is_edited = bool(role and role[1] in EDITORS)
    text = ROLE.sub("", text) if is_edited else text
    return "editor" if is_edited else "author", [name(part.strip()) for part in text.split(";") if part.strip()]
