"""Sites of their own, on databases of their own, worked on by command lines as their operators do."""

import fcntl
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings as project
from django.db import connection

from .test_structure import ROOT

PASSWORD = "a long pass phrase"


def made_once(factory, name, make):
    """Return a directory that the first process of a test run that wants it has made; the others wait for it."""
    run = factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else factory.getbasetemp()
    done, at_work = run / name, run / f"{name}-at-work"
    with (run / f"{name}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            at_work.mkdir()
            make(at_work)
            at_work.rename(done)
    return done


def set_up(env):
    """Set up a site on its database."""
    done(env, "migrate", "-v0")
    done(env, "collectstatic", "--noinput", "-v0")


def add_administrator(env, name="ada"):
    """Add a member who may do everything, with the usual password."""
    user = ("createsuperuser", "--noinput", f"--username={name}", "--email=")
    done(env | {"DJANGO_SUPERUSER_PASSWORD": PASSWORD}, *user)


def file_in(where):
    return f"sqlite:///{where}/peaceops.sqlite3"


def move_in(furnished, where):
    """Put a copy of the data of a site into a directory. Static files are linked to, as nothing changes them."""
    shutil.copytree(furnished, where, ignore=shutil.ignore_patterns("static"), dirs_exist_ok=True)
    (Path(where) / "static").symlink_to(furnished / "static")


@contextmanager
def database_of_its_own(name, where, template="template1"):
    """Give the DATABASE_URL of a database on the server of the test run, a copy of `template` there, or of a file."""
    if connection.vendor == "sqlite":
        yield file_in(where)
        return
    told = project.DATABASES["default"]
    server = f"postgres://{told['USER']}@{told['HOST']}:{told['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
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
