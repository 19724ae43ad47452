"""What the start is refused for, and where secrets may come from."""

import os
import runpy
from hashlib import sha256

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY, FORMER = (sha256(name).hexdigest() for name in (b"key", b"former"))  # every process must name the tests alike


@pytest.fixture
def start(monkeypatch):
    """Read the settings anew with nothing else of ours in the environment; return them, or why they are refused."""

    def read(**environment):
        for name in [n for n in os.environ if n.startswith(("PEACEOPS_", "DATABASE_"))]:
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        try:
            return runpy.run_path(str(settings.BASE_DIR / "peaceops/settings.py"))
        except ImproperlyConfigured as refusal:
            return str(refusal)

    return read


def test_without_a_key_the_start_is_refused(start, tmp_path):
    for named in ({}, {"PEACEOPS_SECRET_KEY": ""}, {"PEACEOPS_SECRET_KEY_FILE": str(tmp_path / "none")}):
        for https in ("true", "false"):
            assert "No secret key: set PEACEOPS_SECRET_KEY" in start(PEACEOPS_HTTPS=https, **named)


@pytest.mark.parametrize(
    "key", ["x", "changeme", "django-insecure-" + KEY, "change-me-" + KEY, "x" * 64, KEY[:49], "your-secret-key-" + KEY]
)
def test_a_key_that_can_be_guessed_is_refused_under_https(start, key):
    assert "The secret key is too short or is one from an example." in start(PEACEOPS_SECRET_KEY=key)
    assert "too short" in start(PEACEOPS_SECRET_KEY=KEY, PEACEOPS_SECRET_KEY_FALLBACKS=f"{FORMER},{key}")
    assert start(PEACEOPS_SECRET_KEY=key, PEACEOPS_HTTPS="false")["SECRET_KEY"] == key


def test_the_data_directory_is_made_or_said_to_be_impossible(start, tmp_path):
    wanted = tmp_path / "not" / "there"
    assert start(PEACEOPS_SECRET_KEY=KEY, PEACEOPS_DATA_DIR=str(wanted))["DATA_DIR"] == wanted
    assert wanted.is_dir()
    (tmp_path / "file").touch()
    refusal = start(PEACEOPS_SECRET_KEY=KEY, PEACEOPS_DATA_DIR=str(tmp_path / "file" / "in"))
    assert refusal.startswith(f"The data directory {tmp_path / 'file' / 'in'} cannot be made: ")
    assert refusal.endswith("Make it, or name another in PEACEOPS_DATA_DIR.")


def test_secrets_are_read_from_files(start, tmp_path):
    key, database = tmp_path / "key", tmp_path / "database"
    key.write_text(f"{KEY}\n")
    database.write_text("postgres://kb:a%40b@db.example:5433/kb\n")
    found = start(PEACEOPS_SECRET_KEY_FILE=str(key), DATABASE_URL_FILE=str(database))
    assert found["SECRET_KEY"] == KEY
    used = found["DATABASES"]["default"]
    assert [used[n] for n in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == ["kb", "kb", "a@b", "db.example", 5433]


def test_former_keys_go_on_until_they_are_taken_out(start):
    found = start(PEACEOPS_SECRET_KEY=KEY, PEACEOPS_SECRET_KEY_FALLBACKS=FORMER)
    assert (found["SECRET_KEY"], found["SECRET_KEY_FALLBACKS"]) == (KEY, [FORMER])
    assert start(PEACEOPS_SECRET_KEY=KEY)["SECRET_KEY_FALLBACKS"] == []


def test_details_of_errors_are_shown_on_ones_own_machine_only(start):
    assert start(PEACEOPS_SECRET_KEY=KEY)["DEBUG"] is False
    assert "PEACEOPS_DEBUG=true shows code" in start(PEACEOPS_SECRET_KEY=KEY, PEACEOPS_DEBUG="true")
    assert start(PEACEOPS_SECRET_KEY=KEY, PEACEOPS_DEBUG="true", PEACEOPS_HTTPS="false")["DEBUG"] is True
