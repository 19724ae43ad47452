import os

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peaceops.settings")


class Utf8Request(WSGIRequest):
    """A request read as UTF-8, whatever charset its Content-Type claims.

    Our addresses and forms are UTF-8. Django would read them in the charset that is claimed, and break before any
    middleware where that is a codec of Python's that makes no text, such as `hex`.
    """

    @property
    def encoding(self):
        return None

    @encoding.setter
    def encoding(self, charset):
        pass


class Handler(WSGIHandler):
    request_class = Utf8Request


django.setup(set_prefix=False)
application = Handler()
