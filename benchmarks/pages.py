"""Pages that are asked for again, beside a bare view of Django."""

from functools import partial

from .measuring import Result, gunicorn, in_turns, peaceops

NUMBER = 500
AGAIN, UNCHANGED = 2, 1.2
ADDRESSES = {"list with facets": "/missions/", "mission": "/missions/unficyp/", "map": "/missions/?view=map"}


def measure(data):
    """Return the results for the real content in the folder `data`."""
    results = []
    with peaceops(data) as own, gunicorn("benchmarks.bare") as bare:
        peer = partial(bare.milliseconds, "/", NUMBER)
        peer()
        for name, path in ADDRESSES.items():
            for encoding in ("identity", "gzip"):
                headers = {"Accept-Encoding": encoding}
                tagged = headers | {"If-None-Match": own.ask(path, headers)[1]["ETag"]}
                again = partial(own.milliseconds, path, NUMBER, headers)
                results.append(Result(f"{name} again, {encoding}", *in_turns(again, peer), "ms", AGAIN))
                unchanged = partial(own.milliseconds, path, NUMBER, tagged, status=304)
                results.append(Result(f"{name}, not changed, {encoding}", *in_turns(unchanged, peer), "ms", UNCHANGED))
    return results
