"""What a query string asks of any address beside the filters: which fields, which page, how long."""

from functools import partial

from django.core.paginator import Paginator

from .. import exports, parameters
from ..views.answers import page_address
from .base import BadQueryError

MOST_ROWS = 500


class Asked:
    """The fields and the length of a page as asked for, with what is wrong about them as {parameter: [reason]}.

    `only` is the set of names of fields, or None for all of them.
    """

    def __init__(self, data, columns, page_size=MOST_ROWS):
        self.errors, self.only, self.page_size = {}, None, page_size
        if "fields" in data:
            self.only = self.fields(data["fields"], [c.name for c in columns])
        if "page_size" in data:
            self.page_size = self.length(data["page_size"])

    def fields(self, text, known):
        names = set(text.split(","))
        if unknown := sorted(names - set(known)):
            self.errors["fields"] = [f"There is no field “{unknown[0][:40]}”. Known: {', '.join(known)}."]
        return names

    def length(self, text):
        if parameters.page_reasons(text) or int(text) > MOST_ROWS:
            self.errors["page_size"] = [f"Use a number from 1 to {MOST_ROWS}."]
            return MOST_ROWS
        return int(text)

    def chosen(self, columns):
        return [c for c in columns if self.only is None or c.name in self.only]


def page_of(request, queryset, size, columns):
    """Return one page of rows in the public shape of lists; refuses a page that there is not."""
    paginator, number = Paginator(queryset, size), request.GET.get("page", "1")
    if reasons := parameters.page_reasons(number, paginator):
        raise BadQueryError({"page": reasons})
    page = paginator.page(int(number))
    results = [{c.name: c.value(row) for c in columns} for row in page.object_list]
    return exports.page_record(page, paginator.count, results, partial(page_address, request))


def links(answer):
    """Return the header that names the pages beside this one."""
    pages = [f'<{answer[key]}>; rel="{rel}"' for key, rel in (("previous", "prev"), ("next", "next")) if answer[key]]
    return {"Link": ", ".join(pages)} if pages else {}
