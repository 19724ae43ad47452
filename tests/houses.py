"""Sites of their own, on databases of their own, worked on by command lines as their operators do."""

import os
import subprocess
import sys
from contextlib import contextmanager

import psycopg
from django.conf import settings as project
from django.db import connection

from .test_structure import ROOT


@contextmanager
def database_of_its_own(name, where):
    """Give the DATABASE_URL of a database on the server of the test run, or of a file."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{where}/peaceops.sqlite3"
        return
    told = project.DATABASES["default"]
    server = f"postgres://{told['USER']}@{told['HOST']}:{told['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name}")
        try:
            yield f"{server}/{name}"
        finally:
            found = administrator.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{name}%"])
            for (each,) in found.fetchall():
                administrator.execute(f"DROP DATABASE {each} WITH (FORCE)")


def manage(env, *arguments, **options):
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, **options)


def done(env, *arguments):
    answer = manage(env, *arguments)
    assert (answer.returncode, answer.stderr) == (0, "")
    return answer.stdout


def environment_of(url, where):
    """Return the environment of a site on this database, with its data in a directory."""
    own = {"PEACEOPS_SECRET_KEY": "x", "PEACEOPS_HTTPS": "false", "PEACEOPS_LOG": "text", "PEACEOPS_API_RATE": ""}
    own |= {"DJANGO_SETTINGS_MODULE": "peaceops.settings", "PEACEOPS_DATA_DIR": str(where), "DATABASE_URL": url}
    own["PEACEOPS_PAGE_CACHE_MB"] = "0"  # or a page that is kept would hide what becomes of one that is made
    return os.environ | own
