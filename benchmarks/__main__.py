"""Measure everything, or the parts named: python -m benchmarks [--sizes 10000 100000] [pages facets searches …]

Registers are made up once for each size and kept in `var/benchmarks/`; the real content is loaded anew.
"""

import argparse
import subprocess
import sys

from tqdm import tqdm

from . import exports, facets, imports, pages, searches
from .measuring import ROOT, environment, print_table

FOLDER = ROOT / "var/benchmarks"
PARTS = ("pages", "facets", "searches", "exports", "imports")
PEER_SIZE = 1_000


def manage(folder, *command):
    whole = [sys.executable, "manage.py", *command]
    subprocess.run(whole, cwd=ROOT, env=environment(folder), check=True, stdout=subprocess.DEVNULL)


def prepared(name, *command):
    """Return the folder of a database that the command filled, now or at an earlier run."""
    folder, done = FOLDER / name, FOLDER / name / "done"
    if not done.exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "peaceops.sqlite3").unlink(missing_ok=True)
        manage(folder, "migrate", "-v0")
        manage(folder, *command)
        done.touch()
    manage(folder, "migrate", "-v0")
    manage(folder, "collectstatic", "--noinput", "-v0")
    return folder


def register(size):
    return prepared(str(size), "make_synthetic", str(size))


def tasks(parts, sizes):
    """Yield (what it is about, function that returns results) for the parts asked for."""
    real = prepared("real", "load_entries")
    if "pages" in parts:
        yield "pages", lambda: pages.measure(real)
    if "facets" in parts:
        what = f"first view of the list, real content beside {PEER_SIZE:,}"
        yield "facets", lambda what=what: [facets.measure(real, register(PEER_SIZE), what, 1 / 3)]
    for size in sizes:
        if "facets" in parts:
            what = f"first view of the list, {size:,}"
            yield what, lambda at=size, what=what: [facets.measure(register(at), register(at), what, 1 / 5, 5)]
        if "searches" in parts:
            yield f"search, {size:,}", lambda at=size: [searches.measure(register(at), f"search, {at:,}", 2)]
        if "exports" in parts:
            yield f"CSV, {size:,}", lambda at=size: [exports.measure(register(at), f"CSV, {at:,}", 3)]
    if "imports" in parts:
        yield "import", lambda: [imports.measure(register(PEER_SIZE))]


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition(":")[0])
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all if none is named")
    parser.add_argument("--sizes", nargs="*", type=int, default=[10_000], help="how many missions to make up")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}: use {', '.join(PARTS)}")
    results = []
    for _, measured in tqdm(list(tasks(asked.parts or PARTS, asked.sizes)), unit=" parts"):
        results += [result for result in measured() if result]
    print_table(results)


if __name__ == "__main__":
    main()
