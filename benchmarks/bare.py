"""The peer of kept pages: Django with one view of 29 KB of fixed bytes, and nothing else."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

PAGE = b"x" * 29_000

settings.configure(SECRET_KEY="only-for-measuring", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, MIDDLEWARE=[])
urlpatterns = [path("", lambda request: HttpResponse(PAGE))]
application = get_wsgi_application()
