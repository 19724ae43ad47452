import gc
import os

import pytest
from django.db import connection
from django.test import Client
from django.test import client as test_client
from xdist.scheduler import LoadScopeScheduling

from .houses import add_administrator, database_of_its_own, done, environment_of, file_in, made_once, move_in, set_up
from .serving import serve


class ByFile(LoadScopeScheduling):
    """One process runs the tests of a file, and one those of the content, so that each loads what it needs once."""

    def _split_scope(self, nodeid):
        file = nodeid.partition("::")[0]
        return file.rpartition("/")[0] if "/content/" in file else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return ByFile(config, log)


def pytest_collection_finish(session):
    """Leave what is there before the first test out of every search for garbage, which takes a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def stored(store, signal, sender, template, context, plainly=test_client.store_rendered_templates, **more):
    """Note which templates made an answer, as Django does, but not the thousands that make one widget each."""
    if not (template.name or "").startswith(WIDGETS):
        plainly(store, signal, sender, template, context, **more)


WIDGETS = ("django/forms/", "admin/widgets/")
test_client.store_rendered_templates = stored


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Keep the groups of editors, which migrations made, where a test with real transactions leaves the rest empty."""
    marker = item.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")) or nextitem is None:  # after the last, no database is left
        return (yield)
    from django.contrib.auth.models import Group, Permission
    from pytest_django.plugin import blocking_manager_key

    with item.config.stash[blocking_manager_key].unblock():
        kept = {g.name: list(g.permissions.values_list("content_type__model", "codename")) for g in Group.objects.all()}
    result = yield
    with item.config.stash[blocking_manager_key].unblock():
        rights = {(p.content_type.model, p.codename): p for p in Permission.objects.select_related("content_type")}
        for name, codes in kept.items():
            Group.objects.get_or_create(name=name)[0].permissions.set(rights[code] for code in codes)
    return result


@pytest.fixture
def editor(django_user_model):
    return member(django_user_model, "edith", "Writers")


@pytest.fixture
def publisher(django_user_model):
    return member(django_user_model, "paula", "Managing editors")


def member(user_model, name, group):
    from django.contrib.auth.models import Group

    user = user_model.objects.create_user(name, password="a long pass phrase", is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def desk(django_user_model):
    """Give a logged-in client for a name and a group."""

    def sit(name, group):
        user = django_user_model.objects.filter(username=name).first() or member(django_user_model, name, group)
        client = Client()
        client.force_login(user)
        client.user = user
        return client

    return sit


@pytest.fixture
def writer(desk):
    return desk("wanda", "Writers")


@pytest.fixture
def reviewer(desk):
    return desk("rolf", "Reviewers")


@pytest.fixture
def manager(desk):
    return desk("mona", "Managing editors")


@pytest.fixture(scope="session")
def empty(tmp_path_factory):
    """Give a directory with the data of a site that is set up and holds nothing; not to be changed."""
    return made_once(tmp_path_factory, "empty", lambda where: set_up(environment_of(file_in(where), where)))


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """Give the name of a database of PostgreSQL that is set up and holds nothing."""
    where = tmp_path_factory.mktemp("template")
    with database_of_its_own(name := f"empty_{os.getpid()}", where) as url:
        done(environment_of(url, where), "migrate", "-v0")
        yield name


@pytest.fixture(scope="session")
def environment(tmp_path_factory, empty):
    """Load the content as `make run` does; give the environment in which it is served."""

    def load(where):
        move_in(empty, where)
        env = environment_of(file_in(where), where)
        done(env, "load_entries")
        add_administrator(env)

    furnished, own = made_once(tmp_path_factory, "furnished", load), tmp_path_factory.mktemp("site")
    move_in(furnished, own)
    return environment_of(file_in(own), own)


@pytest.fixture(scope="session")
def site(environment):
    """Serve the content without the second step of the login, which has tests of its own; give the address."""
    with serve(environment | {"PEACEOPS_TWO_FACTOR": "false"}) as address:
        yield address


@pytest.fixture
def house(tmp_path, empty, request):
    """Give the environment of a site of its own that is set up, with no content, on the kind of database under test."""
    move_in(empty, tmp_path)
    template = request.getfixturevalue("template") if connection.vendor == "postgresql" else None
    with database_of_its_own(f"house_{os.getpid()}", tmp_path, template) as url:
        yield environment_of(url, tmp_path)
