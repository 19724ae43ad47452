"""What can be wrong with the parameters of any address, in the same words everywhere."""

from django.utils.translation import gettext

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


def page_reasons(page, paginator=None):
    """Return what is wrong with a page number as typed; how many pages there are is asked of `paginator`, if given."""
    if not (page.isascii() and page.isdigit() and len(page) < 10 and int(page) > 0):
        return [gettext("Use a page number from 1.")]
    if paginator and int(page) > paginator.num_pages:
        told = {"n": paginator.num_pages, "page": page}
        return [gettext("There are %(n)d pages, and this asks for page %(page)s.") % told]
    return []
