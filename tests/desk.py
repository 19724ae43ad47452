"""An editor's desk, as HTTP: forms opened, filled and sent, steps taken."""

import re
from unittest import mock

from django.template import Context
from django.template.response import SimpleTemplateResponse
from django.test.signals import template_rendered
from django.urls import reverse


def address(thing, view="change"):
    name = f"admin:missions_{thing._meta.model_name}_{view}"
    return reverse(name) if view in ("add", "changelist", "deleted") else reverse(name, args=[thing.pk])


def undrawn(response):
    """Tell the context of an answer, and make no HTML of it, which takes most of the time of a long form."""
    template = response.resolve_template(response.template_name)
    template_rendered.send(None, template=template.template, context=Context(response.context_data))
    return ""


def read(client, url):
    """Return the page at `url` with its context, but not drawn."""
    with mock.patch.object(SimpleTemplateResponse, "rendered_content", property(undrawn)):
        page = client.get(url)
    assert page.status_code == 200
    return page


def form_of(client, url):
    """Return the values with which the form at `url` would be sent back unchanged."""
    return values_of(read(client, url))


def values_of(page):
    form = page.context["adminform"].form
    forms = [form]
    for formset in page.context["inline_admin_formsets"]:
        forms += [formset.formset.management_form, *formset.formset.forms]
    values = {}
    for one in forms:
        for bound in one:
            value = bound.value()
            if isinstance(value, bool):
                value = "on" if value else None
            if value is not None:
                split = zip(("_0", "_1"), bound.field.widget.decompress(bound.initial), strict=False) if hasattr(
                    bound.field.widget, "decompress") else [("", value)]  # fmt: skip
                for suffix, part in split:
                    values[bound.html_name + suffix] = "" if part is None else part
    return values


def errors_of(page):
    return re.findall(
        r"<li>([^<]+)</li>", "".join(re.findall(r'<ul class="errorlist.*?</ul>', page.content.decode(), re.S))
    )


def save(client, entry, **values):
    """Send the form of an entry with some values changed; the answer must be that it was saved."""
    answer = client.post(address(entry), form_of(client, address(entry)) | values)
    assert (answer.status_code, errors_of(answer)) == (302, [])
    return answer


def take(client, entry, step, **values):
    """Take a step on the page of publication, having read what it shows; return the answer."""
    page = client.get(address(entry, "publication"))
    shown = {}
    if page.status_code == 200:
        told = page.context["forms"]["told"].initial
        shown = {"seen": page.context["seen"]} | {k: "on" if v is True else v for k, v in told.items() if v}
    return client.post(address(entry, "publication"), shown | {"step": step} | values)


def publish(client, entry, **told):
    """Publish the draft of an entry without a review."""
    answer = take(client, entry, "publish", **{"change_note": "It changed.", "reason": "It was urgent."} | told)
    assert (answer.status_code, answer.context and answer.context["posted"]) == (302, None)
    entry.refresh_from_db()


def new_row(prefix, number=0, **values):
    """Return the values of a row added to a formset."""
    return {f"{prefix}-TOTAL_FORMS": number + 1} | {f"{prefix}-{number}-{k}": v for k, v in values.items()}
