"""What a program makes of the API that knows nothing of it but its schema."""

import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from drf_spectacular.validation import validate_schema
from jsonschema import Draft202012Validator

from tests.serving import ROOT, serve

pytestmark = pytest.mark.outside
SETTINGS = """
seed = 20260101
[generation]
max-examples = 5
allow-extra-parameters = false  # what the schema does not name is refused
[checks]
# An array where a number is asked for can make an address that is too long.
negative_data_rejection.expected-statuses = [400, 404, 405, 406, 414]
# All facts are answered by the same view, with the same thirty parameters: every value of each is tried on two of them.
[[operations]]
include-path-regex = "^/api/v1/(events|tasks|assessments)/$"
phases.coverage.enabled = false
phases.fuzzing.generation.max-examples = 40
"""


@pytest.fixture(scope="module")
def api(environment):
    """Serve the API without a limit, on both cores; give the address."""
    with serve(environment | {"PEACEOPS_API_RATE": "", "WEB_CONCURRENCY": "2"}) as address:
        yield address


@pytest.fixture(scope="module")
def document(api):
    with urllib.request.urlopen(f"{api}/api/v1/schema/") as answer:  # noqa: S310
        return json.load(answer)


def schemathesis(api, tmp_path, environment, schema, *options):
    """Return what schemathesis says with all its checks on, and how it ends."""
    settings = tmp_path / "schemathesis.toml"
    settings.write_text(SETTINGS)
    program = Path(sys.executable).with_name("schemathesis")
    command = [program, "--config-file", settings, "run", schema, "--url", api, "--checks", "all", "--workers", "2",
               "--no-color", *options]  # fmt: skip
    hooks = {"SCHEMATHESIS_HOOKS": "tests.outside.api_values", "PEACEOPS_TESTED_SITE": api, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment | hooks, capture_output=True, text=True)
    return done.stdout + done.stderr, done.returncode


def test_the_schema_is_sound(document):
    validate_schema(document)
    for shape in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(shape)
    assert document["openapi"] == "3.1.0"


def test_the_api_keeps_what_its_schema_promises(api, document, tmp_path, environment):
    said, code = schemathesis(api, tmp_path, environment, f"{api}/api/v1/schema/")
    assert code == 0, said[-5000:]
    operations = len(document["paths"]) - 1  # the schema itself is what is read
    assert f"Tested: {operations}\n" in said
    assert int(re.search(r"(\d+) generated, \1 passed", said)[1]) > 100 * operations


@pytest.mark.parametrize(
    ("path", "values"),
    [
        (["components", "schemas", "Value", "required"], ["value", "label", "weight"]),  # answers have no such field
        (["paths", "/api/v1/vocabularies/{slug}/", "get", "parameters", 1, "schema", "enum"], ["json", "xml"]),
    ],
)
def test_a_promise_that_is_not_kept_is_found(api, document, tmp_path, environment, path, values):
    wrong = json.loads(json.dumps(document))
    place = wrong
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = values
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    said, code = schemathesis(
        api, tmp_path, environment, tmp_path / "wrong.json", "--include-path", "/api/v1/vocabularies/{slug}/"
    )
    assert (code, "1 failed" in said) == (1, True), said[-5000:]
