from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connections
from django.http import HttpResponseBadRequest, HttpResponseNotAllowed, HttpResponsePermanentRedirect, JsonResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext, gettext_noop, override

from . import databases
from .languages import SOURCE, bare, language_of, short

SAFE = ("GET", "HEAD", "OPTIONS")
WRITING = (*SAFE, "POST")
THEMES = (gettext_noop("auto"), gettext_noop("light"), gettext_noop("dark"))
THEME_COOKIE = settings.THEME_COOKIE_NAME
API, ADMIN = "/api/", "/admin/"
FOR_OTHERS = (API, "/data/", "/previews/")  # what pages of other sites may embed
DEVICES = ("accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media", "fullscreen",
           "geolocation", "gyroscope", "magnetometer", "microphone", "midi", "payment", "picture-in-picture",
           "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking")  # fmt: skip
NO_DEVICES = ", ".join(f"{name}=()" for name in DEVICES)
REPORTS = "/report/"  # the one public address that takes something
NOT_FROM_REPLICA = (ADMIN, "/preview/", settings.STATIC_URL)  # drafts are put into rows, and revoked at once


class FromReplica:
    """Answer readers from the replica, where there is one that answers, and members from the main database.

    What members wrote they see at once, so whoever has a session counts as one.
    """

    def __init__(self, get_response):
        if databases.REPLICA not in connections:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request):
        if not is_from_reader(request) or not databases.replica.answers():
            return self.get_response(request)
        with databases.reading():
            response = self.get_response(request)
        if response.streaming and getattr(response, "file_to_stream", None) is None:  # a file asks no database
            response.streaming_content = databases.while_reading(response.streaming_content)
        return response


def is_from_reader(request):
    """Tell whether someone without a session asks for something public."""
    is_public = request.method in ("GET", "HEAD") and not request.path.startswith(NOT_FROM_REPLICA)
    return is_public and settings.SESSION_COOKIE_NAME not in request.COOKIES


class Isolation:
    """Tell browsers that no page here uses their devices, and which answers pages of other sites may embed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response["Permissions-Policy"] = NO_DEVICES
        response["Cross-Origin-Resource-Policy"] = (
            "cross-origin" if request.path.startswith(FOR_OTHERS) else "same-origin"
        )
        return response


class Language:
    """Give each request the language that its address names, which is all that decides.

    No cookie and no header does, so that an address answers everyone alike and can be kept, linked and cited. Data is
    English and has one address: whoever asks for it below the prefix of another language is led there.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = language_of(request.path_info)
        if language != SOURCE and request.GET.get("format"):
            return HttpResponsePermanentRedirect(f"{bare(request.path)}?{request.META['QUERY_STRING']}")
        with override(language):
            response = self.get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response["Content-Language"] = short(language)
        return response


class GuardPublicSide:
    """Answer at the door what no page can answer: NUL bytes, strange verbs, and on the public side any wish to write.

    PostgreSQL cannot store NUL, so nothing can match it. Writing is for the admin and for reports alone; without this,
    the CSRF check would answer 403 before a view could say 405. A program that was led on to HTTPS would go on asking
    in the clear without anyone seeing it, so what is not a page for people is refused.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():  # all else has been led on
            return JsonResponse({"detail": "Ask again with https:// in place of http://."}, status=403)
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            message = gettext("The address holds a NUL byte. Remove “%00”.")
            return in_json(request, HttpResponseBadRequest(message, content_type="text/plain; charset=utf-8"), message)
        allowed = WRITING if bare(request.path) == REPORTS or request.path.startswith(ADMIN) else SAFE
        if request.method not in allowed:
            return in_json(request, HttpResponseNotAllowed(allowed), "This address is for reading: use GET.")
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
