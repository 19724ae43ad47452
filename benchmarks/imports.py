"""Ten thousand new figures, imported as an editor does: preview, check again, write as one batch.

Run by itself it works on the database of PEACEOPS_DATA_DIR, so that is given a copy.
"""

import datetime
import json
import subprocess
import sys
import time

from .measuring import ROOT, Result, copied, environment

LIMIT = 60  # seconds
MISSIONS = 136


def table():
    """Return the CSV of ten thousand new figures, a month apart, of as many missions as the real register has."""
    from missions import bulk
    from missions.exports.cells import csv_lines
    from missions.models import Mission, Source

    missions = Mission.objects.order_by("pk").values_list("slug", flat=True)[:MISSIONS]
    source = Source.objects.first().slug
    header = ("mission", "stage", "measure", "value", "as_of", "as_of_precision", "source")
    rows = []
    for n in range(bulk.ROWS):
        month = n // MISSIONS
        day = datetime.date(2000 + month // 12, month % 12 + 1, 1)
        mission = missions[n % MISSIONS]
        rows.append((mission, "published", "deployed-military", n, day.isoformat(), "day", source))
    return "".join(csv_lines([header, *rows])).encode(), len(rows)


def run():
    """Return (rows, seconds for the preview, seconds for the rest)."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model

    from missions import bulk
    from missions.models import Figure

    user = get_user_model().objects.create_superuser("measurer")
    content, number = table()
    start = time.monotonic()
    plan = bulk.check(Figure, content)
    if plan.problems:
        raise RuntimeError(plan.problems[:3])
    previewed = time.monotonic()
    bulk.apply(bulk.check(Figure, content), user, "figures.csv", "To measure.")
    return number, previewed - start, time.monotonic() - previewed


def measure(data):
    """Return the result for the missions in the folder `data`, which stays as it is."""
    command = [sys.executable, "-m", "benchmarks.imports"]
    with copied(data) as folder:
        told = subprocess.run(
            command, cwd=ROOT, env=environment(folder), check=True, capture_output=True, text=True
        ).stdout
    number, preview, rest = json.loads(told.splitlines()[-1])
    return Result(f"import of {number:,} figures, {preview:.0f} s of it the preview", preview + rest, LIMIT, "s", 1)


if __name__ == "__main__":
    print(json.dumps(run()))
