"""Run by test_killed.py inside `manage.py shell`: each step is killed at several writes, and once before its commit.

Prints one line for each: the step, at which of how many writes, and whether all tables were afterwards as before.
"""

import os
import signal

from django.contrib.auth.models import Group, User
from django.db import connection, transaction

from missions import batches, bulk, drafts, moving, releases
from missions.models import Draft, Figure
from tests.factories import make_country, make_mission, make_principle, make_source

POINTS = (0.0, 0.3, 0.7, 1.0)
WRITING = ("INSERT", "UPDATE", "DELETE")


def state():
    return {
        m._meta.db_table: [list(row) for row in m._base_manager.order_by("pk").values_list()] for m in moving.models()
    }


def in_a_process(work):
    """Do the work in a process of its own; return its exit status, negative where a signal ended it."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException as error:
            print(f"failed: {error!r}", flush=True)
            os._exit(3)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Writes:
    """Counts the statements that write; at a given one, or when they are to be committed, the process is killed."""

    def __init__(self, killed_at=None):
        self.number, self.killed_at = 0, killed_at

    def __call__(self, execute, sql, params, many, context):
        if sql.lstrip().startswith(WRITING):
            self.die_if_due()
            self.number += 1
        return execute(sql, params, many, context)

    def die_if_due(self):
        if self.number == self.killed_at:
            os.kill(os.getpid(), signal.SIGKILL)


def counting(step, tell):
    """Do a step and undo it again, telling how many statements write."""
    with transaction.atomic(), connection.execute_wrapper(writes := Writes()):
        step()
        transaction.set_rollback(True)
    os.write(tell, str(writes.number).encode())


def killed(step, at):
    """Do a step and be killed once so many statements have written, at the latest before they are committed."""
    writes, commit = Writes(at), connection._commit
    connection._commit = lambda: writes.die_if_due() or commit()
    with connection.execute_wrapper(writes):
        step()


manager = User.objects.create_user("mona", is_staff=True)
manager.groups.add(Group.objects.get(name="Managing editors"))
mission = make_mission(slug="m", countries=[make_country()])
source = make_source(slug="report")
entry = make_principle(title="Old", stage="draft")
Draft.objects.create(kind="principle", entry_id=entry.pk, state="approved", makers=[[0, "wanda"]])
HEAD = "mission,measure,value,as_of,period,source,stage\n"
TABLE = HEAD + "".join(f"m,fatalities,{n},2001-01-01,{1800 + n},report,published\n" for n in range(200))
batches.record_unrecorded(mission)  # which an import would do first, in a transaction of its own


def import_rows():
    plan = bulk.check(Figure, TABLE.encode())
    bulk.apply(plan, manager, "figures.csv", "From the report.")


def publish():
    drafts.publish(entry, manager)


def withdraw():
    drafts.withdraw(mission, manager, {"withdrawal_kind": "error", "withdrawal_note": "It was wrong."})


def release():
    releases.make("2026.1", "A note.")


for step in (import_rows, publish, withdraw, release):
    listen, tell = os.pipe()
    status = in_a_process(lambda step=step, tell=tell: counting(step, tell))
    writes = int(os.read(listen, 20) or 0)
    before = state()
    for at in sorted({round(point * writes) for point in POINTS}):
        status = in_a_process(lambda step=step, at=at: killed(step, at))
        same = state() == before
        print(f"{step.__name__} killed at {at} of {writes}: {status} {'as before' if same else 'CHANGED'}", flush=True)
    status = in_a_process(step)
    print(f"{step.__name__} left alone: {status} {'CHANGED' if state() != before else 'as before'}", flush=True)
