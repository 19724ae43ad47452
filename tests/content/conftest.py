"""Tests of the real content, which is loaded once for all of them."""

import pytest
from django.db import transaction

from missions.loading import Loader


@pytest.fixture(scope="package")
def content(django_db_setup, django_db_blocker):
    """The whole content of fixtures/, for the tests of this directory."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        try:
            yield Loader().load()
        finally:
            transaction.set_rollback(True)
            atomic.__exit__(None, None, None)
