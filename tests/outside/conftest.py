"""What other people's programs make of what we serve. The newcomer's tests do without those programs."""

from importlib.util import find_spec

from ..content.conftest import content  # noqa: F401 (a fixture)

collect_ignore_glob = [] if find_spec("schemathesis") else ["test_*.py"]
