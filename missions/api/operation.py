"""What the schema says of one address: read from its view."""

from copy import copy

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from . import deprecations
from .shapes import ref

REASONS = {
    301: "It was renamed: `Location` names its address of today.",
    304: "Nothing changed since the answer whose `ETag` you sent as `If-None-Match`.",
    400: "The query cannot be answered: `errors` names each parameter with the reasons.",
    404: "There is nothing at this address.",
    406: "No form of the answer is one that `Accept` takes: the API answers in JSON.",
    410: "It was withdrawn: `detail` says why.",
    414: "The address is longer than the server takes, about 4,000 characters. This answer is not in JSON.",
    429: "Too many requests from one address: `Retry-After` says how many seconds to wait.",
}
ETAG = "Tag of this answer: send it as `If-None-Match` to be told, with 304 and no body, that nothing changed."


def marked(segment, parameter):
    """Return a parameter with what is deprecated about it."""
    parameter = copy(parameter)
    for row in deprecations.rows_of(segment, parameter.name):
        parameter.deprecated, parameter.description = True, f"{parameter.description} {row.note}"
    return parameter


class Operation(AutoSchema):
    """One operation, described by its view."""

    def get_operation_id(self):
        return f"{self.view.segment or 'index'}-{'detail' if '{' in self.path else 'list'}"

    def get_summary(self):
        return self.view.summary

    def get_description(self):
        return " ".join(row.note for row in deprecations.rows_of(self.view.segment, ""))

    def is_deprecated(self):
        return bool(deprecations.rows_of(self.view.segment, ""))

    def get_tags(self):
        return [self.view.segment or "index"]

    def get_auth(self):
        return []

    def get_override_parameters(self):
        described = [marked(self.view.segment, parameter) for parameter in self.view.parameters()]
        tag = OpenApiParameter("ETag", str, OpenApiParameter.HEADER, True, ETAG, response=[200, 304])
        wait = OpenApiParameter("Retry-After", int, OpenApiParameter.HEADER, True, "Seconds to wait.", response=[429])
        return [*described, tag, wait]

    def get_response_serializers(self):
        errors = {code: OpenApiResponse(ref("Error"), REASONS[code]) for code in self.view.statuses}
        empty = {code: OpenApiResponse(None, REASONS[code]) for code in (301, 304, 414) if code != 301 or 410 in errors}
        return {200: OpenApiResponse(ref(self.view.answer), self.view.summary)} | dict(sorted((empty | errors).items()))
