"""Figures for Prometheus: given to whoever knows the token, of all workers together, and of no reader."""

import subprocess
import sys
from contextlib import contextmanager

import pytest
from django.test import Client, override_settings
from prometheus_client.parser import text_string_to_metric_families

from .factories import make_mission, make_principle
from .faults import gone
from .test_structure import ROOT

TOKEN = "0123456789abcdef" * 4
LABELS = ("view", "method", "status", "kind")
KNOWN = {"authorization": f"Bearer {TOKEN}"}


@contextmanager
def measured():
    """Give a client of a site that measures; which middleware is used is decided when a client is made."""
    with override_settings(METRICS_TOKEN=TOKEN):
        yield Client(raise_request_exception=False)


def values(text, name):
    return {
        tuple(sample.labels[k] for k in LABELS if k in sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name
    }


def figures(client, name):
    return values(client.get("/metrics", headers=KNOWN).content.decode(), name)


@pytest.mark.django_db
def test_there_are_none_unless_a_setting_asks(client):
    assert client.get("/metrics", headers=KNOWN).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"authorization": TOKEN}, {"authorization": "Bearer é"}, KNOWN])
def test_only_who_knows_the_token_gets_them(headers):
    with measured() as client:
        answer = client.get("/metrics", headers=headers | {"host": "10.0.0.7:8000"})
        assert answer.status_code == (200 if headers == KNOWN else 404)
        assert client.post("/metrics", headers=KNOWN).status_code == 404


@pytest.mark.django_db
def test_requests_are_counted_by_view_and_status(monkeypatch):
    with measured() as client:
        before = figures(client, "peaceops_requests_total")
        times = figures(client, "peaceops_request_seconds_count")
        client.get("/missions/?q=cyprus")
        client.get("/missions/?nothing=1")
        client.get("/nowhere/")
        client.generic("BREW", "/")
        now = figures(client, "peaceops_requests_total")
        assert {k: v - before.get(k, 0) for k, v in now.items() if v != before.get(k, 0)} == {
            ("mission-list", "GET", "200"): 1,
            ("mission-list", "GET", "400"): 1,
            ("none", "GET", "404"): 1,
            ("none", "other", "405"): 1,
        }
        later = figures(client, "peaceops_request_seconds_count")
        assert later[("mission-list",)] - times.get(("mission-list",), 0) == 2


@pytest.mark.django_db
def test_published_entries_are_counted_and_drafts_are_not():
    make_mission()
    make_mission(stage="draft")
    make_principle()
    with measured() as client:
        found = figures(client, "peaceops_published_entries")
    assert {k: v for k, v in found.items() if v} == {("mission",): 1, ("principle",): 1}


@pytest.mark.django_db
def test_without_a_database_the_rest_is_given():
    with measured() as client, gone():
        client.get("/about/")
        answer = client.get("/metrics", headers=KNOWN)
        assert answer.status_code == 200
        assert values(answer.content.decode(), "peaceops_requests_total")[("about", "GET", "503")] >= 1
        assert values(answer.content.decode(), "peaceops_published_entries") == {}


@pytest.mark.parametrize("content", ["short", "x" * 201, "two words " * 5, None])
def test_a_weak_token_or_none_stops_the_start(tmp_path, content):
    path = tmp_path / "token"
    if content is not None:
        path.write_text(content)
    command = [sys.executable, "-c", "import peaceops.settings"]
    env = {"PEACEOPS_SECRET_KEY": "x", "PEACEOPS_HTTPS": "false", "PEACEOPS_METRICS": str(path)}
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert f"PEACEOPS_METRICS names {path}, which holds no token" in done.stderr.splitlines()[-1]
