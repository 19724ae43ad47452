"""A plan carried out: all of it as one batch, or nothing."""

from django.db import IntegrityError

from .. import addresses, batches, workflow
from ..models import KINDS, MODELS, Mission
from .cells import fetched, lock_of, owner_field


class MovedError(Exception):
    """What a plan would change is no longer as it was when the plan was made; nothing was written."""


def may_import(user, model):
    """Tell whether a user may import records of this kind: what he may publish, and what that cites."""
    if not workflow.may_publish(user, MODELS.get(model._meta.model_name, Mission)):
        return False
    name = model._meta.model_name
    return all(user.has_perm(f"missions.{right}_{name}") for right in ("add", "change"))


def apply(plan, user, label, reason):
    """Write what a plan says as one batch and return that. Raises `MovedError`."""
    for entry in plan.entries:  # beforehand, so that others wait less long to save
        batches.record_unrecorded(entry)
    try:
        with batches.changing(user, label, reason) as made:
            demand_unmoved(plan)
            (write_rows if owner_field(plan.model) else write_each)(plan, made)
    except IntegrityError as error:  # someone deleted or added what the plan rests on
        raise MovedError(str(error)) from error
    return made.batch


def demand_unmoved(plan):
    """Hold what the plan would change until the transaction ends, and refuse if any of it was changed since."""
    model = type(plan.entries[0]) if plan.entries else plan.model
    rows = model._default_manager.select_for_update().filter(pk__in=list(plan.locks)).order_by("pk")
    now = {obj.pk: lock_of(obj) for obj in (rows if model in KINDS else fetched(rows))}
    if now != plan.locks:
        raise MovedError("changed since")


def write_each(plan, made):
    """Write entries, or what facts and entries refer to, one by one."""
    for row in plan.changed:
        made.before(plan.model._default_manager.get(pk=row.obj.pk))
    renamed = [r for r in plan.changed if "slug" in r.before]
    for row in renamed:  # two records may exchange their addresses
        plan.model._default_manager.filter(pk=row.obj.pk).update(slug=row.obj.permanent_id)
    for row in plan.rows:
        row.obj.save()
        for name, keys in row.many.items():
            getattr(row.obj, name).set(keys)
        made.after(row.obj)
    for row in renamed:
        if plan.model in KINDS and workflow.is_public(row.obj):
            addresses.leave(row.obj, row.before["slug"])


def write_rows(plan, made):
    """Write facts and links of entries. Changed ones are deleted and written anew, so that no order breaks a rule."""
    for entry in plan.entries:
        made.before(entry)
    plan.model._default_manager.filter(pk__in=[r.obj.pk for r in plan.changed]).delete()
    plan.model._default_manager.bulk_create([r.obj for r in plan.rows], batch_size=500)
