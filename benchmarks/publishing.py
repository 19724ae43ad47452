"""Readers at 32 connections for a minute, while an editor publishes again and again: no answer may be a bad one.

python -m benchmarks.publishing FOLDER runs it on a copy of the database in the folder. It needs `wrk`.
"""

import re
import subprocess
import sys
import threading

from .measuring import ROOT, copied, environment, gunicorn

CONNECTIONS, SECONDS = 32, 60


def edit():
    """Change and publish one mission again and again until the input ends; print how often."""
    import django

    django.setup()
    from django.contrib.auth import get_user_model
    from django.test import Client
    from django.test.utils import setup_test_environment

    from missions.models import Mission
    from tests.desk import save, take

    setup_test_environment()  # answers then carry the forms that they show
    client, done, is_over = Client(), 0, threading.Event()
    client.force_login(get_user_model().objects.create_superuser("measurer"))
    threading.Thread(target=lambda: (sys.stdin.read(), is_over.set()), daemon=True).start()
    while not is_over.is_set():
        mission = Mission.objects.get(slug="unficyp")
        save(client, mission, summary=f"Version {done}. {mission.summary}"[:2_000])
        answer = take(client, mission, "publish", change_note="Measured.", reason="To measure.")
        if answer.status_code != 302:
            raise RuntimeError(f"Publishing was answered with {answer.status_code}.")
        done += 1
    print(done)


def run(data):
    """Print what wrk says and how many publications there were; return whether an answer was bad."""
    editor = [sys.executable, "-m", "benchmarks.publishing", "--edit"]
    readers = [
        "wrk",
        f"-c{CONNECTIONS}",
        "-t2",
        f"-d{SECONDS}s",
        "--latency",
        "--timeout=10s",
        "-s",
        "benchmarks/readers.lua",
    ]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with (
        copied(data) as folder,
        gunicorn("peaceops.wsgi", environment(folder), workers=2) as server,
        subprocess.Popen(editor, cwd=ROOT, env=environment(folder), **pipes) as publishing,
    ):
        command = [*readers, f"http://127.0.0.1:{server.port}"]
        told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        published = publishing.communicate()[0].strip()
    print(f"{told}{published or 0} publications meanwhile")
    return bool(re.search(r"Non-2xx or 3xx responses|Socket errors: .*[1-9]", told)) or not int(published or 0)


if __name__ == "__main__":
    if sys.argv[1:] == ["--edit"]:
        edit()
    else:
        sys.exit(run(sys.argv[1]))
