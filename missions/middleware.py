from django.http import HttpResponseBadRequest


class RefuseNullBytes:
    """Answer 400 to addresses with NUL bytes: PostgreSQL cannot store them, so none can match."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest(
                "The address holds a NUL byte. Remove “%00”.", content_type="text/plain; charset=utf-8"
            )
        return self.get_response(request)
