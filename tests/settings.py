"""The settings of the test run: the project's own, with a throw-away key and plain HTTP."""

import os
import tempfile

os.environ.setdefault("PEACEOPS_SECRET_KEY", "only-for-tests")
os.environ.setdefault("PEACEOPS_DATA_DIR", tempfile.mkdtemp(prefix="peaceops-test-"))
os.environ["PEACEOPS_API_RATE"] = ""
os.environ["PEACEOPS_PAGE_CACHE_MB"] = "0"  # transactions that are undone leave the version as it was
os.environ["PEACEOPS_LOG"] = "text"
os.environ["PEACEOPS_HTTPS"] = os.environ["PEACEOPS_TWO_FACTOR"] = "false"

from peaceops.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True  # no collected files are needed
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if REDIS_URL:  # noqa: F405
    # Each process of a test run has a database of its own there, which it may empty.
    process = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    CACHES["default"]["LOCATION"] = f"{REDIS_URL}/{process}"  # noqa: F405
