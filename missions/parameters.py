"""What can be wrong with the parameters of any address, in the same words everywhere."""

from collections import Counter

from django.utils.translation import gettext

from .languages import translated

# What chooses how rows are shown, not which they are.
OF_THE_PAGE = ("format", "facets", "page", "view", "within", "table")


def unknown(data, known):
    """Return {parameter: [reason]} of the parameters that are none of `known`."""
    return {
        name[:100]: [gettext("Unknown parameter. Known: %(known)s.") % {"known": ", ".join(known)}]
        for name in data
        if name not in known
    }


def repeated(data, single):
    """Return {parameter: [reason]} of those of `single` that are given more than once."""
    return {name: [gettext("Given more than once.")] for name in single if len(data.getlist(name)) > 1}


def name_reasons(values, known, kind):
    """Return what is wrong with names in a query: ([reason for each that is unknown], [for each named twice])."""
    unknown = [v for v in dict.fromkeys(values) if v not in known]
    twice = [v for v, times in Counter(values).items() if times > 1 and v not in unknown]
    words = {"kind": translated(kind)}
    return (
        [gettext("There is no %(kind)s “%(name)s” here: leave it out.") % (words | {"name": v[:40]}) for v in unknown],
        [gettext("“%(name)s” is named more than once: name it once.") % {"name": v} for v in twice],
    )


def page_reasons(page, paginator=None):
    """Return what is wrong with a page number as typed; how many pages there are is asked of `paginator`, if given."""
    if not (page.isascii() and page.isdigit() and len(page) < 10 and int(page) > 0):
        return [gettext("Use a page number from 1.")]
    if paginator and int(page) > paginator.num_pages:
        told = {"n": paginator.num_pages, "page": page}
        return [gettext("There are %(n)d pages, and this asks for page %(page)s.") % told]
    return []
