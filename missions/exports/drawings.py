"""The style of a chart for a file of its own: the site's rules for shapes, with plain colours of the light theme."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings

SHEETS = ("site.css", "timeline.css")
SHAPES = re.compile(
    r"^ +((?:\.chart (?:text|\.grid)|\.lanes \.r(?:ule|each)|\.(?:line|point|bar|span|dot)\b)[^{]*)\{([^}]*)\}", re.M
)
TOKEN = re.compile(r"(--[\w-]+): ([^;]+);")
VARIABLE, LIGHT = re.compile(r"var\((--[\w-]+)\)"), re.compile(r"light-dark\(([^,]+), [^)]+\)")
ONLY_ON_PAGES = re.compile(r"\b(?:background|border-radius): [^;]+;? ?")


def plain(text, tokens):
    """Return a declaration with the light theme's colours in place of names."""
    while VARIABLE.search(text):
        text = VARIABLE.sub(lambda m: tokens[m[1]], text)
    return LIGHT.sub(r"\1", text)


@cache
def style():
    """Return the rules for the shapes of charts as CSS that any program understands."""
    sheets = "\n".join((Path(settings.BASE_DIR) / "static/css" / name).read_text(encoding="utf-8") for name in SHEETS)
    tokens = dict(TOKEN.findall(sheets))
    rules = []
    for selectors, declarations in SHAPES.findall(sheets):
        kept = [
            s.strip().removeprefix(".chart ").removeprefix(".lanes ")
            for s in selectors.split(",")
            if ".swatch" not in s and ":" not in s
        ]
        if kept:
            rules.append(f"{', '.join(kept)} {{ {plain(ONLY_ON_PAGES.sub('', declarations).strip(), tokens)} }}")
    return "\n".join(rules)
