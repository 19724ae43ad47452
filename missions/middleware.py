from django.http import HttpResponseBadRequest, HttpResponseNotAllowed, JsonResponse
from django.utils.cache import patch_vary_headers

SAFE = ("GET", "HEAD", "OPTIONS")
THEMES = ("auto", "light", "dark")
THEME_COOKIE = "theme"
API = "/api/"
REPORTS = "/report/"  # the one public address that takes something


class GuardPublicSide:
    """Answer at the door what no public page can answer: NUL bytes, and any wish to write.

    PostgreSQL cannot store NUL, so nothing can match it. Writing is for the admin and for reports alone; without this,
    the CSRF check would answer 403 before a view could say 405.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            message = "The address holds a NUL byte. Remove “%00”."
            return in_json(request, HttpResponseBadRequest(message, content_type="text/plain; charset=utf-8"), message)
        is_report = request.method == "POST" and request.path == REPORTS
        if request.method not in SAFE and not is_report and not request.path.startswith("/admin/"):
            return in_json(request, HttpResponseNotAllowed(SAFE), "This address is for reading: use GET.")
        return self.get_response(request)


def in_json(request, answer, detail):
    """Return a refusal as the API words its errors if it was the API that was asked, else as it is."""
    if not request.path.startswith(API):
        return answer
    allowed = {"Allow": answer["Allow"]} if "Allow" in answer else {}
    return JsonResponse({"detail": detail}, status=answer.status_code, headers=allowed)


def theme_of(request):
    """Return the theme that the reader chose."""
    chosen = request.COOKIES.get(THEME_COOKIE)
    return chosen if chosen in THEMES else THEMES[0]


class Theme:
    """Give each request the theme its reader chose, and tell caches that pages depend on it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.theme = theme_of(request)
        response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            patch_vary_headers(response, ["Cookie"])
        return response


class HeadHasNoBody:
    """Send the head of an answer alone where only that was asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "HEAD":
            if response.streaming:
                response.streaming_content = ()
            else:
                response.content = b""
        return response
